# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Find in registered results the operations that their tasks started. Pure.

Private to this collection.
"""

from __future__ import annotations

import re
from datetime import timedelta
from email.utils import parsedate_to_datetime
from typing import Any, Dict, Iterable, List, Mapping, NamedTuple, NoReturn, Optional

from .._auth.shown_options import names_shown
from .._http.urls import shown_url
from .._model.errors import InputError
from .._model.times import format_time

_NAMES = (
    "operation_id request_id action_id resource_id server_id latest action since verify client_request_id expect"
    " reservation_id min_count"
).split()
_REQUEST_HEADERS = ("x_compute_request_id", "x_openstack_request_id")  # a gateway may add the second for itself
_URL_HEADERS = ("azure_asyncoperation", "operation_location")
_IN_URL = re.compile(r"/(?:servers|dev-servers(?:/hyperinstance)?|virtual_network_appliances|load_balancers)/([^/?]+)")
_IN_BODY = ("server", "virtual_network_appliance", "load_balancer")
_JOB_ID = ("operation_id", "job_id", "jobID", "jobid")  # Huawei's services spell it in all these ways
_GROUP = ("provider", "operations", "connection", "empty")
_NEW_SERVER = re.compile(r"/servers/?(?:\?|$)")
_ONE_SERVER = re.compile(r"/servers/[^/?]+/?(?:\?|$)")
_COMMA = re.compile(r",\s*")
_COMMA_BEFORE_URL = re.compile(r",\s*(?=https?://)")  # a URL may itself hold a comma
_DATE = re.compile(r"[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT")
_ITEM = re.compile(r"[^\s\x00-\x1f]{1,64}")
_SLACK = 5  # seconds; Nova's start_time may be that of another host, and it is cut to whole seconds as Date is
_LONGEST_REQUEST = 3600  # seconds; a larger "elapsed" cannot be right
_FIRST_YEAR = 2000  # an earlier Date is that of a clock that was never set


class Found(NamedTuple):
    """The operations in some results, and how many results of them were skipped, or were loops without items."""

    references: List[Dict[str, Any]]
    skipped: int = 0
    empty_loops: int = 0

    @property
    def why_empty(self) -> str:
        """The end of a sentence that says why there is no operation."""
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
        return _from_answer(who, item)
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
    known = _id_in(item)
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


def _from_answer(who: str, answer: Mapping[str, Any]) -> Dict[str, Any]:
    url = str(answer["url"])
    body = answer.get("json") if isinstance(answer.get("json"), Mapping) else {}
    match = _IN_URL.search(url)
    resource_id = match.group(1) if match else _id_in(body or {})
    operation_id = _operation_id(who, body or {}, answer)
    action = None if any((body or {}).get(name) for name in _JOB_ID) else _action(url, answer)
    known: Dict[str, Any] = {"action": action} if action else {}  # Nova does not record each creation and deletion
    reservation_id = (body or {}).get("reservation_id")
    if isinstance(reservation_id, str) and reservation_id:  # of return_reservation_id; the answer names no server
        known = {"operation_id": operation_id, "min_count": _min_count(answer)}
        return {"reservation_id": reservation_id, "action": "create", **{k: v for k, v in known.items() if v}}
    if operation_id:
        return {"operation_id": operation_id, "resource_id": resource_id, **known}
    if resource_id is None:
        raise InputError(f"{who}: the answer of {shown_url(url)} names neither an operation nor a resource.")
    since = _since(answer)
    if since is None:
        raise InputError(
            f"{who}: the answer of {shown_url(url)} names no operation, and has no Date that tells which are older. "
            "Give operation_id, or resource_id and latest: true with since."
        )
    return {"resource_id": resource_id, "latest": True, "since": since, **known}


def _asked(answer: Mapping[str, Any], *names: str) -> Any:
    """Return a part of the body of the request; None where Ansible has not registered it, as outside of loops."""
    value: Any = answer
    for name in ("invocation", "module_args", "body", *names):
        value = value.get(name) if isinstance(value, Mapping) else None
    return value


def _min_count(answer: Mapping[str, Any]) -> Optional[int]:
    value = str(_asked(answer, "server", "min_count"))
    return int(value) if re.fullmatch(r"[1-9][0-9]{0,8}", value) else None


def _operation_id(who: str, body: Mapping[str, Any], answer: Mapping[str, Any]) -> Optional[str]:
    """Return the id in the body, else in a header: where both are there, the header's is the request's own."""
    for name in _JOB_ID:
        if body.get(name):
            return str(body[name])
    for names, separator in ((_REQUEST_HEADERS, _COMMA), (_URL_HEADERS, _COMMA_BEFORE_URL)):
        for name in names:
            found = _only_value(who, answer, name, separator)
            if found:
                return found
    path = str(body.get("name"))
    return path if "operations/" in path else None  # google.longrunning: an operation is named by its path


def _only_value(who: str, answer: Mapping[str, Any], name: str, separator: re.Pattern[str]) -> Optional[str]:
    """Return the value of a header. M(ansible.builtin.uri) joins one that came several times with commas."""
    values = [each for each in separator.split(str(answer.get(name) or "").strip()) if each]
    if len(set(values)) > 1:
        url, *shown = map(shown_url, (str(answer["url"]), *values))  # a URL may be signed in its query
        raise InputError(
            f"{who}: the answer of {url} has different values of {name}: {', '.join(shown)}. Give operation_id."
        )
    return values[0] if values else None


def _since(answer: Mapping[str, Any]) -> Optional[str]:
    """Return the earliest start of what this answer reports, by the API's own clock; None if it tells no such time."""
    dates = set(_DATE.findall(str(answer.get("date") or "")))
    if len(dates) != 1 or str(answer.get("age") or "0").strip() != "0":  # of two hosts, or of a cache
        return None
    try:
        answered = parsedate_to_datetime(dates.pop())
    except (TypeError, ValueError):
        return None
    if answered is None or answered.year < _FIRST_YEAR:
        return None
    elapsed = answer.get("elapsed")
    took = elapsed if isinstance(elapsed, int) and 0 <= elapsed <= _LONGEST_REQUEST else 0
    return format_time(answered - timedelta(seconds=took + _SLACK))


def _action(url: str, answer: Mapping[str, Any]) -> Optional[str]:
    """Return the type of the operation, where URL and status or the body of the request leave one."""
    if _NEW_SERVER.search(url):
        return "create"
    asked = _asked(answer)
    forced = isinstance(asked, Mapping) and "forceDelete" in asked
    return "delete" if forced or (answer["status"] == 204 and _ONE_SERVER.search(url)) else None


def _id_in(body: Mapping[str, Any]) -> Optional[str]:
    """Return the id of the resource that a body shows."""
    shown = (body[name] for name in _IN_BODY if isinstance(body.get(name), Mapping))
    return next((str(each["id"]) for each in shown if isinstance(each.get("id"), (str, int)) and each["id"]), None)


def _loop_item(item: Mapping[str, Any]) -> str:
    """Return the item of a loop as a sentence shows it; a dict or a long text may hold a secret."""
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
