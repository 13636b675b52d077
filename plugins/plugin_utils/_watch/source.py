# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The event source: it puts the changes of a watch into the queue of ansible-rulebook.

Private to this collection.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import time
from typing import Any, Callable, Dict, Mapping, Optional

from ansible_collections.cloudgate.operations.plugins.module_utils._auth.masking import Masking
from ansible_collections.cloudgate.operations.plugins.module_utils._auth.secret_values import secrets_in_environment
from ansible_collections.cloudgate.operations.plugins.module_utils._model.errors import GateError
from ansible_collections.cloudgate.operations.plugins.module_utils._polling.threads import Threads, start_daemon
from ansible_collections.cloudgate.operations.plugins.plugin_utils._watch.memory import Memory
from ansible_collections.cloudgate.operations.plugins.plugin_utils._watch.options import (
    checked,
    examined,
    plans,
    watch_options,
)
from ansible_collections.cloudgate.operations.plugins.plugin_utils._watch.watch import SourceError, Watch

SAVE_EVERY = 60.0  # seconds between two saves of the list cursors if nothing changes
_TAKEN_WITHIN = 10.0  # seconds; then other sources keep the queue full, or the rules are busy
_QUEUE_CHECK = 0.05  # seconds
_NO_THREAD = 5.0  # seconds until the next attempt to start a thread
log = logging.getLogger("cloudgate.operations")


class _MaskedLines(logging.Filter):
    """Mask secrets in the collection's log lines."""

    def __init__(self, masking: Masking) -> None:
        super().__init__()
        self._masking = masking

    def filter(self, record: logging.LogRecord) -> bool:
        """Mask the line and keep it."""
        record.msg, record.args = self._masking.clean(record.getMessage()), ()
        return True


class Source:
    """One event source of a rulebook."""

    def __init__(self, arguments: Mapping[str, Any], environ: Mapping[str, str]) -> None:
        given = dict(arguments)
        self._feedback: Optional[asyncio.Queue[Any]] = given.pop("eda_feedback_queue", None)
        self._arguments = given
        self._environ = environ
        self._masking = Masking([*examined(given).secrets, *secrets_in_environment(environ)])
        self._memory = Memory()
        self._threads = Threads()
        self._saved = 0.0

    async def run(self, queue: Any) -> None:
        """Watch until the source is canceled or all given operations are finished. Raises SourceError."""
        masked_lines = _MaskedLines(self._masking)
        log.addFilter(masked_lines)
        try:
            watch = await in_thread(self._prepare)
            while not watch.finished:
                await self._poll(watch, queue)
        except GateError as exc:
            raise SourceError(self._masking.clean(exc.message)) from None
        except Exception as exc:  # noqa: BLE001 - a defect, whose text may contain a secret
            said = f"This is a defect of the collection: {type(exc).__name__}: {exc}"
            raise SourceError(self._masking.clean(said)) from None
        finally:
            self._threads.interrupt()
            self._memory.close()
            log.removeFilter(masked_lines)

    def _prepare(self) -> Watch:
        given = checked(self._arguments)
        options = watch_options(given)
        watched = plans(given, self._environ, self._masking.add)
        self._memory = Memory(given["state_file"], self._masking.clean)
        self._memory.open()
        return Watch(watched, options, self._memory, self._threads)

    async def _poll(self, watch: Watch, queue: Any) -> None:
        changes = await in_thread(watch.poll)
        if watch.has_news or time.monotonic() > self._saved + SAVE_EVERY:
            await in_thread(self._memory.save)
            self._saved = time.monotonic()
        for change in changes:
            event: Dict[str, Any] = self._masking.clean(change.event())
            await queue.put(event)
            await self._taken(queue)
            watch.report(change)
            await in_thread(lambda: self._memory.save(with_state=False))
        if not changes and not watch.finished:
            await asyncio.sleep(watch.pause)

    async def _taken(self, queue: Any) -> None:
        """Return when the rules have taken the event: an event in the queue is lost if the process dies."""
        if self._feedback is not None:
            await self._feedback.get()
            return
        inner = getattr(queue, "queue", queue)  # with event filters, ansible-rulebook passes a wrapped queue
        until = time.monotonic() + _TAKEN_WITHIN
        while isinstance(inner, asyncio.Queue) and not inner.empty() and time.monotonic() < until:
            await asyncio.sleep(_QUEUE_CHECK)


async def in_thread(work: Callable[[], Any]) -> Any:
    """Run work in a daemon thread. Return or raise what it returns or raises."""
    loop = asyncio.get_running_loop()
    future: asyncio.Future[Any] = loop.create_future()

    def settle(result: Any, error: Optional[BaseException]) -> None:
        if future.done():
            return
        if error is None:
            future.set_result(result)
        else:
            future.set_exception(error)

    def run() -> None:
        result, error = None, None
        try:
            result = work()
        except Exception as exc:  # noqa: BLE001 - passed on to the awaiting coroutine
            error = exc
        with contextlib.suppress(RuntimeError):  # the loop is closed, so nobody awaits the result
            loop.call_soon_threadsafe(settle, result, error)

    while not _started(run):
        await asyncio.sleep(_NO_THREAD)
    return await future


def _started(work: Callable[[], None]) -> bool:
    """Start a thread. Log a warning and return False if the machine cannot start one."""
    try:
        start_daemon(work)
    except GateError as exc:
        log.warning("%s", exc)
        return False
    return True


async def run(queue: Any, arguments: Mapping[str, Any]) -> None:
    """Run the event source; ansible-rulebook calls it as C(main)."""
    await Source(arguments, os.environ).run(queue)
