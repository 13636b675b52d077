# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Positions of times on a timeline. Pure.

Private to this collection.
"""

from __future__ import annotations

import dataclasses
from datetime import datetime
from typing import Iterable, List, Optional, Tuple

from .model import OperationView, duration_text

_MOST_TICKS = 6
_DAY = 86400
_TICKS = (0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, _DAY)
_MIN_WIDTH = 0.6  # percent; a shorter bar would be invisible
_MAX_SPAN = 12  # length of a common timeline in longest durations; in a longer one, bars would be too small

Moments = Iterable[Optional[datetime]]


@dataclasses.dataclass(frozen=True)
class Scale:
    """A timeline. seconds: its length. first: its start; if None, each bar begins at the left end."""

    seconds: float
    first: Optional[datetime] = None

    def place(self, start: Optional[datetime], end: Optional[datetime]) -> Optional[Tuple[float, float]]:
        """Return left end and width of a bar in percent; None without a start."""
        if start is None:
            return None
        left = 0.0 if self.first is None else (start - self.first).total_seconds() / self.seconds * 100
        long = 0.0 if end is None else (end - start).total_seconds() / self.seconds * 100
        width = min(max(long, _MIN_WIDTH), 100.0)
        return round(min(max(left, 0.0), 100 - width), 2), round(width, 2)

    def ticks(self) -> List[Tuple[float, str]]:
        """Return positions in percent, and their times since the start of the timeline."""
        step = next((each for each in _TICKS if self.seconds / each <= _MOST_TICKS), 0.0)
        step = step or _DAY * -(-self.seconds // (_MOST_TICKS * _DAY))
        numbers = range(int(self.seconds / step) + 1)
        return [(round(each * step / self.seconds * 100, 2), _offset(each * step)) for each in numbers]


def scale_of(moments: Moments) -> Optional[Scale]:
    """Return the timeline from the first to the last of these times; None if all are unknown."""
    known = sorted(each for each in moments if each is not None)
    return Scale(_at_least((known[-1] - known[0]).total_seconds()), known[0]) if known else None


def common_scale(operations: List[OperationView]) -> Optional[Scale]:
    """Return one timeline for all operations. If they are far apart, it shows only durations."""
    drawn = [each for each in operations if each.start is not None]
    scale = scale_of(moment for each in drawn for moment in (each.start, each.end))
    longest = max((each.duration or 0.0 for each in drawn), default=0.0)
    if scale is not None and scale.seconds > _MAX_SPAN * _at_least(longest):
        return Scale(_at_least(longest))
    return scale


def own_scale(operation: OperationView) -> Optional[Scale]:
    """Return the timeline of one operation and its steps, which may begin before it."""
    steps = [moment for each in operation.steps for moment in (each.start, each.end)]
    return scale_of([operation.start, operation.end, *steps])


def _at_least(seconds: float) -> float:
    return max(seconds, 0.1)


def _offset(seconds: float) -> str:
    if seconds and seconds < 10:
        return f"{seconds:g} s"
    return duration_text(seconds).replace(" 00 s", "").replace(" 00 min", "").replace(" 0 h", "") if seconds else "0"
