# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The bodies of servers and instance actions, per microversion and role."""

from __future__ import annotations

import hashlib
from datetime import datetime, timezone
from typing import Any

from flask import request

from .accounts import Cloud
from .microversions import Microversion
from .state import Action, Server, Store
from .timelines import ActionState, Event, Fault

FLAVORS = {"1": ("m1.tiny", 512, 1), "2": ("m1.small", 1024, 1), "3": ("m1.huge", 1048576, 64)}


def nova_time(cloud: Cloud, moment: float) -> str:
    """Return naive UTC with microseconds; a database without fractions leaves zeros."""
    when = datetime.fromtimestamp(int(moment) if cloud.whole_seconds else moment, timezone.utc)
    return when.strftime("%Y-%m-%dT%H:%M:%S.%f")


def host_id(cloud: Cloud, host: str | None) -> str:
    return hashlib.sha224((cloud.project_id + host).encode()).hexdigest() if host else ""


def action_view(
    store: Store, cloud: Cloud, server_id: str, action: Action, version: Microversion, admin: bool | None = None
) -> dict[str, Any]:
    """One action; `admin` None is the list, which never has events."""
    timeline = action.timeline
    state = timeline.action_at(store.elapsed(action.begun)) or ActionState(None, timeline.started)
    body: dict[str, Any] = {
        "action": timeline.action,
        "instance_uuid": server_id,
        "request_id": action.request_id,
        "user_id": action.user_id,
        "project_id": cloud.project_id,
        "start_time": nova_time(cloud, store.moment(action.begun, timeline.started)),
        "message": state.message,
    }
    if version.at_least(58):
        body["updated_at"] = nova_time(cloud, store.moment(action.begun, state.updated))
    if admin is None:
        return body
    privileged = admin or cloud.open_events
    if privileged or version.at_least(51):
        body["events"] = [_event_view(store, cloud, action, event, version, privileged) for event in state.events]
    return body


def _event_view(
    store: Store, cloud: Cloud, action: Action, event: Event, version: Microversion, privileged: bool
) -> dict[str, Any]:
    body: dict[str, Any] = {
        "event": event.name,
        "start_time": nova_time(cloud, store.moment(action.begun, event.start)),
        "finish_time": None if event.finish is None else nova_time(cloud, store.moment(action.begun, event.finish)),
        "result": event.result,
    }
    if privileged:
        body["traceback"] = event.traceback
    if version.at_least(62):
        body["hostId"] = host_id(cloud, event.host)
        if privileged:
            body["host"] = event.host
    if version.at_least(84) and privileged:
        body["details"] = event.details
    return body


def server_view(store: Store, cloud: Cloud, server: Server, version: Microversion, admin: bool) -> dict[str, Any]:
    current = store.server_view(server)
    created = _second(server.created)
    body: dict[str, Any] = {
        "id": server.server_id,
        "name": server.name,
        "status": current["status"],
        "tenant_id": cloud.project_id,
        "user_id": server.user_id,
        "metadata": {},
        "hostId": host_id(cloud, current["host"]),
        "image": {"id": server.image, "links": []},
        "flavor": _flavor(server, version),
        "created": created,
        "updated": _second(store.updated(server)),
        "addresses": {},
        "accessIPv4": "",
        "accessIPv6": "",
        "links": [{"rel": "self", "href": f"{_servers_url(server)}/{server.server_id}"}],
        "OS-DCF:diskConfig": "MANUAL",
        "OS-EXT-AZ:availability_zone": "nova" if current["host"] else "",
        "config_drive": "",
        "key_name": None,
        "OS-SRV-USG:launched_at": created.rstrip("Z") + ".000000" if store.was_launched(server) else None,
        "OS-SRV-USG:terminated_at": None,
        "security_groups": [{"name": "default"}],
        "OS-EXT-STS:task_state": current["task_state"],
        "OS-EXT-STS:vm_state": current["vm_state"],
        "OS-EXT-STS:power_state": current["power_state"],
        "os-extended-volumes:volumes_attached": [],
    }
    if current["status"] in ("ACTIVE", "BUILD", "REBUILD", "RESIZE", "VERIFY_RESIZE", "MIGRATING"):
        body["progress"] = 0
    if version.at_least(9):
        body["locked"] = server.locked
    if admin:
        body["OS-EXT-SRV-ATTR:host"] = current["host"]
        body["OS-EXT-SRV-ATTR:hypervisor_hostname"] = current["host"]
        body["OS-EXT-SRV-ATTR:instance_name"] = f"instance-{server.server_id[:8]}"
        if version.at_least(3):
            body["OS-EXT-SRV-ATTR:reservation_id"] = server.reservation_id
    fault = _fault(store, server)
    if fault is not None and current["status"] == "ERROR":
        moment = store.moment(server.actions[-1].begun, fault.at)
        body["fault"] = {"code": fault.code, "created": _second(moment), "message": fault.message}
        if admin:
            body["fault"]["details"] = f"nova.exception.NovaException: {fault.message}\n"
    return body


def _fault(store: Store, server: Server) -> Fault | None:
    """Return the newest fault; Nova keeps it, but shows it only while the server is in ERROR."""
    faults = (action.timeline.fault for action in reversed(server.actions))
    return next((fault for fault in faults if fault is not None), None)


def _flavor(server: Server, version: Microversion) -> dict[str, Any]:
    name, memory, cpus = FLAVORS.get(server.flavor, ("custom", 2048, 2))
    if not version.at_least(47):
        return {"id": server.flavor, "links": []}
    return {
        "original_name": name,
        "ram": memory,
        "vcpus": cpus,
        "disk": 1,
        "ephemeral": 0,
        "swap": 0,
        "extra_specs": {},
    }


def flavors_view() -> list[dict[str, Any]]:
    """Return all actions, as every version shows them in detail."""
    return [
        {
            "id": each,
            "name": name,
            "ram": memory,
            "vcpus": cpus,
            "disk": 1,
            "swap": "",
            "links": [],
            "OS-FLV-EXT-DATA:ephemeral": 0,
            "OS-FLV-DISABLED:disabled": False,
            "os-flavor-access:is_public": True,
        }
        for each, (name, memory, cpus) in FLAVORS.items()
    ]


def _servers_url(server: Server) -> str:
    return request.base_url.split("/servers", maxsplit=1)[0] + "/servers"


def _second(moment: float) -> str:
    return datetime.fromtimestamp(moment, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
