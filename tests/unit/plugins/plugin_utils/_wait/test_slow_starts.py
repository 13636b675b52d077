# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Slices that take different times to start: a time that one slice records is not too early in another."""

from __future__ import annotations

import itertools
from datetime import timedelta
from typing import Any, Dict, List

from ansible_collections.cloudgate.operations.plugins.module_utils._model.errors import ThrottledError, TransportError
from ansible_collections.cloudgate.operations.plugins.module_utils._model.operation import State
from ansible_collections.cloudgate.operations.plugins.module_utils._polling.deadlines import LAST_POLLS
from ansible_collections.cloudgate.operations.plugins.module_utils._polling.outcome import WaitOptions
from ansible_collections.cloudgate.operations.plugins.plugin_utils._wait.slices import SlicedWait
from ansible_collections.cloudgate.operations.tests.unit.simulated_time import LATENCY, NEVER, World
from hypothesis import given
from hypothesis import strategies as st

SLOWEST = 30.0  # seconds that a slice takes to start, at most
ROUNDING = 1e-6  # seconds
startups = st.lists(st.floats(0.01, SLOWEST), min_size=1, max_size=5)


def runs() -> World:
    """Return a cloud with an operation that never finishes."""
    return World({"a": (NEVER, State.SUCCEEDED)})


def wait(world: World, plan: List[float], **options: Any) -> Dict[str, Any]:
    """Wait in slices of 5 seconds that take so long to start; later ones start soon."""
    times = itertools.chain(plan, itertools.repeat(0.01))

    def run_slice(part: Dict[str, Any]) -> Dict[str, Any]:
        return world.run_slice(dict(part, seconds=5.0), WaitOptions(**options), next(times))

    return SlicedWait(run_slice, lambda *_seen: None, world.clock, world.clock.sleep).run()


@given(startups, st.booleans())
def test_a_deadline_is_not_early(plan: List[float], down_at_first: bool) -> None:
    """The first answer sets the deadline, in whichever slice it comes."""
    world = runs()
    world.cloud.starts = {"a": -500.0}
    world.cloud.faults = [(0, 20, TransportError("503"))] if down_at_first else []
    result = wait(world, plan, timeout=1000, timeout_from="operation")
    assert result["failure"]["kind"] == "timeout"
    assert 500 - ROUNDING <= world.clock.age <= 500 + LAST_POLLS + SLOWEST + 1


@given(startups, st.floats(20, 300))
def test_no_request_comes_before_retry_after_has_passed(plan: List[float], retry_after: float) -> None:
    """The API refuses a request in each slice, whichever takes longest to start."""
    world = runs()
    world.cloud.faults = [(0, NEVER, ThrottledError("429", retry_after=retry_after))]
    wait(world, plan, timeout=2000, connect_grace=NEVER)
    asked = [second for second in world.cloud.asked if second < 1900]
    gaps = [second - asked[number] for number, second in enumerate(asked[1:])]
    assert min(gaps) >= retry_after + LATENCY - ROUNDING


@given(startups, st.booleans())
def test_an_operation_has_all_of_missing_grace_to_appear(plan: List[float], down_at_first: bool) -> None:
    world = runs()
    world.cloud.faults = [(0, 20, TransportError("503"))] if down_at_first else []
    world.cloud.appears = NEVER
    result = wait(world, plan, missing_grace=60)
    assert result["failure"]["kind"] == "missing"
    answered = min(second for second, _name in world.cloud.polls)
    assert world.clock.age - answered >= 60 - ROUNDING


@given(startups, st.floats(-1e5, 1e5))
def test_a_clock_that_is_set_neither_ends_a_wait_early_nor_extends_it(plan: List[float], by: float) -> None:
    world = runs()
    right = world.wall
    moved = itertools.cycle([0.0, by])
    setattr(world, "wall", lambda: right() + timedelta(seconds=next(moved)))  # noqa: B010
    wait(world, plan, timeout=300)
    assert 300 - ROUNDING <= world.clock.age <= 300 + LAST_POLLS + 2 * SLOWEST + 1
