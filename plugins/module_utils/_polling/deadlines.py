# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Deadlines of operations. Pure: times are seconds since the wait began.

A deadline is set once, and is at most timeout after the first poll. Private to this collection.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Optional, Tuple

from .outcome import WaitOptions
from .state import OperationState

LAST_POLLS = 2.0  # seconds after the deadline for polls in flight; first polls have longer
_SKEW = timedelta(minutes=1)  # the clocks of a cloud's hosts may differ by some seconds
_CLOCKS_DIFFER = timedelta(minutes=10)


def begin(state: OperationState, options: WaitOptions) -> None:
    """Set the deadline, unless it is set, and the time of the first poll."""
    if state.deadline is None:
        state.deadline = state.waited_from + options.timeout
    state.next_poll = min(max(state.next_poll, state.waited_from + options.delay), state.deadline)


def count_from_start(
    state: OperationState, options: WaitOptions, now: float, api: datetime, machine: datetime
) -> Optional[str]:
    """Record when an operation began, from its first response only: later ones may come from another clock.

    With C(timeout_from: operation), set the deadline from then. api: the time in the API's Date header. machine: this
    machine's time. Return a warning if the start is doubtful.
    """
    if state.began is not None:
        return None
    first_poll = now if state.first_poll is None else state.first_poll
    state.began, doubt = state.waited_from, None
    if state.operation.started_at is not None:
        age, doubt = age_of(state.operation.started_at, api, machine)
        state.began = first_poll if age is None else now - age
    if options.timeout_from != "operation":
        return None
    state.deadline = min(state.began, first_poll) + options.timeout
    return doubt


def has_passed(state: OperationState, began: float, now: float) -> bool:
    """Return whether the deadline of an operation has passed. began: when its last poll started."""
    return began >= state.ends_by or now >= state.ends_by + LAST_POLLS


def end_of(state: OperationState, in_flight: bool, options: WaitOptions, api_timeout: float) -> float:
    """Return when the wait for an operation ends. A first poll has longer; with timeout 0, all polls are first ones."""
    end = state.ends_by + LAST_POLLS
    first = not state.answered and (in_flight or not options.timeout)
    return end + api_timeout if first else end


def age_of(started: datetime, api: datetime, machine: datetime) -> Tuple[Optional[float], Optional[str]]:
    """Return the age of an operation in seconds (None if it is negative by both clocks), and a warning if doubtful.

    started: from the API. api: the time in the API's Date header. machine: this machine's time. Either clock can be
    wrong, a cache can send an old Date, and a start can be in local time. Of two possible ages, the younger one counts,
    which makes a wait longer but never endless.
    """
    ages = [max(now - started, timedelta()) for now in (api, machine) if now - started >= -_SKEW]
    if not ages:
        return None, (
            f"An operation's start ({started:%Y-%m-%d %H:%M:%S} UTC) is in the future. "
            "timeout counts from its first poll instead."
        )
    doubt = None
    if abs(api - machine) > _CLOCKS_DIFFER:
        minutes = abs(api - machine) // timedelta(minutes=1)
        doubt = (
            f"The API's clock and this machine's clock differ by {minutes} minutes. "
            "timeout counts from the start of an operation by the clock that makes it younger."
        )
    return min(ages).total_seconds(), doubt
