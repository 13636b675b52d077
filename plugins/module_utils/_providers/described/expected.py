# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The verdict on a resource that must reach a status, for an API that the user describes. Pure.

Shortly after the request, a resource still has its old status, which can be the expected one, as for a reboot.
Private to this collection.
"""

from __future__ import annotations

import dataclasses

from ..._model.errors import MissingError
from ..._model.operation import Operation, State
from ..._model.reference import Reference
from ..base import error_or_none
from ..expecting import Verdict, check_existed
from .words import http_word

GONE = http_word(404)


def expected(found: Operation, reference: Reference, moved: bool, at_once: bool) -> Operation:
    """Return the change of a resource that the reference expects.

    found: the resource, read as an operation; succeeded stands for any status in which it is idle. moved: whether this
    wait has seen another status than the expected one. at_once: whether the API changes the status before it answers
    the request. Raises MissingError for a resource that is gone, unless a deletion is expected that was seen before.
    """
    if found.raw_status == GONE and found.state == State.SUCCEEDED:
        state, reason = _gone(reference, moved)
    else:
        state, reason = judge(found, reference, moved, at_once)
    return dataclasses.replace(
        found,
        operation_id=reference.operation_id,
        resource_id=reference.resource_id,
        type=reference.expect,
        state=state,
        reason=reason,
        error=(found.error or error_or_none(reason)) if state == State.FAILED else None,
        request_id=found.request_id or reference.operation_id,
    )


def _gone(reference: Reference, moved: bool) -> Verdict:
    if str(reference.expect).casefold() != GONE.casefold():
        raise MissingError(f"The API does not know {reference.resource_id} (404).", status=404, what="resource")
    if not moved:
        check_existed(reference, f"the API does not know {reference.resource_id} (404)")
    return Verdict(State.SUCCEEDED, "the resource is gone (404)")


def judge(found: Operation, reference: Reference, moved: bool, at_once: bool) -> Verdict:
    """Return the verdict on a resource that exists. The arguments are those of C(expected). Never raises.

    A later time of change proves no new status: the request itself, or a new name, may have set it.
    """
    said = found.reason
    old = found.updated_at and reference.since and found.updated_at <= reference.since
    if found.state == State.FAILED and old and not at_once:
        return Verdict(State.RUNNING, f"{said}, since before the change")
    if found.state != State.SUCCEEDED:
        return Verdict(found.state, said)
    if str(found.raw_status).casefold() != str(reference.expect).casefold():
        state = State.FAILED if at_once else State.RUNNING
        return Verdict(state, f"{said}, not {reference.expect}" if at_once else f"{said}, not yet {reference.expect}")
    if moved or at_once:
        return Verdict(State.SUCCEEDED, said)
    return Verdict(State.RUNNING, f"{said}, as it may have before: no other status was seen yet")
