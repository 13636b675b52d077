# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Servers and instance actions as Nova shows them."""

from __future__ import annotations

import pytest
from openstack.connection import Connection
from simulator import Simulator
from simulator_tests.helpers import REBOOT, Client, Clock, Nova

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
