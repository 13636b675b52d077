# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What happens at the same time: looks in threads, and the cap on requests per second.

Private to this collection.
"""

from __future__ import annotations

import collections
import queue
import threading
import time
from typing import Any, Callable, Deque, Optional, Tuple, Union

from .._model.errors import TransportError

_running = threading.local()  # tag: of the work that this thread does
_MARGIN = 1.05  # on their way, requests come closer together
Done = Tuple[Any, Union[Any, Exception]]


def start_daemon(work: Callable[[], Any]) -> threading.Thread:
    """Run work in a daemon thread. Raises TransportError, which is transient, when the machine has no thread left."""
    thread = threading.Thread(target=work, daemon=True)
    try:
        thread.start()
    except RuntimeError as exc:
        raise TransportError(
            "This machine cannot start another thread. Lower max_concurrency, or raise its limit of processes "
            "(ulimit -u)."
        ) from exc
    return thread


class Threads:
    """Runs each piece of work in a thread of its own. None is waited for when the process ends, so none can hold it.

    A tag may have an attribute C(rate_limited): Pace adds the seconds to it that the work waits for its turns.
    """

    def __init__(self) -> None:
        self._done: queue.SimpleQueue[Done] = queue.SimpleQueue()

    def start(self, tag: Any, work: Callable[[], Any]) -> None:
        """Begin; C(tag) comes back with what the work returned or raised.

        Without a free thread it comes back with a TransportError: the engine backs off and sends one probe at a time.
        """
        try:
            start_daemon(lambda: self._run(tag, work))
        except TransportError as exc:
            self._done.put((tag, exc))

    def _run(self, tag: Any, work: Callable[[], Any]) -> None:
        _running.tag = tag
        try:
            self._done.put((tag, work()))
        except Exception as exc:  # noqa: BLE001 - whatever it was, the one who waits must learn of it
            self._done.put((tag, exc))

    def finished(self, timeout: float) -> Optional[Done]:
        """The next that is finished, waited for at most C(timeout) seconds; None if there was none."""
        try:
            return self._done.get(timeout=max(0.0, timeout)) if timeout > 0 else self._done.get_nowait()
        except queue.Empty:
            return None


class Pace:
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
            tag: Any = getattr(_running, "tag", None)
            if hasattr(tag, "rate_limited"):
                tag.rate_limited += turn - now
            self._sleep(turn - now)

    @property
    def recent(self) -> int:
        """How many requests had their turn so lately that they still count."""
        with self._lock:
            since = self._clock() - self._span
            return sum(turn > since for turn in self._turns)
