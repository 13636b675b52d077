# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The verdict on a Nova instance action: evidence -> state and reason. Pure; no I/O.

Nova has no word for "finished": C(message) is only ever null or the sticky C(Error), an event ends in C(Success)
when its step handed the work on, and after a reschedule the newer event row of a name stays open for ever.
So the events say how far the action came, and the server, read after them, says whether it rests.

The rules are at the end, in their order: the first that applies decides. To add one, write a function from a Case to a
Verdict or None, name its source in Nova's code, and put it into RULES.
Private to this collection.
"""

from __future__ import annotations

from typing import Callable, Optional, Tuple

from .nova_actions import AT_REST, CONFIRMED_BY, NEED_A_GUEST, NEVER_AN_EVENT, REST, UNKNOWN
from .nova_evidence import Case, Evidence, Server, Verdict
from .nova_image_verdict import by_image
from .operation import State, Step


def verdict(evidence: Evidence) -> Verdict:
    """Return the verdict on an action. If it has C(ask), read that and ask again. Never raises."""
    case = Case(evidence)
    for rule in RULES:
        found = rule(case)
        if found is not None:
            return found
    return case.found(State.UNKNOWN, f"nothing tells what became of {case.action}")


def _done_by_the_api(case: Case) -> Optional[Verdict]:
    """The API does all the work of some actions before it answers (nova/compute/api.py, resetState)."""
    if case.action in NEVER_AN_EVENT and not case.names:
        return case.found(State.SUCCEEDED, f"{case.action} is finished as soon as it is recorded")
    return None


def _event_is_open(case: Case) -> Optional[Verdict]:
    """While an event is open the action runs, unless the server is at rest for longer than an event stays open then."""
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
    return _stopped_in_the_middle(case, step, server)


def _stopped_in_the_middle(case: Case, step: Step, server: Server) -> Verdict:
    """A compute service that dies leaves events open, and cleans up at its next start (manager.py _init_instance)."""
    never = f"{step.name} never ended"
    if case.row.makes_image and case.evidence.image is None:
        return case.ask("image")
    found = by_image(case, server) if case.row.makes_image else None
    if found:
        return found
    if server.view == "gone" and case.action == "delete":
        return Verdict(State.SUCCEEDED, f"the server is gone, although {never}", step)
    if server.view == "gone":
        return Verdict(State.FAILED, f"the server was deleted before {step.name} ended", step)
    if case.action == "create" and server.launched:
        return Verdict(State.SUCCEEDED, f"the server was built, although {never}", step)
    if case.superseded:
        return Verdict(State.UNKNOWN, f"{never}, and a later action has changed the server", step)
    if server.status == "ERROR":
        return Verdict(State.FAILED, case.fault_or(f"{never}, and the server is in status ERROR"), step)
    if server.status in case.row.becomes:
        return Verdict(State.SUCCEEDED, f"the server is {server.status}, although {never}", step)
    if not case.row.tracked or case.row.makes_image:
        return Verdict(State.UNKNOWN, f"{never}, and the server does not show whether {case.action} goes on", step)
    reason = f"the compute service stopped in the middle: {never}, and the server rests in status {server.status}"
    return Verdict(State.FAILED, reason, step)


def _nothing_began(case: Case) -> Optional[Verdict]:
    """An action without any event has not begun; only create and delete can be finished without one."""
    if not case.hidden and not case.names and case.action not in ("create", "delete"):
        return case.found(State.PENDING, "no event has begun")
    return None


def _server_decides(case: Case) -> Optional[Verdict]:
    """When no event is open the server has to be read: between two steps all events are Success."""
    if case.server is not None:
        return None
    return case.ask("server")


def _was_built(case: Case) -> Optional[Verdict]:
    """Only a build that succeeded sets launched_at; nothing clears it (manager.py _update_instance_after_spawn)."""
    if case.action != "create" or not (case.done or case.hidden) or case.server is None:
        return None
    if case.server.view == "gone":
        return _built_and_gone(case)
    if case.server.launched and case.server.view == "read":
        by = f"{case.done.name} succeeded" if case.done else "the server was built"
        return case.found(State.SUCCEEDED, by)
    if case.server.busy or case.server.status == "ERROR":
        if case.later is None and case.server.launched is None:
            return case.ask("later")
        if case.later and any(name in NEED_A_GUEST for name, _start in case.later.actions):
            return case.found(State.SUCCEEDED, "a later action proves that the server was built")
    return None


def _built_and_gone(case: Case) -> Verdict:
    """Lists of changed servers show deleted ones to everybody (nova/compute/api.py get_all, changes-since)."""
    if case.evidence.deleted is None:
        return case.ask("deleted")
    if case.evidence.deleted.launched:
        return case.found(State.SUCCEEDED, "the server was built, and deleted later")
    return case.found(State.FAILED, "the server does not exist any more")


def _server_is_busy(case: Case) -> Optional[Verdict]:
    """A server with a task is at work, on this action unless a later one has begun.

    A failure that sets ERROR may leave the task there (manager.py _error_out_instance_on_exception).
    """
    server = case.server
    if server is None or not server.busy:
        return None
    if (case.done or case.bad) and case.later is None:
        return case.ask("later")
    left_there = case.bad and server.status == "ERROR" and (server.idle or 0.0) >= REST
    if left_there or ((case.done or case.bad) and case.superseded):
        return None
    state = State.RUNNING if case.names or case.hidden else State.PENDING
    return case.found(state, f"the server is busy ({server.status}, {server.task_state})")


def _build_gave_up(case: Case) -> Optional[Verdict]:
    """A build that gave up ends its event with Success; only the server shows it (manager.py BuildAbortException)."""
    if case.action != "create" or case.bad or case.server is None or case.server.status != "ERROR":
        return None
    if case.superseded and case.server.launched is None:
        return case.found(State.UNKNOWN, "a later action has changed the server")
    return case.found(State.FAILED, case.server.fault or "the server is in status ERROR")


def _image_tells(case: Case) -> Optional[Verdict]:
    """The image service shows what became of an image; Nova does not (manager.py _snapshot_instance)."""
    if not case.row.makes_image or not (case.done or case.hidden) or case.server is None:
        return None
    if case.done and case.done.name.startswith("api_"):  # of a server on a volume: the image names no server
        return None
    return case.ask("image") if case.evidence.image is None else by_image(case, case.server)


def _deleted_under_it(case: Case) -> Optional[Verdict]:
    """Some events end with Success although the server was deleted (manager.py _do_rebuild_instance_with_claim)."""
    if not case.done or not case.row.ends_when_deleted or case.server is None or case.server.view != "gone":
        return None
    if case.later is None:
        return case.ask("later")
    deleted_at = case.later.deleted_at
    if deleted_at is None or not case.done.finished_at:
        return case.found(State.UNKNOWN, f"the server is gone, perhaps before {case.done.name} ended")
    if deleted_at <= case.done.finished_at:
        return case.found(State.FAILED, f"the server was deleted before {case.done.name} ended")
    if case.row.goes_on and not case.later.needed_rest:
        return case.found(State.UNKNOWN, "the server is gone, and the image cannot be read")
    return None


def _reached_its_end(case: Case) -> Optional[Verdict]:
    """The event that ends the action succeeded, and the server is at rest."""
    if not case.done or case.server is None:
        return None
    return case.found(State.SUCCEEDED, f"{case.done.name} succeeded")


def _event_failed(case: Case) -> Optional[Verdict]:
    """A name whose latest outcome is Error: no retry went well."""
    if not case.bad:
        return None
    step = case.bad[-1]
    if not step.error and case.server and case.server.fault and case.later is None:
        return case.ask("later")  # whether the fault is this action's
    because = step.error or case.fault_or("")
    return Verdict(State.FAILED, f"{step.name} failed: {because}" if because else f"{step.name} failed", step)


def _began_without_an_event(case: Case) -> Optional[Verdict]:
    """A create fails in the scheduler, and a delete is done by the API when the compute is down, without any event."""
    if case.hidden or case.names or case.server is None:
        return None
    if case.action == "delete" and (case.server.view == "gone" or case.server.status in case.row.becomes):
        return case.found(State.SUCCEEDED, "the server is gone")
    if case.action == "create" and case.server.view == "gone":
        return case.found(State.FAILED, "the server does not exist any more")
    return case.found(State.PENDING, "no event has begun")


def _stopped_short(case: Case) -> Optional[Verdict]:
    """No event failed and the server is at rest, but the event that ends this action never came."""
    if case.hidden or not case.last or case.server is None:
        return None
    last, server = case.last.name, case.server
    if case.action == "delete" and server.view == "gone":
        return case.found(State.SUCCEEDED, "the server is gone")
    if server.view != "read":
        return case.found(State.UNKNOWN, f"nothing came after {last}, and {_unseen(server)}")
    if case.later is None:
        return case.ask("later")
    if case.superseded:
        return _proven_later(case) or case.found(State.UNKNOWN, f"nothing came after {last}, and a later action began")
    odd = next((step for step in case.names if step.state == State.UNKNOWN), None)
    if server.status == "ERROR":
        return case.found(State.FAILED, server.fault or f"the server is in status ERROR after {last}")
    if odd:
        return case.found(State.UNKNOWN, f"{odd.name} ended in {odd.result}, a word that is not known")
    if case.row is UNKNOWN:
        return case.found(State.SUCCEEDED, f"all events of {case.action} succeeded and the server is at rest")
    if case.action == "live-migration":
        return case.found(State.FAILED, f"the server stayed where it was: nothing came after {last}")
    return _by_status(case, f"after {last}")


def _by_status(case: Case, when: str) -> Verdict:
    status = case.server.status if case.server else None
    if status in case.row.becomes:
        return case.found(State.SUCCEEDED, f"the server is {status} {when}".strip())
    if case.row.becomes and case.row.tracked:
        wanted = " or ".join(case.row.becomes)
        return case.found(State.FAILED, f"the server is {status}, not {wanted}, {when}".strip(" ,"))
    return case.found(State.UNKNOWN, f"the server's status does not tell what became of {case.action}")


def _proven_later(case: Case) -> Optional[Verdict]:
    """Only a resize or a migration that went well can be confirmed or reverted (nova/compute/api.py confirm_resize).

    A deletion in VERIFY_RESIZE waits for its confirmation (_confirm_resize_on_deleting, cast=False) and follows it.
    """
    if case.action == "confirmResize" and case.later and case.later.deleted_by_same:
        return case.found(State.SUCCEEDED, "the deletion of the same request came later and proves it")
    names = {name for name, _start in case.later.actions} if case.later else set()
    if case.action in ("resize", "migrate") and names & CONFIRMED_BY:
        return case.found(State.SUCCEEDED, f"{' and '.join(sorted(names & CONFIRMED_BY))} came later and proves it")
    return None


def _events_are_hidden(case: Case) -> Optional[Verdict]:
    """Below 2.51 Nova hides the events from members: the message and the server must decide."""
    server = case.server
    if not case.hidden or server is None:
        return None
    if case.action in NEVER_AN_EVENT or (case.action == "delete" and server.view == "gone"):
        return case.found(State.SUCCEEDED, f"{case.action} is finished")
    if case.later is None:
        return case.ask("later")
    proven = _proven_later(case)
    if proven or case.shows(*case.row.becomes):  # wins over the message: an Error stays there after a retry
        return proven or _by_status(case, "")
    if case.evidence.message and case.evidence.message.lower() == "error":
        return case.found(State.FAILED, case.fault_or(f"{case.action} ended in Error"))
    if server.view != "read":
        return case.found(State.UNKNOWN, _unseen(server))
    if case.superseded or case.row is UNKNOWN:
        why = "a later action has changed the server" if case.superseded else f"{case.action} is not known"
        return case.found(State.UNKNOWN, why)
    if server.status == "ERROR":
        return case.found(State.FAILED, server.fault or "the server is in status ERROR")
    if case.row.tracked and not case.row.becomes and server.status in AT_REST:
        return case.found(State.SUCCEEDED, "the server is at rest and no Error is recorded")
    return _by_status(case, "")


def _unseen(server: Server) -> str:
    return "the server does not exist any more" if server.view == "gone" else "the server could not be read"


# In this order; the first that applies decides.
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
    _stopped_short,
    _events_are_hidden,
)
