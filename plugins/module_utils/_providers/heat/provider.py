# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Actions of stacks of OpenStack Heat, with the convergence engine and with the legacy one.

Private to this collection.
"""

from __future__ import annotations

import dataclasses
from typing import Any, Dict, List, Optional

from ..._model.errors import InputError, MissingError
from ..._model.operation import Operation, State
from ..._model.reference import Found, Query, Reference
from ..._model.times import parse_time
from ..base import Capabilities, Provider, ProviderInfo, check_id, error_or_none
from .api import HeatApi, Row
from .events import CREATE, IN_PROGRESS, ROLLBACK, StackAction, actions_of, steps_of
from .verdict import Stack, Verdict, not_begun, nothing_to_do, verdict

_STATUS_ID = "status-"  # with the action: the operation ID of an action whose events Heat has removed

_ACTIONS = ("adopt", "check", "create", "delete", "restore", "resume", "snapshot", "suspend", "update")


class HeatProvider(Provider):
    """Reads the actions of stacks. The ID of an action is the ID of the event that began it."""

    capabilities = Capabilities(named_actions=_ACTIONS)

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self._api = HeatApi(self.client)
        # Of actions, by stack and operation ID, because the events of a deleted stack are gone.
        self._types: Dict[str, str] = {}
        self._failures: Dict[str, str] = {}

    @staticmethod
    def check_operation_id(info: ProviderInfo, value: str) -> None:
        """Refuse the ID of a request, which Heat does not record. Raises InputError."""
        if check_id("operation_id", value).startswith("req-"):
            raise InputError(
                f"operation_id of provider {info.name} is the ID of an event: Heat does not record the ID of a "
                "request. Give resource_id and latest, with since or after."
            )

    def show(self, reference: Reference) -> Operation:
        """Read the action of an event, and its stack."""
        stack_id, operation_id = str(reference.resource_id), str(reference.operation_id)
        events, stack, row = self._api.read(stack_id)
        actions = actions_of(events)
        found = next((each for each in actions if each.operation_id == operation_id), None)
        if found is None:
            kind = self._types.get(_key(stack_id, operation_id)) or reference.action or _type_in(operation_id)
            if kind is None:
                raise MissingError(f"The stack {stack_id} has no event {operation_id} (any more).")
            found = _without_start(operation_id, kind.upper(), actions)
            actions = [found, *(actions[1:] if found.events else actions)]
        return self._judged(stack_id, found, stack, row, found is actions[-1])

    def read(self, reference: Reference) -> Optional[Operation]:
        """Read the action of the reference. If Heat did not record it, the stack may decide."""
        found = super().read(reference)
        return self._without_event(reference) if found is None and reference.latest else found

    def poll(self, reference: Reference) -> Found:
        """Poll an action, or resolve a mark to references."""
        found = super().poll(reference)
        return self._without_event(reference) if found is None and reference.known is not None else found

    def list(self, query: Query) -> List[Operation]:
        """List the actions of a stack, newest first."""
        stack_id = str(query.resource_id)
        events, stack, row = self._api.read(stack_id)
        actions = actions_of(events) or [_by_status(stack)]
        since = query.changes_since and query.changes_since.replace(microsecond=0)  # events have whole seconds
        found = [
            self._judged(stack_id, each, stack, row, each is actions[-1])
            for each in reversed(actions)
            if not query.action or each.action == query.action.upper()
        ]
        bounds = dataclasses.replace(query, changes_since=since)
        return [each for each in found if bounds.covers(each.updated_at)][: query.limit]

    @staticmethod
    def exports_state(operation: Operation) -> bool:
        """Return True: the type of an action must be known when its events are gone."""
        return operation.operation_id is not None and operation.type is not None

    def import_state(self, reference: Reference, operation: Operation) -> None:
        """Remember the type of an action, and why it is rolled back."""
        key = _key(operation.resource_id, operation.operation_id)
        if self.exports_state(operation):
            self._types[key] = str(operation.type)
        if operation.warning:
            self._failures[key] = operation.warning

    def _without_event(self, reference: Reference) -> Optional[Operation]:
        """Judge a request without an event by the stack; None if the stack does not decide."""
        stack_id, wanted = str(reference.resource_id), (reference.action or "").upper() or None
        _events, stack, row = self._api.read(stack_id)
        found = nothing_to_do(wanted, stack) or not_begun(wanted, stack)
        return self._operation(stack_id, StackAction(None, str(wanted), []), found, stack, row) if found else None

    def _judged(self, stack_id: str, action: StackAction, stack: Stack, row: Row, latest: bool) -> Operation:
        found = verdict(action, stack, latest)
        because = self._why(stack_id, action) if found.failing else ""
        if because:
            found = found._replace(reason=f"{found.reason}: {because}")
        operation = self._operation(stack_id, action, found, stack, row)
        operation.warning = because if because and found.state == State.RUNNING else None
        self.import_state(Reference(action.operation_id, stack_id), operation)
        return operation

    def _why(self, stack_id: str, action: StackAction) -> str:
        """Return why an action failed. The legacy engine tells it only in the events of resources."""
        key = _key(stack_id, action.operation_id)
        if not self._failures.get(key):
            own = action.failure.reason if action.failure else None
            self._failures[key] = own or self._api.why_failed(stack_id)
        return self._failures[key]

    def _operation(self, stack_id: str, action: StackAction, found: Verdict, stack: Stack, row: Row) -> Operation:
        end = action.end if found.state in State.TERMINAL else None
        started = action.events[0].time if action.events else None
        return Operation(
            provider=self.info.name,
            operation_id=action.operation_id,
            resource_id=stack_id,
            resource_type="stack",
            type=action.action.lower(),
            state=found.state,
            reason=found.reason,
            raw_status=None if stack.gone else stack.shown,
            error=error_or_none(found.reason) if found.state == State.FAILED else None,
            started_at=started,
            updated_at=action.events[-1].time if action.events else parse_time(row.get("updated_time")),
            finished_at=end.time if end else None,
            project_id=row.get("project") if isinstance(row.get("project"), str) else None,
            steps=steps_of(action),
            raw={"stack": row},
        )


def _key(stack_id: Optional[str], operation_id: Optional[str]) -> str:
    return f"{stack_id}/{operation_id}"


def _by_status(stack: Stack) -> StackAction:
    """Return the action of a stack without events: Heat removes those of a deleted stack and of a failed creation."""
    action = CREATE if stack.action == ROLLBACK else stack.action
    return StackAction(_STATUS_ID + action.lower(), action, [])


def _type_in(operation_id: str) -> Optional[str]:
    return operation_id[len(_STATUS_ID) :] if operation_id.startswith(_STATUS_ID) else None


def _without_start(operation_id: str, kind: str, actions: List[StackAction]) -> StackAction:
    """Return the action whose first events Heat has removed: the oldest one left, if only its end is left.

    Heat keeps a limited number of events, 1000 by default (max_events_per_stack).
    """
    oldest = actions[0] if actions else None
    if oldest and oldest.action == kind and oldest.events[0].status != IN_PROGRESS:
        return dataclasses.replace(oldest, operation_id=operation_id)
    return StackAction(operation_id, kind, [])
