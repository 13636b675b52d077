# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""ModelArts Lite Server operations."""

from __future__ import annotations

import pytest
from simulator import Simulator
from simulator_tests.helpers import Client, Clock

VOLUME = "9d6a2f4c-3b1e-4f7a-8c5d-0e1f2a3b4c5d"


@pytest.fixture
def client(sim: Simulator) -> Client:
    return Client(sim, "huaweicloud")


def servers(client: Client) -> str:
    return f"/modelarts/v1/{client.account['project_id']}/dev-servers"


def test_an_attachment_goes_from_pending_to_success(client: Client, clock: Clock) -> None:
    server = f"{servers(client)}/{client.account['lite_server_id']}"
    started = client.call("POST", f"{server}/attachvolume", "duration=10", json={"volume_id": VOLUME})
    assert started.status_code == 200
    operation_id = started.json()["operation_id"]
    seen = []
    for _poll in range(3):
        seen.append(client.get(f"{server}/operation/{operation_id}").json()["operation_status"])
        clock.advance(5)
    assert seen == ["pending", "running", "success"]
    finished = client.get(f"{server}/operation/{operation_id}").json()
    assert finished == {
        "operation_id": operation_id,
        "operation_status": "success",
        "operation_type": "node_attach_volume",
    }


def test_a_failed_detachment_says_why(client: Client, clock: Clock) -> None:
    server = f"{servers(client)}/{client.account['lite_server_id']}"
    operation = client.call("DELETE", f"{server}/detachvolume/{VOLUME}", "fail").json()
    assert operation["operation_type"] == "node_detach_volume"
    clock.advance(1)
    finished = client.get(f"{server}/operation/{operation['operation_id']}").json()
    assert finished["operation_status"] == "failed"
    assert set(finished["operation_error"]) == {"code", "message"}


def test_a_hyperinstance_has_its_own_path(sim: Simulator, client: Client) -> None:
    group = client.account["hyperinstance_id"]
    ids = sim.add_operation("huaweicloud", "node_attach_volume", group)
    shown = client.get(f"{servers(client)}/hyperinstance/{group}/operation/{ids['operation_id']}")
    assert shown.json()["operation_id"] == ids["operation_id"]


def test_an_unknown_value_is_a_400(client: Client) -> None:
    nobody = client.get(f"{servers(client)}/{VOLUME}")
    assert (nobody.status_code, nobody.json()["error_code"]) == (400, "ModelArts.6404")
    known = f"{servers(client)}/{client.account['lite_server_id']}"
    nothing = client.get(f"{known}/operation/{VOLUME}")
    assert (nothing.status_code, nothing.json()["error_code"]) == (400, "ModelArts.6404")
    assert client.get(known).json()["status"] == "RUNNING"


def test_a_wrong_project_and_an_unknown_api(client: Client) -> None:
    assert client.get("/modelarts/v1/other-project/dev-servers/x/operation/y").status_code == 403
    assert client.get("/modelarts/v9/nothing").json()["error_code"] == "APIGW.0101"


@pytest.mark.parametrize("simulate", ["nonsense", "duration=x"])
def test_a_plan_that_is_not_understood_is_refused(client: Client, simulate: str) -> None:
    server = f"{servers(client)}/{client.account['lite_server_id']}"
    assert client.call("POST", f"{server}/attachvolume", simulate, json={"volume_id": VOLUME}).status_code == 400


def test_an_attachment_needs_a_volume(client: Client) -> None:
    server = f"{servers(client)}/{client.account['lite_server_id']}"
    assert client.call("POST", f"{server}/attachvolume", json={}).json()["error_code"] == "ModelArts.0104"
