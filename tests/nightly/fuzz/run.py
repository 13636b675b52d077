# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Feed hostile input to everything that reads an answer, a header or an option.

Usage: run.py [--bodies N] [--inputs N] [--seed N] [NAME ...]    N answers to each provider, N inputs to all else
       run.py [--few] --replay NAME HEX                           one input, as a crash has printed it
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import resource
import sys
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, as_completed
from typing import NamedTuple

from fuzz.bodies import Bodies, Tally
from fuzz.hunt import Crash, flood
from fuzz.scenes import KINDS, scenes
from fuzz.targets import SLOW, TARGETS, Target
from fuzz.truth import STATES

MEMORY = 700  # MiB that a process may grow by: some megabytes of JSON are some hundred as objects
ADDRESSES = 4 * 2**30  # bytes; an input that makes a process allocate more is a crash, and does not stop the machine
PROVIDERS = {name.partition(":")[0]: [each for each in KINDS if each.partition(":")[0] == name.partition(":")[0]]
             for name in KINDS}  # fmt: skip


class Report(NamedTuple):
    """The results under one name. Memory is in MiB: the largest, and its growth."""

    name: str
    tally: Tally
    crashes: list[tuple[str, Crash]]
    memory: int
    growth: int
    seconds: float


def _memory() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def readers(name: str, few: bool = False) -> dict[str, tuple[Tally, Callable[[bytes], None]]]:
    """Return the targets under this name: each API of a provider, or one of the other targets."""
    if name in TARGETS:
        target = Target(TARGETS[name])
        return {name: (target.tally, target.run)}
    apis = {each: Bodies(scenes(each, few)) for each in PROVIDERS[name]}
    return {each: (bodies.tally, bodies.run) for each, bodies in apis.items()}


def work(name: str, count: int, seed: int) -> Report:
    """Feed one name with this many inputs."""
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESSES, ADDRESSES))
    began = time.monotonic()
    found, whole, crashes = readers(name), Tally(), []
    before = _memory()
    for each, (tally, run) in found.items():
        crashes += [(each, crash) for crash in flood(run, -(-count // len(found)), seed)]
        whole.inputs += tally.inputs
        whole.outcomes += tally.outcomes
        whole.slowest = max(whole.slowest, tally.slowest)
    memory = _memory()
    return Report(name, whole, crashes, memory, memory - before, time.monotonic() - began)


def line(report: Report) -> str:
    """Return a report as the screen shows it."""
    outcomes = report.tally.outcomes
    states = ", ".join(f"{name} {outcomes[name]}" for name in sorted(STATES) if outcomes[name])
    others = ", ".join(f"{name} {outcomes[name]}" for name in sorted(set(outcomes) - STATES))
    return (
        f"{report.name:<21} {report.tally.inputs:>8} inputs {len(report.crashes):>3} crashes  slowest "
        f"{report.tally.slowest * 1000:>4.0f} ms  {report.memory:>4} MiB (+{report.growth})  {report.seconds:>5.0f} s  "
        f"{states or '-'}; {others or '-'}"
    )


def described(name: str, crash: Crash, few: bool = False) -> str:
    """Return a crash with everything that reproduces it. few: as in the scenes that it was found in."""
    replay = f"{'--few ' if few else ''}--replay {name} {crash.data.hex()}"
    return f"{crash.trace}\n{name}: {crash.error}\nagain: make fuzz FUZZ='{replay}'\n"


def parse(arguments: list[str]) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", choices=[*PROVIDERS, *TARGETS, []])
    parser.add_argument("--bodies", type=int, default=100_000)
    parser.add_argument("--inputs", type=int, default=50_000)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--few", action="store_true", help="replay what the short run found")
    parser.add_argument("--replay", nargs=2, metavar=("NAME", "HEX"))
    return parser.parse_args(arguments)


def main(arguments: list[str]) -> int:
    """Do what the command line says and return the exit code."""
    options = parse(arguments)
    if options.replay:
        name, data = options.replay
        _tally, run = readers(name.partition(":")[0], options.few)[name]
        run(bytes.fromhex(data))
        print("nothing breaks")
        return 0
    print(f"seed {options.seed}", flush=True)
    tasks = [(name, options.bodies) for name in PROVIDERS]
    tasks += [(name, options.inputs // (5 if name in SLOW else 1)) for name in TARGETS]
    tasks = [(*task, options.seed) for task in tasks if not options.names or task[0] in options.names]
    reports = []
    # A process for each, to measure its own memory.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(os.cpu_count(), context, max_tasks_per_child=1) as pool:
        for future in as_completed(pool.submit(work, *task) for task in tasks):
            report = future.result()
            print(line(report), *(described(*found) for found in report.crashes), sep="\n", flush=True)
            reports.append(report)
    for report in reports:
        if report.growth > MEMORY:
            print(f"{report.name}: {report.growth} MiB more than at the beginning")
    inputs, crashes = sum(each.tally.inputs for each in reports), sum(len(each.crashes) for each in reports)
    print(f"{inputs} inputs, {crashes} crashes")
    return 1 if crashes or any(each.growth > MEMORY for each in reports) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
