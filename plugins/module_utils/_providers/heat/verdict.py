# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The verdict on an action of a stack: state and reason from its events and the stack. Pure.

The stack is read after the events, and both must show the end. The obvious rules are wrong: C(_COMPLETE) also ends a
rollback and a later action, C(_FAILED) also ends an earlier action, C(_IN_PROGRESS) may be too short to be seen, and a
deleted stack has no events any more.
Private to this collection.
"""

from __future__ import annotations

from typing import NamedTuple, Optional

from ..._model.operation import State
from .events import COMPLETE, DELETE, IN_PROGRESS, ROLLBACK, ROLLED_BACK, StackAction, StackEvent

_UNCHANGED = ("SUSPEND", "RESUME")  # Heat does nothing if the stack has this status (engine/stack.py)


class Stack(NamedTuple):
    """A stack. action, status: parts of its status; status is "" for an unknown value. deleted: it has a deletion time.

    gone: there is no such stack.
    """

    action: str = ""
    status: str = ""
    reason: Optional[str] = None
    deleted: bool = False
    gone: bool = False

    @property
    def shown(self) -> str:
        """The status as Heat shows it."""
        return f"{self.action}_{self.status}" if self.status else self.action


class Verdict(NamedTuple):
    """State and reason of an action. failing: it failed or will fail, and the reason may be in events of resources."""

    state: str
    reason: str
    failing: bool = False


def verdict(action: StackAction, stack: Stack, latest: bool = True) -> Verdict:
    """Return the verdict on an action. latest: no event shows that a later action began. Never raises.

    An action without events is one whose events Heat has removed.
    """
    if action.replaced_by:
        said = f"a later {action.replaced_by.lower()} replaced the {action.action.lower()} before it ended"
        return Verdict(State.FAILED, said)
    if not latest:
        return _ended(action, action.end) if action.end else _removed(stack)
    if stack.gone:
        return _gone(action)
    if not stack.status:
        return Verdict(State.UNKNOWN, f"the stack is {stack.shown}, an unknown value")
    own = stack.action == action.action or (stack.action == ROLLBACK and action.action in ROLLED_BACK)
    if own and stack.status == IN_PROGRESS:
        failing = stack.action != action.action
        said = f"the {action.action.lower()} failed, and " if failing else ""
        return Verdict(State.RUNNING, f"{said}the stack is {stack.shown}", failing)
    if own and (not action.events or (stack.action, stack.status) == (DELETE, COMPLETE)):
        return _by_status(action, stack)
    return _by_event(action, stack, own) if action.events else _removed(stack)


def _by_event(action: StackAction, stack: Stack, own: bool) -> Verdict:
    """Judge an action with events, whose stack is idle or works on another action."""
    end = action.end
    if end is None:
        return Verdict(State.RUNNING, f"the stack is {stack.shown}, and the event that ends the action is missing")
    if own and (end.action, end.status) != (stack.action, stack.status):
        return Verdict(State.RUNNING, f"the stack is {stack.shown}, but its last event is {end.action}_{end.status}")
    return _by_status(action, stack) if own else _ended(action, end)


def nothing_to_do(wanted: Optional[str], stack: Stack) -> Optional[Verdict]:
    """Return the verdict on a request that changed nothing, so that Heat recorded no event; None if it is another one.

    The convergence engine records nothing for a suspend of a suspended stack.
    """
    if wanted in _UNCHANGED and (stack.action, stack.status) == (wanted, COMPLETE):
        return Verdict(State.SUCCEEDED, f"the stack is {stack.shown}, and Heat recorded no new action")
    return None


def not_begun(wanted: Optional[str], stack: Stack) -> Optional[Verdict]:
    """Return the verdict on a deletion that waits for the action that runs; None if the stack is idle.

    The legacy engine first stops that action, which takes seconds.
    """
    if wanted == DELETE and stack.status == IN_PROGRESS and stack.action != DELETE:
        return Verdict(State.PENDING, f"the stack is {stack.shown}, which Heat stops before it deletes the stack")
    return None


def _gone(action: StackAction) -> Verdict:
    if action.action == DELETE:
        return Verdict(State.SUCCEEDED, "the stack is gone")
    return Verdict(State.FAILED, "the stack does not exist any more")


def _removed(stack: Stack) -> Verdict:
    return Verdict(State.UNKNOWN, f"the stack is {stack.shown}, and Heat has removed the events of this action")


def _by_status(action: StackAction, stack: Stack) -> Verdict:
    """Judge an action by the status that it left, or its rollback."""
    if action.action == DELETE and stack.status == COMPLETE and not stack.deleted:
        return Verdict(State.RUNNING, f"the stack is {stack.shown}, but Heat still lists it")
    if stack.status == COMPLETE and stack.action == action.action:
        return Verdict(State.SUCCEEDED, stack.reason or f"the stack is {stack.shown}")
    if stack.action == action.action:
        return Verdict(State.FAILED, stack.reason or f"the stack is {stack.shown}")
    return Verdict(State.FAILED, f"the stack is {stack.shown}", failing=True)


def _ended(action: StackAction, end: StackEvent) -> Verdict:
    if end.action == action.action and end.status == COMPLETE:
        return Verdict(State.SUCCEEDED, end.reason or f"{end.action}_{end.status}")
    if end.action == action.action:
        return Verdict(State.FAILED, end.reason or f"{end.action}_{end.status}")
    return Verdict(State.FAILED, f"the stack became {end.action}_{end.status}", failing=True)
