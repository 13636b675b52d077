# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""AWXs that the playbook awx_setup has set up, once for all tests, and simulated clouds for their jobs."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from awx.controller import TOKEN, Controller
from awx.guides import block, commands, text
from awx.jobs import Awx
from simulated.playbook_runs import COLLECTION, ansible, environment
from simulator import Simulator

EXTENSION = COLLECTION / "extensions" / "awx"
OLD = Path(__file__).parent / "release_1_0_0"
PATIENCE = 600  # seconds; thirty tasks, on a machine that may be busy
Run = subprocess.CompletedProcess[str]
# The file of a new user; the tests send no request to its clouds.
SETTINGS = block("awx", "# awx.yml")
SECRETS = {"CLOUD_SECRET": "not-for-any-log", "OTC_SECRET_KEY": "not-for-any-event"}
# A cloud of each login. Their inputs are fit for AWX only; a test sets its own credential.
EVERY_LOGIN = {
    "openstack": {"host": "https://keystone.example.com", "username": "u", "password": "p", "project": "p"},
    "application_credential": SETTINGS["awx_clouds"][0]["inputs"],
    "access_key": SETTINGS["awx_clouds"][1]["inputs"],
    "ecl": dict.fromkeys(("auth_url", "api_key", "api_secret_key", "tenant_id", "region_name"), "x"),
    "fujitsu_k5": dict.fromkeys(("auth_url", "username", "password", "contract", "project_id"), "x"),
}


@pytest.fixture(scope="session", autouse=True)
def _bare_environment() -> None:
    """Hide the environment of the machine's user from the jobs."""
    for name in list(os.environ):
        if name.startswith(("OS_", "HW_", "HUAWEICLOUD_", "CONTROLLER_")) or name.lower().endswith("_proxy"):
            del os.environ[name]
    os.environ["NO_PROXY"] = "*"
    os.environ["ANSIBLE_PIPELINING"] = "true"


def run_playbook(controller: Controller, token: str, arguments: list[str], folder: Path | None = None) -> Run:
    """Run ansible-playbook with these arguments, as the user of this token."""
    environ = environment(CONTROLLER_HOST=controller.url, CONTROLLER_OAUTH_TOKEN=token, **SECRETS)
    command = ansible("playbook", *arguments)
    return subprocess.run(
        command, env=environ, cwd=folder, capture_output=True, text=True, check=False, timeout=PATIENCE
    )


def set_up(controller: Controller, settings: dict[str, Any], *options: str, token: str = TOKEN) -> Run:
    """Run awx_setup with these extra variables."""
    return run_playbook(controller, token, ["cloudgate.operations.awx_setup", "-e", json.dumps(settings), *options])


def good(run: Run) -> str:
    """Return the output of a run in which no task has failed."""
    assert run.returncode == 0, run.stdout + run.stderr
    return run.stdout + run.stderr


@pytest.fixture
def fresh() -> Iterator[Controller]:
    """An AWX in which nothing is set up."""
    with Controller() as running:
        yield running


@pytest.fixture(scope="session")
def controller() -> Iterator[Controller]:
    with Controller() as running:
        yield running


@pytest.fixture(scope="session")
def guide_runs(controller: Controller, tmp_path_factory: pytest.TempPathFactory) -> Callable[[], list[Run]]:
    """Run the playbooks of the guide as it prints them, in its order, each as the user that it names."""
    folder = tmp_path_factory.mktemp("user")
    (folder / "awx.yml").write_text(text("awx", "# awx.yml"), encoding="utf-8")

    def follow() -> list[Run]:
        token, runs = "", []
        for command in commands("awx"):
            if "the token of the superuser" in command:
                token = TOKEN
            if "the token of the administrator" in command:
                token = controller.administrator("Default")
            if command.startswith("ansible-playbook "):
                runs.append(run_playbook(controller, token, shlex.split(command)[1:], folder))
        return runs

    return follow


@pytest.fixture(scope="session")
def first_runs(guide_runs: Callable[[], list[Run]]) -> list[Run]:
    """Set up the AWX of most tests."""
    return guide_runs()


@pytest.fixture(scope="session")
def every_login() -> Iterator[Controller]:
    """An AWX with a gate for each login, and with two of them in the workflow."""
    clouds = [{"name": login, "login": login, "inputs": inputs} for login, inputs in EVERY_LOGIN.items()]
    with Controller() as running:
        chosen = {"awx_workflow_cloud": "application_credential", "awx_start_cloud": "ecl"}
        good(set_up(running, {**SETTINGS, **chosen, "awx_clouds": clouds}))
        yield running


@pytest.fixture
def live() -> Iterator[Simulator]:
    with Simulator() as simulator:
        yield simulator


@pytest.fixture
def awx(controller: Controller, first_runs: list[Run], tmp_path: Path) -> Awx:
    for run in first_runs:
        good(run)
    return Awx(controller, EXTENSION / "project", COLLECTION.parents[2], tmp_path)
