# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Paths of fields in a response, and paths of URLs with placeholders. Pure.

Private to this collection.
"""

from __future__ import annotations

import re
from typing import Any, Callable, List, Mapping, Optional, Tuple
from urllib.parse import parse_qsl

from .._model.errors import UNEXPECTED_DATA_ERRORS, InputError, LibraryMissing, ProtocolError

Reader = Callable[[Any], Any]
Location = Tuple[Tuple[str, ...], Tuple[Tuple[str, str], ...]]  # the segments of a path, and a query

# The subset of JMESPath that needs no library. It is enough for the built-in providers.
_WAY = r"(?:[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*|'[^'\\]*'|@)"
_PLAIN = re.compile(rf"{_WAY}(?: \|\| {_WAY})*", re.ASCII)
_SLASH = re.compile("%2f", re.IGNORECASE)
_BEFORE_QUOTE = ", for expression"  # in jmespath's messages, before a line with the expression
_PLACE = re.compile(r"\{(\w*)\}", re.ASCII)


def text(body: Mapping[str, Any], name: str) -> Optional[str]:
    """Return a field as text; None if it is empty, absent, an object or a list."""
    value = body.get(name)
    if value is None or value == "" or isinstance(value, (dict, list)):
        return None
    return str(value)


def reader(expression: str, name: str) -> Reader:
    """Return a function that reads a field of a JSON body: names with dots, C(a.b || c.d), or any JMESPath.

    name: the option with the expression. Raises InputError for invalid JMESPath, and LibraryMissing.
    """
    if not _PLAIN.fullmatch(expression):
        return _jmespath(expression, name)
    ways = expression.split(" || ")

    def read(body: Any) -> Any:
        found = None
        for way in ways:
            found = way[1:-1] if way[0] == "'" else body if way == "@" else _walk(body, way.split("."))
            if _is_true(found):
                break
        return found

    return read


def _walk(body: Any, names: List[str]) -> Any:
    for name in names:
        body = body.get(name) if isinstance(body, dict) else None
    return body


def _is_true(value: Any) -> bool:
    """Return the truth of a value as JMESPath defines it: 0 is true."""
    return value is not None and value is not False and value not in ("", [], {})


def _jmespath(expression: str, name: str) -> Reader:
    try:
        import jmespath
    except ImportError as exc:
        raise LibraryMissing("jmespath", f"to read {name}, which has more than names with dots") from exc
    try:
        compiled = jmespath.compile(expression)
    except (jmespath.exceptions.JMESPathError, RecursionError, ValueError) as exc:
        raise InputError(f"{name} is not JMESPath: {_first_line(exc)}") from exc

    def read(body: Any) -> Any:
        try:
            return compiled.search(body)
        except (jmespath.exceptions.JMESPathError, *UNEXPECTED_DATA_ERRORS) as exc:
            raise ProtocolError(f"{name} cannot be read from the API's answer: {_first_line(exc)}") from exc

    return read


def _first_line(exc: Exception) -> str:
    said = (str(exc).strip().splitlines() or [type(exc).__name__])[0].rstrip(":")
    return said[: -len(_BEFORE_QUOTE)] if said.endswith(_BEFORE_QUOTE) else said


def check_template(template: str, name: str, places: Tuple[str, ...]) -> None:
    """Refuse a template with unknown placeholders, or one that could leave the endpoint. Raises InputError."""
    if template != template.strip() or "://" in template or template.startswith("//") or "#" in template:
        raise InputError(f"{name} must be a path below endpoint, such as /v1/operations/{{operation_id}}.")
    if any(part in (".", "..") for part in template.split("?")[0].split("/")):
        raise InputError(f"{name} must not contain . or .. as a part of its path.")
    for place in _PLACE.findall(template):
        if place not in places:
            known = " and ".join(f"{{{each}}}" for each in places) or "none"
            raise InputError(f"{name} has the unknown placeholder {{{place}}}. Known are {known}.")
    if re.search(r"[{}]", _PLACE.sub("", template)):
        raise InputError(f"{name} has an unmatched brace.")


def fill(template: str, values: Mapping[str, Optional[str]]) -> Location:
    """Return the path segments and the query of a template with these values.

    A value may contain several segments, as C(operations/7), or a quoted slash, as C(group%2Fproject). A last segment
    "" stands for a slash at the end. A query parameter without a value is dropped. Raises InputError if a placeholder
    of the path has no value.
    """
    path, _mark, query = template.partition("?")
    segments: List[str] = []
    for part in path.strip("/").split("/") if path.strip("/") else ():
        for place in _PLACE.findall(part):
            if not values.get(place):
                raise InputError(f"{place} is missing: it is part of the URL.")
        filled = _PLACE.sub(lambda match: str(values[match.group(1)]), part)
        segments += [_SLASH.sub("/", each) for each in filled.strip("/").split("/")]
    if path.endswith("/"):
        segments.append("")
    pairs = []
    for key, value in parse_qsl(query, keep_blank_values=True):
        if all(values.get(place) for place in _PLACE.findall(value)):
            pairs.append((key, _PLACE.sub(lambda match: str(values[match.group(1)]), value)))
    return tuple(segments), tuple(pairs)
