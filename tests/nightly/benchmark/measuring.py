# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The cost of a command with all its descendants, also those whose parents have ended (Linux only).

Usage: measuring.py RESULT_FILE COMMAND [ARGUMENT ...]    writes a Cost as JSON and exits with the command's code
"""

from __future__ import annotations

import ctypes
import dataclasses
import json
import os
import resource
import sys
import time
from pathlib import Path

INTERVAL = 0.2  # seconds between two readings of the memory
_KIB = 1024 / 1e6  # in MB; the kernel counts in KiB
_PR_SET_CHILD_SUBREAPER = 36


@dataclasses.dataclass(frozen=True)
class Cost:
    """Times are seconds, ended is a moment of the wall clock, memory is MB (10**6 bytes).

    memory: the most that all processes had at one moment, in proportional set size: what several share counts once.
    started: the same without the command itself, so of what it started: of ansible-playbook, what runs the task.
    process: the most that one process had resident at any moment, with what it shares.
    """

    code: int
    wall: float
    cpu: float
    ended: float
    memory: float
    started: float
    process: float


def measure(command: list[str]) -> Cost:
    """Run a command to the end of its last descendant. To be called once a process, as the kernel sums up."""
    # Ansible's asynchronous jobs leave their parents: as orphans they come to us, and their CPU time with them.
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    started = time.monotonic()
    child = os.posix_spawnp(command[0], command, os.environ)
    code, wall, ended, memory, below = -1, 0.0, 0.0, 0.0, 0.0
    next_reading = started
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            break
        if pid == child:
            code, wall, ended = os.waitstatus_to_exitcode(status), time.monotonic() - started, time.time()
        if pid:
            continue
        if time.monotonic() >= next_reading:
            started_by_it = _memory_below(os.getpid(), besides=child)
            memory, below = max(memory, started_by_it + _proportional(child)), max(below, started_by_it)
            next_reading = time.monotonic() + INTERVAL
        time.sleep(0.02)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return Cost(code, wall, used.ru_utime + used.ru_stime, ended, memory, below, used.ru_maxrss * _KIB)


def _memory_below(root: int, besides: int) -> float:
    """MB of all descendants but one; a process that ends meanwhile counts nothing."""
    return sum(_proportional(pid) for pid in _descendants(root) if pid != besides)


def _descendants(root: int) -> list[int]:
    found: list[int] = []
    waiting = [root]
    while waiting:
        parent = waiting.pop()
        # Ansible's processes start others from one thread only, the first.
        children = [int(pid) for pid in _read(Path(f"/proc/{parent}/task/{parent}/children")).split()]
        found += children
        waiting += children
    return found


def _proportional(pid: int) -> float:
    """MB of a process."""
    lines = _read(Path(f"/proc/{pid}/smaps_rollup")).splitlines()
    return sum(int(line.split()[1]) * _KIB for line in lines if line.startswith("Pss:"))


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except OSError:  # it has just ended
        return ""


def main() -> int:
    """Measure the command of the command line."""
    cost = measure(sys.argv[2:])
    Path(sys.argv[1]).write_text(json.dumps(dataclasses.asdict(cost)), encoding="utf-8")
    return cost.code


if __name__ == "__main__":
    sys.exit(main())
