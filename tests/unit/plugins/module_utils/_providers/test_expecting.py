# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A deletion opens no gate on a resource that may never have existed."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, Dict, List, Optional

import pytest
from ansible_collections.cloudgate.operations.plugins.module_utils._model.errors import MissingError
from ansible_collections.cloudgate.operations.plugins.module_utils._model.operation import State
from ansible_collections.cloudgate.operations.plugins.module_utils._model.reference import Reference
from ansible_collections.cloudgate.operations.plugins.module_utils._providers.base import Provider
from ansible_collections.cloudgate.operations.plugins.module_utils._providers.registry import PROVIDERS

ID, PART = "4e3cbd36-5980-4dc4-8170-d3cc6088c259", "9a1c3a66-0000-4dc4-8170-d3cc6088c259"
VOLUME = {"volume": {"id": ID, "status": "deleting"}}
BALANCER = {"id": ID, "provisioning_status": "PENDING_DELETE"}
TREE = {"statuses": {"loadbalancer": BALANCER}}
MEMBER = {"id": PART, "provisioning_status": "PENDING_DELETE"}
BUSY = {"statuses": {"loadbalancer": {"id": ID, "provisioning_status": "PENDING_UPDATE", "pools": [MEMBER]}}}
IDLE = {"statuses": {"loadbalancer": {"id": ID, "provisioning_status": "ACTIVE", "pools": []}}}
# Provider, what it must become, the answer before the deletion, and the one after it (None: 404).
CASES = [
    ("openstack_volume", "deleted", VOLUME, None),
    ("openstack_loadbalancer", "deleted", TREE, None),
    ("openstack_loadbalancer", f"deleted={PART}", BUSY, IDLE),
]


def provider(name: str, answers: List[Optional[Dict[str, Any]]]) -> Provider:
    """Return a provider that gets these answers, and the last one again and again."""

    def get(*_place: Any) -> Dict[str, Any]:
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        if answer is None:
            raise MissingError("HTTP 404")
        return answer

    info = PROVIDERS[name]
    return info.provider_class(SimpleNamespace(endpoint="https://api.example.com", get=get), info, {})


@pytest.mark.parametrize(("name", "expect", "before", "after"), CASES)
def test_what_was_never_seen_is_missing(name: str, expect: str, before: Any, after: Any) -> None:
    with pytest.raises(MissingError) as caught:
        provider(name, [after]).read(Reference(resource_id=ID, expect=expect))
    assert "may never have existed" in caught.value.message
    assert caught.value.what == "resource"


@pytest.mark.parametrize(("name", "expect", "before", "after"), CASES)
def test_what_was_seen_before_is_deleted(name: str, expect: str, before: Any, after: Any) -> None:
    reader, reference = provider(name, [before, after]), Reference(resource_id=ID, expect=expect)
    first, second = reader.read(reference), reader.read(reference)
    assert first and second
    assert (first.state, second.state) == (State.RUNNING, State.SUCCEEDED)
    assert (reader.exports_state(first), reader.exports_state(second)) == (True, False)


@pytest.mark.parametrize(("name", "expect", "before", "after"), CASES)
def test_what_another_process_saw_is_deleted(name: str, expect: str, before: Any, after: Any) -> None:
    reference = Reference(resource_id=ID, expect=expect)
    seen = provider(name, [before]).read(reference)
    assert seen
    later = provider(name, [after])
    later.import_state(reference, seen)
    found = later.read(reference)
    assert found and found.state == State.SUCCEEDED


@pytest.mark.parametrize(("name", "expect", "before", "after"), CASES)
def test_the_id_of_a_request_proves_that_it_existed(name: str, expect: str, before: Any, after: Any) -> None:
    found = provider(name, [after]).read(Reference("req-1", ID, expect=expect))
    assert found and found.state == State.SUCCEEDED
