# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each way to name no operation, in the module and in the role: refused, with empty=pass, and in check mode."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from nothing.ways import MODULE, ROLE, STARTED, WAYS, Way
from simulated.playbook_runs import WAIT, connection, run_playbook
from simulator import Simulator

KEYS = {  # of every result, as the module documents it
    "operations",
    "finished",
    "succeeded",
    "failed_operations",
    "pending_operations",
    "elapsed",
    "polls",
    "requests",
    "tolerated_errors",
    "last_error",
    "reauthentications",
}
REFUSED, ALLOWED, CHECKED = "refused", "allowed", "checked"
NUMBERED = list(enumerate(WAYS))
NOTHING = "0 operations: there was nothing to wait for."


@pytest.fixture(scope="module")
def live() -> Iterator[Simulator]:
    with Simulator() as simulator:
        yield simulator


def started(live: Simulator, value: Any) -> Any:
    """Return the value with an operation of the simulated cloud in place of STARTED."""
    if value == STARTED:
        begun = live.add_operation("openstack", "reboot", started=60)
        return {name: begun[name] for name in STARTED}
    if isinstance(value, dict):
        return {name: started(live, each) for name, each in value.items()}
    return [started(live, each) for each in value] if isinstance(value, list) else value


def with_connection(given: dict[str, Any], login: dict[str, Any], by: str) -> dict[str, Any]:
    """Return the options or variables with the login, if they have a place for it."""
    groups = given.get("groups")
    if isinstance(groups, list):
        whole = [{**group, **login} if by == MODULE else {**group, "connection": login} for group in groups]
        return {**given, "groups": whole}
    return {**given, **login} if by == MODULE else {**given, "connection": login}


def tasks_for(number: int, way: Way, live: Simulator, more: dict[str, Any]) -> dict[str, Any]:
    """Return a block that waits in this way, and notes the result."""
    given = {**with_connection(started(live, way.whole), connection(live), way.by), **more}
    wait: dict[str, Any] = {"name": "Wait", WAIT: given, "register": "operation_gate_result"}
    if way.by == ROLE:
        variables = {f"operation_gate_{name}": value for name, value in given.items()}
        wait = {
            "name": "Gate",
            "ansible.builtin.include_role": {"name": "cloudgate.operations.operation_gate"},
            "vars": variables,
        }
    note = "{{ noted | default({}) | combine({'%d': {'opened': %s, 'result': operation_gate_result}}) }}"
    return {
        "name": way.name,
        "block": [wait, {"name": "Note", "ansible.builtin.set_fact": {"noted": note % (number, "true")}}],
        "rescue": [{"name": "Note", "ansible.builtin.set_fact": {"noted": note % (number, "false")}}],
    }


def run_all(live: Simulator, folder: Path, mode: str) -> dict[str, Any]:
    """Run all ways in one play, in this mode."""
    more = {"empty": "pass"} if mode == ALLOWED else {}
    tasks = [tasks_for(number, way, live, more) for number, way in enumerate(WAYS)]
    keep = {"content": "{{ noted | to_json }}", "dest": str(folder / "noted"), "mode": "0600"}
    tasks.append({"name": "Keep", "ansible.builtin.copy": keep, "check_mode": False})
    play = {"name": "Wait", "hosts": "localhost", "gather_facts": False, "tasks": tasks}
    playbook = folder / "play.yml"
    playbook.write_text(yaml.safe_dump([play], sort_keys=False), encoding="utf-8")
    run = run_playbook(playbook, None, *(["--check"] if mode == CHECKED else []))
    assert run.returncode == 0, run.stdout + run.stderr
    return dict(json.loads((folder / "noted").read_text(encoding="utf-8")))


@pytest.fixture(scope="module")
def noted(live: Simulator, tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    return {mode: run_all(live, tmp_path_factory.mktemp(mode), mode) for mode in (ALLOWED, CHECKED, REFUSED)}


@pytest.mark.parametrize(("number", "way"), NUMBERED, ids=lambda each: getattr(each, "name", str(each)))
def test_nothing_is_refused_with_a_sentence(noted: dict[str, dict[str, Any]], number: int, way: Way) -> None:
    found = noted[REFUSED][str(number)]

    assert found["opened"] is False
    result = found["result"]
    assert way.says in result["msg"]
    assert result["failure"]["message"] == result["msg"]
    assert (result["failure"]["kind"], result["succeeded"], result["finished"]) == ("input", False, False)
    assert set(result) >= KEYS


@pytest.mark.parametrize("mode", [ALLOWED, CHECKED])
@pytest.mark.parametrize(("number", "way"), NUMBERED, ids=lambda each: getattr(each, "name", str(each)))
def test_nothing_may_be_left_to_do(noted: dict[str, dict[str, Any]], mode: str, number: int, way: Way) -> None:
    found = noted[mode][str(number)]

    assert found["opened"] is way.optional, found["result"]
    result = found["result"]
    assert set(result) >= KEYS
    if not way.optional:
        assert way.says in result["msg"]
        return
    groups = way.given.get("groups")
    others = [group for group in groups if group["operations"] == [STARTED]] if isinstance(groups, list) else []
    assert (result["succeeded"], result["finished"]) == (True, True)
    assert len(result["operations"]) == len(others)
    if not others:
        assert result["msg"] == NOTHING
        assert (result["requests"], result["polls"]) == (0, 0)


def test_a_wait_for_nothing_sends_nothing(tmp_path: Path) -> None:
    with Simulator() as simulator:
        alone = [way for way in WAYS if way.given.get("groups") is None or len(way.given["groups"]) < 2]
        tasks = [tasks_for(number, way, simulator, {"empty": "pass"}) for number, way in enumerate(alone)]
        playbook = tmp_path / "play.yml"
        play = {"name": "Wait", "hosts": "localhost", "gather_facts": False, "tasks": tasks}
        playbook.write_text(yaml.safe_dump([play], sort_keys=False), encoding="utf-8")
        run = run_playbook(playbook)

        assert run.returncode == 0, run.stdout + run.stderr
        assert simulator.requests == []
