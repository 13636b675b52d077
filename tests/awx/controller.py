# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""As much of AWX's API as the modules of awx.awx ask for: things with names, their links, and AWX's own checks."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

from awx.rules import Refused, check_credential_type, check_inputs, check_survey
from awx_plugins.credentials.plugins import openstack
from flask import Flask, Response, jsonify, request
from werkzeug.serving import WSGIRequestHandler, make_server

TOKEN = "awx-Token-93c1f7"
ROOT = "/api/v2"
Item = dict[str, Any]
# The kinds of things, and of each what its links are called.
KINDS: dict[str, tuple[str, ...]] = {
    "organizations": (),
    "credential_types": (),
    "credentials": (),
    "execution_environments": (),
    "inventories": (),
    "projects": (),
    "job_templates": ("credentials",),
    "workflow_job_templates": (),
    "workflow_job_template_nodes": ("success_nodes", "failure_nodes", "always_nodes"),
}
_SECRET = "$encrypted$"
_NO_FILTERS = ("page", "page_size", "order_by")


class _QuietHandler(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: Any) -> None:
        """Say nothing."""


class Controller:
    """An AWX on loopback, until the block ends. What was made is in `things`, by kind."""

    def __init__(self) -> None:
        self.things: dict[str, list[Item]] = {kind: [] for kind in KINDS}
        self.surveys: dict[str, Item] = {}
        self.links: dict[str, list[int]] = {}
        self.changes = 0
        self._ids = iter(range(1, 10_000))
        self._server = make_server("127.0.0.1", 0, self._app(), threaded=True, request_handler=_QuietHandler)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self.url = f"http://127.0.0.1:{self._server.port}"
        self.add("organizations", {"name": "Default"})
        managed = {"name": openstack.name, "kind": openstack.kind, "inputs": openstack.inputs, "managed": True}
        self.add("credential_types", managed)

    def __enter__(self) -> Controller:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def named(self, kind: str, name: str) -> Item:
        """The one thing of this name."""
        (item,) = [each for each in self.things[kind] if name in (each.get("name"), each.get("identifier"))]
        return item

    def numbered(self, number: int) -> Item:
        """The thing with this id."""
        (item,) = [each for each in self._all() if each["id"] == number]
        return item

    def link(self, item: Item, link: str, *others: Item) -> None:
        """Make these all that this thing is linked to."""
        self.links[f"{item['url']}{link}/"] = [other["id"] for other in others]

    def linked(self, item: Item, link: str) -> list[Item]:
        """What this thing is linked to."""
        return [self.numbered(number) for number in self.links.get(f"{item['url']}{link}/", [])]

    def survey(self, item: Item) -> Item | None:
        """The survey of this template, if it is enabled."""
        return self.surveys.get(item["url"]) if item.get("survey_enabled") else None

    def _all(self) -> Iterator[Item]:
        for items in self.things.values():
            yield from items

    def add(self, kind: str, given: Item) -> Item:
        """Make a thing. Raises Refused where AWX would."""
        self._check(kind, given)
        number = next(self._ids)
        url = f"{ROOT}/{kind}/{number}/"
        item = {"type": kind[:-1], **given, "id": number, "url": url, "summary_fields": {}, "related": {}}
        if kind.endswith("job_templates"):
            item["related"]["survey_spec"] = f"{url}survey_spec/"
        if kind == "projects":
            item["scm_revision"] = ""
        self.things[kind].append(item)
        return item

    def _shown(self, item: Item) -> Item:
        """A thing as the API shows it: without secrets."""
        if "inputs" not in item or "credential_type" not in item:
            return item
        fields = self.numbered(item["credential_type"])["inputs"]["fields"]
        secret = {field["id"] for field in fields if field.get("secret")}
        shown = {name: _SECRET if name in secret else value for name, value in item["inputs"].items()}
        return {**item, "inputs": shown}

    def _check(self, kind: str, given: Item) -> None:
        if kind == "credential_types" and not given.get("managed"):
            check_credential_type(given)
        if kind == "credentials":
            check_inputs(self.numbered(given["credential_type"])["inputs"], given["inputs"])

    def _app(self) -> Flask:
        app = Flask("controller")
        app.before_request(_authenticate)
        app.register_error_handler(Refused, lambda exc: (jsonify({"error": str(exc), "__all__": [str(exc)]}), 400))
        app.after_request(_name_product)
        app.add_url_rule(f"{ROOT}/<kind>/", "list", self._list, methods=["GET"])
        app.add_url_rule(f"{ROOT}/<kind>/", "create", self._create, methods=["POST"])
        app.add_url_rule(f"{ROOT}/<kind>/<int:number>/", "show", self._show, methods=["GET", "PATCH"])
        app.add_url_rule(f"{ROOT}/<kind>/<int:number>/survey_spec/", "survey", self._survey, methods=["GET", "POST"])
        app.add_url_rule(f"{ROOT}/<kind>/<int:number>/<link>/", "link", self._link, methods=["GET", "POST"])
        return app

    def _list(self, kind: str) -> Response:
        kinds = ("job_templates", "workflow_job_templates", "projects") if kind == "unified_job_templates" else (kind,)
        wanted = {name: value for name, value in request.args.items() if name not in _NO_FILTERS}
        found = [
            self._shown(item)
            for each in kinds
            for item in self.things[each]
            if all(str(item.get(name)) == value for name, value in wanted.items())
        ]
        return jsonify({"count": len(found), "next": None, "previous": None, "results": found})

    def _create(self, kind: str) -> tuple[Response, int]:
        self.changes += 1
        return jsonify(self.add(kind, request.get_json())), 201

    def _show(self, kind: str, number: int) -> Response:
        item = self.numbered(number)
        if request.method == "PATCH":
            given = request.get_json()
            self._check(kind, {**item, **given})
            self.changes += 1
            item.update(given)
        return jsonify(self._shown(item))

    def _survey(self, kind: str, number: int) -> Response:
        url = f"{ROOT}/{kind}/{number}/"
        if request.method == "POST":
            check_survey(request.get_json())
            self.changes += 1
            self.surveys[url] = request.get_json()
        return jsonify(self.surveys.get(url, {}))

    def _link(self, kind: str, number: int, link: str) -> tuple[Any, int]:
        if link not in KINDS[kind]:
            return jsonify({"detail": "Not found."}), 404
        numbers = self.links.setdefault(f"{ROOT}/{kind}/{number}/{link}/", [])
        if request.method == "GET":
            found = [self._shown(self.numbered(each)) for each in numbers]
            return jsonify({"count": len(found), "next": None, "previous": None, "results": found}), 200
        given = request.get_json()
        self.changes += 1
        self.numbered(given["id"])
        if given.get("disassociate"):
            numbers.remove(given["id"])
        else:
            numbers.append(given["id"])
        return "", 204


def _authenticate() -> tuple[Response, int] | None:
    if request.headers.get("Authorization") != f"Bearer {TOKEN}":
        return jsonify({"detail": "Authentication credentials were not provided."}), 401
    return None


def _name_product(response: Response) -> Response:
    response.headers["X-API-Product-Name"] = "AWX"
    response.headers["X-API-Product-Version"] = "24.6.1"
    return response
