# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lists of a group, which find new operations of its resources.

Private to this collection.
"""

from __future__ import annotations

import functools
from datetime import datetime, timedelta
from typing import Any, Callable, List, NamedTuple, cast

from .._model.errors import GateError, MissingError
from .._model.operation import Operation
from .._model.reference import Query, Reference
from .outcome import WaitOptions, seconds
from .plan import Item, ListOperations, Plan
from .state import PollState, ResourceState

# Overlap of two lists: the API may record a change late, by a clock that is behind.
OVERLAP = timedelta(minutes=5)
_SECOND = timedelta(seconds=1)  # resolution of the API's clock


class Listed(NamedTuple):
    """The result of a list. since, cursor: as in ResourceState."""

    since: datetime
    cursor: datetime
    operations: List[Operation]


class Lists:
    """Sends lists and processes their results. clock: returns the seconds since the wait began."""

    def __init__(self, options: WaitOptions, state: PollState, clock: Callable[[], float]) -> None:
        self._options = options
        self._state = state
        self._clock = clock

    def start(self, plan: Plan, resource: ResourceState) -> Callable[[], Any]:
        """Return the due request."""
        return functools.partial(self._read, cast(ListOperations, plan.io.list), plan.io.now, resource)

    def _read(self, list_: ListOperations, now: Callable[[], datetime], resource: ResourceState) -> Listed:
        since = resource.since
        if since is None:  # changes from now on, by the API's clock; a first request reads it
            list_(Query(resource.resource_id, limit=1, details=False))
            since = now() - timedelta(seconds=self._clock() - resource.watched_from) - _SECOND
        began = self._clock()
        after = max(since, resource.cursor - OVERLAP) if resource.cursor else since
        found = list_(Query(resource.resource_id, changes_since=after, details=False))
        asked = now() - timedelta(seconds=self._clock() - began)
        return Listed(since, max(asked, resource.cursor or since), found)

    def land(self, plan: Plan, resource: ResourceState, result: Any, now: float) -> List[Item]:
        """Process the result of a list. Return new operations."""
        plan.list_is_back(resource)
        resource.next_list = now + plan.io.list_interval
        plan.note_answer(result)
        if isinstance(result, GateError):
            resource.next_list = max(resource.next_list, now + (result.retry_after or 0.0))
            self._fail(resource, result, now)
            return []
        resource.since, resource.cursor, resource.missing_since = result.since, result.cursor, None
        references = [
            Reference(each.operation_id, each.resource_id or resource.resource_id) for each in result.operations
        ]
        return [item for item in (plan.add_new(each, now) for each in references) if item]

    def _fail(self, resource: ResourceState, error: GateError, now: float) -> None:
        """Record a failed list. A listed resource may disappear; one that never appeared is an error."""
        if isinstance(error, MissingError):
            if resource.missing_since is None:
                resource.missing_since = now
            if now - resource.missing_since < self._options.missing_grace:
                return
            if resource.cursor is not None:
                resource.gone = True
                self._state.warn(f"Resource {resource.resource_id} is gone and no longer watched: {error.message}")
                return
            error.message += f" It did not appear within {seconds(self._options.missing_grace)}."
        elif error.transient:
            return
        self._state.error = error.as_dict()
