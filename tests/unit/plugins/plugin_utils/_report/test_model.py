# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The content of a report about registered results."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Dict, List

import pytest
from ansible_collections.cloudgate.operations.plugins.module_utils._model.errors import InputError
from ansible_collections.cloudgate.operations.plugins.plugin_utils._report.html import html
from ansible_collections.cloudgate.operations.plugins.plugin_utils._report.markdown import markdown
from ansible_collections.cloudgate.operations.plugins.plugin_utils._report.model import (
    Report,
    duration_text,
    numbers,
    report_from,
    time_text,
)
from ansible_collections.cloudgate.operations.tests.unit.reported import AT, ago, operation, retried, step, wait
from hypothesis import given
from hypothesis import strategies as st

FAILURE = {"kind": "failed", "message": "1 of 2 operations failed."}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


def report(value: Any) -> Report:
    return report_from(value, AT)


def states(value: Any) -> List[str]:
    return [each.state for each in report(value).operations]


@pytest.mark.parametrize(
    ("value", "gate", "headline", "why"),
    [
        (wait([operation("succeeded")]), True, "Gate open", ""),
        (wait([operation("succeeded"), operation("failed")], failure=FAILURE), False, "Gate shut", FAILURE["message"]),
        (wait([operation("succeeded"), operation("failed")], succeeded=True), True, "Gate open", ""),  # wait_for: any
        (
            wait([operation("succeeded"), operation("running")]),
            False,
            "Gate shut",
            "1 of 2 unfinished.",
        ),  # check mode
        (wait([], succeeded=False, failure={"message": "answered 401"}), False, "Gate shut", "answered 401"),
        (
            {"failed": True, "msg": "provider is missing"},
            None,
            "The operations are unknown",
            "provider is missing",
        ),
        ({"failed_when_result": False, "msg": "MODULE"}, None, "The operations are unknown", "MODULE"),
        ({"failed": True}, None, "The operations are unknown", "The task ended without a result."),
        ([operation("succeeded"), operation("succeeded")], None, "2 of 2 succeeded", ""),
        ([operation("succeeded"), operation("failed"), operation("running")], None, "1 of 3 failed", ""),
        ([operation("pending"), operation("unknown"), operation("succeeded")], None, "2 of 3 unfinished", ""),
        ([], None, "No operations", ""),
    ],
)
def test_the_headline_shows_the_gate_or_the_operations(value: Any, gate: Any, headline: str, why: str) -> None:
    made = report(value)

    assert (made.gate, made.headline, made.why) == (gate, headline, why)


def test_operations_that_need_attention_come_first_in_order() -> None:
    given_states = ["succeeded", "unknown", "failed", "pending", "running", "failed"]
    made = report([operation(state, operation_id=str(number)) for number, state in enumerate(given_states)])

    assert [each.operation_id for each in made.operations] == ["2", "5", "4", "3", "1", "0"]
    assert made.counts == [("failed", 2), ("running", 1), ("pending", 1), ("unknown", 1), ("succeeded", 1)]


def test_results_of_loops_and_of_several_tasks_are_understood() -> None:
    first, second = {"operations": [operation("failed")]}, {"operations": [operation("succeeded")], "succeeded": True}

    assert states({"results": [first, {"skipped": True}, second]}) == ["failed", "succeeded"]
    assert states([first, {"results": [second]}, operation("running")]) == ["failed", "running", "succeeded"]
    assert states(operation("running")) == ["running"]


def test_each_failure_of_several_tasks_appears_once() -> None:
    sentences = ("answered 404", "answered 404", "answered 401")
    results = [{"operations": [], "failed": True, "msg": sentence} for sentence in sentences]

    assert report({"results": results}).why == "answered 404 answered 401"


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("text", "not text."),
        (None, "not nothing."),
        ({}, "not a dictionary with nothing."),
        ([{"ping": "pong"}], "not a dictionary with ping."),
        ({"operations": ["req-1"]}, "not text."),
    ],
)
def test_anything_else_is_one_sentence(value: Any, said: str) -> None:
    with pytest.raises(InputError, match="A report needs a registered result") as caught:
        report(value)
    assert caught.value.message.endswith(said)


def test_a_retry_and_a_failure_are_those_of_the_steps() -> None:
    (view,) = report([retried()]).operations

    assert view.retries == 1
    assert [(each.state, each.again, each.error) for each in view.steps] == [
        ("failed", False, "No room on host one."),
        ("succeeded", True, ""),
        ("failed", False, "No valid host was found."),
    ]
    assert [each.duration for each in view.steps] == [10, 15, 10]


def test_a_running_operation_is_drawn_to_the_moment_of_the_report() -> None:
    (view,) = report([operation("running", 100, steps=[step("one", "running", 60)])]).operations

    assert (view.end, view.duration, view.finished) == (AT, 100, False)
    assert (view.steps[0].end, view.steps[0].duration, view.steps[0].finished) == (AT, 60, False)


def test_a_step_that_a_cloud_left_open_ends_with_its_operation() -> None:
    (view,) = report([operation("succeeded", 100, 40, steps=[step("one", "running", 90)])]).operations

    assert (view.steps[0].end, view.steps[0].finished, view.steps[0].state) == (ago(40), False, "unknown")


def test_a_cloud_whose_clock_is_ahead_has_no_negative_durations() -> None:
    (view,) = report([operation("running", -30, steps=[step("one", "running", -20)])]).operations

    assert (view.end, view.duration) == (ago(-30), 0)
    assert (view.steps[0].end, view.steps[0].duration) == (ago(-20), None)


@pytest.mark.parametrize(
    ("times", "end", "duration"),
    [
        ({"begun": 100, "ended": 110}, ago(110), None),
        ({"begun": 100, "updated_at": "2026-11-21T16:09:00Z"}, ago(60), None),
        ({"begun": None}, None, None),
        ({"begun": 100, "steps": [step("one", "succeeded", 90, 70)]}, ago(70), None),
    ],
)
def test_an_end_that_is_not_known_gives_no_duration(times: Dict[str, Any], end: datetime, duration: Any) -> None:
    (view,) = report([operation("succeeded", **times)]).operations

    assert (view.end, view.duration) == (end, duration)


def test_only_the_last_of_very_many_steps_are_shown() -> None:
    steps = [step(f"step {each}", "succeeded", 9, 8) for each in range(100)]
    (view,) = report([operation("running", steps=steps)]).operations

    assert (len(view.steps), view.earlier_steps, view.steps[-1].name) == (60, 40, "step 99")


def test_texts_are_one_line_of_bearable_length_that_steers_nothing() -> None:
    (view,) = report([operation("failed", reason="a\x1b[2J\nb" + "c" * 9000)]).operations

    assert view.reason == "a?[2J b" + "c" * 593 + "…"


def test_without_a_reason_the_error_says_why_and_without_a_type_the_id_names_it() -> None:
    (view,) = report([operation("failed", reason="", error={"message": "in use"}, type=None)]).operations

    assert (view.reason, view.name) == ("in use", "req-1")


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "0.0 s"),
        (9.94, "9.9 s"),
        (9.96, "10 s"),
        (59.7, "1 min 00 s"),
        (200, "3 min 20 s"),
        (7500, "2 h 05 min"),
        (273600, "3 d 4 h"),
        (None, "-"),
        (-1, "-"),
        (float("nan"), "-"),
        (True, "-"),
    ],
)
def test_durations_are_said_as_people_do(seconds: Any, said: str) -> None:
    assert duration_text(seconds) == said


def test_times_and_numbers_are_said_as_people_do() -> None:
    assert time_text(AT) == "2026-11-21 16:10:00 UTC"
    assert numbers(report(wait([])).waited) == ["waited 3 min 01 s", "43 polls", "61 requests", "2 errors retried"]
    assert numbers({"elapsed": 5, "polls": 1, "requests": 0, "tolerated_errors": None}) == ["waited 5.0 s", "1 poll"]


@given(
    st.dictionaries(st.sampled_from(sorted(operation("failed"))), JSON),
    st.dictionaries(st.sampled_from(sorted(step("a", "failed", 1))), JSON),
    st.sampled_from(["failed", "running", "succeeded", None]),
)
def test_whatever_the_fields_are_there_is_a_report(fields: Dict[str, Any], part: Dict[str, Any], state: Any) -> None:
    steps = [part, {**step("a", "failed", 1), **part}]
    made = report(wait([{**operation("failed"), "steps": steps, **fields, "state": state}]))

    assert len(made.operations) == 1
    assert html(made).startswith("<!DOCTYPE html>\n")
    assert markdown(made).startswith("# Operations\n")
