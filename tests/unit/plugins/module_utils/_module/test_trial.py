# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A definition on saved answers: which operations they show, without a request."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any, Dict, List, Optional

import pytest
from ansible_collections.cloudgate.operations.plugins.module_utils._model.errors import InputError
from ansible_collections.cloudgate.operations.plugins.module_utils._model.reference import Reference
from ansible_collections.cloudgate.operations.plugins.module_utils._module.trial import client_of, response_of, tried
from ansible_collections.cloudgate.operations.plugins.module_utils._polling.outcome import summary
from ansible_collections.cloudgate.operations.plugins.module_utils._providers.registry import info_for

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
            dict(PLAIN, state="header:x-job-state"),
            {"status": 200, "json": {"id": 7}, "X-Job-State": "ok"},
            ["succeeded"],
        ),
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
        (PLAIN, [registered(204)], "Add HTTP 204 to definition.states"),
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


def test_steps_of_another_request_are_named() -> None:
    steps = {"path": "/ops/{operation_id}/steps", "items": "all", "name": "name", "state": "status"}
    result = run(dict(PLAIN, steps=steps), [{"id": 7, "status": "ok", "kind": "resize", "done": 1}])
    assert result["warnings"] == [
        "answers have no steps of definition.steps.path, which a wait reads before a success."
    ]


def test_only_an_api_with_a_definition_can_be_tried() -> None:
    with pytest.raises(InputError, match="answers cannot be used with provider openstack"):
        run(None, [{}], provider="openstack")


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        ({"status": 404, "json": {"a": 1}}, 404),
        ({"status": 202, "json": None}, 202),
        ({"status": 599, "url": "https://api.example.com/ops/7"}, 599),
        ({"status": 404, "a": 1}, None),
        ({"status": 99, "json": {}}, None),
        ({"status": 600, "json": {}}, None),
        ({"status": True, "json": {}}, None),
        ({"status": "ok", "url": "/jobs/7"}, None),
    ],
)
def test_an_http_status_with_json_or_url_is_a_response(answer: Any, status: Optional[int]) -> None:
    found = response_of(answer, "")
    body = json.loads(found.content or b"null")
    assert (found.status_code, body) == ((status, answer.get("json")) if status else (200, answer))


JOB = {"status": 404, "json": {"message": "no such job"}}
GONE = {"code": "gone", "message": "x"}
NOT_FOUND = "answered 404: no such job. A wait polls again for missing_grace, and then fails."


@pytest.mark.parametrize(
    ("answer", "more", "said"),
    [
        (registered(404, {"message": "no such job"}), {}, f"GET https://api.example.com/ops/7 {NOT_FOUND}"),
        (JOB, {}, f"GET /ops/{{operation_id}} {NOT_FOUND}"),
        (
            {"status": 404, "json": {"message": "no such job"}},
            {"post": {"show": {}}},
            f"POST /ops/{{operation_id}} {NOT_FOUND}",
        ),
        (registered(400, GONE), {}, "answered 400 gone: x. A wait ends with this error."),
        (
            registered(400, GONE),
            {"missing_codes": ["gone"]},
            "missing_grace, and then fails.",
        ),
        (GONE, {"missing_codes": ["gone"]}, "missing_grace, and then fails."),
        (
            registered(404),
            {},
            "does not exist at this URL. Check the endpoint and api_version. A wait ends with",
        ),
        (registered(401, {}, x_request_id="r-1"), {}, "A wait ends with this error."),
        (registered(503), {}, "A wait polls again until its timeout."),
        (registered(429, {}), {}, "A wait polls again until its timeout."),
        (registered(200, content="<html>"), {}, "instead of JSON. A wait polls again until its timeout."),
        (
            registered(404, {}),
            {"states": {"succeeded": ["ok", "HTTP 404"]}},
            "only after it has shown the operation. A wait polls",
        ),
    ],
)
def test_an_error_is_one_answer_among_others(answer: Any, more: Dict[str, Any], said: str) -> None:
    result = run({**PLAIN, **more}, [answer, registered(200, {"id": 7, "status": "ok"})])
    assert [each["state"] for each in result["operations"]] == ["unknown", "succeeded"]
    assert said in result["operations"][0]["reason"]
    assert not result["succeeded"]


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
    found = run(
        SERVER, [registered(404), registered(200, {"id": "s1", "status": "on"}), registered(404)], expect="HTTP 404"
    )
    assert [each["state"] for each in found["operations"]] == ["unknown", "running", "succeeded"]
    assert "may never have existed" in found["operations"][0]["reason"]


def test_all_unlisted_values_are_named() -> None:
    found = run(PLAIN, [{"id": 7, "status": each, "kind": "a", "done": 1} for each in ("new", "busy", "odd", "new")])
    assert found["warnings"] == ["definition.states does not list these values of the answers: new, odd."]


def test_a_404_counts_as_a_success_only_after_another_answer() -> None:
    definition = dict(PLAIN, states={"running": ["busy"], "succeeded": ["HTTP 404"]})
    answers = [registered(404), {"id": 7, "status": "busy"}, registered(404)]
    assert [each["state"] for each in run(definition, answers)["operations"]] == ["unknown", "running", "succeeded"]


QUEUE = {"show": "/queue/{operation_id}", "id": "id", "state": "s",
         "states": {"pending": ["waits"], "succeeded": ["left"], "failed": ["bad"]}}  # fmt: skip
FOLLOW = {"follow": {"link": "next", "path": "api", "definition": {"state": "s", "states": {"succeeded": ["ok"]}}}}
MOVED = {"moved_to": "next"}
DECIDES = "the operation at https://api.example.com/b/7/api decides"
NEXT_POLL = "the next poll reads https://api.example.com/b/7"


@pytest.mark.parametrize("endpoint", [None, "https://api.example.com"])
@pytest.mark.parametrize("link", ["https://api.example.com/b/7?t=secret", None, ""])
@pytest.mark.parametrize(
    ("more", "status", "linked", "unlinked"),
    [
        (FOLLOW, "waits", ("running", DECIDES), ("pending", "the API says waits")),
        (FOLLOW, "left", ("running", DECIDES), ("running", "the operation at definition.follow.link decides")),
        (FOLLOW, "bad", ("running", DECIDES), ("failed", "the API says bad")),
        (FOLLOW, "odd", ("running", DECIDES), ("unknown", "definition.states does not list")),
        (MOVED, "waits", ("pending", NEXT_POLL), ("pending", "the API says waits")),
        (MOVED, "left", ("succeeded", "the API says left"), ("succeeded", "the API says left")),
        (MOVED, "bad", ("failed", "the API says bad"), ("failed", "the API says bad")),
    ],
)
def test_a_link_decides_as_in_a_poll(
    more: Any, status: str, linked: Any, unlinked: Any, link: Optional[str], endpoint: Optional[str]
) -> None:
    answer = {"id": 7, "s": status, "next": link}
    (found,) = run({**QUEUE, **more}, [answer], endpoint=endpoint)["operations"]
    state, reason = linked if link else unlinked
    assert (found["state"], reason in found["reason"], "secret" in found["reason"]) == (state, True, False)
    if not link:
        info = info_for({"provider": "custom", "endpoint": "https://api.example.com", "definition": {**QUEUE, **more}})
        polled = info.provider_class(client_of(response_of(answer, "")), info, {}).show(Reference("7"))
        assert found == polled.as_dict()


@pytest.mark.parametrize("more", [FOLLOW, MOVED])
def test_a_link_that_a_poll_refuses_is_refused(more: Any) -> None:
    answer = {"id": 7, "s": "waits", "next": "https://other.example.com/b/7"}
    with pytest.raises(InputError, match="cannot be followed"):
        run({**QUEUE, **more}, [answer], endpoint="https://api.example.com")


def test_a_link_without_a_host_is_relative_to_the_url_of_the_operation() -> None:
    definition = {**QUEUE, **MOVED, "show": "/queues/{resource_id}/{operation_id}"}
    answer = {"id": 7, "s": "waits", "next": "8"}
    (found,) = run(definition, [answer], endpoint="https://api.example.com", resource_id="a")["operations"]
    assert found["reason"].endswith("the next poll reads https://api.example.com/queues/a/8")
    with pytest.raises(InputError, match="resource_id is missing"):
        run(definition, [answer], endpoint="https://api.example.com")


def test_the_id_is_compared_as_in_a_poll() -> None:
    done = {"id": "urn:vcloud:task:9c1d", "status": "ok", "done": 1, "kind": "a"}
    for asked in ("9C1D", "urn:vcloud:task:9c1d", "/tasks/9c1d"):
        result = run(PLAIN, [done], operation_id=asked)
        assert (result["succeeded"], result["warnings"]) == (True, [])
    with pytest.raises(InputError, match="answer 2 of 2: The API answered with the wrong operation"):
        run(PLAIN, [done, dict(done, id="urn:vcloud:task:9c1e")], operation_id="9c1d")


@pytest.mark.parametrize(
    ("shown", "said"),
    [
        ("urn:vcloud:task:9c1d", "definition.id gives urn:vcloud:task:9c1d. A wait accepts only this ID or 9c1d as"),
        ("https://api.example.com/tasks/7/status", "A wait accepts only this ID or status as operation_id."),
        (7, ""),
        ("UPID:pve:0012:root@pam:", ""),
    ],
)
def test_without_an_id_of_the_task_a_warning_shows_what_a_wait_would_compare(shown: Any, said: str) -> None:
    result = run(PLAIN, [{"id": shown, "status": "ok", "done": 1, "kind": "a"}] * 2)
    assert len(result["warnings"]) == bool(said)
    assert said in "".join(result["warnings"])
