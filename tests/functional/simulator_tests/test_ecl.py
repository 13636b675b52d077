# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Virtual Network Appliance operations of ECL."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from simulator import Simulator
from simulator_tests.helpers import Client, Clock

ROOT = "/virtual-network-appliance/v1.0"
APPLIANCES = f"{ROOT}/virtual_network_appliances"


@pytest.fixture
def client(sim: Simulator) -> Client:
    return Client(sim, "ecl")


def operations(client: Client, query: str) -> list[dict[str, Any]]:
    answer = client.get(f"{ROOT}/operations?{query}")
    assert answer.status_code == 200
    return list(answer.json()["operations"])


def restart(client: Client, simulate: str = "", request_id: str = "") -> int:
    path = f"{APPLIANCES}/{client.account['appliance_id']}/action"
    headers = {"X-VNA-Request-Id": request_id} if request_id else {}
    return client.call("POST", path, simulate, json={"os-restart": None}, headers=headers).status_code


def latest(client: Client) -> dict[str, Any]:
    (operation,) = operations(client, f"resource_id={client.account['appliance_id']}&latest=true")
    return operation


def test_a_restart_is_found_by_its_request_id(client: Client, clock: Clock) -> None:
    request_id = str(uuid.uuid4())
    assert restart(client, "duration=10", request_id) == 200
    (running,) = operations(client, f"request_id={request_id}")
    assert (running["status"], running["request_type"], running["commit_datetime"]) == ("PROCESSING", "Action", None)
    clock.advance(10)
    finished = client.get(f"{ROOT}/operations/{running['id']}").json()["operation"]
    assert finished["status"] == "COMPLETE"
    assert len(finished["commit_datetime"]) == len("2017-11-27 21:46:21")


def test_without_a_request_id_the_newest_is_polled(client: Client) -> None:
    before = latest(client)
    restart(client)
    assert latest(client)["id"] != before["id"]
    assert latest(client)["request_id"] == ""
    assert len(operations(client, f"resource_id={client.account['appliance_id']}")) == 2


def test_a_repeated_request_does_nothing_twice(client: Client) -> None:
    request_id = str(uuid.uuid4())
    assert [restart(client, request_id=request_id) for _time in range(2)] == [200, 200]
    assert len(operations(client, f"request_id={request_id}")) == 1


@pytest.mark.parametrize(("simulate", "status", "next_request"), [("fail", "ERROR", 200), ("fail=stuck", "STUCK", 409)])
def test_failures(client: Client, clock: Clock, simulate: str, status: str, next_request: int) -> None:
    restart(client, simulate)
    assert restart(client) == 409
    clock.advance(1)
    assert latest(client)["status"] == status
    assert status.lower() in latest(client)["error"]
    shown = client.get(f"{APPLIANCES}/{client.account['appliance_id']}").json()["virtual_network_appliance"]
    assert shown["operation_status"] == status
    assert restart(client) == next_request


def test_a_created_appliance_is_deleted_and_its_operations_remain(client: Client, clock: Clock) -> None:
    body = {"virtual_network_appliance": {"name": "new", "virtual_network_appliance_plan_id": "plan"}}
    created = client.call("POST", APPLIANCES, json=body).json()["virtual_network_appliance"]
    assert (created["name"], created["operation_status"]) == ("new", "PROCESSING")
    clock.advance(1)
    assert (
        client.call(
            "PATCH", f"{APPLIANCES}/{created['id']}", json={"virtual_network_appliance": {"name": "renamed"}}
        ).json()["virtual_network_appliance"]["name"]
        == "renamed"
    )
    clock.advance(1)
    assert client.call("DELETE", f"{APPLIANCES}/{created['id']}").status_code == 204
    clock.advance(1)
    gone = client.get(f"{APPLIANCES}/{created['id']}")
    assert (gone.status_code, gone.json()) == (404, {"cause": "Not Found"})
    kept = operations(client, f"resource_id={created['id']}")
    assert [operation["request_type"] for operation in kept] == ["Create", "Update", "Delete"]
    assert operations(client, f"resource_id={created['id']}&no_deleted=true") == []


def test_the_filters_add_up(sim: Simulator, client: Client) -> None:
    sim.add_operation("ecl", "Action", duration=60)
    sim.add_operation("ecl", "Update", fail=True, started=60)
    appliance_id = client.account["appliance_id"]
    assert len(operations(client, f"resource_id={appliance_id}&resource_id={uuid.uuid4()}")) == 3
    assert [found["request_type"] for found in operations(client, "status=ERROR")] == ["Update"]
    assert operations(client, "status=ERROR&request_type=Action") == []
    assert operations(client, f"tenant_id={uuid.uuid4().hex}") == []


def test_an_unknown_operation(client: Client) -> None:
    answer = client.get(f"{ROOT}/operations/{uuid.uuid4()}")
    assert (answer.status_code, answer.json()) == (404, {"cause": "Not Found"})


def test_the_list_of_appliances_and_an_unknown_path(client: Client) -> None:
    (appliance,) = client.get(APPLIANCES).json()["virtual_network_appliances"]
    assert (appliance["id"], appliance["operation_status"]) == (client.account["appliance_id"], "COMPLETE")
    assert client.get(f"{ROOT}/nothing").json() == {"cause": "Not Found"}


def test_a_repeated_creation_answers_with_the_same_appliance(client: Client) -> None:
    body = {"virtual_network_appliance": {"name": "new"}}
    headers = {"X-VNA-Request-Id": str(uuid.uuid4())}
    first, second = (client.call("POST", APPLIANCES, json=body, headers=headers).json() for _time in range(2))
    assert first["virtual_network_appliance"]["id"] == second["virtual_network_appliance"]["id"]


def test_requests_without_sense_are_400(client: Client) -> None:
    one = f"{APPLIANCES}/{client.account['appliance_id']}"
    assert client.call("POST", APPLIANCES, json={}).status_code == 400
    assert client.call("POST", f"{one}/action", json={"os-explode": None}).status_code == 400
    assert client.call("POST", f"{one}/action", "nonsense", json={"os-start": None}).status_code == 400
