# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Find mistakes in the JMESPath of a definition, which JMESPath itself accepts or explains badly. Pure.

Private to this collection.
"""

from __future__ import annotations

import re
from typing import Any, Callable, Tuple, TypeVar

from ..._auth.shown_options import is_name
from ..._model.errors import InputError
from ..._model.text import type_of

_Read = TypeVar("_Read")

_TEXT_OR_LITERAL = re.compile(r"'(?:[^'\\]|\\.)*'|`(?:[^`\\]|\\.)*`", re.DOTALL)
_QUOTED_NAME = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)
_BARE_LITERAL = re.compile(r"(?<![\w.@$-])(true|false|null)(?![\w(:-])", re.IGNORECASE)
_COMPARED_NAME = re.compile(r'(?:==|!=)\s*("[\w -]*")', re.ASCII)
# Hints that end a sentence about invalid JMESPath, by the mistake. The first that fits counts.
_NAMES = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*", re.ASCII)
_SHOWN = 10  # names of fields in a message
_HINTS: Tuple[Tuple["re.Pattern[str]", str], ...] = (
    (re.compile(r"(?:==|!=|[<>]=?)\s*-?\d"), "Write a number in backticks, such as `0`."),
    (re.compile(r"(?<![=!<>])=(?!=)"), "Write == to compare."),
    (re.compile(r"\s(?:and|or|not)\s|^not\s", re.IGNORECASE), "Write && for and, ! for not, two bars for or."),
    (re.compile(r"[@#$]\w|\w[@#$-]\w"), 'Write a name with special characters in double quotes, as "@odata.id".'),
)


def checked(expression: str, name: str, read: Callable[[str, str], _Read]) -> _Read:
    """Return what C(read) makes of an expression. Raises InputError with a hint for a mistake, and LibraryMissing.

    name: the option with the expression.
    """
    code = _TEXT_OR_LITERAL.sub("''", expression)
    compared = _COMPARED_NAME.search(code)
    if compared:
        text = compared[1][1:-1]
        raise InputError(
            f"{name} compares with {compared[1]}, which is the name of a field. Write '{text}' in single quotes."
        )
    bare = _QUOTED_NAME.sub("''", code)
    literal = _BARE_LITERAL.search(bare)
    if literal:
        word = literal[1]
        raise InputError(f"{name} has {word} without backticks, which names a field. Write `{word.lower()}`.")
    try:
        return read(expression, name)
    except InputError as exc:
        hint = next((hint for pattern, hint in _HINTS if pattern.search(bare)), "")
        exc.message += f". {hint}" if hint else "."
        raise


def why_absent(expression: str, body: Any) -> str:
    """Return a sentence about where a path of names ends in a body, "" for other expressions.

    It contains names of fields, and no values, which may be secret.
    """
    if not _NAMES.fullmatch(expression):
        return ""
    before = "The answer"
    for name in expression.split("."):
        if isinstance(body, list):
            return f"{before} is a list: read its first item with [0], or each item with [*]."
        if not isinstance(body, dict):
            return f"{before} is {type_of(body)}, not an object."
        if name not in body:
            names = sorted(key for key in body if is_name(key))[:_SHOWN]
            return f"{before} has {', '.join(names)}." if names else f"{before} has no fields."
        before, body = name, body[name]
    return f"{before} is {type_of(body)}." if isinstance(body, (dict, list)) else ""
