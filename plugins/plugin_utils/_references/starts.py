# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Find the operations that an API names when it starts them, by the form of its answer. Pure.

The forms are those of APIs with a ready-made definition, and of others that put a URL into a header.
Private to this collection.
"""

from __future__ import annotations

import re
from typing import Any, Callable, List, Mapping, Tuple

_UPID = re.compile(r"UPID:\S+", re.ASCII)
_TASK_OF_VCENTER = re.compile(r"[0-9a-f-]{36}:com\.vmware\.\S+", re.ASCII)
_URL_OF_AWX = re.compile(r"/api/(?:controller/)?v2/(?:jobs|workflow_jobs|\w+_updates|ad_hoc_commands)/\d+/", re.ASCII)
_PIPELINE = re.compile(r"/-/(?:pipelines|jobs)/\d+$", re.ASCII)
_REQUEST_OF_IONOS = re.compile(r"/requests/[0-9a-f-]{36}/status$", re.ASCII)
_HEADERS = ("location", "opc_work_request_id")  # as ansible.builtin.uri registers them
_ACCEPTED = (201, 202)


def _at(body: Any, *names: str) -> Any:
    for name in names:
        body = body.get(name) if isinstance(body, Mapping) else None
    return body


def _ids(items: Any, name: str = "id") -> List[Any]:
    return [item.get(name) for item in items if isinstance(item, Mapping)] if isinstance(items, list) else []


def _actions(body: Any) -> List[Any]:
    """Hetzner and DigitalOcean: one action, several, or those that follow a creation."""
    first = _at(body, "action")
    if isinstance(first, Mapping) and "status" in first:
        return [first.get("id"), *_ids(_at(body, "next_actions"))]
    several = _ids(_at(body, "links", "actions")) or _ids(_at(body, "actions"))
    return [*several, *_ids(_at(body, "next_actions"))]


def _awx(body: Any) -> List[Any]:
    url = str(_at(body, "url"))
    return [url] if _URL_OF_AWX.fullmatch(url) and (_at(body, "job") or _at(body, "workflow_job")) else []


def _gitlab(body: Any) -> List[Any]:
    return [_at(body, "id")] if _PIPELINE.search(str(_at(body, "web_url"))) else []


def _google_compute(body: Any) -> List[Any]:
    return [_at(body, "selfLink")] if _at(body, "kind") == "compute#operation" else []


def _text(pattern: "re.Pattern[str]", value: Any) -> List[Any]:
    return [value] if isinstance(value, str) and pattern.fullmatch(value) else []


# The forms of answers; the first that names an operation counts.
FORMS: Tuple[Callable[[Any], List[Any]], ...] = (
    _actions,
    lambda body: _text(_UPID, _at(body, "data")),
    _awx,
    _gitlab,
    _google_compute,
    lambda body: [_at(body, "job", "uuid")],  # ONTAP
    lambda body: [_at(body, "response", "taskId")],  # Catalyst Center
    lambda body: _text(_TASK_OF_VCENTER, body) or _text(_TASK_OF_VCENTER, _at(body, "value")),
)


def started(body: Any) -> List[str]:
    """Return the IDs of the operations in the body of an answer, as text; an empty list if its form is unknown."""
    for form in FORMS:
        found = [str(each) for each in form(body) if isinstance(each, (str, int)) and each]
        if found:
            return list(dict.fromkeys(found))
    return []


def started_at_url(answer: Mapping[str, Any], of_resource: bool = False) -> List[str]:
    """Return the operation in a header of an answer that accepts work: a URL, or the ID of a work request.

    of_resource: whether the URL of the request names a resource. The header may then name a resource as well, so it
    counts only in the form of IONOS.
    """
    if answer.get("status") not in _ACCEPTED:
        return []
    found = [value for value in (answer.get(name) for name in _HEADERS) if isinstance(value, str) and value][:1]
    return [value for value in found if not of_resource or _REQUEST_OF_IONOS.search(value)]
