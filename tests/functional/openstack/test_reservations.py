# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One request for several servers that answers with a reservation: the gate waits for each server."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
from conftest import Play, Playing
from lab.bench import Bench, expect
from lab.client import IMAGE

PATIENCE = 60.0  # seconds that immediate work may take on a busy machine


@pytest.mark.usefixtures("bus")
@pytest.mark.parametrize("user", ["demo", "admin"])
def test_a_reservation_is_waited_for_as_its_servers(play: Play, user: str) -> None:
    metadata = {"lab_spawn": "sleep=2"}
    (result,) = play("reservation.yml", cloud_user=user, cloud_password=user, server_metadata=metadata).succeeded()
    assert len({operation["resource_id"] for operation in result["operations"]}) == 3
    assert len({operation["operation_id"] for operation in result["operations"]}) == 1
    assert {operation["type"] for operation in result["operations"]} == {"create"}


@pytest.mark.usefixtures("slow_bus")
def test_a_reservation_whose_servers_fail_keeps_the_gate_shut(play: Play) -> None:
    metadata = {"lab_spawn": "fail=ComputeResourcesUnavailable,sleep=0.5"}
    failed = play("reservation.yml", server_metadata=metadata, operation_gate_on_failure="finish").failed()
    assert failed["failure"]["kind"] == "failed"
    assert [operation["state"] for operation in failed["operations"]] == ["failed"] * 3


def reserve(bench: Bench) -> tuple[dict[str, str | None], list[str]]:
    """Create two servers. Return the reference to both, and their IDs once they exist."""
    body = {"name": "gate", "flavorRef": "1", "imageRef": IMAGE, "networks": "none", "min_count": 2}
    answer = expect(bench.demo.post("/servers", {"server": {**body, "return_reservation_id": True}}), 202)
    reservation_id = answer.body["reservation_id"]
    listed = bench.demo.get(f"/servers/detail?reservation_id={reservation_id}").body["servers"]
    servers = [server["id"] for server in listed]
    assert len(servers) == 2, "Nova lists all servers of a request as soon as it has answered"
    for server in servers:
        bench.wait(server, "ACTIVE")
    return {"reservation_id": reservation_id, "request_id": answer.request_id}, servers


def gate(folder: Path, named: dict[str, Any]) -> Playing:
    """Start a gate on a reservation."""
    return Playing(folder, "wait.yml", None, {"operation_gate_operations": [named], "operation_gate_timeout": 200})


@pytest.mark.usefixtures("play")
def test_a_gate_waits_while_lists_lack_the_servers_of_a_cell(bench: Bench, tmp_path: Path) -> None:
    named, servers = reserve(bench)
    bench.set_cell_down(True)
    try:
        waiting = gate(tmp_path, named)
        time.sleep(12)  # longer than the first slice
        assert waiting.goes_on()
    finally:
        bench.set_cell_down(False)
    (result,) = waiting.end().succeeded()
    assert result["tolerated_errors"] > 0
    assert {operation["resource_id"] for operation in result["operations"]} == set(servers)


@pytest.mark.usefixtures("play")
def test_a_server_deleted_before_the_first_poll_is_reported(bench: Bench, tmp_path: Path) -> None:
    named, servers = reserve(bench)
    expect(bench.demo.delete(f"/servers/{servers[0]}"), 204)
    bench.wait_until(lambda: bench.demo.get(f"/servers/{servers[0]}").status == 404, "not deleted", PATIENCE)
    (result,) = gate(tmp_path, named).end().succeeded()
    reasons = {operation["resource_id"]: operation["reason"] for operation in result["operations"]}
    assert set(reasons) == set(servers)
    assert reasons[servers[0]] == "the server was built, and deleted later"
