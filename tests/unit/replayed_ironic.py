# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Answers of a recorded Ironic."""

from __future__ import annotations

from typing import Any, Dict, List, Tuple

from ansible_collections.cloudgate.operations.plugins.module_utils._model.operation import State
from ansible_collections.cloudgate.operations.plugins.module_utils._model.reference import Reference
from ansible_collections.cloudgate.operations.tests.unit.service_replay import (
    Recording,
    Service,
    Views,
    read_recordings,
)

ID = "c9d96962-5b89-4a4e-802b-1e33ecfee698"


def answer(recording: Recording, views: Views, path: Tuple[str, ...], query: Dict[str, str]) -> Dict[str, Any]:
    """Return the body of a GET of the node."""
    assert path == ("nodes", ID)
    wanted = query["fields"].split(",")
    assert "updated_at" not in wanted  # Ironic answers 400
    return {name: value for name, value in dict(views["node"], uuid=ID, name="n").items() if name in wanted}


def references(recording: Recording) -> List[Reference]:
    """Return the expected state."""
    return [Reference(resource_id=ID, expect=recording["expect"])]


def naive(recording: Recording, views: Views) -> str:
    """Return the state by the provision or power state alone."""
    node = views["node"]
    field = "power_state" if recording["expect"].startswith("power ") else "provision_state"
    if node[field] == recording["expect"]:
        return State.SUCCEEDED
    return State.FAILED if str(node["provision_state"]).endswith(("failed", "error")) else State.RUNNING


IRONIC = Service("openstack_baremetal", read_recordings("ironic/*.json"), answer, references, naive)
