# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tables in the pages are equal to the tables of the tests."""

from __future__ import annotations

import pytest
from docs.generated import DOCS, TABLES, markers, written
from faults.table import ROWS
from nothing.ways import WAYS
from simulated.credential_hosts import MIXED, TARGETS
from simulated.mistakes.table import MISTAKES


def text_of(document: str) -> str:
    return (DOCS / document).read_text(encoding="utf-8")


@pytest.mark.parametrize("document", TABLES)
def test_the_page_shows_the_tables_of_the_tests(document: str) -> None:
    assert text_of(document) == written(document, text_of(document)), "run: make tables"


def test_each_row_is_in_its_page() -> None:
    text = text_of("reliability.md")
    assert all(f"\n| {row.name} | " in text for row in (*ROWS, *TARGETS, *MIXED))
    assert all(f" | {way.name} | " in text for way in WAYS)
    assert all(f"\n| {each.name} | " in text_of("guides/troubleshooting.md") for each in MISTAKES)


@pytest.mark.parametrize(("document", "name"), [(each, name) for each, tables in TABLES.items() for name in tables])
def test_a_page_that_differs_is_noticed(document: str, name: str) -> None:
    text = text_of(document)
    begin, end = markers(name)
    edited = text.replace(end, f"| a row that no test has |\n{end}")
    assert edited != written(document, edited) == text
    with pytest.raises(ValueError, match=name):
        written(document, text.replace(begin, ""))
