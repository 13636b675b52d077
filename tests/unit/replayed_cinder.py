# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Answers of a recorded Cinder."""

from __future__ import annotations

from typing import Any, Dict, List, Tuple

from ansible_collections.cloudgate.operations.plugins.module_utils._model.errors import MissingError
from ansible_collections.cloudgate.operations.plugins.module_utils._model.operation import State
from ansible_collections.cloudgate.operations.plugins.module_utils._model.reference import Reference
from ansible_collections.cloudgate.operations.tests.unit.service_replay import (
    Recording,
    Service,
    Views,
    read_recordings,
)

ID = "4e3cbd36-5980-4dc4-8170-d3cc6088c259"


def answer(recording: Recording, views: Views, path: Tuple[str, ...], query: Dict[str, str]) -> Dict[str, Any]:
    """Return the body of a GET of the resource or of its messages."""
    if path == ("messages",):
        assert query == {"resource_uuid": ID}
        return {"messages": [dict(each, resource_uuid=ID) for each in views["messages"]]}
    if path != (recording["kind"] + "s", ID) or views["resource"] is None:
        raise MissingError("HTTP 404: itemNotFound")
    return {recording["kind"]: dict(views["resource"], id=ID)}


def references(recording: Recording) -> List[Reference]:
    """Return the expected change with and without the ID of the request, which a late look at a deletion needs."""
    expect, request_id = recording["expect"], recording["request_id"]
    expected = [] if expect == "deleted" else [Reference(resource_id=ID, expect=expect)]
    return expected + [Reference(request_id, ID, expect=expect)] * bool(request_id)


def naive(recording: Recording, views: Views) -> str:
    """Return the state by the status alone."""
    status = views["resource"]["status"] if views["resource"] else "deleted"
    if status.startswith("error"):
        return State.FAILED
    deletes = recording["expect"] == "deleted"
    return State.SUCCEEDED if status in (("deleted",) if deletes else ("available", "in-use")) else State.RUNNING


CINDER = Service("openstack_volume", read_recordings("cinder/*.json"), answer, references, naive)
