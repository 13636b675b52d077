# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options in the wrong place, run by ansible-playbook: secrets are not shown at -vvv, and nothing is waited for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from simulated.playbook_runs import WAIT, keep, kept, run_playbook, write_play

SECRET = "Misplaced-5d1e77"
ACTION = {"provider": "openstack", "operation_id": "req-1", "resource_id": "server-1"}
SLICE = {"elapsed": 0.0, "seconds": 1.0, "early": 1.0, "recent": 0}
WAYS: dict[str, dict[str, Any]] = {
    "plain": {},
    "async": {"async": 60, "poll": 1},
    "check mode": {"check_mode": True},
}


@pytest.mark.parametrize(
    ("where", "internal"),
    [("task", "_slice"), ("module_defaults", "_slice"), ("group", "_slice"), ("task", "_progress")],
)
def test_an_authors_own_internal_option_is_refused_in_every_mode(tmp_path: Path, where: str, internal: str) -> None:
    tasks: list[dict[str, Any]] = []
    defaults = (
        {
            "module_defaults": {
                WAIT if where == "module_defaults" else "group/cloudgate.operations.operations": {internal: SLICE}
            }
        }
        if where != "task"
        else {}
    )
    options = {**ACTION, internal: SLICE} if where == "task" else ACTION
    for name, keywords in WAYS.items():
        tasks.append({"name": name, WAIT: options, "register": "result", "ignore_errors": True, **keywords, **defaults})
        tasks.append({**keep(tmp_path, "result"), "check_mode": False})
        copied = {"src": str(tmp_path / "result"), "dest": str(tmp_path / name), "mode": "0600"}
        tasks.append({"name": "Copy", "ansible.builtin.copy": copied, "check_mode": False})
    done = run_playbook(write_play(tmp_path, tasks))
    assert done.returncode == 0, done.stdout + done.stderr
    for name in WAYS:
        result = kept(tmp_path, name)
        assert result["failed"] is True, name
        assert result["msg"] == f"{internal} is an unsupported option: remove it from the task or module_defaults."
        assert (result["failure"]["kind"], result["operations"], result["succeeded"]) == ("input", [], False)


def test_a_secret_in_a_wrong_place_is_on_no_screen(tmp_path: Path) -> None:
    auth = {"auth": {"password": SECRET}}
    slips: list[dict[str, Any]] = [
        {WAIT: {**ACTION, "password": SECRET}},
        {WAIT: {**ACTION, "auht": {"pasword": SECRET}}},
        {WAIT: {**ACTION, "auth": SECRET}},
        {WAIT: {**ACTION, "provider": SECRET}},
        {WAIT: {**ACTION, "timeout": SECRET}},
        {WAIT: {"groups": [{"provider": "openstack", "password": SECRET, "operations": []}]}},
        {WAIT: {"provider": "openstack", "operations": [{"operation_id": "a", "token": SECRET}]}},
        {WAIT: ACTION, "module_defaults": {WAIT: "{{ misplaced }}"}},
        {WAIT: {**ACTION, "secret": SECRET}, "async": 60, "poll": 1},
        {"cloudgate.operations.operation_info": {**ACTION, "connection": auth}},
        {"cloudgate.operations.instance_action_info": {**ACTION, "filters": auth}},
    ]
    # The playbook contains no secret: Ansible shows the lines of a failed task.
    variables: dict[str, Any] = {"misplaced": {"client_secret": SECRET}}
    variables |= {f"options_{number}": next(iter(slip.values())) for number, slip in enumerate(slips)}
    tasks = []
    for number, slip in enumerate(slips):
        module, *keywords = slip
        task = {"name": f"Slip {number}", module: None, "args": f"{{{{ options_{number} }}}}", "ignore_errors": True}
        tasks.append({**task, **{name: slip[name] for name in keywords}})
    done = run_playbook(
        write_play(tmp_path, tasks),
        variables,
        "-vvv",
        environ={"ANSIBLE_DISPLAY_TRACEBACK": "always", "ANSIBLE_INJECT_INVOCATION": "true"},
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "failed=0" in done.stdout and f"ignored={len(slips)}" in done.stdout
    assert "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER" in done.stdout
    assert SECRET not in done.stdout + done.stderr
