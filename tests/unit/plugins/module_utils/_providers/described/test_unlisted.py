# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Status values that a definition does not list: a wait names all that it has seen, also in another process."""

from __future__ import annotations

import json
from typing import Any, Callable, Dict, List

import pytest
from ansible_collections.cloudgate.operations.plugins.module_utils._model.operation import Operation
from ansible_collections.cloudgate.operations.plugins.module_utils._model.reference import Reference
from ansible_collections.cloudgate.operations.plugins.module_utils._providers.described.reading import MOST_UNLISTED
from hypothesis import given
from hypothesis import strategies as st

JOB = {"show": "/jobs/{operation_id}", "state": "status",
       "states": {"running": ["busy"], "succeeded": ["ok"], "failed": ["bad"]}}  # fmt: skip
LISTED = {"busy", "ok", "bad"}
PARTS = {**JOB, "state": "parts[].status"}
BATCH = {**JOB, "id": "id", "items": "jobs", "batch": "/jobs?id={operation_id}"}
REFERENCE = Reference("7")
Scripted = Callable[..., Any]


def polls(scripted: Scripted, answers: List[Any], definition: Dict[str, Any]) -> List[Operation]:
    provider = scripted("custom", {"jobs/7": answers}, definition=definition)
    return [provider.poll_many([REFERENCE])[0] for _answer in answers]


def test_the_reason_names_the_value_of_each_poll(scripted: Scripted) -> None:
    found = polls(scripted, [{"status": each} for each in ("queued", "Paused", "busy", "ok")], JOB)
    assert [each.reason for each in found] == [
        "the API says queued, which definition.states does not list",
        "the API says Paused, which definition.states does not list; before, the API said queued, which "
        "definition.states does not list",
        "the API says busy; before, the API said queued, Paused, which definition.states does not list",
        "the API says ok",
    ]
    assert [each.as_dict().get("unlisted") for each in found] == [["queued"], *[["queued", "Paused"]] * 3]


def test_a_result_without_such_values_does_not_have_the_key(scripted: Scripted) -> None:
    (found,) = polls(scripted, [{"status": "busy"}], JOB)
    assert "unlisted" not in found.as_dict()


def test_the_unlisted_parts_of_a_list_are_named(scripted: Scripted) -> None:
    (found,) = polls(scripted, [{"parts": [{"status": each} for each in ("ok", "odd", "busy")]}], PARTS)
    assert (found.state, found.unlisted) == ("running", ["odd"])


def test_a_batch_remembers_as_well(scripted: Scripted) -> None:
    answers = [{"jobs": [{"id": 7, "status": each}, {"id": 8, "status": "busy"}]} for each in ("odd", "busy")]
    provider = scripted("custom", {"jobs": answers}, definition=BATCH)
    provider.poll_many([REFERENCE, Reference("8")])
    assert [each.unlisted for each in provider.poll_many([REFERENCE, Reference("8")])] == [["odd"], []]


def test_another_process_continues_with_the_values(scripted: Scripted) -> None:
    (seen,) = polls(scripted, [{"status": "odd"}], JOB)
    later = scripted("custom", {"jobs/7": {"status": "even"}}, definition=JOB)
    later.import_state(REFERENCE, Operation.from_dict(json.loads(json.dumps(seen.as_dict()))))
    assert later.poll_many([REFERENCE])[0].unlisted == ["odd", "even"]


@given(st.lists(st.sampled_from(["busy", *map("word {}".format, range(20))]), min_size=1, max_size=30))
def test_every_value_is_named_once_and_their_number_is_limited(scripted: Scripted, words: List[str]) -> None:
    last = polls(scripted, [{"status": each} for each in words], JOB)[-1]
    assert last.unlisted == list(dict.fromkeys(each for each in words if each not in LISTED))[:MOST_UNLISTED]


@pytest.mark.parametrize("word", ["x" * 1000, "a\nb\u202e"])
def test_a_hostile_value_is_short_and_printable(scripted: Scripted, word: str) -> None:
    (found,) = polls(scripted, [{"status": word}], JOB)
    assert all(len(each) < 70 and each.isprintable() for each in found.unlisted)
