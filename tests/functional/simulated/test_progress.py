# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The screen during a task that waits. The runs are concurrent, as each lasts some seconds."""

from __future__ import annotations

import json
import os
import pty
import re
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from simulated.helpers import add, task
from simulated.playbook_runs import WAIT, ad_hoc, ansible, environment, write_play
from simulator import Simulator

SECONDS = 15  # of each operation, once all waits have seen it; the first lines come after 5
LIMIT = 90.0
GREY = r"\x1b\[1(;|m\x1b\[)30m"  # Ansible's color for debugging; tmux splits the sequence


def line(host: str, operation_id: str) -> str:
    """Return the pattern of the line that must appear."""
    return (
        rf"WAITING: \[{host}\]: reboot {operation_id} of [\w-]+ is running: compute_reboot_instance "
        r"\([\d.]+ s, 0 of 1 finished\)"
    )


class HeldClock:
    """The clock of the clouds, which stands still until it is released: a busy machine takes long to start Ansible."""

    def __init__(self) -> None:
        self._begun = time.time()
        self._released: float | None = None

    def __call__(self) -> float:
        return self._begun + (0.0 if self._released is None else time.time() - self._released)

    def release(self) -> None:
        self._released = time.time()


@dataclass
class Run:
    """One run, its operation, and all that was seen of it."""

    operation_id: str
    seen: str


class Runs:
    """Begin runs, and return their output once they have finished."""

    def __init__(self, sim: Simulator, folder: Path) -> None:
        self._sim = sim
        self._folder = folder
        self._environ = environment(HOME=str(folder))
        for name in ("NO_COLOR", "PYTHONUNBUFFERED"):  # as its user has it
            self._environ.pop(name, None)
        self._processes: dict[str, subprocess.Popen[str]] = {}
        self._operations: dict[str, str] = {}
        self._terminal = -1

    def options(self, name: str) -> dict[str, Any]:
        """Begin an operation on a server of its own, and give the options of the wait for it."""
        server = add(self._sim, "openstack", kind="create").resource_id
        begun = add(self._sim, "openstack", resource_id=server, started=2, duration=SECONDS)
        self._operations[name] = str(begun.operation_id)
        return {
            "provider": "openstack",
            **task(self._sim, "openstack"),
            "operation_id": begun.operation_id,
            "resource_id": server,
            "progress_interval": 1,
            "timeout": 300,
        }

    def folder(self, name: str) -> Path:
        path = self._folder / name
        path.mkdir()
        return path

    def begin(self, name: str, command: list[str], stderr: int = subprocess.STDOUT) -> None:
        self._processes[name] = subprocess.Popen(
            command, env=self._environ, text=True, stdout=subprocess.PIPE, stderr=stderr
        )

    def begin_in_terminal(self, command: list[str]) -> None:
        """A pseudo-terminal has both ends in our hands."""
        self._terminal, its_end = pty.openpty()
        self._processes["terminal"] = subprocess.Popen(
            command,
            env={**self._environ, "ANSIBLE_NOCOLOR": "false"},
            text=True,
            stdin=its_end,
            stdout=its_end,
            stderr=its_end,
        )
        os.close(its_end)

    def begin_in_tmux(self, command: list[str]) -> None:
        file = self._folder / "tmux.screen"
        socket = self._folder / "tmux"
        tmux = f"tmux -S {socket}"
        # Save the pane before its program ends, and the pane with it.
        script = f"{shlex.join(command)}; {tmux} capture-pane -p -e -J -S - -t $TMUX_PANE > {file}"
        start = ["tmux", "-S", str(socket), "-f", os.devnull, "new-session", "-d", "-x", "200", "-y", "50", script]
        subprocess.run(start, env={**self._environ, "ANSIBLE_NOCOLOR": "false"}, check=True, timeout=10)

    def first_line(self, name: str) -> str:
        """Return the first line with a state, before the end or not at all."""
        process = self._processes[name]
        assert process.stderr
        line = next((line for line in process.stderr if "is running" in line), "")
        return line if process.poll() is None else ""

    def end(self, name: str) -> Run:
        if name == "tmux":
            seen = self._from_tmux()
        elif name == "terminal":
            seen = self._from_terminal()
        else:
            seen = self._processes[name].communicate(timeout=LIMIT)[0]
        return Run(self._operations.get(name, ""), seen)

    def operation(self, name: str) -> str:
        return self._operations[name]

    def wait_for_first_polls(self) -> None:
        """Return when each wait has polled its operation."""
        deadline = time.monotonic() + LIMIT
        while time.monotonic() < deadline:
            polled = {request["path"].rpartition("/")[2] for request in self._sim.requests}
            if polled.issuperset(self._operations.values()):
                return
            time.sleep(0.1)
        raise AssertionError("a wait has not polled its operation")

    def _from_terminal(self) -> str:
        parts = []
        try:
            while part := os.read(self._terminal, 65536):
                parts.append(part)
        except OSError:  # the other end was closed
            os.close(self._terminal)
        self._processes["terminal"].wait(timeout=LIMIT)
        return b"".join(parts).decode()

    def _from_tmux(self) -> str:
        file, deadline = self._folder / "tmux.screen", time.monotonic() + LIMIT
        while (not file.exists() or not file.read_text()) and time.monotonic() < deadline:
            time.sleep(0.1)
        return file.read_text(encoding="utf-8")


def hosts_play(runs: Runs) -> list[str]:
    """Return one task on four hosts, one without progress, and one with no_log."""
    folder = runs.folder("hosts")
    names = ("first", "second", "quiet", "secret")
    variables = {
        name: {
            "wait": runs.options(name),
            "hidden": name == "secret",
            "ansible_connection": "local",
            "ansible_python_interpreter": sys.executable,
        }
        for name in names
    }
    variables["quiet"]["wait"]["progress"] = "never"
    inventory = folder / "inventory.json"
    inventory.write_text(json.dumps({"all": {"hosts": variables}}), encoding="utf-8")
    # Without module options in a variable, which Ansible warns of.
    wait = {key: f"{{{{ wait.{key} | default(omit) }}}}" for key in {**variables["first"]["wait"], "progress": 0}}
    play = write_play(folder, [{"name": "Wait", WAIT: wait, "no_log": "{{ hidden }}"}], "all")
    return ansible("playbook", "-i", str(inventory), str(play))


def runner_play(runs: Runs) -> list[str]:
    folder = runs.folder("runner")
    (folder / "project").mkdir()
    write_play(folder / "project", [{"name": "Wait", WAIT: runs.options("runner")}])
    return [sys.executable, "-m", "ansible_runner", "run", str(folder), "-p", "play.yml", "-i", "one", "-q"]


@pytest.fixture(scope="module")
def screens(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Run]]:
    """All the runs, by name."""
    folder = tmp_path_factory.mktemp("screens")
    clock = HeldClock()
    with Simulator(clock=clock) as sim:
        runs = Runs(sim, folder)
        names = ["piped", "hosts", "terminal"]
        runs.begin("piped", ad_hoc(runs.options("piped")), stderr=subprocess.PIPE)
        runs.begin("hosts", hosts_play(runs))
        runs.begin_in_terminal(ad_hoc(runs.options("terminal")))
        if shutil.which("tmux"):
            names.append("tmux")
            play = write_play(runs.folder("play"), [{"name": "Wait", WAIT: runs.options("tmux")}])
            runs.begin_in_tmux(ansible("playbook", str(play)))
        if find_spec("ansible_runner"):
            names.append("runner")
            runs.begin("runner", runner_play(runs))
        runs.wait_for_first_polls()
        clock.release()
        first = Run(runs.operation("piped"), runs.first_line("piped"))
        ended = {name: runs.end(name) for name in names}
        ended["first line"] = first
        for host in ("first", "second", "quiet", "secret"):
            ended[host] = Run(runs.operation(host), ended["hosts"].seen)
        ended["folder"] = Run("", str(folder))
        yield ended


def test_lines_name_their_host(screens: dict[str, Run]) -> None:
    for host in ("first", "second"):
        assert re.search("^" + line(host, screens[host].operation_id) + "$", screens[host].seen, re.MULTILINE)
    assert not re.search(line("first", screens["second"].operation_id), screens["first"].seen)


def test_nothing_is_shown_of_what_is_to_be_quiet(screens: dict[str, Run]) -> None:
    assert "ok: [quiet]" in screens["quiet"].seen, screens["quiet"].seen
    assert "ok: [secret]" in screens["secret"].seen
    for host in ("quiet", "secret"):
        assert f"WAITING: [{host}]" not in screens[host].seen
        assert screens[host].operation_id not in screens[host].seen


def test_lines_are_not_buffered_in_a_pipe(screens: dict[str, Run]) -> None:
    first = screens["first line"]
    assert re.match(line("localhost", first.operation_id), first.seen), first.seen


def test_standard_output_is_for_results(screens: dict[str, Run]) -> None:
    """A program that reads the output of a command gets the results only."""
    said, _arrow, result = screens["piped"].seen.partition(" => ")
    assert said == "localhost | SUCCESS", screens["piped"].seen
    assert json.loads(result)["succeeded"]


def test_command_line_in_a_terminal_has_colour(screens: dict[str, Run]) -> None:
    run = screens["terminal"]
    assert re.search(rf"{GREY}{line('localhost', run.operation_id)}\x1b\[0m", run.seen), run.seen
    assert run.seen.index("WAITING") < run.seen.index("localhost | SUCCESS")


def test_playbook_in_tmux_has_colour(screens: dict[str, Run]) -> None:
    if "tmux" not in screens:
        pytest.skip("tmux is not installed")
    run = screens["tmux"]
    # tmux keeps the color of the first line for the next ones, and on a busy machine the first has no step yet.
    assert re.search(rf"{GREY}WAITING: \[localhost\]: (reboot )?{run.operation_id} of ", run.seen), run.seen
    assert re.search(line("localhost", run.operation_id), run.seen), run.seen
    assert run.seen.index("TASK [Wait]") < run.seen.index("WAITING") < run.seen.index("ok: [localhost]")


def test_runner_has_events_of_the_task(screens: dict[str, Run]) -> None:
    if "runner" not in screens:
        pytest.skip("ansible-runner is not installed")
    files = Path(screens["folder"].seen).glob("runner/artifacts/*/job_events/*.json")
    events = sorted((json.loads(file.read_text(encoding="utf-8")) for file in files), key=lambda each: each["counter"])
    (begun,) = [event for event in events if event["event"] == "playbook_on_task_start"]
    (over,) = [event for event in events if event["event"] == "runner_on_ok"]
    shown = [event for event in events if "WAITING" in event["stdout"] and "no answer yet" not in event["stdout"]]
    assert shown
    for event in shown:
        assert event["event"] == "verbose"
        assert re.search(line("localhost", screens["runner"].operation_id), event["stdout"])
        assert event["parent_uuid"] == begun["event_data"]["task_uuid"]
        assert begun["counter"] < event["counter"] < over["counter"]
