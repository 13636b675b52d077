# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From the JSON of Nova and of the image service to evidence. Pure.

Private to this collection.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Dict, List, Mapping, Optional, Sequence

from .errors import TransportError
from .nova_evidence import Evidence, Later, Server
from .operation import State, Step, parse_time, timestamp
from .paths import text

_LAUNCHED = "OS-SRV-USG:launched_at"
_TASK = "OS-EXT-STS:task_state"
# Nova makes the image before it records the action, by the clocks of two services.
_IMAGE_NEAR = timedelta(minutes=1)
_IMAGE_KEPT = timedelta(minutes=10)  # an image that does not exist later may have been deleted by its owner


def steps_of(action: Mapping[str, Any]) -> Optional[List[Step]]:
    """Return the events of an action, oldest first; None where the cloud hides them."""
    if action.get("events") is None:
        return None
    steps = [_step(event) for event in reversed(action["events"])]
    return sorted(steps, key=lambda step: timestamp(step.started_at))


def _step(event: Mapping[str, Any]) -> Step:
    """Read one event; members get no traceback, and details only from 2.84 on."""
    result = event.get("result") if isinstance(event.get("result"), str) else None
    finished = parse_time(event.get("finish_time"))
    if result is None and finished is None:
        state = State.RUNNING
    else:  # a word that Nova invents next year is not a success
        state = {"success": State.SUCCEEDED, "error": State.FAILED}.get((result or "").lower(), State.UNKNOWN)
    details = event.get("details") or _last_line(event.get("traceback"))
    return Step(
        name=str(event.get("event") or ""),
        state=state,
        result=result,
        started_at=parse_time(event.get("start_time")),
        finished_at=finished,
        error=details if isinstance(details, str) else None,
        host=event.get("host") if isinstance(event.get("host"), str) else None,
        host_id=event.get("hostId") if isinstance(event.get("hostId"), str) else None,
    )


def _last_line(traceback: Any) -> Optional[str]:
    lines = traceback.strip().splitlines() if isinstance(traceback, str) else []
    return lines[-1].strip() if lines else None


def evidence_of(action: Mapping[str, Any], now: datetime) -> Evidence:
    """Return what an action shows by itself. now: by the API's clock."""
    steps = steps_of(action)
    starts = [step.started_at for step in steps or [] if step.state == State.RUNNING and step.started_at]
    open_for = (now - max(starts)).total_seconds() if starts else None
    return Evidence(str(action.get("action")), steps, text(action, "message"), open_for)


def server_of(server: Mapping[str, Any], now: datetime) -> Server:
    """Return what a server shows. now: by the API's clock.

    Raises TransportError when the cell of the server does not answer: Nova then shows the status UNKNOWN, and neither
    task_state nor updated (nova/api/openstack/compute/views/servers.py _show_from_down_cell, from 2.69 on).
    """
    status, changed = text(server, "status"), parse_time(server.get("updated"))
    if status == "UNKNOWN" and "updated" not in server and _TASK not in server:
        raise TransportError("Nova shows the server with status UNKNOWN: its cell does not answer.")
    if status == "DELETED":  # for a moment before it is 404, and for ever to an administrator
        return Server("gone")
    fault = server.get("fault")
    return Server(
        status=status,
        task_state=text(server, _TASK),
        fault=text(fault, "message") if isinstance(fault, dict) else None,
        launched=_launched(server),
        idle=(now - changed).total_seconds() if changed else None,
    )


def _launched(server: Mapping[str, Any]) -> Optional[bool]:
    return bool(server[_LAUNCHED]) if _LAUNCHED in server else None


def deleted_row(rows: Sequence[Mapping[str, Any]], server_id: str) -> Optional[Server]:
    """Return a server that is gone as a list of changed servers shows it; None if it is not among these rows."""
    for row in rows:
        if row.get("id") == server_id and row.get("status") == "DELETED":
            return Server("gone", launched=_launched(row))
    return None


def is_same(row: Mapping[str, Any], action: Mapping[str, Any]) -> bool:
    """Whether two answers show one action: Nova may give two actions of a server one request id."""
    return row.get("request_id") == action.get("request_id") and row.get("action") == action.get("action")


def later_than(action: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]) -> Later:
    """Return what began after an action. rows: the actions of its server, newest first."""
    newer: List[Mapping[str, Any]] = []
    start = parse_time(action.get("start_time"))
    for row in rows:
        began = parse_time(row.get("start_time"))
        if is_same(row, action) or (began and start and began < start):
            break
        newer.append(row)
    actions = tuple((str(row.get("action")), parse_time(row.get("start_time"))) for row in reversed(newer))
    return Later(actions, same_request=any(row.get("request_id") == action.get("request_id") for row in newer))


def image_status(images: Sequence[Mapping[str, Any]], action: Mapping[str, Any], now: datetime) -> str:
    """Return the status of the image that an action made, C(none) or C(unreadable). images: those of its server."""
    start = parse_time(action.get("start_time"))
    if start is None:
        return "unreadable"
    ages: Dict[float, Mapping[str, Any]] = {}
    for image in images:
        created = parse_time(image.get("created_at"))
        if created and abs(created - start) <= _IMAGE_NEAR:
            ages[abs(created - start).total_seconds()] = image
    if ages:
        return text(ages[min(ages)], "status") or "unreadable"
    return "none" if now - start <= _IMAGE_KEPT else "unreadable"
