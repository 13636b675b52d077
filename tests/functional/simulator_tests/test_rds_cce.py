# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Jobs of the Relational Database Service and of the Cloud Container Engine."""

from __future__ import annotations

import re
from typing import Any

import pytest
from simulator import Simulator
from simulator_tests.helpers import Client, Clock

RDS_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+0000")
CCE_TIME = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{9} \+0000 UTC")


@pytest.fixture(params=["otc", "huaweicloud"])
def client(sim: Simulator, request: pytest.FixtureRequest) -> Client:
    return Client(sim, request.param)


def rds(client: Client, path: str) -> str:
    return f"/rds/v3/{client.account['project_id']}{path}"


def restart(client: Client, simulate: str = "") -> str:
    answer = client.call(
        "POST", rds(client, f"/instances/{client.account['database_id']}/action"), simulate, json={"restart": {}}
    )
    assert answer.status_code == 202, answer.text
    return str(answer.json()["job_id"])


def test_a_job_of_a_database(client: Client, clock: Clock) -> None:
    path = rds(client, f"/jobs?id={restart(client, 'duration=10')}")
    hidden = client.get(path)
    assert (hidden.status_code, hidden.json()["error_code"]) == (400, "DBS.200543")
    clock.advance(6)
    running = client.get(path).json()["job"]
    assert (running["status"], running["process"], running["name"]) == ("Running", "60%", "RestartMysqlInstance")
    assert running["instance"]["id"] == client.account["database_id"]
    assert RDS_TIME.fullmatch(running["created"]) and "ended" not in running
    clock.advance(4)
    finished = client.get(path).json()["job"]
    assert (finished["status"], finished["process"]) == ("Completed", "")
    assert RDS_TIME.fullmatch(finished["ended"]) and "fail_reason" not in finished


def test_a_job_of_a_database_that_fails(client: Client, clock: Clock) -> None:
    path = rds(client, f"/jobs?id={restart(client, 'fail')}")
    clock.advance(1)
    finished = client.get(path).json()["job"]
    assert (finished["status"], finished["fail_reason"]) == ("Failed", "The simulated storage node does not answer.")


def test_the_list_of_databases(client: Client) -> None:
    (instance,) = client.get(rds(client, f"/instances?id={client.account['database_id']}")).json()["instances"]
    assert instance["status"] == "ACTIVE"
    assert client.get(rds(client, "/instances?id=nobody")).json() == {"instances": [], "total_count": 0}


@pytest.mark.parametrize(("instance", "body", "status"), [("nobody", {"restart": {}}, 404), ("nobody", {}, 400)])
def test_actions_without_sense(client: Client, instance: str, body: dict[str, Any], status: int) -> None:
    assert client.call("POST", rds(client, f"/instances/{instance}/action"), json=body).status_code == status


def cce(client: Client, path: str) -> str:
    return f"/cce/api/v3/projects/{client.account['project_id']}{path}"


def test_a_job_of_a_cluster(client: Client, clock: Clock) -> None:
    cluster = cce(client, f"/clusters/{client.account['cluster_id']}")
    begun = client.call("POST", f"{cluster}/operation/resize", "duration=10", json={"flavorResize": "cce.s2.small"})
    assert begun.status_code == 201
    path = cce(client, f"/jobs/{begun.json()['jobID']}")
    assert client.get(cluster).json()["status"]["phase"] == "Available"
    waiting = client.get(path).json()
    assert (waiting["status"], waiting["spec"]["subJobs"]) == ({"phase": "Initializing"}, [])
    clock.advance(6)
    running = client.get(path).json()
    assert running["status"] == {"phase": "Running"}
    assert [part["status"]["phase"] for part in running["spec"]["subJobs"]] == ["Success", "Running"]
    clock.advance(4)
    finished = client.get(path).json()
    assert (finished["kind"], finished["apiVersion"], finished["status"]) == ("Job", "v3", {"phase": "Success"})
    assert finished["metadata"]["uid"] == begun.json()["jobID"]
    assert finished["spec"]["clusterUID"] == client.account["cluster_id"]
    assert all(CCE_TIME.fullmatch(finished["metadata"][name]) for name in ("creationTimestamp", "updateTimestamp"))


def test_a_job_of_a_cluster_that_fails(client: Client, clock: Clock) -> None:
    cluster = cce(client, f"/clusters/{client.account['cluster_id']}")
    job_id = client.call("POST", f"{cluster}/rotatecredentials", "fail", json={"component": "master"}).json()["jobid"]
    clock.advance(1)
    finished = client.get(cce(client, f"/jobs/{job_id}")).json()
    assert finished["status"] == {"phase": "Failed", "reason": "The simulated master node did not become ready."}
    assert [part["status"]["phase"] for part in finished["spec"]["subJobs"]] == ["Failed"]


def test_requests_that_a_cluster_engine_does_not_know(client: Client) -> None:
    missing = client.get(cce(client, "/jobs/nothing"))
    assert (missing.status_code, missing.json()["errorCode"]) == (404, "CCE.01404001")
    assert client.get(cce(client, "/clusters/nothing")).status_code == 404


def test_jobs_can_be_added_without_a_request(sim: Simulator, client: Client) -> None:
    cloud = "otc" if "otc" in client.root else "huaweicloud"
    database = sim.add_operation(cloud, "RestartMysqlInstance", started=100)
    assert database["resource_id"] == client.account["database_id"]
    assert client.get(rds(client, f"/jobs?id={database['operation_id']}")).json()["job"]["status"] == "Completed"
    cluster = sim.add_operation(cloud, "ResizeCluster", started=100)
    assert client.get(cce(client, f"/jobs/{cluster['operation_id']}")).json()["status"]["phase"] == "Success"
