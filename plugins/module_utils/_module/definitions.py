# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The short form of a ready-made definition: its name instead of a dictionary. Pure.

Private to this collection.
"""

from __future__ import annotations

import re
from typing import Any, Dict, Mapping

_NAME = re.compile(r"[a-z][a-z0-9_]{0,40}", re.ASCII)


def with_named_definitions(options: Mapping[Any, Any]) -> Dict[Any, Any]:
    """Return the options of a task, with dictionaries instead of the names of definitions, also in its groups."""
    found = _named(options)
    groups = found.get("groups")
    if isinstance(groups, (list, tuple)):
        found["groups"] = [_named(each) if isinstance(each, Mapping) else each for each in groups]
    return found


def _named(options: Mapping[Any, Any]) -> Dict[Any, Any]:
    given = options.get("definition")
    if isinstance(given, str) and _NAME.fullmatch(given.strip()):
        return {**options, "definition": {"name": given.strip()}}
    return dict(options)
