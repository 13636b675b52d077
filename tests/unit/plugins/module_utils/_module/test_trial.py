# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A definition on saved answers: which operations they show, without a request."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, Dict, List

import pytest
from ansible_collections.cloudgate.operations.plugins.module_utils._model.errors import InputError
from ansible_collections.cloudgate.operations.plugins.module_utils._module.trial import reply_of, tried
from ansible_collections.cloudgate.operations.plugins.module_utils._polling.outcome import summary

PLAIN = {
    "show": "/ops/{operation_id}", "id": "id", "state": "status", "percent": "done", "type": "kind",
    "states": {"running": ["busy"], "succeeded": ["ok"], "failed": ["bad", "HTTP 410"]},
}  # fmt: skip
AZURE = {"states": {"running": [202], "succeeded": [204]}}


def run(definition: Any, answers: List[Any], **more: Any) -> Dict[str, Any]:
    params = {"provider": "custom", "definition": definition, "endpoint": None, "operation_id": None,
              "resource_id": None, "expect": None, **more}  # fmt: skip
    module: Any = SimpleNamespace(params=dict(params, answers=answers), result=lambda found: summary(found, False))
    return tried(module)


def registered(status: int, body: Any = None, **headers: str) -> Dict[str, Any]:
    return {"url": "https://api.example.com/ops/7", "status": status, "json": body, "changed": False, **headers}


@pytest.mark.parametrize(
    ("definition", "answer", "states"),
    [
        (PLAIN, {"id": 7, "status": "busy", "done": "40%", "kind": "resize"}, ["running"]),
        (PLAIN, registered(200, {"id": 7, "status": "ok"}), ["succeeded"]),
        (PLAIN, registered(410), ["failed"]),
        (AZURE, registered(202, retry_after="10"), ["running"]),
        (AZURE, registered(204), ["succeeded"]),
        (dict(PLAIN, state="header:X-Job-State"), registered(200, {"id": 7}, x_job_state="ok"), ["succeeded"]),
        (
            dict(PLAIN, list="/ops/{resource_id}", items="all", started_at="at"),
            {"all": [{"id": 1, "status": "ok", "at": 1}, {"id": 2, "status": "busy", "at": 2}]},
            ["running", "succeeded"],
        ),
        ({"name": "hetzner"}, {"action": {"id": 1, "status": "error"}}, ["failed"]),
        ({"name": "hetzner"}, {"actions": [{"id": 1, "status": "success"}], "meta": {}}, ["succeeded"]),
    ],
)
def test_an_answer_shows_its_operations(definition: Any, answer: Any, states: List[str]) -> None:
    assert [each["state"] for each in run(definition, [answer])["operations"]] == states


@pytest.mark.parametrize(
    ("definition", "answers", "said"),
    [
        (
            PLAIN,
            [{"id": 7, "status": "ok"}, {"id": 7, "state": "ok"}],
            "answer 2 of 2: The API's answer has an unexpected",
        ),
        (PLAIN, [{"id": 7, "state": "ok"}], "status is missing. The answer has id, state."),
        (PLAIN, [{"status": "ok"}], "has no definition.id (id)"),
        (PLAIN, [registered(500)], "The answer has the status 500, which a poll reports as an error."),
        (dict(PLAIN, state="done == true"), [{}], "has true without backticks"),
    ],
)
def test_a_mistake_is_named(definition: Any, answers: List[Any], said: str) -> None:
    with pytest.raises(InputError) as caught:
        run(definition, answers)
    assert said in caught.value.message


def test_empty_parts_are_named() -> None:
    result = run(PLAIN, [{"id": 7, "status": "ok", "kind": "resize"}])
    assert result["warnings"] == ["These parts of definition are empty in all answers: percent."]
    assert run(PLAIN, [{"id": 7, "status": "ok", "kind": "resize", "done": 1}])["warnings"] == []


def test_only_an_api_with_a_definition_can_be_tried() -> None:
    with pytest.raises(InputError, match="answers cannot be used with provider openstack"):
        run(None, [{}], provider="openstack")


def test_a_body_with_a_url_is_no_registered_result() -> None:
    assert reply_of({"url": "/jobs/7", "status": "ok"}).body == {"url": "/jobs/7", "status": "ok"}


SERVER = {"show": "/servers/{resource_id}", "id": "id", "state": "status",
          "states": {"running": ["busy"], "succeeded": ["on", "off", "HTTP 404"]}}  # fmt: skip


def test_the_answers_of_a_resource_are_the_polls_of_one_wait() -> None:
    answers = [{"id": "s1", "status": each} for each in ("on", "busy", "on")]
    found = run(SERVER, answers, expect="on")
    assert [each["state"] for each in found["operations"]] == ["running", "running", "succeeded"]
    with pytest.raises(InputError, match="expect is missing: provider custom needs what the resource must become: on"):
        run(SERVER, answers)
    with pytest.raises(InputError, match="expect cannot be used with provider custom"):
        run(PLAIN, answers, expect="on")
    with pytest.raises(InputError, match="may never have existed"):
        run(SERVER, [registered(404)], expect="HTTP 404", resource_id="s1")


def test_all_unlisted_values_are_named() -> None:
    found = run(PLAIN, [{"id": 7, "status": each, "kind": "a", "done": 1} for each in ("new", "busy", "odd", "new")])
    assert found["warnings"] == ["definition.states does not list these values of the answers: new, odd."]
