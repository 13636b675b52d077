# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Parse the dates of HTTP headers such as Date and Retry-After (RFC 9110), and track an API's clock.

Private to this collection.
"""

from __future__ import annotations

import time
from datetime import datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from typing import Mapping, Optional, Tuple

_CLOCK_OFF = timedelta(minutes=10)  # AK/SK signatures are valid for 15
_LAST_YEAR = 9000  # later dates overflow in calculations


class ApiClock:
    """The clock of an API, set by the Date headers of its responses. Threads may share it."""

    def __init__(self) -> None:
        self._last: Optional[Tuple[datetime, float]] = None  # the API's time, and time.monotonic() then

    def set(self, date: Optional[datetime]) -> None:
        """Set the clock. None does not change it."""
        if date:
            self._last = date, time.monotonic()

    def now(self) -> datetime:
        """Return the API's time in UTC; before the first response, this machine's time."""
        if self._last is None:
            return datetime.now(timezone.utc)
        date, then = self._last
        return date + timedelta(seconds=time.monotonic() - then)


def http_date(value: Optional[str]) -> Optional[datetime]:
    """Return an HTTP date in UTC; None for any other value, and for a year that overflows in calculations."""
    try:
        moment = parsedate_to_datetime(value or "")
        moment = moment.astimezone(timezone.utc) if moment.tzinfo else moment.replace(tzinfo=timezone.utc)
    except (TypeError, ValueError, IndexError, OverflowError):
        return None
    return moment if moment.year < _LAST_YEAR else None


def parse_retry_after(value: Optional[str], now: Optional[datetime] = None) -> Optional[float]:
    """Return the seconds of a Retry-After header, a number or an HTTP date; None for any other value."""
    if not value:
        return None
    if value.strip().isascii() and value.strip().isdigit():
        return float(value.strip()[:9])
    moment = http_date(value)
    return max(0.0, (moment - (now or datetime.now(timezone.utc))).total_seconds()) if moment else None


def retry_after(headers: Mapping[str, str]) -> Optional[float]:
    """Return the seconds of the Retry-After header. A date is compared with the Date of the same response."""
    return parse_retry_after(headers.get("Retry-After"), http_date(headers.get("Date")))


def clock_off(date: datetime) -> str:
    """Return a sentence if this machine's clock is so wrong that the API refuses signatures; else "".

    date: from the API's response.
    """
    ahead = date - datetime.now(timezone.utc)
    if abs(ahead) < _CLOCK_OFF:
        return ""
    side = "behind" if ahead > timedelta() else "ahead of"
    minutes = abs(ahead) // timedelta(minutes=1)
    return f" This machine's clock is {minutes} minutes {side} the API's, so the signature is invalid. Set the clock."
