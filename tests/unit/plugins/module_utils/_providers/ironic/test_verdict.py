# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The verdict on states of nodes, case by case; the recordings of a real Ironic are in test_service_replay.py."""

from __future__ import annotations

from typing import Any, Callable, Dict

import pytest
from ansible_collections.cloudgate.operations.plugins.module_utils._model.operation import State
from ansible_collections.cloudgate.operations.plugins.module_utils._model.reference import Reference
from ansible_collections.cloudgate.operations.plugins.module_utils._providers.ironic.verdict import EXPECTS, verdict
from hypothesis import given
from hypothesis import strategies as st

STATES = {State.PENDING, State.RUNNING, State.SUCCEEDED, State.FAILED, State.UNKNOWN}
IDLE = {"target_provision_state": None, "target_power_state": None, "reservation": None}
CASES = [
    ("active", {"provision_state": "deploying", "target_provision_state": "active"}, State.RUNNING),
    ("active", {"provision_state": "wait call-back"}, State.RUNNING),
    ("active", {"provision_state": "active", "reservation": "c1"}, State.RUNNING),
    ("active", {"provision_state": "active"}, State.SUCCEEDED),
    ("active", {"provision_state": "deploy failed", "target_provision_state": "active"}, State.FAILED),
    ("active", {"provision_state": "deploy failed", "reservation": "c1"}, State.RUNNING),
    ("available", {"provision_state": "error"}, State.FAILED),
    ("manageable", {"provision_state": "enroll", "last_error": "no power"}, State.FAILED),
    ("manageable", {"provision_state": "dreaming"}, State.UNKNOWN),
    ("manageable", {"provision_state": "manageable", "target_provision_state": "available"}, State.RUNNING),
    ("power on", {"provision_state": "deploy failed", "power_state": "power on"}, State.SUCCEEDED),
    ("power on", {"power_state": "power off", "target_power_state": "power on"}, State.RUNNING),
    ("power on", {"power_state": "power off"}, State.FAILED),
    ("power on", {"power_state": None, "reservation": "c1"}, State.RUNNING),
    ("active", {"provision_state": "active", "reservation": ["c1"]}, State.UNKNOWN),
    ("power on", {"power_state": "power on", "target_power_state": {}}, State.UNKNOWN),
]


@pytest.mark.parametrize(("expect", "node", "state"), CASES)
def test_state(expect: str, node: Dict[str, Any], state: str) -> None:
    found = verdict(expect, {**IDLE, **node})
    assert found.state == state
    assert str(node.get("last_error") or "") in found.reason


@pytest.mark.parametrize("hidden", ["target_provision_state", "reservation"])
def test_a_node_whose_work_is_hidden_does_not_succeed(hidden: str) -> None:
    node = {"provision_state": "active", **IDLE}
    del node[hidden]
    assert verdict("active", node).state == State.UNKNOWN


JSON = st.none() | st.booleans() | st.text(max_size=9) | st.lists(st.none()) | st.just({})
WORDS = st.sampled_from([*EXPECTS, "deploying", "deploy failed", "error"]) | JSON
FIELDS = ("provision_state", "target_provision_state", "power_state", "target_power_state", "reservation", "last_error")


@given(st.sampled_from(EXPECTS), st.fixed_dictionaries({}, optional=dict.fromkeys(FIELDS, WORDS)))
def test_any_node_has_a_verdict_and_only_an_idle_one_succeeds(expect: str, node: Dict[str, Any]) -> None:
    found = verdict(expect, node)
    assert found.state in STATES
    if found.state == State.SUCCEEDED:
        assert expect in (node.get("provision_state"), node.get("power_state"))
        assert not isinstance(node.get("reservation"), str) or not node["reservation"]


def test_a_node_is_read_by_its_name_with_the_newest_version(scripted: Callable[..., Any]) -> None:
    node = {"uuid": "u1", "name": "rack-1", "provision_state": "active", "maintenance": True, "fault": "power failure"}
    provider = scripted("openstack_baremetal", {"nodes/rack-1": {**node, **IDLE}})
    found = provider.read(Reference(resource_id="rack-1", expect="active"))
    assert (found.state, found.warning) == (State.SUCCEEDED, "the node is in maintenance: power failure")
    assert provider.client.asked[0][2] == {"X-OpenStack-Ironic-API-Version": "latest"}
