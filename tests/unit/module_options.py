# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Give options to the next module that a test starts, as Ansible does."""

from __future__ import annotations

import gc
import json
from typing import Any, Dict

import pytest
from ansible.module_utils import basic
from ansible.module_utils.common.parameters import PASS_VARS

# From ansible-core 2.21 on, a module shows its options only if Ansible asks for them.
INVOCATION = {"_ansible_inject_invocation": True} if "inject_invocation" in PASS_VARS else {}


def give_options(monkeypatch: pytest.MonkeyPatch, options: Dict[str, Any]) -> None:
    """Have the next module read these options."""
    monkeypatch.setattr(basic, "_ANSIBLE_ARGS", json.dumps({"ANSIBLE_MODULE_ARGS": options}).encode())
    monkeypatch.setattr(basic, "_ANSIBLE_PROFILE", "legacy", raising=False)


def collect_garbage_again() -> None:
    """Undo what a module does to the garbage collector of its process."""
    gc.unfreeze()
    gc.enable()
