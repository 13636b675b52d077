# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The pages of the ready-made definitions: the part that their data determines, and the index of all."""

from __future__ import annotations

from typing import Any

import jinja2
import yaml
from ansible_collections.cloudgate.operations.plugins.module_utils._providers.base import Capabilities
from ansible_collections.cloudgate.operations.plugins.module_utils._providers.described.custom import description_of
from ansible_collections.cloudgate.operations.plugins.module_utils._providers.described.definitions.ready import READY
from ansible_collections.cloudgate.operations.plugins.module_utils._providers.described.description import Description
from docs.definition_facts import FACTS, Facts

FOLDER = "providers/definitions"
_AUTH = {
    "bearer": {"token": "{{ api_token }}"},
    "header": {"token": "{{ api_token }}"},
    "basic": {"username": "{{ api_user }}", "password": "{{ api_password }}"},
    "login": {"username": "{{ api_user }}", "password": "{{ api_password }}"},
    "oauth2": {"client_id": "{{ client_id }}", "client_secret": "{{ client_secret }}"},
}
_STATES = ("pending", "running", "succeeded", "failed")
_REGISTERED = "started"


def index() -> str:
    """Return the table of all definitions, with links to their pages."""
    rows = ["| name | API | the answer names the operation in |", "|---|---|---|"]
    for name in sorted(READY):
        rows.append(f"| [`{name}`](definitions/{name}.md) | {FACTS[name].api} | {_place(FACTS[name])} |")
    return "\n".join(rows) + "\n"


def part(name: str) -> str:
    """Return options, an example and the meaning of the status values of one definition, in Markdown."""
    example = yaml.dump([task(name)], sort_keys=False, width=1000, Dumper=_Dumper)
    return f"{_options(name)}\n```yaml\n{example}```\n\n{_meanings(name)}"


def task(name: str) -> dict[str, Any]:
    """Return the task of the example."""
    facts = FACTS[name]
    options: dict[str, Any] = {"provider": "custom", "definition": name, "endpoint": facts.endpoint}
    options["auth_type"] = facts.logins[0]
    options["auth"] = {**facts.auth, **_AUTH[facts.logins[0]]}
    if facts.answer or facts.variable:
        options["operation_id"] = f"{{{{ {facts.variable or _variable(facts.answer)} }}}}"
        if facts.resource_value:
            options["resource_id"] = facts.resource_value
    else:
        latest = {"resource_id": facts.resource_value, "latest": True, "since": "{{ before_the_request }}"}
        options["operations"] = [latest]
    return {"name": "Wait for the operation", "cloudgate.operations.wait_for_operation": options}


class _Dumper(yaml.SafeDumper):
    """Indents lists and quotes templates, as Ansible's linter wants it."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> Any:
        return super().increase_indent(flow, self.indent is None)


def _text(dumper: yaml.SafeDumper, value: str) -> yaml.Node:
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style='"' if "{" in value else None)


_Dumper.add_representer(str, _text)


def _variable(answer: str) -> str:
    """Return the expression for a place in the answer, which a task registered."""
    kind, _space, header = answer.partition(" ")
    if header:
        return f"{_REGISTERED}.{header.lower().replace('-', '_')}"
    return f"{_REGISTERED}.json" if kind == "body" else f"{_REGISTERED}.json.{answer}"


def _place(facts: Facts) -> str:
    kind, _space, header = facts.answer.partition(" ")
    if header:
        return f"the header `{header}`"
    if not facts.answer:
        return facts.place
    return "the body, which is the ID" if kind == "body" else f"`{facts.answer}` in the body"


def _options(name: str) -> str:
    facts, api = FACTS[name], description_of({"name": name})
    able = Capabilities.of(api)
    reads = f"`GET {api.show_path}`" if api.show_path else "`GET` of the URL"
    rows = [("reads", reads + (f", then `{api.follow.path}` below `{api.follow.link}`" if api.follow else ""))]
    rows.append(("`endpoint`", f"`{facts.endpoint}`"))
    rows.append(("`operation_id`", facts.operation))
    rows.append(("in the answer to the request", _place(facts)))
    rows += [("`resource_id`", facts.resource)] * bool(facts.resource)
    rows.append(("`auth_type`", " or ".join(f"`{each}`" for each in facts.logins) + _login(api, facts)))
    rows.append(("can", ", ".join(_abilities(api, able)) or "wait for one operation per request"))
    return "\n".join(["| | |", "|---|---|", *(f"| {left} | {right} |" for left, right in rows)]) + "\n"


def _login(api: Description, facts: Facts) -> str:
    if not (api.login and api.login.path and "login" in facts.logins):
        return ""
    return f"; `login` sends `POST {api.login.path}` and renews the token"


def _abilities(api: Description, able: Capabilities) -> list[str]:
    followed = api.follow.description if api.follow else api
    found = {
        "find the latest operation": able.lists,
        "read many operations in one request": able.batch,
        "show the percentage": bool(api.percent or followed.percent),
        "show the steps": bool(api.steps),
    }
    return [words for words, has in found.items() if has]


def _meanings(name: str) -> str:
    given = READY[name]
    parts = [_table_of(given["states"], only_http="state" not in given)]
    if "follow" in given:
        follow = given["follow"]
        parts += [
            f"After the link in `{follow['link']}`:\n",
            _table_of(follow["definition"]["states"], only_http=False),
        ]
    return "\n".join(parts)


def _table_of(states: dict[str, Any], only_http: bool) -> str:
    rows = ["| state | status values |", "|---|---|"]
    for state in _STATES:
        words = [f"`{'HTTP ' * only_http}{each}`" for each in states.get(state, ())]
        words += ["no value"] * (states.get("absent") == state)
        rows += [f"| `{state}` | {', '.join(words)} |"] * bool(words)
    if not only_http and "*" not in {word for state in _STATES for word in states.get(state, ())}:
        rows.append("| `unknown` | any other value |")
    return "\n".join(rows) + "\n"


class Anything(dict[str, Any]):
    """The answer to a request: each field of it, at any depth, is the ID of an operation."""

    def __init__(self, operation_id: str) -> None:
        super().__init__()
        self.operation_id = operation_id

    def __missing__(self, _name: str) -> Anything:
        return self

    def __str__(self) -> str:
        return self.operation_id


def filled(value: Any, operation_id: str) -> Any:
    """Return the options of an example without templates."""
    if isinstance(value, dict):
        return {name: filled(each, operation_id) for name, each in value.items()}
    if isinstance(value, list):
        return [filled(each, operation_id) for each in value]
    if not isinstance(value, str):
        return value
    environment = jinja2.Environment(autoescape=True)
    environment.filters["basename"] = lambda each: str(each).rpartition("/")[2]
    known = {
        "started": Anything(operation_id),
        "before_the_request": "2000-01-01T00:00:00Z",
        "linode_id": "42",
        "server_id": operation_id,
    }
    names = ("api_token", "api_user", "api_password", "client_id", "client_secret", "tenant_id")
    known |= dict.fromkeys(names, "one") | dict.fromkeys(("resource_url", "build_number"), operation_id)
    return str(environment.from_string(value, known).render()).replace("&amp;", "&")
