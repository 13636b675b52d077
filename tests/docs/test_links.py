# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every link between pages leads to an existing file and heading, and every page can be reached."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from docs.pages import COLLECTION, PAGES, headings, prose

_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_CODE = re.compile(r"`[^`\n]*`")


def links(page: Path) -> list[str]:
    """Yield the targets of the links and pictures of a page."""
    return _LINK.findall(_CODE.sub("", prose(page.read_text(encoding="utf-8"))))


def anchors(page: Path) -> Iterator[str]:
    """Return the anchors that GitHub gives to headings."""
    seen: dict[str, int] = {}
    for _level, text in headings(page.read_text(encoding="utf-8")):
        name = re.sub(r"[^\w\- ]", "", re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text).lower()).replace(" ", "-")
        seen[name] = seen.get(name, -1) + 1
        yield f"{name}-{seen[name]}" if seen[name] else name


def target(page: Path, link: str) -> Path:
    """Return the file that a link leads to."""
    path = link.split("#")[0]
    return (page.parent / path).resolve() if path else page.resolve()


INTERNAL = [(page, link) for page in PAGES for link in links(page) if "://" not in link]
EXTERNAL = sorted({link for page in PAGES for link in links(page) if "://" in link})


def named(value: Path | str) -> str:
    return value if isinstance(value, str) else value.relative_to(COLLECTION).as_posix()


@pytest.mark.parametrize(("page", "link"), INTERNAL, ids=named)
def test_a_link_leads_somewhere(page: Path, link: str) -> None:
    found = target(page, link)

    assert found.exists() and found.is_relative_to(COLLECTION.resolve())
    if "#" in link:
        assert link.split("#")[1] in set(anchors(found))


@pytest.mark.parametrize("link", EXTERNAL)
def test_a_link_to_elsewhere_is_whole(link: str) -> None:
    parts = urlsplit(link)

    assert parts.scheme == "https" and "." in (parts.hostname or "")


def test_every_page_can_be_reached_from_the_first() -> None:
    reached, new = set(), {(COLLECTION / "README.md").resolve()}
    while new:
        reached |= new
        new = {target(page, link) for page in new if page.suffix == ".md" for link in links(page) if "://" not in link}
        new -= reached

    assert sorted(named(page) for page in PAGES if page.resolve() not in reached and "docs" in page.parts) == []
