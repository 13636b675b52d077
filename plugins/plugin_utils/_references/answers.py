# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Find the operation in a response that M(ansible.builtin.uri) registered. Pure.

Private to this collection.
"""

from __future__ import annotations

import re
from datetime import timedelta
from email.utils import parsedate_to_datetime
from typing import Any, Dict, Mapping, Optional

from ansible_collections.cloudgate.operations.plugins.module_utils._http.urls import shown_url
from ansible_collections.cloudgate.operations.plugins.module_utils._model.errors import InputError
from ansible_collections.cloudgate.operations.plugins.module_utils._model.times import format_time

from .starts import started, started_at_url

_REQUEST_HEADERS = ("x_compute_request_id", "x_openstack_request_id")  # a gateway may add the second one
_URL_HEADERS = ("azure_asyncoperation", "operation_location")
_IN_URL = re.compile(
    r"/(?:servers|dev-servers(?:/hyperinstance)?|virtual_network_appliances|load_balancers|stacks/[^/?]+|images)/([^/?]+)"
)
_IN_BODY = ("server", "virtual_network_appliance", "load_balancer", "stack")
_STACKS = re.compile(r"/stacks(?:/|\?|$)")  # Heat does not record request IDs
_JOB_ID = ("operation_id", "job_id", "jobID", "jobId", "jobid")  # the spellings of Huawei's services
_NEW = re.compile(r"/servers/?(?:\?|$)")
_NEW_STACK = re.compile(r"/stacks/?(?:\?|$)")
_ONE = re.compile(r"/(?:servers|stacks/[^/?]+)/[^/?]+/?(?:\?|$)")
_COMMA = re.compile(r",\s*")
_COMMA_BEFORE_URL = re.compile(r",\s*(?=https?://)")  # a URL may contain a comma
_DATE = re.compile(r"[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT")
_SLACK = 5  # seconds; start_time may come from another host, and both it and Date have whole seconds
_MAX_ELAPSED = 3600  # seconds; a larger "elapsed" cannot be right
_FIRST_YEAR = 2000  # an earlier Date comes from a clock that was never set


def from_answer(who: str, answer: Mapping[str, Any]) -> Dict[str, Any]:
    """Return the reference to the operation of a response. who: names the result in an error. Raises InputError.

    A response without an operation ID stands for the latest operation of its resource. C(since) comes from C(Date).
    If the response names several operations, C(operation_id) is a list.
    """
    url = str(answer["url"])
    body = answer.get("json") if isinstance(answer.get("json"), Mapping) else {}
    match = _IN_URL.search(url)
    resource_id = match.group(1) if match else id_in(body or {})
    operation_id = _operation_id(who, body or {}, answer)
    action = None if _job_id(body or {}) else _action(url, answer)
    known: Dict[str, Any] = {"action": action} if action else {}  # Nova does not record each creation and deletion
    reservation_id = (body or {}).get("reservation_id")
    if isinstance(reservation_id, str) and reservation_id:  # such a response names no server
        known = {"operation_id": operation_id, "min_count": _min_count(answer)}
        return {"reservation_id": reservation_id, "action": "create", **{k: v for k, v in known.items() if v}}
    if operation_id:
        return {"operation_id": operation_id, "resource_id": resource_id, **known}
    others = started(answer.get("json")) or started_at_url(answer, resource_id is not None)
    if others:
        return {"operation_id": others if len(others) > 1 else others[0]}
    if resource_id is None:
        raise InputError(f"{who}: the answer of {shown_url(url)} names neither an operation nor a resource.")
    since = _since(answer)
    return {"resource_id": resource_id, "latest": True, **({"since": since} if since else {}), **known}


def asked(result: Mapping[str, Any], *names: str) -> Any:
    """Return a module argument of a registered task; None if Ansible did not register it, as outside of loops."""
    value: Any = result
    for name in ("invocation", "module_args", *names):
        value = value.get(name) if isinstance(value, Mapping) else None
    return value


def _min_count(answer: Mapping[str, Any]) -> Optional[int]:
    value = str(asked(answer, "body", "server", "min_count"))
    return int(value) if re.fullmatch(r"[1-9][0-9]{0,8}", value) else None


def _operation_id(who: str, body: Mapping[str, Any], answer: Mapping[str, Any]) -> Optional[str]:
    """Return the ID in the body, else in a header. If the body has an ID, the header only identifies the request."""
    job_id = _job_id(body)
    if job_id:
        return job_id
    if _STACKS.search(str(answer["url"])):
        return None
    for names, separator in ((_REQUEST_HEADERS, _COMMA), (_URL_HEADERS, _COMMA_BEFORE_URL)):
        for name in names:
            found = _only_value(who, answer, name, separator)
            if found:
                return found
    path = str(body.get("name"))
    return path if "operations/" in path else None  # google.longrunning: an operation is named by its path


def _job_id(body: Mapping[str, Any]) -> Optional[str]:
    """Return the ID of a job in a body, or in its C(status), where a cluster of CCE has it."""
    for place in (body, body.get("status")):
        found = [place[name] for name in _JOB_ID if place.get(name)] if isinstance(place, Mapping) else []
        if found:
            return str(found[0])
    return None


def _only_value(who: str, answer: Mapping[str, Any], name: str, separator: re.Pattern[str]) -> Optional[str]:
    """Return the value of a header. M(ansible.builtin.uri) joins repeated headers with commas."""
    values = [each for each in separator.split(str(answer.get(name) or "").strip()) if each]
    if len(set(values)) > 1:
        url, *shown = map(shown_url, (str(answer["url"]), *values))  # a URL may be signed in its query
        raise InputError(
            f"{who}: the answer of {url} has different values of {name}: {', '.join(shown)}. Give operation_id."
        )
    return values[0] if values else None


def _since(answer: Mapping[str, Any]) -> Optional[str]:
    """Return the earliest start of the operation, by the API's clock; None if the answer has no usable Date."""
    dates = set(_DATE.findall(str(answer.get("date") or "")))
    if len(dates) != 1 or str(answer.get("age") or "0").strip() != "0":  # from two hosts, or from a cache
        return None
    try:
        answered = parsedate_to_datetime(dates.pop())
    except (TypeError, ValueError):
        return None
    if answered is None or answered.year < _FIRST_YEAR:
        return None
    elapsed = answer.get("elapsed")
    took = elapsed if isinstance(elapsed, int) and 0 <= elapsed <= _MAX_ELAPSED else 0
    return format_time(answered - timedelta(seconds=took + _SLACK))


def _action(url: str, answer: Mapping[str, Any]) -> Optional[str]:
    """Return the type of the operation, if URL and status, or the request's body, determine it."""
    if _NEW.search(url) or (_NEW_STACK.search(url) and answer["status"] == 201):
        return "create"
    body = asked(answer, "body")
    forced = isinstance(body, Mapping) and "forceDelete" in body
    return "delete" if forced or (answer["status"] == 204 and _ONE.search(url)) else None


def id_in(body: Mapping[str, Any]) -> Optional[str]:
    """Return the ID of the resource in a body."""
    shown = (body[name] for name in _IN_BODY if isinstance(body.get(name), Mapping))
    return next((str(each["id"]) for each in shown if isinstance(each.get("id"), (str, int)) and each["id"]), None)
