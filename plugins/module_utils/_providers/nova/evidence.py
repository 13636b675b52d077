# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The evidence about a Nova instance action, and conclusions without rules. Pure.

Private to this collection.
"""

from __future__ import annotations

from datetime import datetime
from typing import Dict, List, NamedTuple, Optional, Sequence, Tuple

from ..._model.operation import State, Step
from ..._model.times import timestamp
from .actions import ACTIONS, AT_ANY_TIME, FAILURE_EVENTS, WORKING, known


class Server(NamedTuple):
    """A server, read after the action.

    view: C(read), C(gone) or C(unreadable). launched: whether a guest was ever built, by launched_at; None if the cloud
    does not show it. idle: seconds since Nova last changed the server; None if unknown. name: set by the owner.
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
        """Whether Nova works on the server. BUILD without a task_state is between two attempts to build."""
        return self.view == "read" and (self.task_state is not None or self.status in WORKING)


class Later(NamedTuple):
    """Name and start of the server's actions after the judged one, oldest first.

    readable: whether the cloud shows them; some clouds hide those of a deleted server.
    deleted_by_same: whether one of them is a deletion by the same request.
    """

    actions: Tuple[Tuple[str, Optional[datetime]], ...] = ()
    readable: bool = True
    deleted_by_same: bool = False

    @property
    def changed_it(self) -> bool:
        """Whether one of them may have changed the server."""
        return any(not known(name).harmless for name, _start in self.actions)

    @property
    def needed_rest(self) -> bool:
        """Whether Nova accepts one of them only while the server is idle."""
        return any(
            name in ACTIONS and not ACTIONS[name].harmless and name not in AT_ANY_TIME for name, _start in self.actions
        )

    @property
    def deleted_at(self) -> Optional[datetime]:
        """Start of the last deletion."""
        return next((start for name, start in reversed(self.actions) if name == "delete"), None)


class Evidence(NamedTuple):
    """The evidence about an action. A field that was not read is C(None).

    action: its name. steps: its events, None if the cloud hides them. message: null or C(Error). open_for: seconds
    since the newest open event began. deleted: a deleted server from the list of changed servers. image: status of the
    image that the action makes; C(none) if it does not exist, C(gone) if it may have been deleted since, C(rotated) if
    a later backup may have deleted it, C(left) if it is queued forever, C(unreadable) if the cloud does not show it.
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
    """State and reason of an action. step: the deciding event. ask: the field of Evidence to read next."""

    state: str
    reason: str
    step: Optional[Step] = None
    ask: Optional[str] = None


class Case:
    """Evidence with derived values for the rules."""

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
        """Whether a later action may have changed the server."""
        return self.later is not None and self.later.changed_it

    def shows(self, *statuses: str) -> bool:
        """Return whether the server has one of these statuses and no later action changed it."""
        return self.server is not None and not self.superseded and self.server.status in statuses

    def ask(self, field: str) -> Verdict:
        """Return a request to read this field of the evidence, instead of a verdict."""
        return Verdict(State.RUNNING, f"{field} was not read", self.last, field)

    def found(self, state: str, reason: str) -> Verdict:
        """Return a verdict with the last event. The reason names unreadable evidence."""
        unread = "; the cloud shows no events" if self.hidden else ""
        if self.server and self.server.view == "unreadable" and state == State.SUCCEEDED:
            unread += "; the server could not be read"
        if self.evidence.image == "unreadable" and state == State.SUCCEEDED:
            unread += "; the image could not be read"
        return Verdict(state, reason + unread, self.last)

    def fault_or(self, otherwise: str) -> str:
        """Return the server's fault, unless a later action may have caused it."""
        return (self.server.fault if self.server and not self.superseded else None) or otherwise


def latest_per_name(steps: Sequence[Step]) -> List[Step]:
    """Return one step per name with its latest outcome, in order of start.

    Nova always finishes the oldest row of a name. So a name is finished if the latest finish of its rows is not before
    their latest start; else its newest row is running
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
