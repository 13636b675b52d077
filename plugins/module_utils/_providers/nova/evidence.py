# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is known of a Nova instance action, and what follows from it alone. Pure.

Private to this collection.
"""

from __future__ import annotations

from datetime import datetime
from typing import Dict, List, NamedTuple, Optional, Sequence, Tuple

from ..._model.operation import State, Step
from ..._model.times import timestamp
from .actions import ACTIONS, AT_ANY_TIME, FAILURE_EVENTS, WORKING, known


class Server(NamedTuple):
    """The server as read after the action.

    view: C(read), C(gone) or C(unreadable). launched: whether a guest was ever built, by launched_at; None where the
    cloud does not show that. idle: seconds since Nova changed anything of the server; None if that is not known.
    name: as its owner calls it.
    """

    view: str = "read"
    status: Optional[str] = None
    task_state: Optional[str] = None
    fault: Optional[str] = None
    launched: Optional[bool] = None
    idle: Optional[float] = None
    name: Optional[str] = None

    @property
    def busy(self) -> bool:
        """Nova works on it: BUILD without a task_state is the pause between two attempts to build."""
        return self.view == "read" and (self.task_state is not None or self.status in WORKING)


class Later(NamedTuple):
    """The actions of the server that began after the one that is judged, oldest first: name and start.

    readable: whether the cloud shows them; of a deleted server some do not.
    deleted_by_same: whether one of them is a deletion by the same request.
    """

    actions: Tuple[Tuple[str, Optional[datetime]], ...] = ()
    readable: bool = True
    deleted_by_same: bool = False

    @property
    def changed_it(self) -> bool:
        """Whether what the server shows can be the work of one of them."""
        return any(not known(name).harmless for name, _start in self.actions)

    @property
    def needed_rest(self) -> bool:
        """Whether Nova would have refused one of them while the server was busy."""
        return any(
            name in ACTIONS and not ACTIONS[name].harmless and name not in AT_ANY_TIME for name, _start in self.actions
        )

    @property
    def deleted_at(self) -> Optional[datetime]:
        """When the last deletion began."""
        return next((start for name, start in reversed(self.actions) if name == "delete"), None)


class Evidence(NamedTuple):
    """All that is known of an action; what was not read (yet) is None.

    action: its name. steps: its events, None where the cloud hides them. message: Nova's own, null or C(Error).
    open_for: seconds since the newest open event began. deleted: the row of a server that is gone, as lists of changed
    servers show it. image: status of the image that the action makes; C(none) if it does not exist, C(gone) if it may
    have been deleted since, C(rotated) if a later backup may have deleted it, C(left) if it is queued for ever;
    C(unreadable) where the cloud does not tell.
    """

    action: str
    steps: Optional[Sequence[Step]]
    message: Optional[str] = None
    open_for: Optional[float] = None
    server: Optional[Server] = None
    later: Optional[Later] = None
    deleted: Optional[Server] = None
    image: Optional[str] = None


class Verdict(NamedTuple):
    """State and reason of an action. step: the event that decided. ask: the field of Evidence that can decide more."""

    state: str
    reason: str
    step: Optional[Step] = None
    ask: Optional[str] = None


class Case:
    """Evidence, and what follows from it alone."""

    def __init__(self, evidence: Evidence) -> None:
        self.evidence = evidence
        self.action, self.later, self.server = evidence.action, evidence.later, evidence.server
        if self.server and self.server.view == "read" and not (self.server.status or self.server.task_state):
            self.server = self.server._replace(view="unreadable")
        self.row = known(evidence.action)
        self.names = latest_per_name(evidence.steps or [])
        ended = (step for step in reversed(self.names) if step.name in self.row.ends and step.state == State.SUCCEEDED)
        self.final = next(ended, None)  # the event that ends the action, if it succeeded
        finished = _finished(self.final) if self.final else 0.0
        running = [step for step in self.names if step.state == State.RUNNING]
        self.open = [step for step in running if not self.final or _started(step) >= finished]
        self.failed = [step for step in self.names if step.state == State.FAILED or step.name in FAILURE_EVENTS]
        self.last = self.final or (self.names[-1] if self.names else None)
        self.hidden = evidence.steps is None

    @property
    def superseded(self) -> bool:
        """Whether the server may show the work of a later action."""
        return self.later is not None and self.later.changed_it

    def shows(self, *statuses: str) -> bool:
        """Whether the server has one of these statuses by this action, and not by a later one."""
        return self.server is not None and not self.superseded and self.server.status in statuses

    def ask(self, field: str) -> Verdict:
        """Return no verdict yet: this field of the evidence can decide."""
        return Verdict(State.RUNNING, f"{field} was not read", self.last, field)

    def found(self, state: str, reason: str) -> Verdict:
        """Return a verdict about the last event. The reason says what of the evidence could not be read."""
        unread = "; the cloud shows no events" if self.hidden else ""
        if self.server and self.server.view == "unreadable" and state == State.SUCCEEDED:
            unread += "; the server could not be read"
        if self.evidence.image == "unreadable" and state == State.SUCCEEDED:
            unread += "; the image could not be read"
        return Verdict(state, reason + unread, self.last)

    def fault_or(self, otherwise: str) -> str:
        """Return the server's own reason for its ERROR, unless it may be that of a later action."""
        return (self.server.fault if self.server and not self.superseded else None) or otherwise


def latest_per_name(steps: Sequence[Step]) -> List[Step]:
    """Return one step a name with its latest outcome, in order of start.

    Nova finishes the oldest row of a name again and again, so a name is finished when the latest finish of its rows
    is not before their latest start; else its newest row is what runs now
    (nova/db/main/api.py action_event_finish: filter_by(action_id, event).first()).
    """
    by_name: Dict[str, List[Step]] = {}
    for step in steps:
        by_name.setdefault(step.name, []).append(step)
    outcomes = []
    for rows in by_name.values():
        newest = max(rows, key=_started)
        finished = [row for row in rows if row.finished_at]
        last = max(finished, key=_finished) if finished else newest
        outcomes.append(last if finished and _finished(last) >= _started(newest) else newest)
    return sorted(outcomes, key=_started)


def _started(step: Step) -> float:
    return timestamp(step.started_at)


def _finished(step: Step) -> float:
    return timestamp(step.finished_at)
