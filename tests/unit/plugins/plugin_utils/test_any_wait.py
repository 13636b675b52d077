# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Any wait, in one run or in slices: never early, never open on a failure, never past the deadline."""

from __future__ import annotations

import itertools
from typing import Any, Dict, List, NamedTuple, Optional, Tuple

from ansible.errors import AnsibleConnectionFailure
from ansible_collections.cloudgate.operations.plugins.module_utils._model.errors import ThrottledError, TransportError
from ansible_collections.cloudgate.operations.plugins.module_utils._model.operation import State
from ansible_collections.cloudgate.operations.plugins.module_utils._polling.deadlines import LAST_POLLS
from ansible_collections.cloudgate.operations.plugins.module_utils._polling.outcome import WaitOptions
from ansible_collections.cloudgate.operations.plugins.plugin_utils._wait.slices import SlicedWait
from ansible_collections.cloudgate.operations.tests.unit.simulated_time import NEVER, POLL_DEADLINE, Cloud, Ends, World
from hypothesis import given, settings
from hypothesis import strategies as st

STARTUP = 3.0  # seconds that a slice takes to begin, at most
ROUNDING = 1e-6  # seconds
RETRY = 10.0  # seconds between two attempts to reach a host
_NEAR = 120.0  # seconds; at the end a lost host is an error, and some operations end before the others

states = st.sampled_from([State.SUCCEEDED, State.SUCCEEDED, State.FAILED])
seconds = st.floats(0, 900)
ends = st.lists(st.tuples(seconds, states), min_size=1, max_size=8)


class Cut(NamedTuple):
    """The slices of a wait: their seconds, when a change ends one, the time to start, and whether the host is lost."""

    length: float
    early: float
    startup: float
    lost: bool


cuts = st.builds(
    Cut, st.floats(1, 90), st.floats(1, 90), st.floats(0.01, STARTUP), st.sampled_from([False] * 4 + [True])
)
cut_like = st.lists(cuts, min_size=1, max_size=5)


def in_slices(world: World, options: WaitOptions, plan: List[Cut]) -> Dict[str, Any]:
    """Wait in slices that are cut like this, then in others; a host is not lost at first, and not near the end."""
    slices = itertools.chain(plan, itertools.repeat(Cut(60, 5, 0.1, False)))

    def run_slice(part: Dict[str, Any]) -> Dict[str, Any]:
        cut = next(slices)
        if cut.lost and 0 < part["elapsed"] < options.timeout - _NEAR:
            raise AnsibleConnectionFailure("unreachable")
        return world.run_slice(dict(part, seconds=cut.length, early=cut.early), options, cut.startup)

    return SlicedWait(run_slice, lambda *_seen: None, world.clock, world.clock.sleep).run()


def waited(world: World, options: WaitOptions, plan: Optional[List[Cut]]) -> Tuple[List[str], Optional[str], float]:
    """Return the last states, the kind of the failure, and the seconds, of a wait with or without slices."""
    result = in_slices(world, options, plan) if plan else world.wait(**vars(options))[0].as_result(options, raw=False)
    kind = result["failure"]["kind"] if "failure" in result else None
    return [each["state"] for each in result["operations"]], kind, result["elapsed"]


class Trouble(NamedTuple):
    """A time in which a cloud refuses."""

    begin: float
    length: float
    retry_after: Optional[float]

    def fault(self) -> Any:
        """Return a fault for a cloud."""
        throttled = ThrottledError("429", retry_after=self.retry_after)
        return self.begin, self.begin + self.length, TransportError("503") if self.retry_after is None else throttled


class Made(NamedTuple):
    """The properties of one cloud."""

    ends: List[Tuple[float, str]]
    batch: bool
    troubles: List[Trouble]


pauses = st.sampled_from([None, None, 1.0, 30.0, 86400.0])
troubles = st.lists(st.builds(Trouble, st.floats(0, 600), st.floats(0, 300), pauses), max_size=3)
clouds = st.lists(st.builds(Made, ends, st.booleans(), troubles), min_size=1, max_size=3)
latencies = st.lists(st.one_of(st.floats(0.01, 4), st.just(NEVER)), min_size=1, max_size=9)
options_of = st.builds(
    WaitOptions,
    timeout=st.floats(0, 600),
    timeout_from=st.sampled_from(["task", "operation"]),
    wait_for=st.sampled_from(["all", "any"]),
    on_failure=st.sampled_from(["fail", "finish", "report"]),
    max_concurrency=st.integers(1, 12),
)


def world_of(plan: List[Made], slow: List[float]) -> World:
    """Return these clouds. Their polls have these latencies in turn; at least every second one returns."""
    turns = itertools.cycle(slow + [0.1])
    world = World({}, latency=lambda: next(turns))
    world.clouds = []
    for number, made in enumerate(plan):
        cloud = Cloud(world.clock, {f"{number}.{at}": end for at, end in enumerate(made.ends)}, made.batch)
        cloud.starts = dict.fromkeys(list(cloud.ends)[::2], -100.0)
        cloud.faults = [trouble.fault() for trouble in made.troubles]
        world.clouds.append(cloud)
    return world


@settings(max_examples=300)
@given(clouds, latencies, options_of, st.none() | cut_like)
def test_never_early_never_open_on_a_failure_never_past_the_deadline(
    plan: List[Made], slow: List[float], options: WaitOptions, cut: Optional[List[Cut]]
) -> None:
    world = world_of(plan, slow)
    found, kind, _elapsed = waited(world, options, cut)
    age = world.clock.age
    truth = [(age >= second, state) for made in plan for second, state in made.ends]
    good = [finished and state == State.SUCCEEDED for finished, state in truth]
    assert len(found) == len(truth)
    for state, (finished, outcome) in zip(found, truth):
        assert state not in State.TERMINAL or (finished and state == outcome)
    if kind is None:
        assert all(good) if options.wait_for == "all" else any(good)
    elif kind == "failed":
        assert (True, State.FAILED) in truth
        assert State.FAILED in found
    else:
        assert kind == "timeout"
        assert age >= options.timeout - 100 * (options.timeout_from == "operation") - ROUNDING
    slowest = POLL_DEADLINE if NEVER in slow else max(slow)
    first_polls = (len(truth) / options.max_concurrency + len(plan)) * (slowest + STARTUP)
    assert age <= options.timeout + LAST_POLLS + 2 * (slowest + STARTUP) + RETRY * 5 * bool(cut) + first_polls


def ends_of(plan: List[Tuple[float, str]]) -> Ends:
    """Return the same by name."""
    return {str(number): end for number, end in enumerate(plan)}


settled = st.lists(st.tuples(st.one_of(st.floats(0, 300), st.just(NEVER)), states), min_size=1, max_size=40)


@settings(max_examples=50)
@given(settled, st.booleans(), st.sampled_from(["all", "any"]), cut_like, st.floats(0.01, 3))
def test_a_wait_in_slices_has_the_same_outcome_as_a_whole_one(
    plan: List[Tuple[float, str]], batch: bool, wait_for: str, cut: List[Cut], latency: float
) -> None:
    """Operations finish long before the deadline, so that both waits have the time to see it."""
    options = WaitOptions(wait_for=wait_for, on_failure="finish", timeout=600)
    whole, sliced = (World(ends_of(plan), batch, lambda: latency) for _each in range(2))
    states_whole, kind_whole, _seconds = waited(whole, options, None)
    states_sliced, kind_sliced, elapsed = waited(sliced, options, cut)
    assert kind_sliced == kind_whole
    if wait_for == "all":
        assert states_sliced == states_whole
    assert elapsed - 0.001 <= sliced.clock.age <= 600 + LAST_POLLS + 2 * latency + 2 * STARTUP + RETRY * 6


@settings(max_examples=50)
@given(settled, st.booleans(), cut_like, st.floats(0.01, 3))
def test_an_operation_seen_as_finished_is_not_polled_again(
    plan: List[Tuple[float, str]], batch: bool, cut: List[Cut], latency: float
) -> None:
    world = World(ends_of(plan), batch, lambda: latency)
    waited(world, WaitOptions(on_failure="finish", timeout=600), cut)
    for name, (end, _state) in world.cloud.ends.items():
        assert sum(polled == name and second >= end for second, polled in world.cloud.polls) <= 1
