# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Refuse the numbers that break Ansible's validation of options, before it validates them. Pure.

Private to this collection.
"""

from __future__ import annotations

import math
from typing import Any, Iterator, Mapping

from ansible.module_utils.common.validation import check_type_dict

from .._model.errors import InputError


def check_numbers(given: Mapping[str, Any], spec: Mapping[str, Mapping[str, Any]], within: str = "") -> None:
    """Refuse what cannot become a number, or takes minutes to convert.

    within: the option that these are part of, as a sentence names it. Raises InputError, which names the option and not
    the value: that may be a misplaced secret.
    """
    for name, option in spec.items():
        for each in (name, *(option.get("aliases") or ())):
            value = given.get(each)
            for inner in _dicts(value, option["type"]) if "options" in option else ():
                check_numbers(inner, option["options"], f" in {each}")
            if _breaks(value, option.get("type")):
                raise InputError(
                    f"{each}{within} is infinite, no number, or hundreds of digits long: "
                    f"give a number, such as {option.get('default') or 30}, or leave it out."
                )


def _dicts(value: Any, kind: str) -> Iterator[Mapping[str, Any]]:
    """Yield the dicts of an option as Ansible will read them. Ansible itself refuses what is no dict."""
    if kind == "list" and isinstance(value, str):
        value = value.split(",")
    for each in value if kind == "list" and isinstance(value, (list, tuple)) else [value]:
        try:
            yield check_type_dict(each)
        except TypeError:
            continue


def _breaks(value: Any, kind: Any) -> bool:
    if kind not in ("int", "float") or (kind == "int" and isinstance(value, int)):
        return False
    if isinstance(value, (list, tuple)):  # decimal reads a number from sign, digits and exponent
        return kind == "int" and len(value) > 1
    try:
        return not math.isfinite(float(value)) and kind == "int"
    except OverflowError:
        return True
    except (TypeError, ValueError):
        return False
