# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Listing the instance actions of a server: pages, filters, details."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any, Callable, Dict, List, Optional

import pytest
from ansible_collections.cloudgate.operations.plugins.module_utils._model.errors import ProtocolError
from ansible_collections.cloudgate.operations.plugins.module_utils._model.reference import Query, Reference

ACTIONS = "servers/s1/os-instance-actions"
ACTIVE = {"server": {"status": "ACTIVE", "OS-EXT-STS:task_state": None}}
OLD_API = "https://h/v2/p1"


def listed(number: int, name: str = "reboot", **more: Any) -> Dict[str, Any]:
    """Action 1 began at 12:01 and changed last at 12:01:30."""
    return {
        "action": name,
        "instance_uuid": "s1",
        "request_id": f"req-{number}",
        "start_time": f"2026-11-21T12:{number:02}:00.000000",
        "updated_at": f"2026-11-21T12:{number:02}:30.000000",
        "message": None,
        **more,
    }


def detailed(number: int, result: Optional[str] = "Success") -> Dict[str, Any]:
    minute = f"2026-11-21T12:{number:02}"
    event = {
        "event": "compute_reboot_instance",
        "start_time": f"{minute}:01.000000",
        "finish_time": f"{minute}:09.000000" if result else None,
        "result": result,
    }
    return {"instanceAction": dict(listed(number), events=[event])}


def page(*numbers: int, more: bool = False) -> Dict[str, Any]:
    links: Dict[str, Any] = {"links": [{"rel": "next", "href": "http://elsewhere.example.net/"}]} if more else {}
    return {"instanceActions": [listed(number) for number in numbers], **links}


def time(minute: int, second: int = 0) -> datetime:
    return datetime(2026, 11, 21, 12, minute, second, tzinfo=timezone.utc)


def ids(operations: List[Any]) -> List[str]:
    return [each.operation_id for each in operations]


def queries(provider: Any) -> List[Dict[str, str]]:
    return [dict(query) for path, query, _headers in provider.client.asked if path == ACTIONS]


def test_pages_are_followed_by_marker_to_their_end(scripted: Callable[..., Any]) -> None:
    provider = scripted("openstack", {ACTIONS: [page(5, 4, more=True), page(3, 2, more=True), page(1)]})
    found = provider.list(Query(resource_id="s1", details=False))
    assert ids(found) == ["req-5", "req-4", "req-3", "req-2", "req-1"]
    assert queries(provider) == [{}, {"marker": "req-4"}, {"marker": "req-2"}]


def test_a_page_that_repeats_itself_ends_the_list(scripted: Callable[..., Any]) -> None:
    provider = scripted("openstack", {ACTIONS: page(2, 1, more=True)})
    provider.list(Query(resource_id="s1", details=False))
    assert len(queries(provider)) == 2


def test_a_list_without_an_end_is_an_error(scripted: Callable[..., Any]) -> None:
    provider = scripted("openstack", {ACTIONS: [page(number % 7, more=True) for number in range(200)]})
    with pytest.raises(ProtocolError, match="did not end after 8 actions, or it repeats itself"):
        provider.list(Query(resource_id="s1", details=False))
    assert len(provider.client.asked) == 8


def test_more_than_a_hundred_pages_are_followed(scripted: Callable[..., Any]) -> None:
    pages = [page(number, more=number > 1) for number in range(150, 0, -1)]
    provider = scripted("openstack", {ACTIONS: pages})
    assert len(provider.list(Query(resource_id="s1", details=False))) == 150


def two_of_one_request(kind: str) -> Dict[str, Any]:
    """A server in VERIFY_RESIZE is deleted: Nova confirms the resize in the same request, and shows one by its id."""
    rows = [listed(2, "delete"), dict(listed(2, "confirmResize"), start_time="2026-11-21T12:01:59.000000")]
    shown = detailed(2)
    shown["instanceAction"]["action"] = kind
    return {ACTIONS: {"instanceActions": rows}, f"{ACTIONS}/req-2": shown}


@pytest.mark.parametrize("kind", ["delete", "confirmResize"])
def test_two_actions_of_one_request_are_listed_as_what_they_are(scripted: Callable[..., Any], kind: str) -> None:
    found = scripted("openstack", two_of_one_request(kind)).list(Query(resource_id="s1"))
    assert [each.type for each in found] == ["delete", "confirmResize"]


@pytest.mark.parametrize("kind", ["delete", "confirmResize"])
@pytest.mark.parametrize("wanted", ["delete", "confirmResize"])
def test_the_latest_of_a_type_stays_of_that_type(scripted: Callable[..., Any], kind: str, wanted: str) -> None:
    provider = scripted("openstack", two_of_one_request(kind))
    reference = Reference(resource_id="s1", latest=True, action=wanted)
    found = provider.read(reference)
    assert found.type == wanted
    assert provider.read(reference.resolved_to(found.operation_id)).type == wanted


@pytest.mark.parametrize("kind", ["delete", "confirmResize"])
def test_each_new_action_of_one_request_is_waited_for_as_what_it_is(scripted: Callable[..., Any], kind: str) -> None:
    """If they shared a reference, the deletion would count as finished when the resize was confirmed."""
    provider = scripted("openstack", two_of_one_request(kind))
    found = provider.poll(Reference(resource_id="s1", latest=True, known=()))
    assert [each.action for each in found.references] == ["confirmResize", "delete"]
    assert [provider.poll(each).type for each in found.references] == ["confirmResize", "delete"]
    (deletion,) = provider.poll(Reference(resource_id="s1", latest=True, known=(), action="delete")).references
    assert provider.poll(deletion).type == "delete"


def test_an_empty_page_ends_the_list(scripted: Callable[..., Any]) -> None:
    provider = scripted("openstack", {ACTIONS: [page(2, more=True), page(more=True)]})
    assert ids(provider.list(Query(resource_id="s1", details=False))) == ["req-2"]


def test_a_limit_is_sent_and_kept(scripted: Callable[..., Any]) -> None:
    provider = scripted("openstack", {ACTIONS: [page(5, 4, more=True), page(3, 2, more=True)]})
    assert ids(provider.list(Query(resource_id="s1", limit=3, details=False))) == ["req-5", "req-4", "req-3"]
    assert queries(provider) == [{"limit": "3"}, {"limit": "3", "marker": "req-4"}]


def test_a_limit_counts_what_matches(scripted: Callable[..., Any]) -> None:
    mixed = {"instanceActions": [listed(3, "stop"), listed(2), listed(1)]}
    provider = scripted("openstack", {ACTIONS: mixed})
    assert ids(provider.list(Query(resource_id="s1", action="reboot", limit=1, details=False))) == ["req-2"]
    assert queries(provider) == [{}]


@pytest.mark.parametrize(
    ("since", "before", "sent", "expected"),
    [
        (time(2, 30), None, {"changes-since": "2026-11-21T12:02:30Z"}, ["req-3", "req-2"]),
        (None, time(2, 30), {"changes-before": "2026-11-21T12:02:30Z"}, ["req-2", "req-1"]),
        (
            time(2),
            time(3),
            {"changes-since": "2026-11-21T12:02:00Z", "changes-before": "2026-11-21T12:03:00Z"},
            ["req-2"],
        ),
    ],
)
def test_times_are_sent_and_checked_again(
    scripted: Callable[..., Any],
    since: Optional[datetime],
    before: Optional[datetime],
    sent: Dict[str, str],
    expected: List[str],
) -> None:
    query = Query(resource_id="s1", changes_since=since, changes_before=before, details=False)
    provider = scripted("openstack", {ACTIONS: page(3, 2, 1)})
    assert ids(provider.list(query)) == expected
    assert queries(provider) == [sent]
    old = scripted("fujitsu_k5", {ACTIONS: page(3, 2, 1)}, OLD_API)
    assert ids(old.list(query)) == expected
    assert queries(old) == [{}], "the old API would ignore or refuse them"


def test_a_list_that_is_not_in_order_is_put_in_order(scripted: Callable[..., Any]) -> None:
    provider = scripted("fujitsu_k5", {ACTIONS: page(1, 3, 2)}, OLD_API)
    assert ids(provider.list(Query(resource_id="s1", limit=2, details=False))) == ["req-3", "req-2"]


@pytest.mark.parametrize(("message", "reason"), [(None, "not read: set details"), ("Error", "an event ended in Error")])
def test_without_details_nothing_is_claimed(scripted: Callable[..., Any], message: str, reason: str) -> None:
    provider = scripted("openstack", {ACTIONS: {"instanceActions": [listed(1, message=message)]}})
    (found,) = provider.list(Query(resource_id="s1", details=False))
    assert (found.state, found.reason, found.raw_status) == ("unknown", reason, message)
    assert len(provider.client.asked) == 1


def test_with_details_only_the_newest_is_judged_with_the_server(scripted: Callable[..., Any]) -> None:
    provider = scripted(
        "openstack",
        {
            ACTIONS: page(3, 2, 1),
            "servers/s1": ACTIVE,
            f"{ACTIONS}/req-3": detailed(3),
            f"{ACTIONS}/req-2": detailed(2, "Error"),
            f"{ACTIONS}/req-1": detailed(1),
        },
    )
    found = provider.list(Query(resource_id="s1"))
    assert [each.state for each in found] == ["succeeded", "failed", "succeeded"]
    assert provider.client.paths.count("servers/s1") == 1


def test_a_latest_action_is_searched_by_type_and_time(scripted: Callable[..., Any]) -> None:
    answers = {ACTIONS: page(3, 2, 1), "servers/s1": ACTIVE, f"{ACTIONS}/req-3": detailed(3, None)}
    provider = scripted("openstack", answers)
    found = provider.read(Reference(resource_id="s1", latest=True, action="reboot", since=time(3)))
    assert (found.operation_id, found.state) == ("req-3", "running")
    assert provider.read(Reference(resource_id="s1", latest=True, action="resize")) is None
    assert provider.read(Reference(resource_id="s1", latest=True, since=time(4))) is None


def test_a_reference_with_an_id_is_shown(scripted: Callable[..., Any]) -> None:
    provider = scripted("openstack", {f"{ACTIONS}/req-1": detailed(1, None)})
    assert provider.read(Reference("req-1", "s1")).operation_id == "req-1"


@pytest.mark.parametrize("body", [{}, {"instanceActions": {}}, {"instanceActions": ["req-1"]}])
def test_another_shape_is_a_protocol_error(scripted: Callable[..., Any], body: Dict[str, Any]) -> None:
    with pytest.raises(ProtocolError, match="instanceActions is not a list of objects"):
        scripted("openstack", {ACTIONS: body}).list(Query(resource_id="s1"))


@pytest.mark.parametrize("links", [None, "next", [None, "next", 7], {"rel": "next"}])
def test_odd_links_do_not_matter(scripted: Callable[..., Any], links: Any) -> None:
    provider = scripted("openstack", {ACTIONS: dict(page(1), links=links)})
    assert ids(provider.list(Query(resource_id="s1", details=False))) == ["req-1"]
