# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""ModelArts Lite Server: volume operations of servers and hyperinstances, which have an id."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, Response, jsonify, request

from .accounts import Cloud
from .auth import authenticate_in
from .errors import modelarts_error
from .gateway_service import GatewayService
from .lite_servers import add_lite_servers, check_resource
from .state import PlannedOperation, Store

PENDING_PART = 0.2  # of the duration, before the work begins
FAILURE = {"code": "ModelArts.6500", "message": "The volume operation failed on the storage node."}


def modelarts_blueprint(store: Store, cloud: Cloud) -> Blueprint:
    service = GatewayService(store, cloud, "modelarts")
    volumes = Volumes(service)
    api = service.blueprint()
    servers = "/v1/<project>/dev-servers/<resource_id>"
    groups = "/v1/<project>/dev-servers/hyperinstance/<resource_id>"
    api.add_url_rule(f"{servers}/operation/<operation_id>", "operation", volumes.show_operation)
    api.add_url_rule(f"{groups}/operation/<operation_id>", "group_operation", volumes.show_operation)
    api.add_url_rule(f"{servers}/attachvolume", "attach", volumes.attach, methods=["POST"])
    api.add_url_rule(f"{servers}/detachvolume/<volume_id>", "detach", volumes.detach, methods=["DELETE"])
    add_lite_servers(api, GatewayService(store, cloud, "lite_server"))

    @api.after_request
    def identify(response: Response) -> Response:
        response.headers["X-Request-Id"] = uuid.uuid4().hex
        return response

    return api


class Volumes:
    """The handlers."""

    def __init__(self, service: GatewayService) -> None:
        self._service = service

    def show_operation(self, project: str, resource_id: str, operation_id: str) -> Response:
        operation = self._service.find(project, operation_id)
        check_resource(self._service, resource_id)
        if operation is None or operation.resource_id != resource_id:
            # Inferred: no document shows an unknown operation; an unknown server is a 400 with this code.
            raise modelarts_error(400, "ModelArts.6404", f"The operation {operation_id} does not exist.")
        return jsonify(self._view(operation))

    def attach(self, project: str, resource_id: str) -> Response:
        volume = (request.get_json(silent=True) or {}).get("volume_id")
        return self._begin(project, resource_id, "node_attach_volume", volume)

    def detach(self, project: str, resource_id: str, volume_id: str) -> Response:
        return self._begin(project, resource_id, "node_detach_volume", volume_id)

    def _begin(self, project: str, resource_id: str, kind: str, volume_id: str | None) -> Response:
        authenticate_in(self._service.store, self._service.cloud, project)
        check_resource(self._service, resource_id)
        if not volume_id:
            raise modelarts_error(400, "ModelArts.0104", "Invalid parameter, error: volume_id is required.")
        return jsonify(self._view(self._service.begin(project, str(uuid.uuid4()), resource_id, kind)))

    def _view(self, operation: PlannedOperation) -> dict[str, Any]:
        status = modelarts_status(operation, self._service.elapsed(operation))
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
