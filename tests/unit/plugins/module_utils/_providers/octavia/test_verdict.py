# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The verdict on load balancers of Octavia, as its source describes them."""

from __future__ import annotations

from typing import Any, Callable, Dict

import pytest
from ansible_collections.cloudgate.operations.plugins.module_utils._model.errors import MissingError, ProtocolError
from ansible_collections.cloudgate.operations.plugins.module_utils._model.operation import State
from ansible_collections.cloudgate.operations.plugins.module_utils._model.reference import Reference
from ansible_collections.cloudgate.operations.plugins.module_utils._providers.octavia.verdict import (
    objects_in,
    verdict,
)
from hypothesis import given
from hypothesis import strategies as st

STATES = {State.PENDING, State.RUNNING, State.SUCCEEDED, State.FAILED, State.UNKNOWN}


def tree(status: str = "ACTIVE", listener: str = "ACTIVE", pool: str = "ACTIVE", member: str = "ACTIVE") -> Any:
    members = [{"id": "m1", "provisioning_status": member}]
    pools = [{"id": "p1", "provisioning_status": pool, "members": members}]
    listeners = [{"id": "l1", "provisioning_status": listener, "pools": pools, "l7policies": []}]
    return {"id": "b1", "provisioning_status": status, "listeners": listeners, "pools": pools}


CASES = [
    ("active", tree("PENDING_CREATE"), State.RUNNING),
    ("active", tree(), State.SUCCEEDED),
    ("active", tree("ERROR"), State.FAILED),
    ("active", tree("DELETED"), State.FAILED),
    ("active", tree("ODD"), State.UNKNOWN),
    ("active", tree(member="ERROR"), State.UNKNOWN),  # perhaps the object that the request changed
    ("active", tree(member="PENDING_UPDATE"), State.RUNNING),
    ("active=p1", tree(member="PENDING_CREATE"), State.RUNNING),
    ("active", {**tree(), "pools": tree(pool="ERROR")["pools"]}, State.UNKNOWN),  # once ACTIVE, once ERROR
    ("active=l1", tree("PENDING_UPDATE", listener="PENDING_UPDATE"), State.RUNNING),
    ("active=l1", tree(listener="ERROR"), State.FAILED),
    ("active=l1", tree(), State.SUCCEEDED),
    ("active=m1", tree(), State.SUCCEEDED),
    ("active=m1", tree(listener="ERROR"), State.SUCCEEDED),
    ("active=p1", tree(member="ERROR"), State.UNKNOWN),  # a change of all members
    ("active=m1", tree(member="PENDING_UPDATE"), State.RUNNING),
    ("active=m9", tree(), State.FAILED),
    ("active=m1", tree("ERROR"), State.FAILED),
    ("deleted=m9", tree(), State.SUCCEEDED),
    ("deleted=m9", tree("PENDING_UPDATE"), State.RUNNING),
    ("deleted=m1", tree(member="PENDING_DELETE"), State.RUNNING),
    ("deleted=m1", tree(member="ERROR"), State.FAILED),
    ("deleted=m1", tree(), State.FAILED),
    ("deleted", tree("PENDING_DELETE"), State.RUNNING),
    ("deleted", tree("DELETED"), State.SUCCEEDED),
    ("deleted", tree("ERROR"), State.FAILED),
    ("deleted", tree(), State.FAILED),
]


@pytest.mark.parametrize(("expect", "balancer", "state"), CASES)
def test_state(expect: str, balancer: Any, state: str) -> None:
    found = verdict(expect, balancer)
    assert found.state == state
    assert found.reason


JSON: Any = st.recursive(
    st.none() | st.sampled_from(["ACTIVE", "ERROR", "PENDING_UPDATE", "m1"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["id", "provisioning_status", "pools"]), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(st.sampled_from(["active", "deleted", "active=m1", "deleted=m1"]), st.dictionaries(st.text(), JSON), JSON)
def test_any_tree_has_a_verdict(expect: str, balancer: Dict[str, Any], status: Any) -> None:
    found = verdict(expect, {**balancer, "provisioning_status": status})
    assert found.state in STATES and found.reason
    assert found.state != State.SUCCEEDED or status in ("ACTIVE", "DELETED")


def test_each_object_is_found() -> None:
    assert {each["id"] for each in objects_in(tree())} == {"b1", "l1", "p1", "m1"}


def test_only_a_deletion_ends_with_what_does_not_exist(scripted: Callable[..., Any]) -> None:
    found = scripted("openstack_loadbalancer", {}).read(Reference("req-1", "b1", expect="deleted"))
    assert found.state == State.SUCCEEDED
    for expect in ("active", "active=l1", "deleted=l1"):
        with pytest.raises(MissingError):
            scripted("openstack_loadbalancer", {}).read(Reference(resource_id="b1", expect=expect))


@pytest.mark.parametrize("body", [{}, {"statuses": []}, {"statuses": {"loadbalancer": {"id": "b1"}}}])
def test_an_answer_of_another_shape(scripted: Callable[..., Any], body: Dict[str, Any]) -> None:
    provider = scripted("openstack_loadbalancer", {"lbaas/loadbalancers/b1/status": body})
    with pytest.raises(ProtocolError, match="unexpected structure"):
        provider.read(Reference(resource_id="b1", expect="active"))
