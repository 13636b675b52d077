# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The examples of the pages about definitions run through the module, on answers in the form of the vendors'."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from ansible.module_utils.basic import AnsibleModule
from ansible_collections.cloudgate.operations.plugins.module_utils._http.client import Reply
from ansible_collections.cloudgate.operations.tests.unit.vendor_answers import ANSWERS, ENDPOINT, LISTS
from docs.definition_facts import FACTS
from docs.definition_pages import filled, task
from docs.pages import COLLECTION, blocks
from scripted import Answer
from simulated.scripted_api import SECRET, TOKENS, Api, wait

WAIT = "cloudgate.operations.wait_for_operation"
LOGIN = {"auth_type": "bearer", "auth": {"token": SECRET}}
LOGGED_IN = {
    "Token": TOKENS[0],
    "token": {"token": TOKENS[0]},
    "data": {"ticket": TOKENS[0]},
    "access_token": TOKENS[0],
}
BLOCKS = [
    yaml.safe_load(each.text)
    for each in blocks(COLLECTION / "docs" / "providers" / "custom.md")
    if each.language == "yaml"
]


@pytest.fixture
def api() -> Iterator[Api]:
    with Api() as found:
        yield found


def answer(body: Any, url: str) -> Answer:
    reply = body if isinstance(body, Reply) else Reply(body)
    return reply.status, dict(reply.headers), json.loads(json.dumps(reply.body).replace(ENDPOINT, url))


@pytest.mark.parametrize("name", sorted(FACTS))
def test_the_example_of_a_page_runs(api: Api, run_module: Any, name: str) -> None:
    reference, answers, _state, _fields = next(row for row in ANSWERS[name] if row[2] == "succeeded")
    operation_id, resource_id = str(reference.operation_id).replace(ENDPOINT, api.url), reference.resource_id
    if not (FACTS[name].answer or FACTS[name].variable):
        resource_id, path, page, _latest = LISTS[name]
        answers = {path: page}
    api.answers = {f"GET /{path}": [answer(body, api.url)] for path, body in answers.items()}
    session = {"vcenter": TOKENS[0]}.get(name, LOGGED_IN)
    for path in ("token", "api/session", "dna/system/api/v1/auth/token", "mgmt/shared/authn/login"):
        api.answers[f"POST /{path}"] = [(200, {}, session)]
    options = filled(task(name)[WAIT], operation_id)
    options["auth"] |= {"token_url": f"{api.url}/token"} if "token_url" in options["auth"] else {}
    for each in (options, *options.get("operations", ())):
        each.update({"resource_id": resource_id} if "resource_id" in each else {})
    result = wait(run_module, api, **{**options, "endpoint": api.url})
    assert result["succeeded"], result["msg"]


def block(key: str, number: int = 0) -> dict[str, Any]:
    """Return a block of the guide that has this key."""
    return dict([each for each in BLOCKS if isinstance(each, dict) and key in each][number])


def test_the_example_of_a_resource_runs(api: Api, run_module: Any) -> None:
    options = filled(block("operations"), "s1")
    shown = [{"server": {"id": "s1", "state": each, "updated_at": None}} for each in ("running", "stopping", "running")]
    api.answers["GET /v1/servers/s1"] = [(200, {}, each) for each in shown]
    result = wait(run_module, api, **{**LOGIN, **options, "endpoint": api.url})
    assert (result["succeeded"], len(api.paths("GET"))) == (True, 3)


def test_the_example_of_the_latest_operation_runs(api: Api, run_module: Any) -> None:
    options = filled(block("cloudgate.operations.wait_for_operation")["cloudgate.operations.wait_for_operation"], "s1")
    first = {"id": 6, "status": "done", "created": "1999-12-31T00:00:00Z"}
    later = {"id": 7, "status": "running", "created": "2026-11-21T08:00:00Z"}
    api.answers["GET /v1/servers/s1/jobs"] = [(200, {}, {"jobs": [first]}), (200, {}, {"jobs": [first, later]})]
    api.answers["GET /v1/jobs/7"] = [(200, {}, {**later, "status": "done"})]
    result = wait(run_module, api, **{**options, **LOGIN, "endpoint": api.url})
    assert (result["succeeded"], result["operations"][0]["operation_id"]) == (True, "7")


def test_the_example_of_a_post_runs(api: Api, run_module: Any) -> None:
    api.answers["POST /tasks/query"] = [(200, {}, {"id": "7", "status": each}) for each in ("RUNNING", "DONE")]
    assert wait(run_module, api, definition=block("post"), operation_id="7", **LOGIN)["succeeded"]


def test_the_example_of_steps_runs(api: Api, run_module: Any) -> None:
    states = {"running": ["running"], "succeeded": ["successful"], "failed": ["failed"]}
    own = {"show": "/api/v2/workflow_jobs/{operation_id}/", "id": "id", "state": "status", "states": states}
    api.answers["GET /api/v2/workflow_jobs/7/"] = [(200, {}, {"id": 7, "status": "successful"})]
    node = {"summary_fields": {"job": {"name": "deploy", "status": "failed"}}}
    api.answers["GET /api/v2/workflow_jobs/7/workflow_nodes/"] = [(200, {}, {"results": [node], "next": None})]
    result = wait(run_module, api, definition={**own, **block("steps")}, operation_id="7", **LOGIN)
    assert "deploy is failed" in result["msg"]


def test_the_first_example_shows_what_the_guide_says(
    api: Api, run_module: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    warned: list[str] = []
    monkeypatch.setattr(AnsibleModule, "warn", lambda _self, warning: warned.append(warning))
    guide = blocks(COLLECTION / "docs" / "providers" / "custom.md")
    (tasks,) = (each for each in BLOCKS if isinstance(each, list))
    result = run_module("operation_info", **tasks[0]["cloudgate.operations.operation_info"])
    shown = [f"{each['state']}: {each['reason']}" for each in result["operations"]]
    assert shown == next(each.text for each in guide if each.language == "text").splitlines()
    assert warned == ["definition.states does not list these values of the answers: paused."]
    definition = tasks[0]["cloudgate.operations.operation_info"]["definition"]
    api.answers["GET /v1/jobs/7"] = [(200, {}, {"id": 7, "status": each}) for each in ("running", "done")]
    options = {**filled(block("provider"), "7"), "definition": definition, "endpoint": api.url}
    assert wait(run_module, api, **options)["succeeded"]
