# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tests use the lowest declared versions, and every requirement is pinned."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Dict, List, Tuple

import pytest

ROOT = Path(__file__).resolve().parents[2]
REQUIREMENTS = ROOT / "tests" / "requirements"
LOCKS = REQUIREMENTS / "locks"
# Files that others include.
WITHOUT_LOCK = {"libraries", "pytest"}
ENVIRONMENTS = sorted(file.stem for file in REQUIREMENTS.glob("*.txt") if file.stem not in WITHOUT_LOCK)
_LINE = re.compile(r"([A-Za-z0-9._-]+)\s*(==|>=)\s*([\w.]+)\s*(;.*)?")


def lines(file: Path) -> List[str]:
    """Return the lines without comments, and with the files that they refer to."""
    found = [line.split(" #")[0].strip() for line in file.read_text(encoding="utf-8").splitlines()]
    whole = [line for line in found if line and not line.startswith(("#", "-r "))]
    for line in found:
        if line.startswith("-r "):
            whole += lines(file.parent / line[3:])
    return whole


def versions(file: Path, sign: str) -> List[Tuple[str, str]]:
    """Return each name and its version; every line must have this sign."""
    matches = [_LINE.fullmatch(line) for line in lines(file)]
    assert matches and all(match and match.group(2) == sign for match in matches), lines(file)
    return [(match.group(1).lower(), match.group(3)) for match in matches if match]


LOWEST: Dict[str, str] = dict(versions(ROOT / "requirements.txt", ">="))


def test_the_oldest_managed_node_has_the_lowest_version_of_every_library() -> None:
    assert dict(versions(REQUIREMENTS / "target-3.8.txt", "==")) == LOWEST


def test_ansible_builder_reads_the_requirements_of_readme() -> None:
    declared = (ROOT / "meta" / "execution-environment.yml").read_text(encoding="utf-8")
    assert re.search(r"^  python: requirements.txt$", declared, re.MULTILINE)
    assert "/requirements.txt\n" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_oldest_controller_has_the_lowest_versions_too() -> None:
    tested = dict(versions(REQUIREMENTS / "core-2.16.txt", "=="))
    newer = {name for name, version in LOWEST.items() if tested[name] != version}
    assert newer <= {"openstacksdk"}  # its lowest version needs a compiler on that Python
    declared = re.search(r'requires_ansible: ">=([\d.]+)"', (ROOT / "meta" / "runtime.yml").read_text(encoding="utf-8"))
    assert declared and tested["ansible-core"] == declared.group(1)


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_everything_in_an_environment_is_pinned(name: str) -> None:
    wanted, locked = versions(REQUIREMENTS / f"{name}.txt", "=="), versions(LOCKS / f"{name}.txt", "==")
    # Which of several versions of a name it is depends on the Python.
    agreed = [pin for pin in locked if pin in wanted]
    assert {pin[0] for pin in agreed} == {pin[0] for pin in wanted}, "run `make lock`"
    assert [pin for pin in locked if pin[0] in dict(wanted) and pin not in wanted] == [], "run `make lock`"


def test_each_lock_has_its_environment() -> None:
    assert sorted(file.stem for file in LOCKS.glob("*.txt")) == ENVIRONMENTS


def test_the_units_on_managed_nodes_are_pinned() -> None:
    pinned = {name for name, _version in versions(ROOT / "tests" / "unit" / "constraints.txt", "==")}
    assert set(lines(ROOT / "tests" / "unit" / "requirements.txt")) <= pinned
