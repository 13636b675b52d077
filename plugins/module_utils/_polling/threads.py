# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run requests concurrently, each in its own thread.

Private to this collection.
"""

from __future__ import annotations

import queue
import threading
from typing import Any, Callable, Optional, Tuple, Union

from .._model.errors import TransportError

_running = threading.local()  # tag: of this thread's work
Done = Tuple[Any, Union[Any, Exception]]


def start_daemon(work: Callable[[], Any]) -> threading.Thread:
    """Run work in a daemon thread. Raises TransportError (transient) if the machine cannot start a thread."""
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
    """Return the tag of this thread's work; None in other threads."""
    return getattr(_running, "tag", None)


class Interrupted(Exception):
    """The wait was interrupted."""


class Threads:
    """Runs each piece of work in its own daemon thread, so that none delays the end of the process.

    The rate limiter adds its waiting seconds to the attribute C(rate_limited) of a tag, if it has one.
    """

    def __init__(self) -> None:
        self._done: queue.SimpleQueue[Optional[Done]] = queue.SimpleQueue()

    def start(self, tag: Any, work: Callable[[], Any]) -> None:
        """Start work. C(finished) returns C(tag) with the result or the exception.

        If the machine cannot start a thread, the exception is a TransportError, and the engine backs off.
        """
        try:
            start_daemon(lambda: self._run(tag, work))
        except TransportError as exc:
            self._done.put((tag, exc))

    def _run(self, tag: Any, work: Callable[[], Any]) -> None:
        _running.tag = tag
        try:
            self._done.put((tag, work()))
        except Exception as exc:  # noqa: BLE001 - passed on to the caller of C(finished)
            self._done.put((tag, exc))

    def finished(self, timeout: float) -> Optional[Done]:
        """Wait at most C(timeout) seconds for finished work. Return its tag and result; None if there is none.

        Raises Interrupted after another thread called C(interrupt).
        """
        try:
            done = self._done.get(timeout=max(0.0, timeout)) if timeout > 0 else self._done.get_nowait()
        except queue.Empty:
            return None
        if done is None:
            self.interrupt()  # for later calls
            raise Interrupted
        return done

    def interrupt(self) -> None:
        """Make C(finished) raise Interrupted in all threads."""
        self._done.put(None)
