# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Answers of other vendors' APIs, in the form of their documents and SDKs.

Each row is a reference, the body (or Reply) of each path, the state that it means, and fields of the operation. The
state "error" means that the answer is refused.
"""

from __future__ import annotations

from typing import Any, Dict, List, Tuple

from ansible_collections.cloudgate.operations.plugins.module_utils._http.client import Reply
from ansible_collections.cloudgate.operations.plugins.module_utils._model.reference import Reference

ENDPOINT = "https://api.example.com"
Row = Tuple[Reference, Dict[str, Any], str, Dict[str, Any]]


def at(path: str, operation_id: str, resource_id: Any = None) -> Any:
    """Return a function that makes a row for a body at a path."""

    def row(body: Any, state: str, **fields: Any) -> Row:
        return Reference(operation_id, resource_id), {path: body}, state, fields

    return row


AZURE = at("subscriptions/s/operations/9f1", f"{ENDPOINT}/subscriptions/s/operations/9f1?api-version=2024-07-01")
LOCATION = at("subscriptions/s/results/9f1", f"{ENDPOINT}/subscriptions/s/results/9f1?api-version=2024-07-01")
VM = "subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/virtualMachines/vm1"
RESOURCE = at(VM, f"{ENDPOINT}/{VM}?api-version=2024-07-01")
GOOGLE = at("v1/projects/p/locations/l/operations/operation-1", "projects/p/locations/l/operations/operation-1")
COMPUTE = at("projects/p/zones/z/operations/operation-1-a", "operation-1-a", "p/zones/z")
HETZNER = at("actions/4503599627370497", "4503599627370497")
OCEAN = at("v2/actions/36804636", "36804636")
IONOS = at("requests/3ab/status", "3ab")
LINODE = at("account/events/123", "123")
OVH = at("dedicated/server/ns1.example/task/77", "77", "ns1.example")
CATALYST = at("dna/intent/api/v1/task/7e1", "7e1")
AS3 = at("mgmt/shared/appsvcs/task/c3f", "c3f")
IDRAC = at("redfish/v1/Managers/iDRAC.Embedded.1/Oem/Dell/Jobs/JID_1", "JID_1")
ONTAP = at("api/cluster/jobs/b5d", "b5d")
OME = at("api/JobService/Jobs(10025)", "10025")
UPID = "UPID:pve1:000003E8:00001B58:6B0A37CB:qmstart:100:root@pam!t1:"
PROXMOX = at(f"api2/json/nodes/pve1/tasks/{UPID}/status", UPID, "pve1")
REDFISH = at("redfish/v1/TaskService/Tasks/42", "42")
MONITOR = at("redfish/v1/TaskService/TaskMonitors/42", "/redfish/v1/TaskService/TaskMonitors/42")
TASK = "52d2b5a1-c2f8-4ee4-9f3a-3d1f6a7b8c9d:com.vmware.vcenter.vm"
VCENTER = at(f"api/cis/tasks/{TASK}", TASK)
AWX = at("api/v2/jobs/15/", "15")
WORKFLOW = at("api/v2/workflow_jobs/16/", "/api/v2/workflow_jobs/16/")
PIPELINE = at("api/v4/projects/group/project/pipelines/61", "61", "group%2Fproject")
GITLAB_JOB = at("api/v4/projects/5/jobs/8", "8", "5")
QUEUE = at("queue/item/25/api/json", f"{ENDPOINT}/queue/item/25/")
BUILD = at("job/a/7/api/json", "7", "a")


def with_nodes(row: Row, *words: Any) -> Row:
    """Add the nodes of a workflow to a row; a node that never ran has no job."""
    reference, answers, state, fields = row
    jobs = [{"job": {"name": "deploy", "status": word}} if word else {} for word in words]
    nodes = {"results": [{"id": number, "summary_fields": each} for number, each in enumerate(jobs)], "next": None}
    return reference, {**answers, "api/v2/workflow_jobs/16/workflow_nodes/": nodes}, state, fields


ACTION = {"id": 4503599627370497, "command": "reboot_server", "progress": 50, "started": "2026-01-30T23:55:00+00:00",
          "finished": None, "resources": [{"id": 42, "type": "server"}], "error": None}  # fmt: skip
DROPLET = {"id": 36804636, "type": "create", "started_at": "2026-11-14T16:29:21Z", "completed_at": None,
           "resource_id": 3164444, "resource_type": "droplet", "region_slug": "nyc3"}  # fmt: skip
COMPUTE_OP = {"kind": "compute#operation", "name": "operation-1-a", "operationType": "insert", "progress": 0,
              "targetId": "9876543210987654321", "insertTime": "2026-06-01T01:02:03.004-07:00"}  # fmt: skip
EVENT = {"id": 123, "action": "linode_reboot", "created": "2026-01-01T00:01:01", "entity": {"id": 7, "type": "linode"},
         "percent_complete": 20, "message": "text", "username": "u"}  # fmt: skip
CC = {"id": "7e1", "serviceType": "NCND", "startTime": 1789000000000, "isError": False, "progress": "in work"}
PVE = {"upid": UPID, "node": "pve1", "type": "qmstart", "id": "100", "starttime": 1795831755, "user": "root@pam!t1"}
FISH = {"@odata.id": "/redfish/v1/TaskService/Tasks/42", "Id": "42", "Name": "Update", "PercentComplete": 30,
        "StartTime": "2026-11-21T08:30:00+01:00", "Messages": [{"Message": "fan failed"}]}  # fmt: skip
VC = {"operation": "clone", "service": "com.vmware.vcenter.VM", "target": {"id": "vm-15", "type": "VirtualMachine"},
      "progress": {"total": 4, "completed": 1}, "start_time": "2026-11-21T08:30:00.000Z"}  # fmt: skip
JOB = {"id": 15, "type": "job", "name": "Deploy", "unified_job_template": 7, "failed": False, "job_explanation": "",
       "created": "2026-11-21T08:29:00.1Z", "started": None, "finished": None}  # fmt: skip
PIPE = {"id": 61, "source": "api", "created_at": "2026-11-21T08:30:00.000Z", "started_at": None, "yaml_errors": None}
RESULTS = [{"code": 200, "message": "success", "tenant": "A"}, {"code": 0, "message": "in progress", "tenant": "B"}]

ANSWERS: Dict[str, List[Row]] = {
    "azure": [
        AZURE({"name": "9f1", "status": "Accepted", "percentComplete": 12.5}, "running", percent=12.5),
        AZURE({"status": "Succeeded", "startTime": "2026-11-21T08:30:00.1234567Z"}, "succeeded",
              started_at="2026-11-21T08:30:00.123456Z"),
        AZURE({"status": "Failed", "error": {"code": "Conflict", "message": "busy"}}, "failed",
              error={"code": "Conflict", "message": "busy"}),
        AZURE({"status": "Canceled"}, "failed"),
        AZURE({"error": {"code": "x", "message": "not readable"}}, "error"),
    ],
    "azure_location": [
        LOCATION(Reply(None, 202, {"Location": f"{ENDPOINT}/other"}), "running", operation_id=f"{ENDPOINT}/other"),
        LOCATION(Reply({"value": []}, 200), "succeeded"),
        LOCATION(Reply(None, 204), "succeeded"),
        LOCATION(Reply({"error": {"code": "Conflict", "message": "busy"}}, 409), "failed",
                 error={"code": "Conflict", "message": "busy"}),
    ],
    "azure_resource": [
        RESOURCE({"id": f"/{VM}", "properties": {"provisioningState": "Updating"}}, "running"),
        RESOURCE({"id": f"/{VM}", "properties": {"provisioningState": "Succeeded"}}, "succeeded"),
        RESOURCE({"id": f"/{VM}", "properties": {}}, "succeeded"),
        RESOURCE({"id": f"/{VM}", "properties": {"provisioningState": "Failed"}}, "failed"),
        RESOURCE({"properties": {}}, "error"),
        RESOURCE({"error": {"code": "NotAllowed", "message": "no"}}, "error"),
    ],
    "catalyst_center": [
        CATALYST({"response": CC, "version": "1.0"}, "running", started_at="2026-09-10T00:26:40Z"),
        CATALYST({"response": {**CC, "endTime": 1789000060000}}, "succeeded", duration=60.0),
        CATALYST({"response": {**CC, "isError": True, "failureReason": "no site", "errorCode": "N1"}}, "failed",
                 error={"code": "N1", "message": "no site"}),
    ],
    "digitalocean": [
        OCEAN({"action": {**DROPLET, "status": "in-progress"}}, "running", resource_id="3164444", type="create"),
        OCEAN({"action": {**DROPLET, "status": "completed"}}, "succeeded"),
        OCEAN({"action": {**DROPLET, "status": "errored"}}, "failed"),
        OCEAN({"action": {**DROPLET, "id": 1, "status": "completed"}}, "error"),
    ],
    "f5_as3": [
        AS3({"id": "c3f", "results": RESULTS}, "running"),
        AS3({"id": "c3f", "results": [RESULTS[0], {**RESULTS[0], "message": "no change"}]}, "succeeded"),
        AS3({"id": "c3f", "results": [RESULTS[0], {"code": 422, "message": "bad", "tenant": "B"}]}, "failed"),
        AS3({"id": "c3f", "results": []}, "unknown"),
    ],
    "gitlab_job": [
        GITLAB_JOB({"id": 8, "name": "rspec", "status": "running"}, "running", type="rspec"),
        GITLAB_JOB({"id": 8, "status": "success"}, "succeeded"),
        GITLAB_JOB({"id": 8, "status": "failed", "failure_reason": "script_failure"}, "failed",
                   error={"code": None, "message": "script_failure"}),
    ],
    "gitlab_pipeline": [
        PIPELINE({**PIPE, "status": "waiting_for_callback"}, "pending", started_at="2026-11-21T08:30:00Z"),
        PIPELINE({**PIPE, "status": "manual"}, "pending"),
        PIPELINE({**PIPE, "status": "canceling"}, "running"),
        PIPELINE({**PIPE, "status": "success"}, "succeeded"),
        PIPELINE({**PIPE, "status": "skipped"}, "failed"),
    ],
    "google": [
        GOOGLE({"name": "projects/p/locations/l/operations/operation-1", "metadata": {"verb": "update"}}, "running",
               type="update"),
        GOOGLE({"name": "operations/operation-1", "done": True, "response": {"@type": "x"}}, "succeeded"),
        GOOGLE({"name": "operations/operation-1", "done": True, "response": {}}, "succeeded"),
        GOOGLE({"name": "operations/operation-1", "done": True, "error": {"code": 9, "message": "no"}}, "failed",
               error={"code": "9", "message": "no"}),
        GOOGLE({"name": "operations/operation-1", "done": True}, "failed"),
        GOOGLE({"done": True, "response": {"@type": "x"}}, "error"),
    ],
    "google_compute": [
        COMPUTE({**COMPUTE_OP, "status": "PENDING"}, "pending", started_at="2026-06-01T08:02:03.004000Z"),
        COMPUTE({**COMPUTE_OP, "status": "RUNNING", "progress": 40}, "running", percent=40.0),
        COMPUTE({**COMPUTE_OP, "status": "DONE", "progress": 100}, "succeeded", type="insert"),
        COMPUTE({**COMPUTE_OP, "status": "DONE", "error": {"errors": [{"code": "QUOTA", "message": "full"}]}}, "failed",
                error={"code": "QUOTA", "message": "full"}),
        COMPUTE({**COMPUTE_OP, "status": "DONE", "httpErrorStatusCode": 403, "httpErrorMessage": "no"}, "failed"),
    ],
    "hetzner": [
        HETZNER({"action": {**ACTION, "status": "running"}}, "running", percent=50.0, type="reboot_server"),
        HETZNER({"action": {**ACTION, "status": "success", "finished": "2026-01-30T23:56:00+00:00"}}, "succeeded",
                duration=60.0, operation_id="4503599627370497"),
        HETZNER({"action": {**ACTION, "status": "error", "error": {"code": "failed", "message": "no"}}}, "failed",
                error={"code": "failed", "message": "no"}),
        HETZNER({"action": {**ACTION, "status": "new word"}}, "unknown"),
        HETZNER({"action": {**ACTION, "status": None}}, "error"),
    ],
    "idrac_job": [
        IDRAC({"Id": "JID_1", "JobState": "Scheduled", "PercentComplete": 0, "Message": "Task scheduled."}, "pending"),
        IDRAC({"Id": "JID_1", "JobState": "Downloaded", "PercentComplete": 100}, "running"),
        IDRAC({"Id": "JID_1", "JobState": "Completed", "Message": "done"}, "succeeded"),
        IDRAC({"Id": "JID_1", "JobState": "CompletedWithErrors", "Message": "some failed"}, "failed"),
    ],
    "ionos": [
        IONOS({"id": "3ab/status", "metadata": {"status": "QUEUED", "message": None}}, "pending"),
        IONOS({"id": "3ab/status", "metadata": {"status": "DONE", "message": "executed"}}, "succeeded"),
        IONOS({"id": "3ab/status", "metadata": {"status": "FAILED", "message": "[VDC] no"}}, "failed",
              error={"code": None, "message": "[VDC] no"}),
    ],
    "jenkins": [
        QUEUE({"id": 25, "why": "Waiting for next available executor", "executable": None}, "pending"),
        QUEUE({"id": 25, "why": None, "executable": None}, "pending"),
        QUEUE({"id": 25, "cancelled": True}, "failed"),
        (Reference("25"), {"queue/item/25/api/json": {"executable": {"number": 7, "url": f"{ENDPOINT}/job/a/7/"}},
                           "job/a/7/api/json": {"building": False, "result": "SUCCESS"}}, "succeeded", {}),
    ],
    "jenkins_build": [
        BUILD({"id": "7", "building": True, "result": "SUCCESS", "timestamp": 1789000000000}, "running"),
        BUILD({"id": "7", "building": False, "result": None}, "running"),
        BUILD({"id": "7", "building": False, "result": "SUCCESS"}, "succeeded"),
        BUILD({"id": "7", "building": False, "result": "UNSTABLE"}, "failed"),
    ],
    "linode": [
        LINODE({**EVENT, "status": "started"}, "running", percent=20.0, started_at="2026-01-01T00:01:01Z"),
        LINODE({**EVENT, "status": "notification", "percent_complete": None}, "succeeded", resource_id="7"),
        LINODE({**EVENT, "status": "failed"}, "failed", error={"code": None, "message": "text"}),
    ],
    "ontap": [
        ONTAP({"uuid": "b5d", "state": "paused", "message": "waiting"}, "pending"),
        ONTAP({"uuid": "b5d", "state": "success", "message": "success", "code": 0}, "succeeded"),
        ONTAP({"uuid": "b5d", "state": "failure", "error": {"message": "no space", "code": "460770"}}, "failed",
              error={"code": "460770", "message": "no space"}),
    ],
    "openmanage": [
        OME({"Id": 10025, "LastRunStatus": {"Id": 2050, "Name": "Running"}}, "running"),
        OME({"Id": 10025, "LastRunStatus": {"Id": 2060, "Name": "Completed"}}, "succeeded"),
        OME({"Id": 10025, "LastRunStatus": {"Id": 2090, "Name": "Warning"}}, "failed",
            error={"code": None, "message": "Warning"}),
    ],
    "ovh": [
        OVH({"taskId": 77, "function": "hardReboot", "status": "todo", "startDate": "2026-11-21T08:30:00+01:00"},
            "pending", type="hardReboot"),
        OVH({"taskId": 77, "status": "done"}, "succeeded"),
        OVH({"taskId": 77, "status": "ovhError", "comment": "disk"}, "failed"),
        OVH({"taskId": 77, "status": "another word"}, "failed"),
    ],
    "proxmox": [
        PROXMOX({"data": {**PVE, "status": "running"}}, "running", type="qmstart", resource_id="pve1"),
        PROXMOX({"data": {**PVE, "status": "stopped", "exitstatus": "OK"}}, "succeeded", operation_id=UPID),
        PROXMOX({"data": {**PVE, "status": "stopped", "exitstatus": "WARNINGS: 2"}}, "succeeded"),
        PROXMOX({"data": {**PVE, "status": "stopped", "exitstatus": "start failed: exit code 1"}}, "failed"),
        PROXMOX({"data": {**PVE, "status": "stopped"}}, "failed"),
        PROXMOX({"data": None}, "error"),
    ],
    "redfish": [
        REDFISH({**FISH, "TaskState": "Running"}, "running", percent=30.0),
        REDFISH(Reply(None, 202), "running"),
        REDFISH(Reply({**FISH, "TaskState": "Completed", "TaskStatus": "OK"}, 200), "succeeded"),
        REDFISH({**FISH, "TaskState": "Completed", "TaskStatus": "Critical"}, "failed",
                error={"code": None, "message": "fan failed"}),
        REDFISH({**FISH, "TaskState": "Exception", "TaskStatus": "Warning"}, "failed"),
        REDFISH(Reply({"error": {"message": "job failed", "code": "Base.1.0"}}, 400), "failed"),
    ],
    "redfish_monitor": [
        MONITOR(Reply(None, 202), "running"),
        MONITOR(Reply({"TaskState": "Running"}, 202), "running"),
        MONITOR(Reply(None, 204), "succeeded"),
        MONITOR(Reply({"error": {"message": "no", "code": "Base.1.0"}}, 400), "failed"),
    ],
    "vcenter": [
        VCENTER({**VC, "status": "RUNNING"}, "running", percent=25.0, resource_id="vm-15"),
        VCENTER({**VC, "status": "BLOCKED"}, "running"),
        VCENTER({"status": "PENDING", "operation": "clone"}, "pending"),
        VCENTER({**VC, "status": "SUCCEEDED"}, "succeeded"),
        VCENTER({**VC, "status": "FAILED", "error": {"messages": [{"default_message": "no host"}]}}, "failed",
                error={"code": None, "message": "no host"}),
    ],
    "awx_job": [
        AWX({**JOB, "status": "waiting"}, "pending", started_at="2026-11-21T08:29:00.100000Z", resource_id="7"),
        AWX({**JOB, "status": "successful"}, "succeeded", type="Deploy"),
        AWX({**JOB, "status": "successful", "failed": True}, "failed"),
        AWX({**JOB, "status": "successful", "result_traceback": "Traceback (most recent call last):"}, "failed"),
        AWX({**JOB, "status": "canceled", "job_explanation": "by u"}, "failed",
            error={"code": None, "message": "by u"}),
    ],
    "awx_workflow": [
        WORKFLOW({**JOB, "id": 16, "status": "running"}, "running"),
        with_nodes(WORKFLOW({**JOB, "id": 16, "status": "successful"}, "succeeded"), "successful", None),
        with_nodes(WORKFLOW({**JOB, "id": 16, "status": "successful"}, "failed"), "failed", "successful"),
        WORKFLOW({**JOB, "id": 16, "status": "error"}, "failed"),
    ],
}  # fmt: skip

# By name: the resource, the path, one page, and the ID of the latest operation.
LISTS: Dict[str, Tuple[str, str, Any, str]] = {
    "hetzner": (
        "42",
        "servers/42/actions",
        {"actions": [{**ACTION, "id": 2, "status": "success"}], "meta": {"pagination": {"next_page": None}}},
        "2",
    ),
    "digitalocean": (
        "3164444",
        "v2/droplets/3164444/actions",
        {"actions": [{**DROPLET, "status": "completed"}], "links": {"pages": {}}, "meta": {"total": 1}},
        "36804636",
    ),
    "google": (
        "p/l",
        "v1/p/l/operations",
        {"operations": [{"name": "operations/o1", "metadata": {}}]},
        "operations/o1",
    ),
    "google_compute": (
        "p/global",
        "projects/p/global/operations",
        {"items": [{**COMPUTE_OP, "status": "DONE"}]},
        "operation-1-a",
    ),
    "linode": ("7", "account/events", {"data": [{**EVENT, "status": "finished"}], "page": 1, "pages": 1}, "123"),
    "proxmox": (
        "pve1",
        "api2/json/nodes/pve1/tasks",
        {"data": [{**PVE, "starttime": 1, "endtime": 2, "status": "OK"}, PVE]},
        UPID,
    ),
    "awx_job": ("7", "api/v2/jobs/", {"results": [{**JOB, "status": "running"}], "next": None}, "15"),
    "awx_workflow": ("7", "api/v2/workflow_jobs/", {"results": [{**JOB, "id": 16, "status": "error"}]}, "16"),
    "gitlab_pipeline": ("5", "api/v4/projects/5/pipelines", [{**PIPE, "status": "success"}], "61"),
}
