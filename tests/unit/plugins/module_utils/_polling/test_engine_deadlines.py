# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The deadline of a wait, and polls that do not return before it. In simulated time: nothing here sleeps."""

from __future__ import annotations

from datetime import timedelta
from typing import Optional

import pytest
from ansible_collections.cloudgate.operations.plugins.module_utils._model.errors import (
    TransportError,
)
from ansible_collections.cloudgate.operations.plugins.module_utils._model.operation import State
from ansible_collections.cloudgate.operations.plugins.module_utils._polling.deadlines import LAST_POLLS
from ansible_collections.cloudgate.operations.tests.unit.simulated_time import (
    API_TIMEOUT,
    DAY,
    NEVER,
    POLL_DEADLINE,
    RUNS,
    World,
)


@pytest.mark.parametrize("ahead", [0, -3600, 7200])
def test_a_deadline_can_count_from_the_start_of_each_operation_on_the_clouds_clock(ahead: float) -> None:
    """Of ages 500 s and 0 s with 600 s each, one has 100 s left and the other 600 s."""
    world = World({"old": (NEVER, State.SUCCEEDED), "new": (400, State.SUCCEEDED)})
    world.cloud.clock_ahead = ahead
    world.cloud.starts = {"old": -500, "new": 0}
    _outcome, failure = world.wait(timeout=600, timeout_from="operation")
    assert failure is not None
    assert failure["kind"] == "timeout"
    assert failure["operation"]["operation_id"] == "old"
    assert "(600 s from the start of each)" in failure["message"]
    assert max(second for second, name in world.cloud.polls if name == "old") == pytest.approx(100, abs=0.2)
    assert world.clock.age == pytest.approx(400, abs=45), "the wait for the other continues"


def test_an_operation_older_than_its_limit_is_polled_once() -> None:
    world = World({"old": RUNS})
    world.cloud.starts = {"old": -700}
    outcome, failure = world.wait(timeout=600, timeout_from="operation")
    assert failure is not None
    assert (failure["kind"], outcome.polls) == ("timeout", 1)


@pytest.mark.parametrize("jump", [-7200, 7200])
def test_a_failed_poll_does_not_move_the_deadline_when_the_wall_clock_jumps(jump: float) -> None:
    """Only an answer shows the API's clock; until the next one, its time is derived from the machine's own clock."""
    world = World({"a": (300, State.SUCCEEDED), "b": RUNS})
    world.cloud.starts = {"a": -100, "b": -100}
    world.cloud.faults = [(90, 200, TransportError("503"))]
    now = world.cloud.now
    off = timedelta(seconds=jump)
    world.cloud.now = lambda age=None: now(age) + off * (age is None and 90 <= world.clock.age < 200)
    outcome, failure = world.wait(timeout=600, timeout_from="operation")
    assert failure is not None
    assert [each.state for each in outcome.operations] == [State.SUCCEEDED, State.RUNNING]
    assert world.clock.age == pytest.approx(500, abs=0.3)


def test_the_deadline_is_set_once_when_the_apis_clock_stops() -> None:
    """A proxy that answers with the Date of its own start."""
    world = World({"a": RUNS})
    world.cloud.starts = {"a": -500}
    now, frozen = world.cloud.now, world.cloud.now()
    setattr(world.cloud, "now", lambda age=None: frozen if age is None else now(age))  # noqa: B010
    outcome, failure = world.wait(timeout=600, timeout_from="operation")
    assert failure is not None
    assert failure["kind"] == "timeout"
    assert outcome.elapsed == pytest.approx(100, abs=1)


@pytest.mark.parametrize(
    ("start", "ahead", "seconds", "warning"),
    [
        (-500, 0, 100, None),
        (30, 0, 600, None),  # the clocks of the cloud's hosts differ by less than a minute
        (8 * 3600, 0, 600, "is in the future"),  # local time without a zone
        (-500, 3 * 365 * DAY, 100, "differ by 1576800 minutes"),
        (-500, -3600, 100, "differ by 60 minutes"),
        (-500, -300, 400, None),  # the younger of two ages counts,
    ],
)
@pytest.mark.parametrize("delay", [0, 20])
def test_a_deadline_is_never_later_than_the_first_poll_plus_the_limit(
    start: float, ahead: float, seconds: float, warning: Optional[str], delay: float
) -> None:
    """start: as the API shows it. ahead: of its Date header, which is another clock than that of the start."""
    world = World({"a": RUNS})
    world.cloud.starts = {"a": start}
    world.cloud.date_ahead = ahead
    outcome, failure = world.wait(timeout=600, timeout_from="operation", delay=delay)
    assert failure is not None
    assert failure["kind"] == "timeout"
    assert outcome.elapsed == pytest.approx(seconds + delay * (seconds == 600), abs=1)
    assert [str(warning) in each for each in outcome.warnings] == [True] * (warning is not None)
    assert not world.wait(timeout=60)[0].warnings, "without timeout_from: operation nothing depends on a date"


def test_without_a_start_the_time_counts_from_the_task() -> None:
    outcome, _failure = World({"a": RUNS}).wait(timeout=100, timeout_from="operation")
    assert outcome.elapsed == pytest.approx(100, abs=0.2)


def test_a_poll_that_never_returns_is_abandoned_and_repeated() -> None:
    world = World({"a": (20, State.SUCCEEDED)})
    latencies = iter([NEVER])
    world.workers.latency = lambda: next(latencies, 0.1)
    outcome, failure = world.wait()
    assert (failure, outcome.tolerated_errors) == (None, 1)
    assert "no complete answer within 30 s" in str(outcome.last_error)
    assert world.cloud.asked == [0, pytest.approx(POLL_DEADLINE, abs=4)]


def test_the_answer_of_an_abandoned_poll_is_ignored() -> None:
    world = World({"a": (200, State.SUCCEEDED)})
    latencies = iter([POLL_DEADLINE + 1])
    world.workers.latency = lambda: next(latencies, 0.1)
    outcome, failure = world.wait()
    assert (failure, outcome.tolerated_errors) == (None, 1)
    assert outcome.polls == len(world.cloud.polls)


@pytest.mark.parametrize(("names", "answers"), [("abcde", 0), ("abcde", 1), ("abcde", 5), ("a", 1), ("a", 9)])
def test_a_cloud_that_drips_does_not_extend_the_wait_beyond_its_deadline(names: str, answers: int) -> None:
    world = World(dict.fromkeys(names, RUNS))
    latencies = iter([0.1] * answers)
    world.workers.latency = lambda: next(latencies, NEVER)
    outcome, failure = world.wait(timeout=100)
    assert failure is not None
    assert failure["kind"] == "timeout"
    assert outcome.elapsed <= 100 + LAST_POLLS + (API_TIMEOUT if answers < len(names) else 0.01)


def test_a_failed_final_poll_still_counts_as_the_final_poll() -> None:
    """Polls take two seconds and come every eleven, so the tenth begins before the deadline and fails after it."""
    world = World({"a": RUNS}, latency=lambda: 2.0)
    world.cloud.faults = [(90, NEVER, TransportError("503"))]
    outcome, failure = world.wait(timeout=100, poll_min=9, poll_max=9)
    assert failure is not None
    assert (failure["kind"], outcome.polls) == ("timeout", 10)
    assert outcome.elapsed == pytest.approx(101)
