# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hostile values as a playbook, an environment or a file can hold them."""

from __future__ import annotations

import json
from typing import Any

from fuzz.choices import Choices
from fuzz.hostile import KEYS, TEXTS, TIMES, TOKENS, WORDS

_MORE = ("req-1", "s1", "http://api.example.test/v2.1", "http://api.example.test:0/", "x" * 5000)
_TEXTS = (*TEXTS, *TIMES, *WORDS, *_MORE)


def _readable(token: str) -> bool:
    try:
        json.loads(token)
    except ValueError:  # more digits than Python reads
        return False
    return True


_VALUES = tuple(json.loads(token) for token in TOKENS if _readable(token))


def text(choices: Choices) -> str:
    """Text."""
    return choices.pick(_TEXTS)


def value(choices: Choices, depth: int = 2) -> Any:
    """Anything; lists and objects of anything."""
    kind = choices.below(8) if depth else 2 + choices.below(6)
    if kind == 0:
        return [value(choices, depth - 1) for _item in range(choices.below(4))]
    if kind == 1:
        return {choices.pick(KEYS): value(choices, depth - 1) for _item in range(choices.below(4))}
    return text(choices) if kind % 2 else choices.pick(_VALUES)


def nested(choices: Choices, names: tuple[str, ...], depth: int = 3) -> dict[str, Any]:
    """Return an object with some of these names, each with a valid value, an invalid one, or such an object."""
    made: dict[str, Any] = {}
    for _name in range(choices.below(6)):
        name = choices.pick(names)
        kind = choices.below(4)
        if kind == 0 and depth:
            made[name] = [nested(choices, names, depth - 1) for _item in range(choices.below(3))]
        elif kind == 1 and depth:
            made[name] = nested(choices, names, depth - 1)
        else:
            made[name] = text(choices) if kind == 2 else value(choices)
    return made
