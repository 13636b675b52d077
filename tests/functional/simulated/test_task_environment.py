# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Credentials of Ansible's own environment stay with their cloud, whatever a play sets; with real playbooks."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from simulated.playbook_runs import keep, run_playbook, write_play
from simulator import Simulator

MODULES = ("operation_info", "instance_action_info", "wait_for_operation")
TRUSTED = "CLOUDGATE_TRUSTED_HOSTS"


@pytest.fixture
def home() -> Iterator[Simulator]:
    """The cloud that the credentials are for."""
    with Simulator() as simulator:
        yield simulator


@pytest.fixture
def elsewhere() -> Iterator[Simulator]:
    """Another host."""
    with Simulator() as simulator:
        yield simulator


@pytest.fixture
def login(home: Simulator) -> dict[str, str]:
    """Return the environment of ansible-playbook."""
    account = home.clouds["openstack"]
    names = ("auth_url", "username", "password", "user_domain_name", "project_name", "region_name")
    return {f"OS_{name.upper()}": account[name] for name in names}


class Play:
    """Tasks that name another host, each in its own way."""

    def __init__(self, folder: Path, elsewhere: Simulator) -> None:
        self.folder = folder
        self.endpoint = f"{elsewhere.url}/openstack/compute/v2.1"
        self.tasks: list[dict[str, Any]] = []
        self.names: list[str] = []

    def add(self, module: str, options: dict[str, Any] | None = None, **keywords: Any) -> None:
        name = f"task_{len(self.names)}"
        more = {"timeout": 2, "missing": "fail"} if module == "wait_for_operation" else {}
        task = {
            "name": f"Ask with {module}",
            f"cloudgate.operations.{module}": {
                "provider": "openstack", "resource_id": "server-1", "operation_id": "req-1", **more,
                **({"endpoint": self.endpoint} if options is None else options),
            },
            "register": name, "ignore_errors": True, **keywords,
        }  # fmt: skip
        self.names.append(name)
        self.tasks += [task, keep(self.folder, name)]

    def run(self, environ: dict[str, str]) -> list[dict[str, Any]]:
        """Run the play and return what its tasks have given."""
        environ = {**environ, "ANSIBLE_ASYNC_DIR": str(self.folder / "jobs")}
        done = run_playbook(write_play(self.folder, self.tasks), environ=environ)
        assert done.returncode == 0, done.stdout + done.stderr
        return [json.loads((self.folder / name).read_text(encoding="utf-8")) for name in self.names]


def test_nothing_that_a_play_sets_leads_credentials_elsewhere(
    home: Simulator, elsewhere: Simulator, login: dict[str, str], tmp_path: Path
) -> None:
    host = urlsplit(elsewhere.url).netloc
    play = Play(tmp_path, elsewhere)
    for module in MODULES:
        play.add(module, environment=["{{ trust_it }}"], vars={"trust_it": {TRUSTED: host}})
    for module in ("operation_info", "wait_for_operation"):
        play.add(module, {}, environment={"OS_AUTH_URL": login["OS_AUTH_URL"].replace(home.url, elsewhere.url)})
        play.add(module, **{"async": 30, "poll": 1, "environment": {TRUSTED: host}})
    play.add("wait_for_operation", check_mode=True, environment={TRUSTED: host})
    results = play.run(login)
    assert [(each["failed"], each["failure"]["kind"]) for each in results] == [(True, "input")] * len(results)
    assert all(host in each["msg"] and TRUSTED in each["msg"] for each in results)
    assert not any("_environment" in each.get("invocation", {}).get("module_args", {}) for each in results)
    assert elsewhere.requests == []


@pytest.mark.parametrize("option", ["_environment", "_slice"])
def test_the_private_arguments_of_the_modules_are_no_options(
    elsewhere: Simulator, login: dict[str, str], tmp_path: Path, option: str
) -> None:
    play = Play(tmp_path, elsewhere)
    for module in MODULES:
        play.add(module, {"endpoint": play.endpoint, option: {"trusted_hosts": urlsplit(elsewhere.url).netloc}})
    for each in play.run(login):
        assert (each["failed"], each["failure"]["kind"], each["operations"]) == (True, "input", [])
        assert each["msg"] == f"{option} is an unsupported option: remove it from the task or module_defaults."
    assert elsewhere.requests == []


def test_ansibles_own_environment_can_trust_a_host(elsewhere: Simulator, login: dict[str, str], tmp_path: Path) -> None:
    play = Play(tmp_path, elsewhere)
    for module in MODULES:
        play.add(module)
    play.add("wait_for_operation", **{"async": 30, "poll": 1})
    login[TRUSTED] = f"nova.example.com {urlsplit(elsewhere.url).netloc}"
    results = play.run(login)
    assert all(each["failure"]["kind"] != "input" for each in results)
    assert len(elsewhere.requests) >= len(results)
    assert all(each["headers"]["X-Auth-Token"] for each in elsewhere.requests)


def test_a_task_with_a_whole_login_in_its_environment_works(
    home: Simulator, elsewhere: Simulator, login: dict[str, str], tmp_path: Path
) -> None:
    begun = home.add_operation("openstack", "reboot", started=60)
    play = Play(tmp_path, elsewhere)
    named = {"operation_id": begun["operation_id"], "resource_id": begun["resource_id"]}
    for module in MODULES:
        play.add(module, named, environment=login)
    assert all(each["succeeded"] for each in play.run({}))
