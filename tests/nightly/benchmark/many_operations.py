# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Measure how late the end of one operation among many is noticed, and the requests, on a model of Nova.

In the model (tests/unit/simulated_nova.py) a request takes 0.1 s, times are whole seconds, a server is idle 1.5 s
before the last event of its action ends, and a poll is one request. Needs ansible_collections on the path.
"""

from __future__ import annotations

import collections
import dataclasses
import random
import statistics

from ansible_collections.cloudgate.operations.plugins.module_utils._model.operation import State
from ansible_collections.cloudgate.operations.plugins.module_utils._polling.intervals import BUDGET
from ansible_collections.cloudgate.operations.tests.nightly.benchmark.bar_row import Bar
from ansible_collections.cloudgate.operations.tests.unit.simulated_nova import HOUR, Feed, NovaWorld, hour_long
from ansible_collections.cloudgate.operations.tests.unit.simulated_time import Ends

FEED = Feed(early=1.5)
SHARES = (0.1, 0.5, 0.9)  # of the hour, after which one operation fails
MINUTE = 60.0


@dataclasses.dataclass(frozen=True)
class Noticed:
    """Seconds from a failure until it is noticed, over all runs."""

    median: float
    most: float


@dataclasses.dataclass(frozen=True)
class Ended:
    """Seconds from an end until it is noticed, for all operations.

    gate: seconds from the last end until the wait ends.
    a_second: polls per second in the busiest minute after the first two, of operations whose servers are busy. The
    budget is for them; an idle server is polled at once.
    """

    median: float
    share_90: float
    gate: float
    requests: int
    a_second: float


def one_failure(count: int, runs: int, with_feed: bool = True) -> Noticed:
    """Let one of many one-hour operations fail, several times at each fraction of the hour."""
    late = [_noticed(count, HOUR * share, seed, with_feed) for share in SHARES for seed in range(runs)]
    return Noticed(statistics.median(late), max(late))


def _noticed(count: int, second: float, seed: int, with_feed: bool) -> float:
    failing = second + random.Random(seed).uniform(0, MINUTE)
    world = NovaWorld(*hour_long(count, failing), FEED, with_feed, seed)
    outcome, failure = world.wait(timeout=int(2 * HOUR))
    if failure is None or outcome.elapsed < failing:
        raise AssertionError("the gate was wrong")
    return outcome.elapsed - failing


def many_ends(count: int, shortest: float, longest: float, seed: int = 1) -> Ended:
    """Let so many operations begin together and succeed at random seconds."""
    chance = random.Random(seed)
    ends: Ends = {f"op-{number}": (chance.uniform(shortest, longest), State.SUCCEEDED) for number in range(count)}
    world = NovaWorld(ends, dict.fromkeys(ends, 0.0), FEED, seed=seed)
    outcome, failure = world.wait(timeout=int(2 * HOUR))
    late = sorted(world.noticed().values())
    if failure is not None or late[0] < 0:
        raise AssertionError("the gate was wrong")
    gate = outcome.elapsed - max(end for end, _state in ends.values())
    return Ended(statistics.median(late), late[count * 9 // 10], gate, world.requests, _a_second(world))


def _a_second(world: NovaWorld) -> float:
    rest = {name: end - FEED.early for name, (end, _state) in world.nova.ends.items()}
    polls = collections.Counter(int(second // MINUTE) for second, name in world.nova.polls if second < rest[name])
    return max((polls[minute] / MINUTE for minute in polls if minute >= 2), default=0.0)


def failure_bar(count: int, runs: int, with_feed: bool = True) -> Bar:
    """Return the bars for one failure among many one-hour operations."""
    found = one_failure(count, runs, with_feed)
    median, most = (5, 15) if with_feed else (60, 120)
    return Bar(
        f"one failure among {count:,} operations of an hour{'' if with_feed else ', API without a feed'}: "
        "noticed after, median / most",
        f"{found.median:.1f} / {found.most:.1f} s",
        f"{median} / {most} s",
        found.median <= median and found.most <= most,
        f"model, {runs * len(SHARES)} runs; three of them in `test_many_operations.py`",
    )


def ends_bars(count: int) -> list[Bar]:
    """Return the bars for the ends of many operations of ten minutes to an hour."""
    found = many_ends(count, 600, HOUR)
    source = "model: `test_many_operations.py`"
    return [
        Bar(
            f"ends of {count:,} operations of 10 minutes to an hour: noticed after, median / 90 %",
            f"{found.median:.1f} / {found.share_90:.1f} s",
            "3 / 10 s",
            found.median <= 3 and found.share_90 <= 10,
            source,
        ),
        Bar(
            "requests for it (one by one: 81,794)",
            f"{found.requests:,}",
            "15,000",
            found.requests <= 15_000,
            source,
        ),
        Bar(
            f"polls a second of servers that are busy, in the busiest minute after two (the budget is {BUDGET:.0f})",
            f"{found.a_second:.1f}",
            f"{BUDGET:.0f}",
            found.a_second <= BUDGET,
            source,
        ),
    ]


def short_bar(count: int) -> Bar:
    """Return the bars for many creations of 5 to 30 s."""
    found = many_ends(count, 5, 30)
    what = f"{count:,} creations of 5 to 30 s: the gate opens after the last end"
    return Bar(what, f"{found.gate:.1f} s", "4 s", found.gate <= 4, "model: `test_many_operations.py`")


def bars(runs: int = 5) -> list[Bar]:
    """Return the bars of the model."""
    failures = [failure_bar(count, runs) for count in (1000, 200, 60)]
    return [*failures, failure_bar(1000, runs, with_feed=False), *ends_bars(1000), short_bar(1000)]
