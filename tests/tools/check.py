# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run checks and say what passed.

Usage: check.py [--jobs N] [--verbose] NAME [NAME ...]    a step or a group of tests/tools/steps.py
       check.py --total FILE                              the sum of several runs that set CHECK_RESULTS=FILE
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from environment import EnvironmentUnavailable
from job import Job, StepFailed
from results import Count, remember, total
from steps import GROUPS, STEPS

LAST_LINES = 150


def last_words(log: Path) -> str:
    """Return the end of a log, long enough to hold what went wrong."""
    lines = log.read_text(encoding="utf-8").splitlines(keepends=True) if log.exists() else []
    return "".join(lines[-LAST_LINES:]) + f"(all of it: {log})\n"


def run_step(name: str, verbose: bool) -> Count:
    """Run one step, print one line about it, and on failure all that it wrote."""
    step = STEPS[name]
    job = Job(name, step.environment, verbose)
    job.log.unlink(missing_ok=True)
    started = time.monotonic()
    why = ""
    try:
        count = step.action(job)
        why = "" if count.passed or count.failed else "nothing ran"
        count = count if not why else Count(failed=1)
    except EnvironmentUnavailable as exc:
        print(f"skip  {name:<18} {exc}", flush=True)
        return Count()
    except (StepFailed, subprocess.CalledProcessError) as exc:
        count, why = Count(failed=1), str(exc)
    verdict = "ok  " if count.good else "FAIL"
    output = "" if count.good or verbose else last_words(job.log)
    seconds = time.monotonic() - started
    print(f"{output}{verdict}  {name:<18} {count!s:<24} {seconds:6.1f} s  {why}".rstrip(), flush=True)
    return count


def parse(arguments: list[str]) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", choices=[*GROUPS, *STEPS, []], metavar="NAME")
    parser.add_argument("--jobs", type=int, default=min(2, os.cpu_count() or 1))
    parser.add_argument("--verbose", action="store_true")
    parser.add_argument("--total", type=Path, metavar="FILE")
    return parser.parse_args(arguments)


def main(arguments: list[str]) -> int:
    """Run the steps asked for and return the exit code."""
    options = parse(arguments)
    if options.total:
        sum_of_all = total(options.total)
    else:
        names = [name for word in options.names for name in GROUPS.get(word, [word])]
        with ThreadPoolExecutor(max_workers=options.jobs) as pool:
            sum_of_all = sum(pool.map(lambda name: run_step(name, options.verbose), names), Count())
        remember(sum_of_all)
    print(sum_of_all, flush=True)
    return 0 if sum_of_all.good else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
