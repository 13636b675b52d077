# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Durations as text, in every place with an option in seconds: ad hoc, module_defaults, loops, groups, the role."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.cloudgate.operations.plugins.module_utils._module.argspec import DURATIONS, WAIT_SPEC
from ansible_collections.cloudgate.operations.plugins.plugin_utils._watch.options import SPEC, checked, watch_options
from simulated.helpers import add, task
from simulated.playbook_runs import WAIT, ad_hoc, keep, kept, run, run_playbook
from simulator import Simulator


@pytest.fixture(scope="module")
def live() -> Iterator[Simulator]:
    with Simulator() as simulator:
        yield simulator


def options(live: Simulator, **more: Any) -> dict[str, Any]:
    known = add(live, "openstack")
    action = {"operation_id": known.operation_id, "resource_id": known.resource_id}
    return {"provider": "openstack", **action, **task(live, "openstack"), **more}


def test_one_play_with_durations_in_every_place(live: Simulator, tmp_path: Path) -> None:
    given = options(live)
    action = {name: given.pop(name) for name in ("operation_id", "resource_id")}
    provider = given.pop("provider")
    loop = {
        "name": "In a loop, with the rest from module_defaults",
        WAIT: {"timeout": "{{ item }}", "provider": provider, **action, **given},
        "loop": ["10m", "600", 600, "1h30m"],
        "register": "looped",
    }
    grouped = {
        "name": "In a group",
        WAIT: {"groups": [{"provider": provider, "operations": [action], **given, "api_timeout": "1m"}]},
        "register": "grouped",
    }
    role = {
        "name": "In the role",
        "ansible.builtin.include_role": {"name": "cloudgate.operations.operation_gate"},
        "vars": {
            "operation_gate_provider": provider,
            "operation_gate_operations": [action],
            "operation_gate_connection": {**given, "api_timeout": "1m"},
            "operation_gate_timeout": "{{ '2' ~ 'm' }}",
            "operation_gate_progress_interval": "5s",
        },
    }
    wrong = {**role, "name": "Not in words", "vars": {**role["vars"], "operation_gate_timeout": "two minutes"}}
    tasks = [loop, grouped, role, keep(tmp_path, "looped"), keep(tmp_path, "grouped")]
    tasks += [keep(tmp_path, "operation_gate_result")]
    tasks += [{"name": "A mistake", "block": [wrong], "rescue": [{"name": "Keep", "ansible.builtin.set_fact": {
        "refused": "{{ operation_gate_result }}"}}]}, keep(tmp_path, "refused")]  # fmt: skip
    play = {"hosts": "localhost", "gather_facts": False, "tasks": tasks}
    play["module_defaults"] = {WAIT: {"poll_min": "1s", "poll_max": "1m", "missing_grace": "5m", "connect_grace": "1m"}}
    (tmp_path / "play.yml").write_text(json.dumps([play]), encoding="utf-8")

    done = run_playbook(tmp_path / "play.yml")

    assert done.returncode == 0, done.stdout + done.stderr
    assert [each["succeeded"] for each in kept(tmp_path, "looped")["results"]] == [True] * 4
    assert kept(tmp_path, "grouped")["succeeded"] is True
    assert kept(tmp_path, "operation_gate_result")["succeeded"] is True
    refused = kept(tmp_path, "refused")
    said = "operation_gate_timeout must be seconds, or a duration such as 10m or 1h30m, not other text."
    assert (refused["msg"], refused["failure"]["message"]) == (said, said)
    assert refused["failure"]["kind"] == "input"


def test_from_the_command_line(live: Simulator) -> None:
    command = ad_hoc({})
    given = options(live, timeout="1h30m", delay="0s")
    auth = json.dumps(given.pop("auth"))
    text = " ".join(f"{name}={value}" for name, value in given.items())
    command[command.index("-a") + 1] = f"{text} auth='{auth}'"

    done = run(command)

    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("name", sorted(DURATIONS & set(WAIT_SPEC)))
def test_each_option_of_the_module(live: Simulator, run_module: Any, name: str) -> None:
    assert WAIT_SPEC[name]["type"] == "raw"
    assert run_module("wait_for_operation", **options(live, **{"poll_max": "1m", name: "2s"}))["succeeded"] is True
    said = run_module("wait_for_operation", **options(live, **{name: "1 second"}))["msg"]
    assert said == f"{name} must be seconds, or a duration such as 10m or 1h30m, not 1 second."


@pytest.mark.parametrize("name", sorted(DURATIONS & set(SPEC)))
def test_each_option_of_the_event_source(name: str) -> None:
    given = checked({"provider": "openstack", "resources": ["s1"], name: "1h", "poll_max": "1h"})

    watch_options(given)

    assert given[name] == 3600
    assert SPEC[name]["type"] == "raw"


def test_every_duration_is_an_option() -> None:
    assert {*WAIT_SPEC, *SPEC} >= DURATIONS
