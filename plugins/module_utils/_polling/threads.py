# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Polls that run at the same time, each in a thread of its own.

Private to this collection.
"""

from __future__ import annotations

import queue
import threading
from typing import Any, Callable, Optional, Tuple, Union

from .._model.errors import TransportError

_running = threading.local()  # tag: of the work that this thread does
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


def current_tag() -> Any:
    """Return the tag of the work that this thread does; None in a thread that does none."""
    return getattr(_running, "tag", None)


class Interrupted(Exception):
    """Nobody wants to wait any longer."""


class Threads:
    """Runs each piece of work in a thread of its own. None is waited for when the process ends, so none can hold it.

    A tag may have an attribute C(rate_limited): the rate limiter adds the seconds to it that the work waits.
    """

    def __init__(self) -> None:
        self._done: queue.SimpleQueue[Optional[Done]] = queue.SimpleQueue()

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
        """The next that is finished, waited for at most C(timeout) seconds; None if there was none.

        Raises Interrupted from the moment on at which another thread has called C(interrupt).
        """
        try:
            done = self._done.get(timeout=max(0.0, timeout)) if timeout > 0 else self._done.get_nowait()
        except queue.Empty:
            return None
        if done is None:
            self.interrupt()  # for whoever comes next
            raise Interrupted
        return done

    def interrupt(self) -> None:
        """End the waiting of other threads."""
        self._done.put(None)
