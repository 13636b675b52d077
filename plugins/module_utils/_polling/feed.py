# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The change feed: one request shows which servers changed, and so which operations to poll now. Pure.

Every state comes from a poll, so a wrong feed can delay the gate but never open it wrongly.
Private to this collection.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple, Optional

from .state import FeedState, OperationState

FEW = 5  # up to this number of operations, the feed is not used
FRESH = 30.0  # seconds; an older answer of the feed is not used
_TICK = 2.0  # minimum of seconds between two requests
_DEEP = 30.0  # seconds between two requests with a longer overlap
# Times have whole seconds, changes are committed late, and the clocks of API hosts differ.
_OVERLAP = timedelta(seconds=5)
_DEEP_OVERLAP = timedelta(minutes=2)
_SAFETY_MARGIN = 20.0  # seconds added to the poll interval of a busy server's operation
_SAFETY_MOST = 300.0  # maximum of seconds between two polls of such an operation
_SAFETY_EACH = 1.0  # seconds for each operation, so that a thousand cause few polls per second


class Change(NamedTuple):
    """A resource in the feed.

    row: text that differs between two states. busy: whether the cloud works on the resource; None if unknown.
    """

    resource_id: str
    row: str
    busy: Optional[bool]


def since(feed: FeedState, earliest: Optional[datetime], now: float) -> Optional[datetime]:
    """Return the start of the next request's time range; None while the start of all operations is unknown.

    earliest: start of the first unfinished operation, on the API's clock.
    """
    if feed.cursor is None or feed.reach is None:
        return earliest - _OVERLAP if earliest else None
    if now < feed.next_deep:
        return feed.cursor - _OVERLAP
    deep = feed.cursor - _DEEP_OVERLAP
    return min(deep, earliest - _OVERLAP) if earliest and earliest - _OVERLAP < feed.reach else deep


def answered(feed: FeedState, asked_from: datetime, asked_at: datetime, now: float) -> None:
    """Record the time range that the feed covers. asked_at: when the request was sent, on the API's clock."""
    feed.last_tick = now
    feed.cursor = max(asked_at, feed.cursor or asked_at)
    if feed.reach is None or now >= feed.next_deep:
        feed.next_deep = now + _DEEP
    feed.reach = min(asked_from, feed.reach or asked_from)


def interval(youngest: float, count: int) -> float:
    """Return the seconds between two requests. youngest: poll interval of the youngest of count operations."""
    return min(max(_TICK, youngest / max(count, 1)), max(_TICK, youngest))


def covers(feed: FeedState, now: float) -> bool:
    """Return whether the feed has answered recently."""
    return feed.refused is None and feed.last_tick is not None and now - feed.last_tick <= FRESH


def take_in(operation: OperationState, change: Change, now: float) -> bool:
    """Record the change of an operation's resource. Return whether to poll the operation now."""
    if change.row == operation.row:
        return False
    operation.row, operation.busy = change.row, bool(change.busy)
    operation.at_rest = None if change.busy else now
    return True


def forget(operation: OperationState) -> None:
    """Reset the feed's state of an operation."""
    operation.row, operation.busy, operation.at_rest = None, False, None


def poll_interval(operation: OperationState, own: float, after_rest: float, count: int) -> float:
    """Return the poll interval, in seconds, of an operation whose resource is in the feed.

    own: without a feed. after_rest: of an operation that began when the resource stopped being busy. count: number of
    unfinished operations.
    """
    if operation.busy:
        return max(own, min(_SAFETY_MOST, max(own + _SAFETY_MARGIN, count * _SAFETY_EACH)))
    return min(own, after_rest) if operation.at_rest is not None else own
