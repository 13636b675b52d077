# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The part of AWX's API that the modules of awx.awx use: objects with names, their links, and AWX's own checks."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

from awx.access import SUPERUSER, Forbidden, User, check_environment_change, check_type_change, check_unique
from awx.api import application
from awx.kinds import KINDS, ROOT, Item
from awx.projects import Projects
from awx.rules import Refused, check_credential_type, check_inputs
from awx_plugins.credentials.plugins import openstack
from werkzeug.serving import WSGIRequestHandler, make_server

TOKEN = "awx-Token-93c1f7"
_SECRET = "$encrypted$"


class _QuietHandler(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: Any) -> None:
        """Log nothing."""


class Controller:
    """An AWX on loopback, until the block ends. things: the created objects, by kind. tokens: the users, by token."""

    def __init__(self) -> None:
        self.things: dict[str, list[Item]] = {kind: [] for kind in KINDS}
        self.surveys: dict[str, Item] = {}
        self.links: dict[str, list[int]] = {}
        self.changes = 0
        self.tokens: dict[str, User] = {TOKEN: SUPERUSER}
        self._ids = iter(range(1, 10_000))
        self.projects = Projects(self.add)
        self._server = make_server("127.0.0.1", 0, application(self), threaded=True, request_handler=_QuietHandler)
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

    def administrator(self, organization: str) -> str:
        """Return the token of an administrator of this organization, and make the organization if need be."""
        found = [each for each in self.things["organizations"] if each["name"] == organization]
        made = found[0] if found else self.add("organizations", {"name": organization})
        token = f"awx-Token-of-{made['id']}"
        self.tokens[token] = User(made["id"])
        return token

    def named(self, kind: str, name: str, organization: str = "") -> Item:
        """Return the one thing of this name, in this organization if it is given."""
        owner = self.named("organizations", organization)["id"] if organization else None
        (item,) = [
            each
            for each in self.things[kind]
            if name in (each.get("name"), each.get("identifier")) and owner in (None, each.get("organization"))
        ]
        return item

    def numbered(self, number: int) -> Item:
        """Return the thing with this id."""
        (item,) = [each for each in self._all() if each["id"] == number]
        return item

    def link(self, item: Item, link: str, *others: Item) -> None:
        """Replace the links of this thing by these."""
        self.links[f"{item['url']}{link}/"] = [other["id"] for other in others]

    def linked(self, item: Item, link: str) -> list[Item]:
        """Return the things that this thing is linked to."""
        return [self.numbered(number) for number in self.links.get(f"{item['url']}{link}/", [])]

    def survey(self, item: Item) -> Item | None:
        """Return the survey of this template, if it is enabled."""
        return self.surveys.get(item["url"]) if item.get("survey_enabled") else None

    def nodes(self, workflow: Item) -> list[Item]:
        """Return the nodes of this workflow."""
        nodes = self.things["workflow_job_template_nodes"]
        return [node for node in nodes if node["workflow_job_template"] == workflow["id"]]

    def _all(self) -> Iterator[Item]:
        for items in self.things.values():
            yield from items

    def add(self, kind: str, given: Item) -> Item:
        """Make a thing. Raises Refused where AWX would."""
        self._check(kind, given)
        check_unique(kind, given, self.things[kind])
        number = next(self._ids)
        url = f"{ROOT}/{kind}/{number}/"
        item = {"type": kind[:-1], **given, "id": number, "url": url, "summary_fields": {}, "related": {}}
        if kind.endswith("job_templates"):
            item["related"]["survey_spec"] = f"{url}survey_spec/"
        self.things[kind].append(item)
        if kind == "projects":
            item["scm_revision"] = ""
            self.projects.saved(item)
        return item

    def change(self, kind: str, item: Item, given: Item) -> None:
        """Change a thing. Raises Refused and Forbidden where AWX would."""
        if kind == "credential_types":
            check_type_change(item, given, self._is_in_use(item))
        if kind == "execution_environments":
            check_environment_change(item, given)
        if kind == "credentials" and given.get("credential_type", item["credential_type"]) != item["credential_type"]:
            raise Refused("You cannot change the credential type of the credential")  # CredentialSerializer
        self._check(kind, {**item, **given})
        check_unique(kind, {**item, **given}, [each for each in self.things[kind] if each is not item])
        before = dict(item)
        item.update(given)
        if kind == "projects":
            self.projects.saved(item, before)

    def remove(self, kind: str, item: Item) -> None:
        """Delete a thing. Raises Forbidden where AWX would."""
        if kind == "credential_types" and self._is_in_use(item):
            raise Forbidden("Credential types that are in use cannot be deleted")
        self.things[kind].remove(item)
        for numbers in self.links.values():
            if item["id"] in numbers:
                numbers.remove(item["id"])

    def attach(self, kind: str, item: Item, link: str, other: Item) -> None:
        """Link a thing to another. Raises Refused for two credentials of a type (JobTemplateCredentialsList)."""
        linked = self.linked(item, link)
        if link == "credentials" and other["credential_type"] in [each["credential_type"] for each in linked]:
            raise Refused("Cannot assign multiple credentials of a type.")
        self.links.setdefault(f"{ROOT}/{kind}/{item['id']}/{link}/", []).append(other["id"])

    def shown(self, item: Item) -> Item:
        """Return a thing as the API shows it: without secrets."""
        if item["type"] == "project":
            return self.projects.shown(item)
        if "inputs" not in item or "credential_type" not in item:
            return item
        fields = self.numbered(item["credential_type"])["inputs"]["fields"]
        secret = {field["id"] for field in fields if field.get("secret")}
        shown = {name: _SECRET if name in secret else value for name, value in item["inputs"].items()}
        return {**item, "inputs": shown}

    def owner(self, kind: str, item: Item) -> Item:
        """Return a thing with its organization: a node has that of its workflow."""
        if kind == "workflow_job_template_nodes" and "workflow_job_template" in item:
            return {**item, "organization": self.numbered(item["workflow_job_template"]).get("organization")}
        return item

    def _is_in_use(self, kind: Item) -> bool:
        return any(each["credential_type"] == kind["id"] for each in self.things["credentials"])

    def _check(self, kind: str, given: Item) -> None:
        if kind == "credential_types" and not given.get("managed"):
            check_credential_type(given)
        if kind == "credentials":
            check_inputs(self.numbered(given["credential_type"])["inputs"], given["inputs"])
        if kind == "job_templates":
            self.projects.check_playbook(given, self.numbered(given["project"]))
