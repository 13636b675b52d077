# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The collection's playbooks, as they appear on the screen."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.cloudgate.operations.plugins.module_utils._providers.registry import PROVIDERS
from simulated.playbook_runs import connection, run_playbook, shown_secrets
from simulator import Simulator


@pytest.fixture
def live() -> Iterator[Simulator]:
    with Simulator() as simulator:
        yield simulator


def gate(live: Simulator, begun: dict[str, Any], *options: str, **variables: Any) -> subprocess.CompletedProcess[str]:
    """Run the playbook on an operation of the simulated Nova."""
    given = {
        "operation_gate_provider": "openstack",
        "operation_gate_connection": connection(live),
        "operation_gate_operations": [{name: begun[name] for name in ("operation_id", "resource_id")}],
    }
    return run_playbook("cloudgate.operations.gate", {**given, **variables}, *options)


@pytest.fixture
def demo(live: Simulator, tmp_path: Path) -> subprocess.CompletedProcess[str]:
    """Run the demonstration with full verbosity."""
    simulator_file = tmp_path / "simulator.json"
    simulator_file.write_text(json.dumps(live.describe()), encoding="utf-8")
    return run_playbook("cloudgate.operations.demo", {"simulator_file": str(simulator_file)}, "-vvv")


def test_demo_shows_everything_but_secrets(live: Simulator, demo: subprocess.CompletedProcess[str]) -> None:
    assert demo.returncode == 0, demo.stdout + demo.stderr
    by_expect = {
        name for name, info in PROVIDERS.items() if info.capabilities.only_expects
    }  # their answers name nothing
    assert sorted(re.findall(r"GATE OPEN  (\w+)", demo.stdout)) == sorted(set(PROVIDERS) - by_expect)
    assert "ecl_vna" in re.findall(r"THE TRAP   (\w+)", demo.stdout)
    assert re.findall(r"GATE SHUT  (\w+) .*? failed: (\w+)", demo.stdout) == [("openstack", "compute_finish_resize")]
    tokens = {request["headers"].get("X-Auth-Token") for request in live.requests} - {None}
    assert tokens
    assert shown_secrets(live, demo.stdout + demo.stderr) == []


def test_gate_opens(live: Simulator) -> None:
    begun = live.add_operation("openstack", "reboot", duration=1)
    run = gate(live, begun, operation_gate_poll_min=0.2)

    assert run.returncode == 0, run.stdout + run.stderr
    assert "compute_reboot_instance succeeded" in run.stdout


def test_gate_stays_shut_and_shows_what_it_saw(live: Simulator) -> None:
    begun = live.add_operation("openstack", "reboot", started=60, fail=True)
    run = gate(live, begun)

    assert run.returncode == 2
    assert f"1 of 1 operation failed. reboot {begun['operation_id']}" in run.stdout
    table = [line for line in run.stdout.splitlines() if "| State  | Op" in line or "| failed | reboot" in line]
    assert len(table) == 2
    assert table[0].index("Operation") == table[1].index("reboot")
    assert re.search(r"compute_reboot_instance +\| failed +\|.*█", run.stdout)


def test_gate_polls_once_in_check_mode(live: Simulator) -> None:
    begun = live.add_operation("openstack", "reboot", duration=3600, started=1800)
    run = gate(live, begun, "--check")

    assert run.returncode == 0, run.stdout + run.stderr
    assert "| running | reboot" in run.stdout
    assert "1 of 1 unfinished." in run.stdout


def test_a_gate_that_stays_shut_has_written_its_report(live: Simulator, tmp_path: Path) -> None:
    named = live.add_operation("openstack", "reboot", started=60, fail=True)
    file = tmp_path / "gate.md"

    run = gate(live, named, operation_gate_report=str(file))

    assert run.returncode == 2, run.stdout + run.stderr
    written = file.read_text(encoding="utf-8")
    assert written.startswith("# Operations\n\n**Gate shut**: 1 of 1 operation failed.")
    assert named["operation_id"] in written
    assert connection(live)["auth"]["password"] not in written
    assert file.stat().st_mode & 0o777 == 0o600


NOTHING = "Nothing to wait for: give operation_gate_provider and operation_gate_operations, or operation_gate_groups."


@pytest.mark.parametrize(
    ("playbook", "variables", "sentence"),
    [
        ("gate", {}, NOTHING),
        (
            "gate",
            {"operation_gate_provider": "openstack", "operation_gate_operations": "[]"},
            "operation_gate_operations is empty: there is nothing to wait for.",
        ),
        ("gate", {"operation_gate_groups": "\n"}, NOTHING),
        (
            "status",
            {},
            "Nothing to show: give status_provider and status_resources, a list of ids, as extra variables.",
        ),
    ],
)
def test_nothing_given_is_one_sentence(playbook: str, variables: dict[str, str], sentence: str) -> None:
    run = run_playbook(f"cloudgate.operations.{playbook}", variables)

    assert run.returncode == 2
    assert sentence in run.stdout


def test_status_is_a_table_and_a_page(live: Simulator, tmp_path: Path) -> None:
    first, second, _third = live.clouds["openstack"]["server_ids"]
    live.add_operation("openstack", "reboot", first, started=100)
    live.add_operation("openstack", "os-stop", second, started=100, fail=True)

    run = run_playbook(
        "cloudgate.operations.status",
        {
            "status_provider": "openstack",
            "status_connection": connection(live),
            "status_resources": [first, second],
            "status_limit": 1,
            "operation_gate_report": str(tmp_path / "status.html"),
            "operation_gate_report_title": "Servers of tonight",
        },
    )

    assert run.returncode == 0, run.stdout + run.stderr
    shown = re.compile(r"\| (State|failed|succeeded) +\| (Operation|reboot|stop) ")
    head, *rows = [line for line in run.stdout.splitlines() if shown.search(line)]
    cells = [[cell.strip() for cell in row.split("|")[1:4]] for row in rows]
    assert cells == [["failed", "stop", f"server {second}"], ["succeeded", "reboot", f"server {first}"]]
    assert {row.index("server ") for row in rows} == {head.index("Resource")}
    page = (tmp_path / "status.html").read_text(encoding="utf-8")
    assert "Servers of tonight" in page and "1 of 2 failed" in page and first in page and second in page


def test_status_shows_what_it_can_and_says_what_it_cannot(live: Simulator) -> None:
    first = live.clouds["openstack"]["server_ids"][0]

    run = run_playbook(
        "cloudgate.operations.status",
        {
            "status_provider": "openstack",
            "status_connection": connection(live),
            "status_resources": [first, "elsewhere"],
        },
    )

    assert run.returncode == 2
    assert "compute__do_build_and_run_instance succeeded" in run.stdout
    assert "answered 404: Instance elsewhere could not be found." in run.stdout
