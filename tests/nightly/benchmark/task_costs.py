# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The cost of each task of a playbook."""

from __future__ import annotations

import dataclasses
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent


@dataclasses.dataclass(frozen=True)
class TaskCost:
    """seconds: to its result. cpu: the processor's seconds of all its processes, and of Ansible meanwhile."""

    name: str
    seconds: float
    cpu: float


def of_tasks(playbook: Path, variables: Mapping[str, Any], more: Mapping[str, str] | None = None) -> list[TaskCost]:
    """Run a playbook. Return its tasks in their order; more: variables of the environment. Exits if it fails."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "costs.jsonl")
        environment = {
            **os.environ,
            "ANSIBLE_CALLBACKS_ENABLED": "costs",
            "ANSIBLE_CALLBACK_PLUGINS": str(HERE / "callback_plugins"),
            "ANSIBLE_LOCALHOST_WARNING": "false",
            "ANSIBLE_INVENTORY_UNPARSED_WARNING": "false",
            "TASK_COSTS": str(file),
            **(more or {}),
        }
        command = ["ansible-playbook", str(playbook), "-e", json.dumps(variables)]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        if done.returncode:
            sys.exit(done.stdout + done.stderr)
        return [TaskCost(**json.loads(line)) for line in file.read_text(encoding="utf-8").splitlines()]
