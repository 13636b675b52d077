# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Operations of NTT ECL Virtual Network Appliances.

Private to this collection.
"""

from __future__ import annotations

from typing import Any, Dict, List

from ..operation import Operation, State, parse_time, timestamp
from .base import Provider, Query, Reference, error_or_none, section, text

# status -> state, and what a person should know. The API writes it in capitals or in title case.
STATES = {
    "PROCESSING": (State.RUNNING, ""),
    "COMPLETE": (State.SUCCEEDED, ""),
    "ERROR": (State.FAILED, "the request may be sent again"),
    "STUCK": (
        State.FAILED,
        "it stopped midway and needs the provider's support; the resource refuses further requests",
    ),
}


class EclVnaProvider(Provider):
    """An operation is found by its id alone; the list takes the API's own filters."""

    needs_resource = False
    filters = ("request_id", "request_type", "resource_type", "status", "tenant_id", "no_deleted", "latest")

    def show(self, reference: Reference) -> Operation:
        """Read one operation."""
        body = self.client.get(("operations", str(reference.operation_id)))
        return self._operation(section(body, "operation", dict))

    def list(self, query: Query) -> List[Operation]:
        """List operations, newest first. The API does not page."""
        parameters = dict(query.filters)
        if query.resource_id:
            parameters["resource_id"] = query.resource_id
        found = section(self.client.get(("operations",), tuple(parameters.items())), "operations", list)
        operations = [self._operation(item) for item in found]
        operations.sort(key=lambda each: timestamp(each.started_at), reverse=True)
        return [each for each in operations if _matches(each, query)][: query.limit]

    def _operation(self, body: Dict[str, Any]) -> Operation:
        status = text(body, "status")
        state, advice = STATES.get((status or "").upper(), (State.UNKNOWN, ""))
        error = text(body, "error")
        parts = [part for part in (error, advice) if part]
        return Operation(
            provider=self.facts.name,
            operation_id=text(body, "id"),
            resource_id=text(body, "resource_id"),
            resource_type=text(body, "resource_type"),
            type=text(body, "request_type"),
            state=state,
            reason=f"the API says {status}" + (": " + "; ".join(parts) if parts else ""),
            raw_status=status,
            error=error_or_none(error),
            warning=text(body, "warning"),
            started_at=parse_time(body.get("reception_datetime")),
            finished_at=parse_time(body.get("commit_datetime")),
            project_id=text(body, "tenant_id"),
            request_id=text(body, "request_id"),
            raw={"operation": body},
        )


def _matches(operation: Operation, query: Query) -> bool:
    if query.action and (operation.type or "").lower() != query.action.lower():
        return False
    return query.covers(operation.finished_at or operation.started_at)
