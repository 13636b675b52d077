# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Count what ran, from the files that each session leaves."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from xml.etree import ElementTree

from places import WORK

# Where the outcomes of several runs are gathered, for one sum at the end (.ci/run).
RESULTS_FILE = "CHECK_RESULTS"


def reports_folder(session: str) -> Path:
    """Return where a session leaves its results."""
    return WORK / "reports" / session


@dataclass(frozen=True)
class Count:
    """How many tests ran, by result; skipped ones count as neither.

    `cases` holds the name of each test that ran under pytest, and `environments` the versions that it ran on.
    """

    passed: int = 0
    failed: int = 0
    cases: frozenset[str] = field(default_factory=frozenset)
    environments: frozenset[str] = field(default_factory=frozenset)

    def __add__(self, other: Count) -> Count:
        return Count(
            self.passed + other.passed,
            self.failed + other.failed,
            self.cases | other.cases,
            self.environments | other.environments,
        )

    def __str__(self) -> str:
        return f"{self.passed} passed, {self.failed} failed"

    @property
    def good(self) -> bool:
        """Whether something ran and all of it passed."""
        return self.passed > 0 and self.failed == 0

    @property
    def summary(self) -> str:
        """How many different tests ran: the same one on three versions is one."""
        functions = {name.partition("[")[0] for name in self.cases}
        named = {"test function": functions, "case": self.cases, "environment": self.environments}
        return ", ".join(f"{len(found):,} {name}{'s' * (len(found) != 1)}" for name, found in named.items())


def _case(element: ElementTree.Element) -> str:
    """Return `tests.unit.x::test_y[z]`, which is the same with pytest and with ansible-test."""
    module = element.get("classname", "")
    return f"{module[module.find('tests.') :]}::{element.get('name', '')}"


def from_junit(files: Iterable[Path]) -> Count:
    """Count the cases in JUnit XML files."""
    total = Count()
    for file in files:
        elements = list(ElementTree.parse(file).iter("testcase"))  # noqa: S314 - our own files
        skipped = [each for each in elements if each.find("skipped") is not None]
        ran = [each for each in elements if each not in skipped]
        failed = sum(each.find("failure") is not None or each.find("error") is not None for each in ran)
        cases = frozenset(_case(each) for each in ran if "tests." in each.get("classname", ""))
        total += Count(len(ran) - failed, failed, cases)
    return total


def _from_integration(files: Iterable[Path], log: str) -> Count:
    """Count targets of `ansible-test integration`: those passed by its data files, the others by its last words."""
    passed = sum(len(json.loads(file.read_text(encoding="utf-8"))["targets"]) for file in files)
    failed = re.search(r"The (\d+) integration test\(s\) listed below \(out of \d+\) failed", log)
    return Count(passed, int(failed.group(1)) if failed else 0)


def collect(session: str, succeeded: bool, log: str) -> Count:
    """Count what a session has done. It has failed if nox says so, whatever its files say."""
    folder = reports_folder(session)
    targets = list(folder.glob("integration-*.json"))
    # The same targets are in JUnit files, too, task by task.
    count = _from_integration(targets, log) if targets else from_junit(sorted(folder.glob("*.xml")))
    for file in folder.glob("count.json"):
        count += Count(**json.loads(file.read_text(encoding="utf-8")))
    if succeeded and not any(folder.glob("*.xml")) and not count.passed:
        count += Count(passed=1)  # a session without tests, such as one that builds
    if not succeeded and not count.failed:
        count += Count(failed=1)
    if count.cases or targets:
        for file in folder.glob("environments.txt"):
            count += Count(environments=frozenset(file.read_text(encoding="utf-8").splitlines()))
    return count


def remember(count: Count) -> None:
    """Add an outcome to the file that gathers several runs, if there is one."""
    if file := os.environ.get(RESULTS_FILE):
        values = {**asdict(count), "cases": sorted(count.cases), "environments": sorted(count.environments)}
        with open(file, "a", encoding="utf-8") as results:
            results.write(json.dumps(values) + "\n")


def total(file: Path) -> Count:
    """Return the sum of the gathered outcomes."""
    whole = Count()
    for line in file.read_text(encoding="utf-8").splitlines():
        values = json.loads(line)
        cases, environments = frozenset(values["cases"]), frozenset(values["environments"])
        whole += Count(values["passed"], values["failed"], cases, environments)
    return whole
