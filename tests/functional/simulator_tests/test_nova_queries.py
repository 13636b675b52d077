# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lists of servers and instance actions as Nova shows them, with their queries and microversions."""

from __future__ import annotations

import pytest
from simulator import Simulator
from simulator_tests.helpers import REBOOT, Client, Clock, Nova


def test_a_deleted_servers_actions_need_2_21(member: Nova, clock: Clock) -> None:
    path = f"/{member.server_id}"
    request_id = member.nova("DELETE", path).headers["X-Compute-Request-Id"]
    clock.advance(1)
    assert member.nova("GET", path).status_code == 404
    shown = f"{path}/os-instance-actions/{request_id}"
    assert member.nova("GET", shown, "2.20").json()["itemNotFound"]["message"] == (
        f"Instance {member.server_id} could not be found."
    )
    assert member.nova("GET", shown, "2.21").json()["instanceAction"]["action"] == "delete"


@pytest.mark.parametrize(
    ("version", "admin_keys", "member_keys"),
    [
        ("2.1", {"traceback"}, None),
        ("2.50", {"traceback"}, None),
        ("2.51", {"traceback"}, set()),
        ("2.62", {"traceback", "host", "hostId"}, {"hostId"}),
        ("2.84", {"traceback", "host", "hostId", "details"}, {"hostId"}),
    ],
)
def test_the_fields_of_an_event(
    member: Nova, admin: Nova, clock: Clock, version: str, admin_keys: set[str], member_keys: set[str] | None
) -> None:
    always = {"event", "start_time", "finish_time", "result"}
    request_id = member.act(REBOOT)
    clock.advance(1)
    assert set(admin.action(request_id, version)["events"][0]) == always | admin_keys
    seen = member.action(request_id, version)
    if member_keys is None:
        assert "events" not in seen
    else:
        assert set(seen["events"][0]) == always | member_keys
    assert ("updated_at" in seen) == (version in ("2.62", "2.84"))


def test_no_header_means_2_1_and_both_headers_are_understood(member: Nova) -> None:
    path = f"/compute/v2.1/servers/{member.server_id}"
    assert member.get(path).headers["OpenStack-API-Version"] == "compute 2.1"
    for headers in ({"OpenStack-API-Version": "compute 2.60"}, {"X-OpenStack-Nova-API-Version": "2.60"}):
        assert member.get(path, headers=headers).headers["X-OpenStack-Nova-API-Version"] == "2.60"
    assert member.get(path, "latest").headers["OpenStack-API-Version"] == "compute 2.96"


def test_a_microversion_out_of_range_or_malformed(member: Nova) -> None:
    path = f"/compute/v2.1/servers/{member.server_id}"
    too_new = member.get(path, "2.999")
    assert too_new.status_code == 406
    assert too_new.json()["computeFault"]["message"] == (
        "Version 2.999 is not supported by the API. Minimum is 2.1 and maximum is 2.96."
    )
    malformed = member.get(path, "x")
    assert malformed.status_code == 400
    assert "badRequest" in malformed.json()


def test_the_list_is_paged_from_2_58(sim: Simulator, member: Nova, clock: Clock) -> None:
    sent = []
    for _number in range(4):
        clock.advance(10)
        sent.append(member.act(REBOOT))
    sim.set_page_size(2)
    path = f"/{member.server_id}/os-instance-actions"
    assert len(member.nova("GET", f"{path}?limit=1", "2.57").json()["instanceActions"]) == 5
    seen: list[str] = []
    url: str | None = f"{member.root}/compute/v2.1/servers{path}"
    while url:
        page = member.get(url.removeprefix(member.root), "2.58").json()
        seen += [action["request_id"] for action in page["instanceActions"]]
        url = page["links"][0]["href"] if "links" in page else None
    assert seen[:4] == sent[::-1]
    assert len(seen) == 5
    assert all("events" not in action for action in page["instanceActions"])


@pytest.mark.parametrize(
    "query",
    ["limit=-1", "limit=x", "changes-since=x", "unknown=1", "marker=req-none", "changes-before=2030-01-01T00:00:00"],
)
def test_a_bad_query_of_the_list_is_400_from_2_58(member: Nova, query: str) -> None:
    path = f"/{member.server_id}/os-instance-actions?{query}"
    assert member.nova("GET", path, "2.57").status_code == 200
    answer = member.nova("GET", path, "2.58")
    assert answer.status_code == 400
    assert answer.json()["badRequest"]["message"]


def test_changes_since_and_before(member: Nova, clock: Clock) -> None:
    clock.advance(100)
    old = member.action(member.act(REBOOT))
    clock.advance(100)
    new = member.act(REBOOT)
    path = f"/{member.server_id}/os-instance-actions"
    since = member.nova("GET", f"{path}?changes-since={old['start_time'][:11]}00:00:00").json()
    assert new in [action["request_id"] for action in since["instanceActions"]]
    clock.advance(100)
    later = member.action(new)["updated_at"]
    after = member.nova("GET", f"{path}?changes-since={later}").json()["instanceActions"]
    before = member.nova("GET", f"{path}?changes-before={old['updated_at']}").json()["instanceActions"]
    assert [action["request_id"] for action in after] == [new]
    assert new not in [action["request_id"] for action in before]


@pytest.mark.parametrize(
    ("cloud", "path", "events"),
    [
        ("otc", "/ecs/v2", True),
        ("otc", "/ecs/v2.1", True),
        ("huaweicloud", "/ecs/v2.1", True),
        ("fujitsu", "/compute/v2", True),
        ("ecl", "/compute/v2", False),
    ],
)
def test_the_other_clouds_speak_an_old_nova(sim: Simulator, clock: Clock, cloud: str, path: str, events: bool) -> None:
    client = Client(sim, cloud)
    server = f"{path}/{client.account['project_id']}/servers/{client.account['server_ids'][0]}"
    started = client.call("POST", f"{server}/action", json=REBOOT)
    assert started.status_code == 202
    clock.advance(1)
    url = f"{server}/os-instance-actions"
    action = client.get(f"{url}/{started.headers['x-compute-request-id']}").json()["instanceAction"]
    assert action["start_time"].endswith(".000000")
    assert "updated_at" not in action
    assert ("events" in action) == events
    if events:
        assert action["events"][0]["traceback"] is None
    assert len(client.get(f"{url}?limit=1").json()["instanceActions"]) == 2


def test_otc_knows_microversions_up_to_2_60_and_only_at_v2_1(sim: Simulator) -> None:
    client = Client(sim, "otc")
    project = client.account["project_id"]
    assert client.get(f"/ecs/v2.1/{project}/servers", "2.60").status_code == 200
    assert client.get(f"/ecs/v2.1/{project}/servers", "2.61").status_code == 406
    assert client.get(f"/ecs/v2/{project}/servers", "2.61").status_code == 200
    versions = {version["id"]: version["version"] for version in client.get("/ecs/").json()["versions"]}
    assert versions == {"v2.0": "", "v2.1": "2.60"}


def test_changes_before_must_not_precede_changes_since(member: Nova) -> None:
    query = "changes-since=2020-01-02T00:00:00&changes-before=2020-01-01T00:00:00"
    answer = member.nova("GET", f"/{member.server_id}/os-instance-actions?{query}")
    assert answer.status_code == 400
    assert "less than or equal" in answer.json()["badRequest"]["message"]


def test_the_details_of_all_servers(member: Nova) -> None:
    servers = member.nova("GET", "/detail").json()["servers"]
    assert {server["status"] for server in servers} == {"ACTIVE"}
