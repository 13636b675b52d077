# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Operations of ECL's Virtual Network Appliances."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any, Callable, Dict, List, Optional

import pytest
from ansible_collections.cloudgate.operations.plugins.module_utils._model.errors import (
    ForbiddenError,
    GarbledError,
    MissingError,
    ProtocolError,
    TransportError,
)
from ansible_collections.cloudgate.operations.plugins.module_utils._model.reference import Query, Reference
from ansible_collections.cloudgate.operations.plugins.module_utils._model.times import format_time


def operation(number: int, **more: Any) -> Dict[str, Any]:
    return {
        "id": f"o{number}",
        "resource_id": "a1",
        "request_type": "Action",
        "status": "COMPLETE",
        "reception_datetime": f"2026-11-21 1{number}:00:00",
        "commit_datetime": f"2026-11-21 1{number}:30:00",
        "error": None,
        **more,
    }


def time(hour: int) -> datetime:
    return datetime(2026, 11, 21, hour, tzinfo=timezone.utc)


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("PROCESSING", "running"),
        ("COMPLETE", "succeeded"),
        ("Complete", "succeeded"),
        ("complete", "succeeded"),
        ("ERROR", "failed"),
        ("STUCK", "failed"),
        ("PAUSED", "unknown"),
        ("", "unknown"),
        (None, "unknown"),
        ({"x": 1}, "unknown"),
    ],
)
def test_the_status_is_read_in_any_case_and_a_new_word_is_unknown(
    scripted: Callable[..., Any], status: Any, state: str
) -> None:
    provider = scripted("ecl_vna", {"operations/o1": {"operation": operation(1, status=status)}})
    assert provider.show(Reference("o1")).state == state


@pytest.mark.parametrize(
    ("status", "error", "reason"),
    [
        ("COMPLETE", None, "the API says COMPLETE"),
        ("ERROR", "no address", "the API says ERROR: no address; the request may be sent again"),
        (
            "STUCK",
            "",
            "the API says STUCK: it stopped midway and needs the provider's support; the resource refuses "
            "further requests",
        ),
    ],
)
def test_the_reason_says_what_a_person_should_do(
    scripted: Callable[..., Any], status: str, error: Optional[str], reason: str
) -> None:
    provider = scripted("ecl_vna", {"operations/o1": {"operation": operation(1, status=status, error=error)}})
    found = provider.show(Reference("o1"))
    assert found.reason == reason
    assert found.error == ({"code": None, "message": error} if error else None)


def test_a_running_operation_has_no_end(scripted: Callable[..., Any]) -> None:
    body = operation(1, status="PROCESSING", commit_datetime=None)
    found = scripted("ecl_vna", {"operations/o1": {"operation": body}}).show(Reference("o1"))
    assert (format_time(found.started_at), found.finished_at) == ("2026-11-21T11:00:00Z", None)
    assert found.as_dict(raw=True)["raw"] == {"operation": body}


@pytest.mark.parametrize("body", [{}, {"operation": []}, {"operations": []}])
def test_another_shape_is_a_protocol_error(scripted: Callable[..., Any], body: Dict[str, Any]) -> None:
    with pytest.raises(ProtocolError, match="unexpected structure"):
        scripted("ecl_vna", {"operations/o1": body}).show(Reference("o1"))


LISTED = [
    operation(1, request_type="Create"),
    operation(3, status="PROCESSING", commit_datetime=None),
    operation(2, request_type="Update"),
    operation(4, reception_datetime=None, commit_datetime=None),
]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, ["o3", "o2", "o1", "o4"]),
        ({"limit": 2}, ["o3", "o2"]),
        ({"action": "update"}, ["o2"]),
        ({"action": "Reboot"}, []),
        ({"changes_since": time(13)}, ["o3", "o4"]),
        ({"changes_before": time(12)}, ["o1", "o4"]),
        ({"changes_since": time(12), "changes_before": time(14), "limit": 1}, ["o3"]),
    ],
)
def test_a_list_is_newest_first_and_sifted_here(
    scripted: Callable[..., Any], query: Dict[str, Any], expected: List[str]
) -> None:
    provider = scripted("ecl_vna", {"operations": {"operations": LISTED}})
    assert [each.operation_id for each in provider.list(Query(**query))] == expected


def test_the_apis_own_filters_are_sent(scripted: Callable[..., Any]) -> None:
    provider = scripted("ecl_vna", {"operations": {"operations": []}})
    assert provider.list(Query(resource_id="a1", filters={"status": "ERROR", "latest": "true"})) == []
    ((path, query, _headers),) = provider.client.asked
    assert path == "operations"
    assert dict(query) == {"resource_id": "a1", "status": "ERROR", "latest": "true"}


def test_the_latest_of_an_appliance_is_the_newest_listed(scripted: Callable[..., Any]) -> None:
    provider = scripted("ecl_vna", {"operations": {"operations": LISTED}})
    assert provider.read(Reference(resource_id="a1", latest=True)).operation_id == "o3"
    assert provider.read(Reference(resource_id="a1", latest=True, action="Delete")) is None


def listed(*numbers: int) -> Dict[str, Any]:
    return {"operations": [operation(number) for number in numbers]}


def test_one_list_answers_for_many(scripted: Callable[..., Any]) -> None:
    provider = scripted("ecl_vna", {"operations": listed(1, 2, 3)})
    found = provider.poll_many([Reference("o3"), Reference("o1")])
    assert [each.operation_id for each in found] == ["o3", "o1"]
    assert provider.client.asked == [("operations", (), {})]


def test_a_single_operation_is_requested_by_its_id(scripted: Callable[..., Any]) -> None:
    provider = scripted("ecl_vna", {"operations/o1": {"operation": operation(1)}})
    assert [each.operation_id for each in provider.poll_many([Reference("o1")])] == ["o1"]
    assert provider.client.paths == ["operations/o1"]


def test_an_operation_missing_from_the_list_is_requested_by_its_id(scripted: Callable[..., Any]) -> None:
    provider = scripted("ecl_vna", {"operations": listed(1), "operations/o2": {"operation": operation(2)}})
    found = provider.poll_many([Reference("o1"), Reference("o2"), Reference("o9")])
    assert [each.operation_id for each in found[:2]] == ["o1", "o2"]
    assert isinstance(found[2], MissingError)
    assert provider.client.paths == ["operations", "operations/o2", "operations/o9"]


@pytest.mark.parametrize(
    "error", [ForbiddenError("403"), ProtocolError("sent more than 10 MiB"), ProtocolError("400", status=400)]
)
def test_a_list_that_is_refused_or_too_long_is_not_requested_again(
    scripted: Callable[..., Any], error: Exception
) -> None:
    single = {f"operations/o{number}": {"operation": operation(number)} for number in (1, 2)}
    provider = scripted("ecl_vna", {"operations": error, **single})
    references = [Reference("o1"), Reference("o2")]
    for _poll in range(2):
        assert [each.operation_id for each in provider.poll_many(references)] == ["o1", "o2"]
    assert provider.client.paths == ["operations", *single, *single]


@pytest.mark.parametrize("error", [TransportError("503"), GarbledError("half")])
def test_a_list_that_may_be_good_the_next_time_is_an_error_for_all(
    scripted: Callable[..., Any], error: Exception
) -> None:
    provider = scripted("ecl_vna", {"operations": [error, listed(1, 2)]})
    references = [Reference("o1"), Reference("o2")]
    with pytest.raises(type(error)):
        provider.poll_many(references)
    assert [each.operation_id for each in provider.poll_many(references)] == ["o1", "o2"]


def test_the_latest_are_found_in_the_list(scripted: Callable[..., Any]) -> None:
    others = [operation(5, resource_id="a2", request_type="Delete"), operation(4, resource_id="a2")]
    provider = scripted("ecl_vna", {"operations": {"operations": LISTED + others}})
    found = provider.poll_many(
        [
            Reference(resource_id="a1", latest=True),
            Reference(resource_id="a1", latest=True, action="update"),
            Reference(resource_id="a2", latest=True, action="Action"),
            Reference(resource_id="a2", latest=True, since=time(16)),
            Reference(resource_id="a3", latest=True),
        ]
    )
    assert [each and each.operation_id for each in found] == ["o3", "o2", "o4", None, None]
    assert provider.client.paths == ["operations"]


def test_an_operation_is_found_by_the_id_of_its_request(scripted: Callable[..., Any]) -> None:
    answers = {"operations": {"operations": [operation(1, request_id="r1")]}}
    for provider in (scripted("ecl_vna", answers), scripted("ecl_mlb", answers)):
        assert provider.read(Reference(client_request_id="r1")).operation_id == "o1"
        assert provider.client.asked[0][:2] == ("operations", (("request_id", "r1"),))


def test_the_types_of_a_request_to_a_load_balancer_are_joined(scripted: Callable[..., Any]) -> None:
    body = operation(1, request_types=["Action::apply-configurations", "Action::system-update"], warning="", error="")
    found = scripted("ecl_mlb", {"operations/o1": {"operation": body}}).show(Reference("o1"))
    assert found.type == "Action::apply-configurations, Action::system-update"
    assert (found.state, found.warning, found.error) == ("succeeded", None, None)


@pytest.mark.parametrize(
    ("error", "state", "message"),
    [
        ({"message": "no room"}, "failed", '{"message": "no room"}'),
        (["no", "room"], "failed", "no, room"),
        ([{"code": 7}], "failed", '[{"code": 7}]'),
        ({}, "succeeded", None),
        ([], "succeeded", None),
        (False, "succeeded", None),
        (0, "succeeded", None),
        (7, "failed", "7"),
    ],
)
def test_an_error_with_an_unexpected_structure_is_not_overlooked(
    scripted: Callable[..., Any], error: Any, state: str, message: Optional[str]
) -> None:
    found = scripted("ecl_vna", {"operations/o1": {"operation": operation(1, error=error)}}).show(Reference("o1"))
    assert (found.state, (found.error or {}).get("message")) == (state, message)
