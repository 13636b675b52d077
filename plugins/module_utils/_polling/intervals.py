# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""When to poll next. Pure: ages, intervals and the random number are passed in, all times are seconds.

Private to this collection.
"""

from __future__ import annotations

from typing import Optional

CROWD = 30  # operations that are each polled as often as if they were alone
BUDGET = 10.0  # polls a second that older operations share where the API has no change feed
_SHARE = 0.09  # of the operation's age: who has waited ten minutes does not mind half a minute more
_JITTER = 0.2  # so that a thousand gates that opened together do not poll together


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
