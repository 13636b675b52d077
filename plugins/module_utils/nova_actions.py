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

from typing import Any, Dict, List, NamedTuple, Optional, Tuple

from .operation import State, Step


class Rule(NamedTuple):
    """What is known of one action.

    ends: events that end it, of any release. becomes: server statuses after success.
    tells: the status alone tells success from failure. tracked: Nova keeps C(task_state) set until it is over.
    background: the event ends before the work does, so only the server shows the end.
    """

    ends: Tuple[str, ...]
    becomes: Tuple[str, ...] = ()
    tells: bool = False
    tracked: bool = True
    background: bool = False


def _verb(verb: str, *becomes: str, **more: Any) -> Rule:
    return Rule((f"compute_{verb}_instance",), becomes, tells=bool(becomes), **more)


_RESIZE = Rule(
    ("compute_finish_resize", "compute_finish_snapshot_based_resize_at_dest"), ("VERIFY_RESIZE",), tells=True
)
_REBUILD = Rule(("compute_rebuild_instance",), ("ACTIVE", "SHUTOFF"))

# One row an action. To add one: its last event, the status it leads to, and how far the status can be trusted.
RULES: Dict[str, Rule] = {
    "create": Rule(
        ("compute__do_build_and_run_instance", "compute_build_and_run_instance", "compute_run_instance"),
        ("ACTIVE",),
        tells=True,
    ),
    "delete": Rule(
        ("compute_terminate_instance", "compute_soft_delete_instance"), ("DELETED", "SOFT_DELETED"), tells=True
    ),
    "restore": _verb("restore", "ACTIVE"),
    "start": Rule(("compute_start_instance", "compute_power_update"), ("ACTIVE",), tells=True),
    "stop": Rule(("compute_stop_instance", "compute_power_update"), ("SHUTOFF",), tells=True),
    "reboot": _verb("reboot"),
    "rebuild": _REBUILD,
    "evacuate": _REBUILD,
    "resize": _RESIZE,
    "migrate": _RESIZE,
    "confirmResize": Rule(
        ("compute_confirm_resize", "conductor_confirm_snapshot_based_resize"),
        ("ACTIVE", "SHUTOFF"),
        tells=True,
        tracked=False,
    ),
    "revertResize": Rule(
        ("compute_finish_revert_resize", "conductor_revert_snapshot_based_resize"), ("ACTIVE", "SHUTOFF"), tells=True
    ),
    "pause": _verb("pause", "PAUSED"),
    "unpause": _verb("unpause", "ACTIVE"),
    "suspend": _verb("suspend", "SUSPENDED"),
    "resume": _verb("resume", "ACTIVE"),
    "rescue": _verb("rescue", "RESCUE"),
    "unrescue": _verb("unrescue", "ACTIVE"),
    "shelve": Rule(
        ("compute_shelve_instance", "compute_shelve_offload_instance"), ("SHELVED", "SHELVED_OFFLOADED"), tells=True
    ),
    "shelveOffload": _verb("shelve_offload", "SHELVED_OFFLOADED"),
    "unshelve": Rule(("compute_unshelve_instance", "compute_start_instance"), ("ACTIVE",), tells=True),
    "live-migration": Rule(("compute_post_live_migration_at_destination",), tracked=False),
    "live_migration_cancel": Rule(("compute_live_migration_abort",), tracked=False),
    "live_migration_force_complete": Rule(("compute_live_migration_force_complete",), tracked=False),
    "changePassword": Rule(("compute_set_admin_password",)),
    "createImage": Rule(("compute_snapshot_instance", "api_snapshot_instance"), background=True),
    "createBackup": Rule(("compute_backup_instance",), background=True),
    "lock": Rule(("api_lock",), tracked=False),
    "unlock": Rule(("api_unlock",), tracked=False),
    "attach_volume": Rule(("compute_attach_volume", "api_attach_volume"), tracked=False),
    "detach_volume": Rule(("compute_detach_volume", "api_detach_volume"), tracked=False),
    "swap_volume": Rule(("compute_swap_volume",), tracked=False),
    "extend_volume": Rule(("compute_extend_volume",), tracked=False),
    "attach_interface": Rule(("compute_attach_interface",), tracked=False),
    "detach_interface": Rule(("compute_detach_interface",), tracked=False),
    "attach_share": Rule(("compute_allow_share",), tracked=False),
    "detach_share": Rule(("compute_deny_share",), tracked=False),
    "trigger_crash_dump": Rule(("compute_trigger_crash_dump",), tracked=False),
}
NEVER_AN_EVENT = frozenset(("resetState", "refresh_volume_attachment"))  # the API does all the work before it answers
_HIDDEN = "; the cloud shows no events"
FAILURE_EVENTS = frozenset(("compute_rollback_live_migration_at_destination",))  # their Success is the action's failure


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
        return self.view == "read" and (self.task_state is not None or self.status == "BUILD")


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
    return step.started_at.timestamp() if step.started_at else 0.0


def _finished(step: Step) -> float:
    return step.finished_at.timestamp() if step.finished_at else 0.0


def verdict(
    action: str, steps: Optional[List[Step]], message: Optional[str] = None, server: Optional[Server] = None
) -> Verdict:
    """Say what became of an action.

    action: Nova's name of it. steps: its events in any order, None where the cloud does not show them.
    message: Nova's own, null or C(Error). server: None as long as it was not read; if the verdict has C(ask_server),
    read it (after the action) and ask again. Never raises.
    """
    rule = RULES.get(action)
    if steps is None:
        return _without_events(action, rule, message, server)
    names = fold(steps)
    ends = [step for step in names if rule and step.name in rule.ends]
    done = next((step for step in reversed(ends) if step.state == State.SUCCEEDED), None)
    going_on = [
        step for step in names if step.state == State.RUNNING and (not done or _started(step) >= _finished(done))
    ]
    if going_on:
        return Verdict(State.RUNNING, f"{going_on[-1].name} is running", going_on[-1])
    if not names:
        return _no_event_yet(action, server)
    if server is None:
        return Verdict(State.RUNNING, f"{names[-1].name} is over, the server was not read", names[-1], ask_server=True)
    if server.busy:
        return Verdict(
            State.RUNNING, f"{names[-1].name} is over, the server is busy ({_busy(server)})", names[-1], True
        )
    if done:
        return _reached_the_end(action, done, server)
    bad = [step for step in names if step.state == State.FAILED or step.name in FAILURE_EVENTS]
    if bad:
        return Verdict(State.FAILED, _failure(bad[-1], server), bad[-1], True)
    return _stopped_short(action, rule, names[-1], server)


def _reached_the_end(action: str, done: Step, server: Server) -> Verdict:
    if action == "create" and server.view == "gone":
        return Verdict(State.FAILED, "the server does not exist any more", done, True)
    if action == "create" and server.status == "ERROR":  # a build that gave up ends its event with Success
        return Verdict(State.FAILED, server.fault or "the server is in status ERROR", done, True)
    if action == "create" and server.view == "superseded":
        return Verdict(State.UNKNOWN, f"{done.name} succeeded, but the server {_unseen(server)}", done, True)
    unseen = "; the server could not be read" if server.view == "unreadable" else ""
    return Verdict(State.SUCCEEDED, f"{done.name} succeeded{unseen}", done, True)


def _stopped_short(action: str, rule: Optional[Rule], last: Step, server: Server) -> Verdict:
    """All events are good and the server rests, but the event that ends this action never came."""
    if server.view != "read":
        if action == "delete" and server.view == "gone":
            return Verdict(State.SUCCEEDED, "the server is gone", last, True)
        return Verdict(State.UNKNOWN, f"nothing came after {last.name}, and the server {_unseen(server)}", last, True)
    if server.status == "ERROR":
        return Verdict(State.FAILED, server.fault or f"the server is in status ERROR after {last.name}", last, True)
    if rule is None:
        return Verdict(State.SUCCEEDED, f"all events of {action} succeeded and the server rests", last, True)
    if action == "live-migration":
        return Verdict(State.FAILED, f"the server stayed where it was: nothing came after {last.name}", last, True)
    if rule.tells and server.status in rule.becomes:
        return Verdict(State.SUCCEEDED, f"the server is {server.status} after {last.name}", last, True)
    if rule.tells:
        hoped = " or ".join(rule.becomes)
        return Verdict(State.FAILED, f"the server is {server.status}, not {hoped}, after {last.name}", last, True)
    return Verdict(
        State.UNKNOWN, f"{action} did not show its last event, and the server's status does not tell", last, True
    )


def _no_event_yet(action: str, server: Optional[Server]) -> Verdict:
    if action in NEVER_AN_EVENT:
        return Verdict(State.SUCCEEDED, f"{action} is over as soon as it is recorded")
    decides = action in ("create", "delete")
    if server is None or not decides:
        return Verdict(State.PENDING, "no event has begun", ask_server=decides)
    if server.busy:
        return Verdict(State.PENDING, f"no event has begun, the server is {_busy(server)}", ask_server=True)
    if action == "delete" and (server.view == "gone" or server.status in RULES["delete"].becomes):
        return Verdict(State.SUCCEEDED, "the server is gone", ask_server=True)
    if action == "create" and server.status == "ERROR":
        return Verdict(State.FAILED, server.fault or "the server is in status ERROR", ask_server=True)
    return Verdict(State.PENDING, "no event has begun", ask_server=True)


def _without_events(action: str, rule: Optional[Rule], message: Optional[str], server: Optional[Server]) -> Verdict:
    """The cloud hides the events (Nova below 2.51 from a member), so the message and the server must do."""
    if server is None:
        return Verdict(State.RUNNING, "the cloud shows no events, the server was not read", ask_server=True)
    if server.busy:
        return Verdict(State.RUNNING, f"the server is busy ({_busy(server)}){_HIDDEN}", ask_server=True)
    state, reason = _rests_without_events(action, rule, message, server)
    return Verdict(state, reason + _HIDDEN, ask_server=True)


def _rests_without_events(action: str, rule: Optional[Rule], message: Optional[str], server: Server) -> Tuple[str, str]:
    if rule and rule.tells and server.status in rule.becomes:  # wins over message: an Error stays there after a retry
        return State.SUCCEEDED, f"the server is {server.status}"
    if message and message.lower() == "error":
        return State.FAILED, server.fault or f"{action} ended in Error"
    if action in NEVER_AN_EVENT or (action == "delete" and server.view == "gone"):
        return State.SUCCEEDED, f"{action} is over"
    if server.view != "read":
        return State.UNKNOWN, f"the server {_unseen(server)}"
    if rule and server.status == "ERROR":
        return State.FAILED, server.fault or "the server is in status ERROR"
    if rule and rule.tracked and rule.tells:
        return State.FAILED, f"the server is {server.status}, not {' or '.join(rule.becomes)}"
    if rule and rule.tracked:
        return State.SUCCEEDED, "the server rests and no Error is recorded"
    return State.UNKNOWN, f"the server does not tell about {action}"


def _busy(server: Server) -> str:
    return ", ".join(part for part in (server.status, server.task_state) if part) or server.view


def _unseen(server: Server) -> str:
    return {"gone": "does not exist any more", "superseded": "has been changed by a later action"}.get(
        server.view, "could not be read"
    )


def _failure(step: Step, server: Server) -> str:
    because = step.error or server.fault
    return f"{step.name} failed: {because}" if because else f"{step.name} failed"
