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
from .ecl_operations import APPLIANCES, EclHandlers, EclOperations, given_fields, service_blueprint
from .errors import ecl_error
from .state import Resource, Store

ACTIONS = ("os-start", "os-stop", "os-restart")
KEY = "virtual_network_appliance"


def appliance_blueprint(store: Store, cloud: Cloud) -> Blueprint:
    operations = EclOperations(store, cloud, APPLIANCES)
    handlers = Appliances(store, cloud, operations)
    path, resources = "virtual-network-appliance", "virtual_network_appliances"
    return service_blueprint(store, cloud, path, resources, operations, handlers)


class Appliances(EclHandlers):
    key = KEY

    def show(self, resource_id: str) -> Response:
        authenticate(self._store, self._cloud)
        return self._answer(self._operations.resource(resource_id))

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

    def update(self, resource_id: str) -> Response:
        return self._change(resource_id, "Update", given_fields(KEY))

    def delete(self, resource_id: str) -> Response:
        self._change(resource_id, "Delete")
        return Response(status=204)

    def act(self, resource_id: str) -> Response:
        body = request.get_json(silent=True)
        if not isinstance(body, dict) or next(iter(body), None) not in ACTIONS:
            raise ecl_error(400, f"the action must be one of {', '.join(ACTIONS)}")
        return self._change(resource_id, "Action")

    def _change(self, resource_id: str, kind: str, fields: dict[str, Any] | None = None) -> Response:
        caller = authenticate(self._store, self._cloud)
        appliance = self._operations.resource(resource_id)
        self._operations.begin(caller, resource_id, kind)
        appliance.fields |= fields or {}
        return self._answer(appliance)

    def _answer(self, appliance: Resource) -> Response:
        return jsonify({KEY: self._view(appliance)})

    def _view(self, resource: Resource) -> dict[str, Any]:
        return {
            "appliance_type": APPLIANCES.resource_type,
            "availability_zone": "zone1-groupb",
            "default_gateway": "192.168.1.1",
            "description": "",
            "name": "appliance",
            "tags": {},
            "interfaces": {},
            "virtual_network_appliance_plan_id": self._cloud.resource_id("plan"),
            **resource.fields,
            "id": resource.resource_id,
            "tenant_id": self._cloud.project_id,
            "operation_status": self._operations.status_of(resource.resource_id),
            "os_login_status": "ACTIVE",
            "os_monitoring_status": "ACTIVE",
            "vm_status": "ACTIVE",
        }
