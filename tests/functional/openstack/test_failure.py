# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Operations that fail: the gate stays shut, says why in one sentence, and the play ends."""

from __future__ import annotations

import pytest
from conftest import Play

FAILS = "fail=InternalError"


@pytest.mark.parametrize(
    ("action", "metadata"),
    [
        pytest.param({"resize": {"flavorRef": "3"}}, {}, id="resize: no valid host"),
        pytest.param({"resize": {"flavorRef": "2"}}, {"lab_finish_migration": FAILS}, id="resize: last step"),
        pytest.param({"os-stop": None}, {"lab_power_off": "sleep=2," + FAILS}, id="stop"),
        pytest.param(
            {"rebuild": {"imageRef": "155d900f-4e14-4e4c-a73d-069cbf4541e6"}}, {"lab_destroy": FAILS}, id="rebuild"
        ),
    ],
)
@pytest.mark.usefixtures("slow_bus")
def test_a_failed_operation_keeps_the_gate_shut(play: Play, action: dict, metadata: dict) -> None:
    failed = play("action.yml", server_action=action, server_metadata=metadata).failed()
    (operation,) = failed["operations"]
    assert failed["failure"]["kind"] == "failed"
    assert operation["state"] == "failed"
    assert operation["operation_id"] in failed["msg"]
    assert operation["resource_id"] in failed["msg"]
    assert operation["reason"] in failed["msg"]
    assert failed["failed_operations"][0]["operation_id"] == operation["operation_id"]


def test_an_administrator_sees_the_cause(play: Play) -> None:
    failed = play(
        "action.yml",
        cloud_user="admin",
        cloud_password="admin",
        server_action={"resize": {"flavorRef": "3"}},
        server_metadata={},
    ).failed()
    assert "No valid host" in failed["msg"]


@pytest.mark.parametrize(
    ("flavor", "metadata"),
    [
        pytest.param("3", {}, id="no valid host"),
        # Nova shows nothing of this in the action itself.
        pytest.param("1", {"lab_spawn": "fail=ComputeResourcesUnavailable,sleep=0.5"}, id="every host refuses"),
    ],
)
@pytest.mark.usefixtures("slow_bus")
def test_a_server_that_cannot_be_created_keeps_the_gate_shut(play: Play, flavor: str, metadata: dict) -> None:
    failed = play("creation.yml", server_flavor=flavor, server_metadata=metadata).failed()
    assert failed["failure"]["kind"] == "failed"
    assert failed["operations"][0]["type"] == "create"


def test_a_warning_lets_the_play_continue(play: Play) -> None:
    run = play(
        "action.yml",
        server_action={"resize": {"flavorRef": "3"}},
        server_metadata={},
        operation_gate_on_failure="warn",
    )
    assert run.code == 0, run.output
    assert "behind the gate" in run.output
    assert run.results[-1]["succeeded"] is False
    assert run.results[-1]["failure"]["kind"] == "failed"
    assert f"WARNING: {run.results[-1]['failure']['message']}" in run.output
