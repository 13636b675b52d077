# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each provider against its simulated cloud: show, list, pages, microversions, filters, redirects."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

import pytest
from ansible_collections.cloudgate.operations.plugins.module_utils._model.errors import MissingError, ProtocolError
from ansible_collections.cloudgate.operations.plugins.module_utils._model.operation import Operation
from ansible_collections.cloudgate.operations.plugins.module_utils._model.reference import Query, Reference
from ansible_collections.cloudgate.operations.plugins.module_utils._providers.base import Provider
from simulated.helpers import BY_ID, CLOUDS, Clock, account, add, connect_to, sent, task, wait_with
from simulator import Simulator

NOVA = ["openstack", "otc_ecs", "huaweicloud_ecs", "fujitsu_k5", "ecl_compute"]
LISTING = [*NOVA, "ecl_vna", "ecl_mlb"]


def versions(sim: Simulator) -> list[str | None]:
    """Return the microversion of each request to Nova."""
    return [each["headers"].get("X-Openstack-Nova-Api-Version") for each in sent(sim, "/servers/")]


def reboots(sim: Simulator, clock: Clock, provider: str, count: int) -> list[Reference]:
    """One after the other, a minute apart; the newest first."""
    begun = []
    for _number in range(count):
        clock.advance(60)
        begun.append(add(sim, provider, started=0, duration=10))
    clock.advance(60)
    return begun[::-1]


def ids(operations: list[Operation]) -> list[str | None]:
    return [each.operation_id for each in operations]


@pytest.mark.parametrize("provider", list(CLOUDS))
@pytest.mark.parametrize(
    ("plan", "state"),
    [
        ({"duration": 10}, "succeeded"),
        ({"duration": 1000}, "running"),
        ({"duration": 10, "fail": "error"}, "failed"),
    ],
)
def test_an_operation_is_shown_with_its_state(sim: Simulator, provider: str, plan: dict[str, Any], state: str) -> None:
    reference = add(sim, provider, started=300, **plan)
    found = connect_to(provider, task(sim, provider)).show(reference)
    assert (found.provider, found.state) == (provider, state)
    assert (found.operation_id, found.resource_id) == (reference.operation_id, reference.resource_id)
    assert found.reason


@pytest.mark.parametrize(
    ("plan", "reason"),
    [({}, "the image is active"), ({"fail": "error"}, "the image does not exist")],
)
def test_the_image_shows_what_nova_hides(sim: Simulator, plan: dict[str, Any], reason: str) -> None:
    found = connect_to("openstack", task(sim, "openstack")).show(add(sim, "openstack", kind="createImage", **plan))
    assert (found.state, found.reason) == ("failed" if plan else "succeeded", reason)
    assert all(step.state == "succeeded" for step in found.steps)


@pytest.mark.parametrize("provider", ["otc_ecs", "fujitsu_k5"])
def test_a_cloud_without_an_image_service_gets_no_image_request(sim: Simulator, provider: str) -> None:
    found = connect_to(provider, task(sim, provider)).show(add(sim, provider, kind="createImage"))
    assert found.state in ("succeeded", "unknown")
    assert not sent(sim, "/images")


def test_a_build_that_gave_up_is_failed_although_its_event_succeeded(sim: Simulator, run_module: Any) -> None:
    named = add(sim, "openstack", kind="create", fail=True)
    result = run_module(
        "operation_info",
        provider="openstack",
        operation_id=named.operation_id,
        resource_id=named.resource_id,
        **task(sim, "openstack"),
    )
    assert [each["state"] for each in result["operations"]] == ["failed"]


@pytest.mark.parametrize("provider", ["ecl_vna", "ecl_mlb"])
@pytest.mark.parametrize(("fail", "words"), [("error", "sent again"), ("stuck", "provider's support")])
def test_ecl_says_what_to_do_about_a_failure(sim: Simulator, provider: str, fail: str, words: str) -> None:
    found = connect_to(provider, task(sim, provider)).show(add(sim, provider, fail=fail))
    assert (found.state, found.raw_status) == ("failed", {"error": "ERROR", "stuck": "STUCK"}[fail])
    assert words in found.reason


@pytest.mark.parametrize("provider", BY_ID)
def test_an_operation_that_is_not_there(sim: Simulator, provider: str) -> None:
    resource = add(sim, provider).resource_id
    with pytest.raises(MissingError):
        connect_to(provider, task(sim, provider)).show(Reference("req-none", resource))


@pytest.mark.parametrize("provider", list(CLOUDS))
def test_an_operation_is_waited_for(sim: Simulator, clock: Clock, provider: str) -> None:
    reference = add(sim, provider, started=0, duration=300)
    outcome, failure = wait_with(connect_to(provider, task(sim, provider)), clock, reference)
    assert (failure, outcome.operations[0].state) == (None, "succeeded")
    assert 300 <= outcome.elapsed <= 360


@pytest.mark.parametrize(
    ("provider", "expected"),
    [
        ("openstack", ["2.84"]),
        ("otc_ecs", ["2.58"]),
        ("huaweicloud_ecs", ["2.58"]),
        ("fujitsu_k5", [None]),
        ("ecl_compute", [None]),
    ],
)
def test_each_cloud_gets_its_newest_microversion(sim: Simulator, provider: str, expected: list[str | None]) -> None:
    connected = connect_to(provider, task(sim, provider))
    reference = add(sim, provider, started=0, duration=1000)
    connected.show(reference)
    first = versions(sim)
    assert list(dict.fromkeys(first)) == expected
    connected.show(reference)
    assert set(versions(sim)[len(first) :]) == {expected[-1]}


def test_an_older_cloud_gets_lower_microversions_until_one_is_accepted(sim: Simulator) -> None:
    body = {"computeFault": {"code": 406, "message": "Version 2.84 is not supported by the API."}}
    sim.add_fault(path="os-instance-actions", status=406, body=body, times=3)
    connected = connect_to("openstack", task(sim, "openstack"))
    reference = add(sim, "openstack", started=0, duration=1000)
    connected.show(reference)
    assert list(dict.fromkeys(versions(sim))) == ["2.84", "2.66", "2.62", "2.58"]
    sim.requests.clear()
    connected.show(reference)
    assert set(versions(sim)) == {"2.58"}


def test_version_2_of_otc_gets_no_microversion(sim: Simulator) -> None:
    found = connect_to("otc_ecs", task(sim, "otc_ecs", api_version="v2")).show(add(sim, "otc_ecs"))
    assert found.state == "succeeded"
    assert set(versions(sim)) == {None}
    assert all("/v2/" in each["path"] for each in sent(sim, "/servers/"))


@pytest.mark.parametrize("provider", LISTING)
def test_a_list_is_newest_first(sim: Simulator, clock: Clock, provider: str) -> None:
    begun = reboots(sim, clock, provider, 3)
    connected = connect_to(provider, task(sim, provider))
    found = connected.list(Query(resource_id=begun[0].resource_id))
    assert ids(found)[:3] == [each.operation_id for each in begun]
    assert len(found) == 4, "the creation is the oldest"
    # Without events, the outcome of an action is unknown if another followed.
    older = "unknown" if provider == "ecl_compute" else "succeeded"
    assert [each.state for each in found[:3]] == ["succeeded", older, older]
    assert ids(connected.list(Query(resource_id=begun[0].resource_id, limit=2))) == ids(found)[:2]
    alike = [each.operation_id for each in found if each.type == found[3].type]
    assert ids(connected.list(Query(resource_id=begun[0].resource_id, action=str(found[3].type)))) == alike


@pytest.mark.parametrize("provider", ["openstack", "otc_ecs"])
@pytest.mark.parametrize("limit", [None, 7])
def test_pages_are_followed_to_their_end(sim: Simulator, clock: Clock, provider: str, limit: int | None) -> None:
    begun = reboots(sim, clock, provider, 9)
    sim.set_page_size(2)
    connected = connect_to(provider, task(sim, provider))
    found = connected.list(Query(resource_id=begun[0].resource_id, limit=limit, details=False))
    assert len(found) == len(set(ids(found))) == (limit or 10)
    assert ids(found)[:9] == [each.operation_id for each in begun][:limit]
    good = [each for each in sent(sim, "os-instance-actions") if each["status"] == 200]
    assert len(good) == (4 if limit else 6), "Nova gives a next link with a full last page, too"


@pytest.mark.parametrize("provider", LISTING)
def test_changes_since_and_before(sim: Simulator, clock: Clock, provider: str) -> None:
    begun = reboots(sim, clock, provider, 3)
    connected = connect_to(provider, task(sim, provider))

    def listed(since: float | None = None, before: float | None = None) -> list[str | None]:
        times = [None if at is None else datetime.fromtimestamp(clock.now - at, timezone.utc) for at in (since, before)]
        query = Query(begun[0].resource_id, changes_since=times[0], changes_before=times[1], details=False)
        return ids(connected.list(query))

    newest, middle, oldest = (each.operation_id for each in begun)  # 60, 120 and 180 s ago
    assert listed(since=90) == [newest]
    assert listed(since=150) == [newest, middle]
    assert listed(since=150, before=90) == [middle]
    assert listed(before=150)[0] == oldest
    assert listed(since=30) == []


@pytest.mark.parametrize("provider", LISTING)
def test_the_latest_of_a_resource(sim: Simulator, clock: Clock, provider: str) -> None:
    newest = reboots(sim, clock, provider, 2)[0]
    connected = connect_to(provider, task(sim, provider))
    found = connected.read(Reference(resource_id=newest.resource_id, latest=True))
    assert found is not None
    assert found.operation_id == newest.operation_id
    later = datetime.fromtimestamp(clock.now, timezone.utc)
    assert connected.read(Reference(resource_id=newest.resource_id, latest=True, since=later)) is None
    assert connected.read(Reference(resource_id=newest.resource_id, latest=True, action="rescue")) is None


@pytest.mark.parametrize("provider", ["ecl_vna", "ecl_mlb"])
def test_the_operation_of_ones_own_request(sim: Simulator, clock: Clock, provider: str) -> None:
    own, foreign = "0b1f7c2e-0000-4000-8000-000000000001", "0b1f7c2e-0000-4000-8000-000000000002"
    connected = connect_to(provider, task(sim, provider))
    assert connected.read(Reference(client_request_id=own)) is None
    wanted = add(sim, provider, started=0, duration=100, request_id=own)
    add(sim, provider, started=0, duration=10, request_id=foreign)
    outcome, failure = wait_with(connected, clock, Reference(client_request_id=own))
    (finished,) = outcome.operations
    assert (failure, finished.operation_id, finished.request_id) == (None, wanted.operation_id, own)
    assert outcome.elapsed >= 100
    polls = [each["path"].rpartition("/")[2] for each in sent(sim, "/operations")]
    assert polls[1:3] == ["operations", str(wanted.operation_id)], "once found, it is asked for by its id"


def test_the_latest_of_a_load_balancer_of_one_kind(sim: Simulator) -> None:
    apply, update = "Action::apply-configurations", "Action::system-update"
    wanted = add(sim, "ecl_mlb", kind=apply, started=50)
    add(sim, "ecl_mlb", kind=update, started=20)
    provider = connect_to("ecl_mlb", task(sim, "ecl_mlb"))
    latest = provider.read(Reference(resource_id=wanted.resource_id, latest=True, action=apply))
    assert latest is not None
    assert (latest.operation_id, latest.type) == (wanted.operation_id, apply)
    assert {each.type for each in provider.list(Query(filters={"request_type": update}))} == {update}


@pytest.fixture
def appliance(sim: Simulator) -> Provider:
    return connect_to("ecl_vna", task(sim, "ecl_vna"))


@pytest.mark.parametrize(
    ("filters", "kinds"),
    [
        ({"request_id": "0b1f7c2e-0000-4000-8000-000000000001"}, ["Update"]),
        ({"request_type": "Create"}, ["Create"]),
        ({"status": "STUCK"}, ["Action"]),
        ({"resource_type": "ECL::VirtualNetworkAppliance::VSRX", "status": "COMPLETE"}, ["Update", "Create"]),
        ({"tenant_id": "0" * 32}, []),
        ({"latest": "true"}, ["Action"]),
        ({"no_deleted": "true", "request_type": "Update"}, ["Update"]),
    ],
)
def test_the_filters_of_appliances(
    sim: Simulator, appliance: Provider, filters: dict[str, str], kinds: list[str]
) -> None:
    add(sim, "ecl_vna", kind="Update", started=200, request_id="0b1f7c2e-0000-4000-8000-000000000001")
    add(sim, "ecl_vna", kind="Action", started=100, fail="stuck")
    assert [each.type for each in appliance.list(Query(filters=filters))] == kinds
    request = sent(sim, "/operations")[-1]
    assert request["query"] == {name: [value] for name, value in filters.items()}


def test_a_filter_that_is_true_or_false_is_sent_as_the_api_writes_it(sim: Simulator, run_module: Any) -> None:
    add(sim, "ecl_vna")
    result = run_module(
        "operation_info", provider="ecl_vna", filters={"latest": True, "no_deleted": False}, **task(sim, "ecl_vna")
    )
    assert len(result["operations"]) == 1
    assert sent(sim, "/operations")[-1]["query"] == {"latest": ["true"], "no_deleted": ["false"]}


def test_a_hyperinstance_has_its_own_path(sim: Simulator) -> None:
    group = account(sim, "huaweicloud_modelarts")["hyperinstance_id"]
    reference = add(sim, "huaweicloud_modelarts", resource_id=group)
    options = task(sim, "huaweicloud_modelarts", hyperinstance=True)
    found = connect_to("huaweicloud_modelarts", options).show(reference)
    assert (found.state, found.resource_type) == ("succeeded", "hyperinstance")
    assert f"/dev-servers/hyperinstance/{group}/operation/" in sent(sim, "dev-servers")[0]["path"]


@pytest.mark.parametrize("provider", list(CLOUDS))
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_refused_and_the_other_host_hears_nothing(sim: Simulator, provider: str, status: int) -> None:
    reference = add(sim, provider)
    connected = connect_to(provider, task(sim, provider))
    with Simulator() as elsewhere:
        path = f"/({reference.operation_id}|{reference.resource_id})(/status|/tasks)?$"
        sim.add_fault(path=path, status=status, headers={"Location": f"{elsewhere.url}/openstack/identity"})
        with pytest.raises(ProtocolError, match=r"redirects to 127\.0\.0\.1\. It is not followed"):
            connected.show(reference)
        assert elsewhere.requests == []
    assert sim.requests[-1]["status"] == status


def test_a_redirect_of_the_login_is_refused(sim: Simulator, run_module: Any) -> None:
    with Simulator() as elsewhere:
        sim.add_fault(path="/auth/tokens", status=307, headers={"Location": f"{elsewhere.url}/openstack/identity/v3"})
        result = run_module(
            "operation_info", provider="openstack", operation_id="req-1", resource_id="s1", **task(sim, "openstack")
        )
        assert elsewhere.requests == []
    assert result["failed"]
    assert len(sim.requests) == 1
