# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Waits for many operations at once. Time, chance and what happens at the same time are passed in.

Private to this collection.
"""

from __future__ import annotations

import dataclasses
import functools
import heapq
import itertools
import random
import time
from datetime import datetime, timezone
from typing import Any, Callable, Dict, List, Optional, Sequence, Tuple, Union

from .backoff import Backoff
from .errors import GateError, MissingError, TransportError
from .gate import NO_ANSWER, Outcome, WaitOptions, decided, seconds
from .operation import Operation, State, missing_operation
from .parallel import Threads
from .providers.base import Members, Reference
from .schedule import age_of, delay_after, next_look

_WATCHED = 30  # operations that are each looked at as often as if they were alone
_LEADS_TO = 2  # looks at others that the end of one leads to, where more than those are waited for
LAST_LOOKS = 2.0  # seconds past the deadline in which the last looks must have come back; first ones have longer
_CLOSING = 5.0  # seconds that looks have to come back when a slice is over
_NEVER = float("inf")

_SeenOfOne = Union[Operation, None, GateError]
Seen = Union[Members, _SeenOfOne]


@dataclasses.dataclass
class Item:
    """One operation that is waited for: what names it, what was seen last; moments are monotonic seconds.

    first_poll: when it was polled first. born: when it began, as far as that is known, set once by the first answer.
    joined: it shares a reference of the task with the item before it, as the servers of a reservation do. was: its
    number in the slice before.
    """

    reference: Reference
    operation: Operation
    next_look: float = 0.0
    deadline: float = _NEVER
    first_poll: Optional[float] = None
    born: Optional[float] = None
    missing_since: Optional[float] = None
    looked: bool = False
    news: bool = True  # not yet told to who puts slices together
    given_up: bool = False
    joined: bool = False
    was: Optional[int] = None
    ticket: int = -1  # of its place in the plan of its group

    @property
    def open(self) -> bool:
        """Whether it is still waited for."""
        return not self.operation.terminal and not self.given_up

    @property
    def in_flight(self) -> bool:
        """Whether a poll of it has started and not come back: it is in no plan then."""
        return self.ticket == -1


class Group:
    """The operations of one provider with one login.

    look: reads what the references name; it raises what goes for all of them. now: the time on the API's clock.
    batch: one look answers for many. recalls: whether a later slice must know what was seen of an operation.
    backoff: what an earlier round or process knew of errors.
    """

    def __init__(
        self,
        provider: str,
        look: Callable[[List[Reference]], Sequence[Seen]],
        now: Callable[[], datetime],
        batch: bool = False,
        recalls: Callable[[Operation], bool] = lambda _operation: False,
        backoff: Optional[Backoff] = None,
    ) -> None:
        self.provider = provider
        self.look = look
        self.now = now
        self.batch = batch
        self.recalls = recalls
        self.items: List[Item] = []
        self.backoff = backoff or Backoff()
        self.open = 0
        self.in_flight = 0
        self.turn = -_NEVER  # of the next look in a crowd
        self.ahead = 0  # looks that may be taken before their time, as the end of one operation tells of others
        self._planned: List[Tuple[float, int, Item]] = []
        self._last_looks: List[Tuple[float, int, Item]] = []  # of the same items: these wait for no turn
        self._order = itertools.count()

    @property
    def crowded(self) -> bool:
        """Whether there are more than can each be looked at as often as if they were alone: a sample has to do."""
        return self.open > _WATCHED and not self.batch

    @property
    def looks(self) -> int:
        """How many looks there are, as a rule, in the delay of one operation."""
        return 1 if self.batch else min(max(self.open, 1), _WATCHED)

    def add(self, reference: Reference) -> Item:
        """Wait for one more."""
        self.items.append(self._item(reference))
        return self.items[-1]

    def expand(self, item: Item, references: Sequence[Reference]) -> List[Item]:
        """Wait for these as well, as far as they are new. They take the place of an item that names no resource."""
        start = end = next(number for number, each in enumerate(self.items) if each is item)
        while self.items[start].joined:
            start -= 1
        while end + 1 < len(self.items) and self.items[end + 1].joined:
            end += 1
        whole = item.reference.resource_id is None
        known = {each.reference.resource_id for each in self.items[start : end + 1]}
        new = [self._item(each) for each in references if each.resource_id not in known]
        for number, each in enumerate(new):
            each.joined = not whole or number > 0
            each.deadline, each.first_poll = item.deadline, item.first_poll
        self.items[start if whole else end + 1 : end + 1] = new
        self.open += len(new) - whole
        item.given_up = item.given_up or whole
        return new

    def _item(self, reference: Reference) -> Item:
        unseen = Operation(
            provider=self.provider,
            operation_id=reference.operation_id,
            resource_id=reference.resource_id,
            type=reference.action,
            state=State.UNKNOWN,
            reason=NO_ANSWER,
        )
        return Item(reference, unseen)

    def plan(self, item: Item, last: float) -> None:
        """Have it looked at when its time comes. last: from when on its last look is due."""
        item.ticket = next(self._order)
        heapq.heappush(self._planned, (item.next_look, item.ticket, item))
        heapq.heappush(self._last_looks, (last, item.ticket, item))

    def next_due(self) -> float:
        """The moment from which the next look may begin; infinity if another must come back first."""
        for plan in (self._planned, self._last_looks):
            while plan and (not plan[0][2].open or plan[0][1] != plan[0][2].ticket):
                heapq.heappop(plan)
        if not self._planned or (self.in_flight and self.backoff.probing):
            return _NEVER
        moment = -_NEVER if self.ahead else max(self._planned[0][0], self.turn)
        return max(min(moment, self._last_looks[0][0]), self.backoff.until)

    def take(self, now: float) -> List[Item]:
        """The items of the next look: one, or all where one look answers for many. To be called when one is due."""
        if self.batch:
            taken = [item for _moment, ticket, item in self._planned if item.open and ticket == item.ticket]
        elif self._last_looks[0][0] <= now:
            taken = [self._last_looks[0][2]]
        else:
            self.ahead -= max(self._planned[0][0], self.turn) > now
            taken = [self._planned[0][2]]
        for item in taken:
            item.ticket = -1
        return taken


@dataclasses.dataclass(eq=False)
class _Flight:
    """A poll in flight. rate_limited: seconds that its requests wait for their turn; they are no delay of the API."""

    group: Group
    items: List[Item]
    began: float
    rate_limited: float = 0.0


class Waiter:
    """Looks at each operation until it is over, its deadline has come, or an error came that waiting cannot heal.

    poll_deadline: seconds after which a poll that has not come back counts as lost. api_timeout: seconds that one
    request may take, which a first poll in flight has beyond the deadline. wall: this machine's date.
    """

    def __init__(
        self,
        options: WaitOptions,
        poll_deadline: float,
        api_timeout: float,
        workers: Any = None,
        clock: Callable[[], float] = time.monotonic,
        chance: Callable[[], float] = random.random,
        wall: Callable[[], datetime] = lambda: datetime.now(timezone.utc),
    ) -> None:
        self._options = options
        self._poll_deadline = poll_deadline
        self._api_timeout = api_timeout
        self._wall = wall
        self._workers = workers or Threads()
        self._clock = clock
        self._chance = chance
        self._groups: List[Group] = []
        self._flights: Dict[_Flight, None] = {}  # in the order in which they began
        self._outcome = Outcome([])
        self._settled = False
        self._started = self._closes = self._early = self._check_at = 0.0

    def wait(self, groups: List[Group], elapsed: float = 0.0, limit: float = _NEVER, early: float = _NEVER) -> Outcome:
        """Wait for all of them (or any). Raises no GateError: the outcome always has every item's last state.

        elapsed: seconds since the task began. limit: seconds that this slice of the wait lasts; early: seconds from
        which on a change ends it.
        """
        now = self._clock()
        self._groups = groups
        self._started = now - elapsed
        self._closes, self._early, self._check_at = now + limit, now + early, now
        for group in groups:
            open_items = [item for item in group.items if item.open]
            group.open = len(open_items)
            for item in open_items:
                if item.deadline == _NEVER:
                    item.deadline = self._started + self._options.timeout
                item.next_look = min(max(item.next_look, self._started + self._options.delay), item.deadline)
                group.plan(item, self._last_look(group, item))
        while self._goes_on():
            self._begin()
            done = self._workers.finished(self._next_event() - self._clock())
            if done is not None:
                self._land(*done)
            self._give_up_what_is_late()
        self._outcome.operations = [item.operation for group in groups for item in group.items]
        self._outcome.elapsed = round(self._clock() - self._started, 3)
        return self._outcome

    @property
    def over(self) -> bool:
        """Whether another slice has nothing left to do."""
        return self._settled or self._outcome.error is not None or not any(group.open for group in self._groups)

    def _goes_on(self) -> bool:
        if self.over:
            return False
        closed = self._clock() - self._closes
        # Where nothing good has come so far, the one look that went ahead is not lost: each slice brings something.
        return closed < 0 or any(closed < _CLOSING or flight.group.backoff.probing for flight in self._flights)

    def _begin(self) -> None:
        """Start the looks that are due, as many as may go at once."""
        now = self._clock()
        while now < self._closes and len(self._flights) < self._options.max_concurrency:
            group = min(self._groups, key=Group.next_due)
            if group.next_due() > now:
                return
            items = group.take(now)
            if group.crowded:
                group.turn = now + self._delay(items[0], now) / _WATCHED
            for item in items:
                item.first_poll = now if item.first_poll is None else item.first_poll
            flight = _Flight(group, items, now)
            self._flights[flight] = None
            group.in_flight += 1
            self._outcome.polls += len(items)
            self._workers.start(flight, functools.partial(group.look, [item.reference for item in items]))

    def _next_event(self) -> float:
        """When something is to be done even if no look comes back."""
        now = self._clock()
        moments = [moment for moment in (self._closes, self._closes + _CLOSING) if moment > now] + [self._check_at]
        moments += [self._lost_at(flight) for flight in self._flights]
        if len(self._flights) < self._options.max_concurrency and now < self._closes:
            moments += [group.next_due() for group in self._groups]
        return min(moments)

    def _land(self, flight: _Flight, result: Any) -> None:
        """Take in what a look has brought."""
        if flight not in self._flights:
            return  # it counted as lost, and its operations are asked again
        del self._flights[flight]
        group, now = flight.group, self._clock()
        group.in_flight -= 1
        if isinstance(result, GateError):
            seen: Sequence[Seen] = [result] * len(flight.items)
            if result.transient:
                self._outcome.tolerated_errors += 1
                self._outcome.last_error = result.message
        elif isinstance(result, Exception):
            raise result
        else:
            seen = result
        for item, each in zip(flight.items, seen):
            if item.open and not self._outcome.error:
                self._take_in(group, item, each, flight.began, now)
        if isinstance(result, GateError) and result.transient:
            latest = min((item.next_look for item in flight.items if item.open), default=now)
            group.backoff.failed(flight.began, now, latest, 1 / group.looks, result.retry_after or 0.0)
        else:
            group.backoff.succeeded()

    def _expand(self, group: Group, item: Item, references: Sequence[Reference], now: float) -> None:
        """Wait for the servers of a reservation from now on."""
        for each in group.expand(item, references):
            each.next_look = now
            group.plan(each, self._last_look(group, each))
            self._check_at = min(self._check_at, self._end_of(each))

    def _take_in(self, group: Group, item: Item, seen: Seen, began: float, now: float) -> None:
        if isinstance(seen, Members):
            self._expand(group, item, seen.references, now)
            if seen.operation is None:
                return
            seen = seen.operation
        self._learn(group, item, seen, began, now)
        if item.open:
            group.plan(item, self._last_look(group, item))
            self._check_at = min(self._check_at, self._end_of(item))
            return
        group.open -= 1
        if group.crowded:
            group.ahead += _LEADS_TO

    def _learn(self, group: Group, item: Item, seen: _SeenOfOne, began: float, now: float) -> None:
        """Take in what was seen of one operation, and say when to look again."""
        retry_after = None
        if seen is None:
            seen = MissingError(f"There is no such operation: {item.reference}.")
        if isinstance(seen, Operation):
            retry_after = seen.retry_after
            if _appearance(seen) != _appearance(item.operation):
                self._closes = min(self._closes, max(now, self._early))
            item.operation, item.missing_since = seen, None
            item.looked = item.news = True
            item.reference = item.reference.pinned_to(seen.operation_id)
            self._set_deadline(group, item, now)
        elif isinstance(seen, MissingError) and not self._gave_grace(item, began):
            item.operation.reason = seen.message
            item.looked = item.news = True
        elif isinstance(seen, MissingError):
            item.operation = missing_operation(item.operation, self._never_appeared(seen))
            item.looked = item.news = True
        elif not seen.transient:
            self._outcome.error = dict(seen.as_dict(), operation=item.operation.as_dict())
        else:
            retry_after = seen.retry_after
            began = now  # a failed last look is the last all the same
        self._settled = self._settled or decided([item.operation.state], self._options)
        item.given_up = began >= item.deadline or now >= item.deadline + LAST_LOOKS
        item.next_look = next_look(now, item.deadline, self._delay(item, now), retry_after)

    def _set_deadline(self, group: Group, item: Item, now: float) -> None:
        """Note once, with the first answer, when an operation began: later ones may have another clock."""
        if item.born is not None:
            return
        first_poll = now if item.first_poll is None else item.first_poll
        item.born, doubt = self._started, None
        if item.operation.started_at is not None:
            age, doubt = age_of(item.operation.started_at, group.now(), self._wall())
            item.born = first_poll if age is None else now - age
        if self._options.timeout_from == "operation":
            item.deadline = min(item.born, first_poll) + self._options.timeout
            if doubt:
                self._outcome.warn(f"{group.provider}: {doubt}")

    def _delay(self, item: Item, now: float) -> float:
        age = now - (self._started if item.born is None else item.born)
        return delay_after(age, self._options.poll_min, self._options.poll_max, self._chance())

    def _never_appeared(self, seen: MissingError) -> MissingError:
        if self._options.missing == "wait":
            seen.message += f" It did not appear within {seconds(self._options.missing_grace)}."
        return seen

    def _lost_at(self, flight: _Flight) -> float:
        return flight.began + flight.rate_limited + self._poll_deadline

    def _last_look(self, group: Group, item: Item) -> float:
        """From when on the last look is due: the deadline, or before, so that it comes to the last ones of a crowd."""
        before = item.deadline - group.open / self._options.max_requests_per_second
        return before if group.crowded and before > self._clock() else item.deadline

    def _gave_grace(self, item: Item, now: float) -> bool:
        """Whether the API has had its time to show the operation: Nova shows a create late."""
        if item.missing_since is None:
            item.missing_since = now
        return self._options.missing == "fail" or now - item.missing_since >= self._options.missing_grace

    def _give_up_what_is_late(self) -> None:
        now = self._clock()
        for flight in [flight for flight in self._flights if now >= self._lost_at(flight)]:
            self._land(flight, TransportError(f"A look had no whole answer within {seconds(self._poll_deadline)}."))
        if now < self._check_at:
            return
        self._check_at = _NEVER
        for group in self._groups:
            for item in group.items:
                if not item.open:
                    continue
                end = self._end_of(item)
                if now >= end:
                    item.given_up = True
                    group.open -= 1
                else:
                    self._check_at = min(self._check_at, end)

    def _end_of(self, item: Item) -> float:
        """Return when an operation is given up. A first poll has longer; a limit of 0 is for first polls only."""
        end = item.deadline + LAST_LOOKS
        first = not item.looked and (item.in_flight or not self._options.timeout)
        return end + self._api_timeout if first else end


def _appearance(operation: Operation) -> Tuple[str, Optional[str]]:
    """What a person watching it would call a change."""
    step = operation.current_step
    return operation.state, step.name if step else None
