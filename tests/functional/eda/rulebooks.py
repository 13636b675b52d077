# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs rulebooks as a user does, with ansible-rulebook in a process of its own."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_SCRIPTS = Path(sys.executable).parent
PATIENCE = 240.0  # seconds; a Java machine starts slowly beside other checks
_LAST = 5000  # characters that explain the failure of a test
_NOT_INHERITED = ("OS_", "HW_", "HUAWEICLOUD_", "PYTHONPATH")  # the source has to find its collection by itself


@dataclass
class Rulebook:
    """A running rulebook."""

    process: subprocess.Popen[str]
    output: Path

    @property
    def said(self) -> str:
        """Return the output so far."""
        return self.output.read_text(encoding="utf-8", errors="replace")

    def until(self, condition: Callable[[], bool]) -> None:
        """Wait for this output. The test fails if the rulebook ends first."""
        deadline = time.monotonic() + PATIENCE
        while not condition():
            assert self.process.poll() is None, self.said[-_LAST:]
            assert time.monotonic() < deadline, self.said[-_LAST:]
            time.sleep(0.1)

    def kill(self) -> None:
        """End the process as a power failure does: no cleanup."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def interrupt(self) -> int:
        """End the process as Ctrl-C does, and return its exit code."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(timeout=PATIENCE)


def running(
    rulebook: str | Path, folder: Path, variables: dict[str, Any], environ: dict[str, str]
) -> contextlib.AbstractContextManager[Rulebook]:
    """Run a rulebook, of the collection or a file, on this machine."""
    inventory, values = folder / "inventory.yml", folder / "variables.yml"
    host = {"ansible_connection": "local", "ansible_python_interpreter": sys.executable}
    inventory.write_text(json.dumps({"all": {"hosts": {"localhost": host}}}), encoding="utf-8")
    values.write_text(json.dumps(variables), encoding="utf-8")
    command = ["ansible-rulebook", "--rulebook", rulebook, "--inventory", inventory, "--vars", values]
    return started([*map(str, command)], folder, environ)


@contextlib.contextmanager
def started(command: list[str], folder: Path, environ: dict[str, str]) -> Iterator[Rulebook]:
    """Start ansible-rulebook with this command line, and kill what is left of it in the end."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(_NOT_INHERITED)}
    settings = {"PATH": f"{_SCRIPTS}:{os.environ['PATH']}", "NO_PROXY": "*", "HOME": str(folder), **environ}
    output = folder / "output.txt"
    with output.open("a", encoding="utf-8") as file:
        process = subprocess.Popen(
            command,
            env={**inherited, **settings},
            cwd=folder,
            text=True,
            executable=str(_SCRIPTS / command[0]),
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    rulebook = Rulebook(process, output)
    try:
        yield rulebook
    finally:
        rulebook.kill()
