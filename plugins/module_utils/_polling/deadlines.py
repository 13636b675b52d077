# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""When the wait for an operation ends. Pure: moments are seconds since the wait began.

A deadline is set once, and is never later than the first poll + timeout. Private to this collection.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Optional, Tuple

from .outcome import WaitOptions
from .state import OperationState

LAST_POLLS = 2.0  # seconds past the deadline in which the last polls must have come back; first ones have longer
_SKEW = timedelta(minutes=1)  # clocks of the hosts of one cloud may differ by some seconds
_CLOCKS_DIFFER = timedelta(minutes=10)


def begin(state: OperationState, options: WaitOptions) -> None:
    """Set the deadline of an operation that has none, and when it is polled first."""
    if state.deadline is None:
        state.deadline = state.waited_from + options.timeout
    state.next_poll = min(max(state.next_poll, state.waited_from + options.delay), state.deadline)


def count_from_start(
    state: OperationState, options: WaitOptions, now: float, api: datetime, machine: datetime
) -> Optional[str]:
    """Note once, with the first answer, when an operation began, as later ones may have another clock.

    With C(timeout_from: operation) its deadline counts from then. api: the time by the API's Date header. machine: the
    time by this machine's clock. Return what is doubtful about it, as a sentence for a warning.
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
    """Whether an operation is given up. began: when its last poll started."""
    return began >= state.ends_by or now >= state.ends_by + LAST_POLLS


def end_of(state: OperationState, in_flight: bool, options: WaitOptions, api_timeout: float) -> float:
    """Return when an operation is given up. A first poll has longer; a timeout of 0 is for first polls only."""
    end = state.ends_by + LAST_POLLS
    first = not state.answered and (in_flight or not options.timeout)
    return end + api_timeout if first else end


def age_of(started: datetime, api: datetime, machine: datetime) -> Tuple[Optional[float], Optional[str]]:
    """Return the age of an operation in seconds, and what is doubtful about it, as a sentence for a warning.

    started: as the API says. api: the time by the API's Date header. machine: the time by this machine's clock. Either
    clock can be wrong, a Date can come from a cache, a start can be in local time. An age below zero cannot be right.
    Of two possible ages the younger counts: it makes a wait longer, never endless. None: both are below zero.
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
