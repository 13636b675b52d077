# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Registered results, passed to the module and to the role unchanged, and run by ansible-playbook."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
import yaml
from simulated.playbook_runs import WAIT, connection, keep, kept, run_playbook, write_play
from simulator import Simulator

SECRET = "Registered-77aa1c"
INFO = "cloudgate.operations.operation_info"
SOON = {"poll_min": 0.2, "missing_grace": 1, "timeout": 20}


@pytest.fixture(scope="module")
def live() -> Iterator[Simulator]:
    with Simulator() as simulator:
        yield simulator


def ago(seconds: float) -> str:
    return (datetime.now(timezone.utc) - timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%SZ")


def server(live: Simulator, number: int = 0) -> str:
    return str(live.clouds["openstack"]["server_ids"][number])


def reboot(live: Simulator, number: int = 0, **plan: Any) -> dict[str, Any]:
    """Return what ansible.builtin.uri registers for a finished reboot, with what a loop registers of its request."""
    begun = live.add_operation("openstack", "reboot", server(live, number), **{"started": 60, **plan})
    return {
        "url": f"https://compute.example.com/v2.1/servers/{begun['resource_id']}/action",
        "status": 202,
        "changed": False,
        "failed": False,
        "x_compute_request_id": begun["request_id"],
        "invocation": {"module_args": {"headers": {"X-Auth-Token": SECRET}}},
    }


def waits(live: Simulator, by: str, **given: Any) -> dict[str, Any]:
    """Return a task that waits by the module or by the role; it does not end the play."""
    if by == "module":
        options = {"provider": "openstack", **connection(live), **SOON, **given}
        if "groups" in given:
            del options["provider"], options["auth"]
        return {"name": "Wait", WAIT: options, "register": "operation_gate_result"}
    variables = {"provider": "openstack", "connection": connection(live), **SOON, **given}
    return {
        "name": "Gate",
        "ansible.builtin.include_role": {"name": "cloudgate.operations.operation_gate"},
        "vars": {f"operation_gate_{name}": value for name, value in variables.items()},
    }


def run_all(folder: Path, tasks: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """Return the results of tasks by their names."""
    blocks: list[dict[str, Any]] = []
    for name, task in tasks.items():
        note = "{{ noted | default({}) | combine({'NAME': operation_gate_result}) }}".replace("NAME", name)
        noting = [{"name": "Note", "ansible.builtin.set_fact": {"noted": note}}]
        blocks.append({"name": name, "block": [task], "rescue": [], "always": noting, "ignore_errors": True})
    play = write_play(folder, [*blocks, {**keep(folder, "noted"), "check_mode": False}])
    done = run_playbook(play, environ={"ANSIBLE_ASYNC_DIR": str(folder / "jobs")})
    assert done.returncode == 0, done.stdout + done.stderr
    return kept(folder, "noted")


def ids(result: dict[str, Any]) -> list[str]:
    return [each["operation_id"] for each in result["operations"]]


BY = ["module", "role"]
WRITERS = {"value": lambda value: value, "JSON": json.dumps, "Python": repr, "YAML": yaml.safe_dump}


@pytest.mark.parametrize("by", BY)
def test_each_form_names_the_same_operations(live: Simulator, tmp_path: Path, by: str) -> None:
    one, two = reboot(live), reboot(live)
    names = [one["x_compute_request_id"], two["x_compute_request_id"]]
    forms: dict[str, Any] = {
        "list": [one, two],
        "loop": {"results": [one, {"skipped": True, "changed": False}, two], "changed": False},
        "lists": [{"results": [one]}, {"operation_id": names[1], "resource_id": server(live)}],
        "ids": {"operation_id": names, "resource_id": server(live)},
    }
    tasks = {
        f"{form} as {writer}": waits(live, by, operations=write(value))
        for form, value in forms.items()
        for writer, write in WRITERS.items()
        if writer == "value" or form == "loop"
    }
    if by == "module":
        tasks["ids of one resource"] = waits(live, by, operations=names, server_id=server(live))
    login = connection(live)
    group = {"provider": "openstack", "operations": forms["loop"]}
    tasks["flat group"] = waits(live, by, groups=[{**group, **login}])
    tasks["group with connection"] = waits(live, by, groups=[{**group, "connection": login}])
    tasks["groups as text"] = waits(live, by, groups=json.dumps([{**group, "connection": login}]))
    found = run_all(tmp_path, tasks)
    for name in tasks:
        assert found[name]["succeeded"], (name, found[name])
        assert ids(found[name]) == names, name


@pytest.fixture(scope="module")
def bounded(live: Simulator, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Waits for what begins at servers 1 and 2, which have an older reboot each. Something new begins at 1 alone."""
    folder = tmp_path_factory.mktemp("bounded")
    for number in (1, 2):
        reboot(live, number, started=3600)
    login = connection(live)
    note = {
        INFO: {"provider": "openstack", **login, "server_id": "{{ item }}"},
        "loop": [server(live, 1), server(live, 2)],
    }
    done = run_playbook(write_play(folder, [{"name": "Note", **note, "register": "before"}, keep(folder, "before")]))
    assert done.returncode == 0, done.stdout + done.stderr
    before, since = kept(folder, "before"), ago(30)
    new = live.add_operation("openstack", "reboot", server(live, 1), started=0, duration=1)

    def registered(number: int) -> dict[str, Any]:
        return {"changed": True, "failed": False, "server": {"id": server(live, number), "status": "ACTIVE"}}

    action = {"invocation": {"module_args": {"name": server(live, 1), "action": "reboot_soft"}}}
    tasks: dict[str, Any] = {}
    for by in BY:
        bounds: dict[str, Any] = {"after": {"after": before}, "since": {"since": since, "action": "reboot"}}
        for name, bound in bounds.items():
            tasks |= {
                f"{by} new {name}": waits(live, by, operations=registered(1), **bound),
                f"{by} loop {name}": waits(
                    live, by, operations={"results": [{"changed": True, **action}, {"skipped": True}]}, **bound
                ),
                f"{by} old {name}": waits(live, by, operations=registered(2), **bound),
                f"{by} group {name}": waits(
                    live,
                    by,
                    groups=[{"provider": "openstack", "connection": login, "operations": registered(2)}],
                    **bound,
                ),
            }
        tasks[f"{by} unbounded"] = waits(live, by, operations=registered(1))
        tasks[f"{by} noted"] = waits(live, by, operations=before)
        tasks[f"{by} no mark"] = waits(live, by, after=registered(1))
    tasks["module old alone"] = waits(
        live, "module", server_id=server(live, 2), latest=True, action="reboot", since=since
    )
    tasks["module new alone"] = waits(
        live, "module", server_id=server(live, 1), latest=True, action="reboot", since=since, verify="ACTIVE"
    )
    tasks["module verify alone"] = waits(
        live, "module", server_id=server(live, 1), latest=True, since=since, verify="SHUTOFF"
    )
    return {**run_all(folder, tasks), "new": new["request_id"]}


@pytest.mark.parametrize(
    "name", [f"{by} {what}" for by in BY for what in ("new after", "new since", "loop after", "loop since")]
)
def test_a_result_without_a_request_means_what_began_since(bounded: dict[str, Any], name: str) -> None:
    assert bounded[name]["succeeded"], bounded[name]
    assert ids(bounded[name]) == [bounded["new"]]


@pytest.mark.parametrize(
    "name", [f"{by} {what}" for by in BY for what in ("old after", "old since", "group after", "group since")]
)
def test_an_older_operation_of_the_same_kind_opens_no_gate(bounded: dict[str, Any], name: str) -> None:
    assert not bounded[name]["succeeded"]
    assert bounded[name]["failure"]["kind"] == "missing"


@pytest.mark.parametrize("by", BY)
def test_without_a_bound_nothing_is_sent(bounded: dict[str, Any], by: str) -> None:
    for what, words in {
        "unbounded": "add after with a result of operation_info from before that task, or since with a time before it",
        "noted": "is a result of operation_info. Give it as after",
        "no mark": "Run operation_info before the work, and give its result.",
    }.items():
        result = bounded[f"{by} {what}"]
        assert words in result["msg"]
        assert (result["failure"]["kind"], result["requests"], result["operations"]) == ("input", 0, [])


def test_one_operation_takes_the_same_options_at_the_task(bounded: dict[str, Any]) -> None:
    assert ids(bounded["module new alone"]) == [bounded["new"]] and bounded["module new alone"]["succeeded"]
    assert bounded["module old alone"]["failure"]["kind"] == "missing"
    assert bounded["module verify alone"]["failure"]["kind"] == "failed"
    assert "not SHUTOFF as verify asks" in bounded["module verify alone"]["msg"]


@pytest.fixture(scope="module")
def refused(live: Simulator, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    one = {"operation_id": "req-1", "server_id": server(live)}
    tasks = {
        "verify": waits(live, "module", **one, verify=False),
        "verify of one": waits(live, "module", operations=[{**one, "verify": "no"}]),
        "since": waits(live, "module", **one, since=ago(60)),
        "latest and id": waits(live, "module", **one, latest=True),
        "latest and list": waits(live, "module", operations=[one], latest=True),
        "since and after": waits(live, "module", after=MARK, since=ago(60)),
        "resource and groups": waits(
            live, "module", groups=[{"provider": "openstack", "operations": [one]}], server_id="s1"
        ),
        "another resource": waits(live, "module", operations=[one], server_id="s9"),
        "nothing": waits(live, "module", server_id="s1"),
        "not latest": waits(live, "module", server_id="s1", latest=False),
    }
    return run_all(tmp_path_factory.mktemp("refused"), tasks)


MARK = {"provider": "openstack", "resource_id": "s1", "server": None, "since": None, "known": []}


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("verify", "verify must be a status of the server, such as ACTIVE, not False. For certificates give validate"),
        ("verify of one", "such as ACTIVE, not no. For certificates give validate_certs."),
        ("since", "since can be used only with latest and expect"),
        ("latest and id", "latest and operation_id exclude each other"),
        ("latest and list", "operations and latest exclude each other: give one of them."),
        ("since and after", "after and since exclude each other: give one of them."),
        ("resource and groups", "mutually exclusive: groups|resource_id"),
        ("another resource", "operation 1 belongs to"),
        ("nothing", "one of the following is required: operations, operation_id, groups, after, latest"),
        ("not latest", "operation_id is missing: give it, or server_id and latest."),
    ],
)
def test_options_that_contradict_each_other_are_refused(refused: dict[str, Any], name: str, words: str) -> None:
    assert words in refused[name]["msg"], refused[name]
    assert (refused[name]["failure"]["kind"], refused[name]["requests"]) == ("input", 0)


def test_both_values_continue_after_a_failure(live: Simulator, tmp_path: Path) -> None:
    tasks = [
        each
        for by in BY
        for word in ("report", "warn")
        for each in (
            waits(live, by, operations=reboot(live, fail=True), on_failure=word),
            {
                "name": "Was told",
                "ansible.builtin.assert": {
                    "that": ["not operation_gate_result.succeeded", "operation_gate_result.failure.kind == 'failed'"]
                },
            },
        )
    ]
    done = run_playbook(write_play(tmp_path, tasks))
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("All assertions passed") == 4


def test_the_other_ways_to_run_a_task_work_as_before(live: Simulator, tmp_path: Path) -> None:
    one = reboot(live)
    plain = waits(live, "module", operations="{{ started }}")
    tasks = {
        "async": {**plain, "async": 60, "poll": 1},
        "loop": {**plain, WAIT: {**plain[WAIT], "operations": "{{ item }}"}, "loop": [[one], {"results": [one]}]},
        "defaults": {
            "name": "Wait",
            WAIT: {"operations": "{{ started }}"},
            "module_defaults": {WAIT: {key: value for key, value in plain[WAIT].items() if key != "operations"}},
            "register": "operation_gate_result",
        },
        "check": {**plain, "check_mode": True},
        "empty": waits(live, "module", operations={"results": [{"skipped": True}]}, empty="pass"),
        "nothing in check mode": {**waits(live, "module", operations={"changed": True}), "check_mode": True},
    }
    plays = {name: {**task, "vars": {"started": one}} for name, task in tasks.items()}
    found = run_all(tmp_path, plays)
    for name in ("async", "defaults", "check"):
        assert found[name].get("succeeded") and ids(found[name]) == [one["x_compute_request_id"]], (name, found[name])
    assert [ids(each) for each in found["loop"]["results"]] == [[one["x_compute_request_id"]]] * 2
    for name in ("empty", "nothing in check mode"):
        assert (found[name]["succeeded"], found[name]["operations"]) == (True, [])


def test_no_secret_of_a_result_or_a_group_is_shown(live: Simulator, tmp_path: Path) -> None:
    account = {**connection(live)["auth"], "password": SECRET}
    group = {"provider": "openstack", "operations": [reboot(live)], "connection": {"auth": account}}
    flat = {"provider": "openstack", "operations": [reboot(live)], "auth": account}
    given: list[dict[str, Any]] = [
        {"groups": [group]},
        {"groups": [flat]},
        {"groups": json.dumps([group])},
        {"groups": repr([flat])},
        {"groups": [{**group, "auth": account}]},
        {"groups": [{**flat, "password": SECRET}]},
        {"groups": [{**group, "connection": {"auth": account, "clud": SECRET}}]},
        {"groups": f"password: {SECRET}"},
        {"provider": "openstack", "operations": [json.dumps(reboot(live))], "auth": account},
        {"provider": "openstack", "operations": {**reboot(live), "status": 500}, "auth": account},
        {
            "provider": "openstack",
            "operations": {"changed": True, "server": {"admin_password": SECRET}},
            "auth": account,
        },
        {"provider": "openstack", "operations": {"token": SECRET}, "auth": account},
        {"provider": "openstack", "operations": [reboot(live)], "auth": account, "verify": SECRET},
        {"provider": "openstack", "after": {"password": SECRET}, "auth": account},
    ]
    variables = {f"options_{number}": options for number, options in enumerate(given)}
    tasks = [
        {"name": f"Wait {number}", WAIT: None, "args": f"{{{{ options_{number} }}}}", "ignore_errors": True}
        for number in range(len(given))
    ]
    done = run_playbook(write_play(tmp_path, tasks), variables, "-vvv", environ={"ANSIBLE_INJECT_INVOCATION": "true"})
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"ignored={len(given)}" in done.stdout
    assert SECRET not in done.stdout + done.stderr
