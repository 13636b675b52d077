# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plays that mark the operations of resources, and wait for later ones."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from simulated.playbook_runs import connection, keep, kept, run_playbook, write_play
from simulator import Simulator
from simulator_tests.helpers import Nova

ROLE = "cloudgate.operations.operation_gate"
NAMES = ["server-0", "server-1"]
OPERATION_INFO = "cloudgate.operations.operation_info"


def reboot(live: Simulator, which: str, simulate: str = "duration=3") -> dict[str, Any]:
    """Return a task that reboots servers, and registers nothing."""
    client = Nova(live, "openstack")
    return {
        "name": "Reboot",
        "ansible.builtin.uri": {
            "url": f"{client.root}/compute/v2.1/servers/{{{{ item }}}}/action",
            "method": "POST",
            "headers": {**client.headers, "X-Simulate": simulate},
            "body_format": "json",
            "body": {"reboot": {"type": "SOFT"}},
            "status_code": 202,
        },
        "loop": which,
    }


def mark(live: Simulator, resources: Any) -> dict[str, Any]:
    given = {"operation_gate_provider": "openstack", "operation_gate_connection": connection(live)}
    return {
        "name": "Mark",
        "ansible.builtin.include_role": {"name": ROLE, "tasks_from": "mark"},
        "vars": {**given, "operation_gate_resources": resources},
    }


def gate(live: Simulator, **more: Any) -> dict[str, Any]:
    given = {"operation_gate_provider": "openstack", "operation_gate_connection": connection(live)}
    after = {"operation_gate_after": "{{ operation_gate_mark }}", "operation_gate_missing_grace": 1}
    return {"name": "Gate", "ansible.builtin.include_role": {"name": ROLE}, "vars": {**given, **after, **more}}


@pytest.mark.parametrize("resources", [NAMES, str(NAMES), "server-0"])
def test_the_role_waits_for_what_it_has_not_noted(tmp_path: Path, resources: Any) -> None:
    with Simulator() as live:
        server_ids = live.clouds["openstack"]["server_ids"][:2]
        meant = server_ids[:1] if resources == "server-0" else server_ids
        for server_id in server_ids:
            live.add_operation("openstack", "reboot", resource_id=server_id, started=60, fail=True)
        tasks = [mark(live, resources), reboot(live, meant), gate(live), keep(tmp_path, "operation_gate_result")]
        done = run_playbook(write_play(tmp_path, tasks))
        assert done.returncode == 0, done.stdout + done.stderr
    result = kept(tmp_path, "operation_gate_result")
    assert [(each["resource_id"], each["state"]) for each in result["operations"]] == [
        (server_id, "succeeded") for server_id in meant
    ]


def test_the_gate_stays_shut_where_only_older_ones_have_succeeded(tmp_path: Path) -> None:
    with Simulator() as live:
        server_ids = live.clouds["openstack"]["server_ids"][:2]
        for server_id in server_ids:
            live.add_operation("openstack", "reboot", resource_id=server_id, started=60)
        tasks = [mark(live, NAMES), reboot(live, server_ids[:1]), gate(live)]
        done = run_playbook(write_play(tmp_path, tasks))
    assert done.returncode == 2, done.stdout + done.stderr
    assert f"There is no such operation: a new operation of {server_ids[1]}." in done.stdout


def test_in_check_mode_nothing_has_to_be_new(tmp_path: Path) -> None:
    with Simulator() as live:
        live.add_operation("openstack", "reboot", started=60)
        tasks = [mark(live, NAMES), reboot(live, NAMES), gate(live)]
        done = run_playbook(write_play(tmp_path, tasks), None, "--check")
    assert done.returncode == 0, done.stdout + done.stderr


def test_nothing_to_mark_keeps_the_gate_shut_unless_that_may_be(tmp_path: Path) -> None:
    with Simulator() as live:
        for empty, code in (("fail", 2), ("pass", 0)):
            tasks = [mark(live, []), gate(live, operation_gate_empty=empty)]
            done = run_playbook(write_play(tmp_path, tasks))
            assert done.returncode == code, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (
            {"provider": "openstack", "resources": ["server-0", "wbe"]},
            "There is no server named wbe in this project (yet).",
        ),
        ({"provider": "openstack", "resources": ["server-0"], "limit": 1}, "mutually exclusive"),
        (
            {"provider": "huaweicloud_job", "resources": ["x"], "region_name": "eu-de"},
            "resources cannot be used with provider huaweicloud_job: its API does not list operations.",
        ),
        ({"provider": "ecl_vna", "resources": ["a", "a/../b"]}, "resource 2 of 2: resource_id must be an id"),
        ({"provider": "ecl_vna", "server": "web-1"}, "server cannot be used with provider ecl_vna: give resource_id."),
    ],
)
def test_a_resource_that_cannot_be_marked_is_refused(tmp_path: Path, options: dict[str, Any], sentence: str) -> None:
    with Simulator() as live:
        task = {"name": "Note", OPERATION_INFO: {**connection(live), **options}}
        done = run_playbook(write_play(tmp_path, [task]))
    assert done.returncode == 2
    assert sentence in done.stdout, done.stdout + done.stderr


def test_the_modules_take_the_name_of_a_server(tmp_path: Path) -> None:
    with Simulator() as live:
        begun = live.add_operation("openstack", "reboot", started=60)
        named = {"provider": "openstack", **connection(live), "server": "server-0"}
        tasks = [
            {"name": "List", OPERATION_INFO: named, "register": "listed"},
            {
                "name": "Show",
                "cloudgate.operations.instance_action_info": {**named, "operation_id": begun["operation_id"]},
                "register": "shown",
            },
            keep(tmp_path, "listed"),
            keep(tmp_path, "shown"),
        ]
        done = run_playbook(write_play(tmp_path, tasks))
        assert done.returncode == 0, done.stdout + done.stderr
    for name in ("listed", "shown"):
        assert begun["operation_id"] in [each["operation_id"] for each in kept(tmp_path, name)["operations"]]
    assert kept(tmp_path, "listed")["mark"]["resource_id"] == begun["resource_id"]
