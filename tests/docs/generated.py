# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""generated.py: write the tables that tests contain into docs/reliability.md.

A new table is one function in TABLES, and its two markers in the page.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from faults.document import table as faults
from nothing.document import table as empty_waits
from simulated.credential_hosts import table as credentials

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "reliability.md"
TABLES: dict[str, Callable[[], str]] = {
    "credentials": credentials,
    "empty waits": empty_waits,
    "faults": faults,
}


def markers(name: str) -> tuple[str, str]:
    """The lines before and after a table."""
    return f"<!-- begin of the table {name}: make tables -->\n", f"<!-- end of the table {name} -->\n"


def written(text: str) -> str:
    """The page with the tables of today. Raises ValueError if it lacks a marker."""
    for name, table in TABLES.items():
        begin, end = markers(name)
        if text.count(begin) != 1 or text.count(end) != 1 or text.index(begin) > text.index(end):
            raise ValueError(f"{DOCUMENT.name} must have each marker of the table {name} once")
        before, _begin, rest = text.partition(begin)
        text = f"{before}{begin}\n{table()}\n{end}{rest.partition(end)[2]}"
    return text


if __name__ == "__main__":
    DOCUMENT.write_text(written(DOCUMENT.read_text(encoding="utf-8")), encoding="utf-8")
