# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""No file of the tests is longer than 400 lines. Files that are data have no bound."""

from __future__ import annotations

from pathlib import Path
from typing import Dict

TESTS = Path(__file__).resolve().parents[1]
MOST_LINES = 400
CODE = (".py", ".sh", ".yml", ".md", ".js", ".j2")
DATA = ("recordings/", "requirements/", "output/")  # and the output of ansible-test


def lengths(root: Path) -> Dict[str, int]:
    """Return the lines of each file below a folder that a person writes."""
    names = {path.relative_to(root).as_posix(): path for path in root.rglob("*") if path.suffix in CODE}
    return {
        name: len(path.read_text(encoding="utf-8").splitlines())
        for name, path in names.items()
        if not name.startswith(DATA) and path.is_file()
    }


def test_no_file_of_the_tests_is_too_long() -> None:
    found = lengths(TESTS)
    assert "unit/test_lengths.py" in found
    assert {name: lines for name, lines in found.items() if lines > MOST_LINES} == {}


def test_a_file_that_is_too_long_is_found(tmp_path: Path) -> None:
    (tmp_path / "recordings").mkdir()
    for name in ("long.py", "recordings/long.py", "long.json"):
        (tmp_path / name).write_text("\n" * 500, encoding="utf-8")
    assert lengths(tmp_path) == {"long.py": 500}
