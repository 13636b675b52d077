# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An API in the style of Azure's: 202 names the URL of the operation, and each answer when to ask again.

Unlike Azure, it lets in a name and a password too.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, jsonify, request

from .errors import ApiError
from .plain_services import AZURE, utc_text
from .state import PlannedOperation, Store

RETRY_AFTER = "2"  # seconds
LOCATION = f"{AZURE.resource.split('/resourceGroups/')[0]}/providers/Microsoft.Compute/locations/westeurope"
RESTART = "restart"
SUCCESS: dict[str, Any] = {"status": "Succeeded", "percentComplete": 100}
FAILURE = {
    "status": "Failed",
    "error": {"code": "VMRestartTimedOut", "message": "The simulated machine did not come back."},
}
ENDS = {
    "": SUCCESS,
    "canceled": {
        "status": "Canceled",
        "error": {"code": "OperationPreempted", "message": "The operation was preempted by a more recent one."},
    },
}


def azure_blueprint(store: Store) -> Blueprint:
    api = Blueprint("azure", __name__, url_prefix=f"/{AZURE.name}")
    handlers = Azure(store)
    api.before_request(_check_request)
    api.add_url_rule(AZURE.resource, "resource", handlers.show_resource)
    api.add_url_rule(f"{AZURE.resource}/{RESTART}", "act", handlers.act, methods=["POST"])
    api.add_url_rule(f"{LOCATION}/operations/<operation_id>", "operation", handlers.show_operation)
    api.add_url_rule(f"{LOCATION}/operationResults/<operation_id>", "result", handlers.show_result)

    @api.route("/<path:rest>")
    def unknown(rest: str) -> Response:
        raise _error(404, "ResourceNotFound", f"The resource '{rest}' was not found.")

    return api


class Azure:
    """The handlers."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def show_resource(self) -> Response:
        return jsonify(
            {
                "id": AZURE.resource,
                "name": "one",
                "location": "westeurope",
                "properties": {"provisioningState": "Succeeded"},
            }
        )

    def act(self) -> Response:
        try:
            operation = AZURE.begin_requested(self._store, RESTART)
        except ValueError as error:
            raise _error(400, "BadRequest", str(error)) from error
        response = Response(status=202)
        for header, folder in (("Azure-AsyncOperation", "operations"), ("Location", "operationResults")):
            path = f"{request.host_url}{AZURE.name}{LOCATION}/{folder}/{operation.operation_id}"
            response.headers[header] = f"{path}?api-version={request.args['api-version']}"
        response.headers["Retry-After"] = RETRY_AFTER
        return response

    def show_operation(self, operation_id: str) -> Response:
        """200 at all times."""
        return self._answer(operation_id)

    def show_result(self, operation_id: str) -> Response:
        """202 as long as it runs, which says the same."""
        response = self._answer(operation_id)
        if "Retry-After" in response.headers:
            response.status_code = 202
        return response

    def _answer(self, operation_id: str) -> Response:
        operation = self._store.plain_operations[AZURE.name].get(operation_id)
        if operation is None:
            raise _error(404, "NotFound", f"The operation {operation_id} was not found.")
        response = jsonify(self._view(operation))
        if self._store.elapsed(operation.begun) < operation.plan.seconds:
            response.headers["Retry-After"] = RETRY_AFTER
        return response

    def _view(self, operation: PlannedOperation) -> dict[str, Any]:
        elapsed, seconds = self._store.elapsed(operation.begun), operation.plan.seconds
        view: dict[str, Any] = {
            "id": f"{LOCATION}/operations/{operation.operation_id}",
            "name": operation.operation_id,
            "status": "InProgress",
            "startTime": utc_text(operation.begun),
        }
        if elapsed < seconds:
            return view | {"percentComplete": int(100 * elapsed / seconds)}
        view["endTime"] = utc_text(self._store.moment(operation.begun, seconds))
        return view | ENDS.get(operation.plan.fail, FAILURE)


def _check_request() -> None:
    if not AZURE.knows_caller():
        raise _error(401, "AuthenticationFailed", "Authentication failed.")
    if "api-version" not in request.args:
        raise _error(400, "MissingApiVersionParameter", "The api-version query parameter (?api-version=) is required.")


def _error(status: int, code: str, message: str) -> ApiError:
    return ApiError(status, {"error": {"code": code, "message": message}})
