# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names from a cloud with control characters or templates: shown harmlessly, and never templated."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from simulated.helpers import task
from simulated.playbook_runs import WAIT, keep, kept, run_playbook, write_play
from simulator import Simulator

TEMPLATE = "{{ 7*191 }}"
SECRET_OF_THE_PLAY = "{{ planted }}"
NAMES = (
    f"\x1b[31mred\x1b]0;title\x07 \x9b2J {TEMPLATE} {SECRET_OF_THE_PLAY} {{% raw %}} {{# x #}} "
    "<script>alert(1)</script> \u202e"
)
TEMPLATED = ("1337", "plan-ted")
STEERING = ("\x1b", "\x07", "\x9b", "\u202e")


@pytest.fixture
def live() -> Iterator[Simulator]:
    with Simulator() as simulator:
        yield simulator


def hostile(live: Simulator, fail: bool) -> dict[str, Any]:
    """Add an operation of ECL whose every name is hostile, and return what a task needs to wait for it."""
    begun = live.add_operation("ecl", "Action", started=100)
    body = {
        "id": begun["operation_id"],
        "resource_id": begun["resource_id"],
        "resource_type": NAMES,
        "request_type": NAMES,
        "status": "ERROR" if fail else "COMPLETE",
        "error": NAMES if fail else "",
        "warning": NAMES,
        "reception_datetime": "2026-11-21 12:00:00",
    }
    live.add_fault(path="/operations/", status=200, body={"operation": body}, times=None)
    return {"operation_id": begun["operation_id"], "provider": "ecl_vna", **task(live, "ecl_vna")}


def check(text: str) -> None:
    assert "red" in text, "the name is not shown at all"
    assert TEMPLATE in text
    assert not [each for each in (*STEERING, *TEMPLATED) if each in text]


@pytest.mark.parametrize("fail", [False, True])
def test_registered_values_are_not_templates(live: Simulator, tmp_path: Path, fail: bool) -> None:
    use = "{{ waited.operations[0].type }}|{{ waited.operations[0].warning }}|{{ waited.msg | default('') }}"
    play = write_play(tmp_path, [
        {"name": "Wait", WAIT: hostile(live, fail), "register": "waited", "ignore_errors": True},
        {"name": "Copy it", "ansible.builtin.set_fact": {"copied": use}},
        {"name": "Show it", "ansible.builtin.debug": {"msg": "{{ copied }}"}},
        {"name": "Show it again", "ansible.builtin.debug": {"var": "waited"}},
        {"name": "Write it", "ansible.builtin.copy": {
            "content": "{{ copied }}", "dest": str(tmp_path / "copied"), "mode": "0600"}},
        keep(tmp_path, "waited"),
    ])  # fmt: skip

    run = run_playbook(play, {"planted": "plan-ted"}, "-v")

    assert run.returncode == 0, run.stdout + run.stderr
    check(run.stdout + run.stderr)
    check((tmp_path / "copied").read_text(encoding="utf-8"))
    check(json.dumps(kept(tmp_path, "waited"), ensure_ascii=False))
    assert ("msg" in kept(tmp_path, "waited")) is fail


@pytest.mark.parametrize("failing", ["fail", "warn"])
def test_the_role_and_its_statistics(live: Simulator, failing: str) -> None:
    given = hostile(live, fail=True)

    run = run_playbook("cloudgate.operations.gate", {
        "planted": "plan-ted", "operation_gate_provider": given.pop("provider"),
        "operation_gate_operations": [{"operation_id": given.pop("operation_id")}],
        "operation_gate_connection": given, "operation_gate_on_failure": failing, "operation_gate_set_stats": True,
    }, "-v", environ={"ANSIBLE_SHOW_CUSTOM_STATS": "true"})  # fmt: skip

    assert run.returncode == (2 if failing == "fail" else 0), run.stdout + run.stderr
    assert "CUSTOM STATS" in run.stdout
    check(run.stdout.partition("CUSTOM STATS")[2])
    check(run.stdout + run.stderr)


def test_the_table_of_the_status_playbook(live: Simulator) -> None:
    given = hostile(live, fail=True)
    live.add_fault(path="/operations$", status=200, times=None, body={"operations": [{
        "id": given["operation_id"], "resource_id": "vna-1", "request_type": NAMES, "status": "ERROR", "error": NAMES,
        "reception_datetime": "2026-11-21 12:00:00"}]})  # fmt: skip

    run = run_playbook("cloudgate.operations.status", {
        "planted": "plan-ted", "status_provider": given.pop("provider"), "status_resources": ["vna-1"],
        "status_connection": {name: value for name, value in given.items() if name != "operation_id"},
    })  # fmt: skip

    assert run.returncode == 0, run.stdout + run.stderr
    check((run.stdout + run.stderr).replace("\\", ""))  # Markdown escapes a star


def test_the_lines_of_a_wait(live: Simulator, tmp_path: Path) -> None:
    begun = live.add_operation("ecl", "Action", duration=7)
    body = {"id": begun["operation_id"], "resource_id": NAMES, "request_type": NAMES, "status": "PROCESSING"}
    live.add_fault(path="/operations/", status=200, body={"operation": body}, times=None)
    waiting = {"operation_id": begun["operation_id"], "provider": "ecl_vna", "timeout": 7, "poll_min": 0.5}
    play = write_play(tmp_path, [{"name": "Wait", WAIT: {**waiting, **task(live, "ecl_vna")}}])

    run = run_playbook(play, {"planted": "plan-ted"})

    assert run.returncode == 2
    lines = [line for line in run.stderr.splitlines() if line.startswith("WAITING: ")]
    assert lines
    for line in lines:
        check(line)
    check(run.stdout + run.stderr)
