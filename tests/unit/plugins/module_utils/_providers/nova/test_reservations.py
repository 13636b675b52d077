# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The servers of a reservation, and whether one may be missing from the list."""

from __future__ import annotations

from typing import Any, Callable, Dict, List, Mapping, Optional

import pytest
from ansible_collections.cloudgate.operations.plugins.module_utils._model.errors import (
    ForbiddenError,
    InputError,
    MissingError,
    TransportError,
)
from ansible_collections.cloudgate.operations.plugins.module_utils._model.reference import Members, Reference
from ansible_collections.cloudgate.operations.plugins.module_utils._module.base import reference_from
from ansible_collections.cloudgate.operations.plugins.module_utils._providers.registry import PROVIDERS

RESERVATION = "r-7f3k2m9q"
NAMED = Reference("req-1", reservation_id=RESERVATION)
DETAIL = "servers/detail"
EVENT = "compute__do_build_and_run_instance"
NOON = "2026-11-21T12:00:00Z"
LONG_AGO = "2026-10-01T12:00:00Z"


def row(server_id: str, created: str = NOON, **more: Any) -> Dict[str, Any]:
    return {"id": server_id, "name": f"web-{server_id[1:]}", "created": created, "status": "ACTIVE", **more}


def silent(server_id: str, created: str = NOON) -> Dict[str, Any]:
    """Return a server whose cell does not answer."""
    return {"id": server_id, "status": "UNKNOWN", "created": created}


def servers(*rows: Mapping[str, Any], **more: Any) -> Dict[str, Any]:
    return {"servers": list(rows), **more}


def ids(seen: Any) -> List[Optional[str]]:
    assert isinstance(seen, Members)
    return [each.resource_id for each in seen.references]


def built(server_id: str, result: Optional[str] = "Success") -> Dict[str, Any]:
    """Answers about a server that was created by the request."""
    start, end = "2026-11-21T12:00:00.000000", "2026-11-21T12:00:09.000000"
    event = {"event": EVENT, "start_time": start, "finish_time": result and end, "result": result}
    action = {
        "action": "create", "instance_uuid": server_id, "request_id": "req-1", "start_time": start, "message": None,
        "events": [event],
    }  # fmt: skip
    actions = f"servers/{server_id}/os-instance-actions"
    return {
        f"{actions}/req-1": {"instanceAction": action},
        actions: {"instanceActions": [action]},
        f"servers/{server_id}": {"server": {**row(server_id), "OS-EXT-STS:task_state": None}},
    }


def test_a_reservation_is_its_servers_in_the_order_of_their_names(scripted: Callable[..., Any]) -> None:
    provider = scripted("openstack", {DETAIL: servers(row("s10"), row("s2"), row("s1"))})
    (seen,) = provider.poll_many([NAMED])
    assert ids(seen) == ["s1", "s2", "s10"]
    assert seen.operation is None
    assert {each.operation_id for each in seen.references} == {"req-1"}
    assert {each.action for each in seen.references} == {"create"}
    assert provider.client.asked[0][1] == (("reservation_id", RESERVATION),)


def test_a_server_that_was_deleted_meanwhile_belongs_to_it(scripted: Callable[..., Any]) -> None:
    answers = {DETAIL: [servers(row("s1")), servers(row("s2", status="DELETED"))]}
    provider = scripted("openstack", answers)
    assert ids(provider.poll(NAMED)) == ["s1", "s2"]
    assert dict(provider.client.asked[1][1])["changes-since"].startswith("1970")


def test_a_list_has_pages(scripted: Callable[..., Any]) -> None:
    more = [{"rel": "next", "href": "https://api.example.com"}]
    answers = {DETAIL: [servers(row("s2"), servers_links=more), servers(row("s1")), servers()]}
    provider = scripted("openstack", answers)
    assert ids(provider.poll(NAMED)) == ["s1", "s2"]
    assert ("marker", "s2") in provider.client.asked[1][1]


def test_nova_shows_an_administrator_which_reservation_a_server_has(scripted: Callable[..., Any]) -> None:
    name = "OS-EXT-SRV-ATTR:reservation_id"
    answers = {DETAIL: servers(row("s1", **{name: RESERVATION}), row("s2", **{name: RESERVATION + "x"}))}
    assert ids(scripted("openstack", answers).poll(NAMED)) == ["s1"]


def test_a_reservation_without_servers_is_not_known_yet(scripted: Callable[..., Any]) -> None:
    provider = scripted("openstack", {DETAIL: servers()})
    (seen,) = provider.poll_many([NAMED])
    assert isinstance(seen, MissingError)
    assert RESERVATION in seen.message


def test_a_list_with_fewer_servers_than_requested_is_incomplete(scripted: Callable[..., Any]) -> None:
    named = Reference("req-1", reservation_id=RESERVATION, min_count=2)
    two = servers(row("s1"), row("s2"))
    provider = scripted(
        "openstack", {DETAIL: [servers(row("s1"))] * 2 + [two] * 2 + [servers(row("s1"))], **built("s1")}
    )
    (seen,) = provider.poll_many([named])
    assert isinstance(seen, MissingError)
    assert f"Nova shows 1 of 2 servers of reservation {RESERVATION}" in seen.message
    found = provider.poll(named)
    assert ids(found) == ["s1", "s2"]
    (again,) = provider.poll_many(found.references[:1])
    assert isinstance(again, MissingError), "the server was built, but the other has vanished from the list"


@pytest.mark.parametrize("rows", [(), (row("s1"),)])
def test_a_cell_that_does_not_answer_may_have_more_servers(scripted: Callable[..., Any], rows: Any) -> None:
    answers = {"servers": servers(silent("s9")), DETAIL: [servers(*rows), servers(*rows), servers(silent("s9"))]}
    with pytest.raises(TransportError, match="A cell of Nova does not answer"):
        scripted("openstack", answers).poll_many([NAMED])


def test_a_cell_whose_servers_are_older_does_not_count(scripted: Callable[..., Any]) -> None:
    old = silent("s9", LONG_AGO)
    answers = {"servers": servers(old), DETAIL: [servers(row("s1")), servers(row("s1")), servers(old)]}
    assert ids(scripted("openstack", answers).poll(NAMED)) == ["s1"]


def test_a_deleted_server_is_not_judged_while_a_cell_does_not_answer(scripted: Callable[..., Any]) -> None:
    answers = {**built("s1"), "servers": [servers(silent("s9")), servers()], DETAIL: servers(silent("s9"))}
    answers["servers/s1"] = MissingError("GET … answered 404: Instance s1 could not be found.", "404", status=404)
    provider = scripted("openstack", answers)
    with pytest.raises(TransportError, match="A cell of Nova does not answer"):
        provider.read(Reference("req-1", "s1"))
    assert provider.read(Reference("req-1", "s1")).state == "failed"


def test_a_cloud_that_does_not_let_list_servers_ends_the_wait(scripted: Callable[..., Any]) -> None:
    with pytest.raises(ForbiddenError):
        scripted("openstack", {DETAIL: ForbiddenError("no")}).poll_many([NAMED])


def test_each_server_has_a_result_of_its_own(scripted: Callable[..., Any]) -> None:
    answers = {DETAIL: servers(row("s1"), row("s2")), **built("s1"), **built("s2", "Error")}
    provider = scripted("openstack", answers)
    first, second = provider.poll_many(list(provider.poll(NAMED).references))
    assert (first.operation.resource_id, first.operation.state) == ("s1", "succeeded")
    assert (second.resource_id, second.state) == ("s2", "failed")


def test_the_list_is_read_again_before_a_server_has_succeeded(scripted: Callable[..., Any]) -> None:
    answers = {DETAIL: [servers(row("s1"))] * 2 + [servers(row("s1"), row("s2"))] * 2, **built("s1")}
    provider = scripted("openstack", answers)
    (reference,) = provider.poll(NAMED).references
    assert ids(provider.poll(reference)) == ["s1", "s2"]
    read = len(provider.client.paths)
    assert provider.poll(reference).operation.state == "succeeded"
    assert provider.client.paths[read:].count(DETAIL) == 0, "one list is enough for all that are built in a moment"


def test_without_a_request_id_the_only_creation_of_each_server_is_meant(scripted: Callable[..., Any]) -> None:
    answers = {DETAIL: servers(row("s1")), **built("s1")}
    provider = scripted("openstack", answers)
    (reference,) = provider.poll(Reference(reservation_id=RESERVATION)).references
    found = provider.poll(reference).operation
    assert (found.operation_id, found.type, found.state) == ("req-1", "create", "succeeded")


@pytest.mark.parametrize("request_id", ["req-1", None])
@pytest.mark.parametrize(("status", "state"), [("BUILD", "pending"), ("ERROR", "failed")])
def test_a_server_without_a_record_is_judged_by_itself(
    scripted: Callable[..., Any], request_id: Optional[str], status: str, state: str
) -> None:
    answers = {
        DETAIL: servers(row("s1")),
        "servers/s1": {"server": row("s1", status=status)},
        "servers/s1/os-instance-actions": {"instanceActions": []},
    }
    provider = scripted("openstack", answers)
    (reference,) = provider.poll(Reference(request_id, reservation_id=RESERVATION)).references
    assert provider.poll(reference).state == state


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"resource_id": "s1"}, "reservation_id and resource_id exclude each other"),
        ({"latest": True}, "reservation_id and latest exclude each other"),
        ({"since": "2026-11-21T12:00:00Z"}, "reservation_id and since exclude each other"),
        ({"action": "reboot"}, "can only be create"),
        ({"min_count": 0}, "min_count must be 1 or more, not 0"),
        (
            {"reservation_id": None, "operation_id": "req-1", "min_count": 2},
            "min_count can be used only with reservation_id",
        ),
        ({"reservation_id": "r-.*"}, "must be one such as r-7f3k2m9q"),
        ({"reservation_id": ""}, "must be one such as r-7f3k2m9q"),
    ],
)
def test_options_that_contradict_a_reservation_are_refused(given: Dict[str, Any], sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        reference_from(PROVIDERS["openstack"], {"reservation_id": RESERVATION, **given})


def test_only_openstack_has_reservations() -> None:
    with pytest.raises(InputError, match="reservation_id cannot be used with provider otc_ecs"):
        reference_from(PROVIDERS["otc_ecs"], {"reservation_id": RESERVATION})
    reference = reference_from(PROVIDERS["openstack"], {"reservation_id": RESERVATION, "operation_id": "req-1"})
    assert str(reference) == "req-1" or RESERVATION in str(reference)
