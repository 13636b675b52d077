# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Operations of NTT ECL Virtual Network Appliances.

Private to this collection.
"""

from __future__ import annotations

from typing import Any, Dict, List, Sequence, Union

from ..errors import ForbiddenError, MissingError, ProtocolError
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
    batch = True
    filters = ("request_id", "request_type", "resource_type", "status", "tenant_id", "no_deleted", "latest")

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self._unlistable = False

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

    def look_at(self, references: Sequence[Reference]) -> List[Union[Operation, MissingError, None]]:
        """Look at each, with one request for all that the list shows."""
        if len(references) == 1 or self._unlistable:
            return super().look_at(references)
        try:
            listed = self.list(Query())
        except (ForbiddenError, ProtocolError) as exc:
            if exc.transient:
                raise
            self._unlistable = True  # not allowed, or too long to be read: one by one, then
            return super().look_at(references)
        found: List[Union[Operation, MissingError, None]] = []
        for reference in references:
            seen = next((each for each in listed if _is_meant(each, reference)), None)
            found += [seen] if seen or reference.latest else super().look_at([reference])
        return found

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


def _is_meant(operation: Operation, reference: Reference) -> bool:
    if not reference.latest:
        return operation.operation_id == reference.operation_id
    query = Query(action=reference.action, changes_since=reference.since)
    return operation.resource_id == reference.resource_id and _matches(operation, query)


def _matches(operation: Operation, query: Query) -> bool:
    if query.action and (operation.type or "").lower() != query.action.lower():
        return False
    return query.covers(operation.finished_at or operation.started_at)
