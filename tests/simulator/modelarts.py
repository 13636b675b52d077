# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""ModelArts Lite Server: volume operations of servers and hyperinstances."""
from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, Response, jsonify, request

from .accounts import Cloud
from .auth import authenticate_in
from .errors import gateway_not_published, modelarts_error
from .plan import HEADER, parse_plan
from .state import PlannedOperation, Store

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
PENDING_PART = 0.2  # of the duration, before the work begins
FAILURE = {"code": "ModelArts.6500", "message": "The volume operation failed on the storage node."}


def modelarts_blueprint(store: Store, cloud: Cloud) -> Blueprint:
    api = Blueprint("modelarts", __name__, url_prefix=f"/{cloud.name}/modelarts")
    state_of = ModelArts(store, cloud)
    servers = "/v1/<project>/dev-servers/<resource_id>"
    groups = "/v1/<project>/dev-servers/hyperinstance/<resource_id>"
    api.add_url_rule(servers, "server", state_of.show_server)
    api.add_url_rule(f"{servers}/operation/<operation_id>", "operation", state_of.show_operation)
    api.add_url_rule(f"{groups}/operation/<operation_id>", "group_operation", state_of.show_operation)
    api.add_url_rule(f"{servers}/attachvolume", "attach", state_of.attach, methods=["POST"])
    api.add_url_rule(f"{servers}/detachvolume/<volume_id>", "detach", state_of.detach, methods=["DELETE"])

    @api.route("/<path:rest>", methods=METHODS)
    def unknown(rest: str) -> Response:
        raise gateway_not_published()

    @api.after_request
    def identify(response: Response) -> Response:
        response.headers["X-Request-Id"] = uuid.uuid4().hex
        return response

    return api


class ModelArts:
    """The handlers; all of them check the caller and the project first."""

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store
        self._cloud = cloud

    def show_server(self, project: str, resource_id: str) -> Response:
        authenticate_in(self._store, self._cloud, project)
        self._check_resource(resource_id)
        return jsonify({
            "id": resource_id, "name": "lite-server", "status": "RUNNING", "category": "A3", "charging_mode": "COMMON",
            "flavor": "modelarts.bm.npu.a3", "create_at": 1789000000000, "update_at": 1789000000000,
            "vpc_id": self._cloud.resource_id("vpc"), "subnet_id": self._cloud.resource_id("subnet"), "volumes": [],
        })

    def show_operation(self, project: str, resource_id: str, operation_id: str) -> Response:
        authenticate_in(self._store, self._cloud, project)
        self._check_resource(resource_id)
        operation = self._store.clouds[self._cloud.name].operations.get(operation_id)
        if operation is None or operation.service != "modelarts" or operation.resource_id != resource_id:
            # Inferred: no document shows an unknown operation; an unknown server is a 400 with this code.
            raise modelarts_error(400, "ModelArts.6404", f"The operation {operation_id} does not exist.")
        return jsonify(self._view(operation))

    def attach(self, project: str, resource_id: str) -> Response:
        volume = (request.get_json(silent=True) or {}).get("volume_id")
        return self._begin(project, resource_id, "node_attach_volume", volume)

    def detach(self, project: str, resource_id: str, volume_id: str) -> Response:
        return self._begin(project, resource_id, "node_detach_volume", volume_id)

    def _begin(self, project: str, resource_id: str, kind: str, volume_id: str | None) -> Response:
        caller = authenticate_in(self._store, self._cloud, project)
        self._check_resource(resource_id)
        if not volume_id:
            raise modelarts_error(400, "ModelArts.0104", "Invalid parameter, error: volume_id is required.")
        try:
            plan = parse_plan(request.headers.get(HEADER, ""))
        except ValueError as error:
            raise modelarts_error(400, "ModelArts.0104", str(error)) from error
        operation = self._store.clouds[self._cloud.name].begin(PlannedOperation(
            "modelarts", str(uuid.uuid4()), resource_id, kind, self._store.clock(), plan, user_id=caller.user.user_id))
        return jsonify(self._view(operation))

    def _check_resource(self, resource_id: str) -> None:
        if resource_id not in (self._cloud.resource_id("lite_server"), self._cloud.resource_id("hyperinstance")):
            raise modelarts_error(400, "ModelArts.6404", f"The server {resource_id} does not exist.")

    def _view(self, operation: PlannedOperation) -> dict[str, Any]:
        status = modelarts_status(operation, self._store.elapsed(operation.begun))
        body: dict[str, Any] = {
            "operation_id": operation.operation_id,
            "operation_status": status,
            "operation_type": operation.kind,
        }
        if status == "failed":
            body["operation_error"] = FAILURE
        return body


def modelarts_status(operation: PlannedOperation, elapsed: float) -> str:
    duration = operation.plan.seconds
    if elapsed >= duration:
        return "failed" if operation.plan.fail else "success"
    return "pending" if elapsed < duration * PENDING_PART else "running"
