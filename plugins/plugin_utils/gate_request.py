# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Turn the variables of the role C(operation_gate), or a task's options, into module arguments. Pure.

Private to this collection.
"""

from __future__ import annotations

import re
from functools import partial
from typing import Any, Callable, Dict, Iterable, List, Mapping

from ansible_collections.cloudgate.operations.plugins.module_utils._auth.shown_options import names_shown
from ansible_collections.cloudgate.operations.plugins.module_utils._model.errors import InputError, located, one_of
from ansible_collections.cloudgate.operations.plugins.module_utils._model.text import type_of
from ansible_collections.cloudgate.operations.plugins.module_utils._polling.emptiness import (
    CHOICES,
    Listed,
    check_listed,
)
from ansible_collections.cloudgate.operations.plugins.plugin_utils._references.bounds import (
    BOUNDS,
    RESOURCES,
    Bounds,
    is_open,
)
from ansible_collections.cloudgate.operations.plugins.plugin_utils._references.groups import find_groups
from ansible_collections.cloudgate.operations.plugins.plugin_utils._references.registered import Found, find
from ansible_collections.cloudgate.operations.plugins.plugin_utils.given_text import structured

_PREFIX = "operation_gate_"
_NAMING = ("operations", "groups", "after")
# Names of module options in error messages that the role has as variables.
_OPTION = re.compile(
    r"(?<![\w.])(timeout_from|timeout|delay|poll_min|poll_max|missing_grace|missing|connect_grace|wait_for|on_failure"
    r"|max_concurrency|max_requests_per_second|progress_interval|progress)(?= must | is infinite| \()"
)
_NOT_GIVEN = (
    "Nothing to wait for: give operation_gate_provider and operation_gate_operations, or operation_gate_groups."
)


def arguments(request: Mapping[str, Any], defaults: Mapping[str, Any], check_mode: bool) -> Dict[str, Any]:
    """Return the arguments of C(wait_for_operation) for the role.

    Args:
        request: provider, operations, after, action, since, verify, groups, connection and empty, as the role has them;
            and options: module options that the role passes on unchanged.
        defaults: the arguments from module_defaults. The connection overrides them, the options override both.

    Raises:
        InputError: for unreadable values, values that name no operation, and an empty list.
    """
    given = {name: structured(_PREFIX + name, request.get(name)) for name in (*_NAMING, "connection")}
    for name in ("operations", "groups"):
        if given[name] is not None and not isinstance(given[name], (Mapping, list, tuple)):
            raise InputError(f"{_PREFIX}{name} must be a list, not {type_of(given[name])}.")
    empty = request.get("empty") or "fail"
    if empty not in CHOICES:
        raise InputError("operation_gate_empty must be fail or pass.")
    options = {**(request.get("options") or {}), "empty": empty}
    connection = _connection(given.pop("connection") or {}, options)
    named = {**{name: request.get(name) for name in ("provider", *BOUNDS)}, **given}
    _check_ways(named)
    if named["groups"] is not None:
        named["provider"] = None  # a survey may require a provider although groups have their own
    named = {name: value for name, value in named.items() if value not in (None, "")}
    return _resolved({**defaults, **connection, **options, **named}, check_mode, _PREFIX)


def marking_arguments(request: Mapping[str, Any], defaults: Mapping[str, Any]) -> Dict[str, Any]:
    """Return the arguments of C(operation_info) that record which operations resources have so far.

    Args:
        request: provider, connection and resources, as the role has them.
        defaults: as for C(arguments).

    Raises:
        InputError: for unreadable values.
    """
    connection = _connection(structured(_PREFIX + "connection", request.get("connection")) or {}, ())
    resources = request.get("resources")
    named = structured(_PREFIX + "resources", resources) if str(resources).lstrip()[:1] in "[{" else resources
    if not request.get("provider") or named is None:
        raise InputError("Nothing to note: give operation_gate_provider and operation_gate_resources.")
    return {**defaults, **connection, "provider": request["provider"], "resources": named}


def _connection(given: Any, others: Iterable[str]) -> Dict[str, Any]:
    if not isinstance(given, Mapping):
        raise InputError(
            f"operation_gate_connection must be a dictionary, such as {{cloud: production}}, not {type_of(given)}."
        )
    private = names_shown(name for name in (*given, *others) if str(name).startswith("_"))
    if private:  # the action plugin uses them to pass trusted hosts to the module
        raise InputError(f"operation_gate_connection must not have {private}.")
    connection = dict(given)
    if "verify" in connection:  # the name in clouds.yaml; the module's verify is the status of a server
        connection.setdefault("validate_certs", connection.pop("verify"))
    return connection


def in_variables(sentence: str) -> str:
    """Replace the module's option names in an error message by the role's variables."""
    return _OPTION.sub(rf"{_PREFIX}\1", sentence)


def of_task(given: Mapping[str, Any], check_mode: bool) -> Dict[str, Any]:
    """Return the arguments of the module for a task. given: its options, including module_defaults.

    Raises:
        InputError: for unreadable values, values that name no operation, and an empty list.
    """
    read = {name: structured(name, given[name]) for name in _NAMING if name in given}
    return _resolved({**given, **read}, check_mode)


def _check_ways(given: Mapping[str, Any]) -> None:
    if given["groups"] is not None and given["operations"] is not None:
        raise InputError("operation_gate_groups and operation_gate_operations exclude each other: give one of them.")
    named = given["operations"] is not None or given["after"] is not None
    if given["groups"] is None and not (named and given["provider"]):
        raise InputError(_NOT_GIVEN)


def _resolved(given: Mapping[str, Any], check_mode: bool, prefix: str = "") -> Dict[str, Any]:
    """Return the arguments with the found operations. The module itself reads operation IDs, and C(after) on its own.

    prefix: of the role's variables, for error messages. For the role, C(latest) requires a bound.
    """
    operations, groups = given.get("operations"), given.get("groups")
    if operations is None and groups is None:
        return dict(given)
    bounding = [name for name in BOUNDS if groups is None or name not in RESOURCES]
    bounds = Bounds.of({name: given.get(name) for name in bounding}, given.get("provider"), check_mode)
    whole = {name: value for name, value in given.items() if name not in bounding}
    check = partial(_check, empty=given.get("empty") or "fail", check_mode=check_mode, prefix=prefix)
    if operations is not None:
        found = find(operations, bounds)
        check(found, f"{prefix}operations")
        whole["operations"] = found.references
    if groups in ([], ()):
        check(Found([]), f"{prefix}groups")
    if groups is not None:
        whole["groups"] = _groups(groups, bounds, check)
    return whole


def _groups(given: Any, bounds: Bounds, check: Callable[..., None]) -> List[Dict[str, Any]]:
    if isinstance(given, (list, tuple)):
        given = [_structured_group(number, each) for number, each in enumerate(given, start=1)]
    groups = find_groups(given, bounds)
    for number, (options, found) in enumerate(groups, start=1):
        check(found, f"group {number}: operations", **{name: options[name] for name in ("empty",) if name in options})
    return [options for options, _found in groups]


def _structured_group(number: int, group: Any) -> Any:
    """Parse the values of a group that may be text."""
    if not isinstance(group, Mapping):
        return group
    parts = ("operations", "connection")
    return {**group, **{name: structured(f"group {number}: {name}", group[name]) for name in parts if name in group}}


def _check(found: Found, where: str, *, empty: str, check_mode: bool, prefix: str) -> None:
    """Refuse an empty list unless it is allowed. For the role, also refuse C(latest) without a bound."""
    check_listed([Listed(where, len(found.references), empty, found.why_empty)], check_mode, f"{prefix}empty")
    for number, reference in enumerate(found.references if prefix else (), start=1):
        if not is_open(reference):
            continue
        resource = next((reference[name] for name in RESOURCES if reference.get(name)), None)
        group = where.rpartition(": ")[0]
        with located(group), located(one_of("operation", number, len(found.references))):
            raise InputError(
                f"latest of {resource} needs since, as an older operation could match. "
                "Give a time before the request, such as 2026-11-21T08:30:00Z."
            )
