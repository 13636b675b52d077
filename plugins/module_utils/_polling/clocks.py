# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Count the time between two slices of a wait by the clocks of the host that runs them. Pure.

The caller of a slice cannot count the time that a slice takes to start. Without it, each slice has a clock that is slow
by another amount, and a time that one slice records comes too early in the next.
Private to this collection.
"""

from __future__ import annotations

from typing import NamedTuple, Optional

_DIFFER = 1.0  # seconds; both clocks of one host agree better, unless one was set


class Reading(NamedTuple):
    """The clocks of a host, in seconds. monotonic: the same for all processes until the host restarts."""

    monotonic: float
    wall: float


def resumed(elapsed: float, then: Optional[Reading], now: Reading, at_least: float) -> float:
    """Return the seconds since the wait began.

    elapsed: the same at C(then), the end of the last slice. at_least: the same by the caller, without the start of this
    slice. It counts alone in the first slice, and if the clocks of the host cannot be compared, because it restarted,
    another host has its name, or its clock was set.
    """
    if then is None:
        return at_least
    passed = now.monotonic - then.monotonic
    if abs(passed - (now.wall - then.wall)) > _DIFFER:
        return at_least
    return max(at_least, elapsed + passed)
