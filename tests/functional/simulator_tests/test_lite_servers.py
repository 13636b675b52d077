# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""ModelArts Lite Servers that start, stop and change their system."""

from __future__ import annotations

import uuid

import pytest
from simulator import Simulator
from simulator_tests.helpers import Client, Clock


@pytest.fixture
def client(sim: Simulator) -> Client:
    return Client(sim, "huaweicloud")


def server(client: Client, action: str = "") -> str:
    return f"/modelarts/v1/{client.account['project_id']}/dev-servers/{client.account['lite_server_id']}{action}"


@pytest.mark.parametrize(
    ("method", "action", "during", "after", "failed"),
    [
        ("PUT", "start", "STARTING", "RUNNING", "START_FAILED"),
        ("PUT", "stop", "STOPPING", "STOPPED", "STOP_FAILED"),
        ("PUT", "reboot", "REBOOTING", "RUNNING", "REBOOT_FAILED"),
        ("POST", "changeos", "CHANGINGOS", "RUNNING", "CHANGINGOS_FAILED"),
        ("POST", "reinstallos", "REINSTALLINGOS", "RUNNING", "REINSTALLINGOS_FAILED"),
    ],
)
def test_the_status_moves_after_a_moment(
    client: Client, clock: Clock, method: str, action: str, during: str, after: str, failed: str
) -> None:
    for simulate, end in (("duration=10", after), ("duration=10, fail", failed)):
        before = client.get(server(client)).json()
        answer = client.call(method, server(client, f"/{action}"), simulate, json={})
        assert (answer.status_code, answer.json()) == (200, before)
        clock.advance(5)
        busy = client.get(server(client)).json()
        assert busy["status"] == during and busy["update_at"] > before["update_at"]
        clock.advance(5)
        finished = client.get(server(client)).json()
        assert finished["status"] == end and finished["update_at"] > busy["update_at"]


def test_a_busy_server_refuses(client: Client, clock: Clock) -> None:
    assert client.call("PUT", server(client, "/stop")).status_code == 200
    refused = client.call("PUT", server(client, "/start"))
    assert (refused.status_code, refused.json()["error_code"]) == (400, "ModelArts.6409")
    clock.advance(1)
    assert client.call("PUT", server(client, "/start")).status_code == 200


def test_requests_without_sense(client: Client) -> None:
    nobody = server(client).replace(client.account["lite_server_id"], str(uuid.uuid4()))
    assert client.call("PUT", f"{nobody}/start").json()["error_code"] == "ModelArts.6404"
    assert client.call("PUT", server(client, "/stop"), "nonsense").status_code == 400
    assert client.get(server(client)).json()["status"] == "RUNNING"


def test_a_change_is_no_operation_and_can_be_added(sim: Simulator, client: Client) -> None:
    ids = sim.add_operation("huaweicloud", "STOPPING", started=100)
    assert client.get(server(client)).json()["status"] == "STOPPED"
    assert client.get(server(client, f"/operation/{ids['operation_id']}")).status_code == 400
