# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The change feed: which operations to poll now, as one request tells of all servers that moved. Pure.

A feed only says what to poll; every verdict comes from a poll. So a feed that lies can make a gate late, never wrong.
Private to this collection.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple, Optional

from .state import FeedState, OperationState

HANDFUL = 5  # operations that are polled one by one all the same
FRESH = 30.0  # seconds: a feed that was silent for longer is not relied on
_TICK = 2.0  # seconds between two requests, at least
_DEEP = 30.0  # seconds between two requests that reach back further
# Times are in whole seconds, changes are committed late, and one cloud has several API hosts with a clock each.
_OVERLAP = timedelta(seconds=5)
_DEEP_OVERLAP = timedelta(minutes=2)
_SAFETY_MARGIN = 20.0  # seconds later than without a feed
_SAFETY_MOST = 300.0  # seconds between two polls of an operation that the feed shows busy
_SAFETY_EACH = 1.0  # seconds for each operation, which keeps the polls of a thousand within a few a second


class Change(NamedTuple):
    """A resource as the feed shows it.

    row: all that tells one state of it from another. busy: whether it shows work; None if that cannot be told.
    """

    resource_id: str
    row: str
    busy: Optional[bool]


def since(feed: FeedState, earliest: Optional[datetime], now: float) -> Optional[datetime]:
    """Return from when on changes are to be asked for; None as long as nothing is known of any operation.

    earliest: when the first of the operations began that are waited for, on the API's clock.
    """
    if feed.cursor is None or feed.reach is None:
        return earliest - _OVERLAP if earliest else None
    if now < feed.next_deep:
        return feed.cursor - _OVERLAP
    deep = feed.cursor - _DEEP_OVERLAP
    return min(deep, earliest - _OVERLAP) if earliest and earliest - _OVERLAP < feed.reach else deep


def answered(feed: FeedState, asked_from: datetime, asked_at: datetime, now: float) -> None:
    """Note how far the feed is known. asked_at: when the request was sent, on the API's clock."""
    feed.last_tick = now
    feed.cursor = max(asked_at, feed.cursor or asked_at)
    if feed.reach is None or now >= feed.next_deep:
        feed.next_deep = now + _DEEP
    feed.reach = min(asked_from, feed.reach or asked_from)


def interval(youngest: float, count: int) -> float:
    """Return the seconds between two requests. youngest: the poll interval of the youngest of so many operations."""
    return min(max(_TICK, youngest / max(count, 1)), max(_TICK, youngest))


def covers(feed: FeedState, now: float) -> bool:
    """Whether the feed has answered lately."""
    return feed.refused is None and feed.last_tick is not None and now - feed.last_tick <= FRESH


def take_in(operation: OperationState, change: Change, now: float) -> bool:
    """Note what the feed shows of the resource of an operation. Return whether the operation is to be polled now."""
    if change.row == operation.row:
        return False
    operation.row, operation.busy = change.row, bool(change.busy)
    operation.at_rest = None if change.busy else now
    return True


def forget(operation: OperationState) -> None:
    """Poll an operation as if there were no feed."""
    operation.row, operation.busy, operation.at_rest = None, False, None


def poll_interval(operation: OperationState, own: float, after_rest: float, count: int) -> float:
    """Return the seconds until an operation is polled again that the feed has shown.

    own: without a feed. after_rest: of an operation that began when the resource came to rest. count: operations that
    are waited for.
    """
    if operation.busy:
        return max(own, min(_SAFETY_MOST, max(own + _SAFETY_MARGIN, count * _SAFETY_EACH)))
    return min(own, after_rest) if operation.at_rest is not None else own
