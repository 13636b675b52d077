# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a wait shows on the screen. Pure.

Private to this collection.
"""

from __future__ import annotations

from typing import List, Optional

from ansible_collections.cloudgate.operations.plugins.module_utils._model.operation import Operation
from ansible_collections.cloudgate.operations.plugins.module_utils._model.text import printable
from ansible_collections.cloudgate.operations.plugins.module_utils._polling.outcome import NO_ANSWER, describe, seconds

FEW = 10  # unfinished operations of which each change is shown at once
_SHOWN = 5  # lines at a time: a thousand operations must not flood a screen
_LEAST = 1.0  # seconds between two lines that only say that the wait goes on


class Progress:
    """Makes the lines of one task: what has changed since the last ones, else that the wait goes on.

    host: as the inventory names it. interval: seconds after which a line comes even if nothing has changed. Of many
    operations, no more than five lines come in that time.
    """

    def __init__(self, host: str, interval: float) -> None:
        self._host = host
        self._interval = max(interval, _LEAST)
        self._shown: List[Optional[str]] = []
        self._last = 0.0
        self._quiet_until = 0.0

    def begun(self, count: int) -> List[str]:
        """The line to begin with, where it takes a while until the next."""
        return [f"WAITING: [{self._host}]: {count} operations (0.0 s, 0 of {count} over)"]

    def due(self, changed: bool, elapsed: float) -> bool:
        """Return whether lines may come after this many seconds. changed: an operation has, since the last lines."""
        return elapsed >= self._quiet_until and (changed or elapsed - self._last >= self._interval)

    def lines(self, operations: List[Operation], elapsed: float, error: Optional[str] = None) -> List[str]:
        """The lines that are due after this many seconds.

        operations: in the order of the task. error: the last one, which is shown until the first answer.
        """
        described = [None if each.reason == NO_ANSWER else _described(each) for each in operations]
        shown = self._shown or [None] * len(described)
        changed = [now for now, before in zip(described, shown) if now and now != before]
        if len(shown) != len(described):  # a reservation has turned into its servers
            changed = [now for now in described if now and now not in shown]
        if not changed and elapsed - self._last < self._interval:
            return []
        self._shown, self._last = described, elapsed
        if not changed:
            changed = [_described(next(each for each in operations if not each.terminal))]
            if error and not any(described):
                changed[0] += f": {error}"
        count = sum(each.terminal for each in operations)
        over = f"{count} of {len(operations)} over"
        if len(changed) > _SHOWN:
            changed[_SHOWN - 1 :] = [f"{len(changed) - _SHOWN + 1} more have changed"]
        if len(operations) - count > FEW:
            self._quiet_until = elapsed + self._interval * len(changed) / _SHOWN
        return [printable(f"WAITING: [{self._host}]: {each} ({seconds(elapsed)}, {over})") for each in changed]


def _described(operation: Operation) -> str:
    step = operation.current_step
    return describe(operation) + (f": {step.name}" if step and not operation.terminal else "")
