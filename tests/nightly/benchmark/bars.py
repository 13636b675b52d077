# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Measure every bar of docs/benchmarks.md in one run, and write the tables of that page.

SIMULATOR_FILE names the simulator's addresses and accounts. BENCH_PARTS=model,task,long,thousand,interval measures
only some of them. BENCH_PAIRS=2 sets the number of pairs for long measurements (usually 5). Only a whole run writes the
page, into the file that BENCH_DOCUMENT names.
"""

from __future__ import annotations

import os
import platform
import re
import sys
from collections.abc import Sequence
from datetime import datetime, timezone
from importlib.metadata import version
from pathlib import Path

import pairs
import task_cost
from ansible_collections.cloudgate.operations.tests.nightly.benchmark import many_operations
from ansible_collections.cloudgate.operations.tests.nightly.benchmark.bar_row import Bar
from waits import Simulated

PARTS = ("model", "task", "long", "thousand", "interval")
BARS, INTERVALS = "bars", "internal_poll_interval"


def measured_on() -> str:
    """Say when and on what this run was made."""
    cpus = re.findall(r"^model name\s*: (.*)", Path("/proc/cpuinfo").read_text(encoding="utf-8"), re.MULTILINE)
    date = datetime.now(timezone.utc)
    cores, cpu = len(os.sched_getaffinity(0)), cpus[0] if cpus else "unknown"
    system = f"{platform.system()} {platform.release().split('-')[0]}"
    return (
        f"Measured on {date.day} {date:%B %Y}, on {cores} cores ({cpu}, load {os.getloadavg()[2]:.1f} at the end), "
        f"with {system}, Python {platform.python_version()}, ansible-core {version('ansible-core')}."
    )


def bars_table(bars: Sequence[Bar]) -> str:
    """In Markdown."""
    head = "| what | reached | at most | how it is known |\n|---|--:|--:|---|"
    return "\n".join([measured_on(), "", head, *(each.row for each in bars)])


def intervals_table(found: Sequence[tuple[float, float, float]]) -> str:
    """In Markdown."""
    head = "| `internal_poll_interval` | CPU ms for a second of waiting | ms for a quick task |\n|--:|--:|--:|"
    rows = [
        f"| {each}{' (default)' if each == 0.001 else ''} | {cpu:.1f} | {quick:.0f} |" for each, cpu, quick in found
    ]
    return "\n".join([head, *rows])


def written(text: str, name: str, table: str) -> str:
    """Return the page with this table. Raises ValueError if it lacks the markers."""
    begin, end = f"<!-- begin of the table {name}: make bench -->\n", f"<!-- end of the table {name} -->\n"
    before, begun, rest = text.partition(begin)
    _old, ended, after = rest.partition(end)
    if not begun or not ended:
        raise ValueError(f"the page must have both markers of the table {name}")
    return f"{before}{begin}\n{table}\n\n{end}{after}"


def main() -> int:
    """Measure, print the bars, and write the page after a whole run; 1 if a bar is missed."""
    parts = os.environ.get("BENCH_PARTS", ",".join(PARTS)).split(",")
    number = int(os.environ.get("BENCH_PAIRS", "5"))
    file = os.environ["SIMULATOR_FILE"]
    simulated = Simulated(file)
    measure = {
        "model": many_operations.bars,
        "task": lambda: task_cost.bars(20, file),
        "long": lambda: pairs.long_wait(number, simulated),
        "thousand": lambda: pairs.thousand(number, simulated),
    }
    bars: list[Bar] = []
    for part in parts:
        print(f"{part}:", flush=True)
        bars += measure[part]() if part in measure else []
    intervals = pairs.poll_intervals(min(number, 3)) if "interval" in parts else []
    print(bars_table(bars))
    for each in bars:
        print(each.line)
    if set(parts) == set(PARTS) and "BENCH_DOCUMENT" in os.environ:
        page = Path(os.environ["BENCH_DOCUMENT"])
        text = written(page.read_text(encoding="utf-8"), BARS, bars_table(bars))
        page.write_text(written(text, INTERVALS, intervals_table(intervals)), encoding="utf-8")
    return int(not all(each.held for each in bars))


if __name__ == "__main__":
    sys.exit(main())
