# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Glance without an image: the modules of openstack.cloud look for a server's image before they act on it."""
from __future__ import annotations

from flask import Blueprint, Response, jsonify, request

from .accounts import Cloud
from .auth import authenticate
from .errors import keystone_error
from .state import Store


def image_blueprint(store: Store, cloud: Cloud) -> Blueprint:
    api = Blueprint(f"{cloud.name}_image", __name__, url_prefix=f"/{cloud.name}/image")

    @api.get("/")
    def versions() -> tuple[Response, int]:
        link = {"rel": "self", "href": f"{request.host_url}{cloud.name}/image/v2/"}
        return jsonify({"versions": [{"id": "v2.9", "status": "CURRENT", "links": [link]}]}), 300

    @api.get("/v2/images")
    def images() -> Response:
        authenticate(store, cloud)
        return jsonify({"images": [], "first": "/v2/images", "schema": "/v2/schemas/images"})

    @api.get("/v2/images/<image_id>")
    def image(image_id: str) -> Response:
        authenticate(store, cloud)
        raise keystone_error(404, "Not Found", f"No image found with ID {image_id}")

    return api
