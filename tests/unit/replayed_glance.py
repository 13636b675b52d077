# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Answers of a recorded Glance."""

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

EACH = "/each store"  # such a case of a partial import requires each of its stores


def _recordings() -> Dict[str, Recording]:
    found = read_recordings("glance/*.json")
    for name, recording in list(found.items()):
        if recording["partial"]:
            found[name + EACH] = dict(recording, each=True, truth=dict(recording["truth"], outcome=State.FAILED))
    return found


def answer(recording: Recording, views: Views, path: Tuple[str, ...], _query: Dict[str, str]) -> Dict[str, Any]:
    """Return the body of a GET of the image or of its tasks."""
    assert path[:2] == ("images", recording["image_id"])
    if path[2:] == ("tasks",):
        return {"tasks": views["tasks"]}
    return dict(views["image"], id=recording["image_id"])


def references(recording: Recording) -> List[Reference]:
    """Return the request, the latest task, the tasks that a mark does not know, and the expected image."""
    image_id = recording["image_id"]
    by_stores = Reference(resource_id=image_id, expect=f"stores={','.join(recording['stores'])}")
    if recording.get("each"):
        return [by_stores]
    since = datetime.strptime(recording["begun"], "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=timezone.utc)
    found = [
        Reference(recording["request_id"], image_id),
        Reference(resource_id=image_id, latest=True, since=since),
        Reference(resource_id=image_id, latest=True, known=tuple(recording["known"])),
    ]
    if not recording["copy"]:
        found.append(Reference(resource_id=image_id, expect="active"))
    return found if recording["partial"] else [*found, by_stores]


def naive(_recording: Recording, views: Views) -> str:
    """Return the state by the status of the image alone."""
    status = views["image"]["status"]
    return State.SUCCEEDED if status == "active" else State.FAILED if status == "killed" else State.RUNNING


GLANCE = Service("openstack_image", _recordings(), answer, references, naive)
