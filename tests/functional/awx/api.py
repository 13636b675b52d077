# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The requests that the simulated AWX answers, each as the user of its token."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from awx.access import Forbidden, User
from awx.kinds import KINDS, ROOT, Item
from awx.launches import job_launch, launch_page, workflow_launch
from awx.rules import Refused, check_survey
from flask import Flask, Response, abort, jsonify, request

if TYPE_CHECKING:
    from awx.controller import Controller

_NO_FILTERS = ("page", "page_size", "order_by")
_LAUNCHES = {"job_templates": job_launch, "workflow_job_templates": workflow_launch}


def application(controller: Controller) -> Flask:
    """Return the application that answers for this controller."""
    api, app = _Api(controller), Flask("controller")
    app.before_request(api.authenticate)
    app.register_error_handler(Refused, lambda exc: (jsonify({"error": str(exc), "__all__": [str(exc)]}), 400))
    app.register_error_handler(Forbidden, lambda exc: (jsonify({"detail": str(exc)}), 403))
    app.register_error_handler(404, lambda _exc: (jsonify({"detail": "Not found."}), 404))
    app.after_request(_name_product)
    one = f"{ROOT}/<kind>/<int:number>/"
    app.add_url_rule(f"{ROOT}/<kind>/", "list", api.list, methods=["GET"])
    app.add_url_rule(f"{ROOT}/<kind>/", "create", api.create, methods=["POST"])
    app.add_url_rule(one, "show", api.show, methods=["GET", "PATCH", "DELETE"])
    app.add_url_rule(f"{one}survey_spec/", "survey", api.survey, methods=["GET", "POST"])
    app.add_url_rule(f"{one}update/", "update", api.update, methods=["POST"])
    app.add_url_rule(f"{one}stdout/", "stdout", api.stdout, methods=["GET"])
    app.add_url_rule(f"{one}launch/", "launch", api.launch, methods=["GET", "POST"])
    app.add_url_rule(f"{one}<link>/", "link", api.link, methods=["GET", "POST"])
    return app


def _name_product(response: Response) -> Response:
    response.headers["X-API-Product-Name"] = "AWX"
    response.headers["X-API-Product-Version"] = "24.6.1"
    return response


def _page(found: list[Item]) -> Response:
    return jsonify({"count": len(found), "next": None, "previous": None, "results": found})


def _fits(item: Item, wanted: dict[str, str]) -> bool:
    """Return whether AWX's filters choose this item; those with or__ are alternatives (awx/api/filters.py)."""
    either, every = [], []
    for name, value in wanted.items():
        field, _between, begins = name.removeprefix("or__").partition("__")
        text = str(item.get(field))
        holds = text.startswith(value) if begins == "startswith" else text == value
        (either if name.startswith("or__") else every).append(holds)
    return all(every) and (not either or any(either))


class _Api:
    def __init__(self, controller: Controller) -> None:
        self._controller = controller

    @property
    def _user(self) -> User:
        return self._controller.tokens[request.headers["Authorization"].removeprefix("Bearer ")]

    def authenticate(self) -> tuple[Response, int] | None:
        if request.headers.get("Authorization", "").removeprefix("Bearer ") not in self._controller.tokens:
            return jsonify({"detail": "Authentication credentials were not provided."}), 401
        return None

    def _sees(self, kind: str, item: Item) -> bool:
        return self._user.sees(kind, self._controller.owner(kind, item))

    def _item(self, kind: str, number: int) -> Item:
        found = [each for each in self._controller.things.get(kind, []) if each["id"] == number]
        if not found or not self._sees(kind, found[0]):
            abort(404)
        return found[0]

    def _check_change(self, kind: str, *versions: Item) -> None:
        self._user.check_change(kind, *(self._controller.owner(kind, each) for each in versions))

    def list(self, kind: str) -> Response:
        kinds = ("job_templates", "workflow_job_templates", "projects") if kind == "unified_job_templates" else (kind,)
        wanted = {name: value for name, value in request.args.items() if name not in _NO_FILTERS}
        found = [(each, item) for each in kinds for item in self._controller.things[each] if self._sees(each, item)]
        return _page([self._controller.shown(item) for _kind, item in found if _fits(item, wanted)])

    def create(self, kind: str) -> tuple[Response, int]:
        given = request.get_json()
        self._check_change(kind, given)
        if kind == "job_templates":  # JobTemplateAccess.can_add requires the right to use these
            for name, of_kind in (("inventory", "inventories"), ("project", "projects")):
                self._check_change(of_kind, self._controller.numbered(given[name]))
        self._controller.changes += 1
        return jsonify(self._controller.shown(self._controller.add(kind, given))), 201

    def show(self, kind: str, number: int) -> Any:
        item = self._item(kind, number)
        if request.method == "GET":
            if kind == "project_updates":
                self._controller.projects.polled(item)
            return jsonify(self._controller.shown(item))
        given = request.get_json() if request.method == "PATCH" else {}
        self._check_change(kind, item, {**item, **given})
        self._controller.changes += 1
        if request.method == "DELETE":
            self._controller.remove(kind, item)
            return "", 204
        self._controller.change(kind, item, given)
        return jsonify(self._controller.shown(item))

    def survey(self, kind: str, number: int) -> Response:
        item = self._item(kind, number)
        if request.method == "POST":
            check_survey(request.get_json())
            self._check_change(kind, item)
            self._controller.changes += 1
            self._controller.surveys[item["url"]] = request.get_json()
        return jsonify(self._controller.surveys.get(item["url"], {}))

    def update(self, kind: str, number: int) -> tuple[Response, int]:
        project = self._item(kind, number)
        self._check_change(kind, project)
        self._controller.changes += 1
        return jsonify(self._controller.projects.begin(project)), 202

    def stdout(self, kind: str, number: int) -> Response:
        output = self._controller.projects.output(self._item(kind, number))
        return jsonify({"range": {"start": 0, "end": output.count("\n")}, "content": output})

    def launch(self, kind: str, number: int) -> tuple[Response, int]:
        item = self._item(kind, number)
        if request.method == "GET":
            return jsonify(launch_page(self._controller, item)), 200
        return jsonify(_LAUNCHES[kind](self._controller, item, request.get_json(silent=True) or {})), 201

    def link(self, kind: str, number: int, link: str) -> tuple[Any, int]:
        if link not in KINDS.get(kind, ()):
            abort(404)
        item = self._item(kind, number)
        if request.method == "GET":
            return _page([self._controller.shown(each) for each in self._controller.linked(item, link)]), 200
        given = request.get_json()
        other = self._controller.numbered(given["id"])
        self._check_change(kind, item)
        if link == "credentials":
            self._check_change(link, other)
        self._controller.changes += 1
        if given.get("disassociate"):
            self._controller.links[f"{item['url']}{link}/"].remove(other["id"])
        else:
            self._controller.attach(kind, item, link, other)
        return "", 204
