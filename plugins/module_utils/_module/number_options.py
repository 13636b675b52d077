# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Refuse numbers that break Ansible's validation, and read durations. Pure.

Private to this collection.
"""

from __future__ import annotations

import math
from typing import Any, Dict, Mapping

from .._model.durations import duration_option
from .._model.errors import InputError, located
from .argspec import DURATIONS


def check_number(name: str, value: Any, option: Mapping[str, Any]) -> None:
    """Refuse a number that cannot be converted, or not quickly. Raises InputError, which does not quote it."""
    if _breaks(value, option.get("type")):
        raise InputError(
            f"{name} is infinite, not a number, or hundreds of digits long. "
            f"Give a number, such as {option.get('default') or 30}."
        )


def read_durations(given: Dict[str, Any], spec: Mapping[str, Mapping[str, Any]]) -> None:
    """Replace durations by seconds, also in groups. Raises InputError with the number of the group.

    given: the options after Ansible's validation.
    """
    for name in DURATIONS & set(spec):
        if given.get(name) is not None or spec[name].get("default") is not None:
            given[name] = duration_option(name, given.get(name))
    for number, group in enumerate(given.get("groups") or [], start=1):
        with located(f"group {number}"):
            read_durations(group, spec["groups"]["options"])


def _breaks(value: Any, kind: Any) -> bool:
    if kind not in ("int", "float") or (kind == "int" and isinstance(value, int)):
        return False
    try:
        return not math.isfinite(float(value)) and kind == "int"
    except OverflowError:
        return True
    except (TypeError, ValueError):
        return False
