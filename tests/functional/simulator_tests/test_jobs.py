# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Jobs of ECS, EVS and IMS."""

from __future__ import annotations

import re
from typing import Any

import pytest
from simulator import Simulator
from simulator_tests.helpers import Client, Clock

TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")


@pytest.fixture(params=["otc", "huaweicloud"])
def client(sim: Simulator, request: pytest.FixtureRequest) -> Client:
    return Client(sim, request.param)


def start(client: Client, path: str, body: dict[str, Any], simulate: str = "", status: int = 200) -> dict[str, Any]:
    answer = client.call("POST", path, simulate, json=body)
    assert answer.status_code == status, answer.text
    return dict(answer.json())


def ecs(client: Client, path: str, version: str = "v1") -> str:
    return f"/ecs/{version}/{client.account['project_id']}{path}"


def job(client: Client, job_id: str, service: str = "ecs") -> dict[str, Any]:
    answer = client.get(f"/{service}/v1/{client.account['project_id']}/jobs/{job_id}")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def reboot(client: Client, simulate: str = "", count: int = 1) -> str:
    servers = [{"id": server_id} for server_id in client.account["server_ids"][:count]]
    body = {"reboot": {"type": "SOFT", "servers": servers}}
    return str(start(client, ecs(client, "/cloudservers/action"), body, simulate)["job_id"])


def test_a_job_goes_from_init_to_success(client: Client, clock: Clock) -> None:
    job_id = reboot(client, "duration=10")
    seen = []
    for _poll in range(3):
        seen.append(job(client, job_id)["status"])
        clock.advance(5)
    assert seen == ["INIT", "RUNNING", "SUCCESS"]


def test_the_body_of_a_job(client: Client, clock: Clock) -> None:
    job_id = reboot(client, "duration=10")
    clock.advance(5)
    running = job(client, job_id)
    assert (running["job_id"], running["job_type"], running["end_time"]) == (job_id, "rebootServer", "")
    assert (running["error_code"], running["fail_reason"]) == (None, None)
    assert running["entities"]["sub_jobs_total"] == len(running["entities"]["sub_jobs"]) == 1
    clock.advance(5)
    finished = job(client, job_id)
    assert TIME.fullmatch(finished["begin_time"]) and TIME.fullmatch(finished["end_time"])
    (part,) = finished["entities"]["sub_jobs"]
    assert (part["status"], part["entities"]) == ("SUCCESS", {"server_id": client.account["server_ids"][0]})


def test_many_servers_are_created_by_as_many_sub_jobs(client: Client, clock: Clock) -> None:
    begun = start(client, ecs(client, "/cloudservers", "v1.1"), {"server": {"count": 3}}, "duration=10, fail")
    clock.advance(5)
    parts = job(client, begun["job_id"])["entities"]["sub_jobs"]
    assert [part["status"] for part in parts] == ["SUCCESS", "RUNNING", "INIT"]
    assert {part["job_type"] for part in parts} == {"createSingleServer"}
    clock.advance(5)
    finished = job(client, begun["job_id"])
    assert (finished["status"], finished["error_code"], finished["job_type"]) == ("FAIL", "Ecs.0319", "createServer")
    parts = finished["entities"]["sub_jobs"]
    assert [part["status"] for part in parts] == ["SUCCESS", "SUCCESS", "FAIL"]
    assert [part["entities"]["server_id"] for part in parts] == begun["serverIds"]
    assert parts[2]["entities"]["errorcode_message"] == finished["fail_reason"]
    assert len({part["job_id"] for part in parts} | {begun["job_id"]}) == 4


@pytest.mark.parametrize("version", ["v1", "v1.1"])
def test_a_resize_names_its_server_without_sub_jobs(client: Client, clock: Clock, version: str) -> None:
    server_id = client.account["server_ids"][0]
    path = ecs(client, f"/cloudservers/{server_id}/resize", version)
    job_id = start(client, path, {"resize": {"flavorRef": "s3.large.4"}})["job_id"]
    clock.advance(1)
    assert job(client, job_id)["entities"] == {"server_id": server_id}
    assert client.get(ecs(client, f"/cloudservers/{server_id}")).json()["server"]["status"] == "ACTIVE"


def test_an_order_that_is_not_paid_never_moves(client: Client, clock: Clock) -> None:
    body = {"server": {"extendparam": {"chargingMode": "prePaid"}}}
    begun = start(client, ecs(client, "/cloudservers", "v1.1"), body, "fail=unpaid")
    assert begun["order_id"].startswith("CS")
    clock.advance(3000)
    waiting = job(client, begun["job_id"])
    assert (waiting["status"], waiting["entities"], waiting["end_time"]) == ("PENDING_PAYMENT", {}, "")


def test_volumes_and_images_have_jobs_of_their_own(client: Client, clock: Clock) -> None:
    volumes = f"/evs/v2/{client.account['project_id']}/cloudvolumes"
    many = start(client, volumes, {"volume": {"count": 2, "size": 10}}, status=202)
    one = start(client, volumes, {"volume": {"size": 10}}, status=202)
    image = start(client, "/ims/v2/cloudimages/action", {"name": "image", "instance_id": "any"})
    clock.advance(1)
    assert len(job(client, many["job_id"], "evs")["entities"]["sub_jobs"]) == 2
    assert job(client, one["job_id"], "evs")["entities"] == {"volume_id": one["volume_ids"][0]}
    assert set(job(client, image["job_id"], "ims")["entities"]) == {"image_id"}
    elsewhere = client.get(ecs(client, f"/jobs/{one['job_id']}"))
    assert (elsewhere.status_code, elsewhere.json()) == (400, {"code": "Common.0011", "message": "jobId is blank"})
    missing = client.get(f"/evs/v1/{client.account['project_id']}/jobs/{many['job_id']}x")
    assert (missing.status_code, missing.json()["error"]["code"]) == (400, "Common.0011")


def test_jobs_can_be_added_without_a_request(sim: Simulator, client: Client) -> None:
    cloud = "otc" if "otc" in client.root else "huaweicloud"
    ids = sim.add_operation(cloud, "resizeServer", fail=True, started=100)
    assert ids["resource_id"] == client.account["server_ids"][0]
    assert job(client, ids["operation_id"])["status"] == "FAIL"
    ids = sim.add_operation(cloud, "createServer", parts=2, started=100)
    assert job(client, ids["operation_id"])["entities"]["sub_jobs_total"] == 2


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/cloudservers/action", {}, 400),
        ("/cloudservers/action", {"reboot": {"servers": []}}, 400),
        ("/cloudservers/action", {"reboot": {"servers": [{"id": "nobody"}]}}, 404),
        ("/cloudservers/nobody/resize", {"resize": {"flavorRef": "s3.large.4"}}, 404),
        ("/cloudservers", {"server": {"count": "many"}}, 400),
        ("/nothing", {}, 404),
    ],
)
def test_requests_without_sense(client: Client, path: str, body: dict[str, Any], status: int) -> None:
    assert client.call("POST", ecs(client, path), json=body).status_code == status


def test_an_unreadable_plan_and_a_foreign_project(client: Client) -> None:
    assert client.call("POST", ecs(client, "/cloudservers"), "nonsense", json={"server": {}}).status_code == 400
    assert client.get("/ecs/v1/other-project/jobs/any").status_code == 403
    assert client.get("/evs/v9/nothing").json()["error_code"] == "APIGW.0101"


def test_the_catalog_names_the_services(client: Client) -> None:
    answer = client.login(
        {
            "methods": ["password"],
            "password": {"user": {"id": client.account["user_id"], "password": client.account["password"]}},
        }
    )
    urls = {each["type"]: each["endpoints"][0]["url"] for each in answer.json()["token"]["catalog"]}
    project = client.account["project_id"]
    otc = "otc" in client.root
    assert urls["ecs"] == f"{client.account['ecs_endpoint']}/v1/{project}"
    assert urls["rdsv3"] == f"{client.account['rds_endpoint']}/v3" + (f"/{project}" if otc else "")
    assert urls["ccev2.0"] == client.account["cce_endpoint"] + ("" if otc else f"/api/v3/projects/{project}")
    assert urls.get("rds") == (f"{client.account['rds_endpoint']}/rds/v1" if otc else None)
