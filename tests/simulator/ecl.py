# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""ECL's Virtual Network Appliance API: appliances, and the operations that change them."""
from __future__ import annotations

import uuid
from datetime import datetime, timezone
from typing import Any

from flask import Blueprint, Response, jsonify, request

from .accounts import Cloud
from .auth import Caller, authenticate
from .errors import appliance_error
from .plan import HEADER, parse_plan
from .state import Appliance, CloudState, PlannedOperation, Store

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
RESOURCE_TYPE = "ECL::VirtualNetworkAppliance::VSRX"
REQUEST_ID_HEADER = "X-VNA-Request-Id"
BUSY = ("PROCESSING", "STUCK")  # a new request is refused
ENDS = {"": "COMPLETE", "error": "ERROR", "stuck": "STUCK"}
FILTERS = ("id", "resource_id", "resource_type", "request_id", "request_type", "status", "tenant_id")
ACTIONS = ("os-start", "os-stop", "os-restart")


def appliance_blueprint(store: Store, cloud: Cloud) -> Blueprint:
    api = Blueprint("appliances", __name__, url_prefix=f"/{cloud.name}/virtual-network-appliance")
    handlers = Appliances(store, cloud)
    root = "/v1.0/virtual_network_appliances"
    one = f"{root}/<appliance_id>"
    api.add_url_rule("/v1.0/operations", "operations", handlers.list_operations)
    api.add_url_rule("/v1.0/operations/<operation_id>", "operation", handlers.show_operation)
    api.add_url_rule(root, "list", handlers.list_appliances)
    api.add_url_rule(root, "create", handlers.create, methods=["POST"])
    api.add_url_rule(one, "show", handlers.show_appliance)
    api.add_url_rule(one, "update", handlers.update, methods=["PATCH"])
    api.add_url_rule(one, "delete", handlers.delete, methods=["DELETE"])
    api.add_url_rule(f"{one}/action", "act", handlers.act, methods=["POST"])

    @api.route("/<path:rest>", methods=METHODS)
    def unknown(rest: str) -> Response:
        authenticate(store, cloud)
        raise appliance_error(404, "Not Found")

    return api


class Appliances:
    """The handlers."""

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store
        self._cloud = cloud

    @property
    def _state(self) -> CloudState:
        return self._store.clouds[self._cloud.name]

    def list_operations(self) -> Response:
        authenticate(self._store, self._cloud)
        found = [self._view(operation) for operation in self._state.operations.values()]
        if _is_true("no_deleted"):
            found = [view for view in found if not self._is_deleted(view["resource_id"])]
        if _is_true("latest"):
            found = list({view["resource_id"]: view for view in found}.values())
        for name in FILTERS:
            wanted = request.args.getlist(name)
            found = [view for view in found if not wanted or view[name] in wanted]
        return jsonify({"operations": found})

    def show_operation(self, operation_id: str) -> Response:
        authenticate(self._store, self._cloud)
        operation = self._state.operations.get(operation_id)
        if operation is None:
            raise appliance_error(404, "Not Found")
        return jsonify({"operation": self._view(operation)})

    def list_appliances(self) -> Response:
        authenticate(self._store, self._cloud)
        shown = [self._appliance_view(appliance) for appliance in self._state.appliances.values()
                 if not self._is_deleted(appliance.appliance_id)]
        return jsonify({"virtual_network_appliances": shown})

    def show_appliance(self, appliance_id: str) -> Response:
        authenticate(self._store, self._cloud)
        return jsonify({"virtual_network_appliance": self._appliance_view(self._appliance(appliance_id))})

    def create(self) -> Response:
        caller = authenticate(self._store, self._cloud)
        given = self._given("virtual_network_appliance")
        repeated = self._repeated("Create", None)
        if repeated is not None:
            return self._answer(self._state.appliances[repeated.resource_id])
        appliance = Appliance(str(uuid.uuid4()), given)
        self._state.appliances[appliance.appliance_id] = appliance
        self._begin(caller, appliance, "Create")
        return self._answer(appliance)

    def update(self, appliance_id: str) -> Response:
        return self._change(appliance_id, "Update")

    def delete(self, appliance_id: str) -> Response:
        self._change(appliance_id, "Delete")
        return Response(status=204)

    def act(self, appliance_id: str) -> Response:
        body = request.get_json(silent=True)
        if not isinstance(body, dict) or next(iter(body), None) not in ACTIONS:
            raise appliance_error(400, f"the action must be one of {', '.join(ACTIONS)}")
        return self._change(appliance_id, "Action")

    def _change(self, appliance_id: str, kind: str) -> Response:
        caller = authenticate(self._store, self._cloud)
        appliance = self._appliance(appliance_id)
        if self._repeated(kind, appliance_id) is None:
            status = self._operation_status(appliance_id)
            if status in BUSY:
                raise appliance_error(409, f"The operation_status of the resource is {status}.")
            if kind == "Update":
                appliance.fields |= self._given("virtual_network_appliance")
            self._begin(caller, appliance, kind)
        return self._answer(appliance)

    def _begin(self, caller: Caller, appliance: Appliance, kind: str) -> None:
        try:
            plan = parse_plan(request.headers.get(HEADER, ""))
        except ValueError as error:
            raise appliance_error(400, str(error)) from error
        operation = PlannedOperation(
            str(uuid.uuid4()), appliance.appliance_id, kind, self._store.clock(), plan,
            request.headers.get(REQUEST_ID_HEADER, ""), request.get_json(silent=True) or {}, caller.user.user_id)
        self._state.operations[operation.operation_id] = operation

    def _repeated(self, kind: str, appliance_id: str | None) -> PlannedOperation | None:
        """The operation of the same request: repeating it changes nothing."""
        request_id = request.headers.get(REQUEST_ID_HEADER)
        for operation in self._state.operations.values():
            same_path = appliance_id in (None, operation.resource_id)
            if request_id and operation.request_id == request_id and operation.kind == kind and same_path:
                return operation
        return None

    def _given(self, key: str) -> dict[str, Any]:
        given = (request.get_json(silent=True) or {}).get(key)
        if not isinstance(given, dict):
            raise appliance_error(400, f"{key} is required.")
        return given

    def _appliance(self, appliance_id: str) -> Appliance:
        appliance = self._state.appliances.get(appliance_id)
        if appliance is None or self._is_deleted(appliance_id):
            raise appliance_error(404, "Not Found")
        return appliance

    def _status(self, operation: PlannedOperation) -> str:
        over = self._store.elapsed(operation.begun) >= operation.plan.seconds
        return ENDS[operation.plan.fail] if over else "PROCESSING"

    def _operation_status(self, appliance_id: str) -> str:
        statuses = [self._status(operation) for operation in self._state.operations.values()
                    if operation.resource_id == appliance_id]
        return statuses[-1] if statuses else "COMPLETE"

    def _is_deleted(self, appliance_id: str) -> bool:
        return any(operation.kind == "Delete" and self._status(operation) == "COMPLETE"
                   for operation in self._state.operations.values() if operation.resource_id == appliance_id)

    def _view(self, operation: PlannedOperation) -> dict[str, Any]:
        status = self._status(operation)
        over = self._store.moment(operation.begun, operation.plan.seconds)
        failed = status in ("ERROR", "STUCK")
        return {
            "id": operation.operation_id,
            "resource_id": operation.resource_id,
            "resource_type": RESOURCE_TYPE,
            "request_id": operation.request_id,
            "request_type": operation.kind,
            "request_body": operation.request_body,
            "status": status,
            "reception_datetime": ecl_time(operation.begun),
            "commit_datetime": None if status == "PROCESSING" else ecl_time(over),
            "warning": None,
            "error": f"simulated {status.lower()} of {operation.kind}" if failed else None,
            "tenant_id": self._cloud.project_id,
        }

    def _answer(self, appliance: Appliance) -> Response:
        return jsonify({"virtual_network_appliance": self._appliance_view(appliance)})

    def _appliance_view(self, appliance: Appliance) -> dict[str, Any]:
        return {
            "appliance_type": RESOURCE_TYPE, "availability_zone": "zone1-groupb", "default_gateway": "192.168.1.1",
            "description": "", "name": "appliance", "tags": {}, "interfaces": {},
            "virtual_network_appliance_plan_id": self._cloud.resource_id("plan"),
            **appliance.fields,
            "id": appliance.appliance_id, "tenant_id": self._cloud.project_id,
            "operation_status": self._operation_status(appliance.appliance_id),
            "os_login_status": "ACTIVE", "os_monitoring_status": "ACTIVE", "vm_status": "ACTIVE",
        }


def ecl_time(moment: float) -> str:
    return datetime.fromtimestamp(moment, timezone.utc).strftime("%Y-%m-%d %H:%M:%S")


def _is_true(name: str) -> bool:
    return request.args.get(name, "false").lower() == "true"
