# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The results of all cells, as one table."""

from __future__ import annotations

from faults.expected import Expected
from faults.subjects import SUBJECTS, Subject
from faults.table import ROWS, Row

NOTHING = "-"  # there is no such fault
_WIDTH = 10


class Matrix:
    """Collects the cells, and marks those that differ from the documentation."""

    def __init__(self) -> None:
        self._cells: dict[tuple[str, str], str] = {}

    def __bool__(self) -> bool:
        return bool(self._cells)

    def begin(self, row: Row, subject: Subject) -> None:
        """Mark a cell until its end, so that one without an end stays marked."""
        self._cells[row.name, str(subject)] = "?!"

    def end(self, row: Row, subject: Subject, word: str) -> None:
        """Record the result of a cell, before its checks."""
        self._cells[row.name, str(subject)] = f"{word}!"

    def confirm(self, row: Row, subject: Subject, expected: Expected) -> None:
        """Record that the cell is as documented."""
        self._cells[row.name, str(subject)] = expected.word

    def lines(self) -> list[str]:
        """Return the table, and the legend of its columns."""
        first = max(len(row.name) for row in ROWS) + 2
        legend = [f"{number:>3}  {subject.provider}, {subject.login}" for number, subject in enumerate(SUBJECTS, 1)]
        head = " " * first + "".join(f"{number:<{_WIDTH}}" for number in range(1, len(SUBJECTS) + 1))
        met = {name for name, _subject in self._cells}
        body = [f"{row.name:<{first}}" + self._words(row) for row in ROWS if row.name in met]
        wrong = sum(word.endswith("!") for word in self._cells.values())
        return [*legend, "", head, *body, "", f"{len(self._cells)} cells, {wrong} not as documented"]

    def _words(self, row: Row) -> str:
        words = (self._cells.get((row.name, str(subject)), NOTHING) for subject in SUBJECTS)
        return "".join(f"{word:<{_WIDTH}}" for word in words).rstrip()


MATRIX = Matrix()
