# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An API in the style of google.longrunning: an operation is done, and then has an error or a response."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, jsonify

from .errors import ApiError
from .plain_services import GOOGLE, utc_text
from .state import PlannedOperation, Store

PREFIX = "operations/"
TYPE = "type.googleapis.com/google.cloud.simulated.v1."
RESTART = "restart"
STATUS = {400: "INVALID_ARGUMENT", 401: "UNAUTHENTICATED", 404: "NOT_FOUND"}
ERRORS = {  # numbers of google.rpc.Code
    "error": {"code": 13, "message": "The simulated instance did not come back.", "details": []},
    "canceled": {"code": 1, "message": "The operation was cancelled.", "details": []},
}


def google_blueprint(store: Store) -> Blueprint:
    api = Blueprint("google", __name__, url_prefix=f"/{GOOGLE.name}")
    handlers = Google(store)
    api.before_request(_check_caller)
    api.add_url_rule("/v1/operations", "operations", handlers.list_operations)
    api.add_url_rule("/v1/operations/<path:operation_id>", "operation", handlers.show_operation)
    api.add_url_rule("/v1/<path:name>", "resource", handlers.show_resource)
    api.add_url_rule("/v1/<path:name>", "act", handlers.act, methods=["POST"])
    return api


class Google:
    """The handlers."""

    def __init__(self, store: Store) -> None:
        self._store = store

    @property
    def _operations(self) -> dict[str, PlannedOperation]:
        return self._store.plain_operations[GOOGLE.name]

    def list_operations(self) -> Response:
        return jsonify({"operations": [self._view(operation) for operation in self._operations.values()]})

    def show_operation(self, operation_id: str) -> Response:
        if operation_id not in self._operations:
            raise _error(404, f"Operation not found: {PREFIX}{operation_id}")
        return jsonify(self._view(self._operations[operation_id]))

    def show_resource(self, name: str) -> Response:
        if name != GOOGLE.resource:
            raise _error(404, f"Resource not found: {name}")
        return jsonify({"name": name, "state": "READY"})

    def act(self, name: str) -> Response:
        resource, _colon, action = name.partition(":")
        if resource != GOOGLE.resource or action != RESTART:
            raise _error(404, f"Method not found: {name}")
        try:
            return jsonify(self._view(GOOGLE.begin_requested(self._store, RESTART)))
        except ValueError as error:
            raise _error(400, str(error)) from error

    def _view(self, operation: PlannedOperation) -> dict[str, Any]:
        metadata = {
            "@type": f"{TYPE}OperationMetadata",
            "createTime": utc_text(operation.begun),
            "target": operation.resource_id,
            "verb": operation.kind,
            "apiVersion": "v1",
        }
        view: dict[str, Any] = {"name": f"{PREFIX}{operation.operation_id}", "metadata": metadata}
        if self._store.elapsed(operation.begun) < operation.plan.seconds:
            return view  # "done" is false, and its JSON omits false
        metadata["endTime"] = utc_text(self._store.moment(operation.begun, operation.plan.seconds))
        if operation.plan.fail:
            return view | {"done": True, "error": ERRORS.get(operation.plan.fail, ERRORS["error"])}
        return view | {"done": True, "response": {"@type": f"{TYPE}Instance", "name": operation.resource_id}}


def _check_caller() -> None:
    if not GOOGLE.knows_caller():
        raise _error(401, "Request had invalid authentication credentials.")


def _error(status: int, message: str) -> ApiError:
    return ApiError(status, {"error": {"code": status, "message": message, "status": STATUS[status], "details": []}})
