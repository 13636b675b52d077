# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How the slices of a wait become one result; the module and time are simulated."""

from __future__ import annotations

import random
from typing import Any, Callable, Dict, List, Optional, Tuple

import pytest
from ansible.errors import AnsibleConnectionFailure
from ansible_collections.cloudgate.operations.plugins.module_utils._model.errors import ThrottledError, TransportError
from ansible_collections.cloudgate.operations.plugins.module_utils._model.operation import Operation, State
from ansible_collections.cloudgate.operations.plugins.module_utils._polling.deadlines import LAST_POLLS
from ansible_collections.cloudgate.operations.plugins.module_utils._polling.intervals import BUDGET
from ansible_collections.cloudgate.operations.plugins.module_utils._polling.outcome import NO_ANSWER, WaitOptions
from ansible_collections.cloudgate.operations.plugins.plugin_utils._wait.slices import FIRST, LONGEST, SlicedWait
from ansible_collections.cloudgate.operations.tests.unit.simulated_time import (
    API_TIMEOUT,
    ENDINGS,
    NEVER,
    POLL_DEADLINE,
    Ends,
    World,
    endings,
)

SWEEP = 1000 / BUDGET  # seconds in which each of a thousand has a poll
STARTUP = 1.0  # seconds that a slice takes to begin
ENOUGH = 1000  # slices of any wait here
ENDS = {"a": (20, State.SUCCEEDED), "b": (130, State.SUCCEEDED)}


class Sliced:
    """A wait of the action plugin on a simulated host.

    parts: the arguments of each slice. shown: (seconds, states) of each update of the screen. before: called with the
    number of a slice as it begins; it may raise, and its return value is the slice's result. length: most seconds of a
    slice.
    """

    def __init__(self, world: World, length: float = LONGEST, **options: Any) -> None:
        self.world = world
        self.options = WaitOptions(**options)
        self.length = length
        self.parts: List[Dict[str, Any]] = []
        self.shown: List[Tuple[float, List[str]]] = []
        self.before: Callable[[int], Any] = lambda _number: None
        clock = world.clock
        count = sum(len(cloud.ends) for cloud in world.clouds)
        self.waiting = SlicedWait(self._run_slice, self._show, clock, clock.sleep, count)

    def _run_slice(self, part: Dict[str, Any]) -> Dict[str, Any]:
        self.parts.append(part)
        assert len(self.parts) < ENOUGH, "the wait does not end"
        cut = dict(part, seconds=min(part["seconds"], self.length))
        return self.before(len(self.parts)) or self.world.run_slice(cut, self.options, STARTUP)

    def _show(self, operations: List[Operation], elapsed: float, _error: Optional[str]) -> None:
        self.shown.append((elapsed, [each.state for each in operations]))

    def run(self) -> Dict[str, Any]:
        """Wait."""
        return self.waiting.run()


def lost(*numbers: int) -> Callable[[int], None]:
    """Fail as a host that is unreachable in these slices."""

    def before(number: int) -> None:
        if number in numbers:
            raise AnsibleConnectionFailure("unreachable")

    return before


@pytest.mark.parametrize(
    ("ends", "options"),
    [
        (ENDS, {}),
        (ENDS, {"timeout": 60}),
        ({**ENDS, "b": (100, State.FAILED)}, {}),
        ({**ENDS, "b": (100, State.FAILED)}, {"on_failure": "finish"}),
        ({**ENDS, "b": (100, State.FAILED)}, {"on_failure": "report"}),
        (ENDS, {"wait_for": "any"}),
        ({}, {}),
    ],
)
def test_the_result_is_the_modules_own(ends: Ends, options: Dict[str, Any]) -> None:
    result = Sliced(World(ends), **options).run()
    outcome, failure = World(ends).wait(**options)
    own = outcome.as_result(WaitOptions(**options), raw=False)
    about = {"elapsed", "polls", "failure"}
    assert {name: result[name] for name in set(own) - about} == {name: own[name] for name in set(own) - about}
    assert set(result) == set(own) | {"changed"} | ({"failed", "msg"} if result.get("failed") else set())
    shut = failure is not None and options.get("on_failure") != "report"
    assert result.get("failed", False) is shut
    assert result.get("failure", {}).get("kind") == (failure or {}).get("kind")
    assert result.get("msg") == (result["failure"]["message"] if shut else None)


def test_the_counts_of_all_slices_are_added_up() -> None:
    world = World(ENDS)
    world.cloud.faults = [(10, 40, TransportError("503"))]
    sliced = Sliced(world)
    result = sliced.run()
    assert result["polls"] == len(world.cloud.asked)
    assert result["tolerated_errors"] == sum(10 <= second < 40 for second in world.cloud.asked) > 0
    assert result["last_error"] == "503"
    assert result["elapsed"] == pytest.approx(world.clock.age, abs=0.01)


def test_changes_of_few_end_a_slice_and_those_of_many_do_not() -> None:
    few = Sliced(World({"a": (300, State.SUCCEEDED)}))
    few.run()
    assert (few.parts[0]["seconds"], few.parts[0]["early"]) == (FIRST, FIRST)
    assert {(part["seconds"], part["early"]) for part in few.parts[1:]} == {(LONGEST, FIRST)}
    many = Sliced(World({str(number): (100, State.SUCCEEDED) for number in range(11)}))
    many.run()
    assert {(part["seconds"], part["early"]) for part in many.parts[1:]} == {(LONGEST, LONGEST)}


@pytest.mark.parametrize("count", [1, 10])
def test_an_unchanged_operation_ends_no_slice(count: int) -> None:
    """One hour has 3600 s / (60 s + 1 s to begin) = 59 slices, and the short first one."""
    sliced = Sliced(World({str(number): (3600, State.SUCCEEDED) for number in range(count)}), timeout=7200)
    sliced.run()
    assert 59 <= len(sliced.parts) <= 61


@pytest.mark.parametrize(("count", "first"), [(100, FIRST), (101, LONGEST)])
def test_the_first_slice_of_many_operations_is_long(count: int, first: float) -> None:
    waiting = Sliced(World({f"op-{number}": (1, State.SUCCEEDED) for number in range(count)}))
    waiting.run()
    assert waiting.parts[0]["seconds"] == waiting.parts[0]["early"] == first


def test_a_change_is_shown_soon_after_it_came() -> None:
    sliced = Sliced(World(ENDS))
    sliced.run()
    seen = [elapsed for elapsed, states in sliced.shown if states == [State.SUCCEEDED, State.RUNNING]]
    assert 20 <= seen[0] <= 25 + 2 * STARTUP


def test_later_slices_know_what_one_slice_has_seen() -> None:
    sliced = Sliced(World(ENDS), length=5)
    result = sliced.run()
    assert len(sliced.parts) > 10
    assert [each["state"] for each in result["operations"]] == [State.SUCCEEDED, State.SUCCEEDED]
    assert all(states[0] == State.SUCCEEDED for elapsed, states in sliced.shown if elapsed > 30)
    assert sliced.world.cloud.count("a") < 15


@pytest.mark.parametrize("kind", list(ENDINGS))
def test_for_a_thousand_too_the_gate_opens_soon_after_the_last_end(kind: str) -> None:
    ends = endings(kind, 1000)
    sliced = Sliced(World(ends), timeout=3600)
    assert sliced.run()["succeeded"] is True
    assert 0 <= sliced.world.clock.age - max(second for second, _state in ends.values()) <= SWEEP + 2 * STARTUP
    assert len(sliced.world.cloud.polls) <= BUDGET * sliced.world.clock.age + 4 * SWEEP


@pytest.mark.parametrize("length", [5.0, 60.0])
def test_the_time_between_slices_counts(length: float) -> None:
    sliced = Sliced(World({"a": (NEVER, State.SUCCEEDED)}), length, timeout=300)
    result = sliced.run()
    assert result["failure"]["kind"] == "timeout"
    assert 300 <= sliced.world.clock.age <= 300 + LAST_POLLS + STARTUP + 0.2


def test_a_lost_connection_is_tolerated_and_reported() -> None:
    sliced = Sliced(World(ENDS))
    sliced.before = lost(3, 4, 5)
    result = sliced.run()
    assert (result["succeeded"], result["tolerated_errors"]) == (True, 3)
    assert result["last_error"] == "The connection to the host was lost: unreachable"


def test_a_lost_connection_does_not_move_the_deadline() -> None:
    sliced = Sliced(World({"a": (NEVER, State.SUCCEEDED)}), timeout=120)
    sliced.before = lost(*range(3, 10))
    result = sliced.run()
    assert result["failure"]["kind"] == "timeout"
    assert 120 <= sliced.world.clock.age <= 120 + LAST_POLLS + STARTUP + 0.2


@pytest.mark.parametrize("on_failure", ["fail", "report"])
def test_a_connection_that_stays_lost_past_the_end_is_a_timeout_with_the_last_states(on_failure: str) -> None:
    sliced = Sliced(World(ENDS), timeout=100, on_failure=on_failure)
    sliced.before = lost(*range(4, 1000))
    result = sliced.run()
    assert sliced.world.clock.age == pytest.approx(100 + STARTUP, abs=0.01)
    assert [each["state"] for each in result["operations"]] == sliced.shown[-1][1] == ["succeeded", "running"]
    assert result["failure"]["kind"] == "timeout"
    assert result.get("failed", False) is (on_failure == "fail")
    assert "The connection to the host was lost: unreachable" in result["failure"]["message"]
    assert result["tolerated_errors"] == len(sliced.parts) - 3
    assert result["elapsed"] == pytest.approx(sliced.world.clock.age, abs=0.01)


def test_the_last_attempt_to_reach_a_host_is_at_the_deadline() -> None:
    sliced = Sliced(World({"a": (NEVER, State.SUCCEEDED)}), timeout=98)
    sliced.before = lost(*range(3, 1000))
    sliced.run()
    assert 88 <= sliced.parts[-2]["elapsed"] < 98
    assert sliced.parts[-1]["elapsed"] == pytest.approx(98, abs=0.01)


def test_a_host_that_cannot_be_reached_at_first_is_an_error_at_once() -> None:
    sliced = Sliced(World(ENDS))
    sliced.before = lost(1)
    with pytest.raises(AnsibleConnectionFailure):
        sliced.run()
    assert (sliced.world.clock.age, len(sliced.parts)) == (0, 1)


def test_a_wait_that_could_not_begin_has_the_modules_error() -> None:
    sliced = Sliced(World(ENDS))
    refused = {"failed": True, "msg": "provider is missing", "failure": {"kind": "input"}, "operations": []}
    sliced.before = lambda _number: dict(refused)
    assert sliced.run() == refused


@pytest.mark.parametrize(
    "broken",
    [
        {"failed": True, "msg": "MODULE FAILURE", "rc": 1},
        {"failed": True, "msg": "no file", "failure": {"kind": "input"}, "operations": [], "polls": 0, "elapsed": 0.0},
    ],
)
def test_a_slice_that_broke_says_what_was_known_before(broken: Dict[str, Any]) -> None:
    sliced = Sliced(World({**ENDS, "late": (NEVER, State.SUCCEEDED)}))
    sliced.before = lambda number: dict(broken) if number == 3 else None
    result = sliced.run()
    assert (result["failed"], result["msg"]) == (True, broken["msg"])
    assert [each["state"] for each in result["operations"]] == sliced.shown[-1][1]
    assert (result["succeeded"], result["finished"], result["polls"] > 0) == (False, False, True)
    assert result.get("failure") == broken.get("failure")


def test_a_retry_after_delays_the_next_slices_too() -> None:
    world = World({str(number): (10, State.SUCCEEDED) for number in range(5)})
    world.cloud.faults = [(0, 1, TransportError("503")), (1, 20, ThrottledError("slow down", retry_after=200))]
    Sliced(world, length=5).run()
    refused = [second for second in world.cloud.asked if 1 <= second < 20]
    assert len(refused) == 1
    assert min(second for second in world.cloud.asked if second > 20) >= refused[0] + 200


@pytest.mark.parametrize("count", [1, 25, 100])
def test_slices_poll_a_cloud_that_is_down_no_more_often_than_one_run_does(count: int) -> None:
    def polled(sliced: bool) -> int:
        world = World({f"op-{number}": (3000.0, State.SUCCEEDED) for number in range(count)})
        world.cloud.faults = [(60, 1860, TransportError("503"))]
        if sliced:
            Sliced(world, timeout=3600).run()
        else:
            world.wait(timeout=3600)
        return sum(60 <= second < 1860 for second in world.cloud.asked)

    assert polled(sliced=True) <= 1.3 * polled(sliced=False) + 2


def test_a_deadline_of_an_operation_is_the_same_in_each_slice() -> None:
    world = World({"a": (NEVER, State.SUCCEEDED)})
    world.cloud.starts = {"a": -500}
    now, frozen = world.cloud.now, world.cloud.now()
    setattr(world.cloud, "now", lambda age=None: frozen if age is None else now(age))  # noqa: B010
    result = Sliced(world, length=5, timeout=600, timeout_from="operation").run()
    assert result["failure"]["kind"] == "timeout"
    assert 100 <= world.clock.age <= 100 + LAST_POLLS + STARTUP + 1


def test_a_warning_of_any_slice_is_in_the_result_once() -> None:
    world = World({"a": (50, State.SUCCEEDED), "b": (50, State.SUCCEEDED)})
    world.cloud.starts = {"a": 3600, "b": 3600}
    result = Sliced(world, length=5, timeout=600, timeout_from="operation").run()
    assert (result["succeeded"], len(result["warnings"])) == (True, 1)
    assert "is in the future" in result["warnings"][0]


@pytest.mark.parametrize("count", [1, 60, 2000])
@pytest.mark.parametrize("latency", [2.0, NEVER])
def test_many_operations_do_not_exceed_the_limit_of_a_sliced_wait(count: int, latency: float) -> None:
    world = World({f"op-{number}": (NEVER, State.SUCCEEDED) for number in range(count)}, latency=lambda: latency)
    result = Sliced(world, timeout=5, max_concurrency=2).run()
    assert result["failure"]["kind"] == "timeout"
    assert world.clock.age <= 5 + LAST_POLLS + 2 * STARTUP + (API_TIMEOUT if latency == NEVER else latency)


def test_all_of_many_operations_are_polled_although_many_polls_fail() -> None:
    """The backoff outlasts slices; after it, the first of the list must not be polled first again."""
    world = World({f"op-{number}": (NEVER, State.SUCCEEDED) for number in range(100)})
    chance = random.Random(1)
    bad = [second / 2 for second in range(6000) if chance.random() < 0.4]
    world.cloud.faults = [(second, second + 0.5, TransportError("503")) for second in bad]
    Sliced(world, timeout=3000).run()
    assert len({name for second, name in world.cloud.polls if second < 2900}) == 100


@pytest.mark.parametrize("length", [5.0, 60.0])
@pytest.mark.parametrize("latency", [12.0, 25.0])
def test_a_cloud_that_is_slower_than_a_slice_is_waited_for(length: float, latency: float) -> None:
    world = World({str(number): (30, State.SUCCEEDED) for number in range(3)}, latency=lambda: latency)
    assert Sliced(world, length).run()["succeeded"] is True


def test_a_cloud_that_never_answers_does_not_extend_the_wait() -> None:
    sliced = Sliced(World(ENDS, latency=lambda: NEVER), length=5, timeout=100)
    result = sliced.run()
    assert result["failure"]["kind"] == "timeout"
    assert {each["reason"] for each in result["operations"]} == {NO_ANSWER}
    assert "no complete answer" in result["failure"]["message"]
    assert sliced.world.clock.age <= 100 + 2 * POLL_DEADLINE + 2 * LAST_POLLS


def test_an_operation_that_never_appears_is_missing_though_no_slice_lasts_that_long() -> None:
    world = World({"a": (NEVER, State.SUCCEEDED)})
    world.cloud.appears = NEVER
    sliced = Sliced(world, length=5, missing_grace=60)
    result = sliced.run()
    assert result["failure"]["kind"] == "missing"
    assert 60 <= world.clock.age <= 75
