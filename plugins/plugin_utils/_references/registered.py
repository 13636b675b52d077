# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Find in registered results the operations that their tasks started. Pure.

Private to this collection.
"""

from __future__ import annotations

import re
from typing import Any, Dict, Iterable, List, Mapping, NamedTuple, NoReturn

from ansible_collections.cloudgate.operations.plugins.module_utils._auth.shown_options import names_shown
from ansible_collections.cloudgate.operations.plugins.module_utils._http.urls import shown_url
from ansible_collections.cloudgate.operations.plugins.module_utils._model.errors import InputError

from .answers import from_answer, id_in

_NAMES = (
    "operation_id request_id action_id resource_id server_id latest action since verify client_request_id expect"
    " reservation_id min_count"
).split()
_GROUP = ("provider", "operations", "connection", "empty")
_ITEM = re.compile(r"[^\s\x00-\x1f]{1,64}")


class Found(NamedTuple):
    """Operations found in results, and how many results were skipped, or were loops without items."""

    references: List[Dict[str, Any]]
    skipped: int = 0
    empty_loops: int = 0

    @property
    def why_empty(self) -> str:
        """Why there is no operation, as the end of a sentence."""
        if self.skipped == 1:
            return "has 1 result, which was skipped"
        if self.skipped:
            return f"has {self.skipped} results, all skipped"
        return "has the result of a loop without items" if self.empty_loops else "is empty"


def references_from(value: Any) -> List[Dict[str, Any]]:
    """Return the O(operations) of M(cloudgate.operations.wait_for_operation); see C(find)."""
    return find(value).references


def find(value: Any) -> Found:
    """Find the operations in registered results.

    Args:
        value: one of, or a list of: a dict that names an operation, what M(ansible.builtin.uri) registered, what a loop
            of it registered. Skipped results are left out.

    Raises:
        InputError: for what names no operation, or did not start one.
    """
    if isinstance(value, Mapping):
        value = [value]
    if not isinstance(value, (list, tuple)):
        raise InputError(f"operations must be a list, not {type(value).__name__}.")
    return _all_of("operation ", value)


def _all_of(prefix: str, items: Iterable[Any]) -> Found:
    items = list(items)
    references: List[Dict[str, Any]] = []
    skipped = empty_loops = 0
    for number, item in enumerate(items, start=1):
        who = f"{prefix}{number}"
        if not isinstance(item, Mapping):
            raise InputError(f"{who} must be a dict or what ansible.builtin.uri registered, not {_kind(item)}.")
        if isinstance(item.get("results"), (list, tuple)):
            inner = _all_of(f"{who}, result " if len(items) > 1 else prefix, item["results"])
            _check_started(who, item)
            references += inner.references
            skipped += inner.skipped
            empty_loops += inner.empty_loops + (not item["results"])
        elif item.get("skipped"):
            skipped += 1
        else:
            references.append(_reference(who + _loop_item(item), item))
    return Found(references, skipped, empty_loops)


def _reference(who: str, item: Mapping[str, Any]) -> Dict[str, Any]:
    status = item.get("status")
    if "url" in item and (not isinstance(status, int) or not 200 <= status < 300):
        raise InputError(f"{who}: {shown_url(str(item['url']))} answered {status}, so no operation was started.")
    _check_started(who, item)
    if "url" in item:
        return from_answer(who, item)
    if "ansible_job_id" in item and not item.get("finished"):
        raise InputError(
            f"{who} is an Ansible job that was not collected yet. "
            "Register the result of ansible.builtin.async_status, and pass that."
        )
    if {"changed", "failed", "ansible_job_id"} & set(item) and not set(_NAMES) & set(item):
        _refuse_other_result(who, item)
    return _from_names(who, item)


def _check_started(who: str, item: Mapping[str, Any]) -> None:
    if item.get("unreachable"):
        raise InputError(f"{who}: its task could not reach the host, so nothing was started.")
    if item.get("failed"):
        raise InputError(f"{who}: its task failed, so it does not count as started. Fix that task, or leave it out.")


def _refuse_other_result(who: str, item: Mapping[str, Any]) -> NoReturn:
    known = id_in(item)
    raise InputError(
        f"{who} is a result that names no request, such as those of openstack.cloud. Give operation_id, or "
        f"resource_id{f' ({known})' if known else ''} and latest: true with since, a time before that task."
    )


def _from_names(who: str, item: Mapping[str, Any]) -> Dict[str, Any]:
    unknown = names_shown(name for name in item if name not in _NAMES)
    if unknown:
        raise InputError(f"{who} has unknown keys: {unknown}; known are {', '.join(_NAMES)}.")
    for name, value in item.items():
        if isinstance(value, (Mapping, list, tuple)):
            raise InputError(f"{who}: {name} must be a single value, not {_kind(value)}.")
    return {name: item[name] for name in _NAMES if item.get(name) is not None}


def _loop_item(item: Mapping[str, Any]) -> str:
    """Return the item of a loop for an error; not a dict or a long text, which may hold a secret."""
    name = item.get("ansible_loop_var")
    value = item.get(name) if isinstance(name, str) else None
    shown = str(value) if isinstance(value, (str, int)) else ""
    return f" (item {shown})" if _ITEM.fullmatch(shown) else ""


def _kind(value: Any) -> str:
    return type(value).__name__


class GroupFound(NamedTuple):
    """A group as M(cloudgate.operations.wait_for_operation) takes it, and what was found for it."""

    options: Dict[str, Any]
    found: Found


def groups_from(value: Any) -> List[Dict[str, Any]]:
    """Return the O(groups) of M(cloudgate.operations.wait_for_operation) from those of the role; see C(find_groups)."""
    return [each.options for each in find_groups(value)]


def find_groups(value: Any) -> List[GroupFound]:
    """Find the operations of each group.

    Args:
        value: a list of dicts with provider, operations (as for C(find)), connection and empty.

    Raises:
        InputError: for what is no group, or names no operation.
    """
    if not isinstance(value, (list, tuple)):
        raise InputError(f"groups must be a list, not {_kind(value)}.")
    return [_group(number, item) for number, item in enumerate(value, start=1)]


def _group(number: int, item: Any) -> GroupFound:
    if not isinstance(item, Mapping):
        raise InputError(f"group {number} must be a dict, not {_kind(item)}.")
    unknown = names_shown(name for name in item if name not in _GROUP)
    if unknown:
        raise InputError(f"group {number} has unknown keys: {unknown}; known are {', '.join(_GROUP)}.")
    if not item.get("provider"):
        raise InputError(f"group {number}: provider is missing.")
    if item.get("operations") is None:
        raise InputError(f"group {number}: operations is missing.")
    connection = item.get("connection") or {}
    if not isinstance(connection, Mapping):
        raise InputError(f"group {number}: connection must be a dict, not {_kind(connection)}.")
    try:
        found = find(item["operations"])
    except InputError as exc:
        raise InputError(f"group {number}: {exc.message}") from exc
    options = dict(connection, provider=item["provider"], operations=found.references)
    if item.get("empty") is not None:
        options["empty"] = item["empty"]
    return GroupFound(options, found)
