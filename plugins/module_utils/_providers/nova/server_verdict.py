# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Judge an action by the server if its events do not decide: one is still open or missing, or all are hidden. Pure.

Private to this collection.
"""

from __future__ import annotations

from typing import Optional

from ..._model.operation import State, Step
from .actions import AT_REST, CONFIRMED_BY, NEVER_AN_EVENT, UNKNOWN
from .evidence import Case, Server, Verdict
from .image_verdict import by_image


def stopped_in_the_middle(case: Case, step: Step, server: Server) -> Verdict:
    """Judge an event that a dead compute service left open; it cleans up when it starts (manager.py _init_instance)."""
    never = f"{step.name} never ended"
    if case.row.makes_image and case.evidence.image is None:
        return case.ask("image")
    found = by_image(case, server) if case.row.makes_image else None
    return found or _gone_or_built(case, step, server, never) or _at_rest(case, step, server, never)


def _gone_or_built(case: Case, step: Step, server: Server, never: str) -> Optional[Verdict]:
    if server.view == "gone" and case.action == "delete":
        return Verdict(State.SUCCEEDED, f"the server is gone, although {never}", step)
    if server.view == "gone":
        return Verdict(State.FAILED, f"the server was deleted before {step.name} ended", step)
    if case.action == "create" and server.launched:
        return Verdict(State.SUCCEEDED, f"the server was built, although {never}", step)
    return None


def _at_rest(case: Case, step: Step, server: Server, never: str) -> Verdict:
    if case.superseded:
        return Verdict(State.UNKNOWN, f"{never}, and a later action has changed the server", step)
    if server.status == "ERROR":
        return Verdict(State.FAILED, case.fault_or(f"{never}, and the server is in status ERROR"), step)
    if server.status in case.row.becomes:
        return Verdict(State.SUCCEEDED, f"the server is {server.status}, although {never}", step)
    if not case.row.tracked or case.row.makes_image:
        return Verdict(State.UNKNOWN, f"{never}, and the server does not show whether {case.action} continues", step)
    reason = f"the compute service stopped in the middle: {never}, and the server is idle in status {server.status}"
    return Verdict(State.FAILED, reason, step)


def stopped_short(case: Case) -> Optional[Verdict]:
    """Judge an action whose final event is missing, although no event failed and the server is idle."""
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
    return _last_of_all(case, last, server)


def _last_of_all(case: Case, last: str, server: Server) -> Verdict:
    """Judge an action without a final event and without later actions."""
    odd = next((step for step in case.names if step.state == State.UNKNOWN), None)
    if server.status == "ERROR":
        return case.found(State.FAILED, server.fault or f"the server is in status ERROR after {last}")
    if odd:
        return case.found(State.UNKNOWN, f"{odd.name} ended in {odd.result}, an unknown value")
    if case.row is UNKNOWN:
        return case.found(State.SUCCEEDED, f"all events of {case.action} succeeded and the server is idle")
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
    return case.found(State.UNKNOWN, f"the server's status does not show the result of {case.action}")


def _proven_later(case: Case) -> Optional[Verdict]:
    """Judge by later actions: only a successful resize can be confirmed or reverted (nova/compute/api.py
    confirm_resize), and a deletion in VERIFY_RESIZE waits for its confirmation (_confirm_resize_on_deleting,
    cast=False).
    """
    if case.action == "confirmResize" and case.later and case.later.deleted_by_same:
        return case.found(State.SUCCEEDED, "the deletion of the same request came later and proves it")
    names = {name for name, _start in case.later.actions} if case.later else set()
    if case.action in ("resize", "migrate") and names & CONFIRMED_BY:
        return case.found(State.SUCCEEDED, f"{' and '.join(sorted(names & CONFIRMED_BY))} came later and proves it")
    return None


def events_are_hidden(case: Case) -> Optional[Verdict]:
    """Judge by the message and the server if events are hidden: Nova below 2.51 hides them from members."""
    server = case.server
    if not case.hidden or server is None:
        return None
    if case.action in NEVER_AN_EVENT or (case.action == "delete" and server.view == "gone"):
        return case.found(State.SUCCEEDED, f"{case.action} is finished")
    if case.later is None:
        return case.ask("later")
    proven = _proven_later(case)
    if proven or case.shows(*case.row.becomes):  # overrides the message: an Error stays after a successful retry
        return proven or _by_status(case, "")
    if case.evidence.message and case.evidence.message.lower() == "error":
        return case.found(State.FAILED, case.fault_or(f"{case.action} ended in Error"))
    return _without_events(case, server)


def _without_events(case: Case, server: Server) -> Verdict:
    if server.view != "read":
        return case.found(State.UNKNOWN, _unseen(server))
    if case.superseded or case.row is UNKNOWN:
        why = "a later action has changed the server" if case.superseded else f"{case.action} is not known"
        return case.found(State.UNKNOWN, why)
    if server.status == "ERROR":
        return case.found(State.FAILED, server.fault or "the server is in status ERROR")
    if case.row.tracked and not case.row.becomes and server.status in AT_REST:
        return case.found(State.SUCCEEDED, "the server is idle and no Error is recorded")
    return _by_status(case, "")


def _unseen(server: Server) -> str:
    return "the server does not exist any more" if server.view == "gone" else "the server could not be read"
