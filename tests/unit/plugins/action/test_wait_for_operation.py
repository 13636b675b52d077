# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a wait is one run of the module; all else of the action plugin is tested with Ansible itself."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from ansible_collections.cloudgate.operations.plugins.action.wait_for_operation import ActionModule


@pytest.mark.parametrize(
    ("transport", "become", "expected"),
    [("local", None, True), ("local", object(), False), ("ssh", None, False), ("docker", object(), False)],
)
def test_one_run_is_for_this_machine_and_this_user(transport: str, become: Any, expected: bool) -> None:
    """Another user cannot write into a private file."""
    action = object.__new__(ActionModule)
    action._connection = SimpleNamespace(transport=transport, become=become)
    assert action._on_controller() is expected
