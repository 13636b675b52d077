# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Show the progress that a module on the controller itself reports while it runs (C(progress_channel)).

Private to this collection.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import tempfile
import threading
import time
from typing import Any, Callable, Dict, Iterator, List, Mapping, Optional

from ansible_collections.cloudgate.operations.plugins.module_utils._model.errors import (
    UNEXPECTED_DATA_ERRORS,
    TransportError,
)
from ansible_collections.cloudgate.operations.plugins.module_utils._model.operation import Operation
from ansible_collections.cloudgate.operations.plugins.module_utils._polling.threads import start_daemon
from ansible_collections.cloudgate.operations.plugins.plugin_utils._wait.progress import Progress

_INTERVAL = 0.5  # seconds between two reads
_PATIENCE = 2.0  # seconds until a thread is left behind that cannot write to the screen

Show = Callable[[List[str]], None]


class ProgressReader:
    """Read what the module has appended to a file, and return the lines that are due."""

    def __init__(self, file: io.FileIO, progress: Progress) -> None:
        self._file = file
        self._progress = progress
        self._unfinished = b""
        self._operations: Dict[int, Operation] = {}
        self._error: Optional[str] = None
        self._changed = False

    @property
    def begun(self) -> bool:
        """Whether the module has opened the file."""
        return bool(self._operations)

    def lines(self, elapsed: float) -> List[str]:
        """Return the lines that are due after this many seconds."""
        *finished, self._unfinished = (self._unfinished + self._file.read()).split(b"\n")
        for line in finished:
            with contextlib.suppress(ValueError):  # a full disk has cut it
                self._take_in(json.loads(line))
        if not self.begun or not self._progress.due(self._changed, elapsed):
            return []
        self._changed = False
        operations = [self._operations[number] for number in sorted(self._operations)]
        return self._progress.lines(operations, elapsed, self._error)

    def _take_in(self, report: Mapping[str, Any]) -> None:
        operations = {number: Operation.from_dict(each) for number, each in report["operations"]}
        if len(operations) == report["count"]:  # a reservation has turned into its servers
            self._operations.clear()
        self._operations.update(operations)
        self._error = report["error"]
        self._changed = True


@contextlib.contextmanager
def followed(folder: str, progress: Progress, show: Show) -> Iterator[Optional[str]]:
    """Give the path of a private file for a module to report to, and show what it reports until the context ends.

    folder: where the file is made. Gives None if there cannot be one: the wait goes on without progress.
    """
    try:
        descriptor, path = tempfile.mkstemp(prefix="progress-", dir=folder)
    except OSError:
        yield None
        return
    os.close(descriptor)
    ended = threading.Event()
    thread = None
    try:
        with contextlib.suppress(TransportError):
            thread = start_daemon(lambda: _follow(path, progress, show, ended))
        yield path if thread else None
    finally:
        ended.set()
        if thread:
            thread.join(_PATIENCE)
        _remove(path)


def _follow(path: str, progress: Progress, show: Show, ended: threading.Event) -> None:
    """Show what comes. Best effort: an error of the file, a line or the screen ends the progress, not the wait."""
    began, removed = time.monotonic(), False
    with contextlib.suppress(OSError, *UNEXPECTED_DATA_ERRORS), open(path, "rb", buffering=0) as file:
        reader = ProgressReader(file, progress)
        while not ended.wait(_INTERVAL):
            lines = reader.lines(time.monotonic() - began)
            if reader.begun and not removed:
                _remove(path)  # now, as nobody can when all processes are killed at once
                removed = True
            if lines and not ended.is_set():
                show(lines)


def _remove(path: str) -> None:
    with contextlib.suppress(OSError):
        os.unlink(path)
