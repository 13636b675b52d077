# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""When to poll next: our schedule and those of other tools, on simulated operations with a simulated clock.

Each operation is waited for alone, from its start. A poll takes LATENCY, and sees the state in its middle.
Needs ansible_collections on the path. SCHEDULES_COUNT=1000 simulates fewer operations.
"""

from __future__ import annotations

import bisect
import dataclasses
import math
import os
import random
import statistics
import sys
from collections.abc import Callable, Iterator, Sequence

from ansible_collections.cloudgate.operations.plugins.module_utils._polling.intervals import poll_interval
from ansible_collections.cloudgate.operations.plugins.module_utils._polling.outcome import WaitOptions

COUNT = 100_000
LATENCY = 0.1  # seconds
SPREADS = ((60.0, 3600.0), (5.0, 3600.0))  # seconds; durations are log-uniform between them
OURS = "this collection"
FIVE = "every 5 s"
SHARE, AT_LEAST = 0.05, 1.0  # the bar: the median lag is at most this share of the duration, or so many seconds
FEWER = 3.0  # the bar: at most a third of the requests of a fixed interval of 5 s
BAR_FROM = 60.0  # seconds that an operation must last for the bar on requests

# The wait before the first poll, then the wait after each.
Waits = Iterator[float]


def ours(chance: Callable[[], float], options: WaitOptions) -> Waits:
    """The schedule of wait_for_operation."""
    yield options.delay
    age = options.delay + LATENCY
    while True:
        delay = poll_interval(age, options.poll_min, options.poll_max, chance())
        yield delay
        age += delay + LATENCY


def fixed(interval: float) -> Callable[[], Waits]:
    """Yield a fixed interval after an immediate poll: until with delay, and most loops in scripts."""

    def waits() -> Waits:
        yield 0.0
        while True:
            yield interval

    return waits


def state_change_conf(delay: float, min_timeout: float) -> Callable[[], Waits]:
    """StateChangeConf of Terraform's plugin SDK: doubles from 0.1 s, or at least min_timeout, and stays at 10 s."""

    def waits() -> Waits:
        yield delay
        wait = 0.1
        while True:
            wait *= 2
            if wait < min_timeout:
                wait = min_timeout
            elif wait > 10:
                wait = 10.0
            yield wait

    return waits


def hcloud() -> Waits:
    """Yield the intervals of hetzner.hcloud's module utilities: 2 s, 4 s, then 5 s. (They give up after 25 polls.)"""
    yield 0.0
    retries = 0
    while True:
        retries += 1
        yield min(5.0, 1.0 * 2 ** min(retries, 10))


OTHERS: dict[str, Callable[[], Waits]] = {
    "every 2 s": fixed(2),
    FIVE: fixed(5),
    "every 10 s": fixed(10),
    "every 30 s": fixed(30),
    "Terraform's StateChangeConf": state_change_conf(0, 0),
    "the same, delay 10, min_timeout 3": state_change_conf(10, 3),
    "hetzner.hcloud": hcloud,
}


@dataclasses.dataclass(frozen=True)
class Result:
    """Lags are seconds from the end of an operation until it is known; shares are of its duration."""

    lag: float  # median
    lag_90: float
    share: float  # median
    share_90: float
    kept: float  # share of the operations whose lag is within the bar
    requests: float  # mean


def log_uniform(count: int, shortest: float, longest: float, chance: random.Random) -> list[float]:
    """Durations, in seconds."""
    low, high = math.log(shortest), math.log(longest)
    return [math.exp(chance.uniform(low, high)) for _each in range(count)]


def study_ours(durations: Sequence[float], chance: random.Random, options: WaitOptions) -> Result:
    """Wait for each of the operations with chances of its own."""
    return _summed_up(durations, [next(_polls(ours(chance.random, options), each)) for each in durations])


def study_other(waits: Callable[[], Waits], durations: Sequence[float]) -> Result:
    """Wait for each of the operations; all of them are polled at the same moments."""
    moments = [moment for moment, _requests in _polls(waits(), 0.0, max(durations))]
    places = [bisect.bisect_left(moments, duration + LATENCY / 2) for duration in durations]
    return _summed_up(durations, [(moments[place], place + 1) for place in places])


def _polls(waits: Waits, after: float, until: float = 0.0) -> Iterator[tuple[float, int]]:
    """Return the polls that see the state of a moment, up to the first that sees another: when known, its number."""
    now = 0.0
    for requests, each in enumerate(waits, start=1):
        now += each + LATENCY
        if now - LATENCY / 2 >= after:
            yield now, requests
            if now - LATENCY / 2 >= until:
                return


def _summed_up(durations: Sequence[float], known: Sequence[tuple[float, int]]) -> Result:
    lags = [moment - duration for duration, (moment, _requests) in zip(durations, known, strict=True)]
    shares = [lag / duration for lag, duration in zip(lags, durations, strict=True)]
    kept = [lag <= max(SHARE * duration, AT_LEAST) for lag, duration in zip(lags, durations, strict=True)]
    return Result(
        lag=statistics.median(lags),
        lag_90=statistics.quantiles(lags, n=10)[-1],
        share=statistics.median(shares),
        share_90=statistics.quantiles(shares, n=10)[-1],
        kept=statistics.mean(kept),
        requests=statistics.mean(requests for _moment, requests in known),
    )


def study(count: int, shortest: float, longest: float, options: WaitOptions) -> dict[str, Result]:
    """Return the results of all schedules on the same operations."""
    chance = random.Random(count)
    durations = log_uniform(count, shortest, longest, chance)
    results = {OURS: study_ours(durations, chance, options)}
    results.update((name, study_other(waits, durations)) for name, waits in OTHERS.items())
    return results


def bars(results: dict[str, Result], shortest: float) -> list[tuple[str, bool]]:
    """Return the bars of our schedule, each with whether it holds."""
    own = results[OURS]
    text = f"half of the lags are at most {SHARE:.0%} of the duration or {AT_LEAST:.0f} s ({own.kept:.0%} are)"
    judged = [(text, own.kept >= 0.5)]
    if shortest >= BAR_FROM:
        fewer = results[FIVE].requests / own.requests
        judged.append((f"at most a third of the requests of {FIVE!r} (1/{fewer:.1f})", fewer >= FEWER))
    return judged


def table(results: dict[str, Result]) -> str:
    """In Markdown."""
    lines = [
        "| schedule | lag, median s | lag, 90 % s | of the duration, median | 90 % | within the bar | requests, mean |",
        "|---|--:|--:|--:|--:|--:|--:|",
    ]
    for name, each in results.items():
        lines.append(
            f"| {name} | {each.lag:.2f} | {each.lag_90:.1f} | {each.share:.1%} | {each.share_90:.1%} "
            f"| {each.kept:.0%} | {each.requests:.1f} |"
        )
    return "\n".join(lines)


def main() -> int:
    """Print the tables and the bars; 1 if one is missed."""
    count = int(os.environ.get("SCHEDULES_COUNT", COUNT))
    missed = False
    for shortest, longest in SPREADS:
        results = study(count, shortest, longest, WaitOptions())
        print(f"{count:,} operations of {shortest:.0f} to {longest:.0f} s, log-uniform:\n\n{table(results)}\n")
        for text, held in bars(results, shortest):
            print(f"{'passed' if held else 'FAILED'}  {text}")
            missed |= not held
        print()
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
