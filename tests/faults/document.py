# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""document.py: write the table of faults into docs/reliability.md."""

from __future__ import annotations

from pathlib import Path

from faults.expected import Expected
from faults.subjects import ACCESS_KEY, BEARER, KEYSTONE, SUBJECTS
from faults.table import TABLE, Row

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "reliability.md"
BEGIN, END = "<!-- begin of the table: make faults-table -->\n", "<!-- end of the table -->\n"
LOGINS = (KEYSTONE, ACCESS_KEY, BEARER)
NOTHING = "-"


def table() -> str:
    """The whole of it: who is in a column, and what is expected of each fault."""
    parts = [f"- **{login}**: {', '.join(f'`{name}`' for name in _providers(login))}" for login in LOGINS]
    for title, rows in TABLE.items():
        head = ["", f"### {title}", "", f"| fault | {' | '.join(LOGINS)} | says |", "|---|---|---|---|---|"]
        parts += [*head, *(_line(row) for row in rows)]
    return "\n".join(parts) + "\n"


def _providers(login: str) -> list[str]:
    return [each.provider for each in SUBJECTS if each.login == login]


def _line(row: Row) -> str:
    says = dict.fromkeys(
        each.says for each in (*row.expected.logins.values(), *row.expected.providers.values()) if each.says
    )
    return f"| {row.name} | {' | '.join(_cell(row, login) for login in LOGINS)} | {'; '.join(says) or NOTHING} |"


def _cell(row: Row, login: str) -> str:
    if login not in row.expected.logins:
        return NOTHING
    others: dict[str, list[str]] = {}
    for provider, expected in row.expected.providers.items():
        if provider in _providers(login):
            others.setdefault(_told(expected, login), []).append(f"`{provider}`")
    told = [_told(row.expected.logins[login], login)]
    return "; ".join(told + [f"{', '.join(names)}: {word}" for word, names in others.items()])


def _told(expected: Expected, login: str) -> str:
    return expected.told(renews=login == KEYSTONE)


def written(text: str) -> str:
    """The document with the table of today."""
    before, _begin, rest = text.partition(BEGIN)
    _old, _end, after = rest.partition(END)
    return before + BEGIN + "\n" + table() + "\n" + END + after


if __name__ == "__main__":
    DOCUMENT.write_text(written(DOCUMENT.read_text(encoding="utf-8")), encoding="utf-8")
