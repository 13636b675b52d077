# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""When a wait is one run of the module; Ansible itself tests the rest of the action plugin."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, Dict, List, Optional

import pytest
from ansible.plugins.action import ActionBase
from ansible_collections.cloudgate.operations.plugins.action.wait_for_operation import ActionModule
from ansible_collections.cloudgate.operations.plugins.plugin_utils.task_environment import PROGRESS, SLICE


@pytest.mark.parametrize(
    ("transport", "become", "private"),
    [("local", None, PROGRESS), ("local", object(), SLICE), ("ssh", None, SLICE), ("docker", object(), SLICE)],
)
def test_one_run_is_for_this_machine_and_this_user(
    monkeypatch: pytest.MonkeyPatch, transport: str, become: Any, private: str
) -> None:
    """Another user cannot write into a private file."""
    runs: List[Dict[str, Any]] = []

    def execute(_action: ActionBase, module_args: Dict[str, Any], task_vars: Optional[Dict[str, Any]]) -> Any:
        runs.append(module_args)
        return {"operations": [{}]}

    monkeypatch.setattr(ActionBase, "run", lambda *_arguments: {})
    monkeypatch.setattr(ActionBase, "_execute_module", execute)
    given = {"provider": "openstack", "operation_id": "req-1", "resource_id": "s1"}
    action = object.__new__(ActionModule)
    action._task = SimpleNamespace(args=given, async_val=0, check_mode=False, environment=None, no_log=True)
    action._connection = SimpleNamespace(transport=transport, become=become)
    action.run(task_vars={})
    assert [sorted({PROGRESS, SLICE} & set(each)) for each in runs] == [[private]]
