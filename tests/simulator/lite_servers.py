# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""ModelArts Lite Servers that start, stop and change their system: no operation id, only the server's status.

For a moment after a request the server still shows its old status, and its old update_at.
"""

from __future__ import annotations

import uuid
from typing import Any, NamedTuple

from flask import Blueprint, Response, jsonify

from .auth import authenticate_in
from .errors import modelarts_error
from .gateway_service import GatewayService
from .state import PlannedOperation

LAG_PART = 0.2  # of the duration, before the status shows the change (its length: inferred)
CREATED_AT = 1789000000000


class Change(NamedTuple):
    """One request: its method, and the server's status while, after, and when it failed."""

    method: str
    during: str
    after: str
    failed: str


CHANGES = {
    "start": Change("PUT", "STARTING", "RUNNING", "START_FAILED"),
    "stop": Change("PUT", "STOPPING", "STOPPED", "STOP_FAILED"),
    "reboot": Change("PUT", "REBOOTING", "RUNNING", "REBOOT_FAILED"),
    "changeos": Change("POST", "CHANGINGOS", "RUNNING", "CHANGINGOS_FAILED"),
    "reinstallos": Change("POST", "REINSTALLINGOS", "RUNNING", "REINSTALLINGOS_FAILED"),
}
GROUP_STATUSES = {"CHANGINGOS": "REIMAGING", "CHANGINGOS_FAILED": "ERROR"}
BY_STATUS = {change.during: change for change in CHANGES.values()}


def add_lite_servers(api: Blueprint, service: GatewayService) -> None:
    """Add the routes of the server itself and of its changes."""
    servers = LiteServers(service)
    one = "/v1/<project>/dev-servers/<resource_id>"
    api.add_url_rule(one, "server", servers.show)
    for action, change in CHANGES.items():

        def begin(project: str, resource_id: str, kind: str = change.during) -> Response:
            return servers.change(project, resource_id, kind)

        api.add_url_rule(f"{one}/{action}", action, begin, methods=[change.method])
    api.add_url_rule("/v1/<project>/dev-servers/hyperinstance/<resource_id>", "hyperinstance", servers.show_group)


def check_resource(service: GatewayService, resource_id: str) -> None:
    if resource_id not in (service.cloud.resource_id("lite_server"), service.cloud.resource_id("hyperinstance")):
        raise modelarts_error(400, "ModelArts.6404", f"The server {resource_id} does not exist.")


class LiteServers:
    """The handlers."""

    def __init__(self, service: GatewayService) -> None:
        self._service = service

    def show(self, project: str, resource_id: str) -> Response:
        authenticate_in(self._service.store, self._service.cloud, project)
        check_resource(self._service, resource_id)
        return jsonify(self._view(resource_id))

    def show_group(self, project: str, resource_id: str) -> Response:
        """Show a hyperinstance: it is ACTIVE while its servers start and stop, and so are they at different moments."""
        authenticate_in(self._service.store, self._service.cloud, project)
        check_resource(self._service, resource_id)
        status, since = self._status(resource_id)
        first = self._view(resource_id) | {"id": self._service.cloud.resource_id("lite_server")}
        second = first | {"id": self._service.cloud.resource_id("lite_server_2"), "update_at": since}
        if status in ("STOPPING", "STARTING", "REBOOTING"):  # the first server is faster
            first["status"] = BY_STATUS[status].after
        names = ("category", "charging_mode", "flavor", "vpc_id", "subnet_id", "volumes")
        group = {name: value for name, value in self._view(resource_id).items() if name not in names}
        group |= {"name": "hyperinstance", "status": GROUP_STATUSES.get(status, "ACTIVE"), "servers": [first, second]}
        return jsonify(group)

    def change(self, project: str, resource_id: str, kind: str) -> Response:
        authenticate_in(self._service.store, self._service.cloud, project)
        check_resource(self._service, resource_id)
        changes = self._changes(resource_id)
        if changes and self._service.elapsed(changes[-1]) < changes[-1].plan.seconds:
            # Inferred: no document shows how a busy server refuses.
            raise modelarts_error(400, "ModelArts.6409", f"The server {resource_id} is busy.")
        self._service.begin(project, str(uuid.uuid4()), resource_id, kind)
        return jsonify(self._view(resource_id))

    def _changes(self, resource_id: str) -> list[PlannedOperation]:
        """Oldest first."""
        state = self._service.store.clouds[self._service.cloud.name]
        return [
            operation
            for operation in state.operations.values()
            if operation.service == self._service.service and operation.resource_id == resource_id
        ]

    def _status(self, resource_id: str) -> tuple[str, int]:
        """Return the status, and its start: milliseconds since 1970."""
        status, since = "RUNNING", CREATED_AT
        for operation in self._changes(resource_id):
            elapsed, seconds = self._service.elapsed(operation), operation.plan.seconds
            change = BY_STATUS[operation.kind]
            if elapsed >= seconds:
                status, offset = change.failed if operation.plan.fail else change.after, seconds
            elif elapsed >= seconds * LAG_PART:
                status, offset = change.during, seconds * LAG_PART
            else:
                continue
            since = int(self._service.moment(operation, offset).timestamp() * 1000)
        return status, since

    def _view(self, resource_id: str) -> dict[str, Any]:
        cloud = self._service.cloud
        status, since = self._status(resource_id)
        return {
            "id": resource_id,
            "name": "lite-server",
            "status": status,
            "category": "SERVER",
            "charging_mode": "COMMON",
            "flavor": "modelarts.bm.npu.a3",
            "create_at": CREATED_AT,
            "update_at": since,
            "vpc_id": cloud.resource_id("vpc"),
            "subnet_id": cloud.resource_id("subnet"),
            "volumes": [],
        }
