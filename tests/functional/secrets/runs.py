# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run Ansible as a user does, with full verbosity, and collect all its output and files."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Container, Mapping
from pathlib import Path
from typing import Any

from planted import NETRC
from watching import MARK, FileWatcher, ProcessWatcher

HERE = Path(__file__).resolve().parent
WAIT = "cloudgate.operations.wait_for_operation"
_LIMIT = 900  # seconds; a run that hangs fails
_PLACES = {  # by its file
    "screen": "screen at -vvvvv",
    "log": "log file of Ansible",
    "results.jsonl": "results that callbacks get",
    "registered.json": "registered variables",
    "report.html": "report",
    "facts": "cached facts",
    "libraries.log": "logs of libraries at DEBUG",
    "syslog": "syslog",
    "artifacts": "artifacts of ansible-runner",
    "events": "events of the event source",
    "source": "log of the event source",
}
EVENTS, SOURCE_LOG = _PLACES["events"], _PLACES["source"]
REPORT = "report.html"
TEMPORARY, LEFT, PROCESSES = "temporary files", "files left behind", "process list"
REQUESTS, STRANGER = "requests to other clouds", "requests to a stranger"
PLACES = (*_PLACES.values(), TEMPORARY, LEFT, PROCESSES, REQUESTS, STRANGER)
Found = Callable[[str, str, bytes], None]  # receives the place, the position in it, and the content


class Run:
    """One start of Ansible, in a folder of its own.

    secret_files: content of files of the user's, which are not searched. found: is handed all that there is to search.
    """

    def __init__(self, folder: Path, found: Found, secret_files: dict[str, str] | None = None) -> None:
        self.folder = folder
        self._found = found
        self.inputs, self.output, self.temporary, self.home = (
            folder / name for name in ("inputs", "output", "tmp", "home")
        )
        for each in (self.inputs, self.output, self.temporary, self.home):
            each.mkdir(parents=True)
        for name, content in (secret_files or {}).items():
            (self.inputs / name).write_text(content, encoding="utf-8")
        (self.inputs / ".netrc").write_text(f"default login me password {NETRC.text}\n", encoding="utf-8")
        (self.inputs / ".netrc").chmod(0o600)
        self.watched_files = self.argument_files = self.processes = 0

    def environment(self, more: Mapping[str, str]) -> dict[str, str]:
        """Return an environment with full verbosity, in which all logs are kept for the search."""
        path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
        collections = os.environ["ANSIBLE_COLLECTIONS_PATH"]
        temporary, output = str(self.temporary), str(self.output)
        return {
            "PATH": path,
            "HOME": str(self.home),
            "NETRC": str(self.inputs / ".netrc"),
            "NO_PROXY": "*",
            "LC_ALL": "C.UTF-8",
            "PYTHONPATH": str(HERE / "hooks"),
            "PYTHONDONTWRITEBYTECODE": "1",
            MARK: str(self.folder),
            "SECRETS_LOGS": output,
            "SECRETS_RESULTS": f"{output}/results.jsonl",
            "TMPDIR": temporary,
            "ANSIBLE_COLLECTIONS_PATH": collections,
            "ANSIBLE_REMOTE_TEMP": f"{temporary}/remote",
            "ANSIBLE_LOCAL_TEMP": f"{temporary}/local",
            "ANSIBLE_ASYNC_DIR": f"{temporary}/async",
            "ANSIBLE_LOG_PATH": f"{output}/log",
            "ANSIBLE_CALLBACK_PLUGINS": str(HERE / "callback_plugins"),
            "ANSIBLE_CALLBACKS_ENABLED": "everything",
            "ANSIBLE_CONNECTION_PLUGINS": str(HERE.parent / "simulated" / "connection_plugins"),
            "ANSIBLE_CACHE_PLUGIN": "jsonfile",
            "ANSIBLE_CACHE_PLUGIN_CONNECTION": f"{output}/facts",
            "ANSIBLE_DISPLAY_TRACEBACK": "always",
            "ANSIBLE_INJECT_INVOCATION": "true",
            "ANSIBLE_NOCOLOR": "true",
            "OS_CLIENT_CONFIG_FILE": str(self.inputs / "clouds.yaml"),
            "OS_CLIENT_SECURE_FILE": str(self.inputs / "secure.yaml"),
            "CLOUDGATE_TRUSTED_HOSTS": "127.0.0.1:1",
            **more,
        }  # of the outcome "unreachable", also for clouds.yaml

    def run(self, command: list[str], more: Mapping[str, str] | None = None, screen_file: str = "screen") -> int:
        """Run a command, watch it, and search what is left. Returns its exit code."""
        files = FileWatcher(self.temporary, lambda where, text: self._found(TEMPORARY, where, text))
        processes = ProcessWatcher(str(self.folder), lambda where, text: self._found(PROCESSES, where, text))
        with files, processes, (self.output / screen_file).open("wb") as screen:
            try:
                done = subprocess.run(
                    command,
                    cwd=self.inputs,
                    env=self.environment(more or {}),
                    stdout=screen,
                    stderr=subprocess.STDOUT,
                    stdin=subprocess.DEVNULL,
                    timeout=_LIMIT,
                    check=False,
                )
            finally:
                processes.end_all()
        self.watched_files, self.argument_files, self.processes = files.files, files.argument_files, processes.processes
        self._search()
        return done.returncode

    def _search(self) -> None:
        for path in sorted(self.output.rglob("*")):
            if path.is_file():
                parts = path.relative_to(self.output).parts
                place = _PLACES["facts" if "fact_cache" in parts else parts[0]]
                self._found(place, str(path.relative_to(self.folder.parent)), path.read_bytes())
        for folder in (self.temporary, self.home):
            for path in sorted(folder.rglob("*")):
                if path.is_file():
                    self._found(LEFT, str(path.relative_to(self.folder.parent)), path.read_bytes())

    @property
    def screen(self) -> str:
        """Return the printed output."""
        return self.read("screen")

    def read(self, name: str) -> str:
        """Return a file of the output."""
        return (self.output / name).read_text(encoding="utf-8", errors="replace")


def playbook(run: Run, hosts: dict[str, list[dict[str, Any]]], pipelined: Container[str] = ()) -> list[str]:
    """Return the command line that runs these tasks, each on its host, and keeps everything that they return.

    pipelined: hosts to which Ansible sends modules without a file, which is faster.

    The options come from the inventory, so that the command line and the playbook hold no secret.
    """
    count = max(map(len, hosts.values()))
    tasks: list[dict[str, Any]] = []
    for number in range(count):
        for variant in sorted({_variant(each[number]) for each in hosts.values() if number < len(each)}):
            asked = f"(tasks_of_host[{number}] | default({{}})).variant | default('') == {variant!r}"
            module, keywords = json.loads(variant)
            tasks.append(
                {
                    "name": f"Task {number}",
                    module: None,
                    "args": f"{{{{ tasks_of_host[{number}].options }}}}",
                    "when": asked,
                    "register": f"registered_{len(tasks)}",
                    "ignore_errors": True,
                    **keywords,
                }
            )
    registered = "dict2items | selectattr('key', 'match', 'registered_')"
    tasks.append(
        {
            "name": "Remember",
            "ansible.builtin.set_fact": {
                "kept": f"{{{{ hostvars[inventory_hostname] | {registered} }}}}",
                "cacheable": True,
            },
        }
    )
    write = {
        "name": "Write",
        "run_once": True,
        "ansible.builtin.copy": {
            "content": "{{ hostvars.values() | map(attribute='kept') | list | to_json }}",
            "dest": str(run.output / "registered.json"),
            "mode": "0600",
        },
    }
    results = "hostvars.values() | map(attribute='kept') | flatten | map(attribute='value') | list"
    report = {
        "name": "Report",
        "run_once": True,
        "cloudgate.operations.operation_report": {
            "operations": f"{{{{ {results} }}}}",
            "path": str(run.output / REPORT),
        },
    }
    plays = [{"name": "Search", "hosts": "all", "gather_facts": False, "tasks": [*tasks, write, report]}]
    inventory = {
        "all": {
            "hosts": {
                name: {
                    "ansible_connection": "local",
                    "ansible_python_interpreter": sys.executable,
                    "ansible_pipelining": name in pipelined,
                    "tasks_of_host": [{"options": each["options"], "variant": _variant(each)} for each in given],
                }
                for name, given in hosts.items()
            }
        }
    }
    (run.inputs / "play.yml").write_text(json.dumps(plays), encoding="utf-8")
    (run.inputs / "inventory.yml").write_text(json.dumps(inventory), encoding="utf-8")
    return [sys.executable, "-m", "ansible", "playbook", "-vvvvv", "-f", "4", "-i", "inventory.yml", "play.yml"]


def _variant(task: dict[str, Any]) -> str:
    return json.dumps([task.get("module", WAIT), task.get("keywords") or {}], sort_keys=True)


def role_playbook(run: Run, cases: list[dict[str, Any]]) -> list[str]:
    """Return the command line that runs the role with each of these variables, which come from the inventory."""
    tasks = [
        {
            "name": f"Case {number}",
            "vars": {name: f"{{{{ cases[{number}].{name} }}}}" for name in variables},
            "block": [
                {"name": "Gate", "ansible.builtin.include_role": {"name": "cloudgate.operations.operation_gate"}}
            ],
            "rescue": [{"name": f"Case {number} is refused", "ansible.builtin.debug": {"msg": "refused"}}],
        }
        for number, variables in enumerate(cases)
    ]
    plays = [{"name": "Search", "hosts": "all", "gather_facts": False, "tasks": tasks}]
    host = {
        "ansible_connection": "local",
        "ansible_python_interpreter": sys.executable,
        "ansible_pipelining": True,
        "cases": cases,
    }
    (run.inputs / "play.yml").write_text(json.dumps(plays), encoding="utf-8")
    (run.inputs / "inventory.yml").write_text(json.dumps({"all": {"hosts": {"role": host}}}), encoding="utf-8")
    return [sys.executable, "-m", "ansible", "playbook", "-vvvvv", "-i", "inventory.yml", "play.yml"]


def event_source(run: Run, cases: list[dict[str, Any]]) -> list[str]:
    """Return the command line that runs the event source with each of these arguments."""
    file = HERE.parents[2] / "extensions" / "eda" / "plugins" / "event_source" / "operations.py"
    (run.inputs / "cases.json").write_text(json.dumps(cases), encoding="utf-8")
    return [
        sys.executable,
        str(HERE / "watch_source.py"),
        str(file),
        str(run.inputs / "cases.json"),
        str(run.output / "events"),
    ]


def ad_hoc(run: Run, options: dict[str, Any]) -> list[str]:
    """Return the command line of one wait; its options come from a file, as they hold secrets."""
    (run.inputs / "given.yml").write_text(json.dumps({"given": options}), encoding="utf-8")
    arguments = json.dumps({name: f"{{{{ given.{name} }}}}" for name in options})
    return [
        sys.executable,
        "-m",
        "ansible",
        "adhoc",
        "-vvvvv",
        "localhost",
        "-m",
        WAIT,
        "-a",
        arguments,
        "-e",
        "@given.yml",
    ]


def runner(run: Run) -> list[str]:
    """Return the command line of ansible-runner for what C(playbook) has written; its artifacts are searched."""
    private = run.inputs / "private"
    for name in ("project", "env", "inventory"):
        (private / name).mkdir(parents=True)
    (run.inputs / "play.yml").rename(private / "project" / "play.yml")
    (run.inputs / "inventory.yml").rename(private / "inventory" / "hosts.yml")
    # It keeps its environment in its artifacts, unless configured otherwise.
    (private / "env" / "settings").write_text(json.dumps({"suppress_env_files": True}), encoding="utf-8")
    return [
        sys.executable,
        "-m",
        "ansible_runner",
        "run",
        str(private),
        "-p",
        "play.yml",
        "-vvvvv",
        "--artifact-dir",
        str(run.output / "artifacts"),
    ]
