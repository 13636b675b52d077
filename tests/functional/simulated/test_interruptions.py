# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A wait that is killed or interrupted leaves no process and no secret, and the task can run again.

Ansible itself leaves: of a killed controller its ansible-local-* folder with a cache of modules and an empty pymp-*
folder, of a killed module its ansible_*_payload_* folder with the unpacked code. If all its processes are killed at
once, nothing can clean up: without pipelining the module's file with its options then stays on the host.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from simulated.helpers import account, add, task
from simulated.playbook_runs import ad_hoc, environment, wait_ad_hoc
from simulator import Simulator

PROC = Path("/proc")
DURATION = 15  # seconds of the operation
SOON = 6.0  # seconds in which all that belongs to a killed wait has to be gone
pytestmark = pytest.mark.skipif(not PROC.exists(), reason="processes are found in /proc")


class Killed:
    """A wait that can be killed during a poll. Its processes are found by a mark in their environment."""

    def __init__(self, sim: Simulator, folder: Path, pipelining: bool, *more: str) -> None:
        begun = add(sim, "openstack", started=0, duration=DURATION)
        self._sim = sim
        self.options: dict[str, Any] = {
            "provider": "openstack",
            **task(sim, "openstack"),
            "resource_id": begun.resource_id,
            "operation_id": begun.operation_id,
            "poll_min": 0.5,
            "poll_max": 0.5,
            "timeout": 60,
        }
        self._mark = uuid.uuid4().hex
        self.folders = {name: folder / name for name in ("local", "remote", "unpacked")}
        for each in self.folders.values():
            each.mkdir()
        self.environ = {
            "MARK": self._mark,
            "ANSIBLE_LOCAL_TEMP": str(self.folders["local"]),
            "ANSIBLE_REMOTE_TMP": str(self.folders["remote"]),
            "TMPDIR": str(self.folders["unpacked"]),
            "ANSIBLE_PIPELINING": str(pipelining),
            "ANSIBLE_PYTHON_INTERPRETER": sys.executable,
        }
        self.controller = subprocess.Popen(
            ad_hoc(self.options, *more),
            env=environment(**self.environ),
            text=True,
            start_new_session=True,  # as a terminal does: Ctrl-C is for all processes
            preexec_fn=obey_ctrl_c,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        eventually(lambda: self.polls >= 2, 30)

    @property
    def polls(self) -> int:
        return sum("os-instance-actions" in entry["path"] for entry in self._sim.requests)

    def processes(self) -> dict[int, str]:
        """Command lines by process id."""
        found = {}
        for folder in PROC.glob("[0-9]*"):
            try:
                if f"MARK={self._mark}".encode() in (folder / "environ").read_bytes():
                    found[int(folder.name)] = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            except OSError:  # it ended just now, or is another user's
                continue
        return {pid: command for pid, command in found.items() if command}  # a zombie has none

    def kill_controller(self) -> None:
        self.controller.kill()

    def kill_worker(self) -> None:
        (worker,) = [
            pid
            for pid, command in self.processes().items()
            if "ansible adhoc" in command and pid != self.controller.pid
        ]
        os.kill(worker, signal.SIGKILL)

    def press_ctrl_c(self) -> None:
        os.killpg(self.controller.pid, signal.SIGINT)

    def kill_all(self) -> None:
        os.killpg(self.controller.pid, signal.SIGKILL)

    def kill_module(self) -> None:
        (module,) = [
            pid
            for pid, command in self.processes().items()
            if "ansible adhoc" not in command and not command.startswith("/bin/sh")
        ]
        os.kill(module, signal.SIGKILL)

    def channels(self) -> list[Path]:
        """Return the files that progress is reported through."""
        return list(self.folders["local"].rglob("progress-*"))

    def left(self) -> list[str]:
        """Return the files that are left, by the prefixes of their folders."""
        files = [file for folder in self.folders.values() for file in folder.rglob("*") if file.is_file()]
        password = account(self._sim, "openstack")["password"].encode()
        assert not [file for file in files if password in file.read_bytes()]
        return sorted(
            {next(parent.name for parent in file.parents if parent.parent in self.folders.values()) for file in files}
        )


def obey_ctrl_c() -> None:
    """Restore SIGINT, as a terminal does: a shell lets background processes and their children ignore it."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def eventually(condition: Callable[[], bool], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)


@pytest.mark.parametrize("pipelining", [True, False])
def test_killed_controller(tmp_path: Path, pipelining: bool) -> None:
    with Simulator() as sim:
        wait = Killed(sim, tmp_path, pipelining)
        if not pipelining:
            assert list(wait.folders["remote"].rglob("AnsiballZ_*"))  # the module with its options

        wait.kill_controller()

        eventually(lambda: not wait.processes(), SOON)
        assert all(name.startswith("ansible-local-") for name in wait.left())
        assert not list(wait.folders["remote"].iterdir())
        assert all(each.name.startswith("pymp-") for each in wait.folders["unpacked"].iterdir())
        assert not wait.channels()
        polls = wait.polls
        result = wait_ad_hoc(wait.options, environ=wait.environ)
        assert result["succeeded"]
        assert wait.polls > polls
        assert not wait.processes()
    wait.controller.communicate()


def test_killed_module(tmp_path: Path) -> None:
    with Simulator() as sim:
        wait = Killed(sim, tmp_path, pipelining=False)

        wait.kill_module()

        said, _nothing = wait.controller.communicate(timeout=30)
        assert wait.controller.returncode == 2
        assert "localhost | FAILED!" in said
        assert "The module was killed before it returned a result (exit status 137)." in said
        assert not wait.channels()
        assert account(sim, "openstack")["password"] not in said
        eventually(lambda: not wait.processes(), SOON)
        assert all(name.startswith("ansible_cloudgate.operations.wait_for_operation_payload_") for name in wait.left())
        assert not list(wait.folders["remote"].iterdir())
        assert wait_ad_hoc(wait.options, environ=wait.environ)["succeeded"]
        assert not wait.processes()


def test_killed_worker(tmp_path: Path) -> None:
    with Simulator() as sim:
        wait = Killed(sim, tmp_path, True)

        wait.kill_worker()

        said, _nothing = wait.controller.communicate(timeout=30)
        assert wait.controller.returncode != 0
        assert account(sim, "openstack")["password"] not in said
        eventually(lambda: not wait.processes(), SOON)
        assert wait.left() == []
        assert wait_ad_hoc(wait.options, environ=wait.environ)["succeeded"]


def test_ctrl_c(tmp_path: Path) -> None:
    with Simulator() as sim:
        wait = Killed(sim, tmp_path, True)

        wait.press_ctrl_c()

        said, _nothing = wait.controller.communicate(timeout=30)
        assert wait.controller.returncode != 0
        assert "SUCCESS" not in said and "succeeded" not in said
        assert account(sim, "openstack")["password"] not in said
        eventually(lambda: not wait.processes(), SOON)
        assert wait.left() == []
        assert wait_ad_hoc(wait.options, environ=wait.environ)["succeeded"]


def test_timeout_of_the_task(tmp_path: Path) -> None:
    with Simulator() as sim:
        wait = Killed(sim, tmp_path, True, "--task-timeout", "6")

        said, _nothing = wait.controller.communicate(timeout=30)

        assert wait.controller.returncode == 2
        assert "in the expected time frame" in said or '"timedout"' in said, said  # the first: Ansible 2.16
        assert account(sim, "openstack")["password"] not in said
        eventually(lambda: not wait.processes(), SOON)
        assert wait.left() == []
        assert wait_ad_hoc(wait.options, environ=wait.environ)["succeeded"]


def test_all_killed_at_once(tmp_path: Path) -> None:
    """No process remains to remove the progress file, so it must be removed before."""
    with Simulator() as sim:
        wait = Killed(sim, tmp_path, True)
        eventually(lambda: not wait.channels(), SOON)

        wait.kill_all()

        wait.controller.communicate(timeout=30)
        eventually(lambda: not wait.processes(), SOON)
        assert not wait.channels()
