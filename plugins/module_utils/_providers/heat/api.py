# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Requests to Heat.

Private to this collection.
"""

from __future__ import annotations

from typing import Any, Dict, List, Tuple

from ..._http.client import ApiClient
from ..._model.errors import GateError, MissingError
from ..base import same_as_asked, section, word_in
from ..paths import text
from .events import StackEvent, events_of, split_status
from .verdict import Stack

_FAILED = ("resource_status", "FAILED")
_DELETED = ("show_deleted", "true")

Row = Dict[str, Any]
Parameters = Tuple[Tuple[str, str], ...]


class HeatApi:
    """Requests to one orchestration endpoint."""

    def __init__(self, client: ApiClient) -> None:
        self._client = client
        self._names: Dict[str, str] = {}  # of stacks, which Heat requires in a path

    def read(self, stack_id: str) -> Tuple[List[StackEvent], Stack, Row]:
        """Read the events of a stack, oldest first, and then the stack. Raises MissingError for a stack never seen."""
        known = stack_id in self._names
        try:
            name = self._name(stack_id)
            rows = self._events(name, stack_id, (("resource_name", name),))
            stack = section(self._client.get(("stacks", name, stack_id)), "stack", dict)
        except MissingError:
            if not known:
                raise
            return [], Stack(gone=True), {}
        same_as_asked("stack", stack_id, text(stack, "id"))
        return events_of(rows, stack_id), _stack_of(stack), stack

    def why_failed(self, stack_id: str) -> str:
        """Return what the failed resources say; "" if the events are gone. Raises transient errors."""
        try:
            name = self._name(stack_id)
            rows = self._events(name, stack_id, (_FAILED,))
        except GateError as exc:
            if exc.transient:
                raise
            return ""
        said = [
            f"{text(row, 'resource_name')}: {text(row, 'resource_status_reason')}"
            for row in rows
            if text(row, "physical_resource_id") != stack_id
            and split_status(text(row, "resource_status"))[1] == "FAILED"
        ]
        return said[-1] if said else ""

    def _events(self, name: str, stack_id: str, wanted: Parameters) -> List[Row]:
        found: List[Row] = section(
            self._client.get(("stacks", name, stack_id, "events"), (*wanted, ("sort_dir", "asc"))), "events", list
        )
        return found

    def _name(self, stack_id: str) -> str:
        """Return the name of a stack. Heat answers a path without the name with a redirect, which is refused."""
        if stack_id not in self._names:
            rows = self._listed(stack_id) or self._listed(stack_id, _DELETED)
            name = text(rows[0], "stack_name") if rows else None
            if name is None:
                raise MissingError(
                    f"There is no stack {stack_id} in this project. resource_id is the ID of a stack.", what="resource"
                )
            self._names[stack_id] = name
        return self._names[stack_id]

    def _listed(self, stack_id: str, *more: Tuple[str, str]) -> List[Row]:
        body = self._client.get(("stacks",), (("id", stack_id), *more))
        return [row for row in section(body, "stacks", list) if text(row, "id") == stack_id]  # old ones ignore filters


def _stack_of(stack: Row) -> Stack:
    word = word_in(stack, "stack_status")
    action, status = split_status(word)
    return Stack(action or word, status, text(stack, "stack_status_reason"), text(stack, "deletion_time") is not None)
