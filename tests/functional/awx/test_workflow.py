# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The workflow "start, gate, go on", with AWX's own OpenStack credential and a reboot by openstack.cloud."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from awx.controller import Controller
from awx.jobs import Awx, Job
from awx.kinds import Item
from awx.test_credentials import built_in
from simulator import Simulator
from simulator_tests.helpers import Clock

WORKFLOW = "cloudgate start, gate, go on"
SERVER = 0


@pytest.fixture
def still() -> Iterator[tuple[Simulator, Clock]]:
    """Clouds whose clock only the test advances."""
    clock = Clock()
    clock.now = time.time()
    with Simulator(clock=clock) as simulator:
        yield simulator, clock


@pytest.fixture
def run(still: tuple[Simulator, Clock], controller: Controller, awx: Awx) -> Iterator[Callable[..., dict[str, Job]]]:
    """Run the workflow on the first server."""
    account = still[0].clouds["openstack"]
    kind = controller.named("credential_types", "OpenStack")
    credential = controller.add(
        "credentials", {"name": "openstack", "credential_type": kind["id"], "inputs": built_in(still[0], account)}
    )
    templates = controller.things["job_templates"]
    before = {template["name"]: controller.linked(template, "credentials") for template in templates}
    for template in templates:
        controller.link(template, "credentials", credential)

    def workflow(after: Callable[[str], None], **answers: Any) -> dict[str, Job]:
        return awx.run_workflow(WORKFLOW, {"start_server": account["server_ids"][SERVER], **answers}, after)

    yield workflow
    for template in templates:
        controller.link(template, "credentials", *before[template["name"]])
    controller.things["credentials"].remove(credential)


def test_the_next_gate_continues_after_a_timeout(
    still: tuple[Simulator, Clock], run: Callable[..., dict[str, Job]]
) -> None:
    clock = still[1]

    def pass_time(node: str) -> None:
        if node == "gate_1":
            clock.now += 600

    jobs = run(pass_time, operation_gate_timeout=1)

    assert {node: job.status for node, job in jobs.items()} == {
        "start": "successful",
        "gate_1": "failed",
        "gate_2": "successful",
        "go_on": "successful",
    }, jobs["start"].stdout
    first, second = (jobs[node].artifacts["operation_gate"] for node in ("gate_1", "gate_2"))
    assert first["failure"]["kind"] == "timeout"
    assert "Run the task again to keep waiting." in first["failure"]["message"]
    assert (second["succeeded"], second["failure"]) == (True, {})
    assert f"The gate has opened for {still[0].clouds['openstack']['server_ids'][SERVER]}" in jobs["go_on"].stdout
    posted = [each for each in still[0].requests if each["method"] == "POST" and each["path"].endswith("/action")]
    assert len(posted) == 1


def statuses(jobs: dict[str, Job]) -> dict[str, str]:
    return {node: job.status for node, job in jobs.items()}


def forget(simulator: Simulator, server: str, old: dict[str, str], times: int | None) -> None:
    """Show only the old reboot in the list of actions, for this number of requests."""
    listed = {
        "action": "reboot",
        "request_id": old["operation_id"],
        "instance_uuid": server,
        "message": None,
        "start_time": "2026-11-21T08:00:00.000000",
        "user_id": "u",
        "project_id": "p",
    }
    simulator.add_fault(
        path=f"{server}/os-instance-actions$", times=times, status=200, body={"instanceActions": [listed]}
    )


SHUT = {"start": "successful", **dict.fromkeys(("gate_1", "gate_2", "gate_3", "stay_shut"), "failed")}


@pytest.mark.parametrize("late", [False, True], ids=["recorded at once", "recorded late"])
@pytest.mark.parametrize("age", [7 * 86400, 0], ids=["last week", "same second"])
def test_an_old_reboot_does_not_open_the_gate(
    still: tuple[Simulator, Clock], run: Callable[..., dict[str, Job]], age: int, late: bool
) -> None:
    """The old reboot succeeded and the new one never ends: a gate that opens has confused them."""
    simulator = still[0]
    server = simulator.clouds["openstack"]["server_ids"][SERVER]
    old = simulator.add_operation("openstack", "reboot", server, started=age, duration=0)
    if late:
        forget(simulator, server, old, times=2)  # before the reboot, and at the first gate

    jobs = run(lambda _node: None, operation_gate_timeout=0)

    assert statuses(jobs) == SHUT, jobs["start"].stdout
    mark = jobs["start"].artifacts["operation_gate_after"]
    assert mark["resource_id"] == server
    assert old["operation_id"] in mark["known"]
    assert [jobs[node].artifacts["operation_gate"]["failure"]["kind"] for node in ("gate_1", "gate_2", "gate_3")] == [
        "timeout"
    ] * 3


def test_a_reboot_that_is_never_recorded_opens_nothing(
    still: tuple[Simulator, Clock], run: Callable[..., dict[str, Job]]
) -> None:
    simulator = still[0]
    server = simulator.clouds["openstack"]["server_ids"][SERVER]
    old = simulator.add_operation("openstack", "reboot", server, started=60, duration=0)
    forget(simulator, server, old, times=None)

    jobs = run(lambda _node: None, operation_gate_timeout=0)

    assert statuses(jobs) == SHUT, jobs["start"].stdout


@pytest.fixture
def canceled(awx: Awx, monkeypatch: pytest.MonkeyPatch) -> Callable[..., dict[str, Job]]:
    """Run the workflow with jobs of these nodes canceled, and all others successful. No playbook runs, but shut.yml."""
    run_job = awx.start

    def workflow(*nodes: str) -> dict[str, Job]:
        gates = iter(["gate_1", "gate_2", "gate_3"])

        def start(template: Item, given: dict[str, Any], *more: Any) -> Job:
            if template["playbook"] == "shut.yml":
                return run_job(template, given)
            node = next(gates) if template["playbook"] == "gate.yml" else ""
            job = Job(awx.folder)
            job.status = "canceled" if node in nodes else "successful"
            return job

        monkeypatch.setattr(awx, "start", start)
        return awx.run_workflow(WORKFLOW, {"start_server": "web"})

    return workflow


def test_the_gate_after_a_canceled_one_continues_as_the_guide_says(canceled: Callable[..., dict[str, Job]]) -> None:
    assert statuses(canceled("gate_1")) == {
        "start": "successful",
        "gate_1": "canceled",
        "gate_2": "successful",
        "go_on": "successful",
    }


def test_when_every_gate_is_canceled_the_last_node_says_so(canceled: Callable[..., dict[str, Job]]) -> None:
    jobs = canceled("gate_1", "gate_2", "gate_3")

    assert statuses(jobs)["stay_shut"] == "failed"
    assert "go_on" not in jobs
    assert "its job was canceled, or AWX ended it" in jobs["stay_shut"].stdout


def test_a_failed_operation_keeps_every_gate_shut(
    still: tuple[Simulator, Clock], run: Callable[..., dict[str, Job]]
) -> None:
    simulator, clock = still
    server = simulator.clouds["openstack"]["server_ids"][SERVER]

    def fail(node: str) -> None:
        if node == "start":
            clock.now += 600
            action = simulator.store.clouds["openstack"].servers[server].actions.pop()
            simulator.add_operation(
                "openstack", "reboot", server, started=600, duration=0.5, fail=True, request_id=action.request_id
            )

    jobs = run(fail)

    assert {node: job.status for node, job in jobs.items()} == {
        "start": "successful",
        **dict.fromkeys(("gate_1", "gate_2", "gate_3", "stay_shut"), "failed"),
    }
    gates = [jobs[node].artifacts["operation_gate"] for node in ("gate_1", "gate_2", "gate_3")]
    assert [(gate["failure"]["kind"], gate["elapsed"] < 600) for gate in gates] == [("failed", True)] * 3
    assert "1 of 1 operation failed" in jobs["stay_shut"].stdout
    assert [each["state"] for each in gates[0]["failed_operations"]] == ["failed"]
