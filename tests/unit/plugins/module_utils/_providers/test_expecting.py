# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A deletion opens no gate on a resource that may never have existed."""

from __future__ import annotations

from typing import Any, Callable

import pytest
from ansible_collections.cloudgate.operations.plugins.module_utils._model.errors import MissingError
from ansible_collections.cloudgate.operations.plugins.module_utils._model.operation import State
from ansible_collections.cloudgate.operations.plugins.module_utils._model.reference import Reference
from ansible_collections.cloudgate.operations.plugins.module_utils._providers.base import Provider

ID, PART = "4e3cbd36-5980-4dc4-8170-d3cc6088c259", "9a1c3a66-0000-4dc4-8170-d3cc6088c259"
VOLUME = {"volume": {"id": ID, "status": "deleting"}}
BALANCER = {"id": ID, "provisioning_status": "PENDING_DELETE"}
TREE = {"statuses": {"loadbalancer": BALANCER}}
MEMBER = {"id": PART, "provisioning_status": "PENDING_DELETE"}
BUSY = {"statuses": {"loadbalancer": {"id": ID, "provisioning_status": "PENDING_UPDATE", "pools": [MEMBER]}}}
IDLE = {"statuses": {"loadbalancer": {"id": ID, "provisioning_status": "ACTIVE", "pools": []}}}
GONE = MissingError("HTTP 404")
VOLUMES, BALANCERS = f"volumes/{ID}", f"lbaas/loadbalancers/{ID}/status"
# Provider, path, what it must become, the answer before the deletion, and the one after it.
CASES = [
    ("openstack_volume", VOLUMES, "deleted", VOLUME, GONE),
    ("openstack_loadbalancer", BALANCERS, "deleted", TREE, GONE),
    ("openstack_loadbalancer", BALANCERS, f"deleted={PART}", BUSY, IDLE),
]
with_each_case = pytest.mark.parametrize(("name", "path", "expect", "before", "after"), CASES)
Scripted = Callable[..., Provider]


@with_each_case
def test_what_was_never_seen_is_missing(
    scripted: Scripted, name: str, path: str, expect: str, before: Any, after: Any
) -> None:
    with pytest.raises(MissingError) as caught:
        scripted(name, {path: after}).read(Reference(resource_id=ID, expect=expect))
    assert "may never have existed" in caught.value.message
    assert caught.value.what == "resource"


@with_each_case
def test_what_was_seen_before_is_deleted(
    scripted: Scripted, name: str, path: str, expect: str, before: Any, after: Any
) -> None:
    reader, reference = scripted(name, {path: [before, after]}), Reference(resource_id=ID, expect=expect)
    first, second = reader.read(reference), reader.read(reference)
    assert first and second
    assert (first.state, second.state) == (State.RUNNING, State.SUCCEEDED)
    assert (reader.exports_state(first), reader.exports_state(second)) == (True, False)


@with_each_case
def test_what_another_process_saw_is_deleted(
    scripted: Scripted, name: str, path: str, expect: str, before: Any, after: Any
) -> None:
    reference = Reference(resource_id=ID, expect=expect)
    seen = scripted(name, {path: before}).read(reference)
    assert seen
    later = scripted(name, {path: after})
    later.import_state(reference, seen)
    found = later.read(reference)
    assert found and found.state == State.SUCCEEDED


@with_each_case
def test_the_id_of_a_request_proves_that_it_existed(
    scripted: Scripted, name: str, path: str, expect: str, before: Any, after: Any
) -> None:
    found = scripted(name, {path: after}).read(Reference("req-1", ID, expect=expect))
    assert found and found.state == State.SUCCEEDED
