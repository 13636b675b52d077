# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs playbooks as a user does, with ansible-playbook in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import requests
from simulator import Simulator

COLLECTION = Path(__file__).resolve().parents[3]
SETTINGS = {
    "ANSIBLE_COLLECTIONS_PATH": os.environ["ANSIBLE_COLLECTIONS_PATH"],
    "ANSIBLE_LOCALHOST_WARNING": "false",
    "ANSIBLE_INVENTORY_UNPARSED_WARNING": "false",
    "ANSIBLE_NOCOLOR": "true",
    "ANSIBLE_PIPELINING": "true",
}


WAIT = "cloudgate.operations.wait_for_operation"
# The environment in which the connection "elsewhere" is that to another host.
ELSEWHERE = {"ANSIBLE_CONNECTION_PLUGINS": str(Path(__file__).parent / "connection_plugins")}
_SCRIPTS = str(Path(sys.executable).parent)  # for tools that look for ansible-playbook in PATH


def environment(**more: str) -> dict[str, str]:
    """Return the environment for a run of Ansible that finds the collection under test."""
    path = f"{_SCRIPTS}:{os.environ.get('PATH', '')}"
    return {**os.environ, **SETTINGS, "PATH": path, "NO_PROXY": "*", **more}


def ansible(program: str, *arguments: str) -> list[str]:
    """Return the start of the command line for one of Ansible's programs. name: playbook or adhoc."""
    return [sys.executable, "-m", "ansible", program, *arguments]


def ad_hoc(options: dict[str, Any], *more: str) -> list[str]:
    """Return the ad hoc command line that waits with these options."""
    return ansible("adhoc", "localhost", "-m", WAIT, "-a", json.dumps(options), *more)


def run(command: list[str], environ: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """Run a command and return what it printed."""
    return subprocess.run(
        command, env=environment(**(environ or {})), capture_output=True, text=True, check=False, timeout=180
    )


def run_playbook(
    playbook: str | Path, variables: dict[str, Any] | None = None, *options: str, environ: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a playbook, a file or one of the collection's, and return what it printed."""
    return run(ansible("playbook", str(playbook), "-e", json.dumps(variables or {}), *options), environ)


def wait_ad_hoc(options: dict[str, Any], *more: str, environ: dict[str, str] | None = None) -> dict[str, Any]:
    """Return the result of a wait from the command line."""
    done = run(ad_hoc(options, *more), environ)
    shown, found, result = done.stdout.partition(" => ")
    assert found, done.stdout + done.stderr
    return {**json.loads(result), "failed": shown.endswith("FAILED!")}


def write_play(folder: Path, tasks: list[dict[str, Any]], hosts: str = "localhost") -> Path:
    """Write a playbook with these tasks, and return its path."""
    play = {"name": "Wait", "hosts": hosts, "gather_facts": False, "tasks": tasks}
    file = folder / "play.yml"
    file.write_text(json.dumps([play]), encoding="utf-8")
    return file


def keep(folder: Path, name: str) -> dict[str, Any]:
    """Return a task that writes the registered variable of this name to a file. C(kept) reads the file."""
    content = f"{{{{ {name} | to_json }}}}"
    return {
        "name": f"Keep {name}",
        "ansible.builtin.copy": {"content": content, "dest": str(folder / name), "mode": "0600"},
    }


def kept(folder: Path, name: str) -> dict[str, Any]:
    """Return the data that the task of C(keep) wrote."""
    return dict(json.loads((folder / name).read_text(encoding="utf-8")))


SECRETS = ("password", "token", "secret_key", "application_credential_secret")  # of the simulated accounts


def connection(sim: Simulator) -> dict[str, Any]:
    """Return the options of a task or the role that log in to the simulated Nova."""
    account = sim.clouds["openstack"]
    names = ("auth_url", "username", "password", "user_domain_name", "project_id")
    return {"auth": {name: account[name] for name in names}}


def shown_secrets(sim: Simulator, printed: str) -> list[str]:
    """Return the secrets and tokens of the simulated clouds that appear in the output of a run."""
    tokens = {request["headers"].get("X-Auth-Token") for request in sim.requests} - {None}
    accounts = [*sim.clouds.values(), *sim.services.values()]
    secrets = {account[name] for account in accounts for name in SECRETS if name in account} | tokens
    assert secrets
    return [secret for secret in secrets if secret in printed]


def started(sim: Simulator) -> list[dict[str, Any]]:
    """Return the requests of a run that change something. A request for a token changes nothing."""
    changing = [each for each in sim.requests if each["method"] not in ("GET", "HEAD")]
    return [each for each in changing if not each["path"].endswith("/auth/tokens")]


def token(account: dict[str, Any]) -> str:
    """Return a token for the requests that playbooks send themselves."""
    domain = {"name": account["user_domain_name"]}
    user = {"name": account["username"], "password": account["password"], "domain": domain}
    identity = {"methods": ["password"], "password": {"user": user}}
    scope = {"project": {"id": account["project_id"]}}
    answer = requests.post(
        f"{account['auth_url']}/auth/tokens", json={"auth": {"identity": identity, "scope": scope}}, timeout=5
    )
    return answer.headers["X-Subject-Token"]
