# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""docs/reliability.md says what is tested."""

from __future__ import annotations

from faults.document import BEGIN, DOCUMENT, END, written
from faults.table import ROWS


def test_the_table_is_that_of_the_tests() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    assert text.count(BEGIN) == text.count(END) == 1
    assert text == written(text), "run: make faults-table"
    assert all(f"\n| {row.name} | " in text for row in ROWS)
