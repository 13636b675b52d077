# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Find the operations in registered results. Pure.

Private to this collection.
"""

from __future__ import annotations

import re
from typing import Any, Dict, Iterable, List, Mapping, NamedTuple

from ansible_collections.cloudgate.operations.plugins.module_utils._auth.shown_options import names_shown
from ansible_collections.cloudgate.operations.plugins.module_utils._http.urls import shown_url
from ansible_collections.cloudgate.operations.plugins.module_utils._model.errors import InputError
from ansible_collections.cloudgate.operations.plugins.module_utils._model.registered import advice_on
from ansible_collections.cloudgate.operations.plugins.module_utils._model.text import type_of
from ansible_collections.cloudgate.operations.plugins.module_utils._module.marks import KEYS as MARK

from .answers import from_answer
from .bounds import IDS, UNBOUND, Bounds, is_open
from .resources import servers_in

_NAMES = (
    "operation_id request_id action_id resource_id server_id server latest action since verify client_request_id expect"
    " reservation_id min_count known"
).split()
_WAYS = "after with a result of operation_info from before that task, or since with a time before it, and action."
_ID = re.compile(rf"(?!(?:{'|'.join(_NAMES)})=)[^\s\"'{{}}\[\]]+")  # not data as text, which may contain a secret
_ITEM = re.compile(r"[^\s\x00-\x1f]{1,64}")


class Found(NamedTuple):
    """Operations found in results, and the number of skipped results and of loops without items."""

    references: List[Dict[str, Any]]
    skipped: int = 0
    empty_loops: int = 0

    @property
    def why_empty(self) -> str:
        """Why there is no operation, to complete an error message."""
        if self.skipped == 1:
            return "has 1 result, which was skipped"
        if self.skipped:
            return f"has {self.skipped} results, all skipped"
        return "has the result of a loop without items" if self.empty_loops else "is empty"


def references_from(value: Any, bounds: Bounds = UNBOUND) -> List[Dict[str, Any]]:
    """Return the O(operations) of M(cloudgate.operations.wait_for_operation); see C(find)."""
    return find(value, bounds).references


def find(value: Any, bounds: Bounds = UNBOUND) -> Found:
    """Find the operations in registered results.

    Args:
        value: one of, or a list of: a dict that names an operation, an ID, a registered result of
            M(ansible.builtin.uri) or C(openstack.cloud), a registered result of a loop. Skipped results are dropped.
        bounds: values for operations that do not set their own.

    Raises:
        InputError: for a value that names no operation or did not start one, and if an earlier one could match.
    """
    if isinstance(value, Mapping):
        value = [value]
    if not isinstance(value, (list, tuple)):
        raise InputError(f"operations must be a list, not {type_of(value)}.")
    return _all_of("operation ", value, bounds)


def _all_of(prefix: str, items: Iterable[Any], bounds: Bounds) -> Found:
    items = list(items)
    references: List[Dict[str, Any]] = []
    skipped = empty_loops = 0
    for number, item in enumerate(items, start=1):
        who = f"{prefix}{number}"
        item = {"operation_id": item} if _is_id(item) else item
        if not isinstance(item, Mapping):
            raise InputError(f"{who} must be a dictionary, an id, or a registered result, not {type_of(item)}.")
        if isinstance(item.get("results"), (list, tuple)):
            inner = _all_of(f"{who}, result " if len(items) > 1 else prefix, item["results"], bounds)
            _check_started(who, item)
            references += inner.references
            skipped += inner.skipped
            empty_loops += inner.empty_loops + (not item["results"])
        elif item.get("skipped") or (bounds.check_mode and _is_other_result(item) and not _started(item, bounds)):
            skipped += 1
        else:
            references += _references(who + _loop_item(item), item, bounds)
    return Found(references, skipped, empty_loops)


def _references(who: str, item: Mapping[str, Any], bounds: Bounds) -> List[Dict[str, Any]]:
    _check_answered(who, item)
    _check_started(who, item)
    _check_is_start(who, item)
    if "url" in item:
        found = from_answer(who, item)
        ids = found.get("operation_id")
        each_of = [{**found, "operation_id": each} for each in ids] if isinstance(ids, list) else [found]
        return [_bounded(who, each, bounds, str(item["url"])) for each in each_of]
    if _is_other_result(item):
        return [_bounded(who, each, bounds) for each in servers_in(who, item)]
    return [bounds.fill(who, each) for each in _from_names(who, item)]


def _bounded(who: str, found: Mapping[str, Any], bounds: Bounds, url: str = "") -> Dict[str, Any]:
    """Return the reference with its bounds. Raises InputError if an earlier operation could match.

    url: of the response, if the result is one.
    """
    reference = bounds.fill(who, found)
    if not is_open(reference):
        return reference
    if url:
        raise InputError(
            f"{who}: the answer of {shown_url(url)} names no operation and has no usable Date header. "
            f"Give operation_id, or add {_WAYS}"
        )
    raise InputError(
        f"{who} names {_shown(reference['resource_id'])} but no request, as results of openstack.cloud do. "
        f"An earlier operation may match, so add {_WAYS}"
    )


def _check_answered(who: str, item: Mapping[str, Any]) -> None:
    status = item.get("status")
    if "url" in item and (not isinstance(status, int) or not 200 <= status < 300):
        raise InputError(f"{who}: {shown_url(str(item['url']))} answered {status}, so no operation was started.")


def _check_started(who: str, item: Mapping[str, Any]) -> None:
    if item.get("unreachable"):
        raise InputError(f"{who}: its task could not reach the host, so nothing was started.")
    if item.get("failed"):
        raise InputError(f"{who}: its task failed, so it does not count as started. Fix that task, or leave it out.")


def _check_is_start(who: str, item: Mapping[str, Any]) -> None:
    """Refuse results of tasks that start no operation."""
    if "ansible_job_id" in item and not item.get("finished"):
        raise InputError(
            f"{who} is an asynchronous job of Ansible without its result. "
            "Register ansible.builtin.async_status, and pass its result."
        )
    if {"mark", "marks"} & set(item) or set(item) == MARK:
        raise InputError(
            f"{who} is a result of operation_info. Give it as after. Remove operations, or give the result of the task "
            "that started the work."
        )
    if "operations" in item and _is_other_result(item):
        raise InputError(
            f"{who} is a result of this collection, which starts no operations. "
            "Give operation_id and resource_id of the operations to wait for."
        )


def _is_other_result(item: Mapping[str, Any]) -> bool:
    """Return whether this is the result of a task other than M(ansible.builtin.uri)."""
    keys = set(item) - {str(item.get("ansible_loop_var"))}
    result = bool({"changed", "failed", "ansible_job_id"} & keys)
    named = any(name in keys and item[name] is not None and _is_named(name, item[name]) for name in _NAMES)
    return "url" not in keys and result and not named


def _is_named(name: str, value: Any) -> bool:
    """Return whether a key names an operation. A dict C(server) comes from the result of another module."""
    return name in _NAMES and not (name == "server" and isinstance(value, Mapping))


def _started(item: Mapping[str, Any], bounds: Bounds) -> bool:
    """Return whether a result names an operation. In check mode, tasks start none."""
    try:
        return bool(_references("", item, bounds))
    except InputError:
        return bool(item.get("failed") or item.get("unreachable"))


def _from_names(who: str, item: Mapping[str, Any]) -> List[Dict[str, Any]]:
    unknown = names_shown(name for name, value in item.items() if not _is_named(name, value))
    if unknown:
        advice = advice_on(who, item)
        if advice:
            raise InputError(advice)
        raise InputError(f"{who} has unknown keys: {unknown}. Known are {', '.join(_NAMES)}.")
    for name, value in item.items():
        several = name == "known" or (name in IDS and _is_list_of_ids(value))
        if isinstance(value, (Mapping, list, tuple)) and not several:
            raise InputError(f"{who}: {name} must be a single value, not {type_of(value)}.")
    named = {name: item[name] for name in _NAMES if item.get(name) is not None}
    ids = next((name for name in IDS if isinstance(named.get(name), (list, tuple))), None)
    return [named] if ids is None else [{**named, ids: each} for each in named[ids]]


def _is_list_of_ids(value: Any) -> bool:
    return isinstance(value, (list, tuple)) and all(map(_is_id, value))


def _is_id(value: Any) -> bool:
    return isinstance(value, (str, int)) and not isinstance(value, bool) and bool(_ID.fullmatch(str(value)))


def _loop_item(item: Mapping[str, Any]) -> str:
    """Return the item of a loop for an error; "" for a dict or a long text, which may contain a secret."""
    name = item.get("ansible_loop_var")
    value = item.get(name) if isinstance(name, str) and not item.get("_ansible_no_log") else None
    shown = _shown(value) if isinstance(value, (str, int)) else ""
    return f" (item {shown})" if shown else ""


def _shown(value: Any) -> str:
    """Return a name for an error; "" for a long text."""
    return str(value) if _ITEM.fullmatch(str(value)) else ""
