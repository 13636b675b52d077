# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Operations of Huawei ModelArts Lite Servers (ShowServerOperation), and of their hyperinstances.

Private to this collection.
"""

from __future__ import annotations

from typing import Any, Dict

from ..errors import MissingError, ProtocolError
from ..operation import Operation, State
from .base import Provider, Reference, error_or_none, text

STATES = {"pending": State.PENDING, "running": State.RUNNING, "success": State.SUCCEEDED, "failed": State.FAILED}
_NOT_FOUND = "ModelArts.6404"  # comes with HTTP 400


class ModelArtsProvider(Provider):
    """The API shows an operation of a server; it does not list them."""

    lists = False

    def show(self, reference: Reference) -> Operation:
        """Read an operation of a Lite Server, or of a hyperinstance with that option."""
        kind = ("hyperinstance",) if self.options.get("hyperinstance") else ()
        path = ("dev-servers",) + kind + (str(reference.resource_id), "operation", str(reference.operation_id))
        try:
            body = self.client.get(path)
        except ProtocolError as exc:
            if exc.code == _NOT_FOUND:
                raise MissingError(exc.message, exc.code, exc.request_id, exc.status, what="resource") from exc
            raise
        return self._operation(body, reference)

    def _operation(self, body: Dict[str, Any], reference: Reference) -> Operation:
        status = text(body, "operation_status")
        if status is None:
            raise ProtocolError("The API answered with JSON of another shape: operation_status is missing.")
        state = STATES.get(status.lower(), State.UNKNOWN)
        fault = body.get("operation_error") if isinstance(body.get("operation_error"), dict) else {}
        error = error_or_none(text(fault, "message"), text(fault, "code")) if fault else None
        reason = f"the API says {status}"
        if error:
            reason += ": " + " ".join(part for part in (error["code"], error["message"]) if part)
        return Operation(
            provider=self.facts.name,
            operation_id=text(body, "operation_id") or reference.operation_id,
            resource_id=reference.resource_id,
            resource_type="hyperinstance" if self.options.get("hyperinstance") else "lite_server",
            type=text(body, "operation_type"),
            state=state,
            reason=reason,
            raw_status=status,
            error=error,
            raw=body,
        )
