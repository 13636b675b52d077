# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Servers and instance actions as Nova shows them."""

from __future__ import annotations

import pytest
from openstack.connection import Connection
from simulator import Simulator
from simulator_tests.helpers import Client, Clock, Nova

REBOOT = {"reboot": {"type": "SOFT"}}
RESIZE = {"resize": {"flavorRef": "2"}}


def test_a_reboot_runs_and_ends(member: Nova, clock: Clock) -> None:
    request_id = member.act(REBOOT, "duration=10")
    assert member.action(request_id)["events"] == []
    assert member.server()["OS-EXT-STS:task_state"] == "rebooting"
    clock.advance(5)
    (event,) = member.action(request_id)["events"]
    assert (event["event"], event["result"], event["finish_time"]) == ("compute_reboot_instance", None, None)
    clock.advance(5)
    (event,) = member.action(request_id)["events"]
    assert event["result"] == "Success"
    assert member.server()["status"] == "ACTIVE"
    assert member.server()["OS-EXT-STS:task_state"] is None


def test_one_request_creates_several_servers(member: Nova, admin: Nova, clock: Clock) -> None:
    body = {"server": {"name": "web", "flavorRef": "1", "min_count": 2, "max_count": 3, "return_reservation_id": True}}
    answer = member.nova("POST", "", json=body, simulate="duration=10")
    assert (answer.status_code, list(answer.json())) == (202, ["reservation_id"])
    listed = f"/detail?reservation_id={answer.json()['reservation_id']}"
    servers = member.nova("GET", listed).json()["servers"]
    assert [server["name"] for server in servers] == ["web-3", "web-2", "web-1"]
    shown = admin.nova("GET", listed).json()["servers"][0]["OS-EXT-SRV-ATTR:reservation_id"]
    assert shown == answer.json()["reservation_id"]
    clock.advance(10)
    for server in servers:
        action = member.action(answer.headers["X-Compute-Request-Id"], server_id=server["id"])
        assert action["events"][0]["result"] == "Success"
    member.nova("DELETE", f"/{servers[0]['id']}")
    clock.advance(10)
    assert len(member.nova("GET", listed).json()["servers"]) == 2
    assert len(member.nova("GET", listed + "&changes-since=1970-01-01T00:00:00Z").json()["servers"]) == 3


def test_speed_shortens_an_operation(clock: Clock) -> None:
    with Simulator(clock=clock, speed=10) as sim:
        member = Nova(sim, "openstack")
        request_id = member.act(REBOOT, "duration=10")
        clock.advance(1)
        assert member.action(request_id)["events"][0]["result"] == "Success"


def test_a_failed_resize_leaves_error_and_a_fault(member: Nova, admin: Nova, clock: Clock) -> None:
    request_id = member.act(RESIZE, "duration=10, fail")
    clock.advance(10)
    assert member.action(request_id)["message"] == "Error"
    newest = admin.action(request_id)["events"][0]
    assert (newest["event"], newest["result"]) == ("compute_finish_resize", "Error")
    assert newest["details"] == "simulated failure of resize"
    assert newest["traceback"].startswith('  File "')
    server = member.server()
    assert (server["status"], server["fault"]["code"]) == ("ERROR", 500)
    assert "details" not in server["fault"]


def test_a_failed_stop_leaves_the_server_as_it_was(member: Nova, clock: Clock) -> None:
    request_id = member.act({"os-stop": None}, "fail")
    clock.advance(1)
    assert member.action(request_id)["message"] == "Error"
    assert member.server()["status"] == "ACTIVE"
    assert "fault" not in member.server()


def test_a_new_server_has_no_readable_action_for_half_a_second(member: Nova, clock: Clock) -> None:
    answer = member.nova("POST", "", json={"server": {"name": "new", "flavorRef": "1"}}, simulate="duration=2")
    assert answer.status_code == 202
    server_id, request_id = answer.json()["server"]["id"], answer.headers["X-Compute-Request-Id"]
    assert member.server(server_id)["status"] == "BUILD"
    path = f"/{server_id}/os-instance-actions"
    missing = member.nova("GET", f"{path}/{request_id}")
    assert missing.status_code == 404
    assert missing.json() == {"itemNotFound": {"code": 404, "message": f"Action {request_id} not found"}}
    assert member.nova("GET", path).json()["instanceActions"] == []
    clock.advance(0.5)
    assert member.action(request_id, server_id=server_id)["action"] == "create"
    clock.advance(1.5)
    assert member.server(server_id)["status"] == "ACTIVE"


def test_a_failed_create_shows_only_on_the_server(member: Nova, clock: Clock) -> None:
    answer = member.nova("POST", "", json={"server": {"name": "new", "flavorRef": "1"}}, simulate="fail")
    server_id = answer.json()["server"]["id"]
    clock.advance(1)
    action = member.action(answer.headers["X-Compute-Request-Id"], server_id=server_id)
    assert (action["message"], action["events"][0]["result"]) == (None, "Success")
    server = member.server(server_id)
    assert (server["status"], server["OS-SRV-USG:launched_at"]) == ("ERROR", None)
    assert server_id in server["fault"]["message"]
    assert member.server(member.server_id)["OS-SRV-USG:launched_at"]


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
def test_what_an_event_shows(
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


def test_a_recording_is_replayed_with_the_ids_and_times_of_now(member: Nova, admin: Nova, clock: Clock) -> None:
    request_id = member.act(RESIZE, "replay=resize_finish_fail")
    clock.advance(5)
    action = admin.action(request_id)
    assert (action["request_id"], action["instance_uuid"]) == (request_id, member.server_id)
    assert (action["message"], action["events"][0]["details"]) == ("Error", "Virtual Interface creation failed")
    assert action["start_time"][:13] == member.server()["updated"][:13]
    assert member.server()["fault"]["message"] == "Virtual Interface creation failed"


@pytest.mark.parametrize("simulate", ["replay=nothing", "nothing"])
def test_a_plan_that_is_not_understood_is_refused(member: Nova, simulate: str) -> None:
    answer = member.nova("POST", f"/{member.server_id}/action", json=REBOOT, simulate=simulate)
    assert answer.status_code == 400
    assert "nothing" in answer.json()["badRequest"]["message"]


def test_a_request_that_does_not_fit_the_state_is_409_and_leaves_no_action(member: Nova) -> None:
    answer = member.nova("POST", f"/{member.server_id}/action", json={"resume": None})
    assert answer.status_code == 409
    assert answer.json()["conflictingRequest"]["message"] == (
        f"Cannot 'resume' instance {member.server_id} while it is in vm_state active"
    )
    refused = answer.headers["X-Compute-Request-Id"]
    assert member.nova("GET", f"/{member.server_id}/os-instance-actions/{refused}").status_code == 404


def test_resize_then_confirm(member: Nova, admin: Nova, clock: Clock) -> None:
    source = admin.server()["OS-EXT-SRV-ATTR:host"]
    member.act(RESIZE)
    clock.advance(1)
    assert member.server()["status"] == "VERIFY_RESIZE"
    assert admin.server()["OS-EXT-SRV-ATTR:host"] != source
    member.act({"confirmResize": None})
    clock.advance(1)
    assert member.server()["status"] == "ACTIVE"


def test_shelve_then_unshelve(member: Nova, admin: Nova, clock: Clock) -> None:
    member.act({"shelve": None})
    clock.advance(1)
    assert member.server()["status"] == "SHELVED_OFFLOADED"
    assert admin.server()["OS-EXT-SRV-ATTR:host"] is None
    request_id = member.act({"unshelve": None})
    clock.advance(1)
    assert member.server()["status"] == "ACTIVE"
    assert member.action(request_id)["events"][0]["event"] == "compute_unshelve_instance"


def test_a_live_migration_is_for_administrators(member: Nova, admin: Nova, clock: Clock) -> None:
    body = {"os-migrateLive": {"host": None, "block_migration": "auto"}}
    assert member.nova("POST", f"/{member.server_id}/action", json=body).status_code == 403
    request_id = admin.act(body)
    clock.advance(1)
    assert admin.action(request_id)["action"] == "live-migration"
    assert admin.action(request_id)["events"][0]["event"] == "compute_post_live_migration_at_destination"


def test_a_locked_server_refuses_its_member(member: Nova) -> None:
    member.act({"lock": None})
    answer = member.nova("POST", f"/{member.server_id}/action", json=REBOOT)
    assert answer.json()["conflictingRequest"]["message"] == f"Instance {member.server_id} is locked"
    member.act({"unlock": None})
    member.act(REBOOT)


@pytest.mark.parametrize("body", [{"rescue": {}}, {"createImage": {"name": "i"}}, {"rebuild": {"imageRef": "i"}}])
def test_some_actions_answer_with_a_body(member: Nova, body: dict[str, object]) -> None:
    answer = member.nova("POST", f"/{member.server_id}/action", json=body)
    assert answer.status_code == (200 if "rescue" in body else 202)
    assert set(answer.json()) & {"adminPass", "image_id", "server"}


def test_unrouted_paths_and_wrong_projects(member: Nova) -> None:
    unrouted = member.get("/compute/v2.1/servers/x/nothing/here")
    assert unrouted.status_code == 404
    assert "<h1>404 Not Found</h1>" in unrouted.text
    encoded = member.nova("GET", f"/{member.server_id}/os-instance-actions/req%2Fx")
    assert (encoded.status_code, encoded.headers["Content-Type"]) == (404, "text/html; charset=UTF-8")
    assert member.call("HEAD", "/compute/v2.1/servers").status_code == 404
    wrong = member.get(f"/compute/v2.1/{'0' * 32}/servers")
    assert wrong.status_code == 400
    assert "doesn't match Context's project_id" in wrong.json()["badRequest"]["message"]
    assert member.get(f"/compute/v2.1/{member.account['project_id']}/servers").status_code == 200


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


@pytest.mark.parametrize("path", ["/ecs/v9/servers", "/evs/v2/volumes"])
def test_an_unknown_api_behind_the_gateway(sim: Simulator, path: str) -> None:
    answer = Client(sim, "otc").get(path)
    assert answer.status_code == 404
    assert answer.json()["error_code"] == "APIGW.0101"


@pytest.mark.filterwarnings("ignore")  # the SDK warns about itself
def test_openstacksdk_reads_the_actions(sim: Simulator, clock: Clock) -> None:
    account = sim.clouds["openstack"]
    names = ("auth_url", "username", "password", "project_name", "user_domain_name", "project_domain_name")
    connection = Connection(auth={name: account[name] for name in names}, region_name=account["region_name"])
    server = connection.compute.get_server(account["server_ids"][1])
    connection.compute.reboot_server(server, "SOFT")
    clock.advance(1)
    newest = next(iter(connection.compute.server_actions(server)))
    action = connection.compute.get_server_action(newest.request_id, server)
    assert [(event.event, event.result) for event in action.events] == [("compute_reboot_instance", "Success")]
    connection.close()


@pytest.mark.parametrize("body", [None, {}, {"explode": None}, {"create": {}}, {"pause": None, "resume": None}])
def test_an_action_that_is_none_is_400(member: Nova, body: dict[str, object] | None) -> None:
    answer = member.nova("POST", f"/{member.server_id}/action", json=body)
    assert (answer.status_code, answer.json()["badRequest"]["code"]) == (400, 400)


def test_a_server_needs_a_name(member: Nova) -> None:
    assert member.nova("POST", "", json={"server": {"flavorRef": "1"}}).status_code == 400


def test_an_image_is_named_in_the_location_before_2_45(member: Nova) -> None:
    answer = member.nova("POST", f"/{member.server_id}/action", "2.44", json={"createImage": {"name": "i"}})
    assert "/images/" in answer.headers["Location"]


def test_changes_before_must_not_precede_changes_since(member: Nova) -> None:
    query = "changes-since=2020-01-02T00:00:00&changes-before=2020-01-01T00:00:00"
    answer = member.nova("GET", f"/{member.server_id}/os-instance-actions?{query}")
    assert answer.status_code == 400
    assert "less than or equal" in answer.json()["badRequest"]["message"]


def test_the_details_of_all_servers(member: Nova) -> None:
    servers = member.nova("GET", "/detail").json()["servers"]
    assert {server["status"] for server in servers} == {"ACTIVE"}


def test_a_hard_reboot_has_its_own_status(member: Nova) -> None:
    member.act({"reboot": {"type": "HARD"}})
    assert member.server()["status"] == "HARD_REBOOT"


def test_a_shelved_server_that_kept_its_host_only_starts(sim: Simulator, member: Nova, clock: Clock) -> None:
    sim.add_operation("openstack", "shelve", replay="shelve_keep")
    clock.advance(10)
    assert member.server()["status"] == "SHELVED"
    request_id = member.act({"unshelve": None})
    clock.advance(1)
    assert [event["event"] for event in member.action(request_id)["events"]] == ["compute_start_instance"]


def test_a_recording_can_be_stretched(member: Nova, clock: Clock) -> None:
    request_id = member.act(RESIZE, "replay=resize, duration=100")
    clock.advance(50)
    assert member.server()["status"] == "RESIZE"
    clock.advance(51)
    assert member.action(request_id)["events"][0]["event"] == "compute_finish_resize"
    assert member.server()["status"] == "VERIFY_RESIZE"


def test_operations_from_within_a_test(sim: Simulator, member: Nova) -> None:
    ids = sim.add_operation("openstack", "create", started=60)
    assert member.server(ids["resource_id"])["status"] == "ACTIVE"
    assert member.action(ids["operation_id"], server_id=ids["resource_id"])["action"] == "create"
    ids = sim.add_operation("openstack", "os-stop", member.server_id, duration=60, fail=True, request_id="req-mine")
    assert ids["operation_id"] == "req-mine"
    with pytest.raises(LookupError, match="no operation"):
        sim.add_operation("openstack", "Delete")
