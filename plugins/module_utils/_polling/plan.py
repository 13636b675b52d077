# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The schedule of one group's requests during one run.

Private to this collection.
"""

from __future__ import annotations

import dataclasses
import heapq
import itertools
from datetime import datetime
from typing import Any, Callable, Dict, List, NamedTuple, Optional, Sequence, Set, Tuple, Union

from .._model.errors import GateError, TransportError
from .._model.operation import Operation
from .._model.reference import Members, Query, Reference
from . import feed
from .intervals import MAX_INDIVIDUAL
from .state import NEVER, GroupState, OperationState, ResourceState

_IN_FLIGHT = -1
Seen = Union[Operation, None, GateError]
ListOperations = Callable[[Query], List[Operation]]


def _never_shown(_operation: Operation) -> bool:
    return False


class GroupIO(NamedTuple):
    """The requests of a group.

    poll: reads the operations of references; it raises errors that concern all of them. now: returns the time on the
    API's clock. batch: one poll reads many operations. changes: reads the change feed from a time on; None without a
    feed. in_feed: returns whether the feed shows the end of an operation. list: lists the operations of a resource;
    None if no resources are watched. list_interval: seconds between two lists of a resource.
    """

    poll: Callable[[List[Reference]], Sequence[Union[Members, Seen]]]
    now: Callable[[], datetime]
    batch: bool = False
    changes: Optional[Callable[[datetime], Sequence[feed.Change]]] = None
    in_feed: Callable[[Operation], bool] = _never_shown
    list: Optional[ListOperations] = None
    list_interval: float = 30.0


class Item:
    """An operation in this run.

    ticket: of its current entry in the queues. moved: whether the feed showed a change during the poll in flight.
    """

    __slots__ = ("moved", "state", "ticket")

    def __init__(self, state: OperationState) -> None:
        self.state = state
        self.ticket = _IN_FLIGHT
        self.moved = False

    @property
    def in_flight(self) -> bool:
        """Whether a poll of this operation is in flight. Then no queue contains it."""
        return self.ticket == _IN_FLIGHT


class Plan:
    """The schedule of one group. open: number of unfinished operations. in_flight: number of requests.

    rate: maximum number of requests per second.
    """

    def __init__(self, group: GroupState, io: GroupIO, rate: float) -> None:
        self.group = group
        self._rate = rate
        self.io = io
        self.items = [Item(each) for each in group.operations]
        self.open = sum(each.open for each in group.operations)
        self.in_flight = 0
        self.tick_in_flight = False
        self._lists_in_flight: Set[str] = set()  # by resource ID
        self.next_shared = -NEVER  # when the shared budget allows the next poll
        self._planned: List[Tuple[float, int, Item]] = []
        self._last_polls: List[Tuple[float, int, Item]] = []  # of the same items, regardless of the budget
        self._urgent: List[Tuple[float, int, Item]] = []  # also regardless of the budget
        self._order = itertools.count()
        self._by_resource: Dict[str, List[Item]] = {}
        for item in self.items if io.changes else ():
            self._by_resource.setdefault(item.state.reference.resource_id or "", []).append(item)

    @property
    def shares_budget(self) -> bool:
        """Whether there are too many operations to poll each at its own interval."""
        return self.open > MAX_INDIVIDUAL and not self.io.batch

    @property
    def finished(self) -> bool:
        """Whether nothing is left to wait for."""
        return not self.open and all(each.gone for each in self.group.resources)

    def note_answer(self, result: Any) -> None:
        """Record whether the API has answered. An error status of its server is an answer as well."""
        self.group.answered |= not isinstance(result, TransportError) or result.status is not None

    def items_of(self, resource_id: str) -> List[Item]:
        """Return the unfinished operations of a resource."""
        return [each for each in self._by_resource.get(resource_id, ()) if each.state.open]

    def add_new(self, reference: Reference, now: float) -> Optional[Item]:
        """Add an operation from a list. Return None if it is known."""
        name = (reference.operation_id, reference.resource_id)
        if any((each.state.reference.operation_id, each.state.reference.resource_id) == name for each in self.items):
            return None
        item = Item(self.group.add(reference, now))
        self._note(item)
        return item

    def expand(self, item: Item, references: Sequence[Reference], now: float) -> List[Item]:
        """Add the new servers of a reservation. Return their items."""
        was_open = item.state.open
        new = [Item(each) for each in self.group.expand(item.state, references, now)]
        self.open -= was_open and not item.state.open
        for each in new:
            self._note(each)
        return new

    def _note(self, item: Item) -> None:
        self.items.append(item)
        self.open += 1
        if self.io.changes:
            self._by_resource.setdefault(item.state.reference.resource_id or "", []).append(item)

    def add(self, item: Item, now: float, urgent: bool = False) -> None:
        """Schedule the next poll of an item. urgent: now, before all others.

        An operation whose resource just stopped being busy ends within seconds, so it ignores the budget as well.
        """
        item.ticket = next(self._order)
        heapq.heappush(self._planned, (item.state.next_poll, item.ticket, item))
        heapq.heappush(self._last_polls, (self._last_poll(item.state, now), item.ticket, item))
        at_rest = item.state.at_rest
        if urgent or (at_rest is not None and now - at_rest <= feed.FRESH):
            heapq.heappush(self._urgent, (now if urgent else item.state.next_poll, item.ticket, item))

    def tick_due(self) -> float:
        """Return when the next request to the change feed is due."""
        state = self.group.feed
        if not self.io.changes or state.refused or self.tick_in_flight or self.group.backoff.probing:
            return NEVER
        used = self.open > feed.FEW or (self.open and state.last_tick is not None)
        return max(state.next_tick, self.group.backoff.until) if used else NEVER

    def poll_due(self) -> float:
        """Return when the next poll may start; infinity if it must wait for a request in flight."""
        self._drop_stale()
        if not self._planned or (self.in_flight and self.group.backoff.probing):
            return NEVER
        moment = max(self._planned[0][0], self.next_shared)
        if self._urgent:
            moment = min(moment, self._urgent[0][0])
        return max(min(moment, self._last_polls[0][0]), self.group.backoff.until)

    def list_due(self) -> float:
        """Return when the next list is due; infinity if it must wait for a request in flight."""
        if not self.io.list or (self.in_flight and self.group.backoff.probing):
            return NEVER
        return max(min((each.next_list for each in self._not_listed()), default=NEVER), self.group.backoff.until)

    def take_list(self) -> ResourceState:
        """Return the resource whose list is due."""
        resource = min(self._not_listed(), key=lambda each: each.next_list)
        self._lists_in_flight.add(resource.resource_id)
        return resource

    def list_is_back(self, resource: ResourceState) -> None:
        """Record that the list of a resource is not in flight any more."""
        self._lists_in_flight.discard(resource.resource_id)

    def _not_listed(self) -> List[ResourceState]:
        """Return the resources without a list in flight."""
        return [
            each for each in self.group.resources if not each.gone and each.resource_id not in self._lists_in_flight
        ]

    def due(self) -> float:
        """Return when the next request may start."""
        return min(self.tick_due(), self.list_due(), self.poll_due())

    def take(self, now: float) -> Tuple[List[Item], bool]:
        """Return the due item (or all items if one poll reads many), and whether the poll uses the shared budget."""
        by_budget = False
        if self.io.batch:
            taken = [item for _moment, ticket, item in self._planned if item.state.open and ticket == item.ticket]
        elif self._last_polls[0][0] <= now:
            taken = [self._last_polls[0][2]]
        elif self._urgent and self._urgent[0][0] <= now:
            taken = [self._urgent[0][2]]
        else:
            taken, by_budget = [self._planned[0][2]], True
        for item in taken:
            item.ticket = _IN_FLIGHT
        return taken, by_budget

    def _last_poll(self, state: OperationState, now: float) -> float:
        """Return when the final poll is due: at the deadline, or with many operations earlier, so that all get one."""
        before = state.ends_by - self.open / self._rate
        return before if self.shares_budget and before > now else state.ends_by

    def _drop_stale(self) -> None:
        for plan in (self._planned, self._last_polls, self._urgent):
            while plan and (not plan[0][2].state.open or plan[0][1] != plan[0][2].ticket):
                heapq.heappop(plan)


@dataclasses.dataclass(eq=False)
class Request:
    """A request in flight: a poll (items), a list (resource), or a request to the change feed (neither).

    rate_limited: seconds of waiting for the rate limiter, which are not a delay of the API.
    """

    plan: Plan
    items: List[Item]
    began: float
    resource: Optional[ResourceState] = None
    rate_limited: float = 0.0

    @property
    def worth_waiting(self) -> bool:
        """Whether the end of a run waits for this request. A request to the change feed is soon repeated."""
        return bool(self.items or self.resource)
