# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Limit requests per second over all threads of a process.

Private to this collection.
"""

from __future__ import annotations

import collections
import threading
import time
from typing import Callable, Deque

from .threads import current_tag

_MARGIN = 1.05  # 5 % headroom for network jitter


class RateLimiter:
    """Delays requests so that no second has more than allowed. Clock and sleep are injected.

    recent: number of requests that an earlier process sent in the last second.
    """

    def __init__(
        self,
        per_second: float,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        recent: int = 0,
    ) -> None:
        count = max(1, int(per_second))
        self._span = _MARGIN * max(1.0, 1 / per_second)
        self._clock = clock
        self._sleep = sleep
        self._lock = threading.Lock()
        self._starts: Deque[float] = collections.deque([float("-inf")] * count, maxlen=count)
        self._starts.extend([clock()] * recent)

    def __call__(self) -> None:
        """Block until this request may start."""
        with self._lock:
            now = self._clock()
            start = max(now, self._starts[0] + self._span)
            self._starts.append(start)
        if start > now:
            tag = current_tag()
            if hasattr(tag, "rate_limited"):
                tag.rate_limited += start - now
            self._sleep(start - now)

    @property
    def recent(self) -> int:
        """Number of recent requests that still count for the limit."""
        with self._lock:
            since = self._clock() - self._span
            return sum(start > since for start in self._starts)
