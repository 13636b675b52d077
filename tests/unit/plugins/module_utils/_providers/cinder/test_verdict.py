# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The verdict on changes of volumes, case by case; the recordings of a real Cinder are in test_service_replay.py."""

from __future__ import annotations

from typing import Any, Callable, Dict

import pytest
from ansible_collections.cloudgate.operations.plugins.module_utils._model.errors import (
    ForbiddenError,
    MissingError,
    ProtocolError,
    TransportError,
)
from ansible_collections.cloudgate.operations.plugins.module_utils._model.operation import State
from ansible_collections.cloudgate.operations.plugins.module_utils._model.reference import Reference
from ansible_collections.cloudgate.operations.plugins.module_utils._providers.cinder.verdict import verdict
from hypothesis import given
from hypothesis import strategies as st

ID = "4e3cbd36-5980-4dc4-8170-d3cc6088c259"
STATES = {State.PENDING, State.RUNNING, State.SUCCEEDED, State.FAILED, State.UNKNOWN}
CASES = [
    ("size=2", {"status": "extending", "size": 1}, State.RUNNING),
    ("size=2", {"status": "available", "size": 2}, State.SUCCEEDED),
    ("size=2", {"status": "in-use", "size": 3}, State.SUCCEEDED),
    ("size=2", {"status": "available", "size": 1}, State.FAILED),
    ("size=10", {"status": "available", "size": 9}, State.FAILED),
    ("size=2", {"status": "available"}, State.UNKNOWN),
    ("size=2", {"status": "available", "size": "\u00b2"}, State.FAILED),  # a digit that is no number
    ("size=\u00b2", {"status": "available", "size": 2}, State.FAILED),
    ("size=2", {"status": "error_extending", "size": 1}, State.FAILED),
    ("volume_type=fast", {"status": "available", "volume_type": "slow"}, State.FAILED),
    ("volume_type=fast", {"status": "in-use", "volume_type": "fast"}, State.SUCCEEDED),
    ("available", {"status": "available"}, State.SUCCEEDED),
    ("available", {"status": "in-use"}, State.RUNNING),
    ("available", {"status": "AVAILABLE"}, State.SUCCEEDED),
    ("available", {"status": "melting"}, State.UNKNOWN),
    ("deleted", {"status": "deleting"}, State.RUNNING),
    ("available", {"status": "updating"}, State.RUNNING),  # a group
    ("deleted", {"status": "available"}, State.FAILED),
    ("migrated", {"status": "available"}, State.UNKNOWN),
    ("migrated", {"status": "available", "migration_status": None}, State.UNKNOWN),
    ("migrated", {"status": "available", "migration_status": "migrating"}, State.RUNNING),
    ("migrated", {"status": "available", "migration_status": "error"}, State.FAILED),
    ("migrated", {"status": "maintenance", "migration_status": "success"}, State.RUNNING),
    ("migrated", {"status": "error", "migration_status": "success"}, State.FAILED),
    ("migrated", {"status": "in-use", "migration_status": "success"}, State.SUCCEEDED),
]


@pytest.mark.parametrize(("expect", "volume", "state"), CASES)
def test_state(expect: str, volume: Dict[str, Any], state: str) -> None:
    found = verdict(expect, volume)
    assert found.state == state
    assert found.reason


JSON = st.none() | st.booleans() | st.integers() | st.text(max_size=9) | st.lists(st.none()) | st.just({})
STATUS = st.sampled_from(["available", "in-use", "extending", "error", "deleting"]) | JSON
VOLUMES = st.fixed_dictionaries(
    {}, optional={"status": STATUS, "size": JSON, "volume_type": JSON, "migration_status": STATUS}
)


@given(st.sampled_from([case[0] for case in CASES]), VOLUMES)
def test_any_volume_has_a_verdict_and_only_an_idle_one_succeeds(expect: str, volume: Dict[str, Any]) -> None:
    found = verdict(expect, volume)
    assert found.state in STATES
    assert found.state != State.SUCCEEDED or str(volume["status"]).lower() in ("available", "in-use")


def message(request_id: str, text: str, when: str = "1") -> Dict[str, Any]:
    return {"request_id": request_id, "resource_uuid": ID, "user_message": text, "created_at": when}


def test_the_message_of_the_request_is_the_reason(scripted: Callable[..., Any]) -> None:
    answers = {
        f"volumes/{ID}": {"volume": {"id": ID, "status": "available", "size": 1}},
        "messages": {"messages": [message("req-1", "no space"), message("req-2", "another", "2")]},
    }
    found = scripted("openstack_volume", answers).read(Reference("req-1", ID, expect="size=2"))
    assert (found.state, found.operation_id) == (State.FAILED, "req-1")
    assert found.reason.endswith("but size is 1, not 2: no space")
    found = scripted("openstack_volume", answers).read(Reference(resource_id=ID, expect="size=2"))
    assert found.reason.endswith("the last message is: another")
    found = scripted("openstack_volume", answers).read(Reference("req-3", ID, expect="size=2"))
    assert found.reason.endswith("but size is 1, not 2")


def test_messages_may_be_hidden_and_are_retried_if_they_fail(scripted: Callable[..., Any]) -> None:
    volume = {f"volumes/{ID}": {"volume": {"id": ID, "status": "error"}}}
    hidden = scripted("openstack_volume", {**volume, "messages": ForbiddenError("no")})
    assert hidden.read(Reference(resource_id=ID, expect="available")).reason == "the status is error"
    with pytest.raises(TransportError):
        scripted("openstack_volume", {**volume, "messages": TransportError("no")}).read(
            Reference(resource_id=ID, expect="available")
        )


def test_a_snapshot_is_found_and_asked_for_directly_later(scripted: Callable[..., Any]) -> None:
    provider = scripted(
        "openstack_volume",
        {f"snapshots/{ID}": [{"snapshot": {"id": ID, "status": "deleting"}}, MissingError("404")]},
    )
    reference = Reference(resource_id=ID, expect="deleted")
    assert provider.read(reference).state == State.RUNNING
    found = provider.read(reference)
    assert (found.state, found.resource_type) == (State.SUCCEEDED, "snapshot")
    assert provider.client.paths == [f"volumes/{ID}", f"snapshots/{ID}", f"snapshots/{ID}"]


@pytest.mark.parametrize("kind", ["backup", "group", "group_snapshot"])
def test_backups_and_groups_are_read(scripted: Callable[..., Any], kind: str) -> None:
    answers = [{kind: {"id": ID, "status": word, "fail_reason": "no space"}} for word in ("creating", "error")]
    provider = scripted("openstack_volume", {f"{kind}s/{ID}": answers})
    found = [provider.read(Reference(resource_id=ID, expect="available")) for _poll in range(2)]
    assert [each.state for each in found] == [State.RUNNING, State.FAILED]
    assert (found[1].resource_type, found[1].reason) == (kind, "the status is error: no space")


def test_an_old_cinder_has_no_groups_and_a_forbidden_kind_is_no_deletion(scripted: Callable[..., Any]) -> None:
    gone = Reference("req-1", ID, expect="deleted")
    old = {f"{kind}/{ID}": ProtocolError("406", status=406) for kind in ("groups", "group_snapshots")}
    assert scripted("openstack_volume", old).read(gone).state == State.SUCCEEDED
    for kind in ("backups", "groups"):
        with pytest.raises(ForbiddenError):
            scripted("openstack_volume", {f"{kind}/{ID}": ForbiddenError("no")}).read(gone)
    with pytest.raises(ProtocolError):
        scripted("openstack_volume", {f"backups/{ID}": ProtocolError("406", status=406)}).read(gone)


def test_only_a_deletion_ends_with_what_does_not_exist(scripted: Callable[..., Any]) -> None:
    for expect in ("available", "size=2", "migrated"):
        with pytest.raises(MissingError):
            scripted("openstack_volume", {}).read(Reference(resource_id=ID, expect=expect))
