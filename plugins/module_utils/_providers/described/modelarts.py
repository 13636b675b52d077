# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Huawei ModelArts: operations of Lite Servers and hyperinstances, and waits for the status of a server.

Start, stop, reboot and a change of the operating system have no operation ID, so the server is polled.
Private to this collection.
"""

from __future__ import annotations

import dataclasses
from datetime import datetime
from typing import Any, Mapping, Optional, Tuple

from ..._model.errors import ProtocolError
from ..._model.operation import Operation, State
from ..._model.reference import Reference
from ..._model.times import any_time, timestamp
from ..base import error_or_none, same_as_asked
from ..paths import text
from .description import Description, words
from .provider import DescribedProvider

RUNNING, STOPPED, ACTIVE = "RUNNING", "STOPPED", "ACTIVE"
LITE_SERVER = Description(
    show_path="dev-servers/{resource_id}/operation/{operation_id}",
    missing_codes=("ModelArts.6404",),  # with HTTP 400
    missing="resource",
    operation_id="operation_id",
    resource_type="'lite_server'",
    type="operation_type",
    state="operation_status",
    states=words(pending={"pending": ""}, running={"running": ""}, succeeded={"success": ""}, failed={"failed": ""}),
    error_message="operation_error.message",
    error_code="operation_error.code",
    expects=(RUNNING, STOPPED),
)
HYPERINSTANCE = dataclasses.replace(
    LITE_SERVER,
    show_path="dev-servers/hyperinstance/{resource_id}/operation/{operation_id}",
    resource_type="'hyperinstance'",
    expects=(RUNNING, STOPPED, ACTIVE),
)

_BUSY = (
    *("CREATING", "STARTING", "STOPPING", "REBOOTING", "CHANGINGOS", "REINSTALLINGOS", "DELETING"),
    *("PROVISIONING", "REIMAGING", "TERMINATING"),  # of a hyperinstance
)
_RESTING = (RUNNING, STOPPED, ACTIVE)
_GONE = ("DELETED", "TERMINATED")
_NO_STATUS = "without a status"


class LiteServerProvider(DescribedProvider):
    """Reads operations by ID, and the status of a server for changes without an operation ID."""

    def read(self, reference: Reference) -> Optional[Operation]:
        """Read the operation, or the server that must reach a status."""
        if not reference.expect:
            return super().read(reference)
        what, folder = ("hyperinstance", ("hyperinstance",)) if self.options.get("hyperinstance") else ("server", ())
        body = self._get((("dev-servers", *folder, str(reference.resource_id)), ()))
        if text(body, "status") is None:
            raise self._reader.no_state(body)
        if text(body, "id") is None:
            raise ProtocolError(
                f"The API's answer for {what} {reference.resource_id} has no id: it may be about another {what}."
            )
        same_as_asked(what, reference.resource_id, text(body, "id"))
        status, updated = status_of(body, str(reference.expect))
        state, reason = judge(status, updated, reference, self.saw(reference, status), what)
        return Operation(
            provider=self.info.name,
            operation_id=None,
            resource_id=reference.resource_id,
            resource_type="hyperinstance" if folder else "lite_server",
            state=state,
            reason=reason,
            raw_status=status,
            error=error_or_none(reason) if state == State.FAILED else None,
            updated_at=updated,
            raw=body,
        )

    @staticmethod
    def exports_state(operation: Operation) -> bool:
        """Return True for a wait for a server's status."""
        return operation.operation_id is None and operation.raw_status is not None


def status_of(body: Mapping[str, Any], expect: str) -> Tuple[str, Optional[datetime]]:
    """Return the status of a server or a hyperinstance, and the time of its last change.

    A hyperinstance is C(ACTIVE) while its servers start and stop. Its status is then that of its servers: C(expect) if
    all have it, else the one of a server that failed, or of another one without it.
    """
    own = str(text(body, "status"))
    listed = body.get("servers")
    servers = [each for each in listed if isinstance(each, dict)] if isinstance(listed, list) else []
    if own.upper() != ACTIVE or expect == ACTIVE or not servers:
        return own, any_time(body.get("update_at"))
    found = [(text(each, "status") or _NO_STATUS, any_time(each.get("update_at"))) for each in servers]
    others = [each for each in found if each[0].upper() != expect]
    failed = [each for each in others if _is_failure(each[0].upper())]
    if others:
        return max(failed or others, key=lambda each: timestamp(each[1]))
    times = [updated for _status, updated in found]
    return expect, min(filter(None, times)) if all(times) else None


def _is_failure(word: str) -> bool:
    return word.endswith("_FAILED") or word == "ERROR" or word in _GONE


def judge(
    status: str, updated: Optional[datetime], reference: Reference, moved: bool, what: str = "server"
) -> Tuple[str, str]:
    """Return state and reason of an expected change of a server's or hyperinstance's status.

    updated: time of the last change. moved: whether an earlier poll of this wait saw another status. Shortly after the
    request, the server still has its old status. RUNNING is the status before and after a reboot and a change of the
    operating system, so it counts only if it is newer than C(since), or after another status.
    """
    said, word = f"the {what} is {status}", status.upper()
    old = bool(reference.since and updated and updated <= reference.since)
    if _is_failure(word):
        return (State.RUNNING, f"{said}, since before the change") if old else (State.FAILED, said)
    if word in _BUSY:
        return State.RUNNING, said
    if word not in _RESTING:
        return State.UNKNOWN, said
    if word != reference.expect:
        return State.RUNNING, f"{said}, not yet {reference.expect}"
    newer = bool(reference.since and updated and updated > reference.since)
    if newer or moved or (word == STOPPED and not old):
        return State.SUCCEEDED, said
    return State.RUNNING, f"{said}, as it may have been before: no other status was seen yet"
