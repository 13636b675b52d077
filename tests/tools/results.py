# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Count what really ran, and say it."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from xml.etree import ElementTree

# Where the outcomes of several runs are gathered, for one sum at the end (.ci/run).
RESULTS_FILE = "CHECK_RESULTS"


@dataclass(frozen=True)
class Count:
    """How many tests ran, by result; skipped ones count as neither."""

    passed: int = 0
    failed: int = 0

    def __add__(self, other: Count) -> Count:
        return Count(self.passed + other.passed, self.failed + other.failed)

    def __str__(self) -> str:
        return f"{self.passed} passed, {self.failed} failed"

    @property
    def good(self) -> bool:
        """Whether something ran and all of it passed."""
        return self.passed > 0 and self.failed == 0


def from_junit(files: Iterable[Path]) -> Count:
    """Count the cases in JUnit XML files."""
    cases = [case for file in files for case in ElementTree.parse(file).iter("testcase")]  # noqa: S314 - our own files
    failed = sum(case.find("failure") is not None or case.find("error") is not None for case in cases)
    skipped = sum(case.find("skipped") is not None for case in cases)
    return Count(len(cases) - failed - skipped, failed)


def from_integration(output: Path, log: str) -> Count:
    """Count the targets of `ansible-test integration`: those passed by its data file, the others by its last words."""
    files = output.glob("data/integration-*.json")
    passed = sum(len(json.loads(file.read_text(encoding="utf-8"))["targets"]) for file in files)
    failed = re.search(r"The (\d+) integration test\(s\) listed below \(out of \d+\) failed", log)
    return Count(passed, int(failed.group(1)) if failed else 0)


def remember(count: Count) -> None:
    """Add an outcome to the file that gathers several runs, if there is one."""
    if file := os.environ.get(RESULTS_FILE):
        with open(file, "a", encoding="utf-8") as results:
            results.write(json.dumps(asdict(count)) + "\n")


def total(file: Path) -> Count:
    """Return the sum of the gathered outcomes."""
    lines = file.read_text(encoding="utf-8").splitlines()
    return sum((Count(**json.loads(line)) for line in lines), Count())
