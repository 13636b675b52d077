# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pin all that the environments hold, also what comes along, so that a check means the same next year.

Usage: lock.py [NAME ...]    writes tests/requirements/locks/NAME.txt anew for these environments, or for all
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from places import ROOT
from requirements import LOCKED, LOCKS, MAIN_PYTHONS, PYTHONS, REQUIREMENTS, requirements_text

# What ansible-test installs beside the units on managed nodes' Pythons; it looks for this very name.
UNITS, UNITS_LOCK = ROOT / "tests/unit/requirements.txt", ROOT / "tests/unit/constraints.txt"
_HEADER = "".join(f"{line}\n" for line in (REQUIREMENTS / "nox.txt").read_text(encoding="utf-8").splitlines()[:3])


def _oldest(versions: tuple[str, ...]) -> str:
    return min(versions, key=lambda version: int(version.split(".")[1]))


def pinned(requirements: str, python: str) -> str:
    """The text of a lock that holds for this Python and for newer ones."""
    options = ["--quiet", "--system-certs", "--universal", "--no-header", "--no-annotate", "--strip-extras"]
    command = ["uv", "pip", "compile", *options, "--python-version", python, "-"]
    done = subprocess.run(command, input=requirements, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"uv cannot pin this for Python {python}:\n{requirements}\n{done.stderr}")
    return f"{_HEADER}\n# Written by `make lock`.\n{done.stdout}"


def lock(requirements: Path, python: str, target: Path) -> None:
    """Write the lock of a file of requirements."""
    wanted = requirements_text(requirements).splitlines()
    text = pinned("\n".join(line for line in wanted if not line.startswith("-r ")), python)
    target.parent.mkdir(exist_ok=True)
    target.write_text(text, encoding="utf-8")
    print(target.relative_to(ROOT))


def main(names: list[str]) -> None:
    """Lock these environments, or all."""
    for name in names or LOCKED:
        lock(REQUIREMENTS / f"{name}.txt", _oldest(PYTHONS.get(name, MAIN_PYTHONS)), LOCKS / f"{name}.txt")
    if not names:
        lock(UNITS, "3.8", UNITS_LOCK)


if __name__ == "__main__":
    main(sys.argv[1:])
