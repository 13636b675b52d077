# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Answers of a recorded Heat."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any, Dict, List, Tuple

from ansible_collections.cloudgate.operations.plugins.module_utils._model.operation import State
from ansible_collections.cloudgate.operations.plugins.module_utils._model.reference import Reference
from ansible_collections.cloudgate.operations.tests.unit.service_replay import (
    Recording,
    Service,
    Views,
    read_recordings,
)


def _events(recording: Recording, count: int) -> List[Dict[str, Any]]:
    return [dict(event, id=f"event-{number}") for number, event in enumerate(recording["events"][:count])]


def answer(recording: Recording, views: Views, path: Tuple[str, ...], query: Dict[str, str]) -> Dict[str, Any]:
    """Return the body of a GET of a stack, its events, or the list of stacks."""
    stack = dict(views["stack"], id=recording["stack_id"], stack_name=recording["name"])
    if path == ("stacks",):
        shown = "show_deleted" in query or not stack["deletion_time"]
        return {"stacks": [stack] if shown and query["id"] == recording["stack_id"] else []}
    assert path[:3] == ("stacks", recording["name"], recording["stack_id"])
    if path[3:] != ("events",):
        return {"stack": stack}
    rows = _events(recording, views["events"])
    if "resource_status" in query:
        rows = [row for row in rows if row["resource_status"].endswith(query["resource_status"])]
    if "resource_name" in query:
        rows = [row for row in rows if row["resource_name"] == query["resource_name"]]
    return {"events": rows if query["sort_dir"] == "asc" else rows[::-1]}


def references(recording: Recording) -> List[Reference]:
    """Return the latest action since the request, and those that a mark does not know."""
    stack_id, action = recording["stack_id"], recording["action"]
    since = datetime.strptime(recording["begun"], "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=timezone.utc)
    known = tuple(str(event["id"]) for event in _events(recording, recording["known"]))
    found = [
        Reference(resource_id=stack_id, latest=True, since=since, action=action),
        Reference(resource_id=stack_id, latest=True, known=known, action=action),
    ]
    if recording["name"] == "update_superseded":  # the latest one is another update
        found = found[1:]
    if recording["action"] not in ("suspend", "resume", "delete"):  # these may have no event of their own
        found.append(Reference(resource_id=stack_id, latest=True, known=known))
    return found


def naive(_recording: Recording, views: Views) -> str:
    """Return the state by the end of the stack's status."""
    status = views["stack"]["stack_status"]
    if status.endswith("_COMPLETE"):
        return State.SUCCEEDED
    return State.FAILED if status.endswith("_FAILED") else State.RUNNING


HEAT = Service("openstack_stack", read_recordings("heat/*.json"), answer, references, naive)
