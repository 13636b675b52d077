# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The verdict on a Nova instance action: state and reason from evidence. Pure.

Nova does not mark actions as finished: C(message) is null or a sticky C(Error), an event ends with C(Success) when
its step passed the work on, and after a reschedule the newer row of an event name stays open forever.
So the events show the progress of the action, and the server, which is read later, shows whether it is idle.

RULES has the rules in order; the first that applies decides. To add one, write a function from a Case to a Verdict or
None, name its source in Nova's code, and add it to RULES.
Private to this collection.
"""

from __future__ import annotations

from typing import Callable, Optional, Tuple

from ..._model.operation import State
from .actions import NEED_A_GUEST, NEVER_AN_EVENT, REST
from .evidence import Case, Evidence, Verdict
from .image_verdict import by_image
from .server_verdict import events_are_hidden, stopped_in_the_middle, stopped_short


def verdict(evidence: Evidence) -> Verdict:
    """Return the verdict on an action. If it has C(ask), read that evidence and call again. Never raises."""
    case = Case(evidence)
    for rule in RULES:
        found = rule(case)
        if found is not None:
            return found
    return case.found(State.UNKNOWN, f"nothing shows the result of {case.action}")


def _done_by_the_api(case: Case) -> Optional[Verdict]:
    """Judge actions that the API finishes before it answers (nova/compute/api.py, resetState)."""
    if case.action in NEVER_AN_EVENT and not case.names:
        return case.found(State.SUCCEEDED, f"{case.action} is finished as soon as it is recorded")
    return None


def _event_is_open(case: Case) -> Optional[Verdict]:
    """Judge an open event: the action runs, unless the server is idle for longer than an event stays open then."""
    if not case.open:
        return None
    step = case.open[-1]
    running = Verdict(State.RUNNING, f"{step.name} is running", step)
    if (case.evidence.open_for or 0.0) < REST:
        return running
    server = case.server
    if server is None:
        return case.ask("server")
    if server.view == "unreadable" or server.busy or (server.view == "read" and (server.idle or 0.0) < REST):
        return running
    if case.later is None:
        return case.ask("later")
    return stopped_in_the_middle(case, step, server)


def _nothing_began(case: Case) -> Optional[Verdict]:
    """Judge an action without events: only create and delete can be finished without one."""
    if not case.hidden and not case.names and case.action not in ("create", "delete"):
        return case.found(State.PENDING, "no event has begun")
    return None


def _server_decides(case: Case) -> Optional[Verdict]:
    """Ask for the server if no event is open: between two steps, all events are Success."""
    if case.server is not None:
        return None
    return case.ask("server")


def _was_built(case: Case) -> Optional[Verdict]:
    """Judge a build by launched_at, which only a success sets (manager.py _update_instance_after_spawn)."""
    if case.action != "create" or not (case.final or case.hidden) or case.server is None:
        return None
    if case.server.view == "gone":
        return _built_and_gone(case)
    if case.server.launched and case.server.view == "read":
        by = f"{case.final.name} succeeded" if case.final else "the server was built"
        return case.found(State.SUCCEEDED, by)
    if case.server.busy or case.server.status == "ERROR":
        if case.later is None and case.server.launched is None:
            return case.ask("later")
        if case.later and any(name in NEED_A_GUEST for name, _start in case.later.actions):
            return case.found(State.SUCCEEDED, "a later action proves that the server was built")
    return None


def _built_and_gone(case: Case) -> Verdict:
    """Judge the build of a deleted server, which lists of changed servers show (nova/compute/api.py get_all)."""
    if case.evidence.deleted is None:
        return case.ask("deleted")
    if case.evidence.deleted.launched:
        return case.found(State.SUCCEEDED, "the server was built, and deleted later")
    return case.found(State.FAILED, "the server does not exist any more")


def _server_is_busy(case: Case) -> Optional[Verdict]:
    """Judge a busy server: it works on this action unless a later one has begun.

    A failure that sets ERROR may keep the task_state (manager.py _error_out_instance_on_exception).
    """
    server = case.server
    if server is None or not server.busy:
        return None
    if (case.final or case.failed) and case.later is None:
        return case.ask("later")
    left_there = case.failed and server.status == "ERROR" and (server.idle or 0.0) >= REST
    if left_there or ((case.final or case.failed) and case.superseded):
        return None
    state = State.RUNNING if case.names or case.hidden else State.PENDING
    return case.found(state, f"the server is busy ({server.status}, {server.task_state})")


def _build_gave_up(case: Case) -> Optional[Verdict]:
    """Judge a failed build by the server: its event ends with Success as well (manager.py BuildAbortException)."""
    if case.action != "create" or case.failed or case.server is None or case.server.status != "ERROR":
        return None
    if case.superseded and case.server.launched is None:
        return case.found(State.UNKNOWN, "a later action has changed the server")
    return case.found(State.FAILED, case.server.fault or "the server is in status ERROR")


def _image_tells(case: Case) -> Optional[Verdict]:
    """Judge by the image, whose status Nova does not show (manager.py _snapshot_instance)."""
    if not case.row.makes_image or not (case.final or case.hidden) or case.server is None:
        return None
    if case.final and case.final.name.startswith("api_"):  # the image of a server on a volume names no server
        return None
    return case.ask("image") if case.evidence.image is None else by_image(case, case.server)


def _deleted_under_it(case: Case) -> Optional[Verdict]:
    """Judge a deleted server whose event may end with Success as well (manager.py _do_rebuild_instance_with_claim)."""
    if not case.final or not case.row.ends_when_deleted or case.server is None or case.server.view != "gone":
        return None
    if case.later is None:
        return case.ask("later")
    deleted_at = case.later.deleted_at
    if deleted_at is None or not case.final.finished_at:
        return case.found(State.UNKNOWN, f"the server is gone, perhaps before {case.final.name} ended")
    if deleted_at <= case.final.finished_at:
        return case.found(State.FAILED, f"the server was deleted before {case.final.name} ended")
    if case.row.goes_on and not case.later.needed_rest:
        return case.found(State.UNKNOWN, "the server is gone, and the image cannot be read")
    return None


def _reached_its_end(case: Case) -> Optional[Verdict]:
    """Judge a successful final event of an idle server."""
    if not case.final or case.server is None:
        return None
    return case.found(State.SUCCEEDED, f"{case.final.name} succeeded")


def _event_failed(case: Case) -> Optional[Verdict]:
    """Judge a name whose latest outcome is Error, so no retry succeeded."""
    if not case.failed:
        return None
    step = case.failed[-1]
    if not step.error and case.server and case.server.fault and case.later is None:
        return case.ask("later")  # whether the fault is this action's
    because = step.error or case.fault_or("")
    return Verdict(State.FAILED, f"{step.name} failed: {because}" if because else f"{step.name} failed", step)


def _began_without_an_event(case: Case) -> Optional[Verdict]:
    """Judge a create that failed in the scheduler, or a delete by the API while compute is down, without events."""
    if case.hidden or case.names or case.server is None:
        return None
    if case.action == "delete" and (case.server.view == "gone" or case.server.status in case.row.becomes):
        return case.found(State.SUCCEEDED, "the server is gone")
    if case.action == "create" and case.server.view == "gone":
        return case.found(State.FAILED, "the server does not exist any more")
    return case.found(State.PENDING, "no event has begun")


# The first rule that applies decides.
RULES: Tuple[Callable[[Case], Optional[Verdict]], ...] = (
    _done_by_the_api,
    _event_is_open,
    _nothing_began,
    _server_decides,
    _was_built,
    _server_is_busy,
    _build_gave_up,
    _image_tells,
    _deleted_under_it,
    _reached_its_end,
    _event_failed,
    _began_without_an_event,
    stopped_short,
    events_are_hidden,
)
