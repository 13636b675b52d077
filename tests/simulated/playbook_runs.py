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

from ansible_collections.cloudgate.operations.plugins.module_utils import operation

COLLECTION = Path(operation.__file__).parents[2]
SETTINGS = {
    "ANSIBLE_COLLECTIONS_PATH": str(COLLECTION.parents[2]),
    "ANSIBLE_LOCALHOST_WARNING": "false",
    "ANSIBLE_INVENTORY_UNPARSED_WARNING": "false",
    "ANSIBLE_NOCOLOR": "true",
    "ANSIBLE_PIPELINING": "true",
}


def run_playbook(playbook: str | Path, variables: dict[str, Any] | None = None, *options: str,
                 environ: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """Run a playbook, a file or one of the collection's, and return what it printed."""
    command = [sys.executable, "-m", "ansible", "playbook", str(playbook), "-e", json.dumps(variables or {}), *options]
    return subprocess.run(command, env={**os.environ, **SETTINGS, **(environ or {})}, capture_output=True, text=True,
                          check=False, timeout=180)
