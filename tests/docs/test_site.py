# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The site shows the floors of the architecture as a picture, and the pictures of the pages are small and labeled."""

from __future__ import annotations

import html
import importlib.util
import re
from pathlib import Path
from xml.parsers import expat

import pytest
from docs.pages import COLLECTION, page, section

_spec = importlib.util.spec_from_file_location("floors", COLLECTION / "docs" / "docsite" / "floors.py")
assert _spec is not None and _spec.loader is not None
floors = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(floors)

ARCHITECTURE = page("docs/architecture.md")
PICTURES = sorted((COLLECTION / "docs" / "pictures").glob("*.svg"))
BYTES = 6 * 1024


def elements(svg: str, name: str) -> list[str]:
    """The texts of the elements of a name. Raises ExpatError if the SVG is not well-formed."""
    expat.ParserCreate().Parse(svg, True)
    return [html.unescape(text) for text in re.findall(rf"<{name}\b[^>]*>([^<]*)</{name}>", svg)]


def drawn_texts() -> list[str]:
    (svg,) = re.findall(r"<svg.*?</svg>", floors.draw(ARCHITECTURE), re.DOTALL)
    return elements(svg, "text")


def test_every_name_and_purpose_of_the_floors_is_drawn() -> None:
    (block,) = re.findall(r"```text\n(.*?)```", section(ARCHITECTURE, "Floors"), re.DOTALL)
    written = [each.strip() for line in block.splitlines() for each in re.split(r" {2,}", line) if each.strip(" ─═")]

    assert {"_http", "plugins/modules", "roles"} <= set(written)
    assert [each for each in written if each not in drawn_texts()] == []


def test_every_package_of_module_utils_is_a_floor() -> None:
    packages = {each.name for each in (COLLECTION / "plugins" / "module_utils").iterdir() if each.is_dir()}

    assert packages - {"__pycache__"} <= set(drawn_texts())


def test_the_rest_of_the_page_is_unchanged_and_the_picture_ends_no_html_block_early() -> None:
    before, picture, after = re.split(r"(<div><svg.*?</svg></div>)", floors.draw(ARCHITECTURE), flags=re.DOTALL)

    assert ARCHITECTURE.startswith(before) and ARCHITECTURE.endswith(after.removeprefix("\n"))
    assert "\n\n" not in picture


@pytest.mark.parametrize("text", ["# Architecture\n", "## Floors\n\n```text\n _http\n```\n"])
def test_a_page_without_floors_fails_the_build(text: str) -> None:
    with pytest.raises(ValueError, match="block of floors"):
        floors.draw(text)


@pytest.mark.parametrize("picture", PICTURES, ids=lambda each: each.name)
def test_a_picture_is_small_labeled_licensed_and_readable_on_dark_screens(picture: Path) -> None:
    text = picture.read_text(encoding="utf-8")

    assert len(text.encode()) <= BYTES
    assert [title for title in elements(text, "title") if title]
    assert "SPDX-License-Identifier" in text and "prefers-color-scheme: dark" in text
    assert "http" not in re.sub(r"<!--.*?-->|xmlns=\"[^\"]*\"", "", text, flags=re.DOTALL)
