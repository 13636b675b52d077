# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Parse times of the APIs, and format times of results. Pure.

Private to this collection.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone
from typing import Any, Optional

_TIME = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?\s*(Z|[+-]\d\d:?\d\d)?(?:\s*UTC)?",
    re.ASCII | re.IGNORECASE,
)
_MAX_LENGTH = 64  # characters; a longer text is not a time
_NUMBER = re.compile(r"\d{1,15}", re.ASCII)
_IN_MILLISECONDS = 1e11  # a larger number is in milliseconds: in seconds it would be the year 5138
_UTC = timedelta()
_LATEST = 253402300799  # seconds; the end of the year 9999


def parse_time(value: Any, utc_offset: timedelta = _UTC) -> Optional[datetime]:
    """Parse a time of an API. Without a zone it is UTC (Nova, ECL); Go writes "+0000 UTC" (CCE).

    utc_offset: of the API's local time, for a time without a zone. Returns an aware datetime in UTC, or None for any
    other value.
    """
    match = _TIME.fullmatch(value.strip()) if isinstance(value, str) and len(value) <= _MAX_LENGTH else None
    if not match:
        return None
    fraction, zone = match.group(7, 8)
    microseconds = int((fraction or "0")[:6].ljust(6, "0"))
    try:
        year, month, day, hour, minute, second = (int(part) for part in match.groups()[:6])
        moment = datetime(year, month, day, hour, minute, second, microseconds, timezone.utc)
        if zone is None:
            moment -= utc_offset
        elif zone.upper() != "Z":
            moment -= offset_of(zone)
    except (ValueError, OverflowError):
        return None
    return moment


def offset_of(zone: str) -> timedelta:
    """Return the offset of a zone such as +02:00 or -0700."""
    offset = timedelta(hours=int(zone[1:3]), minutes=int(zone[-2:]))
    return -offset if zone[0] == "-" else offset


def any_time(value: Any, utc_offset: timedelta = _UTC) -> Optional[datetime]:
    """Parse a time as C(parse_time) does, or seconds or milliseconds since 1970, as a number or text."""
    digits = value.strip() if isinstance(value, str) and len(value) <= _MAX_LENGTH else value
    if isinstance(digits, str) and _NUMBER.fullmatch(digits):
        digits = int(digits)
    if isinstance(digits, bool) or not isinstance(digits, (int, float)):
        return parse_time(value, utc_offset)
    if not 0 < digits <= _LATEST * 1000:  # checked first: dividing a very large number fails
        return None
    seconds = digits / 1000 if digits > _IN_MILLISECONDS else digits
    return datetime.fromtimestamp(seconds, timezone.utc) if seconds <= _LATEST else None


def format_time(moment: Optional[datetime]) -> Optional[str]:
    """Return ISO 8601 in UTC with a Z, and fractions of a second only if there are some."""
    return moment.isoformat().replace("+00:00", "Z") if moment else None


def timestamp(moment: Optional[datetime]) -> float:
    """Return a sort key. An unknown time comes first."""
    return moment.timestamp() if moment else 0.0


def seconds_between(start: Optional[datetime], end: Optional[datetime]) -> Optional[float]:
    """Return the seconds from start to end; None if one is unknown or the end is before the start."""
    if start is None or end is None or end < start:
        return None
    return round((end - start).total_seconds(), 3)
