# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The table of the ways to name no operation, for docs/reliability.md."""

from __future__ import annotations

from nothing.ways import WAYS, Way

HEAD = "| by | given | the gate stays shut, and says | with `empty: pass` | in check mode |\n|---|---|---|---|---|\n"


def table() -> str:
    """Return one line for each way."""
    return HEAD + "".join(_line(each) for each in WAYS)


def _line(way: Way) -> str:
    said = f"{way.says.strip()} …" if way.says.endswith(": ") else way.says
    opens = "waits for the other group" if _waits(way) else "opens"
    may_open = opens if way.optional else "stays shut"
    return f"| {way.by} | {way.name} | {said} | {may_open} | {may_open} |\n"


def _waits(way: Way) -> bool:
    groups = way.given.get("groups")
    return isinstance(groups, list) and len(groups) > 1
