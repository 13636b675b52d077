# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Wait for many operations concurrently: the loop that starts due requests and processes their results.

Clock, randomness and executor are injected. Private to this collection.
"""

from __future__ import annotations

import functools
import random
import time
from datetime import datetime, timezone
from typing import Any, Callable, Dict, List, NamedTuple, Optional, Sequence, cast

from .._model.errors import GateError, TransportError
from .._model.reference import Members
from . import clocks, deadlines
from .intake import Intake
from .intervals import gap, polls_in
from .lists import Lists
from .outcome import WaitOptions, seconds
from .plan import GroupIO, Item, Plan, Request, Seen
from .state import NEVER, OperationState, PollState, ResourceState
from .threads import Threads
from .ticks import Ticks

_RESOLUTION = 1e-6  # seconds; a shorter pause may not advance the clock
_CLOSING = 5.0  # seconds at the end of a run for polls in flight


class Limits(NamedTuple):
    """Limits of a run in seconds. lasts: maximum length. change: after this time, an unreported change ends the run.

    elapsed: for a slice, the seconds since the wait began, by the caller, who cannot count the start of this slice.
    """

    lasts: float = NEVER
    change: float = NEVER
    elapsed: Optional[float] = None


def _no_report(_operations: List[OperationState]) -> None:
    return


class Engine:
    """Polls each operation until it is finished, its deadline passes, or a permanent error occurs.

    poll_deadline: seconds after which a poll in flight counts as lost. api_timeout: seconds for one request; a first
    poll in flight has this time after the deadline. wall: this machine's date. report: called with changed operations,
    or with none for an error before any response, unless the wait ends.
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
        report: Callable[[List[OperationState]], None] = _no_report,
    ) -> None:
        self._options = options
        self._poll_deadline = poll_deadline
        self._api_timeout = api_timeout
        self._workers = workers or Threads()
        self._monotonic = clock
        self._chance = chance
        self._wall = wall
        self._report_to = report
        self._state = PollState([])
        self._intake = Intake(options, self._state, chance, wall)
        self._ticks = Ticks(self._state, self._intake, chance)
        self._lists = Lists(options, self._state, self._now)
        self._plans: List[Plan] = []
        self._in_flight: Dict[Request, None] = {}  # ordered by start
        self._changed: List[OperationState] = []
        self._new_error = False
        self._origin = self._closes = self._change = self._check_at = 0.0

    def run(self, state: PollState, ios: Sequence[GroupIO], limits: Limits = Limits()) -> None:  # noqa: B008
        """Continue a wait. The result is in the state; no GateError is raised.

        ios: one per group. Requests in flight at the end are abandoned, and the next run polls again.
        """
        self._state, self._intake = state, Intake(self._options, state, self._chance, self._wall)
        self._ticks = Ticks(state, self._intake, self._chance)
        self._lists = Lists(self._options, state, self._now)
        self._start_clock(limits)
        now = self._now()
        self._closes, self._change, self._check_at = now + limits.lasts, now + limits.change, now
        self._plans = [Plan(group, io, self._options.max_requests_per_second) for group, io in zip(state.groups, ios)]
        for plan in self._plans:
            for item in plan.items:
                self._begin(plan, item)
        while self._continues():
            self._start_due()
            done = self._workers.finished(self._pause())
            if done is not None:
                self._land(*done)
            self._give_up_late()
            self._report()
        state.elapsed = self._now()
        state.clocks = None if limits.elapsed is None else self._reading(self._origin + state.elapsed)

    def _start_clock(self, limits: Limits) -> None:
        now, state = self._monotonic(), self._state
        if limits.elapsed is not None:
            state.elapsed = clocks.resumed(state.elapsed, state.clocks, self._reading(now), limits.elapsed)
        self._origin = now - state.elapsed

    def _reading(self, monotonic: float) -> clocks.Reading:
        return clocks.Reading(monotonic, self._wall().timestamp())

    def _now(self) -> float:
        return self._monotonic() - self._origin

    def _begin(self, plan: Plan, item: Item) -> None:
        if item.state.open:
            deadlines.begin(item.state, self._options)
            plan.add(item, self._now())

    def _continues(self) -> bool:
        if self._finished():
            return False
        closed = self._now() - self._closes
        # While probing, wait for the only request in flight, so that each run gets a result.
        return closed < 0 or any(
            each.worth_waiting and (closed < _CLOSING or each.plan.group.backoff.probing) for each in self._in_flight
        )

    def _finished(self) -> bool:
        return self._state.settled or self._state.error is not None or all(plan.finished for plan in self._plans)

    def _start_due(self) -> None:
        """Start due requests, up to max_concurrency."""
        now = self._now()
        while now < self._closes and len(self._in_flight) < self._options.max_concurrency:
            plan = min(self._plans, key=Plan.due)
            if plan.due() > now:
                return
            if plan.tick_due() <= now:
                work = self._ticks.start(plan, now)
                if work:
                    self._start(Request(plan, [], now), work)
            elif plan.list_due() <= min(now, plan.poll_due()):  # the one that is due first, so that neither starves
                resource = plan.take_list()
                self._start(Request(plan, [], now, resource), self._lists.start(plan, resource))
            else:
                self._start_poll(plan, now)

    def _start_poll(self, plan: Plan, now: float) -> None:
        items, by_budget = plan.take(now)
        if by_budget and plan.shares_budget:
            groups = sum(each.shares_budget for each in self._plans)
            plan.next_shared = now + gap(self._intake.own_interval(items[0].state.age(now)), groups)
        for item in items:
            item.moved = False
            item.state.first_poll = now if item.state.first_poll is None else item.state.first_poll
        self._state.polls += len(items)
        self._start(
            Request(plan, items, now), functools.partial(plan.io.poll, [item.state.reference for item in items])
        )

    def _start(self, request: Request, work: Callable[[], Any]) -> None:
        self._in_flight[request] = None
        request.plan.in_flight += 1
        self._workers.start(request, work)

    def _pause(self) -> float:
        """Return the seconds until the next action without a result."""
        now = self._now()
        moments = [moment for moment in (self._closes, self._closes + _CLOSING) if moment > now] + [self._check_at]
        moments += [self._lost_at(request) for request in self._in_flight]
        if len(self._in_flight) < self._options.max_concurrency and now < self._closes:
            moments += [plan.due() for plan in self._plans]
        left = min(moments) - now
        return max(left, _RESOLUTION) if left > 0 else 0.0

    def _land(self, request: Request, result: Any) -> None:
        """Process the result of a request."""
        if request not in self._in_flight:
            return  # the request counted as lost
        del self._in_flight[request]
        request.plan.in_flight -= 1
        if isinstance(result, GateError) and result.transient:
            self._state.tolerated_errors += 1
            self._state.last_error = result.message
            self._new_error = not self._state.answered
        elif isinstance(result, Exception) and not isinstance(result, GateError):
            raise result
        now = self._now()
        if request.items:
            self._land_poll(request, result, now)
        elif request.resource:
            self._land_list(request.plan, request.resource, result, now)
        else:
            self._ticks.land(request.plan, result, request.began, now)
        self._back_off(request, result, now)

    def _back_off(self, request: Request, result: Any, now: float) -> None:
        plan = request.plan
        if isinstance(result, GateError) and result.transient:
            latest = self._due_again(request, now, result.retry_after or 0.0)
            count = plan.open + len(plan.group.resources)
            polls = 1.0 if plan.io.batch else polls_in(latest - now, count)
            plan.group.backoff.failed(request.began, now, latest, 1 / polls, result.retry_after or 0.0)
        elif request.worth_waiting or not isinstance(result, GateError):
            plan.group.backoff.succeeded()

    def _due_again(self, request: Request, now: float, retry_after: float) -> float:
        """Return when a failed request is sent again, which limits the backoff of its group."""
        if request.resource:
            return min(request.resource.next_list, now + max(self._options.poll_max, retry_after))
        if not request.items:
            return request.plan.group.feed.next_tick
        return min((item.state.next_poll for item in request.items if item.state.open), default=now)

    def _land_poll(self, request: Request, result: Any, now: float) -> None:
        found = [result] * len(request.items) if isinstance(result, GateError) else result
        request.plan.note_answer(result)
        for item, each in zip(request.items, found):
            if item.state.open and not self._state.error:
                seen = self._expanded(request.plan, item, each, now)
                if item.state.open:
                    self._take_in(request, item, seen, now)

    def _land_list(self, plan: Plan, resource: ResourceState, result: Any, now: float) -> None:
        was_listed = resource.cursor is not None
        for item in self._lists.land(plan, resource, result, now):
            self._begin(plan, item)
        if not was_listed and resource.cursor is not None:
            self._close_for_change(now)  # end the run, so that the new cursor is saved

    def _close_for_change(self, now: float) -> None:
        self._closes = min(self._closes, max(now, self._change))

    def _expanded(self, plan: Plan, item: Item, found: Any, now: float) -> Seen:
        """Add the servers of a reservation to the wait. Return the result for the operation itself."""
        if not isinstance(found, Members):
            return cast(Seen, found)
        for each in plan.expand(item, found.references, now):
            plan.add(each, now)
            self._check_at = min(self._check_at, self._end_of(each))
        return found.operation

    def _take_in(self, request: Request, item: Item, seen: Seen, now: float) -> None:
        plan = request.plan
        self._intake.take_in(plan, item.state, seen, request.began, now)
        self._note_change(item.state, now)
        if not item.state.open:
            plan.open -= 1
            return
        plan.add(item, now, urgent=item.moved)
        self._check_at = min(self._check_at, self._end_of(item))

    def _note_change(self, state: OperationState, now: float) -> None:
        if state.answered and state.appearance != state.reported:
            state.reported = state.appearance
            self._close_for_change(now)
            self._changed.append(state)

    def _report(self) -> None:
        if (self._changed or self._new_error) and not self._finished():
            self._report_to(self._changed)
        self._changed, self._new_error = [], False

    def _lost_at(self, request: Request) -> float:
        return request.began + request.rate_limited + self._poll_deadline

    def _give_up_late(self) -> None:
        now = self._now()
        for request in [each for each in self._in_flight if now >= self._lost_at(each)]:
            said = f"A poll got no complete answer within {seconds(self._poll_deadline)}."
            self._land(request, TransportError(said))
        if now < self._check_at:
            return
        self._check_at = NEVER
        for plan in self._plans:
            for item in plan.items:
                if not item.state.open:
                    continue
                end = self._end_of(item)
                if now >= end:
                    item.state.given_up = True
                    plan.open -= 1
                else:
                    self._check_at = min(self._check_at, end)

    def _end_of(self, item: Item) -> float:
        return deadlines.end_of(item.state, item.in_flight, self._options, self._api_timeout)
