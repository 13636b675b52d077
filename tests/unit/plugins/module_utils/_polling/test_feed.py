# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The change feed, on a model of Nova in simulated time: a wrong, late or refused feed makes no gate wrong."""

from __future__ import annotations

import random
from typing import Any, Dict, List, Tuple

import pytest
from ansible_collections.cloudgate.operations.plugins.module_utils._model.errors import (
    ForbiddenError,
    ProtocolError,
    TransportError,
)
from ansible_collections.cloudgate.operations.plugins.module_utils._model.operation import State
from ansible_collections.cloudgate.operations.plugins.module_utils._polling.outcome import WaitOptions
from ansible_collections.cloudgate.operations.tests.unit.simulated_nova import (
    HOUR,
    Feed,
    NovaWorld,
    hour_long,
)
from ansible_collections.cloudgate.operations.tests.unit.simulated_time import Ends
from hypothesis import given, settings
from hypothesis import strategies as st

MANY = 1000


def interval_at(age: float) -> float:
    """Return the longest poll interval of an operation of this age, without a feed."""
    return min(max(0.099 * age, 1.5), 60.0)


operations = st.lists(
    st.tuples(
        st.floats(-3000, 0), st.floats(1, 2500), st.sampled_from([State.SUCCEEDED, State.SUCCEEDED, State.FAILED])
    ),
    min_size=6,
    max_size=25,
)
qualities = st.builds(
    Feed,
    early=st.floats(0, 2),
    commit=st.floats(0, 3),
    skew=st.floats(0, 20),
    hides=st.sampled_from([0.0, 0.0, 0.3, 1.0]),
    silent=st.sampled_from([0.0, 0.0, 0.5]),
    error=st.sampled_from([None, None, None, TransportError("503"), ForbiddenError("403"), ProtocolError("400")]),
    down=st.tuples(st.floats(0, 600), st.floats(600, 1200)),
)


@settings(max_examples=150)
@given(operations, qualities)
def test_whatever_the_feed_says_each_end_is_seen_never_early_and_not_much_later_than_without(
    plan: List[Tuple[float, float, str]], quality: Feed
) -> None:
    ends = {f"op-{number}": (end, state) for number, (_start, end, state) in enumerate(plan)}
    starts = {f"op-{number}": start for number, (start, _end, _state) in enumerate(plan)}
    world = NovaWorld(ends, starts, quality)
    outcome, failure = world.wait(timeout=4 * HOUR, on_failure="finish")
    assert [each.state for each in outcome.operations] == [state for _start, _end, state in plan]
    assert (failure is None) == all(state == State.SUCCEEDED for _start, _end, state in plan)
    for name, late in world.noticed().items():
        assert late >= 0
        assert late <= 30 + interval_at(ends[name][0] + late - starts[name] + 30)


@pytest.mark.parametrize("early", [0.0, 0.5, 1.5, 2.0])
def test_a_thousand_short_ones_open_the_gate_soon_after_the_last_end(early: float) -> None:
    chance = random.Random(2)
    ends: Ends = {f"op-{number}": (chance.uniform(5, 30), State.SUCCEEDED) for number in range(MANY)}
    world = NovaWorld(ends, dict.fromkeys(ends, 0.0), Feed(early=early))
    outcome, failure = world.wait()
    assert failure is None
    assert outcome.elapsed - max(second for second, _state in ends.values()) <= 4


def test_a_refused_feed_is_requested_once_and_reported_once() -> None:
    world = NovaWorld(*hour_long(20, 400), Feed(error=ForbiddenError("403 by policy.")))
    outcome, _failure = world.wait(on_failure="finish", timeout=2 * HOUR)
    assert len(world.nova.ticks) == 1
    (warning,) = outcome.warnings
    assert warning.startswith("403 by policy. The change feed of openstack cannot be used")


@pytest.mark.parametrize("count", [1, 5])
def test_a_handful_is_polled_one_by_one(count: int) -> None:
    world = NovaWorld(*hour_long(count, 100), Feed())
    world.wait(timeout=2 * HOUR)
    assert not world.nova.ticks


def test_the_feed_continues_in_the_next_slice() -> None:
    world = NovaWorld(*hour_long(40, 1000), Feed())
    options = WaitOptions(timeout=int(2 * HOUR))
    part: Dict[str, Any] = {"state": None, "elapsed": 0.0, "seconds": 60.0, "early": 60.0}
    while True:
        result = world.run_slice(part, options, startup=1.0)
        if not result["_slice"]:
            break
        part.update(state=result["_slice"]["state"], elapsed=world.clock.age)
    assert 1000 <= world.clock.age <= 1010
    assert len(world.nova.polls) <= 40 * 20


def test_a_finished_group_sends_no_ticks_while_another_continues() -> None:
    world = NovaWorld(*hour_long(8, 60), Feed())
    world.nova.ends = dict.fromkeys(world.nova.ends, (60.0, State.SUCCEEDED))
    world.add({"alone": (400, State.SUCCEEDED)})
    outcome, failure = world.wait(on_failure="finish")
    assert failure is None
    assert len(outcome.operations) == 9
    assert max(world.nova.ticks) <= 70
