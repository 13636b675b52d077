# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Make text from a cloud safe to show, and name the types of values. Pure.

Private to this collection. It imports nothing else of the collection.
"""

from __future__ import annotations

from typing import Any, Mapping

MAX_TEXT_LENGTH = 4000  # characters, because a result can have thousands of texts
CUT = "..."  # ends a shortened text


def shortened(text: str, length: int) -> str:
    """Return the first characters of a text. CUT marks the end, so that masking finds a truncated secret there."""
    return text if len(text) <= length else text[:length] + CUT


def printable(text: str) -> str:
    """Return one line without control characters, bidirectional marks and lone surrogates."""
    if text.isprintable() and len(text) <= MAX_TEXT_LENGTH:
        return text
    shown = shortened(text, MAX_TEXT_LENGTH)
    return "".join(each if each.isprintable() else " " if each.isspace() else "?" for each in shown)


def type_of(value: Any) -> str:
    """Return the type of a value in YAML's terms, for messages."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true or false"
    names = (((int, float), "a number"), (str, "text"), (Mapping, "a dictionary"), ((list, tuple, set), "a list"))
    return next((name for kind, name in names if isinstance(value, kind)), "a value of another type")
