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

COLLECTION = Path(__file__).resolve().parents[2]
SETTINGS = {
    "ANSIBLE_COLLECTIONS_PATH": str(COLLECTION.parents[2]),
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
    """The environment of a run, with the collection to be tested."""
    path = f"{_SCRIPTS}:{os.environ.get('PATH', '')}"
    return {**os.environ, **SETTINGS, "PATH": path, "NO_PROXY": "*", **more}


def ansible(program: str, *arguments: str) -> list[str]:
    """The command line of a program of Ansible's: playbook or adhoc."""
    return [sys.executable, "-m", "ansible", program, *arguments]


def ad_hoc(options: dict[str, Any], *more: str) -> list[str]:
    """The command line that waits with these options, as its user types it."""
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
    """The result of a wait from the command line."""
    done = run(ad_hoc(options, *more), environ)
    shown, found, result = done.stdout.partition(" => ")
    assert found, done.stdout + done.stderr
    return {**json.loads(result), "failed": shown.endswith("FAILED!")}


def write_play(folder: Path, tasks: list[dict[str, Any]], hosts: str = "localhost") -> Path:
    """A playbook of these tasks; they can be JSON, as that is YAML."""
    play = {"name": "Wait", "hosts": hosts, "gather_facts": False, "tasks": tasks}
    file = folder / "play.yml"
    file.write_text(json.dumps([play]), encoding="utf-8")
    return file


def keep(folder: Path, name: str) -> dict[str, Any]:
    """A task that writes down what was registered under this name; C(kept) reads it."""
    content = f"{{{{ {name} | to_json }}}}"
    return {
        "name": f"Keep {name}",
        "ansible.builtin.copy": {"content": content, "dest": str(folder / name), "mode": "0600"},
    }


def kept(folder: Path, name: str) -> dict[str, Any]:
    """What a playbook has written down."""
    return dict(json.loads((folder / name).read_text(encoding="utf-8")))
