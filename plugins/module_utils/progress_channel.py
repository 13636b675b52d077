# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Report progress to the action plugin while the module runs, through a private file on the controller.

Private to this collection. Each line of the file is a JSON list of pairs: an operation's number and what is shown.
"""

from __future__ import annotations

import contextlib
import json
import os
from typing import Any, Callable, Dict, List, Optional

from .operation import Operation
from .waiter import Item

_APPEND = os.O_WRONLY | os.O_APPEND | os.O_NOFOLLOW  # and never create: nobody would read it
_FIELDS = ("provider", "operation_id", "resource_id", "type", "state", "reason", "missing")


class ProgressChannel:
    """Append one line for each report. Best effort: after an error, nothing more is written and the wait goes on.

    path: a file that exists; None if nobody reads the progress. masked: returns data without secrets.
    """

    def __init__(self, path: Optional[str], masked: Callable[[Any], Any]) -> None:
        self._masked = masked
        self._numbers: Dict[int, int] = {}
        self._file: Optional[int] = None
        with contextlib.suppress(OSError):
            self._file = None if path is None else os.open(path, _APPEND)

    def begin(self, items: List[Item]) -> None:
        """Report all items, in the order of the task."""
        self._numbers = {id(item): number for number, item in enumerate(items)}
        self.report(items)

    def report(self, items: List[Item]) -> None:
        """Report these items."""
        if self._file is None:
            return
        pairs = [(self._numbers[id(item)], self._masked(shown(item.operation))) for item in items]
        try:
            os.write(self._file, json.dumps(pairs).encode("ascii") + b"\n")
        except OSError:
            self._file = None


def shown(operation: Operation) -> Dict[str, Any]:
    """Return what the screen needs of an operation; C(Operation.from_dict) reads it."""
    step = operation.current_step
    steps = [{"name": step.name, "state": step.state}] if step else []
    return dict({name: getattr(operation, name) for name in _FIELDS}, steps=steps)
