# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Refuse options with a wrong type or name, with better messages than Ansible's own later validation. Pure.

Ansible names Python's types but not the element of a list. The messages here contain no value, which may be a misplaced
secret. Private to this collection.
"""

from __future__ import annotations

import difflib
from typing import Any, Callable, Dict, List, Mapping, Tuple

from ansible.module_utils.common.validation import check_type_dict

from .._auth.shown_options import is_boolean, names_shown
from .._model.errors import InputError, located, one_of
from .._model.registered import advice_on
from .._model.text import type_of
from .number_options import check_number

Option = Mapping[str, Any]
Spec = Mapping[str, Option]
_ELEMENT = {"operations": "operation", "groups": "group"}


def check_types(given: Mapping[Any, Any], spec: Spec, prefix: str = "") -> None:
    """Raise InputError for the first value of a wrong type. Ansible checks names at the top level.

    prefix: of the options, such as C(auth.).
    """
    known = _with_aliases(spec)
    for name, value in given.items():
        if name in known:
            _check_value(f"{prefix}{name}", value, known[name])


def _with_aliases(spec: Spec) -> Dict[str, Option]:
    return {each: option for name, option in spec.items() for each in (name, *(option.get("aliases") or ()))}


def _check_value(name: str, value: Any, option: Option) -> None:
    kind = option.get("type", "str")
    if value is None and not option.get("required") and (option.get("default") is None or kind == "raw"):
        return
    wanted, fits = _TYPES.get(kind, ("", lambda _value: True))
    if not fits(value):
        raise InputError(f"{name} must be {wanted}, not {type_of(value)}.{_hint(name, value)}")
    check_number(name, value, option)
    if kind == "list":
        _check_list(name, value, option)
    elif "options" in option:
        _check_inner(name, check_type_dict(value), option["options"], f"{name}.")


def _hint(name: str, value: Any) -> str:
    """Return a sentence about what to pass instead of a registered result, or ""."""
    if name not in ("operations", "operation_id", "request_id", "action_id", "resource_id", "server_id"):
        return ""
    advice = advice_on("It", value)
    return f" {advice}" if advice else ""


def _check_list(name: str, value: Any, option: Option) -> None:
    given = value.split(",") if isinstance(value, str) else value  # as Ansible does
    elements: List[Any] = list(given) if isinstance(given, (list, tuple)) else [given]
    wanted, fits = _TYPES.get(option.get("elements", "str"), ("", lambda _value: True))
    if given is not value and not all(map(fits, elements)):
        raise InputError(f"{name} must be a list, not text.")
    for number, each in enumerate(elements, start=1):
        who = _place(name, number, len(elements))
        if not fits(each):
            raise InputError(f"{who or name} must be {wanted}, not {type_of(each)}.")
        if "options" in option:
            inner = check_type_dict(each)
            advice = advice_on(who or name, inner) if name == "operations" and set(inner) - set(_ids(option)) else None
            if advice:
                raise InputError(advice)
            with located(who):
                _check_inner(name, inner, option["options"])


def _ids(option: Option) -> List[str]:
    return list(_with_aliases(option["options"]))


def _place(name: str, number: int, count: int) -> str:
    if name == "groups":
        return f"group {number}"
    return one_of(_ELEMENT.get(name, name), number, count)


def _check_inner(name: str, given: Mapping[Any, Any], spec: Spec, prefix: str = "") -> None:
    known = _with_aliases(spec)
    unknown = [each for each in given if each not in known]
    if unknown:
        raise InputError(
            f"{names_shown(unknown)} is not an option of {name}.{_meant(unknown[0], known)} "
            f"Known options are {', '.join(sorted(spec))}."
        )
    for each in spec:
        if spec[each].get("required") and given.get(each) is None:
            raise InputError(f"{prefix}{each} is missing.")
    check_types(given, spec, prefix)
    for each, value in given.items():
        choices = known[each].get("choices")
        if choices and value is not None and value not in choices:
            raise InputError(f"{prefix}{each} must be one of {', '.join(map(str, choices))}.")


def _meant(unknown: Any, known: Mapping[str, Option]) -> str:
    close = difflib.get_close_matches(str(unknown)[:60], known, n=1)
    return f" Perhaps you meant {close[0]}." if close else ""


def _is_number(value: Any) -> bool:
    try:
        float(value)
    except OverflowError:
        return True  # check_number refuses it
    except (TypeError, ValueError):
        return False
    return True


def _is_dict(value: Any) -> bool:
    try:
        check_type_dict(value)
    except (TypeError, ValueError):
        return False
    return True


def _is_plain(value: Any) -> bool:
    return value is not None and not isinstance(value, (Mapping, list, tuple))


_TYPES: Dict[str, Tuple[str, Callable[[Any], bool]]] = {
    "bool": ("true or false", is_boolean),
    "dict": ("a dictionary", _is_dict),
    "float": ("a number", _is_number),
    "int": ("a number", _is_number),
    "list": ("a list", lambda value: value is not None and not isinstance(value, Mapping)),
    "path": ("text", _is_plain),
    "str": ("text", _is_plain),
}
