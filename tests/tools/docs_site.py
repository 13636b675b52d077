# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The site: the collection's own pages, and antsibull-docs' pages of its modules, filters and role, by Sphinx."""

from __future__ import annotations

import shutil
from pathlib import Path

import nox
from sessions import scratch

PAGES = ("*.md", "docs/**/*.md", "roles/*/README.md")
PICTURES = ("docs/**/*.png", "docs/**/*.svg")
SETTINGS = "docs/docsite"


def _lay_out(collection: Path, source: Path) -> None:
    """Put the pages where they are in the checkout, so that the links between them stay as they are."""
    for pattern in (*PAGES, *PICTURES):
        for page in collection.glob(pattern):
            if page.parent != collection / SETTINGS:
                place = source / page.relative_to(collection)
                place.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(page, place)
    for name in ("galaxy.yml", f"{SETTINGS}/conf.py", f"{SETTINGS}/floors.py"):
        shutil.copy2(collection / name, source)
    shutil.copytree(collection / "changelogs", source / "changelogs")
    (source / "_site").mkdir()
    shutil.copy2(collection / SETTINGS / "site.css", source / "_site")
    contents = (collection / SETTINGS / "contents.md").read_text(encoding="utf-8")
    (source / "index.md").write_text((source / "README.md").read_text(encoding="utf-8") + contents, encoding="utf-8")


def build_site(session: nox.Session, collection: Path, name: str, target: Path) -> int:
    """Build the site of the collection of this name into a folder, and return how many pages it has."""
    source, cache = scratch(session, "source"), scratch(session, "cache")
    for folder in (source, cache, target):  # a page that is not read again is not warned of again
        shutil.rmtree(folder, ignore_errors=True)
    reference = source / "reference"
    reference.mkdir(parents=True, mode=0o755)
    _lay_out(collection, source)
    settings = ["--config-file", str(collection / SETTINGS / "antsibull-docs.cfg")]
    options = ["--use-current", "--squash-hierarchy", "--fail-on-error", "--dest-dir", str(reference)]
    session.run("antsibull-docs", *settings, "collection", *options, name)
    # -W: whatever Sphinx warns of, such as a link that leads nowhere, fails the build.
    session.run("sphinx-build", "-b", "html", "-W", "--keep-going", "-d", str(cache), str(source), str(target))
    return len(list(target.rglob("*.html")))
