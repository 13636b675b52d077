# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""ECL's Virtual Network Appliance API: appliances, and the operations that change them."""
from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, Response, jsonify, request

from .accounts import Cloud
from .auth import authenticate
from .ecl_operations import APPLIANCES, EclOperations, given_fields
from .errors import ecl_error
from .state import Resource, Store

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
ACTIONS = ("os-start", "os-stop", "os-restart")
KEY = "virtual_network_appliance"


def appliance_blueprint(store: Store, cloud: Cloud) -> Blueprint:
    api = Blueprint("appliances", __name__, url_prefix=f"/{cloud.name}/virtual-network-appliance")
    operations = EclOperations(store, cloud, APPLIANCES)
    handlers = Appliances(store, cloud, operations)
    root = "/v1.0/virtual_network_appliances"
    one = f"{root}/<appliance_id>"
    api.add_url_rule("/v1.0/operations", "operations", operations.list_operations)
    api.add_url_rule("/v1.0/operations/<operation_id>", "operation", operations.show_operation)
    api.add_url_rule(root, "list", handlers.list_appliances)
    api.add_url_rule(root, "create", handlers.create, methods=["POST"])
    api.add_url_rule(one, "show", handlers.show_appliance)
    api.add_url_rule(one, "update", handlers.update, methods=["PATCH"])
    api.add_url_rule(one, "delete", handlers.delete, methods=["DELETE"])
    api.add_url_rule(f"{one}/action", "act", handlers.act, methods=["POST"])

    @api.route("/<path:rest>", methods=METHODS)
    def unknown(rest: str) -> Response:
        authenticate(store, cloud)
        raise ecl_error(404, "Not Found")

    return api


class Appliances:
    """The handlers."""

    def __init__(self, store: Store, cloud: Cloud, operations: EclOperations) -> None:
        self._store = store
        self._cloud = cloud
        self._operations = operations

    def list_appliances(self) -> Response:
        authenticate(self._store, self._cloud)
        return jsonify({f"{KEY}s": [self._view(appliance) for appliance in self._operations.remaining()]})

    def show_appliance(self, appliance_id: str) -> Response:
        authenticate(self._store, self._cloud)
        return self._answer(self._operations.resource(appliance_id))

    def create(self) -> Response:
        caller = authenticate(self._store, self._cloud)
        given = given_fields(KEY)
        repeated = self._operations.repeated("Create", None)
        if repeated is not None:
            return self._answer(self._operations.resources[repeated.resource_id])
        appliance = Resource(str(uuid.uuid4()), given)
        self._operations.begin(caller, appliance.resource_id, "Create")
        self._operations.resources[appliance.resource_id] = appliance
        return self._answer(appliance)

    def update(self, appliance_id: str) -> Response:
        return self._change(appliance_id, "Update", given_fields(KEY))

    def delete(self, appliance_id: str) -> Response:
        self._change(appliance_id, "Delete")
        return Response(status=204)

    def act(self, appliance_id: str) -> Response:
        body = request.get_json(silent=True)
        if not isinstance(body, dict) or next(iter(body), None) not in ACTIONS:
            raise ecl_error(400, f"the action must be one of {', '.join(ACTIONS)}")
        return self._change(appliance_id, "Action")

    def _change(self, appliance_id: str, kind: str, fields: dict[str, Any] | None = None) -> Response:
        caller = authenticate(self._store, self._cloud)
        appliance = self._operations.resource(appliance_id)
        self._operations.begin(caller, appliance_id, kind)
        appliance.fields |= fields or {}
        return self._answer(appliance)

    def _answer(self, appliance: Resource) -> Response:
        return jsonify({KEY: self._view(appliance)})

    def _view(self, appliance: Resource) -> dict[str, Any]:
        return {
            "appliance_type": APPLIANCES.resource_type, "availability_zone": "zone1-groupb",
            "default_gateway": "192.168.1.1", "description": "", "name": "appliance", "tags": {}, "interfaces": {},
            "virtual_network_appliance_plan_id": self._cloud.resource_id("plan"),
            **appliance.fields,
            "id": appliance.resource_id, "tenant_id": self._cloud.project_id,
            "operation_status": self._operations.status_of(appliance.resource_id),
            "os_login_status": "ACTIVE", "os_monitoring_status": "ACTIVE", "vm_status": "ACTIVE",
        }
