# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Update the state of an operation with the result of a poll, and schedule the next poll.

Private to this collection.
"""

from __future__ import annotations

from datetime import datetime
from typing import Callable

from .._model.errors import GateError, MissingError, UnreachableError
from .._model.operation import Operation, missing_operation
from . import deadlines, feed
from .intervals import next_poll, poll_interval
from .outcome import WaitOptions, decided, seconds
from .plan import Plan, Seen
from .state import OperationState, PollState


class Intake:
    """Processes results of polls. chance: returns a random number in 0..1. wall: returns this machine's date."""

    def __init__(
        self, options: WaitOptions, state: PollState, chance: Callable[[], float], wall: Callable[[], datetime]
    ) -> None:
        self._options = options
        self._state = state
        self._chance = chance
        self._wall = wall

    def take_in(self, plan: Plan, state: OperationState, seen: Seen, began: float, now: float) -> None:
        """Record the result of a poll of one operation. began: when the poll started."""
        retry_after = None
        if seen is None:
            seen = MissingError(f"There is no such operation: {state.reference}.")
        if isinstance(seen, Operation):
            retry_after = seen.retry_after
            state.operation, state.missing_since, state.answered = seen, None, True
            state.reference = state.reference.resolved_to(seen.operation_id)
            doubt = deadlines.count_from_start(state, self._options, now, plan.io.now(), self._wall())
            if doubt:
                self._state.warn(f"{plan.group.provider}: {doubt}")
        elif isinstance(seen, MissingError):
            self._miss(state, seen, began)
        elif not seen.transient or self._never_connected(plan, seen, now):
            self._state.error = dict(seen.as_dict(), operation=state.operation.as_dict())
        else:
            retry_after = seen.retry_after
            began = now  # a failed final poll still counts as the final poll
        self._state.settled = self._state.settled or decided([state.operation.state], self._options)
        state.given_up = deadlines.has_passed(state, began, now)
        state.next_poll = next_poll(now, state.ends_by, self._interval(plan, state, now), retry_after)

    def own_interval(self, age: float) -> float:
        """Return the poll interval of an operation of this age, in seconds."""
        return poll_interval(age, self._options.poll_min, self._options.poll_max, self._chance())

    def _interval(self, plan: Plan, state: OperationState, now: float) -> float:
        own = self.own_interval(state.age(now))
        if state.row is None or not feed.covers(plan.group.feed, now) or not plan.io.in_feed(state.operation):
            return own
        after_rest = own if state.at_rest is None else self.own_interval(now - state.at_rest)
        return feed.poll_interval(state, own, after_rest, plan.open)

    def _never_connected(self, plan: Plan, error: GateError, now: float) -> bool:
        """Return whether a transient error is permanent because nothing has answered within connect_grace."""
        if not isinstance(error, UnreachableError) or plan.group.answered:
            return False
        began = min((each.first_poll for each in plan.group.operations if each.first_poll is not None), default=now)
        if now - began < self._options.connect_grace:
            return False
        said = f"Nothing answered within {seconds(self._options.connect_grace)}."
        error.message = f"{error.message.rstrip('.')}. {said}"
        return True

    def _miss(self, state: OperationState, seen: MissingError, began: float) -> None:
        """Record that the API does not know an operation. It may appear later: Nova shows a create late."""
        state.answered = True
        if state.missing_since is None:
            state.missing_since = began
        at_once = self._options.missing == "fail"
        if not at_once and began - state.missing_since < self._options.missing_grace:
            state.operation.reason = seen.message
            return
        if not at_once:
            seen.message += f" It did not appear within {seconds(self._options.missing_grace)}."
        if state.reference.since and state.reference.since > self._wall():
            seen.message += f" since ({state.reference.since:%Y-%m-%d %H:%M:%S} UTC) is in the future: give it in UTC."
        state.operation = missing_operation(state.operation, seen)
