# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From what a task registered to the names of the operations it started. Pure.

Private to this collection.
"""

from __future__ import annotations

import re
from typing import Any, Dict, List, Mapping, Optional

from .errors import InputError

_NAMES = (
    "operation_id request_id action_id resource_id server_id latest action since verify client_request_id expect"
).split()
_IN_HEADERS = ("x_compute_request_id", "x_openstack_request_id", "azure_asyncoperation", "operation_location")
_IN_URL = re.compile(r"/(?:servers|dev-servers(?:/hyperinstance)?|virtual_network_appliances|load_balancers)/([^/?]+)")
_IN_BODY = ("server", "virtual_network_appliance", "load_balancer")
_JOB_ID = ("operation_id", "job_id", "jobID", "jobid")  # Huawei's services spell it in all these ways


def references_from(value: Any) -> List[Dict[str, Any]]:
    """The O(operations) of M(cloudgate.operations.wait_for_operation).

    value: one of, or a list of: a dict that names an operation, what M(ansible.builtin.uri) registered, what a loop
    of it registered. Skipped items are left out. Raises InputError for what names no operation.
    """
    if isinstance(value, Mapping):
        value = [value]
    if not isinstance(value, (list, tuple)):
        raise InputError(f"operations must be a list, not {type(value).__name__}.")
    found: List[Dict[str, Any]] = []
    for number, item in enumerate(value, start=1):
        if not isinstance(item, Mapping):
            raise InputError(f"operation {number} must be a dict or what ansible.builtin.uri registered, not {item!r}.")
        if isinstance(item.get("results"), (list, tuple)):
            found += references_from(item["results"])
        elif not item.get("skipped"):
            found.append(_from_answer(number, item) if "url" in item else _from_names(number, item))
    return found


def _from_names(number: int, item: Mapping[str, Any]) -> Dict[str, Any]:
    unknown = sorted(str(name) for name in item if name not in _NAMES)
    if unknown:
        raise InputError(f"operation {number} has unknown keys: {', '.join(unknown)}; known are {', '.join(_NAMES)}.")
    return {name: item[name] for name in _NAMES if item.get(name) is not None}


def _from_answer(number: int, answer: Mapping[str, Any]) -> Dict[str, Any]:
    status = answer.get("status")
    if not isinstance(status, int) or not 200 <= status < 300:
        raise InputError(f"operation {number}: {answer['url']} answered {status}, so no operation was started.")
    body = answer.get("json") if isinstance(answer.get("json"), Mapping) else {}
    resource_id = _resource_id(str(answer["url"]), body or {})
    operation_id = _operation_id(body or {}, answer)
    if operation_id:
        return {"operation_id": str(operation_id), "resource_id": resource_id}
    if resource_id is None:
        raise InputError(
            f"operation {number}: the answer of {answer['url']} names neither an operation nor a resource."
        )
    return {"resource_id": resource_id, "latest": True}


def _operation_id(body: Mapping[str, Any], answer: Mapping[str, Any]) -> Optional[Any]:
    places = [(body, name) for name in _JOB_ID] + [(answer, name) for name in _IN_HEADERS]
    if "operations/" in str(body.get("name")):  # google.longrunning: an operation is named by its path
        places.append((body, "name"))
    return next((place[name] for place, name in places if place.get(name)), None)


def _resource_id(url: str, body: Mapping[str, Any]) -> Optional[str]:
    match = _IN_URL.search(url)
    if match:
        return match.group(1)
    return next(
        (str(body[name]["id"]) for name in _IN_BODY if isinstance(body.get(name), Mapping) and "id" in body[name]), None
    )


def groups_from(value: Any) -> List[Dict[str, Any]]:
    """The O(groups) of M(cloudgate.operations.wait_for_operation) from those of the role.

    value: a list of dicts with provider, operations (as for references_from) and connection. Raises InputError.
    """
    if not isinstance(value, (list, tuple)):
        raise InputError(f"groups must be a list, not {type(value).__name__}.")
    return [_group(number, item) for number, item in enumerate(value, start=1)]


def _group(number: int, item: Any) -> Dict[str, Any]:
    if not isinstance(item, Mapping):
        raise InputError(f"group {number} must be a dict, not {type(item).__name__}.")
    unknown = sorted(str(name) for name in item if name not in ("provider", "operations", "connection"))
    if unknown:
        known = "provider, operations, connection"
        raise InputError(f"group {number} has unknown keys: {', '.join(unknown)}; known are {known}.")
    for name in ("provider", "operations"):
        if not item.get(name):
            raise InputError(f"group {number}: {name} is missing.")
    connection = item.get("connection") or {}
    if not isinstance(connection, Mapping):
        raise InputError(f"group {number}: connection must be a dict, not {type(connection).__name__}.")
    try:
        operations = references_from(item["operations"])
    except InputError as exc:
        raise InputError(f"group {number}: {exc.message}") from exc
    return dict(connection, provider=item["provider"], operations=operations)
