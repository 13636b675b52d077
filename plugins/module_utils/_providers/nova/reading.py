# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Convert JSON of Nova and of the image service to evidence. Pure.

Private to this collection.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any, Dict, List, Mapping, Optional, Sequence

from ..._model.errors import TransportError
from ..._model.operation import State, Step
from ..._model.times import parse_time, timestamp
from ..._polling.feed import Change
from ..paths import text
from .actions import IMAGE_KEPT, LEAVE_IMAGES, WORKING, known
from .evidence import Evidence, Later, Server

_LAUNCHED = "OS-SRV-USG:launched_at"
_TASK = "OS-EXT-STS:task_state"
_RESERVATION = "OS-EXT-SRV-ATTR:reservation_id"
# Nova creates the image during the request that starts the action; the clocks of the two services differ.
IMAGE_NEAR = timedelta(minutes=1)
# A deletion ends an upload that has not begun (nova/compute/manager.py snapshot_instance, which keeps the image, and
# _snapshot_instance). Every other action waits for the end of the upload.
_IMAGE_BEGINS = timedelta(minutes=1)
_WHOLE_SECOND = timedelta(seconds=1)  # resolution of the image service
_TOGETHER = timedelta(minutes=5)  # from the first to the last server of one request
_IMAGE_KEPT = timedelta(seconds=IMAGE_KEPT)


def steps_of(action: Mapping[str, Any]) -> Optional[List[Step]]:
    """Return the events of an action, oldest first; None if the cloud hides them."""
    if action.get("events") is None:
        return None
    steps = [_step(event) for event in reversed(action["events"])]
    return sorted(steps, key=lambda step: timestamp(step.started_at))


def _step(event: Mapping[str, Any]) -> Step:
    """Convert an event. Members get no traceback, and details only from 2.84 on."""
    result = event.get("result") if isinstance(event.get("result"), str) else None
    finished = parse_time(event.get("finish_time"))
    if result is None and finished is None:
        state = State.RUNNING
    else:  # an unknown result is not a success
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
    """Return the evidence of an action. now: on the API's clock."""
    steps = steps_of(action)
    starts = [step.started_at for step in steps or [] if step.state == State.RUNNING and step.started_at]
    open_for = (now - max(starts)).total_seconds() if starts else None
    return Evidence(str(action.get("action")), steps, text(action, "message"), open_for)


def server_of(server: Mapping[str, Any], now: datetime) -> Server:
    """Convert a server. now: on the API's clock.

    Raises TransportError if the cell of the server does not answer: Nova then shows the status UNKNOWN without
    task_state and updated (nova/api/openstack/compute/views/servers.py _show_from_down_cell, from 2.69 on).
    """
    status, changed = text(server, "status"), parse_time(server.get("updated"))
    if cell_is_down(server):
        raise TransportError("Nova shows the server with status UNKNOWN: its cell does not answer.")
    if status == "DELETED":  # shortly before a 404; administrators always see it
        return Server("gone")
    fault = server.get("fault")
    return Server(
        status=status,
        task_state=text(server, _TASK),
        fault=text(fault, "message") if isinstance(fault, dict) else None,
        launched=_launched(server),
        idle=(now - changed).total_seconds() if changed else None,
        name=text(server, "name"),
    )


def cell_is_down(server: Mapping[str, Any]) -> bool:
    """Return whether the cell of a server does not answer. Nova then shows little more than the ID."""
    return text(server, "status") == "UNKNOWN" and "updated" not in server and _TASK not in server


def in_order(rows: Sequence[Mapping[str, Any]], reservation_id: str) -> List[str]:
    """Return the IDs of a reservation's servers. Only administrators see the reservation of a server."""
    mine = {
        str(row["id"]): str(row.get("name"))
        for row in rows
        if isinstance(row.get("id"), str) and row.get(_RESERVATION, reservation_id) == reservation_id
    }
    return sorted(mine, key=lambda each: (len(mine[each]), mine[each]))  # NAME-2 comes before NAME-10


def may_be_of(row: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]) -> bool:
    """Return whether a server was created at the same time as these, so that one request may have created all."""
    times = [parse_time(each.get("created")) for each in (row, *rows)]
    return not rows or any(None in (times[0], each) or _near(times[0], each) for each in times[1:])


def _near(one: Optional[datetime], other: Optional[datetime]) -> bool:
    return one is not None and other is not None and abs(one - other) <= _TOGETHER


def change_of(row: Mapping[str, Any]) -> Change:
    """Convert a server to a change of the feed."""
    busy = text(row, _TASK) is not None or text(row, "status") in WORKING
    shown = "/".join(str(row.get(name)) for name in ("updated", "status", _TASK))
    return Change(str(row.get("id")), shown, None if cell_is_down(row) else busy)


def names_of_one_request(name: Optional[str]) -> Optional[str]:
    """Return a pattern for the server names of a request for several servers; None for a request for one.

    The first server is NAME-1, the others are NAME-2 and so on (nova/compute/api.py _populate_instance_names).
    """
    first = re.fullmatch(r"(.*)-1", name or "", re.DOTALL)
    return f"^{re.escape(first.group(1))}-[0-9]+$" if first else None


def made_together(rows: Sequence[Mapping[str, Any]], server_id: str, pattern: str) -> List[str]:
    """Return the IDs of other servers with a matching name that were created at the same time as a server."""
    named = {str(row.get("id")): row for row in rows if re.match(pattern, str(row.get("name")))}
    created = parse_time(named[server_id].get("created")) if server_id in named else None
    others = [name for name in named if name != server_id]
    times = {name: parse_time(named[name].get("created")) for name in others}
    return [name for name, time in times.items() if created and time and abs(time - created) <= _TOGETHER]


def _launched(server: Mapping[str, Any]) -> Optional[bool]:
    return bool(server[_LAUNCHED]) if _LAUNCHED in server else None


def deleted_row(rows: Sequence[Mapping[str, Any]], server_id: str) -> Optional[Server]:
    """Return a deleted server from a list of changed servers; None if the rows do not contain it."""
    for row in rows:
        if row.get("id") == server_id and row.get("status") == "DELETED":
            return Server("gone", launched=_launched(row))
    return None


def is_same(row: Mapping[str, Any], action: Mapping[str, Any]) -> bool:
    """Return whether two rows show the same action: two actions of a server may share a request ID."""
    return row.get("request_id") == action.get("request_id") and row.get("action") == action.get("action")


def later_than(action: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]) -> Later:
    """Return the actions that began after an action. rows: all actions of its server, newest first."""
    newer: List[Mapping[str, Any]] = []
    start = parse_time(action.get("start_time"))
    for row in rows:
        began = parse_time(row.get("start_time"))
        if is_same(row, action) or (began and start and began < start):
            break
        newer.append(row)
    actions = tuple((str(row.get("action")), parse_time(row.get("start_time"))) for row in reversed(newer))
    wanted = (action.get("request_id"), "delete")
    return Later(actions, deleted_by_same=any((row.get("request_id"), row.get("action")) == wanted for row in newer))


def image_status(
    images: Sequence[Mapping[str, Any]], action: Mapping[str, Any], rows: Sequence[Mapping[str, Any]], now: datetime
) -> str:
    """Return the status of an action's image, as in C(Evidence). rows: the actions of its server, newest first."""
    if parse_time(action.get("start_time")) is None:
        return "unreadable"
    mine = _image_of(action, images, rows)
    later = later_than(action, rows).actions
    changed = next((began for name, began in later if began and not known(name).harmless), None)
    if mine:
        left = mine.get("status") == "queued" and changed and now - changed > _IMAGE_BEGINS
        return "left" if left else text(mine, "status") or "unreadable"
    if action.get("action") == "createBackup" and any(name == "createBackup" for name, _start in later):
        return "rotated"
    return "gone" if changed and now - changed > _IMAGE_KEPT else "none"


def _image_of(
    action: Mapping[str, Any], images: Sequence[Mapping[str, Any]], rows: Sequence[Mapping[str, Any]]
) -> Optional[Mapping[str, Any]]:
    """Return the image of an action. An image does not name its action.

    Each image belongs to the latest action that can have made it: Nova starts no second such action before the first is
    finished (task_state), and one that finishes within a second is a failure.
    """
    makers = [row for row in rows if row.get("action") in LEAVE_IMAGES]
    if not any(is_same(row, action) for row in makers):  # older than all listed actions, or none was listed
        makers.append(action)
    owned: Dict[int, Mapping[str, Any]] = {}
    # A refused request may have created an image that stays queued, so such images come last.
    for image in sorted(images, key=lambda image: image.get("status") == "queued"):
        created = parse_time(image.get("created_at"))
        if created is None or image.get("instance_uuid") != action.get("instance_uuid"):
            continue
        gaps = [_gap(created, parse_time(row.get("start_time"))) for row in makers]
        owners = [index for index, gap in enumerate(gaps) if gap == min(gaps) and gap <= IMAGE_NEAR]
        free = [index for index in owners if index not in owned]
        if free:
            owned[free[0]] = image
    return next((image for index, image in owned.items() if is_same(makers[index], action)), None)


def _gap(created: datetime, start: Optional[datetime]) -> timedelta:
    """Return the time between an image and the start of an action; the image's time has whole seconds."""
    if start is None:
        return timedelta.max
    return max(timedelta(0), created - start, start - created - _WHOLE_SECOND)
