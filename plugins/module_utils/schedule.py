# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""When to look next. Pure: ages, delays and the random number are passed in, all times are seconds.

Private to this collection.
"""

from __future__ import annotations

from typing import Optional

_SHARE = 0.09  # of the operation's age: who has waited ten minutes does not mind half a minute more
_JITTER = 0.2  # so that a thousand gates that opened together do not ask together


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
