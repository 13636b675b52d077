# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Requests to the change feed of a group, and the effect of their results on the schedule.

Private to this collection.
"""

from __future__ import annotations

import functools
from datetime import datetime, timedelta
from typing import Any, Callable, Iterable, Optional, Sequence

from .._model.errors import GateError
from . import feed
from .intake import Intake
from .plan import Item, Plan
from .state import PollState


class Ticks:
    """Sends requests to the change feed and processes their results. chance: returns a random number in 0..1."""

    def __init__(self, state: PollState, intake: Intake, chance: Callable[[], float]) -> None:
        self._state = state
        self._intake = intake
        self._chance = chance

    def start(self, plan: Plan, now: float) -> Optional[Callable[[], Any]]:
        """Return the due request; None while the start of all operations is unknown."""
        state, operations = plan.group.feed, [each for each in plan.group.operations if each.open]
        youngest = min(self._intake.own_interval(each.age(now)) for each in operations)
        state.next_tick = now + feed.interval(youngest, plan.open)
        starts = [each.operation.started_at for each in operations if each.operation.started_at]
        since = feed.since(state, min(starts, default=None), now)
        if since is None or plan.io.changes is None:
            return None
        plan.tick_in_flight = True
        return functools.partial(_read, plan.io.changes, since)

    def land(self, plan: Plan, result: Any, began: float, now: float) -> None:
        """Process the result of a request. began: when the request started."""
        plan.tick_in_flight = False
        if isinstance(result, GateError):
            self._fail(plan, result, now)
            return
        since, changes = result
        feed.answered(plan.group.feed, since, plan.io.now() - timedelta(seconds=now - began), now)
        for change in changes:
            for item in plan.items_of(change.resource_id):
                if change.busy is None:
                    self._do_without(plan, [item], now)
                elif feed.take_in(item.state, change, now):
                    _move_up(plan, item, now)

    def _fail(self, plan: Plan, error: GateError, now: float) -> None:
        state = plan.group.feed
        if not error.transient:
            state.refused = error.message
            self._state.warn(
                f"{error.message} The change feed of {plan.group.provider} cannot be used, so each operation is "
                "polled individually."
            )
        if not feed.covers(state, now):
            state.next_tick = max(state.next_tick, now + feed.FRESH)
            self._do_without(plan, plan.items, now)

    def _do_without(self, plan: Plan, items: Iterable[Item], now: float) -> None:
        """Poll operations at their own interval instead of by the feed."""
        for item in items:
            if item.state.open and item.state.row is not None:
                feed.forget(item.state)
                if not item.in_flight:
                    own = self._intake.own_interval(item.state.age(now))
                    item.state.next_poll = min(item.state.next_poll, now + self._chance() * own)
                    plan.add(item, now)


def _move_up(plan: Plan, item: Item, now: float) -> None:
    """Poll an operation now because its resource changed; before all others if the resource is not busy any more."""
    if item.in_flight:
        item.moved = True
    elif not item.state.busy or item.state.answered:
        item.state.next_poll = min(item.state.next_poll, now)
        plan.add(item, now, urgent=not item.state.busy)


def _read(changes: Callable[[datetime], Sequence[feed.Change]], since: datetime) -> Any:
    return since, changes(since)
