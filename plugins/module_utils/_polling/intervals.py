# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""When to poll next. Pure: ages, intervals and the random number are passed in, all times are seconds.

Private to this collection.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Optional, Tuple

CROWD = 30  # operations that are each polled as often as if they were alone
BUDGET = 10.0  # polls a second that older operations share where the API has no change feed
_SHARE = 0.09  # of the operation's age: who has waited ten minutes does not mind half a minute more
_JITTER = 0.2  # so that a thousand gates that opened together do not poll together
_SKEW = timedelta(minutes=1)  # clocks of the hosts of one cloud may differ by some seconds
_CLOCKS_DIFFER = timedelta(minutes=10)


def age_of(started: datetime, api: datetime, machine: datetime) -> Tuple[Optional[float], Optional[str]]:
    """Return the age of an operation in seconds, and what is doubtful about it, as a sentence for a warning.

    started: as the API says. api: the time by the API's Date header. machine: the time by this machine's clock. Either
    clock can be wrong, a Date can come from a cache, a start can be in local time. An age below zero cannot be right.
    Of two possible ages the younger counts: it makes a wait longer, never endless. None: both are below zero.
    """
    ages = [max(now - started, timedelta()) for now in (api, machine) if now - started >= -_SKEW]
    if not ages:
        return None, (
            f"An operation's start ({started:%Y-%m-%d %H:%M:%S} UTC) is in the future. "
            "timeout counts from its first poll instead."
        )
    doubt = None
    if abs(api - machine) > _CLOCKS_DIFFER:
        minutes = abs(api - machine) // timedelta(minutes=1)
        doubt = (
            f"The API's clock and this machine's clock differ by {minutes} minutes. "
            "timeout counts from the start of an operation by the clock that makes it younger."
        )
    return min(ages).total_seconds(), doubt


def poll_interval(age: float, poll_min: float, poll_max: float, chance: float) -> float:
    """Return the seconds until an operation of this age is polled again.

    chance: a random number of 0..1. The result lies between poll_min and poll_max, and is exact if they are equal.
    """
    interval = age * _SHARE * (1 - _JITTER / 2 + _JITTER * chance)
    return min(max(interval, poll_min), poll_max)


def next_poll(now: float, deadline: float, interval: float, retry_after: Optional[float] = None) -> float:
    """Return when to poll next: the API's own Retry-After wins over ours; the last poll is at the deadline."""
    wait = interval if retry_after is None else max(interval, retry_after)
    return min(now + wait, max(now, deadline))


def gap(interval: float, crowds: int) -> float:
    """Return the seconds between two polls of a crowd. interval: of one operation. crowds: how many share the budget.

    Young operations are polled as closely as a small group of them; older ones share the budget.
    """
    return min(interval / CROWD, crowds / BUDGET)


def polls_in(interval: float, count: int) -> float:
    """Return how many polls there are, as a rule, in the poll interval of one of so many operations."""
    return max(1.0, min(count, max(CROWD, interval * BUDGET)))
