# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The expected status of a Lite Server: never succeeded before the change has begun."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any, Callable, Dict, List, Optional

import pytest
from ansible_collections.cloudgate.operations.plugins.module_utils._model.errors import (
    InputError,
    MissingError,
    ProtocolError,
)
from ansible_collections.cloudgate.operations.plugins.module_utils._model.reference import Reference
from ansible_collections.cloudgate.operations.plugins.module_utils._module.base import reference_from
from ansible_collections.cloudgate.operations.plugins.module_utils._providers.naming import check_reference
from ansible_collections.cloudgate.operations.plugins.module_utils._providers.registry import PROVIDERS

PATH = "dev-servers/l1"
GROUP_PATH = "dev-servers/hyperinstance/l1"
BEFORE = 1789000000000  # milliseconds, as the API writes them
SINCE = datetime.fromtimestamp(BEFORE / 1000, timezone.utc)
REBOOT = Reference(resource_id="l1", expect="RUNNING")
STOP = Reference(resource_id="l1", expect="STOPPED")


def server(status: Any, later: int = 0) -> Dict[str, Any]:
    return {"id": "l1", "status": status, "update_at": BEFORE + later}


def states(scripted: Callable[..., Any], reference: Reference, polls: List[Dict[str, Any]]) -> List[str]:
    provider = scripted("huaweicloud_modelarts", {PATH: polls})
    return [provider.read(reference).state for _poll in polls]


def with_since(reference: Reference) -> Reference:
    return Reference(resource_id=reference.resource_id, expect=reference.expect, since=SINCE)


@pytest.mark.parametrize(
    ("reference", "polls", "expected"),
    [
        (REBOOT, ["RUNNING", "REBOOTING", "RUNNING"], ["running", "running", "succeeded"]),
        (REBOOT, ["RUNNING", "RUNNING", "RUNNING"], ["running", "running", "running"]),
        (REBOOT, ["RUNNING", "CHANGINGOS", "CHANGINGOS_FAILED"], ["running", "running", "failed"]),
        (REBOOT, ["STOPPED", "STARTING", "RUNNING"], ["running", "running", "succeeded"]),
        (REBOOT, ["STOPPED", "RUNNING"], ["running", "succeeded"]),
        (REBOOT, ["REBOOTING", "REBOOT_FAILED"], ["running", "failed"]),
        (REBOOT, ["REINSTALLINGOS", "ERROR"], ["running", "failed"]),
        (REBOOT, ["DELETING", "DELETED"], ["running", "failed"]),
        (REBOOT, ["PAUSED", "running"], ["unknown", "succeeded"]),
        (STOP, ["RUNNING", "STOPPING", "STOPPED"], ["running", "running", "succeeded"]),
        (STOP, ["STOPPED"], ["succeeded"]),
        (STOP, ["STOPPING", "STOP_FAILED"], ["running", "failed"]),
    ],
)
def test_an_old_status_is_not_believed(
    scripted: Callable[..., Any], reference: Reference, polls: List[str], expected: List[str]
) -> None:
    assert states(scripted, reference, [server(status) for status in polls]) == expected


@pytest.mark.parametrize(
    ("reference", "polls", "expected"),
    [
        (REBOOT, [server("RUNNING", 0), server("RUNNING", 9)], ["running", "succeeded"]),
        (REBOOT, [server("RUNNING", 9)], ["succeeded"]),
        (
            REBOOT,
            [server("START_FAILED", 0), server("STARTING", 5), server("RUNNING", 9)],
            ["running", "running", "succeeded"],
        ),
        (REBOOT, [server("REBOOT_FAILED", 9)], ["failed"]),
        (STOP, [server("STOPPED", 0), server("STOPPED", 9)], ["running", "succeeded"]),
        (
            REBOOT,
            [{"id": "l1", "status": each} for each in ("RUNNING", "REBOOTING", "RUNNING")],
            ["running", "running", "succeeded"],
        ),
    ],
)
def test_since_distinguishes_the_old_status_from_the_new(
    scripted: Callable[..., Any], reference: Reference, polls: List[Dict[str, Any]], expected: List[str]
) -> None:
    assert states(scripted, with_since(reference), polls) == expected


def test_the_statuses_that_a_wait_has_seen_are_its_own(scripted: Callable[..., Any]) -> None:
    second = [{"id": "l2", "status": each} for each in ("REBOOTING", "RUNNING")]
    answers = {PATH: server("RUNNING"), "dev-servers/l2": second}
    provider = scripted("huaweicloud_modelarts", answers)
    other = Reference(resource_id="l2", expect="RUNNING")
    assert [provider.read(other).state, provider.read(other).state] == ["running", "succeeded"]
    found = provider.read(REBOOT)
    assert (found.state, found.operation_id, found.resource_id) == ("running", None, "l1")
    assert found.reason == "the server is RUNNING, as it may have been before: no other status was seen yet"


def group(status: str, *servers: str, later: int = 0) -> Dict[str, Any]:
    """Return a hyperinstance; later: when its first server changed, in milliseconds after SINCE."""
    listed = [
        {"id": f"s{number}", "status": each, "update_at": BEFORE + (later if number == 0 else 1)}
        for number, each in enumerate(servers)
    ]
    return {"id": "l1", "status": status, "update_at": BEFORE + later, "servers": listed}


ACTIVE = Reference(resource_id="l1", expect="ACTIVE")


@pytest.mark.parametrize(
    ("reference", "polls", "expected"),
    [
        (ACTIVE, [group("ACTIVE"), group("REIMAGING"), group("ACTIVE")], ["running", "running", "succeeded"]),
        (ACTIVE, [group("ACTIVE"), group("ACTIVE")], ["running", "running"]),
        (ACTIVE, [group("REIMAGING"), group("ERROR")], ["running", "failed"]),
        (ACTIVE, [group("TERMINATING"), group("TERMINATED")], ["running", "failed"]),
        (
            STOP,
            [group("ACTIVE", "STOPPING", "STOPPED"), group("ACTIVE", "STOPPED", "STOPPED")],
            ["running", "succeeded"],
        ),
        (STOP, [group("ACTIVE", "STOP_FAILED", "STOPPED")], ["failed"]),
        (STOP, [group("ACTIVE", "STOPPED", "WARMING")], ["unknown"]),
        (STOP, [group("ACTIVE"), group("active", "stopped")], ["running", "succeeded"]),
        (STOP, [group("STOPPED")], ["succeeded"]),
        (REBOOT, [group("ACTIVE", "RUNNING", "RUNNING")] * 2, ["running", "running"]),
        (
            REBOOT,
            [group("ACTIVE", "RUNNING", "STARTING"), group("ACTIVE", "RUNNING", "RUNNING")],
            ["running", "succeeded"],
        ),
    ],
)
def test_a_hyperinstance_has_the_status_of_all_its_servers(
    scripted: Callable[..., Any], reference: Reference, polls: List[Dict[str, Any]], expected: List[str]
) -> None:
    provider = scripted("huaweicloud_modelarts", {GROUP_PATH: polls}, hyperinstance=True)
    found = [provider.read(reference) for _poll in polls]
    assert [each.state for each in found] == expected
    assert {each.resource_type for each in found} == {"hyperinstance"}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (group("ACTIVE", "RUNNING", "RUNNING", later=0), "running"),
        (group("ACTIVE", "RUNNING", "RUNNING", later=9), "succeeded"),
        (group("ACTIVE", "START_FAILED", "RUNNING", later=0), "running"),
        (group("ACTIVE", "START_FAILED", "RUNNING", later=9), "failed"),
    ],
)
def test_since_counts_for_each_server_of_a_hyperinstance(
    scripted: Callable[..., Any], body: Dict[str, Any], expected: str
) -> None:
    provider = scripted("huaweicloud_modelarts", {GROUP_PATH: body}, hyperinstance=True)
    assert provider.read(with_since(REBOOT)).state == expected


@pytest.mark.parametrize("given", ["running", "Running", "RUNNING"])
def test_expect_is_written_in_any_case(given: str) -> None:
    reference = reference_from(PROVIDERS["huaweicloud_modelarts"], {"resource_id": "l1", "expect": given})
    assert reference.expect == "RUNNING"


@pytest.mark.parametrize(
    ("answer", "error", "words"),
    [
        ({"id": "l1"}, ProtocolError, "status is missing"),
        ({"status": "STOPPED"}, ProtocolError, "answer for server l1 has no id"),
        ({"id": None, "status": "STOPPED"}, ProtocolError, "answer for server l1 has no id"),
        (ProtocolError("no such server", code="ModelArts.6404", status=400), MissingError, "no such server"),
        ({"error_code": "ModelArts.6404", "error_msg": "no such server"}, MissingError, "no such server"),
    ],
)
def test_a_server_that_cannot_be_read(scripted: Callable[..., Any], answer: Any, error: type, words: str) -> None:
    with pytest.raises(error, match=words):
        scripted("huaweicloud_modelarts", {PATH: answer}).read(REBOOT)


@pytest.mark.parametrize(
    ("provider", "reference", "words"),
    [
        ("huaweicloud_modelarts", Reference(resource_id="l1", expect="ACTIVE"), "expect must be RUNNING or STOPPED"),
        ("huaweicloud_modelarts", Reference(expect="RUNNING"), "resource_id is missing"),
        ("huaweicloud_modelarts", Reference("o1", "l1", expect="RUNNING"), "operation_id and expect exclude"),
        ("openstack", Reference(resource_id="s1", expect="ACTIVE"), "expect cannot be used with provider openstack"),
        ("openstack", Reference(resource_id="s1", client_request_id="r1"), "client_request_id cannot be used"),
        ("ecl_vna", Reference("o1", client_request_id="r1"), "operation_id and client_request_id exclude"),
        ("ecl_vna", Reference(client_request_id="../r1"), "client_request_id must be an id"),
        ("ecl_vna", Reference(client_request_id="r1", action="Update"), "action can be used only with latest"),
    ],
)
def test_references_that_cannot_name_one(provider: str, reference: Reference, words: Optional[str]) -> None:
    with pytest.raises(InputError) as caught:
        check_reference(PROVIDERS[provider], reference)
    assert str(words) in caught.value.message
