# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every way to log in, at a real Keystone."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from conftest import Play

ADMIN = {"cloud_user": "admin", "cloud_password": "admin"}


@pytest.mark.parametrize(
    ("method", "user"),
    [
        ("password", {}),
        ("password", ADMIN),
        ("application_credential", {}),
        ("application_credential", ADMIN),
        ("reader", {}),
        ("token", {}),
        ("token_and_endpoint", {}),
    ],
)
def test_credentials_in_the_task(play: Play, method: str, user: dict[str, str]) -> None:
    _created, rebooted = play("authentication.yml", login_method=method, **user).succeeded()
    assert rebooted["operations"][0]["type"] == "reboot"


def test_clouds_yaml(play: Play, tmp_path: Path) -> None:
    clouds = str(tmp_path / "clouds.yaml")
    run = play("authentication.yml", {"OS_CLIENT_CONFIG_FILE": clouds}, login_method="clouds_yaml", clouds_yaml=clouds)
    assert run.succeeded()[1]["operations"][0]["type"] == "reboot"


def test_credentials_in_the_environment(play: Play) -> None:
    environment = {name: value for name, value in os.environ.items() if name.startswith("OS_")}
    run = play("authentication.yml", environment, login_method="environment")
    assert run.succeeded()[1]["operations"][0]["type"] == "reboot"


def test_no_secret_is_shown(play: Play) -> None:
    run = play("authentication.yml", {"ANSIBLE_VERBOSITY": "3"}, login_method="password", cloud_user="demo")
    run.succeeded()
    wait = run.output.split("Wait for the operations", 1)[1].split("TASK [", 1)[0]
    assert "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER" in wait
    assert '"password": "demo"' not in wait


@pytest.mark.parametrize(
    ("credentials", "kind"),
    [
        pytest.param({"username": "demo", "password": "x", "project_name": "demo"}, "auth", id="wrong password"),
        pytest.param({"username": "demo", "password": "demo"}, "input", id="no project"),
    ],
)
def test_a_refused_login_keeps_the_gate_shut(play: Play, credentials: dict[str, str], kind: str) -> None:
    domains = {"user_domain_name": "Default", "project_domain_name": "Default"}
    connection = {"auth": {"auth_url": os.environ["OS_AUTH_URL"], **domains, **credentials}}
    run = play("creation.yml", server_flavor="1", server_metadata={}, operation_gate_connection=connection)
    assert run.failed()["failure"]["kind"] == kind
