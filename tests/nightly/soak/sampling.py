# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The resource use of a wait's processes, second by second, and whether it is flat (Linux only)."""

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
BARS = {"MB": 2.0, "threads": 3.0, "files": 3.0}  # growth that the second half may have; a leak in each poll has more


@dataclass(frozen=True)
class Sample:
    """The resource use of one process at a moment; seconds since the beginning."""

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
    """Return all processes that have these bytes in their environment."""
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
    """Samples the processes with a mark each second. role: the name of a process's role, or None."""

    mark: str
    role: Callable[[Process], str | None]
    samples: dict[str, list[Sample]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Sampler:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._ended.set()
        self._thread.join()

    def _run(self) -> None:
        began = time.monotonic()
        while not self._ended.wait(1):
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
    """Return the typical use of processes that follow each other; those that ended within seconds are skipped."""
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
    """The trend of one measure: the mean of the second half, its maximum, and its growth by its slope."""

    mean: float
    most: float
    slope: float  # a minute
    growth: float
    limit: float
    span: float  # seconds of the second half

    @property
    def flat(self) -> bool:
        """Return whether the second half grew no more than allowed; less than a minute is all warming up."""
        return self.growth <= self.limit or self.span < WARM


def trends(samples: Sequence[Sample]) -> dict[str, Trend]:
    """Return the trend of each measure; the first half is for warming up. At least three samples are needed."""
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
