# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compare this collection with one alternative in pairs, so that both run under the same load.

Two that only sleep run at the same time, two that work run one after the other, each first in every second pair.
"""

from __future__ import annotations

import statistics
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from ansible_collections.cloudgate.operations.tests.nightly.benchmark.bar_row import Bar
from task_costs import HERE, TaskCost, of_tasks
from waits import CONTESTANTS, Contestant, Row, Simulated, durations_of, environment, measured

LONG = 180  # seconds of the one operation
LONG_LIMIT = 1.3
THOUSAND_LIMIT, THOUSAND_LAG = 0.5, 4.0
INTERVALS = (0.001, 0.01, 0.05)  # of internal_poll_interval; the first is the default
QUICK = 20


def long_wait(pairs: int, simulated: Simulated) -> list[Bar]:
    """Return a task that waits for one operation, and wait_for with as many seconds."""
    ratios, logins = [], 0
    for number in range(pairs):
        ours, other, logins = _long_pair(simulated)
        ratios.append(ours.cpu / other.cpu)
        print(
            f"  {number + 1}: {ours.cpu:.2f} s in {ours.seconds:.0f} s, {other.cpu:.2f} s in {other.seconds:.0f} s",
            flush=True,
        )
    ratio = statistics.median(ratios)
    source = f"median of {pairs} pairs"
    return [
        Bar(
            f"a task that waits {LONG} s for one operation: CPU time, times that of `wait_for` with `timeout: {LONG}`",
            f"{ratio:.2f}",
            f"{LONG_LIMIT}",
            ratio <= LONG_LIMIT,
            source,
        ),
        Bar("logins of that task", f"{logins}", "1", logins == 1, "counted; module starts: `test_one_run.py`"),
    ]


def _long_pair(simulated: Simulated) -> tuple[TaskCost, TaskCost, int]:
    operations, _moment = simulated.begin([LONG])
    variables = {"operations": operations, "cloud": simulated.cloud}
    with ThreadPoolExecutor(2) as pool:
        login = environment(simulated.cloud)
        ours = pool.submit(of_tasks, HERE / "playbooks/ours.yml", variables, login)
        other = pool.submit(of_tasks, HERE / "playbooks/one_wait_for.yml", {"seconds": LONG})
        found = ours.result()[-1], other.result()[0]
    return *found, simulated.logins()


def thousand(pairs: int, simulated: Simulated) -> list[Bar]:
    """Return a thousand creations of 5 to 30 s, and one list that is polled."""
    ways = {each.name: each for each in CONTESTANTS}
    rows: dict[str, list[Row]] = {"ours": [], "uri_list": []}
    for number in range(pairs):
        for name in sorted(rows, reverse=bool(number % 2)):
            rows[name].append(_row(ways[name], simulated))
    in_pairs = zip(rows["ours"], rows["uri_list"], strict=True)
    ratio = statistics.median(ours.cost.cpu / other.cost.cpu for ours, other in in_pairs)
    lags = {name: statistics.median(row.lag for row in found) for name, found in rows.items()}
    what = "1,000 creations of 5 to 30 s"
    source = f"median of {pairs} pairs"
    return [
        Bar(
            f"{what}: CPU time, times that of one `uri` list with `until`",
            f"{ratio:.2f}",
            f"{THOUSAND_LIMIT}",
            ratio <= THOUSAND_LIMIT,
            source,
        ),
        Bar(
            f"{what}: the gate opens after the last end (`uri` list with `until`: {lags['uri_list']:.1f} s)",
            f"{lags['ours']:.1f} s",
            f"{THOUSAND_LAG:.0f} s",
            0 <= lags["ours"] <= THOUSAND_LAG,
            source,
        ),
    ]


def _row(way: Contestant, simulated: Simulated) -> Row:
    row = measured(way, simulated, durations_of(1000, 5.0, 30.0))
    print(f"  {way.title:40} CPU {row.cost.cpu:.2f} s, {row.requests} requests, {row.lag:.1f} s late", flush=True)
    return row


def poll_intervals(runs: int, seconds: int = 30) -> list[tuple[float, float, float]]:
    """Return what Ansible needs to wait: each interval, milliseconds of CPU per second, and those of a quick task."""
    found = []
    for interval in INTERVALS:
        costs = [_with_interval(interval, seconds) for _each in range(runs)]
        waiting = 1000 * statistics.median(_for_a_second(each) for each in costs)
        quick = 1000 * statistics.median(each.seconds for run in costs for each in run if each.name == "Quick")
        found.append((interval, waiting, quick))
        print(f"  {interval} s: {waiting:.1f} ms of CPU a second, {quick:.0f} ms for a quick task", flush=True)
    return found


def _for_a_second(costs: Sequence[TaskCost]) -> float:
    """Return the CPU time for a second of waiting, without what the start of the task takes."""
    wait, shortly = costs[:2]
    return (wait.cpu - shortly.cpu) / (wait.seconds - shortly.seconds)


def _with_interval(interval: float, seconds: int) -> Sequence[TaskCost]:
    with tempfile.TemporaryDirectory() as folder:
        config = Path(folder, "ansible.cfg")
        config.write_text(f"[defaults]\ninternal_poll_interval = {interval}\n", encoding="utf-8")
        variables = {"seconds": seconds, "quick": QUICK}
        return of_tasks(HERE / "playbooks/one_wait_for.yml", variables, {"ANSIBLE_CONFIG": str(config)})
