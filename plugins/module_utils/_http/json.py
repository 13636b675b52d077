# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Parse JSON, and refuse values that break other code later. Pure.

Private to this collection. It imports nothing else of the collection.
"""

from __future__ import annotations

import json
import re
from typing import Any, Dict, List, NoReturn, Tuple

DEEPEST = 64  # levels of nesting; recursive code fails at about 1,000
_DIGITS = 300  # of an integer; it fits a double, and older Pythons parse very long ones slowly
_SURROGATES = re.compile(
    r"\\\\|\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(\\u[dD][89a-fA-F][0-9a-fA-F]{2})"
)


def parse(text: str) -> Any:
    """Return the value of a JSON text.

    A lone surrogate, which UTF-8 cannot encode, becomes U+FFFD. Raises ValueError for invalid JSON, NaN, numbers too
    large for a double, nesting beyond DEEPEST, and an object with different values for one name, which parsers treat
    differently.
    """
    if r"\ud" in text or r"\uD" in text:
        text = _SURROGATES.sub(lambda match: r"\ufffd" if match.group(1) else match.group(), text)
    try:
        value = json.loads(
            text, parse_constant=_refused, parse_float=_finite, parse_int=_whole, object_pairs_hook=_object
        )
    except RecursionError as exc:
        raise ValueError("nested too deep") from exc
    if text.count("[") + text.count("{") > DEEPEST and _deeper(value, DEEPEST):
        raise ValueError("nested too deep")
    return value


def _refused(digits: str) -> NoReturn:
    raise ValueError(f"{digits[:20]} is not JSON, or too large")


def _finite(digits: str) -> float:
    number = float(digits)
    return number if abs(number) != float("inf") else _refused(digits)


def _whole(digits: str) -> int:
    return int(digits) if len(digits) <= _DIGITS else _refused(digits)


def _object(pairs: List[Tuple[str, Any]]) -> Dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs) and any(found[name] != value for name, value in pairs):
        raise ValueError("two values of one name")
    return found


def _deeper(value: Any, levels: int) -> bool:
    """Return whether lists and objects are nested deeper than these levels."""
    inner = value.values() if isinstance(value, dict) else value
    return levels == 0 or any(_deeper(each, levels - 1) for each in inner if isinstance(each, (dict, list)))
