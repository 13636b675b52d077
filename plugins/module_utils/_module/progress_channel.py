# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Report progress to the action plugin through a private file on the controller.

Private to this collection. Each line of the file is JSON: the number of operations, pairs of an operation's index and
its fields, and the last error.
"""

from __future__ import annotations

import contextlib
import json
import os
from typing import Any, Callable, Dict, List, Optional

from .._model.operation import Operation
from .._polling.state import OperationState, PollState

_APPEND = os.O_WRONLY | os.O_APPEND | os.O_NOFOLLOW  # never create the file: nobody would read it
_FIELDS = ("provider", "operation_id", "resource_id", "type", "state", "reason", "missing", "percent")


class ProgressChannel:
    """Append a line for each report. Best effort: after an error, it stops writing and the wait continues.

    path: of an existing file; None if nobody reads the progress. state: of the wait. masked: returns data without
    secrets. The first line reports all operations.
    """

    def __init__(self, path: Optional[str], state: PollState, masked: Callable[[Any], Any]) -> None:
        self._state = state
        self._masked = masked
        self._count = 0
        self._file: Optional[int] = None
        if path is not None:
            with contextlib.suppress(OSError):
                self._file = os.open(path, _APPEND)
            self.report([])

    def report(self, changed: List[OperationState]) -> None:
        """Report these operations; all operations after the servers of a reservation replaced it."""
        if self._file is None:
            return
        operations = self._state.operations
        wanted = {id(each) for each in (changed if len(operations) == self._count else operations)}
        self._count = len(operations)
        pairs = [(n, self._masked(shown(each.operation))) for n, each in enumerate(operations) if id(each) in wanted]
        line = {"count": self._count, "operations": pairs, "error": self._masked(self._state.last_error)}
        try:
            os.write(self._file, json.dumps(line).encode("ascii") + b"\n")
        except OSError:
            self._file = None


def shown(operation: Operation) -> Dict[str, Any]:
    """Return the fields of an operation for the screen; C(Operation.from_dict) reads them."""
    step = operation.current_step
    steps = [{"name": step.name, "state": step.state}] if step else []
    return dict({name: getattr(operation, name) for name in _FIELDS}, steps=steps)
