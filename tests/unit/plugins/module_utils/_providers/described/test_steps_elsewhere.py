# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Steps that another request lists: read once an operation is finished, and a failed one makes a success a failure."""

from __future__ import annotations

from typing import Any, Callable, Dict, List, Optional

import pytest
from ansible_collections.cloudgate.operations.plugins.module_utils._model.errors import (
    ForbiddenError,
    InputError,
    MissingError,
    ProtocolError,
    UnreachableError,
)
from ansible_collections.cloudgate.operations.plugins.module_utils._model.operation import State
from ansible_collections.cloudgate.operations.plugins.module_utils._model.reference import Query, Reference
from ansible_collections.cloudgate.operations.plugins.module_utils._providers.described.custom import description_of
from hypothesis import given
from hypothesis import strategies as st

STEPS = {"path": "/runs/{operation_id}/parts?size=2", "items": "parts", "name": "name", "state": "status"}
RUN: Dict[str, Any] = {
    "show": "/runs/{operation_id}", "id": "id", "state": "status", "detail": "note",
    "states": {"running": ["busy"], "succeeded": ["ok"], "failed": ["bad"]},
    "list": "/runs?of={resource_id}", "items": "runs", "started_at": "at",
}  # fmt: skip
UNLISTED = "which definition.states does not list"
WORDS = st.sampled_from(["ok", "bad", "busy", "odd", None])
Scripted = Callable[..., Any]


def definition(**steps: Any) -> Dict[str, Any]:
    return {**RUN, "steps": {**STEPS, **steps}}


def parts(*words: Optional[str], **more: Any) -> Dict[str, Any]:
    return {"parts": [{"name": f"p{number}", "status": word} for number, word in enumerate(words)], **more}


def provider_of(scripted: Scripted, status: str, found: Any, **steps: Any) -> Any:
    answers = {"runs/7": {"id": 7, "status": status, "note": "done"}, "runs/7/parts": found}
    return scripted("custom", answers, definition=definition(**steps))


@pytest.mark.parametrize(
    ("status", "words", "rule", "state", "reason"),
    [
        ("ok", ["ok", "ok"], "fail", "succeeded", "the API says ok: done"),
        ("ok", ["ok", None], "fail", "succeeded", "the API says ok: done"),  # a part that never ran
        ("ok", ["ok", "bad"], "fail", "failed", "the API says ok: p1 is bad; so it did not succeed"),
        ("ok", ["ok", "bad"], "warn", "succeeded", "the API says ok: p1 is bad"),
        (
            "ok",
            ["odd"],
            "fail",
            "unknown",
            f"the API says ok: done, but p0 is odd, {UNLISTED}",
        ),
        ("ok", ["odd"], "warn", "succeeded", "the API says ok: done"),
        ("bad", ["bad", "ok"], "fail", "failed", "the API says bad: done; p0 is bad"),
        ("bad", ["bad"], "warn", "failed", "the API says bad: done; p0 is bad"),
    ],
)
def test_a_failed_step_counts(
    scripted: Scripted, status: str, words: List[Optional[str]], rule: str, state: str, reason: str
) -> None:
    found = provider_of(scripted, status, parts(*words), on_failure=rule).read(Reference("7"))
    assert (found.state, found.reason) == (state, reason)
    assert [step.name for step in found.steps] == [f"p{number}" for number in range(len(words))]
    assert (found.warning is not None) == (rule == "warn" and "bad" in words)
    assert (found.error is not None) == (state == State.FAILED)


def test_the_steps_of_an_unfinished_operation_are_not_read(scripted: Scripted) -> None:
    provider = provider_of(scripted, "busy", parts("bad"))
    assert (provider.read(Reference("7")).state, provider.client.paths) == ("running", ["runs/7"])


def test_a_failed_step_on_a_later_page_counts(scripted: Scripted) -> None:
    pages = [parts("ok", "ok", next="?page=2"), parts("bad")]
    provider = provider_of(scripted, "ok", pages, next="next")
    assert provider.read(Reference("7")).state == "failed"
    assert [query for _path, query, _headers in provider.client.asked[1:]] == [(("size", "2"),), (("page", "2"),)]


@pytest.mark.parametrize(
    ("found", "error"),
    [
        (MissingError("HTTP 404"), ProtocolError),  # else the operation itself would count as missing
        (ForbiddenError("HTTP 403"), ForbiddenError),
        (UnreachableError("no answer"), UnreachableError),
        ({"error": "none"}, ProtocolError),
    ],
)
def test_without_its_steps_an_operation_does_not_succeed(scripted: Scripted, found: Any, error: Any) -> None:
    with pytest.raises(error):
        provider_of(scripted, "ok", found).read(Reference("7"))
    assert provider_of(scripted, "bad", found).read(Reference("7")).state == State.FAILED


def test_the_latest_operation_and_each_of_a_list_have_their_steps(scripted: Scripted) -> None:
    listed = {"runs": [{"id": 7, "status": "ok", "at": 5}, {"id": 8, "status": "busy", "at": 3}]}
    answers = {"runs": listed, "runs/7/parts": parts("bad")}
    provider = scripted("custom", answers, definition=definition())
    assert provider.read(Reference(resource_id="r", latest=True)).state == "failed"
    assert [each.state for each in provider.list(Query("r"))] == ["failed", "running"]
    assert [each.state for each in provider.list(Query("r", details=False))] == ["succeeded", "running"]


def test_the_operations_of_a_batch_have_their_steps(scripted: Scripted) -> None:
    listed = {"runs": [{"id": 7, "status": "ok", "at": 5}, {"id": 8, "status": "ok", "at": 3}]}
    answers = {"runs": listed, "runs/7/parts": parts("bad"), "runs/8/parts": parts("ok")}
    provider = scripted("custom", answers, definition={**definition(), "batch": "/runs?ids={operation_ids}"})
    assert [each.state for each in provider.poll_many([Reference("7"), Reference("8")])] == ["failed", "succeeded"]


@given(st.sampled_from(["ok", "bad", "busy"]), st.lists(WORDS, max_size=5))
def test_no_success_has_a_failed_or_an_unknown_step(
    scripted: Scripted, status: str, words: List[Optional[str]]
) -> None:
    found = provider_of(scripted, status, parts(*words)).read(Reference("7"))
    assert (found.state == State.SUCCEEDED) == (status == "ok" and not {"bad", "odd"} & set(words))


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"steps": {**STEPS, "path": None, "next": "next"}}, "definition.steps.path is missing"),
        ({"steps": {**STEPS, "path": "/parts"}}, "definition.steps.path must contain the placeholder {operation_id}"),
        (
            {"steps": {**STEPS, "path": "https://x/{operation_id}"}},
            "definition.steps.path must be a path below",
        ),
        ({"steps": {**STEPS, "path": "/{a}/{operation_id}"}}, "definition.steps.path has the unknown placeholder {a}"),
        ({"steps": {**STEPS, "next": "a["}}, "definition.steps.next is not JMESPath"),
        ({"id": None, "steps": STEPS}, "definition.id is missing: definition.steps.path needs it"),
        (
            {"follow": {"link": "a", "definition": {"state": "b", "states": {"succeeded": ["c"]}, "steps": STEPS}}},
            "definition.follow.definition must not contain steps.path",
        ),
    ],
)
def test_a_request_for_steps_that_cannot_work_is_refused(more: Dict[str, Any], said: str) -> None:
    with pytest.raises(InputError) as caught:
        description_of({**RUN, **more})
    assert said in caught.value.message
