# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""When to look next. Pure: ages, delays and the random number are passed in, all times are seconds.

Private to this collection.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Optional, Tuple

_SHARE = 0.09  # of the operation's age: who has waited ten minutes does not mind half a minute more
_JITTER = 0.2  # so that a thousand gates that opened together do not ask together
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


def delay_after(age: float, poll_min: float, poll_max: float, chance: float) -> float:
    """The delay before the next look at an operation of this age.

    chance: a random number of 0..1. The result lies between poll_min and poll_max, and is exact if they are equal.
    """
    delay = age * _SHARE * (1 - _JITTER / 2 + _JITTER * chance)
    return min(max(delay, poll_min), poll_max)


def next_look(now: float, deadline: float, delay: float, retry_after: Optional[float] = None) -> float:
    """The moment of the next look: the API's own Retry-After wins over ours; the last look is at the deadline."""
    wait = delay if retry_after is None else max(delay, retry_after)
    return min(now + wait, max(now, deadline))
