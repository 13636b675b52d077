# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The limit of requests per second, over all threads of a process.

Private to this collection.
"""

from __future__ import annotations

import collections
import threading
import time
from typing import Callable, Deque

from .threads import current_tag

_MARGIN = 1.05  # on their way, requests come closer together


class RateLimiter:
    """Lets requests through so that no span of a second has more of them than allowed. Time and sleep are passed in.

    recent: how many an earlier process has sent just before.
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
        self._turns: Deque[float] = collections.deque([float("-inf")] * count, maxlen=count)
        self._turns.extend([clock()] * recent)

    def __call__(self) -> None:
        """Return when it is this request's turn."""
        with self._lock:
            now = self._clock()
            turn = max(now, self._turns[0] + self._span)
            self._turns.append(turn)
        if turn > now:
            tag = current_tag()
            if hasattr(tag, "rate_limited"):
                tag.rate_limited += turn - now
            self._sleep(turn - now)

    @property
    def recent(self) -> int:
        """How many requests had their turn so lately that they still count."""
        with self._lock:
            since = self._clock() - self._span
            return sum(turn > since for turn in self._turns)
