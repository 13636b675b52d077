# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The playbooks of the guide "fleet", as AWX runs them: in job slices, on an inventory of hosts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import requests
import yaml
from awx.controller import Controller
from awx.guides import block
from awx.jobs import Awx, Hosts, Job
from awx.kinds import Item
from simulated.playbook_runs import COLLECTION
from simulator import Simulator

HOSTS = 6
Answers = dict[str, Any]


@pytest.fixture
def fleet(live: Simulator) -> Hosts:
    """Six servers, each a host."""
    account = live.clouds["openstack"]
    ids = account["server_ids"] + [
        live.add_operation("openstack", "create", started=100)["resource_id"] for _number in range(HOSTS - 3)
    ]
    return {f"host-{number}": {"server_id": server_id} for number, server_id in enumerate(ids)}


@pytest.fixture
def answers(live: Simulator, monkeypatch: pytest.MonkeyPatch) -> Answers:
    """Return the variables for the playbooks' own requests; the gate's login is in the environment."""
    account = live.clouds["openstack"]
    for name in ("auth_url", "username", "password", "user_domain_name", "project_id"):
        monkeypatch.setenv(f"OS_{name.upper()}", account[name])
    user = {
        "name": account["username"],
        "password": account["password"],
        "domain": {"name": account["user_domain_name"]},
    }
    identity = {"methods": ["password"], "password": {"user": user}}
    body = {"auth": {"identity": identity, "scope": {"project": {"id": account["project_id"]}}}}
    answer = requests.post(f"{account['auth_url']}/auth/tokens", json=body, timeout=30)
    return {"compute_url": account["endpoint"], "token": answer.headers["X-Subject-Token"]}


@pytest.fixture
def template(controller: Controller, tmp_path: Path) -> Callable[[str], tuple[Awx, Item]]:
    """Return an AWX with a template of the guide's playbook that begins in this way."""

    def make(begins: str) -> tuple[Awx, Item]:
        plays = block("fleet", begins)
        # The simulator lets a reboot fail where it is asked to.
        plays[0]["tasks"][0]["ansible.builtin.uri"]["headers"]["X-Simulate"] = "{{ simulate | default('duration=1') }}"
        project = tmp_path / "project"
        project.mkdir()
        (project / "fleet.yml").write_text(yaml.safe_dump(plays), encoding="utf-8")
        item = {"name": "fleet", "playbook": "fleet.yml", "url": "/fleet/", "ask_variables_on_launch": True}
        return Awx(controller, project, COLLECTION.parents[2], tmp_path), item

    return make


def waited_for(job: Job) -> list[str]:
    """Return the resources of each wait."""
    results = [
        event["event_data"]["res"]
        for event in job.events
        if event["event"] == "runner_on_ok"
        and event["event_data"]["task_action"] == "cloudgate.operations.wait_for_operation"
    ]
    return [operation["resource_id"] for result in results for operation in result["operations"]]


def test_each_slice_waits_once_and_for_its_own_hosts(
    live: Simulator, fleet: Hosts, answers: Answers, template: Callable[[str], tuple[Awx, Item]]
) -> None:
    awx, item = template("- name: Reboot a fleet, and go on")
    before = len(live.requests)

    jobs = awx.launch_sliced(item, answers, fleet, slices=2)

    assert [job.status for job in jobs] == ["successful"] * 2, jobs[0].stdout
    ids = [each["server_id"] for each in fleet.values()]
    assert [waited_for(job) for job in jobs] == [ids[0::2], ids[1::2]]
    assert len([each for each in live.requests[before:] if each["path"].endswith("/auth/tokens")]) == 2
    assert [job.stdout.count("is up again") for job in jobs] == [HOSTS // 2] * 2


def test_a_host_whose_operation_has_failed_drops_out(
    fleet: Hosts, answers: Answers, template: Callable[[str], tuple[Awx, Item]]
) -> None:
    awx, item = template("- name: Reboot a fleet, and go on")
    hosts = {
        name: {**variables, "simulate": "duration=1, fail"} if name == "host-2" else variables
        for name, variables in fleet.items()
    }

    job = awx.launch(item, answers, hosts)

    assert job.status == "failed"
    assert len(waited_for(job)) == HOSTS
    went_on = [
        event["event_data"]["host"]
        for event in job.events
        if event["event"] == "runner_on_ok" and event["event_data"]["task"] == "The next step, on each host"
    ]
    assert sorted(went_on) == sorted(set(hosts) - {"host-2"})
    (said,) = [event["event_data"]["res"]["msg"] for event in job.events if event["event"] == "runner_on_failed"]
    assert said.startswith("reboot req-") and " is failed: compute_reboot_instance failed" in said
