# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Changes of volumes, snapshots, backups and groups of OpenStack Cinder.

Private to this collection.
"""

from __future__ import annotations

from typing import Any, Dict, Optional, Tuple

from ..._model.errors import GateError, MissingError, ProtocolError
from ..._model.operation import Operation, State
from ..._model.reference import Reference
from ..base import Capabilities, same_as_asked, section, word_in
from ..expecting import ExpectingProvider, Verdict
from ..paths import text
from .verdict import DELETED, EXPECTS, verdict

_VERSION = "OpenStack-API-Version"
# Each kind of resource, with the first version that has it if it is not the oldest one.
_KINDS: Dict[str, Dict[str, str]] = {
    "volume": {},
    "snapshot": {},
    "backup": {},
    "group": {_VERSION: "volume 3.13"},
    "group_snapshot": {_VERSION: "volume 3.14"},
}
_MESSAGES = {_VERSION: "volume 3.5"}  # the first version that filters the list of messages
_NO_VERSION = 406


class CinderProvider(ExpectingProvider):
    """Reads resources. The optional operation ID is the ID of the request, for the message of a failure."""

    capabilities = Capabilities(lists=False, expects=EXPECTS, only_expects=True)

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self._kinds: Dict[str, str] = {}  # of resources that were read

    def judged(self, reference: Reference) -> Operation:
        """Read the resource."""
        resource_id, expect = str(reference.resource_id), str(reference.expect)
        try:
            kind, body = self._resource(resource_id)
        except MissingError:
            if expect != DELETED:
                raise
            kind = self._kinds.get(resource_id, "volume")
            return self.change(reference, kind, Verdict(State.SUCCEEDED, f"the {kind} does not exist"), {})
        found = verdict(expect, body)
        if found.state == State.FAILED:
            said = self._message(reference) or text(body, "fail_reason")  # of a backup
            found = found._replace(reason=f"{found.reason}: {said}" if said else found.reason)
        return self.change(reference, kind, found, body, raw_status=text(body, "status"))

    def _resource(self, resource_id: str) -> Tuple[str, Dict[str, Any]]:
        """Read a resource whose kind is unknown at first. Raises MissingError."""
        known = self._kinds.get(resource_id)
        for kind in [known] if known else _KINDS:
            body = self._of_kind(kind, resource_id)
            if body is not None:
                self._kinds[resource_id] = kind
                return kind, body
        raise MissingError(
            f"There is no volume, snapshot, backup or group {resource_id} in this project.", what="resource"
        )

    def _of_kind(self, kind: str, resource_id: str) -> Optional[Dict[str, Any]]:
        """Read a resource of one kind; None if there is none. Raises the client's errors."""
        try:
            body: Dict[str, Any] = section(self.client.get((f"{kind}s", resource_id), (), _KINDS[kind]), kind, dict)
        except MissingError:
            return None
        except ProtocolError as exc:
            if exc.status == _NO_VERSION and _KINDS[kind]:
                return None  # a Cinder without such resources
            raise
        same_as_asked(kind, resource_id, word_in(body, "id"))
        word_in(body, "status")
        return body

    def _message(self, reference: Reference) -> str:
        """Return the message of a failure; "" if there is none. Raises transient errors.

        Without the ID of the request, it is the last message of the resource, which may be about an earlier request.
        """
        try:
            wanted = (("resource_uuid", str(reference.resource_id)),)
            rows = section(self.client.get(("messages",), wanted, _MESSAGES), "messages", list)
        except GateError as exc:
            if exc.transient:
                raise
            return ""
        own = [row for row in rows if text(row, "resource_uuid") in (None, reference.resource_id)]
        if reference.operation_id:
            own = [row for row in own if text(row, "request_id") == reference.operation_id]
        newest = max(own, key=lambda row: text(row, "created_at") or "", default=None)
        said: Optional[str] = text(newest, "user_message") if newest else None
        return (said or "") if reference.operation_id or not said else f"the last message is: {said}"
