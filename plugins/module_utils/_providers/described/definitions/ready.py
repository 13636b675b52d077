# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The ready-made definitions by name, and their combination with keys of a task. Pure.

Private to this collection.
"""

from __future__ import annotations

from typing import Any, Dict, Mapping

from ...._model.errors import InputError
from .automation import AUTOMATION
from .clouds import CLOUDS
from .machines import MACHINES

READY: Dict[str, Dict[str, Any]] = {**CLOUDS, **MACHINES, **AUTOMATION}


def complete(given: Mapping[str, Any]) -> Dict[str, Any]:
    """Return a definition with the keys of the ready-made one that its C(name) names. Its own keys take precedence.

    Raises InputError for an unknown name.
    """
    own = {key: value for key, value in given.items() if value is not None}
    name = own.pop("name", None)
    if name is None:
        return own
    if name not in READY:
        raise InputError(f"definition.name must be one of {', '.join(sorted(READY))}.")
    return _combined(READY[name], own)


def _combined(ready: Mapping[str, Any], own: Mapping[str, Any]) -> Dict[str, Any]:
    """Return both, with inner dictionaries combined key by key. A status value of the task is of its state only."""
    found = dict(ready)
    for key, value in own.items():
        base = ready.get(key)
        if isinstance(value, Mapping) and isinstance(base, Mapping):
            given = {inner: each for inner, each in value.items() if each is not None}
            found[key] = _combined(_without_words(base, given) if key == "states" else base, given)
        else:
            found[key] = value
    return found


def _without_words(states: Mapping[str, Any], own: Mapping[str, Any]) -> Dict[str, Any]:
    """Return the status values of each state without those that the task gives."""
    taken = {str(word).lower() for words in own.values() if isinstance(words, (list, tuple)) for word in words}
    return {
        state: [word for word in words if str(word).lower() not in taken] if isinstance(words, list) else words
        for state, words in states.items()
    }
