# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The pages of the documentation, and what is in them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

COLLECTION = Path(__file__).parents[2]
PATTERNS = ("*.md", "docs/**/*.md", "roles/*/README.md", "tests/*/*.md")
NO_PAGES = {COLLECTION / "CHANGELOG.md", COLLECTION / "docs" / "docsite" / "contents.md"}  # a tool's, and a part of one
PAGES = sorted({page for pattern in PATTERNS for page in COLLECTION.glob(pattern)} - NO_PAGES)
_FENCE = re.compile(r"^```(\S*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_HEADING = re.compile(r"^(#+) (.+)$", re.MULTILINE)


@dataclass(frozen=True)
class Block:
    """A block of code in a page."""

    page: Path
    line: int
    language: str
    text: str

    def __str__(self) -> str:
        return f"{self.page.relative_to(COLLECTION)}:{self.line}"


def page(name: str) -> str:
    """Return the text of a page."""
    return (COLLECTION / name).read_text(encoding="utf-8")


def blocks(file: Path) -> list[Block]:
    """Return all blocks of code of a page."""
    text = file.read_text(encoding="utf-8")
    return [
        Block(file, text.count("\n", 0, match.start()) + 1, match.group(1), match.group(2))
        for match in _FENCE.finditer(text)
    ]


def prose(text: str) -> str:
    """Return a page without its blocks of code."""
    return _FENCE.sub("", text)


def headings(text: str) -> list[tuple[int, str]]:
    """Level and text of each heading."""
    return [(len(match.group(1)), match.group(2)) for match in _HEADING.finditer(prose(text))]


def section(text: str, title: str) -> str:
    """Return what is below a heading of the second level."""
    match = re.search(rf"^## {re.escape(title)}$(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    return match.group(1) if match else ""


def tables(text: str) -> list[list[list[str]]]:
    """Return the tables of a page: rows of cells, without the line below their head."""
    found: list[list[list[str]]] = [[]]
    for line in text.splitlines():
        if line.startswith("|"):
            cells = [cell.strip() for cell in line.strip("|").split(" | ")]
            if not re.fullmatch(r"[|: -]+", line):
                found[-1].append(cells)
        elif found[-1]:
            found.append([])
    return [table for table in found if table]
