# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The operations of ECL's services: the same requests for appliances and load balancers, in two dialects."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

from flask import Blueprint, Response, jsonify, request

from .accounts import Cloud
from .auth import Caller, authenticate
from .errors import ecl_error
from .plan import HEADER, parse_plan
from .state import CloudState, PlannedOperation, Resource, Store

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
BUSY = ("PROCESSING", "STUCK")  # a new request is refused
ENDS = {"": "COMPLETE", "error": "ERROR", "stuck": "STUCK"}
FILTERS = ("id", "resource_id", "resource_type", "request_id", "status", "tenant_id")


@dataclass(frozen=True)
class Dialect:
    service: str
    resource_type: str
    request_id_header: str
    nothing: str | None  # replaces an empty text
    many_types: bool  # "request_types", a list, instead of "request_type"
    listed_bodies: bool  # whether the list has the bodies of the requests


APPLIANCES = Dialect(
    "vna", "ECL::VirtualNetworkAppliance::VSRX", "X-VNA-Request-Id", None, many_types=False, listed_bodies=True
)
LOAD_BALANCERS = Dialect(
    "mlb", "ECL::ManagedLoadBalancer::LoadBalancer", "X-MVNA-Request-Id", "", many_types=True, listed_bodies=False
)


def service_blueprint(
    store: Store, cloud: Cloud, path: str, resources: str, operations: EclOperations, handlers: Any
) -> Blueprint:
    """Return the URLs of a service. resources: their name in its path. handlers: list, show, create and so on."""
    api = Blueprint(resources, __name__, url_prefix=f"/{cloud.name}/{path}")
    root = f"/v1.0/{resources}"
    one = f"{root}/<resource_id>"
    api.add_url_rule("/v1.0/operations", "operations", operations.list_operations)
    api.add_url_rule("/v1.0/operations/<operation_id>", "operation", operations.show_operation)
    api.add_url_rule(root, "list", handlers.list)
    api.add_url_rule(root, "create", handlers.create, methods=["POST"])
    api.add_url_rule(one, "show", handlers.show)
    api.add_url_rule(one, "update", handlers.update, methods=["PATCH"])
    api.add_url_rule(one, "delete", handlers.delete, methods=["DELETE"])
    api.add_url_rule(f"{one}/action", "act", handlers.act, methods=["POST"])

    @api.route("/<path:rest>", methods=METHODS)
    def unknown(rest: str) -> Response:
        authenticate(store, cloud)
        raise ecl_error(404, "Not Found")

    return api


class EclHandlers:
    """The handlers of a service: its resources are changed by operations."""

    key = ""  # of a resource in an answer

    def __init__(self, store: Store, cloud: Cloud, operations: EclOperations) -> None:
        self._store = store
        self._cloud = cloud
        self._operations = operations

    def list(self) -> Response:
        authenticate(self._store, self._cloud)
        return jsonify({f"{self.key}s": [self._view(each) for each in self._operations.remaining()]})

    def _view(self, resource: Resource) -> dict[str, Any]:
        """Return a resource as the service shows it."""
        raise NotImplementedError


class EclOperations:
    """The handlers of the operations, and what the handlers of the resources need."""

    def __init__(self, store: Store, cloud: Cloud, dialect: Dialect) -> None:
        self._store = store
        self._cloud = cloud
        self._dialect = dialect

    @property
    def _state(self) -> CloudState:
        return self._store.clouds[self._cloud.name]

    @property
    def resources(self) -> dict[str, Resource]:
        return self._state.resources[self._dialect.service]

    def list_operations(self) -> Response:
        authenticate(self._store, self._cloud)
        found = self._own()
        if _is_true("no_deleted"):
            found = [operation for operation in found if not self.is_deleted(operation.resource_id)]
        if _is_true("latest"):
            found = list({operation.resource_id: operation for operation in found}.values())
        views = [self._view(operation) for operation in found if _asked_for("request_type", _kinds(operation))]
        views = [view for view in views if all(_asked_for(name, [view[name]]) for name in FILTERS)]
        if not self._dialect.listed_bodies:
            for view in views:
                del view["request_body"]
        return jsonify({"operations": views})

    def show_operation(self, operation_id: str) -> Response:
        authenticate(self._store, self._cloud)
        for operation in self._own():
            if operation.operation_id == operation_id:
                return jsonify({"operation": self._view(operation)})
        raise ecl_error(404, "Not Found")

    def begin(self, caller: Caller, resource_id: str, kind: str) -> None:
        """Start the operation of this request, unless it is a repetition or the resource is busy."""
        if self.repeated(kind, resource_id) is not None:
            return
        status = self.status_of(resource_id)
        if status in BUSY:
            raise ecl_error(409, f"The operation_status of the resource is {status}.")
        try:
            plan = parse_plan(request.headers.get(HEADER, ""))
        except ValueError as error:
            raise ecl_error(400, str(error)) from error
        self._state.begin(
            PlannedOperation(
                self._dialect.service,
                str(uuid.uuid4()),
                resource_id,
                kind,
                self._store.clock(),
                plan,
                self._request_id(),
                request.get_json(silent=True) or {},
                caller.user.user_id,
            )
        )

    def repeated(self, kind: str, resource_id: str | None) -> PlannedOperation | None:
        """Return the operation of the same request, if there is one: repeating it changes nothing."""
        for operation in self._own() if self._request_id() else ():
            same_path = resource_id in (None, operation.resource_id)
            if operation.request_id == self._request_id() and operation.kind == kind and same_path:
                return operation
        return None

    def resource(self, resource_id: str) -> Resource:
        found = self.resources.get(resource_id)
        if found is None or self.is_deleted(resource_id):
            raise ecl_error(404, "Not Found")
        return found

    def remaining(self) -> list[Resource]:
        return [each for each in self.resources.values() if not self.is_deleted(each.resource_id)]

    def status_of(self, resource_id: str) -> str:
        statuses = [self._status(operation) for operation in self._own(resource_id)]
        return statuses[-1] if statuses else "COMPLETE"

    def is_deleted(self, resource_id: str) -> bool:
        return any(
            operation.kind == "Delete" and self._status(operation) == "COMPLETE" for operation in self._own(resource_id)
        )

    def _request_id(self) -> str:
        return request.headers.get(self._dialect.request_id_header, "")

    def _own(self, resource_id: str | None = None) -> list[PlannedOperation]:
        """Oldest first."""
        return [
            operation
            for operation in self._state.operations.values()
            if operation.service == self._dialect.service and resource_id in (None, operation.resource_id)
        ]

    def _status(self, operation: PlannedOperation) -> str:
        end = self._store.elapsed(operation.begun) >= operation.plan.seconds
        return ENDS.get(operation.plan.fail, "ERROR") if end else "PROCESSING"

    def _view(self, operation: PlannedOperation) -> dict[str, Any]:
        status = self._status(operation)
        end = self._store.moment(operation.begun, operation.plan.seconds)
        failed = status in ("ERROR", "STUCK")
        types = {"request_types": _kinds(operation)} if self._dialect.many_types else {"request_type": operation.kind}
        return types | {
            "id": operation.operation_id,
            "resource_id": operation.resource_id,
            "resource_type": self._dialect.resource_type,
            "request_id": operation.request_id,
            "request_body": operation.request_body,
            "status": status,
            "reception_datetime": ecl_time(operation.begun),
            "commit_datetime": self._dialect.nothing if status == "PROCESSING" else ecl_time(end),
            "warning": self._dialect.nothing,
            "error": f"simulated {status.lower()} of {operation.kind}" if failed else self._dialect.nothing,
            "tenant_id": self._cloud.project_id,
        }


def given_fields(key: str) -> dict[str, Any]:
    given = (request.get_json(silent=True) or {}).get(key)
    if not isinstance(given, dict):
        raise ecl_error(400, f"{key} is required.")
    return given


def ecl_time(moment: float) -> str:
    return datetime.fromtimestamp(moment, timezone.utc).strftime("%Y-%m-%d %H:%M:%S")


def _kinds(operation: PlannedOperation) -> list[str]:
    """One request can ask a load balancer for two things."""
    return operation.kind.split(",")


def _asked_for(name: str, values: Iterable[str]) -> bool:
    """Return whether the query asks for one of these values, or for any."""
    wanted = request.args.getlist(name)
    return not wanted or any(value in wanted for value in values)


def _is_true(name: str) -> bool:
    return request.args.get(name, "false").lower() == "true"
