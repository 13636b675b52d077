# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every failed result has the keys that its documentation promises."""

from __future__ import annotations

from typing import Any, Dict

import pytest
from ansible_collections.cloudgate.operations.plugins.module_utils._polling.outcome import Outcome, WaitOptions
from ansible_collections.cloudgate.operations.plugins.plugin_utils.completed import completed


@pytest.mark.parametrize(
    "result",
    [
        {"failed": True, "msg": "value of provider must be one of: openstack"},
        {"failed": True, "msg": "MODULE FAILURE", "rc": 1, "module_stderr": "no such interpreter"},
        {"failed": True},
    ],
)
def test_missing_keys_are_added(result: Dict[str, Any]) -> None:
    found = completed(result)
    assert set(found) >= {*Outcome([]).as_result(WaitOptions(), raw=False), "failure", *result}
    assert (found["succeeded"], found["finished"], found["operations"]) == (False, False, [])
    assert found["failure"]["kind"] == "input"
    assert found["failure"]["message"] == result.get("msg", "The module ended without a result.")


@pytest.mark.parametrize("status", [-9, 137, 143])
def test_a_killed_module_is_named(status: int) -> None:
    """Ansible only says that it found no JSON."""
    found = completed({"failed": True, "msg": "No start of json char found", "rc": status, "module_stderr": "Killed"})
    assert found["failure"]["kind"] == "transport"
    assert found["msg"] == found["failure"]["message"]
    assert found["msg"].startswith(f"The module was killed before it returned a result (exit status {status}).")


@pytest.mark.parametrize(
    "result",
    [
        {"operations": [], "succeeded": True},
        {"failed": True, "failure": {"kind": "auth", "message": "no"}, "operations": [], "msg": "no"},
        {"ansible_job_id": "j1.2", "started": 1, "finished": 0},
    ],
)
def test_a_complete_result_is_unchanged(result: Dict[str, Any]) -> None:
    assert completed(result) == result
