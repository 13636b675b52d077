# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The simulator's control API for playbooks, which cannot call Simulator's methods."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, jsonify, request

from .operations import add_operation
from .state import Store

if TYPE_CHECKING:
    from .app import Gatekeeper


def control_blueprint(gatekeeper: Gatekeeper, store: Store, prefix: str) -> Blueprint:
    api = Blueprint("control", __name__, url_prefix=prefix)

    def given() -> dict[str, Any]:
        body = request.get_json()
        if not isinstance(body, dict):
            raise ValueError("a JSON object is expected")
        return body

    @api.errorhandler(ValueError)
    @api.errorhandler(LookupError)
    @api.errorhandler(TypeError)
    def refuse(error: Exception) -> tuple[Response, int]:
        return jsonify({"error": str(error)}), 400

    @api.get("/requests")
    def requests() -> Response:
        return jsonify(gatekeeper.requests)

    @api.post("/faults")
    def faults() -> tuple[Response, int]:
        gatekeeper.faults.add(**given())
        return jsonify({}), 201

    @api.post("/operations")
    def operations() -> tuple[Response, int]:
        return jsonify(add_operation(store, **given())), 201

    @api.post("/settings")
    def settings() -> Response:
        store.page_size = int(given()["page_size"])
        return jsonify({"page_size": store.page_size})

    @api.post("/reset")
    def reset() -> Response:
        gatekeeper.reset()
        return jsonify({})

    return api
