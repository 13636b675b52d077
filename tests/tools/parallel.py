# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run sessions of nox, several at a time, and say what passed.

Usage: parallel.py [--slots N] [--verbose] NAME [NAME ...]    tags or sessions; the longest sessions come first
       parallel.py --total FILE                               the sum of several runs that set CHECK_RESULTS=FILE

It prints one line per session, with the seconds that it took and those of the processors, and the whole output of a
session that failed.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bootstrap import NoxUnavailable, nox
from places import ROOT, WORK
from results import Count, collect, remember, total

LAST_LINES = 150
DURATIONS = WORK / "durations.json"
SLOTS = 1 + (os.cpu_count() or 1)  # a session waits for a simulated cloud half of its time
GUESSES = {"longest": 900.0, "long": 300.0}  # seconds by tag, before the first run
SHORT = 60.0


@dataclass(frozen=True)
class Runner:
    """How to run one session."""

    nox: list[str]
    verbose: bool

    def run(self, name: str) -> tuple[Count, float]:
        """Run a session, print a line about it, and return its count and its seconds."""
        log = WORK / f"{name}.log"
        started = time.monotonic()
        with tempfile.TemporaryDirectory() as folder:
            answer = Path(folder, "report.json")
            used = self._call([*self.nox, "--session", name, "--report", str(answer)], log)
            status = _status(answer)
        seconds = time.monotonic() - started
        text = log.read_text(encoding="utf-8")
        if status["result"] == "skipped":
            print(f"skip  {name:<29} {_last_line(text, 'skipped: ')}", flush=True)
            return Count(), seconds
        count = collect(name, status["result"] == "success", text)
        verdict = "ok  " if count.good else "FAIL"
        output = "" if count.good or self.verbose else _end(text, log)
        why = "" if count.passed or count.failed else "nothing ran"
        print(
            f"{output}{verdict}  {name:<29} {count!s:<24} {seconds:6.1f} s {used:6.1f} s CPU  {why}".rstrip(),
            flush=True,
        )
        return (count if not why else Count(failed=1)), seconds

    def _call(self, command: list[str], log: Path) -> float:
        """Run a command, and return the seconds that it and the processes below it used of the processors."""
        WORK.mkdir(parents=True, exist_ok=True)
        with (
            log.open("w", encoding="utf-8", buffering=1) as file,
            subprocess.Popen(
                command,
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                errors="replace",
            ) as process,
        ):
            for line in process.stdout or ():
                file.write(line)
                if self.verbose:
                    print(line, end="", flush=True)
            _pid, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        return usage.ru_utime + usage.ru_stime


def _status(answer: Path) -> dict[str, Any]:
    """Return what nox reports about the one session; without a report it has failed."""
    sessions = json.loads(answer.read_text(encoding="utf-8"))["sessions"] if answer.exists() else []
    return dict(sessions[0]) if len(sessions) == 1 else {"result": "failed"}


def _end(text: str, log: Path) -> str:
    """Return the end of an output, long enough to hold what went wrong."""
    return "".join(text.splitlines(keepends=True)[-LAST_LINES:]) + f"(the whole output: {log})\n"


def _last_line(text: str, after: str) -> str:
    lines = [line.partition(after)[2] for line in text.splitlines() if after in line]
    return lines[-1] if lines else ""


def _known_durations() -> dict[str, float]:
    return dict(json.loads(DURATIONS.read_text(encoding="utf-8"))) if DURATIONS.exists() else {}


def select(nox_command: list[str], words: list[str]) -> list[str]:
    """Return the sessions of these names and tags, the longest first.

    Raises:
        SystemExit: for a word that is neither.
    """
    listing = [*nox_command, "--list", "--json", "--keywords", "not no_session"]  # which is all of them
    found = subprocess.run(listing, cwd=ROOT, capture_output=True, text=True, check=False)
    if found.returncode:
        raise SystemExit(f"{' '.join(listing)} ended with code {found.returncode}:\n{found.stderr}")
    sessions = {each["session"]: each["tags"] for each in json.loads(found.stdout)}
    for word in words:
        if word not in sessions and not any(word in tags for tags in sessions.values()):
            raise SystemExit(f"{word}: no session of nox, and no tag")
    wanted = [name for name, tags in sessions.items() if {name, *tags} & set(words)]
    known = _known_durations()
    guessed = {name: next((GUESSES[tag] for tag in tags if tag in GUESSES), SHORT) for name, tags in sessions.items()}
    return sorted(wanted, key=lambda name: -known.get(name, guessed[name]))


def run(words: list[str], slots: int, verbose: bool) -> Count:
    """Run sessions and return the sum."""
    command = nox()
    names = select(command, words)
    runner = Runner(command, verbose)
    with ThreadPoolExecutor(max_workers=slots) as pool:
        outcomes = dict(zip(names, pool.map(runner.run, names), strict=True))
    seconds = {**_known_durations(), **{name: took for name, (_count, took) in outcomes.items()}}
    DURATIONS.write_text(json.dumps(seconds), encoding="utf-8")
    whole = sum((count for count, _seconds in outcomes.values()), Count())
    remember(whole)
    return whole


def parse(arguments: list[str]) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--slots", type=int, default=SLOTS)
    parser.add_argument("--verbose", action="store_true")
    parser.add_argument("--total", type=Path, metavar="FILE")
    return parser.parse_args(arguments)


def main(arguments: list[str]) -> int:
    """Run the sessions asked for and return the exit code."""
    options = parse(arguments)
    try:
        whole = total(options.total) if options.total else run(options.names, options.slots, options.verbose)
    except NoxUnavailable as exc:
        raise SystemExit(str(exc)) from exc
    if whole.cases:
        print(whole.summary, flush=True)
    print(whole, flush=True)
    return 0 if whole.good else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
