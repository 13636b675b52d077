# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The SDKs of servers, hypervisors and storage."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any, ClassVar

import requests
import sushy
from catalystcentersdk.api import CatalystCenterAPI
from com.vmware.cis.task_client import Info, Progress, Status
from com.vmware.cis_client import Session, Tasks
from com.vmware.vapi.std.errors_client import NotFound
from com.vmware.vapi.std_client import DynamicID, LocalizableMessage
from definition_oracles.oracle import BASIC, FAILED, PASSWORD, RUNNING, SECRET, SUCCEEDED, USER, Case, Oracle, waited
from netapp_ontap import HostConnection, NetAppRestError, utils
from netapp_ontap.resources.job import JobSchema
from proxmoxer import ProxmoxAPI
from proxmoxer.tools import Tasks as ProxmoxTasks
from scripted import Answer
from sushy.resources.constants import Health
from sushy.resources.taskservice.constants import TaskState
from sushy.resources.taskservice.task import Task
from vmware.vapi.bindings import type as vapi_type
from vmware.vapi.lib.connect import get_requests_connector
from vmware.vapi.security.client.security_context_filter import LegacySecurityContextFilter
from vmware.vapi.security.session import create_session_security_context
from vmware.vapi.security.user_password import create_user_password_security_context
from vmware.vapi.stdlib.client.factories import StubConfigurationFactory
from vmware.vapi.stdlib.client.task import Task as VapiTask

LOGIN = {"auth_type": "login", "auth": {"username": USER, "password": PASSWORD}}
TASK, MONITOR = "/redfish/v1/TaskService/Tasks/42", "/redfish/v1/TaskService/TaskMonitors/42"
ENDED = {
    TaskState.COMPLETED: SUCCEEDED,
    TaskState.EXCEPTION: FAILED,
    TaskState.CANCELLED: FAILED,
    TaskState.KILLED: FAILED,
}


def _task(state: TaskState, status: Health | None = None) -> Case:
    body = {"@odata.id": TASK, "Id": "42", "Name": "Update", "TaskState": state.value,
            "TaskStatus": status.value if status else None, "PercentComplete": 30,
            "Messages": [{"Message": "text", "MessageId": "Base.1.0.Success"}]}  # fmt: skip
    meaning = ENDED.get(state, RUNNING)
    bad = meaning == SUCCEEDED and status in (Health.WARNING, Health.CRITICAL)
    name = f"{state.value} {status.value if status else ''}".strip()
    return Case(name, body, FAILED if bad else meaning, meaning if bad else "")


class Redfish(Oracle):
    """Sushy reads the words of a task, but does not judge them: `ENDED` does, without the status."""

    definition = "redfish"
    login = LOGIN
    credential = "X-Auth-Token"
    cases = (
        *(_task(state) for state in TaskState if state != TaskState.COMPLETED),
        *(_task(TaskState.COMPLETED, status) for status in (None, *Health)),
        Case("202", None, RUNNING, status=202),
    )

    def started(self) -> Answer:
        return 202, {"Location": TASK}, {"@odata.id": TASK, "Id": "42", "Name": "Update", "TaskState": "New"}

    def start(self) -> None:
        sessions = "/redfish/v1/SessionService/Sessions"
        session = (201, {"X-Auth-Token": SECRET, "Location": f"{sessions}/1"}, {"Id": "1", "Name": "Session"})
        self.api.answers[f"POST {sessions}"] = [session]
        root = {"Id": "RootService", "Name": "Root", "RedfishVersion": "1.0.2",
                "SessionService": {"@odata.id": "/redfish/v1/SessionService"},
                "Links": {"Sessions": {"@odata.id": sessions}}}  # fmt: skip
        self.api.answers["GET /redfish/v1/"] = [(200, {}, root)]
        auth = sushy.auth.SessionAuth(USER, PASSWORD)
        self._sushy = sushy.Sushy(self.url, auth=auth, verify=False)
        self._answer = self._sushy._conn.post("/redfish/v1/Systems/1/Actions/ComputerSystem.Reset", data={})

    def stop(self) -> None:
        self._sushy._auth.close()

    def verdict(self) -> str:
        answer = self._sushy._conn.get(self._answer.headers["Location"])
        if answer.status_code == 202:
            return RUNNING
        task = Task(self._sushy._conn, TASK, json_doc=answer.json())
        return ENDED.get(task.task_state, RUNNING)


class RedfishMonitor(Redfish):
    definition = "redfish_monitor"
    cases = (
        Case("202 without a body", None, RUNNING, status=202),
        Case("202 with a part of the task", {"TaskState": "Running"}, RUNNING, status=202),
        Case("200", {"Id": "1"}, SUCCEEDED),
        Case("201", {"Id": "1"}, SUCCEEDED, status=201),
        Case("204", None, SUCCEEDED, status=204),
        Case("400", {"error": {"message": "no", "code": "Base.1.0"}}, FAILED, status=400),
    )

    def started(self) -> Answer:
        return 202, {"Location": MONITOR}, None

    def verdict(self) -> str:
        monitor = sushy.taskmonitor.TaskMonitor.from_response(self._sushy._conn, self._answer, "target")
        try:
            return RUNNING if monitor.check_is_processing else SUCCEEDED
        except sushy.exceptions.HTTPError:
            return FAILED


UPID = "UPID:pve1:000003E8:00001B58:6B0A37CB:qmstart:100:root@pam!t1:"


def _pve(name: str, state: str, sdk: str = "", **status: str) -> Case:
    decoded = ProxmoxTasks.decode_upid(UPID)
    shown = {each: decoded[each] for each in ("upid", "node", "type", "id", "user", "starttime")}
    return Case(name, {"data": {**shown, **status}}, state, sdk)


class Proxmox(Oracle):
    """The waiter of proxmoxer returns each stopped task without its exit status."""

    definition = "proxmox"
    tls = True
    login: ClassVar[dict[str, Any]] = {
        "auth_type": "header",
        "auth": {"header": "Authorization", "prefix": "PVEAPIToken=root@pam!t1=", "token": SECRET},
    }
    given: ClassVar[dict[str, Any]] = {"resource_id": "pve1"}
    cases = (
        _pve("running", RUNNING, status="running"),
        _pve("OK", SUCCEEDED, status="stopped", exitstatus="OK"),
        _pve("warnings", SUCCEEDED, status="stopped", exitstatus="WARNINGS: 2"),
        _pve("failed", FAILED, SUCCEEDED, status="stopped", exitstatus="start failed: exit code 1"),
        _pve("without an exit status", FAILED, SUCCEEDED, status="stopped"),
    )

    def started(self) -> Answer:
        return 200, {}, {"data": UPID}

    def access(self) -> dict[str, Any]:
        """Return the login of the SDK."""
        return {"user": "root@pam", "token_name": "t1", "token_value": SECRET}

    def start(self) -> None:
        host, port = self.api.url.removeprefix("https://").split(":")
        self._proxmox = ProxmoxAPI(host, port=int(port), verify_ssl=self.ca, **self.access())
        self._upid = self._proxmox.nodes("pve1").qemu(100).status.start.post()

    def verdict(self) -> str:
        return waited(lambda: ProxmoxTasks.blocking_status(self._proxmox, self._upid), (), sleeps=1)


class ProxmoxWithTicket(Proxmox):
    """With a password, both log in for a ticket, which is a cookie."""

    login = LOGIN
    credential = "Cookie"
    cases = Proxmox.cases[:2]

    def access(self) -> dict[str, Any]:
        ticket = {"ticket": f"PVE:{USER}:{SECRET}", "CSRFPreventionToken": "x"}
        self.api.answers["POST /api2/json/access/ticket"] = [(200, {}, {"data": ticket})]
        return {"user": USER, "password": PASSWORD}


# Words in the messages of the schema; the others are known to the waiter only.
ONTAP_WORDS = ("queued", "running", "paused", "success", "failure")


def _ontap(state: str, meaning: str, sdk: str = "", **more: Any) -> Case:
    body = {
        "uuid": "b5d0c7f2",
        "state": state,
        "message": f"text of {state}",
        "code": 0,
        **more,
    }
    documented = state in ONTAP_WORDS  # the schema refuses other words, which the waiter knows
    return Case(state, JobSchema().dump(JobSchema().load(body)) if documented else body, meaning, sdk)


class Ontap(Oracle):
    """The waiter counts `cancelled` as a success. The definition asks for more fields than the SDK."""

    definition = "ontap"
    tls = True
    unlike = frozenset(("fields",))
    login = BASIC
    cases = (
        _ontap("queued", RUNNING),
        _ontap("running", RUNNING),
        _ontap("paused", RUNNING),
        _ontap("success", SUCCEEDED),
        _ontap("failure", FAILED, error={"message": "no space", "code": "460770"}),
        _ontap("cancelled", FAILED, SUCCEEDED),
        _ontap("expired", FAILED),
    )

    def started(self) -> Answer:
        link = {"self": {"href": "/api/cluster/jobs/b5d0c7f2"}}
        return 202, {}, {"job": {"uuid": "b5d0c7f2", "_links": link}}

    def start(self) -> None:
        host, port = self.api.url.removeprefix("https://").split(":")
        self._connection = HostConnection(host, USER, PASSWORD, port=int(port), verify=self.ca)
        with self._connection:
            self._answer = self._connection.session.post(f"{self.url}/api/storage/volumes", json={"name": "v"})

    def verdict(self) -> str:
        return waited(lambda: utils.poll(self._answer, self._connection, interval=1), (NetAppRestError,))


def _vcenter(status: str, state: str) -> Case:
    text = LocalizableMessage(id="task", default_message="text", args=[])
    started, ended = status != Status.PENDING, status in (Status.SUCCEEDED, Status.FAILED)
    moment = datetime(2026, 11, 21, 8, 30, tzinfo=timezone.utc)
    info = Info(description=text, service="com.vmware.vcenter.VM", operation="clone$task", cancelable=True,
                status=status, target=DynamicID(type="VirtualMachine", id="vm-15"),
                progress=Progress(total=4, completed=1, message=text) if started else None,
                start_time=moment if started else None, end_time=moment if ended else None,
                error=NotFound(messages=[text]) if status == Status.FAILED else None)  # fmt: skip
    return Case(status, info.to_dict(), state)


VCENTER_TASK = "52d2b5a1-c2f8-4ee4-9f3a-3d1f6a7b8c9d:com.vmware.vcenter.VM"


class Vcenter(Oracle):
    """Over REST, the SDK expects each answer in an object with the key `value`, which /api does not send."""

    definition = "vcenter"
    base = ""
    login = LOGIN
    credential = "vmware-api-session-id"
    cases = (
        _vcenter(Status.PENDING, RUNNING),
        _vcenter(Status.RUNNING, RUNNING),
        _vcenter(Status.BLOCKED, RUNNING),
        _vcenter(Status.SUCCEEDED, SUCCEEDED),
        _vcenter(Status.FAILED, FAILED),
    )

    def started(self) -> Answer:
        return 202, {}, VCENTER_TASK

    def start(self) -> None:
        self.api.answers["POST /api/session"] = [(201, {}, {"value": SECRET})]
        session = Session(self._settings(create_user_password_security_context(USER, PASSWORD))).create()
        self.api.answers["POST /api/session"] = [(201, {}, SECRET)]
        tasks = Tasks(self._settings(create_session_security_context(session)))
        self._task = VapiTask(VCENTER_TASK, tasks, vapi_type.IdType(resource_types="VirtualMachine"))

    def _settings(self, login: Any) -> Any:
        chain = [LegacySecurityContextFilter(security_context=login)]
        connector = get_requests_connector(requests.Session(), "rest", f"{self.url}/api", provider_filter_chain=chain)
        return StubConfigurationFactory.new_std_configuration(connector)

    def verdict(self) -> str:
        answers = self.api.others
        self.api.others = [(status, headers, {"value": body}) for status, headers, body in answers]
        try:
            status = self._task.get_info().status
        finally:
            self.api.others = answers
        return {Status.SUCCEEDED: SUCCEEDED, Status.FAILED: FAILED}.get(status, RUNNING)


def _catalyst(name: str, state: str, **more: Any) -> Case:
    body = {"id": "7e1", "serviceType": "NCND", "startTime": 1789000000000, "isError": False, "progress": "in work"}
    return Case(name, {"response": {**body, **more}, "version": "1.0"}, state)


class CatalystCenter(Oracle):
    """The SDK does not judge a task: Cisco documents that it ends with `endTime`, and failed by `isError`."""

    definition = "catalyst_center"
    login = LOGIN
    credential = "X-Auth-Token"
    cases = (
        _catalyst("running", RUNNING),
        _catalyst("ended", SUCCEEDED, endTime=1789000060000),
        _catalyst("failed", FAILED, endTime=1789000060000, isError=True, failureReason="no site"),
        _catalyst("failed before its end", FAILED, isError=True, failureReason="no site"),
    )

    def started(self) -> Answer:
        return 202, {}, {"response": {"taskId": "7e1", "url": "/dna/intent/api/v1/task/7e1"}, "version": "1.0"}

    def start(self) -> None:
        self.api.answers["POST /dna/system/api/v1/auth/token"] = [(200, {}, {"Token": SECRET})]
        self._center = CatalystCenterAPI(
            username=USER, password=PASSWORD, base_url=self.url, version="3.1.3.0", verify=False
        )
        self._started = self._center.devices.sync_devices_using_forcesync(payload=["d1"])

    def verdict(self) -> str:
        task = self._center.task.get_task_by_id(self._started.response.taskId).response
        if task.isError:
            return FAILED
        return SUCCEEDED if task.get("endTime") else RUNNING
