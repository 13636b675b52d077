# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""ECL's Managed Load Balancer API: load balancers, and the operations that change them.

Creating or updating only stages a configuration; an operation begins when that is applied, when the system is updated,
and when the load balancer is deleted.
"""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, Response, jsonify, request

from .accounts import Cloud
from .auth import authenticate
from .ecl_operations import LOAD_BALANCERS, EclHandlers, EclOperations, given_fields, service_blueprint
from .errors import ecl_error
from .state import Resource, Store

KEY = "load_balancer"
APPLY, SYSTEM_UPDATE, CANCEL = "apply-configurations", "system-update", "cancel-configurations"


def load_balancer_blueprint(store: Store, cloud: Cloud) -> Blueprint:
    operations = EclOperations(store, cloud, LOAD_BALANCERS)
    handlers = LoadBalancers(store, cloud, operations)
    return service_blueprint(store, cloud, "managed-load-balancer", "load_balancers", operations, handlers)


class LoadBalancers(EclHandlers):
    key = KEY

    def show(self, resource_id: str) -> Response:
        authenticate(self._store, self._cloud)
        return jsonify({KEY: self._view(self._operations.resource(resource_id))})

    def create(self) -> Response:
        authenticate(self._store, self._cloud)
        balancer = Resource(str(uuid.uuid4()), given_fields(KEY) | {"configuration_status": "CREATE_STAGED"})
        self._operations.resources[balancer.resource_id] = balancer
        return jsonify({KEY: self._view(balancer)})

    def update(self, resource_id: str) -> Response:
        authenticate(self._store, self._cloud)
        balancer = self._operations.resource(resource_id)
        balancer.fields |= given_fields(KEY)
        return jsonify({KEY: self._view(balancer)})

    def delete(self, resource_id: str) -> Response:
        caller = authenticate(self._store, self._cloud)
        self._operations.begin(caller, self._operations.resource(resource_id).resource_id, "Delete")
        return Response(status=204)

    def act(self, resource_id: str) -> Response:
        caller = authenticate(self._store, self._cloud)
        balancer = self._operations.resource(resource_id)
        body = request.get_json(silent=True)
        if not isinstance(body, dict) or not body or set(body) - {APPLY, SYSTEM_UPDATE, CANCEL}:
            raise ecl_error(400, f"the actions are {APPLY}, {SYSTEM_UPDATE} and {CANCEL}")
        kinds = [f"Action::{action}" for action in (APPLY, SYSTEM_UPDATE) if action in body]
        if kinds:
            self._operations.begin(caller, resource_id, ",".join(kinds))
        balancer.fields["configuration_status"] = "ACTIVE"
        return Response(status=204)

    def _view(self, resource: Resource) -> dict[str, Any]:
        return {
            "name": "load_balancer",
            "description": "",
            "tags": {},
            "configuration_status": "ACTIVE",
            "monitoring_status": "ACTIVE",
            "primary_availability_zone": "zone1-groupa",
            "secondary_availability_zone": "zone1-groupb",
            "active_availability_zone": "zone1-groupa",
            "revision": 1,
            "plan_id": self._cloud.resource_id("load balancer plan"),
            "plan_name": "50M_HA_4IF",
            "syslog_servers": [],
            "interfaces": [],
            **resource.fields,
            "id": resource.resource_id,
            "tenant_id": self._cloud.project_id,
            "operation_status": self._operations.status_of(resource.resource_id),
        }
