# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Glance with the images that createImage has made, whose outcome Nova does not show; and imports into images."""

from __future__ import annotations

import uuid
from datetime import datetime, timezone
from typing import Any

from flask import Blueprint, Response, jsonify, request

from .accounts import Cloud
from .auth import authenticate
from .errors import HTML_NOT_FOUND, ApiError
from .plan import HEADER, parse_plan
from .state import Action, PlannedOperation, Server, Store

IMPORTS = "image"  # the service of imports


def image_id_of(request_id: str) -> str:
    """Return the id of the image that this request makes."""
    return str(uuid.uuid5(uuid.NAMESPACE_OID, request_id))


def _made_of(store: Store, cloud: Cloud, server: Server) -> list[dict[str, Any]]:
    """Return the images of a server, newest first."""
    made = [_view(store, cloud, server, action) for action in reversed(server.actions)]
    return [image for image in made if image["status"]]


def _view(store: Store, cloud: Cloud, server: Server, action: Action) -> dict[str, Any]:
    began = datetime.fromtimestamp(store.moment(action.begun, action.timeline.started), timezone.utc)
    image_id = image_id_of(action.request_id)
    return {
        "id": image_id,
        "name": f"image of {server.name}",
        "status": action.timeline.image_at(store.elapsed(action.begun)),
        "visibility": "private",
        "owner": cloud.project_id,
        "created_at": began.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "instance_uuid": server.server_id,
        "image_type": "backup" if action.timeline.action == "createBackup" else "snapshot",
        "self": f"/v2/images/{image_id}",
        "schema": "/v2/schemas/image",
    }


def _imports_into(store: Store, cloud: Cloud, image_id: str) -> list[PlannedOperation]:
    every = store.clouds[cloud.name].operations.values()
    return [each for each in every if each.service == IMPORTS and each.resource_id == image_id]


def _status(store: Store, operation: PlannedOperation) -> str:
    if store.elapsed(operation.begun) < operation.plan.seconds:
        return "processing"
    return "failure" if operation.plan.fail else "success"


def _task(store: Store, cloud: Cloud, operation: PlannedOperation) -> dict[str, Any]:
    began = datetime.fromtimestamp(operation.begun, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    status = _status(store, operation)
    return {
        "id": operation.operation_id,
        "image_id": operation.resource_id,
        "type": "api_image_import",
        "status": status,
        "message": "the store is full" if status == "failure" else "",
        "request_id": operation.request_id or f"req-{operation.operation_id}",
        "owner": cloud.project_id,
        "user_id": operation.user_id,
        "created_at": began,
        "updated_at": began,
    }


def _imported(store: Store, cloud: Cloud, image_id: str) -> dict[str, Any] | None:
    """Return an image with the state of the last import into it."""
    imports = _imports_into(store, cloud, image_id)
    if not imports:
        return None
    status = _status(store, imports[-1])
    lock = {"os_glance_import_task": imports[-1].operation_id} if status == "processing" else {}
    failed = {"os_glance_failed_import": "file"} if status == "failure" else {"stores": "file"}
    word = {"processing": "importing", "failure": "queued", "success": "active"}[status]
    return {"id": image_id, "name": "image-0", "status": word, "owner": cloud.project_id, **lock, **failed}


def _add_imports(api: Blueprint, store: Store, cloud: Cloud) -> None:
    @api.post("/v2/images/<image_id>/import")
    def begin(image_id: str) -> Response:
        user_id = authenticate(store, cloud).user.user_id
        plan, request_id = parse_plan(request.headers.get(HEADER, "")), f"req-{uuid.uuid4()}"
        operation = PlannedOperation(
            IMPORTS, str(uuid.uuid4()), image_id, "image_import", store.clock(), plan, request_id
        )
        operation.user_id = user_id
        store.clouds[cloud.name].begin(operation)
        return Response(status=202, headers={"X-Openstack-Request-Id": request_id})

    @api.get("/v2/images/<image_id>/tasks")
    def tasks(image_id: str) -> Response:
        authenticate(store, cloud)
        imports = _imports_into(store, cloud, image_id)
        if not imports:
            raise ApiError(404, HTML_NOT_FOUND)
        return jsonify({"tasks": [_task(store, cloud, each) for each in imports]})


def image_blueprint(store: Store, cloud: Cloud) -> Blueprint:
    api = Blueprint(f"{cloud.name}_image", __name__, url_prefix=f"/{cloud.name}/image")

    _add_imports(api, store, cloud)

    def all_images() -> list[dict[str, Any]]:
        with store.lock:
            servers = store.clouds[cloud.name].servers.values()
            return [image for server in servers for image in _made_of(store, cloud, server)]

    @api.get("/")
    def versions() -> tuple[Response, int]:
        link = {"rel": "self", "href": f"{request.host_url}{cloud.name}/image/v2/"}
        return jsonify({"versions": [{"id": "v2.9", "status": "CURRENT", "links": [link]}]}), 300

    @api.get("/v2/images")
    def images() -> Response:
        authenticate(store, cloud)
        wanted = request.args.get("instance_uuid")
        found = [image for image in all_images() if wanted in (None, image["instance_uuid"])]
        return jsonify({"images": found, "first": "/v2/images", "schema": "/v2/schemas/images"})

    @api.get("/v2/images/<image_id>")
    def image(image_id: str) -> Response:
        authenticate(store, cloud)
        made = next((image for image in all_images() if image["id"] == image_id), None)
        found = made or _imported(store, cloud, image_id)
        if found is None:
            raise ApiError(404, HTML_NOT_FOUND)
        return jsonify(found)

    return api
