# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One step at work: its environment, its copy of the collection and its log."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import environment
from interpreters import search_path
from places import WORK, collections_path, stage

# A check must not depend on who runs it: no settings of Ansible, no cloud accounts.
_NOT_INHERITED = ("ANSIBLE_", "MOLECULE_", "OS_", "HUAWEICLOUD_", "HW_", "OTC_", "ECL_", "PYTHON", "VIRTUAL_ENV")


class StepFailed(Exception):
    """A step could not be done; the text says why."""


@dataclass
class Job:
    """What a step gets to work with."""

    name: str
    environment_name: str = "test"
    verbose: bool = False
    variables: dict[str, str] = field(default_factory=dict)

    @cached_property
    def environment(self) -> Path:
        """The virtual environment."""
        return environment.environment(self.environment_name)

    @cached_property
    def collection(self) -> Path:
        """A copy of the collection for this step alone."""
        return stage(self.name)

    @property
    def python(self) -> Path:
        """The environment's interpreter."""
        return self.environment / "bin" / "python"

    @property
    def log(self) -> Path:
        """The file that holds all output."""
        return WORK / f"{self.name}.log"

    def _variables(self) -> dict[str, str]:
        inherited = {key: value for key, value in os.environ.items() if not key.startswith(_NOT_INHERITED)}
        ours = {
            "PATH": search_path(self.environment),
            "ANSIBLE_COLLECTIONS_PATH": str(collections_path(self.collection)),
            "PYTHONDONTWRITEBYTECODE": "1",
            "LC_ALL": "C.UTF-8",
            "NO_COLOR": "1",
        }
        return {**inherited, **ours, **self.variables}

    def call(self, *command: str | Path, folder: Path | None = None) -> int:
        """Run a command in the collection, its output into the log, and return its exit code."""
        WORK.mkdir(parents=True, exist_ok=True)
        with self.log.open("a", encoding="utf-8") as log:
            log.write(f"$ {' '.join(map(str, command))}\n")
            with subprocess.Popen(
                command,
                cwd=folder or self.collection,
                env=self._variables(),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                errors="replace",
            ) as process:
                for line in process.stdout or ():
                    log.write(line)
                    if self.verbose:
                        print(line, end="", flush=True)
            return process.returncode

    def must(self, *command: str | Path, folder: Path | None = None) -> None:
        """Run a command that has to succeed."""
        if code := self.call(*command, folder=folder):
            raise StepFailed(f"{Path(command[0]).name} ended with code {code}")

    def existing(self, *paths: str) -> list[str]:
        """Return the paths, all of which must be in the collection: what is absent has not been tested."""
        if absent := [path for path in paths if not (self.collection / path).exists()]:
            raise StepFailed(f"nothing ran: {', '.join(absent)} is not there")
        return list(paths)
