# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ready-made definitions of servers, hypervisors, storage and networks, from their documents and SDKs.

The keys are those of the option C(definition).

Private to this collection.
"""

from __future__ import annotations

from typing import Any, Dict

Definitions = Dict[str, Dict[str, Any]]

_REDFISH_LOGIN = {
    "path": "/redfish/v1/SessionService/Sessions",
    "json": {"UserName": "{username}", "Password": "{password}"},
    "token": "header:X-Auth-Token",
    "header": "X-Auth-Token",
}
_REDFISH_STATE = "TaskState == 'Completed' && TaskStatus && TaskStatus != 'OK' && 'bad status' || TaskState"
_ODATA = {"OData-Version": "4.0"}

MACHINES: Definitions = {
    "catalyst_center": {  # progress is always present, and isError is false while the task runs
        "show": "/dna/intent/api/v1/task/{operation_id}",
        "root": "response",
        "id": "id",
        "type": "serviceType",
        "state": "isError && 'failed' || endTime && 'done' || 'running'",
        "states": {"running": ["running"], "succeeded": ["done"], "failed": ["failed"]},
        "error_message": "failureReason",
        "error_code": "errorCode",
        "detail": "progress",
        "started_at": "startTime",
        "updated_at": "lastUpdate",
        "finished_at": "endTime",
        "login": {
            "path": "/dna/system/api/v1/auth/token",
            "token": "Token",
            "header": "X-Auth-Token",
            "lifetime": 3600,
        },
    },
    "f5_as3": {  # one result for each tenant; the declaration is finished when all are
        "show": "/mgmt/shared/appsvcs/task/{operation_id}",
        "id": "id",
        "state": "results[].code",
        "states": {"running": [0], "succeeded": [200], "failed": ["4*", "5*"]},
        "steps": {"items": "results", "name": "tenant", "state": "code", "error": "message"},
        "login": {
            "path": "/mgmt/shared/authn/login",
            "json": {"username": "{username}", "password": "{password}", "loginProviderName": "tmos"},
            "token": "token.token",
            "header": "X-F5-Auth-Token",
            "lifetime": 1200,
        },
    },
    "idrac_job": {
        "show": "/redfish/v1/Managers/iDRAC.Embedded.1/Oem/Dell/Jobs/{operation_id}",
        "headers": _ODATA,
        "id": "Id",
        "type": "JobType",
        "state": "JobState",
        "states": {
            "pending": ["New", "Scheduling", "Scheduled", "ReadyForExecution", "Waiting"],
            "running": ["Downloading", "Downloaded", "Running", "RebootPending", "PendingActivation", "Paused"],
            "succeeded": ["Completed", "RebootCompleted"],
            "failed": ["CompletedWithErrors", "Failed", "RebootFailed", "Unknown"],
        },
        "detail": "Message",
        "percent": "PercentComplete",
        "started_at": "ActualRunningStartTime",
        "finished_at": "ActualRunningStopTime",
        "login": _REDFISH_LOGIN,
    },
    "ontap": {  # message is always present, also of a success
        "show": "/api/cluster/jobs/{operation_id}?fields=state,message,error,code,description,start_time,end_time",
        "id": "uuid",
        "type": "description",
        "state": "state",
        "states": {
            "pending": ["queued", "paused"],
            "running": ["running"],
            "succeeded": ["success"],
            "failed": ["failure", "cancelled", "expired"],
        },
        "error_message": "error.message",
        "error_code": "error.code",
        "detail": "message",
        "started_at": "start_time",
        "finished_at": "end_time",
    },
    "openmanage": {  # jobs of Dell OpenManage Enterprise, whose states are numbers
        "show": "/api/JobService/Jobs({operation_id})",
        "id": "Id",
        "type": "JobType.Name",
        "state": "LastRunStatus.Id",
        "states": {
            "pending": [2020, 2030, 2080, 2101],
            "running": [2040, 2050],
            "succeeded": [2060],
            "failed": [2070, 2090, 2100, 2102, 2103],
        },
        "detail": "LastRunStatus.Name",
        "percent": "PercentComplete",
    },
    "proxmox": {  # resource_id is the node; a task that is stopped has succeeded only with the exit status OK
        "show": "/api2/json/nodes/{resource_id}/tasks/{operation_id}/status",
        "root": "data",
        "list": "/api2/json/nodes/{resource_id}/tasks?source=all&limit=500",
        "items": "data",
        "id": "upid",
        "resource_id": "node",
        "type": "type",
        "state": "status == 'stopped' && (exitstatus || 'no exit status') || status",
        "states": {
            "running": ["running"],
            "succeeded": ["OK", "WARNINGS: *"],
            "failed": ["*"],
            "absent": "running",  # in lists
        },
        "started_at": "starttime",
        "finished_at": "endtime",
        "login": {
            "path": "/api2/json/access/ticket",
            "form": {"username": "{username}", "password": "{password}"},
            "token": "data.ticket",
            "header": "Cookie",
            "prefix": "PVEAuthCookie=",
            "lifetime": 7200,
        },
    },
    "redfish": {  # a task that is completed has succeeded only with the status OK
        "show": "/redfish/v1/TaskService/Tasks/{operation_id}",
        "headers": _ODATA,
        "id": "Id",
        "type": "Name",
        "state": _REDFISH_STATE,
        "states": {
            "pending": ["New", "Pending"],
            "running": [
                "Starting",
                "Running",
                "Suspended",
                "Interrupted",
                "Stopping",
                "Cancelling",
                "Service",
                "HTTP 202",
            ],
            "succeeded": ["Completed"],
            "failed": ["bad status", "Exception", "Cancelled", "Killed", "HTTP 400"],
        },
        "detail": "Messages[-1].Message",
        "percent": "PercentComplete",
        "started_at": "StartTime",
        "finished_at": "EndTime",
        "login": _REDFISH_LOGIN,
    },
    "redfish_monitor": {  # the URL in Location; its last answer is that of the request
        "headers": _ODATA,
        "states": {"running": [202], "succeeded": [200, 201, 204], "failed": [400, 409, 410, 412, 422]},
        "login": _REDFISH_LOGIN,
    },
    "vcenter": {
        "show": "/api/cis/tasks/{operation_id}",
        "resource_id": "target.id",
        "type": "operation",
        "state": "status",
        "states": {
            "pending": ["PENDING"],
            "running": ["RUNNING", "BLOCKED"],
            "succeeded": ["SUCCEEDED"],
            "failed": ["FAILED"],
        },
        "error_message": "error.messages[0].default_message || error.error_type",
        "percent": "[progress.completed, progress.total]",
        "started_at": "start_time",
        "finished_at": "end_time",
        "login": {"path": "/api/session", "header": "vmware-api-session-id"},
    },
}
