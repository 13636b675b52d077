# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An AWX that the playbook awx_setup has set up, once for all tests, and simulated clouds for its jobs."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from awx.controller import TOKEN, Controller
from awx.guides import block
from awx.jobs import Awx
from simulated.playbook_runs import COLLECTION, ansible, environment
from simulator import Simulator

EXTENSION = COLLECTION / "extensions" / "awx"
PATIENCE = 600  # seconds; twenty tasks, on a machine that may be busy
Run = subprocess.CompletedProcess[str]
# As a new user writes it down; of the cloud in it nobody asks anything.
SETTINGS = block("awx", "# awx.yml")
SECRET = "not-for-any-log"


@pytest.fixture(scope="session", autouse=True)
def _bare_environment() -> None:
    """What the machine's own user has set must not show in a job."""
    for name in list(os.environ):
        if name.startswith(("OS_", "HW_", "HUAWEICLOUD_", "CONTROLLER_")) or name.lower().endswith("_proxy"):
            del os.environ[name]
    os.environ["NO_PROXY"] = "*"
    os.environ["ANSIBLE_PIPELINING"] = "true"


@pytest.fixture(scope="session")
def set_up(controller: Controller) -> Callable[[dict[str, Any]], Run]:
    """Run awx_setup with these extra variables."""

    def run(settings: dict[str, Any]) -> Run:
        environ = environment(CONTROLLER_HOST=controller.url, CONTROLLER_OAUTH_TOKEN=TOKEN, CLOUD_SECRET=SECRET)
        command = ansible("playbook", "cloudgate.operations.awx_setup", "-e", json.dumps(settings))
        return subprocess.run(command, env=environ, capture_output=True, text=True, check=False, timeout=PATIENCE)

    return run


@pytest.fixture(scope="session")
def controller() -> Iterator[Controller]:
    with Controller() as running:
        yield running


@pytest.fixture(scope="session")
def first_run(set_up: Callable[[dict[str, Any]], Run]) -> Run:
    """The playbook's run that has set up the AWX of all tests."""
    return set_up(SETTINGS)


@pytest.fixture
def live() -> Iterator[Simulator]:
    with Simulator() as simulator:
        yield simulator


@pytest.fixture
def awx(controller: Controller, first_run: Run, tmp_path: Path) -> Awx:
    assert first_run.returncode == 0, first_run.stdout + first_run.stderr
    return Awx(controller, EXTENSION / "project", COLLECTION.parents[2], tmp_path)
