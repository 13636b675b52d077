# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The change feed, on a model of Nova in simulated time: it may lie, be late or be refused, and no gate is wrong."""

from __future__ import annotations

import dataclasses
import random
from datetime import datetime, timedelta
from typing import Any, Dict, List, Sequence, Tuple

import pytest
from ansible_collections.cloudgate.operations.plugins.module_utils._model.errors import (
    ForbiddenError,
    ProtocolError,
    TransportError,
)
from ansible_collections.cloudgate.operations.plugins.module_utils._model.operation import Operation, State
from ansible_collections.cloudgate.operations.plugins.module_utils._model.reference import Reference
from ansible_collections.cloudgate.operations.plugins.module_utils._polling.feed import Change
from ansible_collections.cloudgate.operations.plugins.module_utils._polling.outcome import WaitOptions
from ansible_collections.cloudgate.operations.plugins.module_utils._polling.plan import GroupIO
from ansible_collections.cloudgate.operations.tests.unit.simulated_time import Cloud, Ends, World
from hypothesis import given, settings
from hypothesis import strategies as st

HOUR = 3600.0
MANY = 1000


@dataclasses.dataclass(frozen=True)
class Feed:
    """How good a feed is; all in seconds.

    early: a row shows rest so long before the last event ends. commit: until a change is in the list. skew: by which
    the clocks of the API's hosts are off, at most. hides: share of the changes that are never shown. silent: servers
    whose changes are never shown. error: what the feed answers instead. down: from when to when.
    """

    early: float = 0.0
    commit: float = 0.0
    skew: float = 0.0
    hides: float = 0.0
    silent: float = 0.0
    error: Any = None
    down: Tuple[float, float] = (0.0, float("inf"))


class Nova(Cloud):
    """Each operation has a server of its own, which is busy from its start to its end. Times are in whole seconds."""

    def __init__(self, clock: Any, ends: Ends, starts: Dict[str, float], quality: Feed, seed: int = 0) -> None:
        super().__init__(clock, ends)
        self.starts = starts
        self.quality = quality
        self.chance = random.Random(seed)
        self.ticks: List[float] = []
        self._hidden = {
            (name, busy) for name in ends for busy in (True, False) if self.chance.random() < quality.hides
        } | {(name, busy) for name in ends if self.chance.random() < quality.silent for busy in (True, False)}

    def _rows(self, name: str) -> List[Tuple[float, bool]]:
        end = self.ends[name][0]
        return [(self.starts.get(name, 0.0), True), (max(self.starts.get(name, 0.0), end - self.quality.early), False)]

    def changes(self, since: datetime) -> Sequence[Change]:
        """As a provider does it."""
        self.ticks.append(self.clock.age)
        if self.quality.error and self.quality.down[0] <= self.clock.age < self.quality.down[1]:
            raise self.quality.error
        found = []
        for name in self.ends:
            past = [row for row in self._rows(name) if row[0] + self.quality.commit <= self.clock.age]
            past = [row for row in past if (name, row[1]) not in self._hidden]
            if past:
                second, busy = past[-1]
                updated = self.now(float(int(second)))
                if updated >= since.replace(microsecond=0):
                    found.append(Change(f"server of {name}", f"{second} {busy}", busy))
        return found

    def host_clock(self) -> datetime:
        """The Date of the next answer, which comes from any of several hosts."""
        return self.now() + timedelta(seconds=self.chance.uniform(-self.quality.skew, self.quality.skew))

    def show(self, name: str) -> Operation:
        """The operation as it is now."""
        return dataclasses.replace(super().show(name), resource_id=f"server of {name}")


class NovaWorld(World):
    """A world with one such cloud. with_feed: whether it is used."""

    def __init__(self, ends: Ends, starts: Dict[str, float], quality: Feed, with_feed: bool = True) -> None:
        super().__init__({})
        self.nova = Nova(self.clock, ends, starts, quality)
        self.clouds = [self.nova]
        self.chance = random.Random(3).random
        self._with_feed = with_feed
        self.references = lambda name: Reference(name, f"server of {name}")

    def io(self, cloud: Cloud) -> GroupIO:
        """As a connection has it."""
        if cloud is not self.nova:
            return super().io(cloud)
        changes = self.nova.changes if self._with_feed else None
        return GroupIO(
            self.nova.look, self.nova.host_clock, changes=changes, in_feed=lambda each: each.type == "resize"
        )

    @property
    def requests(self) -> int:
        """How many were sent."""
        return len(self.nova.looks) + len(self.nova.ticks)

    def noticed(self) -> Dict[str, float]:
        """How late the end of each operation was seen, in seconds."""
        last = {name: second for second, name in self.nova.looks}
        return {name: last[name] - end for name, (end, _state) in self.nova.ends.items()}


def interval_at(age: float) -> float:
    """The longest poll interval of an operation of this age, without a feed."""
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


def hour_long(count: int, failing: float) -> Tuple[Ends, Dict[str, float]]:
    ends: Ends = {f"op-{number}": (HOUR, State.SUCCEEDED) for number in range(count)}
    return {**ends, f"op-{count // 2}": (failing, State.FAILED)}, dict.fromkeys(ends, 0.0)


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
@pytest.mark.parametrize("count", [60, 200, MANY])
def test_one_failure_among_many_is_noticed_within_seconds(count: int, share: float) -> None:
    world = NovaWorld(*hour_long(count, HOUR * share), Feed(early=1.5))
    outcome, failure = world.wait(timeout=2 * HOUR)
    assert failure is not None
    assert failure["operation"]["operation_id"] == f"op-{count // 2}"
    assert 0 <= outcome.elapsed - HOUR * share <= 6


def test_without_a_feed_it_takes_no_longer_than_the_budget_allows() -> None:
    world = NovaWorld(*hour_long(MANY, HOUR / 2), Feed(), with_feed=False)
    outcome, failure = world.wait(timeout=2 * HOUR)
    assert failure is not None
    assert 0 <= outcome.elapsed - HOUR / 2 <= 120


def test_the_ends_of_a_thousand_are_seen_within_seconds_and_with_few_requests() -> None:
    chance = random.Random(1)
    ends: Ends = {f"op-{number}": (chance.uniform(600, HOUR), State.SUCCEEDED) for number in range(MANY)}
    world = NovaWorld(ends, dict.fromkeys(ends, 0.0), Feed(early=1.0))
    _outcome, failure = world.wait(timeout=2 * HOUR)
    assert failure is None
    late = sorted(world.noticed().values())
    assert late[MANY // 2] <= 3
    assert late[MANY * 9 // 10] <= 10
    assert world.requests <= 11_000


def test_a_thousand_short_ones_open_the_gate_soon_after_the_last_end() -> None:
    chance = random.Random(2)
    ends: Ends = {f"op-{number}": (chance.uniform(5, 30), State.SUCCEEDED) for number in range(MANY)}
    world = NovaWorld(ends, dict.fromkeys(ends, 0.0), Feed(early=0.5))
    outcome, failure = world.wait()
    assert failure is None
    assert outcome.elapsed - max(second for second, _state in ends.values()) <= 4


def test_a_refused_feed_is_asked_once_and_said_once() -> None:
    world = NovaWorld(*hour_long(20, 400), Feed(error=ForbiddenError("403 by policy.")))
    outcome, _failure = world.wait(on_failure="finish", timeout=2 * HOUR)
    assert len(world.nova.ticks) == 1
    (warning,) = outcome.warnings
    assert warning.startswith("403 by policy. The list of changes of openstack cannot be used")


@pytest.mark.parametrize("count", [1, 5])
def test_a_handful_is_polled_one_by_one(count: int) -> None:
    world = NovaWorld(*hour_long(count, 100), Feed())
    world.wait(timeout=2 * HOUR)
    assert not world.nova.ticks


def test_the_feed_goes_on_in_the_next_slice() -> None:
    world = NovaWorld(*hour_long(40, 1000), Feed())
    options = WaitOptions(timeout=int(2 * HOUR))
    part: Dict[str, Any] = {"state": None, "elapsed": 0.0, "seconds": 60.0, "early": 60.0}
    while True:
        result = world.run_slice(part, options, startup=1.0)
        if not result["_slice"]:
            break
        part.update(state=result["_slice"]["state"], elapsed=world.clock.age)
    assert 1000 <= world.clock.age <= 1010
    assert len(world.nova.looks) <= 40 * 20


def test_a_group_that_is_finished_sends_no_ticks_while_another_goes_on() -> None:
    world = NovaWorld(*hour_long(8, 60), Feed())
    world.nova.ends = dict.fromkeys(world.nova.ends, (60.0, State.SUCCEEDED))
    world.add({"alone": (400, State.SUCCEEDED)})
    outcome, failure = world.wait(on_failure="finish")
    assert failure is None
    assert len(outcome.operations) == 9
    assert max(world.nova.ticks) <= 70
