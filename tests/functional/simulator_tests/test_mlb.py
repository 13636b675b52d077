# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Managed Load Balancer operations of ECL."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from simulator import Simulator
from simulator_tests.helpers import Client, Clock

ROOT = "/managed-load-balancer/v1.0"
APPLY = {"apply-configurations": None}


@pytest.fixture
def client(sim: Simulator) -> Client:
    return Client(sim, "ecl")


def balancer(client: Client) -> str:
    return f"{ROOT}/load_balancers/{client.account['load_balancer_id']}"


def operations(client: Client, query: str) -> list[dict[str, Any]]:
    answer = client.get(f"{ROOT}/operations?{query}")
    assert answer.status_code == 200
    return list(answer.json()["operations"])


def act(client: Client, body: dict[str, Any], simulate: str = "", request_id: str = "") -> int:
    headers = {"X-MVNA-Request-Id": request_id} if request_id else {}
    return client.call("POST", f"{balancer(client)}/action", simulate, json=body, headers=headers).status_code


def test_an_application_is_found_by_its_request_id(client: Client, clock: Clock) -> None:
    request_id = str(uuid.uuid4())
    assert act(client, APPLY, "duration=10", request_id) == 204
    (running,) = operations(client, f"request_id={request_id}")
    assert (running["status"], running["request_types"]) == ("PROCESSING", ["Action::apply-configurations"])
    assert (running["commit_datetime"], running["error"]) == ("", "")
    assert "request_body" not in running and "request_type" not in running
    clock.advance(10)
    finished = client.get(f"{ROOT}/operations/{running['id']}").json()["operation"]
    assert finished["status"] == "COMPLETE"
    assert finished["request_body"] == APPLY
    assert finished["resource_type"] == "ECL::ManagedLoadBalancer::LoadBalancer"


def test_one_request_can_ask_for_two_things(client: Client) -> None:
    assert act(client, APPLY | {"system-update": {"system_update_id": str(uuid.uuid4())}}) == 204
    (both,) = operations(client, "latest=true")
    assert both["request_types"] == ["Action::apply-configurations", "Action::system-update"]
    assert operations(client, "request_type=Action::system-update") == [both]


@pytest.mark.parametrize(("simulate", "status", "next_request"), [("fail", "ERROR", 204), ("fail=stuck", "STUCK", 409)])
def test_failures(client: Client, clock: Clock, simulate: str, status: str, next_request: int) -> None:
    act(client, APPLY, simulate)
    assert act(client, APPLY) == 409
    clock.advance(1)
    assert operations(client, "latest=true")[0]["status"] == status
    assert client.get(balancer(client)).json()["load_balancer"]["operation_status"] == status
    assert act(client, APPLY) == next_request


def test_staging_starts_nothing_and_deleting_does(client: Client, clock: Clock) -> None:
    made = client.call("POST", f"{ROOT}/load_balancers", json={"load_balancer": {"name": "new"}}).json()
    path = f"{ROOT}/load_balancers/{made['load_balancer']['id']}"
    assert made["load_balancer"]["configuration_status"] == "CREATE_STAGED"
    renamed = client.call("PATCH", path, json={"load_balancer": {"name": "renamed"}}).json()["load_balancer"]
    assert renamed["name"] == "renamed"
    assert operations(client, f"resource_id={renamed['id']}") == []
    assert len(client.get(f"{ROOT}/load_balancers").json()["load_balancers"]) == 2
    assert client.call("DELETE", path).status_code == 204
    clock.advance(1)
    assert client.get(path).status_code == 404
    assert [kept["request_types"] for kept in operations(client, f"resource_id={renamed['id']}")] == [["Delete"]]
    assert operations(client, f"resource_id={renamed['id']}&no_deleted=true") == []


def test_the_two_services_do_not_show_each_others_operations(sim: Simulator, client: Client) -> None:
    mine = sim.add_operation("ecl", "Action::apply-configurations")["operation_id"]
    theirs = sim.add_operation("ecl", "Action")["operation_id"]
    assert client.get(f"{ROOT}/operations/{mine}").status_code == 200
    assert client.get(f"{ROOT}/operations/{theirs}").status_code == 404
    assert client.get(f"/virtual-network-appliance/v1.0/operations/{mine}").status_code == 404


def test_requests_without_sense(client: Client) -> None:
    assert act(client, {"explode": None}) == 400
    assert act(client, {}) == 400
    assert act(client, APPLY, "nonsense") == 400
    assert act(client, {"cancel-configurations": None}) == 204
    assert operations(client, "latest=true&status=PROCESSING") == []
    assert client.get(f"{ROOT}/nothing").json() == {"cause": "Not Found"}


def test_the_catalog_names_it(client: Client) -> None:
    answer = client.login(
        {
            "methods": ["password"],
            "password": {"user": {"id": client.account["user_id"], "password": client.account["password"]}},
        }
    )
    (entry,) = [each for each in answer.json()["token"]["catalog"] if each["type"] == "managed-load-balancer"]
    assert entry["endpoints"][0]["url"] == client.account["mlb_endpoint"]
