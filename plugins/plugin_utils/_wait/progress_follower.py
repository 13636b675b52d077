# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Show the progress that a module on the controller reports while it runs (C(progress_channel)).

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
_JOIN_TIMEOUT = 2.0  # seconds; then a thread that cannot write to the screen is abandoned

Show = Callable[[List[str]], None]


class ProgressReader:
    """Read the reports that the module appends to a file, and return progress lines."""

    def __init__(self, file: io.FileIO, progress: Progress) -> None:
        self._file = file
        self._progress = progress
        self._unfinished = b""
        self._operations: Dict[int, Operation] = {}
        self._error: Optional[str] = None
        self._changed = False

    @property
    def begun(self) -> bool:
        """Whether the module has written to the file."""
        return bool(self._operations)

    def lines(self, elapsed: float) -> List[str]:
        """Return the lines to show after this many seconds."""
        *finished, self._unfinished = (self._unfinished + self._file.read()).split(b"\n")
        for line in finished:
            with contextlib.suppress(ValueError):  # a full disk can truncate a line
                self._take_in(json.loads(line))
        if not self.begun or not self._progress.due(self._changed, elapsed):
            return []
        self._changed = False
        operations = [self._operations[number] for number in sorted(self._operations)]
        return self._progress.lines(operations, elapsed, self._error)

    def _take_in(self, report: Mapping[str, Any]) -> None:
        operations = {number: Operation.from_dict(each) for number, each in report["operations"]}
        if len(operations) == report["count"]:  # the servers of a reservation have replaced it
            self._operations.clear()
        self._operations.update(operations)
        self._error = report["error"]
        self._changed = True


@contextlib.contextmanager
def followed(folder: str, progress: Progress, show: Show) -> Iterator[Optional[str]]:
    """Yield the path of a private file for the module's reports, and show them until the context ends.

    folder: of the file. Yields None if the file cannot be created; the wait then shows no progress.
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
            thread.join(_JOIN_TIMEOUT)
        _remove(path)


def _follow(path: str, progress: Progress, show: Show, ended: threading.Event) -> None:
    """Show the reports. Best effort: an error of the file, a line or the screen ends the progress, not the wait."""
    began, removed = time.monotonic(), False
    with contextlib.suppress(OSError, *UNEXPECTED_DATA_ERRORS), open(path, "rb", buffering=0) as file:
        reader = ProgressReader(file, progress)
        while not ended.wait(_INTERVAL):
            lines = reader.lines(time.monotonic() - began)
            if reader.begun and not removed:
                _remove(path)  # now, so that it is gone even if all processes are killed
                removed = True
            if lines and not ended.is_set():
                show(lines)


def _remove(path: str) -> None:
    with contextlib.suppress(OSError):
        os.unlink(path)
