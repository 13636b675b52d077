# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The progress of a wait on the screen."""

from __future__ import annotations

import unicodedata
from typing import Any, List

import pytest
from ansible_collections.cloudgate.operations.plugins.module_utils._model.operation import Operation, State, Step
from ansible_collections.cloudgate.operations.plugins.module_utils._polling.outcome import NO_ANSWER
from ansible_collections.cloudgate.operations.plugins.plugin_utils._wait.progress import Progress
from hypothesis import given
from hypothesis import strategies as st

STATES = [State.PENDING, State.RUNNING, State.SUCCEEDED, State.FAILED, State.UNKNOWN]


def operation(number: int, state: str = State.RUNNING, step: str = "", **more: Any) -> Operation:
    steps = [Step(step, State.RUNNING)] if step else []
    fields = {"reason": "why", "type": "resize", "steps": steps, **more}
    return Operation("openstack", f"req-{number}", f"s{number}", state, **fields)


@pytest.mark.parametrize(
    ("state", "step", "said"),
    [
        (State.PENDING, "", "resize req-1 of s1 has not started"),
        (State.RUNNING, "", "resize req-1 of s1 is running"),
        (State.RUNNING, "compute_prep_resize", "resize req-1 of s1 is running: compute_prep_resize"),
        (State.UNKNOWN, "", "resize req-1 of s1 has an unknown state"),
        (State.SUCCEEDED, "compute_finish_resize", "resize req-1 of s1 succeeded"),
        (State.FAILED, "compute_finish_resize", "resize req-1 of s1 failed"),
    ],
)
def test_a_line_names_host_operation_state_step_and_time(state: str, step: str, said: str) -> None:
    over = int(state in State.TERMINAL)
    lines = Progress("web1", 30).lines([operation(1, state, step), operation(2, reason=NO_ANSWER)], 5.04)
    assert lines == [f"WAITING: [web1]: {said} (5.0 s, {over} of 2 finished)"]


def test_a_wait_for_many_shows_a_line_at_its_start() -> None:
    assert Progress("web1", 30).begun(1000) == ["WAITING: [web1]: 1000 operations (0.0 s, 0 of 1000 finished)"]


def test_a_reservation_that_turns_into_servers_shows_these() -> None:
    progress = Progress("web1", 30)
    assert len(progress.lines([operation(1), operation(9)], 5)) == 2
    lines = progress.lines([operation(1), operation(2), operation(3), operation(9)], 10)
    assert lines == [
        f"WAITING: [web1]: resize req-{each} of s{each} is running (10 s, 0 of 4 finished)" for each in (2, 3)
    ]


def test_only_what_has_changed_is_shown() -> None:
    progress = Progress("web1", 30)
    first = [operation(1, step="compute_prep_resize"), operation(2)]
    assert len(progress.lines(first, 5)) == 2
    assert progress.lines(first, 10) == []
    second = [operation(1, step="compute_finish_resize"), operation(2)]
    assert progress.lines(second, 15) == [
        "WAITING: [web1]: resize req-1 of s1 is running: compute_finish_resize (15 s, 0 of 2 finished)"
    ]
    assert progress.lines([operation(1, State.SUCCEEDED), operation(2)], 75.4) == [
        "WAITING: [web1]: resize req-1 of s1 succeeded (75 s, 1 of 2 finished)"
    ]


def test_without_changes_a_line_names_the_open_operations_now_and_then() -> None:
    progress = Progress("web1", 30)
    operations = [operation(1, State.SUCCEEDED), operation(2)]
    progress.lines(operations, 5)
    assert [bool(progress.lines(operations, elapsed)) for elapsed in (10, 34.9, 35, 40, 64.9, 65)] == [
        False, False, True, False, False, True,
    ]  # fmt: skip
    assert progress.lines(operations, 100) == [
        "WAITING: [web1]: resize req-2 of s2 is running (100 s, 1 of 2 finished)"
    ]


def test_operations_that_were_not_polled_are_not_shown_but_the_wait_is() -> None:
    progress = Progress("web1", 30)
    unseen = [operation(1, State.UNKNOWN, reason=NO_ANSWER)]
    assert progress.lines(unseen, 5) == []
    assert progress.lines(unseen, 30) == ["WAITING: [web1]: resize req-1 of s1: no answer yet (30 s, 0 of 1 finished)"]
    assert progress.lines(unseen, 60, "GET https://nova.test: refused") == [
        "WAITING: [web1]: resize req-1 of s1: no answer yet: GET https://nova.test: refused (60 s, 0 of 1 finished)"
    ]
    assert progress.lines([operation(1)], 65) == [
        "WAITING: [web1]: resize req-1 of s1 is running (65 s, 0 of 1 finished)"
    ]
    assert progress.lines([operation(1)], 95, "Lost") == [
        "WAITING: [web1]: resize req-1 of s1 is running (95 s, 0 of 1 finished)"
    ], "an answer came"


@pytest.mark.parametrize(("count", "last"), [(5, "resize req-4 of s4 is running"), (6, "2 more have changed"),
                                             (1000, "996 more have changed")])  # fmt: skip
def test_a_thousand_do_not_flood_the_screen(count: int, last: str) -> None:
    lines = Progress("web1", 30).lines([operation(number) for number in range(count)], 5)
    assert len(lines) == 5
    assert lines[0].startswith("WAITING: [web1]: resize req-0 of s0 is running (")
    assert lines[-1] == f"WAITING: [web1]: {last} (5.0 s, 0 of {count} finished)"


@pytest.mark.parametrize("evil", ["\x1b[2J", "\r", "\n", "\x07", "\u202e", "\x9b31m", "\u2028"])
def test_a_name_from_a_cloud_cannot_steer_a_terminal(evil: str) -> None:
    (line,) = Progress("web1", 30).lines([operation(1, step=f"a{evil}b")], 5)
    assert evil not in line
    shown = " " if evil.isspace() else "?"
    assert line.startswith(f"WAITING: [web1]: resize req-1 of s1 is running: a{shown}")


@given(
    st.lists(st.lists(st.tuples(st.sampled_from(STATES), st.text(max_size=4)), min_size=7, max_size=7), max_size=6),
    st.lists(st.floats(0, 50), min_size=6, max_size=6),
)
def test_any_wait_shows_few_lines_of_printable_text(polls: List[List[Any]], gaps: List[float]) -> None:
    progress, elapsed, last = Progress("web\x1b1", 30), 0.0, 0.0
    for poll, gap in zip(polls, gaps):
        elapsed += gap
        operations = [operation(at, state, step) for at, (state, step) in enumerate(poll)]
        operations.append(operation(8))  # a finished operation is not shown any more
        lines = progress.lines(operations, elapsed)
        assert len(lines) <= 5
        assert lines or elapsed - last < 30
        last = elapsed if lines else last
        assert not any(unicodedata.category(character).startswith("C") for line in lines for character in line)
