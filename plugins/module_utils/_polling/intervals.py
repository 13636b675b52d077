# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Poll intervals. Pure: all times are seconds, and randomness is an argument.

Private to this collection.
"""

from __future__ import annotations

from typing import Optional

MAX_INDIVIDUAL = 30  # maximum number of operations polled individually, at their own interval
BUDGET = 10.0  # polls per second that more operations share if the API has no change feed
_SHARE = 0.09  # poll interval as a fraction of the operation's age
_JITTER = 0.2  # spreads the polls of many waits that started at the same time


def poll_interval(age: float, poll_min: float, poll_max: float, chance: float) -> float:
    """Return the poll interval of an operation of this age.

    chance: a random number in 0..1. The result is between poll_min and poll_max.
    """
    interval = age * _SHARE * (1 - _JITTER / 2 + _JITTER * chance)
    return min(max(interval, poll_min), poll_max)


def next_poll(now: float, deadline: float, interval: float, retry_after: Optional[float] = None) -> float:
    """Return when to poll next: after the longer of interval and Retry-After, but at the deadline at the latest."""
    wait = interval if retry_after is None else max(interval, retry_after)
    return min(now + wait, max(now, deadline))


def gap(interval: float, groups: int) -> float:
    """Return the seconds between two polls of operations that share the budget.

    interval: of one operation. groups: number of groups that share the budget. Young operations are polled as often as
    MAX_INDIVIDUAL operations.
    """
    return min(interval / MAX_INDIVIDUAL, groups / BUDGET)


def polls_in(interval: float, count: int) -> float:
    """Return the usual number of polls of count operations during the poll interval of one."""
    return max(1.0, min(count, max(MAX_INDIVIDUAL, interval * BUDGET)))
