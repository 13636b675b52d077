# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The environments: what each holds (tests/requirements/NAME.txt and its lock), and on which Python."""

from __future__ import annotations

from pathlib import Path

from interpreters import first_of
from places import ROOT

REQUIREMENTS = ROOT / "tests" / "requirements"
LOCKS = REQUIREMENTS / "locks"
# Parts of other files, without an environment of their own.
_PARTS = ("libraries", "pytest")
LOCKED = tuple(sorted(file.stem for file in REQUIREMENTS.glob("*.txt") if file.stem not in _PARTS))
# The Python versions that an environment may have, best first.
PYTHONS = {
    "core-2.16": ("3.10", "3.11", "3.12"),
    "core-2.20": ("3.12", "3.13", "3.14"),
    "core-2.21": ("3.13", "3.12", "3.14"),
    "importer": ("3.11", "3.12", "3.10"),
    "release": ("3.11", "3.12", "3.10"),
    "target-3.8": ("3.8",),
}
MAIN_PYTHONS = ("3.11", "3.12", "3.13")


def python_for(name: str) -> str:
    """Return the interpreter for an environment, or the version that nox then says is missing."""
    versions = PYTHONS.get(name, MAIN_PYTHONS)
    return str(first_of(versions) or versions[0])


def install_arguments(name: str) -> list[str]:
    """Return what `pip install` and `uv pip install` take for an environment."""
    return ["-r", str(REQUIREMENTS / f"{name}.txt"), "-c", str(LOCKS / f"{name}.txt")]


def requirements_text(file: Path) -> str:
    """Return a requirements file with the files it refers to."""
    lines = file.read_text(encoding="utf-8").splitlines()
    references = [line.split()[1] for line in lines if line.startswith("-r ")]
    return "\n".join([*lines, *(requirements_text(file.parent / name) for name in references)])


def recipe(name: str) -> str:
    """Return all that an environment is made from."""
    lock = (LOCKS / f"{name}.txt").read_text(encoding="utf-8")
    return f"{requirements_text(REQUIREMENTS / f'{name}.txt')}\n{lock}"


def ansible_core(name: str) -> str:
    """Return the line that pins ansible-core for an environment, or "" if it has none."""
    lines = requirements_text(REQUIREMENTS / f"{name}.txt").splitlines()
    return next((line for line in lines if line.startswith("ansible-core==")), "")
