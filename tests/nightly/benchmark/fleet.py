# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compare one task for the operations of a whole fleet with one task for each host, in one run.

SIMULATOR_FILE names the simulator's addresses and accounts. BENCH_COUNTS=10,100 measures only with so many hosts.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from waits import Contestant, Row, concluded, measured_rows, table

SHORTEST, LONGEST = 5.0, 30.0


def _playbook(name: str, forks: int) -> Sequence[str]:
    return ("ansible-playbook", "-i", "{inventory}", "-f", str(forks), f"{{here}}/playbooks/{name}.yml")


CONTESTANTS = (
    Contestant("ours", "one task, run_once", _playbook("fleet_once", 5)),
    Contestant("forks_5", "a task per host, 5 forks", _playbook("fleet_per_host", 5), most=100),
    Contestant("forks_50", "a task per host, 50 forks", _playbook("fleet_per_host", 50)),
)


def bars(rows: Sequence[Row]) -> list[tuple[str, bool]]:
    """Return the bars, each with whether it holds."""
    once = {row.count: row.cost for row in rows if row.contestant.name == "ours"}
    judged = [(f"{row.count} hosts, {row.contestant.title}: not early", row.lag >= 0) for row in rows]
    for row in rows:
        own = once.get(row.count)
        if own and row.count >= 100 and row.contestant.name != "ours":
            ratio = row.cost.cpu / own.cpu
            judged.append((f"{row.count} hosts: at least 5 times the CPU time per host ({ratio:.0f})", ratio >= 5))
    return judged


def main() -> int:
    """Measure, print the table and the bars; 1 if one is missed."""
    counts = [int(count) for count in os.environ.get("BENCH_COUNTS", "10,100,1000").split(",")]
    rows = measured_rows(CONTESTANTS, counts, SHORTEST, LONGEST)
    print(f"Operations of {SHORTEST:.0f} to {LONGEST:.0f} s, one a host; ratios are to the first way:")
    print(f"\n{table(rows)}\n")
    return concluded(bars(rows))


if __name__ == "__main__":
    sys.exit(main())
