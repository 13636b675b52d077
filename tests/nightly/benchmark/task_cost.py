# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The cost of one operation_info task and of one ansible.builtin.uri GET task: the median of pairs in one run."""

from __future__ import annotations

import os
import statistics
import sys
from pathlib import Path

from ansible_collections.cloudgate.operations.tests.nightly.benchmark.bar_row import Bar
from task_costs import TaskCost, of_tasks

HERE = Path(__file__).resolve().parent
NAMES = ("uri", "operation_info")
LIMIT = 1.15  # times the CPU time of the uri task


def measured(pairs: int, simulator_file: str) -> dict[str, list[TaskCost]]:
    """Run the playbook. Return the costs of each of the two tasks, in the order of the pairs."""
    variables = {"simulator_file": simulator_file, "pairs": pairs}
    costs = of_tasks(HERE / "task_cost.yml", variables)
    return {name: [each for each in costs if each.name.endswith(f"with {name}")] for name in NAMES}


def bars(pairs: int, simulator_file: str) -> list[Bar]:
    """Measure, and print what each of the two costs."""
    costs = measured(pairs, simulator_file)
    print(f"One task with one GET, median of {pairs} pairs in one run; operation_info logs in with a password:")
    for name, found in costs.items():
        cpu, seconds = (sorted(getattr(each, what) * 1000 for each in found) for what in ("cpu", "seconds"))
        print(
            f"  {name:16} CPU {statistics.median(cpu):5.0f} ms ({cpu[0]:.0f}..{cpu[-1]:.0f}), "
            f"{statistics.median(seconds):5.0f} ms from start to result"
        )
    in_pairs = zip(costs["operation_info"], costs["uri"], strict=True)
    ratio = statistics.median(ours.cpu / theirs.cpu for ours, theirs in in_pairs)
    what = "one `operation_info` task: CPU time, times that of one `uri` task with the same GET"
    return [Bar(what, f"{ratio:.2f}", f"{LIMIT}", ratio <= LIMIT, f"median of {pairs} pairs")]


def main() -> int:
    """Print the bar; 1 if it is missed."""
    (reached,) = bars(int(os.environ.get("PAIRS", "20")), os.environ["SIMULATOR_FILE"])
    print(reached.line)
    return int(not reached.held)


if __name__ == "__main__":
    sys.exit(main())
