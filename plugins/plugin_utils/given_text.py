# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Parse lists and dictionaries in text, as from an AWX survey or C(-e name=value). Pure.

Private to this collection.
"""

from __future__ import annotations

import ast
from typing import Any

import yaml
from ansible_collections.cloudgate.operations.plugins.module_utils._http import json as strict_json
from ansible_collections.cloudgate.operations.plugins.module_utils._model.errors import InputError

_MAX_LENGTH = 1_000_000  # characters: thousands of operations
_UNREADABLE = (ArithmeticError, AttributeError, LookupError, MemoryError, RecursionError, SyntaxError, TypeError,
               ValueError, yaml.YAMLError)  # fmt: skip


class _Loader(yaml.SafeLoader):
    """Keep times as text, because only the module knows their zone. Refuse aliases: a few can expand to gigabytes."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        """Compose a node. Raises YAMLError for an alias."""
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError("an alias")
        return super().compose_node(parent, index)


_Loader.yaml_implicit_resolvers = {
    first: [(tag, expression) for tag, expression in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def structured(name: str, value: Any) -> Any:
    """Parse text as JSON, Python or YAML. Return other values unchanged, and None for empty text.

    Args:
        name: the variable, for the error message.

    Raises:
        InputError: for text that is neither a list nor a dictionary. It does not quote the text, which may be a secret.
    """
    if not isinstance(value, str):
        return value
    if not value.strip():
        return None
    found = _read(value) if len(value) <= _MAX_LENGTH else value
    if found is None or isinstance(found, (dict, list)):
        return found
    raise InputError(f"{name} is text without a list or a dictionary. Give JSON or YAML.")


def _read(text: str) -> Any:
    readers = (strict_json.parse, ast.literal_eval, lambda given: yaml.load(given, Loader=_Loader))  # noqa: S506
    for read in readers:
        try:
            return read(text)
        except _UNREADABLE:
            continue
    return text
