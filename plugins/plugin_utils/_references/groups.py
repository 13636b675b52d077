# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Find the operations in registered results of several clouds. Pure.

Private to this collection.
"""

from __future__ import annotations

from typing import Any, Dict, List, Mapping, NamedTuple

from ansible_collections.cloudgate.operations.plugins.module_utils._auth.shown_options import names_shown
from ansible_collections.cloudgate.operations.plugins.module_utils._model.errors import InputError, located
from ansible_collections.cloudgate.operations.plugins.module_utils._model.text import type_of

from .bounds import UNBOUND, Bounds
from .registered import Found, find


class GroupFound(NamedTuple):
    """A group for M(cloudgate.operations.wait_for_operation), and the operations that were found for it."""

    options: Dict[str, Any]
    found: Found


def groups_from(value: Any, bounds: Bounds = UNBOUND) -> List[Dict[str, Any]]:
    """Return the O(groups) of M(cloudgate.operations.wait_for_operation); see C(find_groups)."""
    return [each.options for each in find_groups(value, bounds)]


def find_groups(value: Any, bounds: Bounds = UNBOUND) -> List[GroupFound]:
    """Find the operations of each group.

    Args:
        value: a list of dicts with provider, operations (as for C(find)) and empty, and the options of a connection in
            the group itself or in C(connection). The module refuses unknown options.
        bounds: as for C(find).

    Raises:
        InputError: for an invalid group, or one that names no operation.
    """
    if not isinstance(value, (list, tuple)):
        raise InputError(f"groups must be a list, not {type_of(value)}.")
    found = []
    for number, item in enumerate(value, start=1):
        if not isinstance(item, Mapping):
            raise InputError(f"group {number} must be a dictionary, not {type_of(item)}.")
        with located(f"group {number}"):
            found.append(_group(item, bounds))
    return found


def _group(group: Mapping[str, Any], bounds: Bounds) -> GroupFound:
    given = {name: value for name, value in group.items() if name != "connection" and value is not None}
    for name in ("provider", "operations"):
        if given.get(name) in (None, ""):
            raise InputError(f"{name} is missing.")
    connection = group.get("connection") or {}
    if not isinstance(connection, Mapping):
        raise InputError(f"connection must be a dictionary, not {type_of(connection)}.")
    twice = names_shown(set(given) & set(connection))
    if twice:
        raise InputError(f"{twice} must be in the group or in its connection, not in both.")
    found = find(given["operations"], bounds.of_provider(given["provider"]))
    return GroupFound({**connection, **given, "operations": found.references}, found)
