# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Format the progress lines of a wait. Pure.

Private to this collection.
"""

from __future__ import annotations

from typing import List, Optional

from ansible_collections.cloudgate.operations.plugins.module_utils._model.operation import Operation
from ansible_collections.cloudgate.operations.plugins.module_utils._model.text import printable
from ansible_collections.cloudgate.operations.plugins.module_utils._polling.outcome import NO_ANSWER, describe, seconds

FEW = 10  # up to this number of unfinished operations, each change is shown at once
_SHOWN = 5  # lines at a time, so that a thousand operations do not flood the screen
_MIN_INTERVAL = 1.0  # seconds between two lines without a change


class Progress:
    """The progress lines of one task.

    host: the inventory name. interval: seconds until a line if nothing changes. With many operations, at most five
    lines are shown in that time.
    """

    def __init__(self, host: str, interval: float) -> None:
        self._host = host
        self._interval = max(interval, _MIN_INTERVAL)
        self._shown: List[Optional[str]] = []
        self._last = 0.0
        self._quiet_until = 0.0

    def begun(self, count: int) -> List[str]:
        """Return the first line of a wait whose first slice is long."""
        return [f"WAITING: [{self._host}]: {count} operations (0.0 s, 0 of {count} finished)"]

    def due(self, changed: bool, elapsed: float) -> bool:
        """Return whether to show lines now. changed: whether an operation changed since the last lines."""
        return elapsed >= self._quiet_until and (changed or elapsed - self._last >= self._interval)

    def lines(self, operations: List[Operation], elapsed: float, error: Optional[str] = None) -> List[str]:
        """Return the lines to show now: changed operations, or one unfinished operation if nothing changed.

        operations: in the order of the task. error: the last error, which is shown until the first response.
        """
        described = [None if each.reason == NO_ANSWER else _described(each) for each in operations]
        shown = self._shown or [None] * len(described)
        changed = [now for now, before in zip(described, shown) if now and now != before]
        if len(shown) != len(described):  # the servers of a reservation have replaced it
            changed = [now for now in described if now and now not in shown]
        if not changed and elapsed - self._last < self._interval:
            return []
        self._shown, self._last = described, elapsed
        if not changed:
            changed = [_described(next(each for each in operations if not each.terminal))]
            if error and not any(described):
                changed[0] += f": {error}"
        count = sum(each.terminal for each in operations)
        finished = f"{count} of {len(operations)} finished"
        if len(changed) > _SHOWN:
            changed[_SHOWN - 1 :] = [f"{len(changed) - _SHOWN + 1} more have changed"]
        if len(operations) - count > FEW:
            self._quiet_until = elapsed + self._interval * len(changed) / _SHOWN
        return [printable(f"WAITING: [{self._host}]: {each} ({seconds(elapsed)}, {finished})") for each in changed]


def _described(operation: Operation) -> str:
    progress = operation.progress
    return describe(operation) + (f": {progress}" if progress and not operation.terminal else "")
