# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""docs/reliability.md shows the tables of the tests."""

from __future__ import annotations

import pytest
from docs.generated import DOCUMENT, TABLES, markers, written
from faults.table import ROWS
from nothing.ways import WAYS
from simulated.credential_hosts import MIXED, TARGETS


def test_the_page_shows_the_tables_of_the_tests() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    assert text == written(text), "run: make tables"
    assert all(f"\n| {row.name} | " in text for row in (*ROWS, *TARGETS, *MIXED))
    assert all(f" | {way.name} | " in text for way in WAYS)


@pytest.mark.parametrize("name", TABLES)
def test_a_page_that_differs_is_noticed(name: str) -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    begin, end = markers(name)
    edited = text.replace(end, f"| a row that no test has |\n{end}")
    assert edited != written(edited) == text
    with pytest.raises(ValueError, match=name):
        written(text.replace(begin, ""))
