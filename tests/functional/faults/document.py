# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The table of faults, as docs/reliability.md shows it."""

from __future__ import annotations

from faults.subjects import ACCESS_KEY, BEARER, KEYSTONE, SUBJECTS
from faults.table import TABLE, Row

LOGINS = (KEYSTONE, ACCESS_KEY, BEARER)
NOTHING = "-"


def table() -> str:
    """Return the whole table: the subjects of each column, and the expectation for each fault."""
    parts = [f"- **{login}**: {', '.join(f'`{name}`' for name in _providers(login))}" for login in LOGINS]
    for title, rows in TABLE.items():
        head = ["", f"### {title}", "", f"| fault | {' | '.join(LOGINS)} | says |", "|---|---|---|---|---|"]
        parts += [*head, *(_line(row) for row in rows)]
    return "\n".join(parts) + "\n"


def _providers(login: str) -> list[str]:
    return [each.provider for each in SUBJECTS if each.login == login]


def _line(row: Row) -> str:
    expected = (*row.expected.logins.values(), *row.expected.providers.values())
    says = dict.fromkeys(each.says for each in expected if each and each.says)
    return f"| {row.name} | {' | '.join(_cell(row, login) for login in LOGINS)} | {'; '.join(says) or NOTHING} |"


def _cell(row: Row, login: str) -> str:
    """Return what most of them do, and the others with their names."""
    described: dict[str, list[str]] = {}
    for provider in _providers(login):
        expected = row.expected.of(provider, login)
        described.setdefault(expected.described(renews=login == KEYSTONE) if expected else NOTHING, []).append(provider)
    if len(described) > 1:
        described.pop(NOTHING, None)
    first, *others = sorted(described, key=lambda word: -len(described[word]))
    return "; ".join([first, *(f"{', '.join(f'`{name}`' for name in described[word])}: {word}" for word in others)])
