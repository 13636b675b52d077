# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Waits of three hours in simulated time: 1,000 of them, with faults at random, each judged by the oracle.

SOAK_RUNS=100 for fewer; SOAK_SEED=4711 SOAK_RUNS=1 repeats one.
"""

from __future__ import annotations

import os
import sys
import time
from collections import Counter

from soak.oracle import Oracle
from soak.scenarios import Scenario, scenario


def judged(seed: int) -> tuple[Scenario, Oracle, list[str]]:
    """Run the scenario of a seed. Returns it, its judge, and what was wrong."""
    made = scenario(seed)
    try:
        oracle = Oracle(made, made.run())
    except AssertionError as exc:
        raise AssertionError(f"seed {seed}: {exc}") from exc
    return made, oracle, oracle.complaints()


def main() -> int:
    """Run them all, print what they were, and end with 1 if one was wrong."""
    first, runs = int(os.environ.get("SOAK_SEED", "1")), int(os.environ.get("SOAK_RUNS", "1000"))
    began = time.monotonic()
    ends: Counter[str] = Counter()
    sums: Counter[str] = Counter()
    wrong: list[str] = []
    for seed in range(first, first + runs):
        made, oracle, complaints = judged(seed)
        for each in complaints:
            print(each, flush=True)
        wrong += complaints
        ends["open" if oracle.kind is None else oracle.kind] += 1
        sums.update(
            operations=len(oracle.fates),
            polls=len(made.world.log),
            slices=len(made.slices),
            tolerated=oracle.result["tolerated_errors"],
            lost=len(made.losses),
            hours=int(oracle.age),
        )
    print(f"{runs} waits, {sums['hours'] / 3600:.0f} simulated hours in {time.monotonic() - began:.0f} s: {dict(ends)}")
    print(
        f"{sums['operations']} operations, {sums['polls']} polls, {sums['slices']} slices, "
        f"{sums['tolerated']} tolerated errors, {sums['lost']} of them lost connections to the host"
    )
    print(f"{len(wrong)} complaints" if wrong else "every gate was right, and in time")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
