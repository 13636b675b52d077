# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Read durations: seconds as a number, or text such as 90s, 10m, 1h30m and 1d. Pure.

Private to this collection.
"""

from __future__ import annotations

import math
import re
from typing import Any, Optional, Union

from .errors import InputError
from .text import type_of

_DURATION = re.compile(r"(?:(\d{1,9})d)?(?:(\d{1,9})h)?(?:(\d{1,9})m)?(?:(\d{1,9})s)?", re.ASCII)
_SECONDS = (86400, 3600, 60, 1)  # in a day, an hour, a minute and a second
_NUMBER = re.compile(r"[+-]?(?:\d{1,300}(?:\.\d{0,300})?|\.\d{1,300})(?:e[+-]?\d{1,4})?", re.ASCII | re.IGNORECASE)
_MAX_LENGTH = 700  # characters; a longer text is not parsed
# Invalid durations that are safe to quote in an error, because they are not misplaced secrets.
_ATTEMPT = re.compile(
    r"[+-]?\d{1,9}(?:[.,]\d{1,3})? ?"
    r"(?:s(?:ec(?:ond)?s?)?|m(?:in(?:ute)?s?)?|h(?:(?:ou)?rs?)?|d(?:ays?)?|w(?:eeks?)?|ms)"
    r"|[+-]?inf(?:inity)?|nan|\d{1,3}:\d\d(?::\d\d)?",
    re.ASCII | re.IGNORECASE,
)
Seconds = Union[int, float]


def seconds_in(value: Any) -> Optional[Seconds]:
    """Return the seconds of a duration; None for any other value.

    value: a number, a number as text, or whole numbers with the units d, h, m, s in this order. A number that is too
    large for a float becomes infinite. The range is not checked.
    """
    if isinstance(value, bool):
        return None
    if isinstance(value, (int, float)):
        return _within_floats(value)
    if not isinstance(value, str) or len(value) > _MAX_LENGTH:
        return None
    text = value.strip()
    if _NUMBER.fullmatch(text):
        return _within_floats(int(text) if text.lstrip("+-").isdigit() else float(text))
    match = _DURATION.fullmatch(text) if text else None
    return sum(int(count or 0) * unit for count, unit in zip(match.groups(), _SECONDS)) if match else None


def duration_option(name: str, value: Any) -> Seconds:
    """Return the seconds of an option. Raises InputError for other values, without quoting a possible secret."""
    found = seconds_in(value)
    if found is None:
        raise InputError(f"{name} must be seconds, or a duration such as 10m or 1h30m, not {_shown(value)}.")
    return found


def _within_floats(value: Seconds) -> Seconds:
    try:
        float(value)
        return value
    except OverflowError:
        return math.copysign(math.inf, value > 0 or -1)


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if not isinstance(value, str):
        return type_of(value)
    return value.strip() if _ATTEMPT.fullmatch(value.strip()) else "other text" if value.strip() else "empty text"
