# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Turn the variables of the role C(operation_gate) into arguments of C(wait_for_operation). Pure.

Private to this collection.
"""

from __future__ import annotations

from typing import Any, Dict, List, Mapping

from ansible_collections.cloudgate.operations.plugins.module_utils._auth.shown_options import names_shown
from ansible_collections.cloudgate.operations.plugins.module_utils._model.errors import InputError
from ansible_collections.cloudgate.operations.plugins.module_utils._polling.emptiness import (
    CHOICES,
    Listed,
    check_listed,
)
from ansible_collections.cloudgate.operations.plugins.plugin_utils._references.registered import find, find_groups
from ansible_collections.cloudgate.operations.plugins.plugin_utils.given_text import structured

_PREFIX = "operation_gate_"
_STRUCTURED = ("operations", "groups", "connection")
_NOT_GIVEN = (
    "Nothing to wait for: give operation_gate_provider and operation_gate_operations, or operation_gate_groups."
)


def arguments(request: Mapping[str, Any], defaults: Mapping[str, Any], check_mode: bool) -> Dict[str, Any]:
    """Return the arguments of the module.

    Args:
        request: provider, operations, groups, connection and empty, as the role has them; and options, those of the
            module that the role passes on as they are.
        defaults: the arguments that module_defaults give. The connection overrides them, the options override both.

    Raises:
        InputError: for what cannot be read, names no operation, or names none to wait for.
    """
    given = {name: structured(_PREFIX + name, request.get(name)) for name in _STRUCTURED}
    empty = request.get("empty") or "fail"
    if empty not in CHOICES:
        raise InputError("operation_gate_empty must be fail or pass.")
    connection = given["connection"] or {}
    if not isinstance(connection, Mapping):
        raise InputError("operation_gate_connection must be a dict, such as {cloud: production}.")
    options = {**(request.get("options") or {}), "empty": empty}
    private = names_shown(name for name in (*connection, *options) if str(name).startswith("_"))
    if private:  # of the action plugin, which tells the module by them what to trust
        raise InputError(f"operation_gate_connection must not have {private}.")
    if options.get("on_failure") == "warn":  # the role shows the warning
        options["on_failure"] = "report"
    if given["operations"] is not None and given["groups"] is not None:
        raise InputError("operation_gate_groups and operation_gate_operations exclude each other: give one of them.")
    if given["groups"] is not None:
        options["groups"] = _groups(given["groups"], empty, check_mode)
    elif given["operations"] is None or not request.get("provider"):
        raise InputError(_NOT_GIVEN)
    else:
        found = find(given["operations"])
        listed = Listed("operation_gate_operations", len(found.references), empty, found.why_empty)
        check_listed([listed], check_mode, "operation_gate_empty")
        _check_bounds("", found.references)
        options.update(provider=request["provider"], operations=found.references)
    return {**defaults, **connection, **options}


def _groups(given: Any, empty: str, check_mode: bool) -> List[Dict[str, Any]]:
    if not given:
        check_listed([Listed("operation_gate_groups", 0, empty)], check_mode, "operation_gate_empty")
    if isinstance(given, (list, tuple)):
        given = [_structured_group(number, each) for number, each in enumerate(given, start=1)]
    groups = find_groups(given)
    for number, (options, found) in enumerate(groups, start=1):
        where = f"group {number}: operations"
        allowed = options.get("empty") or empty
        check_listed([Listed(where, len(found.references), allowed, found.why_empty)], check_mode)
        _check_bounds(f"group {number}: ", found.references)
    return [options for options, _found in groups]


def _structured_group(number: int, group: Any) -> Any:
    """Read the parts of a group that may be text, too."""
    if not isinstance(group, Mapping):
        return group
    parts = {name: structured(f"group {number}: {name}", group[name]) for name in _STRUCTURED if name in group}
    return {**group, **parts}


def _check_bounds(where: str, references: List[Dict[str, Any]]) -> None:
    """Refuse a latest operation that may be one of last week: a gate must not open by it."""
    for reference in references:
        if reference.get("latest") and not reference.get("since"):
            resource = reference.get("resource_id") or reference.get("server_id")
            raise InputError(
                f"{where}latest of {resource} needs since, as an older operation could match. "
                "Give a time before the request, such as 2026-11-21T08:30:00Z."
            )
