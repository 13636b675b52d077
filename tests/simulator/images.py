# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Glance with the images that createImage has made: it shows their outcome, and Nova does not."""

from __future__ import annotations

import uuid
from datetime import datetime, timezone
from typing import Any

from flask import Blueprint, Response, jsonify, request

from .accounts import Cloud
from .auth import authenticate
from .errors import keystone_error
from .state import Action, Server, Store


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


def image_blueprint(store: Store, cloud: Cloud) -> Blueprint:
    api = Blueprint(f"{cloud.name}_image", __name__, url_prefix=f"/{cloud.name}/image")

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
        found = next((image for image in all_images() if image["id"] == image_id), None)
        if found is None:
            raise keystone_error(404, "Not Found", f"No image found with ID {image_id}")
        return jsonify(found)

    return api
