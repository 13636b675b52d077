# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The verdict on a Nova instance action: (action, server) -> state and reason. Pure; no I/O.

Nova has no word for "finished": C(message) is only ever null or the sticky C(Error), an event ends in C(Success)
when its step handed the work on, and after a reschedule the newer event row of a name stays open for ever.
So the events say how far the action came, and the server, read after them, says whether it rests.
Sources: nova/compute/{api,manager,instance_actions}.py, nova/conductor/manager.py, nova/objects/instance_action.py.
Private to this collection.
"""

from __future__ import annotations

from typing import Dict, List, NamedTuple, Optional, Tuple

from .operation import State, Step, timestamp


class Rule(NamedTuple):
    """What is known of one action.

    ends: events that end it, of any release. becomes: server statuses that only its success leads to, if there are any.
    tracked: Nova keeps C(task_state) set until it is over. background: its last event ends before the work does.
    """

    ends: Tuple[str, ...]
    becomes: Tuple[str, ...] = ()
    tracked: bool = True
    background: bool = False


def _rule(ends: str, becomes: str = "", **more: bool) -> Rule:
    return Rule(tuple(ends.split()), tuple(becomes.split()), **more)


# One row an action. To add one: its last event, the statuses it leads to, and what else is special.
RULES: Dict[str, Rule] = {
    "create": _rule("compute__do_build_and_run_instance compute_build_and_run_instance compute_run_instance", "ACTIVE"),
    "delete": _rule("compute_terminate_instance compute_soft_delete_instance", "SOFT_DELETED"),
    "restore": _rule("compute_restore_instance", "ACTIVE"),
    "start": _rule("compute_start_instance compute_power_update", "ACTIVE"),
    "stop": _rule("compute_stop_instance compute_power_update", "SHUTOFF"),
    "reboot": _rule("compute_reboot_instance"),
    "rebuild": _rule("compute_rebuild_instance"),
    "evacuate": _rule("compute_rebuild_instance"),
    "resize": _rule("compute_finish_resize compute_finish_snapshot_based_resize_at_dest", "VERIFY_RESIZE"),
    "migrate": _rule("compute_finish_resize compute_finish_snapshot_based_resize_at_dest", "VERIFY_RESIZE"),
    "confirmResize": _rule(
        "compute_confirm_resize conductor_confirm_snapshot_based_resize", "ACTIVE SHUTOFF", tracked=False
    ),
    "revertResize": _rule("compute_finish_revert_resize conductor_revert_snapshot_based_resize", "ACTIVE SHUTOFF"),
    "pause": _rule("compute_pause_instance", "PAUSED"),
    "unpause": _rule("compute_unpause_instance", "ACTIVE"),
    "suspend": _rule("compute_suspend_instance", "SUSPENDED"),
    "resume": _rule("compute_resume_instance", "ACTIVE"),
    "rescue": _rule("compute_rescue_instance", "RESCUE"),
    "unrescue": _rule("compute_unrescue_instance", "ACTIVE"),
    "shelve": _rule("compute_shelve_instance compute_shelve_offload_instance", "SHELVED SHELVED_OFFLOADED"),
    "shelveOffload": _rule("compute_shelve_offload_instance", "SHELVED_OFFLOADED"),
    "unshelve": _rule("compute_unshelve_instance compute_start_instance", "ACTIVE"),
    "live-migration": _rule("compute_post_live_migration_at_destination", tracked=False),
    "live_migration_cancel": _rule("compute_live_migration_abort", tracked=False),
    "live_migration_force_complete": _rule("compute_live_migration_force_complete", tracked=False),
    "changePassword": _rule("compute_set_admin_password"),
    "createImage": _rule("compute_snapshot_instance api_snapshot_instance", background=True),
    "createBackup": _rule("compute_backup_instance", background=True),
    "lock": _rule("api_lock", tracked=False),
    "unlock": _rule("api_unlock", tracked=False),
    "attach_volume": _rule("compute_attach_volume api_attach_volume", tracked=False),
    "detach_volume": _rule("compute_detach_volume api_detach_volume", tracked=False),
    "swap_volume": _rule("compute_swap_volume", tracked=False),
    "extend_volume": _rule("compute_extend_volume", tracked=False),
    "attach_interface": _rule("compute_attach_interface", tracked=False),
    "detach_interface": _rule("compute_detach_interface", tracked=False),
    "attach_share": _rule("compute_allow_share", tracked=False),
    "detach_share": _rule("compute_deny_share", tracked=False),
    "trigger_crash_dump": _rule("compute_trigger_crash_dump", tracked=False),
}
_UNKNOWN = Rule((), tracked=False)
NEVER_AN_EVENT = frozenset(("resetState", "refresh_volume_attachment"))  # the API does all the work before it answers
FAILURE_EVENTS = frozenset(("compute_rollback_live_migration_at_destination",))  # their Success is the action's failure


# What Nova makes of a task_state, which says more, but which a cloud may hide.
_WORKING = frozenset("BUILD REBOOT HARD_REBOOT REBUILD RESIZE REVERT_RESIZE MIGRATING PASSWORD".split())
_AT_REST = frozenset(
    "ACTIVE SHUTOFF PAUSED SUSPENDED RESCUE VERIFY_RESIZE SHELVED SHELVED_OFFLOADED SOFT_DELETED".split()
)


class Server(NamedTuple):
    """The server as read after the action.

    view: C(read), C(gone), C(unreadable), or C(superseded) when a later action has changed it since.
    """

    view: str = "read"
    status: Optional[str] = None
    task_state: Optional[str] = None
    fault: Optional[str] = None

    @property
    def busy(self) -> bool:
        """Nova is still at work on it: BUILD without a task_state is the pause between two attempts to build."""
        return self.view == "read" and (self.task_state is not None or self.status in _WORKING)


class Verdict(NamedTuple):
    """State and reason of an action. C(step): the event that decided. C(ask_server): the server can decide more."""

    state: str
    reason: str
    step: Optional[Step] = None
    ask_server: bool = False


def fold(steps: List[Step]) -> List[Step]:
    """One step a name with its latest outcome, in order of start.

    Nova finishes the oldest row of a name again and again, so a name is over when the latest finish of its rows
    is not before their latest start; else its newest row is what runs now.
    """
    by_name: Dict[str, List[Step]] = {}
    for step in steps:
        by_name.setdefault(step.name, []).append(step)
    last_words = []
    for rows in by_name.values():
        newest = max(rows, key=_started)
        over = [row for row in rows if row.finished_at]
        last = max(over, key=_finished) if over else newest
        last_words.append(last if over and _finished(last) >= _started(newest) else newest)
    return sorted(last_words, key=_started)


def _started(step: Step) -> float:
    return timestamp(step.started_at)


def _finished(step: Step) -> float:
    return timestamp(step.finished_at)


def verdict(
    action: str, steps: Optional[List[Step]], message: Optional[str] = None, server: Optional[Server] = None
) -> Verdict:
    """Say what became of an action.

    action: Nova's name of it. steps: its events in any order, None where the cloud does not show them.
    message: Nova's own, null or C(Error). server: None as long as it was not read; if the verdict has C(ask_server),
    read it (after the action) and ask again. Never raises.
    """
    rule = RULES.get(action, _UNKNOWN)
    names = fold(steps or [])
    done = next((step for step in reversed(names) if step.name in rule.ends and step.state == State.SUCCEEDED), None)
    over = _finished(done) if done else 0.0
    going_on = [step for step in names if step.state == State.RUNNING and (not done or _started(step) >= over)]
    if going_on:
        return Verdict(State.RUNNING, f"{going_on[-1].name} is running", going_on[-1])
    if steps == [] and action in NEVER_AN_EVENT:
        return Verdict(State.SUCCEEDED, f"{action} is over as soon as it is recorded")
    if steps == [] and action not in ("create", "delete"):
        return Verdict(State.PENDING, "no event has begun")
    last = done or (names[-1] if names else None)
    so_far = f"{last.name} is over" if last else "no event has begun" if steps == [] else "the cloud shows no events"
    waiting = State.PENDING if steps == [] else State.RUNNING
    if server is None:
        return Verdict(waiting, f"{so_far}, the server was not read", last, ask_server=True)
    if server.busy:
        return Verdict(waiting, f"{so_far}, the server is busy ({server.status}, {server.task_state})", last, True)
    server = _as_far_as_it_tells(server)
    bad = [step for step in names if step.state == State.FAILED or step.name in FAILURE_EVENTS]
    if done:
        found = _reached_the_end(action, done, server)
    elif bad:
        last, found = bad[-1], (State.FAILED, _failure(bad[-1], server))
    elif last:
        found = _stopped_short(action, rule, names, server)
    elif steps == []:
        found = _no_event_yet(action, rule, server)
    else:
        found = _without_events(action, rule, message, server)
    return Verdict(found[0], found[1], last, ask_server=True)


def _as_far_as_it_tells(server: Server) -> Server:
    """An answer without a status tells nothing."""
    return server._replace(view="unreadable") if server.view == "read" and not server.status else server


def _reached_the_end(action: str, done: Step, server: Server) -> Tuple[str, str]:
    if action == "create" and server.view == "gone":
        return State.FAILED, _unseen(server)
    if action == "create" and server.status == "ERROR":  # a build that gave up ends its event with Success
        return State.FAILED, server.fault or "the server is in status ERROR"
    if action == "create" and server.view == "superseded":
        return State.UNKNOWN, f"{done.name} succeeded, but {_unseen(server)}"
    return State.SUCCEEDED, f"{done.name} succeeded" + (f"; {_unseen(server)}" if server.view == "unreadable" else "")


def _stopped_short(action: str, rule: Rule, names: List[Step], server: Server) -> Tuple[str, str]:
    """No event is bad and the server rests, but the event that ends this action never came."""
    last, odd = names[-1], next((step for step in names if step.state == State.UNKNOWN), None)
    if action == "delete" and server.view == "gone":
        return State.SUCCEEDED, "the server is gone"
    if server.view != "read":
        return State.UNKNOWN, f"nothing came after {last.name}, and {_unseen(server)}"
    if server.status == "ERROR":
        return State.FAILED, server.fault or f"the server is in status ERROR after {last.name}"
    if odd:
        return State.UNKNOWN, f"{odd.name} ended in {odd.result}, a word that is not known"
    if rule is _UNKNOWN:
        return State.SUCCEEDED, f"all events of {action} succeeded and the server rests"
    if action == "live-migration":
        return State.FAILED, f"the server stayed where it was: nothing came after {last.name}"
    if server.status in rule.becomes:
        return State.SUCCEEDED, f"the server is {server.status} after {last.name}"
    if rule.becomes:
        return State.FAILED, f"the server is {server.status}, not {' or '.join(rule.becomes)}, after {last.name}"
    return State.UNKNOWN, f"{action} did not show its last event, and the server's status does not tell"


def _no_event_yet(action: str, rule: Rule, server: Server) -> Tuple[str, str]:
    """A create or a delete at rest without any event: the scheduler's failure, or work that the API did itself."""
    if action == "delete" and (server.view == "gone" or server.status in rule.becomes):
        return State.SUCCEEDED, "the server is gone"
    if action == "create" and server.status == "ERROR":
        return State.FAILED, server.fault or "the server is in status ERROR"
    return State.PENDING, "no event has begun"


def _without_events(action: str, rule: Rule, message: Optional[str], server: Server) -> Tuple[str, str]:
    """The cloud hides the events (Nova below 2.51 from a member), so the message and the server must do."""
    hidden = "; the cloud shows no events"
    if server.status in rule.becomes:  # wins over message: an Error stays there after a retry
        return State.SUCCEEDED, f"the server is {server.status}{hidden}"
    if message and message.lower() == "error":
        return State.FAILED, (server.fault or f"{action} ended in Error") + hidden
    if action in NEVER_AN_EVENT or (action == "delete" and server.view == "gone"):
        return State.SUCCEEDED, f"{action} is over{hidden}"
    if server.view != "read":
        return State.UNKNOWN, _unseen(server) + hidden
    if server.status == "ERROR" and rule is not _UNKNOWN:
        return State.FAILED, (server.fault or "the server is in status ERROR") + hidden
    if rule.tracked and rule.becomes:
        return State.FAILED, f"the server is {server.status}, not {' or '.join(rule.becomes)}{hidden}"
    if rule.tracked and server.status in _AT_REST:
        return State.SUCCEEDED, f"the server rests and no Error is recorded{hidden}"
    return State.UNKNOWN, f"the server does not tell about {action}{hidden}"


def _unseen(server: Server) -> str:
    why = {"gone": "does not exist any more", "superseded": "has been changed by a later action"}
    return f"the server {why.get(server.view, 'could not be read')}"


def _failure(step: Step, server: Server) -> str:
    because = step.error or server.fault
    return f"{step.name} failed: {because}" if because else f"{step.name} failed"
