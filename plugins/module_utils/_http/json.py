# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""JSON as it may come from a cloud: what other readers would stumble over later is refused here. Pure.

Private to this collection. Nothing of ours is imported here.
"""

from __future__ import annotations

import json
import re
from typing import Any, Dict, Iterable, List, NoReturn, Tuple

DEEPEST = 64  # levels; a reader that goes down by recursion stands more
_DIGITS = 300  # of a whole number: it still fits a double, and reading very many takes long
_ESCAPES = re.compile(
    r"\\\\|\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(\\u[dD][89a-fA-F][0-9a-fA-F]{2})"
)


def parse(text: str) -> Any:
    """Read JSON. Raises ValueError for what is none, for NaN and what is infinite, for what is nested too deep, and for
    an object that says two things of one name: another reader would take the other one.

    Half of a surrogate pair, which no encoding can write again, becomes U+FFFD.
    """
    if r"\ud" in text or r"\uD" in text:
        text = _ESCAPES.sub(lambda match: r"\ufffd" if match.group(1) else match.group(), text)
    try:
        value = json.loads(
            text, parse_constant=_refused, parse_float=_finite, parse_int=_whole, object_pairs_hook=_object
        )
    except RecursionError as exc:
        raise ValueError("nested too deep") from exc
    if text.count("[") + text.count("{") > DEEPEST and _depth(value) > DEEPEST:
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
    if len(found) < len(pairs):
        for name, value in pairs:
            if found[name] != value:
                raise ValueError(f"two values of {name[:20]}")
    return found


def _depth(value: Any) -> int:
    """How many lists and objects are within each other, counted up to one more than is allowed."""
    level, depth = [value], 1
    while depth <= DEEPEST:
        level = [each for parent in level for each in _containers(parent)]
        if not level:
            break
        depth += 1
    return depth


def _containers(value: Any) -> List[Any]:
    inner: Iterable[Any] = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [each for each in inner if isinstance(each, (dict, list))]
