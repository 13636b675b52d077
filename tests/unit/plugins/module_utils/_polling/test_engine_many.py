# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The engine with many operations and several clouds. In simulated time: nothing here sleeps."""

from __future__ import annotations

import copy
import itertools
import random
from typing import Any, List, Sequence

import pytest
from ansible_collections.cloudgate.operations.plugins.module_utils._model.errors import (
    AuthError,
    ThrottledError,
    TransportError,
)
from ansible_collections.cloudgate.operations.plugins.module_utils._model.operation import State
from ansible_collections.cloudgate.operations.plugins.module_utils._model.reference import Reference
from ansible_collections.cloudgate.operations.plugins.module_utils._polling.deadlines import LAST_POLLS
from ansible_collections.cloudgate.operations.plugins.module_utils._polling.intervals import BUDGET
from ansible_collections.cloudgate.operations.plugins.module_utils._polling.outcome import NO_ANSWER
from ansible_collections.cloudgate.operations.tests.unit.simulated_time import (
    API_TIMEOUT,
    ENDINGS,
    LATENCY,
    NEVER,
    Ends,
    World,
    endings,
)
from hypothesis import given, settings
from hypothesis import strategies as st

MANY = 1000
SWEEP = MANY / BUDGET  # seconds in which each of so many has a poll
OUTAGE = TransportError("503")


def many(second: float = NEVER, count: int = MANY) -> Ends:
    return {f"op-{number}": (second, State.SUCCEEDED) for number in range(count)}


@settings(max_examples=30)
@given(st.integers(1, 12), st.integers(1, 80), st.floats(0.01, 20))
def test_polls_in_flight_are_limited(most: int, count: int, latency: float) -> None:
    world = World(many(30, count), latency=lambda: latency)
    _outcome, failure = world.wait(max_concurrency=most, timeout=7200)
    assert failure is None
    assert world.workers.most_at_once <= most


def test_many_polls_are_in_flight_at_once() -> None:
    world = World(many(0, 50), latency=lambda: 10.0)
    outcome, _failure = world.wait(max_concurrency=10)
    assert world.workers.most_at_once == 10
    assert outcome.elapsed < 10 + 5 * 10 + 1


def test_one_probe_is_sent_until_a_request_succeeds() -> None:
    world = World(many(0, 20), latency=lambda: 3.0)
    world.wait()
    assert world.cloud.asked[0] == 0
    assert world.cloud.asked[1] == pytest.approx(3)


def test_refused_credentials_are_tried_once_by_a_thousand() -> None:
    world = World(many())
    world.cloud.faults = [(0, NEVER, AuthError("refused"))]
    _outcome, failure = world.wait()
    assert failure is not None
    assert (failure["kind"], len(world.cloud.asked)) == ("auth", 1)


@pytest.mark.parametrize("begin", [0, 60])
def test_in_an_outage_one_of_a_thousand_probes_until_the_first_success(begin: int) -> None:
    world = World(many(700))
    world.cloud.faults = [(begin, 600, OUTAGE)]
    outcome, failure = world.wait(timeout=3600)
    during = [second for second in world.cloud.asked if begin <= second < 600]
    assert failure is None
    assert outcome.tolerated_errors == len(during) <= 10 + 50, "those in flight as the fault began, then one at a time"
    after = [second for second in world.cloud.asked if second >= 600]
    assert after[0] <= 600 + 60
    assert after[1] >= after[0] + LATENCY, "one goes ahead"


def test_in_an_outage_single_probes_soon_slow_down_to_the_rate_of_one_operation() -> None:
    world = World(many(700, 25), latency=lambda: 2.0)
    world.cloud.faults = [(60, 600, OUTAGE)]
    world.wait(timeout=3600, poll_min=10, poll_max=10)
    known = next(second for second in world.cloud.asked if second >= 60) + 2
    during = [second for second in world.cloud.asked if known <= second < 600]
    pauses = [during[at + 1] - during[at] - 2 for at in range(len(during) - 1)]
    assert len(pauses) > 30
    assert pauses == sorted(pauses)
    assert pauses[0] == pytest.approx(2 * 10 / 25, abs=0.001), "twice the time between polls"
    assert pauses[5:] == pytest.approx([10] * len(pauses[5:]))


@pytest.mark.parametrize(("share", "late"), [(0.01, 150), (0.05, 180), (0.2, 360)])
def test_single_errors_do_not_slow_down_many_operations(share: float, late: float) -> None:
    world, errors = World(many(300)), random.Random(7)
    poll = world.cloud.poll

    def flaky(references: Sequence[Reference]) -> List[Any]:
        if errors.random() < share:
            raise copy.copy(OUTAGE)
        return poll(references)

    world.cloud.poll = flaky  # type: ignore[method-assign]
    outcome, failure = world.wait(timeout=3600)
    assert failure is None
    assert outcome.tolerated_errors > 10
    assert world.clock.age <= 300 + late


@pytest.mark.parametrize("asked_for", [50, 86400])
@pytest.mark.parametrize("begin", [0, 20])
def test_a_retry_after_delays_the_whole_group_but_not_its_final_poll(asked_for: float, begin: int) -> None:
    world = World(many(10, 20))
    world.cloud.faults = [(begin, begin + 1, ThrottledError("slow down", retry_after=asked_for))]
    world.wait(timeout=200, poll_min=begin + 0.5, poll_max=60)
    refused = [second for second in world.cloud.asked if begin <= second < begin + 1]
    later = [second for second in world.cloud.asked if second >= begin + 1]
    assert len(refused) <= 10, "those that were in flight together"
    if refused:
        assert min(later) == pytest.approx(min(200, max(refused) + asked_for), abs=2 * LATENCY)
    assert world.clock.age <= 200 + LAST_POLLS


def test_a_cloud_that_throttles_every_second_request_is_no_obstacle() -> None:
    world = World(many(60, 40))
    error = ThrottledError("slow down", retry_after=1)
    world.cloud.faults = [(second, second + 1, error) for second in range(0, 60, 2)]
    assert world.wait()[1] is None


def test_a_cloud_that_is_down_does_not_delay_another() -> None:
    world = World(many(100, 20))
    world.cloud.faults = [(0, 400, OUTAGE)]
    other = world.add({f"other-{number}": (100, State.SUCCEEDED) for number in range(20)})
    outcome, failure = world.wait()
    assert failure is None
    assert max(other.asked) <= 115
    assert 400 <= outcome.elapsed <= 460
    assert [each.operation_id for each in outcome.operations] == [*world.cloud.ends, *other.ends]


def test_many_operations_in_one_cloud_do_not_delay_another() -> None:
    world = World(many(900))
    other = world.add({"alone": (300, State.FAILED)})
    outcome, failure = world.wait(timeout=3600)
    assert failure is not None
    assert failure["operation"]["operation_id"] == "alone"
    assert outcome.elapsed <= 300 * 1.1 + 1
    assert other.count("alone") >= 20


@pytest.mark.parametrize("count", [1, 30, MANY])
def test_one_poll_can_be_for_all(count: int) -> None:
    world = World(many(300, count), batch=True)
    outcome, failure = world.wait()
    assert failure is None
    assert outcome.elapsed <= 330
    assert len(world.cloud.asked) <= 45
    assert outcome.polls == len(world.cloud.polls)


@pytest.mark.parametrize("kind", list(ENDINGS))
def test_a_thousand_take_few_polls_and_the_gate_opens_soon_after_the_last_end(kind: str) -> None:
    ends = endings(kind, MANY)
    world = World(ends)
    world.chance = random.Random(1).random
    _outcome, failure = world.wait(timeout=3600)
    assert failure is None
    assert 0 <= world.clock.age - max(second for second, _state in ends.values()) <= SWEEP + 5
    assert len(world.cloud.polls) <= BUDGET * world.clock.age + 4 * SWEEP
    assert max(world.cloud.count(name) for name in ("op-0", "op-1", "op-999")) <= 60


def test_one_failure_among_a_thousand_is_found() -> None:
    world = World({**many(2000), "op-500": (100, State.FAILED)})
    outcome, failure = world.wait(timeout=3600)
    assert failure is not None
    assert failure["kind"] == "failed"
    assert outcome.elapsed < 100 + SWEEP + 5


@pytest.mark.parametrize("timeout", [0, 30, 600])
def test_at_the_timeout_each_last_state_of_a_thousand_is_known(timeout: int) -> None:
    world = World(many())
    outcome, failure = world.wait(timeout=timeout)
    assert failure is not None
    assert failure["message"].count("is running") == 3
    assert "waiting for 1000 of 1000 operations" in failure["message"]
    assert "and 997 more" in failure["message"]
    assert {each.state for each in outcome.operations} == {State.RUNNING}
    assert outcome.elapsed <= max(timeout + LAST_POLLS + LATENCY, MANY / 10 * LATENCY + 1)
    window = MANY / 50
    if timeout > 100:
        late = {name for second, name in world.cloud.polls if second >= timeout - window}
        assert len(late) == MANY, "each was polled near the end"
        assert len(world.cloud.polls) < BUDGET * (timeout + SWEEP) + 2 * MANY


@pytest.mark.parametrize("latency", [2.0, NEVER])
@pytest.mark.parametrize("count", [1, 60, 2000])
def test_neither_many_operations_nor_a_slow_cloud_exceed_the_limit(count: int, latency: float) -> None:
    world = World(many(count=count), latency=lambda: latency)
    outcome, failure = world.wait(timeout=5, max_concurrency=2)
    assert failure is not None
    assert failure["kind"] == "timeout"
    assert outcome.elapsed <= 5 + LAST_POLLS + (API_TIMEOUT if latency == NEVER else latency)
    read = {name for _second, name in world.cloud.polls} if latency != NEVER else set()
    assert [each.reason == NO_ANSWER for each in outcome.operations] == [name not in read for name in world.cloud.ends]
    unread = count - len(read)
    assert (f"{unread} of them were never read" in failure["message"]) is (0 < unread < count)
    assert ("The API never answered." in failure["message"]) is (unread == count)


def test_each_of_a_thousand_is_read_once_with_a_limit_of_zero() -> None:
    world = World(many())
    outcome, _failure = world.wait(timeout=0)
    assert [name for _second, name in world.cloud.polls] == list(world.cloud.ends)
    assert outcome.polls == MANY


def test_requests_that_wait_for_the_rate_limit_do_not_count_as_lost() -> None:
    """One request in 100 seconds, where a poll counts as lost after 30."""
    world = World(many(0, 3))
    turns = itertools.count(1)
    start = world.workers.start

    def slow(tag: Any, work: Any) -> None:
        tag.rate_limited = 100.0 * next(turns)
        world.workers.latency = lambda: tag.rate_limited + LATENCY
        start(tag, work)

    setattr(world.workers, "start", slow)  # noqa: B010 - mypy forbids the plain way
    outcome, failure = world.wait(timeout=3600)
    assert (failure, outcome.tolerated_errors, outcome.polls) == (None, 0, 3)


def test_many_operations_with_own_deadlines_get_a_final_poll_each() -> None:
    """The older half is past its deadline while the other half still has time."""
    world = World(many(count=400))
    names = list(world.cloud.ends)
    world.cloud.starts = {name: -300 if number % 2 else 0 for number, name in enumerate(names)}
    outcome, failure = world.wait(timeout=600, timeout_from="operation")
    assert failure is not None
    assert failure["kind"] == "timeout"
    last = {name: second for second, name in world.cloud.polls}
    assert all(285 <= last[name] <= 303 for name in names[1::2])
    assert all(585 <= last[name] <= 603 for name in names[0::2])
    assert outcome.elapsed <= 600 + LAST_POLLS + LATENCY
