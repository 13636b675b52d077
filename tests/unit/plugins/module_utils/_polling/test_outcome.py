# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The outcome of a wait, and its sentence if the gate stays shut."""

from __future__ import annotations

import dataclasses
import json
from typing import Any, Dict, List, Optional

import pytest
from ansible_collections.cloudgate.operations.plugins.module_utils._model.errors import InputError
from ansible_collections.cloudgate.operations.plugins.module_utils._model.operation import Operation, State
from ansible_collections.cloudgate.operations.plugins.module_utils._polling.outcome import (
    Outcome,
    WaitOptions,
    decided,
    keeps_shut,
    seconds,
    summary,
)
from hypothesis import given
from hypothesis import strategies as st

STATES = [State.PENDING, State.RUNNING, State.SUCCEEDED, State.FAILED, State.UNKNOWN]
states_of = st.lists(st.sampled_from(STATES), max_size=12)
options_of = st.builds(
    WaitOptions,
    timeout_from=st.sampled_from(["task", "operation"]),
    wait_for=st.sampled_from(["all", "any"]),
    on_failure=st.sampled_from(["fail", "finish", "report"]),
    empty=st.sampled_from(["fail", "pass"]),
)


def operations(states: List[str]) -> List[Operation]:
    return [
        Operation("openstack", f"op-{number}", "s1", state, f"why {number}", error={"code": f"E{number}"})
        for number, state in enumerate(states)
    ]


@given(states_of, options_of)
def test_the_gate_opens_when_all_or_any_succeeded_and_never_otherwise(states: List[str], options: WaitOptions) -> None:
    good = [state == State.SUCCEEDED for state in states]
    opens = all(good) if options.wait_for == "all" else any(good)
    failure = Outcome(operations(states)).failure(options)
    assert (failure is None) is (opens if good else options.empty == "pass")
    if failure is None:
        return
    if not good:
        assert failure["kind"] == "input"
        return
    pending = any(state not in State.TERMINAL for state in states)
    failed = State.FAILED in states and not (pending and options.wait_for == "any")
    assert failure["kind"] == ("failed" if failed else "timeout")
    named = {State.FAILED} if failed else {State.PENDING, State.RUNNING, State.UNKNOWN}
    number = next(at for at, state in enumerate(states) if state in named)
    assert failure["operation"]["operation_id"] == f"op-{number}"
    assert failure["code"] == (f"E{number}" if failed else None)
    assert f"op-{number} of s1" in failure["message"]


@given(states_of, options_of)
def test_the_error_that_ended_the_wait_is_the_failure_whatever_the_states(
    states: List[str], options: WaitOptions
) -> None:
    error = {"kind": "auth", "message": "refused"}
    assert Outcome(operations(states), error=error).failure(options) == error


@given(states_of, states_of, options_of)
def test_a_decided_outcome_does_not_depend_on_the_remaining_operations(
    states: List[str], others: List[str], options: WaitOptions
) -> None:
    if decided(states, options):
        kinds = [(Outcome(operations(states + more)).failure(options) or {}).get("kind") for more in ([], others)]
        expected = None if options.wait_for == "any" else "failed"
        assert kinds == [expected, expected]


@given(states_of, options_of, st.booleans())
def test_a_result_says_the_same_in_all_its_keys(states: List[str], options: WaitOptions, check_mode: bool) -> None:
    outcome = Outcome(operations(states), elapsed=1.5, polls=7, requests=9, tolerated_errors=2, last_error="503")
    result = outcome.as_result(options, raw=False, check_mode=check_mode)
    failure = outcome.failure(options)
    assert json.loads(json.dumps(result)) == result
    assert result["succeeded"] is (failure is None)
    assert result["finished"] is all(state in State.TERMINAL for state in states)
    assert [each["state"] for each in result["operations"]] == states
    assert len(result["failed_operations"]) == states.count(State.FAILED)
    assert len(result["pending_operations"]) == sum(state not in State.TERMINAL for state in states)
    numbers = {"elapsed": 1.5, "polls": 7, "requests": 9, "tolerated_errors": 2, "last_error": "503"}
    assert {name: result[name] for name in numbers} == numbers
    hidden = check_mode and failure is not None and failure["kind"] == "timeout"
    assert result.get("failure") == (None if hidden else failure)


@pytest.mark.parametrize(
    ("kind", "on_failure", "shut"),
    [
        (None, "fail", False),
        ("failed", "fail", True),
        ("failed", "finish", True),
        ("failed", "report", False),
        ("timeout", "report", False),
        ("missing", "report", False),
        ("auth", "report", True),
        ("timeout", "fail", True),
        ("timeout", None, True),
    ],
)
def test_report_does_not_fail_for_what_the_cloud_did(
    kind: Optional[str], on_failure: Optional[str], shut: bool
) -> None:
    assert keeps_shut({"kind": kind} if kind else None, on_failure) is shut


def test_a_summary_shows_the_apis_own_answer_on_request_only() -> None:
    one = dataclasses.replace(operations([State.RUNNING])[0], raw={"secret": "x"})
    assert summary([one], raw=True)["operations"][0]["raw"] == {"secret": "x"}
    assert "secret" not in json.dumps(summary([one], raw=False))


def test_a_timeout_names_its_start_and_the_last_error() -> None:
    outcome = Outcome(operations([State.RUNNING, State.SUCCEEDED]), elapsed=61, tolerated_errors=3, last_error="503.")
    failure: Any = outcome.failure(WaitOptions(timeout=600, timeout_from="operation"))
    assert failure["message"] == (
        "Timed out after 61 s (600 s from the start of each) waiting for 1 of 2 operations: op-0 of s1 is running: "
        "why 0. The operation may still be running. Run the task again to keep waiting. "
        "The last of 3 tolerated errors: 503."
    )


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (State.PENDING, "has not started"),
        (State.RUNNING, "is running"),
        (State.UNKNOWN, "has an unknown state"),
    ],
)
def test_a_state_is_described_in_words(state: str, said: str) -> None:
    failure: Any = Outcome(operations([state])).failure(WaitOptions())
    assert f"op-0 of s1 {said}: why 0." in failure["message"]


def test_a_long_list_is_cut_short_in_the_sentence() -> None:
    failure: Any = Outcome(operations([State.FAILED] * 50)).failure(WaitOptions())
    assert failure["message"] == (
        "50 of 50 operations failed. op-0 of s1 failed: why 0; op-1 of s1 failed: why 1; op-2 of s1 failed: why 2; "
        "and 47 more."
    )


@pytest.mark.parametrize(("value", "text"), [(0, "0.0 s"), (1.44, "1.4 s"), (9.94, "9.9 s"), (75.4, "75 s")])
def test_a_duration_is_shown_briefly(value: float, text: str) -> None:
    assert seconds(value) == text


GIVEN: Dict[str, Any] = dataclasses.asdict(WaitOptions())


def test_the_options_of_a_task_are_taken_as_they_are() -> None:
    given_options = dict(GIVEN, timeout=5, wait_for="any", provider="openstack")
    assert WaitOptions.of(given_options) == WaitOptions(timeout=5, wait_for="any")


@pytest.mark.parametrize(
    ("options", "named"),
    [
        ({"timeout": -1}, "timeout"),
        ({"timeout": float("nan")}, "timeout"),
        ({"delay": -0.1}, "delay"),
        ({"poll_min": float("nan")}, "poll_min"),
        ({"poll_max": float("inf")}, "poll_max"),
        ({"poll_min": 9, "poll_max": 3}, "poll_min"),
        ({"missing_grace": -1}, "missing_grace"),
        ({"max_concurrency": 0}, "max_concurrency"),
        ({"max_requests_per_second": 0}, "max_requests_per_second"),
        ({"max_requests_per_second": -2.5}, "max_requests_per_second"),
        ({"max_requests_per_second": float("inf")}, "max_requests_per_second"),
        ({"max_requests_per_second": float("nan")}, "max_requests_per_second"),
    ],
)
def test_contradictory_options_are_refused_by_name(options: Dict[str, Any], named: str) -> None:
    with pytest.raises(InputError, match=f"^{named} "):
        WaitOptions.of({**GIVEN, **options})
