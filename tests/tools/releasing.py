# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The versions: what is released, and which one galaxy.yml names between two releases."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

from places import ROOT

Version = tuple[int, ...]
_VERSION = re.compile(r"^version: (.+)$", re.MULTILINE)
_RELEASED = re.compile(r"^  (\d+\.\d+\.\d+):$", re.MULTILINE)
NOTES = ("CHANGELOG.md", "changelogs/changelog.yaml")
FRAGMENTS = Path("changelogs/fragments")


class WrongVersion(Exception):
    """A version that cannot be released; the text says why."""


def numbers(version: str) -> Version:
    """Return the three numbers of a version, such as (1, 1, 0) of 1.1.0 and of 1.1.0-dev0."""
    return tuple(int(number) for number in version.partition("-")[0].split("."))


def released(root: Path = ROOT) -> list[str]:
    """Return the versions that the changelog has, oldest first."""
    text = (root / "changelogs/changelog.yaml").read_text(encoding="utf-8")
    return sorted(_RELEASED.findall(text), key=numbers)


def current(root: Path = ROOT) -> str:
    """Return the version in galaxy.yml."""
    found = _VERSION.search((root / "galaxy.yml").read_text(encoding="utf-8"))
    return found.group(1) if found else ""


def set_version(version: str, root: Path = ROOT) -> None:
    """Write the version into galaxy.yml."""
    file = root / "galaxy.yml"
    file.write_text(_VERSION.sub(f"version: {version}", file.read_text(encoding="utf-8")), encoding="utf-8")


def following(version: str) -> str:
    """Return what galaxy.yml names after a release: no package that is built in between has a version twice."""
    major, minor, _patch = numbers(version)
    return f"{major}.{minor + 1}.0-dev0"


def check(words: list[str], root: Path = ROOT) -> str:
    """Return the version that a command line names.

    Raises:
        WrongVersion: if it names none, or one that is not newer than each release.
    """
    if len(words) != 1 or not re.fullmatch(r"\d+\.\d+\.\d+", words[0]):
        raise WrongVersion(f"name the version, such as: nox -s release -- {numbers_text(current(root))}")
    newest = released(root)[-1]
    if numbers(words[0]) <= numbers(newest):
        raise WrongVersion(f"{words[0]} is not newer than {newest}, which is released")
    return words[0]


def numbers_text(version: str) -> str:
    """Return a version without what marks it as unreleased."""
    return ".".join(map(str, numbers(version)))


def git(*arguments: str) -> str:
    """Run git in the checkout and return what it prints."""
    command = ["git", "-C", str(ROOT), *arguments]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.strip()


def take_over(collection: Path) -> None:
    """Bring what the changelog's tool has written in a copy into the checkout."""
    for name in NOTES:
        shutil.copy(collection / name, ROOT / name)
    for fragment in (ROOT / FRAGMENTS).glob("*.y*ml"):
        if not (collection / FRAGMENTS / fragment.name).exists():
            fragment.unlink()


def commit(subject: str) -> None:
    """Commit what a release changes."""
    git("add", "--all", "galaxy.yml", "CHANGELOG.md", "changelogs")
    git("commit", "--quiet", "--message", subject)
