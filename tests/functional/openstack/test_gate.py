# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Real operations of a real Nova, gated by the role; the playbooks check that each gate kept its promise."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import Play


@pytest.mark.usefixtures("bus")
@pytest.mark.parametrize(
    ("playbook", "types"),
    [
        ("reboot.yml", ["create", "reboot", "reboot"]),
        ("stop_start.yml", ["create", "stop", "start"]),
        ("resize_confirm.yml", ["create", "resize", "confirmResize"]),
        ("resize_revert.yml", ["create", "resize", "revertResize"]),
    ],
    ids=["reboot", "stop and start", "resize and confirm", "resize and revert"],
)
def test_the_next_step_finds_the_work_done(play: Play, playbook: str, types: list[str]) -> None:
    results = play(playbook).succeeded()
    operations = [operation for result in results for operation in result["operations"]]
    assert [operation["type"] for operation in operations] == types
    assert {operation["state"] for operation in operations} == {"succeeded"}
    assert all(result["polls"] > 1 for result in results[1:])
    assert all(result["changed"] is False for result in results)


@pytest.mark.usefixtures("slow_bus")
def test_an_administrator_gates_migrations(play: Play) -> None:
    results = play("migrate.yml", cloud_user="admin", cloud_password="admin").succeeded()
    types = [result["operations"][0]["type"] for result in results]
    assert types == ["create", "migrate", "confirmResize", "live-migration"]


def test_one_gate_waits_for_many(play: Play) -> None:
    (result,) = play("many.yml").succeeded()
    assert len(result["operations"]) == 5
    assert {operation["type"] for operation in result["operations"]} == {"reboot"}
    assert result["failed_operations"] == result["pending_operations"] == []


def test_a_gate_that_timed_out_can_be_run_again(play: Play, tmp_path: Path) -> None:
    run = play("resume.yml", go_on=str(tmp_path / "go-on"))
    assert run.code == 0, run.output
    _created, timed_out, resumed = run.results
    assert timed_out["failure"]["kind"] == "timeout"
    assert timed_out["finished"] is False
    assert timed_out["operations"][0]["state"] == "running"
    assert timed_out["elapsed"] >= 1
    assert resumed["succeeded"] is True
    assert resumed["operations"][0]["operation_id"] == timed_out["operations"][0]["operation_id"]


def test_operations_are_read_without_waiting(play: Play) -> None:
    run = play("information.yml")
    assert run.code == 0, run.output
    start, actions, stops, missing = run.results
    assert start["operations"][0]["type"] == "start"
    assert start["operations"][0]["state"] == "running"
    assert [operation["type"] for operation in actions["operations"]] == ["start", "stop", "create"]
    assert [operation["state"] for operation in actions["operations"][1:]] == ["succeeded", "succeeded"]
    assert [operation["type"] for operation in stops["operations"]] == ["stop"]
    assert missing["failure"]["kind"] == "missing"
