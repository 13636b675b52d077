# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role operation_gate: no variable opens it, and its result is always that of this gate."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from nothing.test_ways import KEYS
from simulated.playbook_runs import COLLECTION, ansible, connection, keep, kept, run, run_playbook, write_play
from simulator import Simulator

ROLE = {"name": "cloudgate.operations.operation_gate"}
GOOD = {
    "changed": False,
    "failed": False,
    "operations": [],
    "succeeded": True,
    "finished": True,
    "failed_operations": [],
    "pending_operations": [],
    "msg": "The gate has not begun.",
}


@pytest.fixture(scope="module")
def live() -> Iterator[Simulator]:
    with Simulator() as simulator:
        yield simulator


def begun(live: Simulator, **plan: Any) -> dict[str, Any]:
    """Begin a reboot and return what names it."""
    names = live.add_operation("openstack", "reboot", **{"started": 60, **plan})
    return {name: names[name] for name in ("operation_id", "resource_id")}


def gate(live: Simulator, **variables: Any) -> dict[str, Any]:
    """Return a task that gates with these variables of the role."""
    given = {"provider": "openstack", "connection": connection(live), "poll_min": 0.2, **variables}
    return {
        "name": "Gate",
        "ansible.builtin.include_role": ROLE,
        "vars": {f"operation_gate_{name}": value for name, value in given.items()},
    }


def noted(name: str, opened: bool) -> dict[str, Any]:
    """Return a task that notes the result of the gate under this name."""
    value = "{{ noted | default({}) | combine({'%s': {'opened': %s, 'result': operation_gate_result}}) }}"
    return {"name": "Note", "ansible.builtin.set_fact": {"noted": value % (name, str(opened).lower())}}


def attempt(name: str, *tasks: dict[str, Any]) -> dict[str, Any]:
    """Return a block that notes whether the gate opened, and its result."""
    return {"name": name, "block": [*tasks, noted(name, True)], "rescue": [noted(name, False)]}


def shown(done: subprocess.CompletedProcess[str]) -> str:
    """Return the printed text, with the spaces of wrapped lines joined."""
    return " ".join((done.stdout + done.stderr).split())


MISTAKES: dict[str, tuple[dict[str, Any], str]] = {
    "undefined": ({"operations": "{{ not_registered.results }}"}, "not_registered"),
    "provider": ({"provider": "opnstack"}, "value of provider must be one of"),
    "timeout": ({"timeout": "soon"}, "timeout"),
    "choice": ({"wait_for": "some"}, "value of operation_gate_wait_for must be one of"),
    "skipped": ({"operations": {"skipped": True}}, "has 1 result, which was skipped"),
    "failed": ({"operations": {"url": "https://nova.example.com/", "status": 202, "failed": True}}, "its task failed"),
    "text": ({"operations": "req-1"}, "is text without a list or a dictionary"),
    "connection": ({"connection": "production"}, "operation_gate_connection is text"),
    "unknown": ({"connection": {"clud": "production"}}, "Unsupported parameters"),
    "latest": ({"operations": {"resource_id": "s1", "latest": True}}, "latest of s1 needs since"),
    "report": ({"report": "/none/report.html"}, "The folder of the report does not exist"),
    "suffix": ({"report": "report.pdf"}, "must end in .html or .md"),
    "both": ({"groups": [{"provider": "openstack", "operations": []}]}, "exclude each other"),
}


@pytest.fixture(scope="module")
def mistakes(live: Simulator, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Return the results of gates with mistakes, each after a gate that opened; and of one that failed as expected."""
    folder = tmp_path_factory.mktemp("mistakes")
    tasks: list[dict[str, Any]] = []
    for name, (variables, _says) in MISTAKES.items():
        opens = gate(live, operations=begun(live))
        fails = gate(live, **{"operations": begun(live), **variables})
        tasks.append(attempt(name, opens, fails))
    tasks += [
        attempt(
            "really", gate(live, operations=begun(live), wait_for="all"), gate(live, operations=begun(live, fail=True))
        ),
        keep(folder, "noted"),
    ]
    done = run_playbook(write_play(folder, tasks))
    assert done.returncode == 0, done.stdout + done.stderr
    return kept(folder, "noted")


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_leaves_no_result_of_an_earlier_gate(mistakes: dict[str, Any], name: str) -> None:
    assert mistakes[name]["opened"] is False
    result = mistakes[name]["result"]
    assert set(result) >= {*KEYS, "failure", "msg"}
    assert (result["succeeded"], result["finished"], result["operations"]) == (False, False, [])
    assert MISTAKES[name][1] in result["msg"]
    assert result["failure"]["kind"] == "input"
    assert result["failure"]["message"] == result["msg"]


def test_a_failure_has_all_keys_too(mistakes: dict[str, Any]) -> None:
    result = mistakes["really"]["result"]
    assert mistakes["really"]["opened"] is False
    assert set(result) >= {*KEYS, "failure", "msg"}
    assert (result["failure"]["kind"], len(result["operations"])) == ("failed", 1)


INTERNAL = [
    "operation_gate_listed",
    "operation_gate_grouped",
    "operation_gate_opened",
    "ansible_failed_result",
    "ansible_check_mode",
    "report_format",
    "omit",
    "role_path",
]


@pytest.mark.parametrize("forged", [GOOD, {**GOOD, "msg": "all is well"}, "good", True, [GOOD]])
def test_no_extra_variable_replaces_the_result(live: Simulator, tmp_path: Path, forged: Any) -> None:
    tasks = [gate(live, operations=begun(live, fail=True)), keep(tmp_path, "operation_gate_result")]

    done = run_playbook(write_play(tmp_path, tasks), {"operation_gate_result": forged})

    assert done.returncode == 2, done.stdout
    assert "A variable of the name operation_gate_result hides the result of the gate." in shown(done)


def test_no_other_variable_opens_the_gate(live: Simulator, tmp_path: Path) -> None:
    variables: dict[str, Any] = dict.fromkeys(INTERNAL, GOOD)
    tasks = [gate(live, operations=begun(live, fail=True)), keep(tmp_path, "operation_gate_result")]

    done = run_playbook(write_play(tmp_path, tasks), {**variables, "ansible_check_mode": True})

    assert done.returncode == 2, done.stdout
    assert "1 of 1 operation failed." in shown(done)
    assert not (tmp_path / "operation_gate_result").exists()


@pytest.mark.parametrize("forged", [GOOD, {}])
def test_a_variable_of_the_role_cannot_replace_it_either(live: Simulator, tmp_path: Path, forged: Any) -> None:
    done = run_playbook(write_play(tmp_path, [gate(live, operations=begun(live, fail=True), result=forged)]))

    assert done.returncode == 2, done.stdout
    assert "hides the result of the gate" in shown(done)


WRITERS: dict[str, Callable[[Any], str]] = {
    "JSON": json.dumps,
    "Python": repr,
    "YAML": lambda value: str(yaml.safe_dump(value)),
    "flow YAML": lambda value: str(yaml.safe_dump(value, default_flow_style=True, width=10**6)),
}


@pytest.mark.parametrize("form", WRITERS)
@pytest.mark.parametrize("by", ["operations", "groups"])
def test_text_of_the_command_line_is_read(live: Simulator, form: str, by: str) -> None:
    write, named = WRITERS[form], [begun(live)]
    given = {"operations": write(named), "connection": write(connection(live)), "provider": "openstack"}
    if by == "groups":
        given = {"groups": write([{"provider": "openstack", "operations": named, "connection": connection(live)}])}
    quoted = [f"operation_gate_{name}={json.dumps(value)}" for name, value in given.items()]
    numbers = ["operation_gate_timeout=60", "operation_gate_poll_min=0.2", "operation_gate_set_stats=true"]
    extra = [part for each in (*quoted, *numbers) for part in ("-e", each)]

    done = run(ansible("playbook", "cloudgate.operations.gate", *extra))

    assert done.returncode == 0, done.stdout + done.stderr
    assert "compute_reboot_instance succeeded" in done.stdout


@pytest.mark.parametrize(("name", "text"), [("operations", "req-1"), ("connection", "[oops"), ("groups", "[{'a'")])
def test_text_that_is_none_of_them_is_refused(name: str, text: str) -> None:
    extra = ("-e", "operation_gate_provider=openstack", "-e", f"operation_gate_{name}={json.dumps(text)}")
    done = run(ansible("playbook", "cloudgate.operations.gate", *extra))

    assert done.returncode == 2
    assert f"operation_gate_{name} is text without a list or a dictionary. Give JSON or YAML." in shown(done)


NO_REASON = "The gate published no reason: its job was canceled, or AWX ended it."
STATS = {"ANSIBLE_SHOW_CUSTOM_STATS": "true"}


@pytest.mark.parametrize(
    ("variables", "kind", "says"),
    [
        ({"operation_gate_operations": []}, "input", "operation_gate_operations is empty"),
        ({"operation_gate_operations": "{{ nobody }}"}, "input", "nobody"),
        ({"operation_gate_connection": {"auth": {"password": "wrong"}}}, "auth", "answered 401"),
    ],
)
def test_a_gate_that_could_not_ask_publishes_why(
    live: Simulator, tmp_path: Path, variables: dict[str, Any], kind: str, says: str
) -> None:
    report = tmp_path / "report.md"
    given = {
        "provider": "openstack",
        "operations": begun(live),
        "connection": connection(live),
        "set_stats": True,
        "report": str(report),
    }
    whole = {f"operation_gate_{name}": value for name, value in given.items()}
    if kind == "auth":
        login = connection(live)["auth"]
        variables = {"operation_gate_connection": {"auth": {**login, "password": "wrong"}}}
    task = {"name": "Gate", "ansible.builtin.include_role": ROLE, "vars": {**whole, **variables}}

    done = run_playbook(write_play(tmp_path, [task]), environ=STATS)

    assert done.returncode == 2
    published = json.loads(done.stdout.split("RUN: ")[1])["operation_gate"]
    assert (published["succeeded"], published["failure"]["kind"]) == (False, kind)
    assert says in published["failure"]["message"]
    assert f"**Gate shut**: {published['failure']['message'][:20]}" in report.read_text(encoding="utf-8")


def test_a_planted_link_leads_no_report_elsewhere(live: Simulator, tmp_path: Path) -> None:
    victim, report = tmp_path / "victim.md", tmp_path / "report.md"
    victim.write_text("precious", encoding="utf-8")
    report.symlink_to(victim)

    done = run_playbook(write_play(tmp_path, [gate(live, operations=begun(live), report=str(report))]))

    assert done.returncode == 0, done.stdout + done.stderr
    assert victim.read_text(encoding="utf-8") == "precious"
    assert not report.is_symlink() and "**Gate open**" in report.read_text(encoding="utf-8")
    assert report.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("operation_gate", "says"),
    [
        (None, NO_REASON),
        ({"failure": {}, "failed_operations": [], "pending_operations": []}, NO_REASON),
        ({"failure": {"message": "1 of 1 operation failed."}}, "1 of 1 operation failed."),
        ("", NO_REASON),
    ],
)
def test_the_node_after_a_shut_gate_says_why(operation_gate: Any, says: str) -> None:
    variables = {} if operation_gate is None else {"operation_gate": operation_gate}

    done = run_playbook(COLLECTION / "extensions" / "awx" / "project" / "shut.yml", variables)

    assert done.returncode == 2
    assert says in shown(done)
    assert "fatal:" in done.stdout


def test_loops_hosts_and_second_gates(live: Simulator, tmp_path: Path) -> None:
    """Each gate of a loop, of each host, and after another one, decides by its own operations."""
    named = [begun(live), begun(live)]
    looped = {**gate(live, operations="{{ item }}"), "loop": named}
    once = gate(live, operations=named)
    once["ansible.builtin.import_role"] = once.pop("ansible.builtin.include_role")
    ignored = gate(live, operations=begun(live, fail=True))
    ignored["ansible.builtin.include_role"] = {**ROLE, "apply": {"ignore_errors": True}}
    elsewhere = gate(live, operations=begun(live))
    elsewhere["ansible.builtin.include_role"] = {**ROLE, "apply": {"delegate_to": "localhost"}}
    per_host = gate(live, operations="{{ theirs[inventory_hostname] }}")
    tasks = [
        {"name": "Name", "ansible.builtin.set_fact": {"theirs": {"one": begun(live), "two": begun(live, fail=True)}}},
        attempt("looped", looped),
        attempt("once", {**once, "run_once": True}),
        attempt("elsewhere", elsewhere),
        attempt("ignored", ignored),
        attempt("per_host", per_host),
        attempt("warned", gate(live, operations=begun(live, fail=True), on_failure="warn")),
        {
            "name": "Keep",
            "ansible.builtin.copy": {
                "content": "{{ noted | to_json }}",
                "mode": "0600",
                "dest": f"{tmp_path}/{{{{ inventory_hostname }}}}",
            },
        },
    ]

    hosts = ["-i", "one,two,", "-e", "ansible_connection=local", "-e", f"ansible_python_interpreter={sys.executable}"]
    done = run_playbook(write_play(tmp_path, tasks, "all"), None, *hosts)

    assert done.returncode == 0, done.stdout + done.stderr
    one, two = kept(tmp_path, "one"), kept(tmp_path, "two")
    opened = {name: (one[name]["opened"], two[name]["opened"]) for name in one}
    assert opened == {
        "looped": (True, True),
        "once": (True, True),
        "elsewhere": (True, True),
        "ignored": (True, True),
        "per_host": (True, False),
        "warned": (True, True),
    }
    assert [each["per_host"]["result"]["succeeded"] for each in (one, two)] == [True, False]
    assert [len(each["once"]["result"]["operations"]) for each in (one, two)] == [2, 2]
    assert one["ignored"]["result"]["failure"]["kind"] == one["warned"]["result"]["failure"]["kind"] == "failed"
    assert shown(done).count("WARNING: 1 of 1 operation failed.") == 4  # ignored and warned, on both hosts


def test_a_loop_stops_at_the_gate_that_stays_shut(live: Simulator, tmp_path: Path) -> None:
    looped = {**gate(live, operations="{{ item }}"), "loop": [begun(live, fail=True), begun(live)]}

    done = run_playbook(write_play(tmp_path, [attempt("looped", looped), keep(tmp_path, "noted")]))

    assert done.returncode == 0, done.stdout + done.stderr
    assert kept(tmp_path, "noted")["looped"]["opened"] is False


def test_a_host_that_cannot_be_reached_keeps_its_gate_shut(live: Simulator, tmp_path: Path) -> None:
    play = {
        "name": "Wait",
        "hosts": "all",
        "gather_facts": False,
        "ignore_unreachable": True,
        "tasks": [gate(live, operations=begun(live)), keep(tmp_path, "operation_gate_result")],
    }
    playbook = tmp_path / "play.yml"
    playbook.write_text(json.dumps([play]), encoding="utf-8")

    done = run_playbook(playbook, {"ansible_connection": "ssh", "ansible_port": 1}, "-i", "127.0.0.1,")

    assert done.returncode != 0
    assert "unreachable=1" in done.stdout
    assert "Keep operation_gate_result" not in done.stdout


def test_the_latest_of_a_resource_needs_a_time(live: Simulator) -> None:
    names = live.add_operation("openstack", "reboot", started=700_000)
    variables = {
        "operation_gate_provider": "openstack",
        "operation_gate_connection": connection(live),
        "gate_resource_id": names["resource_id"],
        "operation_gate_missing_grace": 1,
        "operation_gate_poll_min": 0.2,
        "gate_operation_id": "",
    }

    unbound = run_playbook("cloudgate.operations.gate", {**variables, "gate_since": ""})
    old = run_playbook("cloudgate.operations.gate", {**variables, "gate_since": "2026-01-01T00:00:00Z"})
    new = run_playbook("cloudgate.operations.gate", {**variables, "gate_since": "9998-01-01T00:00:00Z"})

    assert unbound.returncode == 2
    assert f"latest of {names['resource_id']} needs since, as an older operation could match." in shown(unbound)
    assert old.returncode == 0, old.stdout
    assert new.returncode == 2


def test_skipped_starts_do_not_hide_the_others(live: Simulator, tmp_path: Path) -> None:
    named = begun(live)
    url = f"https://nova.example.com/v2.1/servers/{named['resource_id']}/action"
    answer = {"url": url, "status": 202, "x_compute_request_id": named["operation_id"], "changed": False}
    results = {"results": [{"skipped": True}, answer, {"skipped": True}]}

    tasks = [attempt("some", gate(live, operations=results)), keep(tmp_path, "noted")]
    done = run_playbook(write_play(tmp_path, tasks))

    assert done.returncode == 0, done.stdout + done.stderr
    some = kept(tmp_path, "noted")["some"]
    assert some["opened"] and len(some["result"]["operations"]) == 1


@pytest.mark.parametrize(("fails", "says"), [(True, "1 of 1 operation"), (False, "The folder of the report")])
def test_a_report_that_cannot_be_written_hides_no_failure(
    live: Simulator, tmp_path: Path, fails: bool, says: str
) -> None:
    report = tmp_path / "folder" / "report.md"
    report.parent.mkdir()
    removes = f"{{{{ lookup('ansible.builtin.pipe', 'rmdir {report.parent}; echo Title') }}}}"  # read after the wait
    task = gate(live, operations=begun(live, fail=fails or None), report=str(report), report_title=removes)
    why = {"name": "Why", "ansible.builtin.fail": {"msg": "WHY {{ ansible_failed_result.msg }}"}}

    done = run_playbook(write_play(tmp_path, [{"name": "Try", "block": [task], "rescue": [why]}]))

    assert done.returncode == 2
    assert f"WHY {says}" in shown(done)
