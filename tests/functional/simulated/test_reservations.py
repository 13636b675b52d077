# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One request for several servers that answers with a reservation: each server is waited for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ansible_collections.cloudgate.operations.plugins.module_utils._model.reference import Reference
from simulated.helpers import connect_to, sent, task, wait_with
from simulated.playbook_runs import connection, keep, kept, run_playbook, write_play
from simulator import Simulator
from simulator_tests.helpers import Clock, Nova

BODY = {"server": {"name": "web", "flavorRef": "1", "min_count": 3, "return_reservation_id": True}}

FOUND = "{{ created | cloudgate.operations.references }}"


def reserve(sim: Simulator, simulate: str) -> Reference:
    """Ask for three servers; what the answer names."""
    answer = Nova(sim, "openstack").nova("POST", "", json=BODY, simulate=simulate)
    request_id = answer.headers["X-Compute-Request-Id"]
    return Reference(request_id, reservation_id=answer.json()["reservation_id"], action="create")


def test_all_servers_are_waited_for(sim: Simulator, clock: Clock) -> None:
    connected = connect_to("openstack", task(sim, "openstack"))
    reference = reserve(sim, "duration=100")
    outcome, failure = wait_with(connected, clock, reference)
    assert failure is None
    assert [(each.type, each.state) for each in outcome.operations] == [("create", "succeeded")] * 3
    assert {each.operation_id for each in outcome.operations} == {reference.operation_id}
    assert len({each.resource_id for each in outcome.operations}) == 3
    assert outcome.elapsed >= 100


def test_servers_that_cannot_be_built_keep_the_gate_shut(sim: Simulator, clock: Clock) -> None:
    connected = connect_to("openstack", task(sim, "openstack"))
    outcome, failure = wait_with(connected, clock, reserve(sim, "duration=100, fail"), on_failure="finish")
    assert failure is not None
    assert failure["kind"] == "failed"
    assert [each.state for each in outcome.operations] == ["failed"] * 3


def test_an_unknown_reservation_is_missing(sim: Simulator, clock: Clock) -> None:
    connected = connect_to("openstack", task(sim, "openstack"))
    _outcome, failure = wait_with(connected, clock, Reference(reservation_id="r-00000000"))
    assert failure is not None
    assert failure["kind"] == "missing"
    assert "Nova shows 0 of the servers of reservation r-00000000" in failure["message"]


def test_without_request_ids_the_reservation_is_enough(sim: Simulator, clock: Clock) -> None:
    connected = connect_to("openstack", task(sim, "openstack"))
    named = reserve(sim, "duration=100")
    outcome, failure = wait_with(connected, clock, Reference(reservation_id=named.reservation_id))
    assert failure is None
    assert {each.operation_id for each in outcome.operations} == {named.operation_id}


@pytest.mark.parametrize("how", ["role", "module", "check"])
def test_a_play_continues_when_all_servers_are_there(tmp_path: Path, how: str) -> None:
    with Simulator() as live:
        client = Nova(live, "openstack")
        create: dict[str, Any] = {
            "url": f"{client.root}/compute/v2.1/servers",
            "method": "POST",
            "headers": {**client.headers, "X-Simulate": "duration=8"},
            "body_format": "json",
            "body": BODY,
            "status_code": 202,
        }
        login = connection(live)
        role = {
            "ansible.builtin.include_role": {"name": "cloudgate.operations.operation_gate"},
            "vars": {
                "operation_gate_provider": "openstack",
                "operation_gate_connection": login,
                "operation_gate_operations": ["{{ created }}"],
            },
        }
        module = {
            "cloudgate.operations.wait_for_operation": {"provider": "openstack", **login, "operations": FOUND},
            "check_mode": how == "check",
            "register": "operation_gate_result",
        }
        gate = {"name": "Gate", **(role if how == "role" else module)}
        tasks = [
            {"name": "Create", "ansible.builtin.uri": create, "register": "created"},
            gate,
            keep(tmp_path, "operation_gate_result"),
        ]
        done = run_playbook(write_play(tmp_path, tasks))
        assert done.returncode == 0, done.stdout + done.stderr
        servers = [each["path"] for each in sent(live, "os-instance-actions")]
    result = kept(tmp_path, "operation_gate_result")
    states = [each["state"] for each in result["operations"]]
    assert len(states) == 3
    assert len(set(servers)) == 3
    if how == "check":
        assert "succeeded" not in states
        return
    assert states == ["succeeded"] * 3


def test_a_request_in_a_loop_says_how_many_servers_there_must_be(tmp_path: Path) -> None:
    with Simulator() as live:
        client = Nova(live, "openstack")
        create = {
            "url": f"{client.root}/compute/v2.1/servers",
            "method": "POST",
            "headers": client.headers,
            "body_format": "json",
            "body": BODY,
            "status_code": 202,
        }
        tasks = [
            {"name": "Create", "ansible.builtin.uri": create, "register": "created", "loop": [1, 2]},
            {"name": "Name", "ansible.builtin.set_fact": {"named": {"all": FOUND}}},
            keep(tmp_path, "named"),
        ]
        done = run_playbook(write_play(tmp_path, tasks))
    assert done.returncode == 0, done.stdout + done.stderr
    found = kept(tmp_path, "named")["all"]
    assert [each["min_count"] for each in found] == [3, 3]
    assert len({each["reservation_id"] for each in found}) == 2
