# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The actions of a stack, from the events of the stack itself. Pure.

Heat has no operations and records no request IDs, but each action begins with an event C(ACTION_IN_PROGRESS) of the
stack. The ID of that event identifies the action.
Private to this collection.
"""

from __future__ import annotations

import dataclasses
from datetime import datetime
from typing import Any, Dict, List, Mapping, NamedTuple, Optional, Sequence, Tuple

from ..._model.operation import State, Step
from ..._model.times import parse_time
from ..paths import text

IN_PROGRESS, COMPLETE, FAILED = "IN_PROGRESS", "COMPLETE", "FAILED"
CREATE, UPDATE, ADOPT, DELETE, ROLLBACK = "CREATE", "UPDATE", "ADOPT", "DELETE", "ROLLBACK"
ROLLED_BACK = (CREATE, UPDATE, ADOPT)  # actions that Heat may roll back (engine/stack.py)
_STATES = {IN_PROGRESS: State.RUNNING, COMPLETE: State.SUCCEEDED, FAILED: State.FAILED}


class StackEvent(NamedTuple):
    """An event of a stack itself, not of one of its resources."""

    event_id: Optional[str]
    action: str
    status: str
    reason: Optional[str]
    time: Optional[datetime]


@dataclasses.dataclass
class StackAction:
    """An action with its events, oldest first. replaced_by: the action that began before this one had an end."""

    operation_id: Optional[str]
    action: str
    events: List[StackEvent]
    replaced_by: Optional[str] = None

    @property
    def end(self) -> Optional[StackEvent]:
        """The event that ends the action, or its rollback; None while there is none."""
        last = self.events[-1] if self.events else None
        return last if last and last.status != IN_PROGRESS else None

    @property
    def failure(self) -> Optional[StackEvent]:
        """The first event that says that the action failed."""
        return next((each for each in self.events if each.action == self.action and each.status == FAILED), None)


def split_status(status: Optional[str]) -> Tuple[str, str]:
    """Return action and status of a value such as C(UPDATE_IN_PROGRESS); two empty texts for other values."""
    for word in _STATES:
        if status and status.endswith("_" + word):
            return status[: -len(word) - 1], word
    return "", ""


def events_of(rows: Sequence[Mapping[str, Any]], stack_id: str) -> List[StackEvent]:
    """Return the events of the stack itself. A resource may have the name of the stack, but not its ID."""
    found = []
    for row in rows:
        action, status = split_status(text(row, "resource_status"))
        if action and text(row, "physical_resource_id") == stack_id:
            reason, when = text(row, "resource_status_reason"), parse_time(row.get("event_time"))
            found.append(StackEvent(text(row, "id"), action, status, reason, when))
    return found


def actions_of(events: Sequence[StackEvent]) -> List[StackAction]:
    """Return the actions of a stack, oldest first. events: oldest first.

    A rollback belongs to the action that failed. An end without a beginning is an action of its own: the legacy engine
    records nothing else for a suspend of a suspended stack.
    """
    found: List[StackAction] = []
    for event in events:
        last = found[-1] if found else None
        if last and _is_part_of(event, last):
            last.events.append(event)
        else:
            if last and last.end is None:
                last.replaced_by = event.action
            found.append(StackAction(event.event_id, event.action, [event]))
    return found


def _is_part_of(event: StackEvent, action: StackAction) -> bool:
    if event.action == ROLLBACK:
        return action.action in ROLLED_BACK
    return action.end is None and event.status != IN_PROGRESS and event.action == action.action


def steps_of(action: StackAction) -> List[Step]:
    """Return the parts of an action: the action itself, and its rollback."""
    by_name: Dict[str, Step] = {}
    for event in action.events:
        step = by_name.setdefault(event.action, Step(event.action.lower(), State.RUNNING, started_at=event.time))
        step.state, step.result = _STATES[event.status], event.status
        if event.status != IN_PROGRESS:
            step.finished_at = event.time
            step.error = event.reason if event.status == FAILED else None
    return list(by_name.values())
