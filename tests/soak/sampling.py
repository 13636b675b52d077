# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the processes of a wait take, second by second, and whether that is flat (Linux only)."""

from __future__ import annotations

import os
import statistics
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

PROC = Path("/proc")
_PAGE = os.sysconf("SC_PAGE_SIZE") / 1e6
MEASURES = ("MB", "threads", "files")
WARM = 60.0  # seconds of the second half from which on a trend says something
BARS = {"MB": 2.0, "threads": 3.0, "files": 3.0}  # that the second half may bring; a leak of each look brings more


@dataclass(frozen=True)
class Sample:
    """What one process has at a moment; seconds since the beginning."""

    second: float
    pid: int
    values: tuple[float, ...]  # as in MEASURES


@dataclass(frozen=True)
class Process:
    """A running process: its command line, and what it has."""

    pid: int
    parent: int
    command: str

    def values(self) -> tuple[float, ...]:
        """MB, threads and open files. Raises OSError if it has ended."""
        folder = PROC / str(self.pid)
        resident = int((folder / "statm").read_text().split()[1]) * _PAGE
        return resident, len(os.listdir(folder / "task")), len(os.listdir(folder / "fd"))


def processes(mark: str) -> list[Process]:
    """All processes that have these bytes in their environment."""
    found = []
    for folder in PROC.glob("[0-9]*"):
        try:
            if mark.encode() in (folder / "environ").read_bytes():
                command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
                parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
                found.append(Process(int(folder.name), parent, command))
        except (OSError, IndexError):  # it has just ended, or is another user's
            continue
    return [process for process in found if process.command]  # a zombie has none


@dataclass
class Sampler:
    """Looks each second at the processes with a mark. role: the name of what a process is, or None."""

    mark: str
    role: Callable[[Process], str | None]
    samples: dict[str, list[Sample]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Sampler:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._over.set()
        self._thread.join()

    def _run(self) -> None:
        began = time.monotonic()
        while not self._over.wait(1):
            for process in processes(self.mark):
                role = self.role(process)
                if role is None:
                    continue
                try:
                    values = process.values()
                except OSError:
                    continue
                self.samples[role].append(Sample(time.monotonic() - began, process.pid, values))


def in_turn(samples: Sequence[Sample]) -> list[Sample]:
    """What each process had as a rule, where one follows the other; those that ended within seconds are left out."""
    by_process: dict[int, list[Sample]] = defaultdict(list)
    for sample in samples:
        by_process[sample.pid].append(sample)
    found = []
    for pid, each in by_process.items():
        columns = zip(*(sample.values for sample in each), strict=True)
        if len(each) > 3:
            found.append(Sample(each[0].second, pid, tuple(statistics.median(column) for column in columns)))
    return found


@dataclass(frozen=True)
class Trend:
    """How one measure went: the mean of the second half, its most, and what the second half brought by its slope."""

    mean: float
    most: float
    slope: float  # a minute
    growth: float
    limit: float
    span: float  # seconds of the second half

    @property
    def flat(self) -> bool:
        """Whether the second half brought no more than it may; less than a minute is all warming up."""
        return self.growth <= self.limit or self.span < WARM


def trends(samples: Sequence[Sample]) -> dict[str, Trend]:
    """The trend of each measure; the first half is for warming up. Three samples at least are needed."""
    middle = (samples[0].second + samples[-1].second) / 2
    late = [sample for sample in samples if sample.second >= middle]
    span = late[-1].second - late[0].second
    found = {}
    for number, name in enumerate(MEASURES):
        values = [sample.values[number] for sample in late]
        slope, _start = statistics.linear_regression([sample.second for sample in late], values)
        most = max(sample.values[number] for sample in samples)
        found[name] = Trend(statistics.mean(values), most, slope * 60, slope * span, BARS[name], span)
    return found
