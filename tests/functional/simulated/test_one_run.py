# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A wait on the controller is one run of the module with one login; elsewhere it runs in slices of a minute."""

from __future__ import annotations

import itertools
import re
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from simulated.helpers import add, logins, task
from simulated.playbook_runs import ELSEWHERE, ad_hoc, environment
from simulator import Simulator

SECONDS = 22  # of the longest operation
SOON = 5.0  # seconds in which a change must be on the screen; on an idle machine it is one
LINE = re.compile(
    r"WAITING: \[localhost\]: reboot (\S+) of \S+ (is running: \w+|succeeded) \(([\d.]+) s, (\d) of 2 finished\)"
)


@dataclass
class Run:
    """A wait for a short and a long operation. lines: (moment, operation, its state, how many have finished)."""

    lines: list[tuple[float, str, str, int]]
    output: str
    errors: str
    logins: int
    last_polls: dict[str, float]
    left: list[Path]

    @property
    def starts(self) -> int:
        return self.output.count("Using module file")


def waited(folder: Path, **options: Any) -> Run:
    """Run the wait and note when each line comes."""
    (folder / "local").mkdir()
    environ = environment(ANSIBLE_LOCAL_TEMP=str(folder / "local"), **ELSEWHERE)
    with Simulator() as sim:
        servers = [add(sim, "openstack", kind="create").resource_id for _number in range(2)]
        begun = [
            add(sim, "openstack", resource_id=server, started=0, duration=duration)
            for server, duration in zip(servers, (9, SECONDS), strict=True)
        ]
        operations = [{"operation_id": each.operation_id, "resource_id": each.resource_id} for each in begun]
        wait = {"provider": "openstack", **task(sim, "openstack"), "operations": operations, "poll_max": 0.5}
        given = {**wait, "poll_min": 0.5, "progress_interval": 2, "timeout": 90, **options.pop("wait", {})}
        more = [f"-e{name}={value}" for name, value in options.items()]
        with subprocess.Popen(
            ad_hoc(given, "-vvv", *more), env=environ, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        ) as process:
            assert process.stderr
            errors = [(time.time(), line) for line in process.stderr]
            output = process.communicate()[0]
        polled = {
            str(each.operation_id): max(
                entry["ended"] for entry in sim.requests if str(each.operation_id) in entry["path"]
            )
            for each in begun
        }
        found = [(moment, LINE.match(line)) for moment, line in errors]
        lines = [(moment, each[1], each[2], int(each[4])) for moment, each in found if each]
        shown = "".join(line for _moment, line in errors)
        return Run(lines, output, shown, logins(sim), polled, list((folder / "local").iterdir()))


@pytest.fixture(scope="module")
def local(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return waited(tmp_path_factory.mktemp("local"))


def test_a_wait_on_the_controller_starts_the_module_once_and_logs_in_once(local: Run) -> None:
    assert '"succeeded": true' in local.output, local.output[-2000:] + local.errors
    assert (local.starts, local.logins) == (1, 1)
    assert '"_progress"' not in local.output  # an option for these tests only
    assert local.left == []


def test_a_change_is_on_the_screen_soon_after_the_module_has_seen_it(local: Run) -> None:
    (short, long), lines = local.last_polls, local.lines
    moment, finished = next(
        (moment, finished) for moment, name, what, finished in lines if (name, what) == (short, "succeeded")
    )
    assert finished == 1
    assert 0 <= moment - local.last_polls[short] <= SOON
    assert not [name for _moment, name, what, _ended in lines if (name, what) == (long, "succeeded")]  # see the result
    assert len({name for _moment, name, _what, _ended in lines[:2]}) == 2  # each line once, before the first repetition


def test_lines_appear_while_nothing_changes(local: Run) -> None:
    (_short, long), moments = local.last_polls, [moment for moment, *_line in local.lines]
    assert [name for _moment, name, _what, _ended in local.lines].count(long) >= 4
    assert max(after - before for before, after in itertools.pairwise(moments)) <= 2 + SOON


def test_without_progress_no_file_is_made(tmp_path: Path) -> None:
    silent = waited(tmp_path, wait={"progress": "never"})
    assert (silent.starts, silent.logins, silent.lines, silent.left) == (1, 1, [], [])


def test_on_another_host_only_a_change_ends_a_slice(tmp_path: Path) -> None:
    run = waited(tmp_path, ansible_connection="elsewhere")
    assert '"succeeded": true' in run.output, run.output[-2000:] + run.errors
    # Five seconds, until the short operation ends, until the long one does; on a busy machine the first two are one.
    assert run.starts == run.logins <= 3
    short = next(iter(run.last_polls))
    assert [(name, what) for _moment, name, what, _ended in run.lines].count((short, "succeeded")) == 1
