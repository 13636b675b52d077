# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where things are: the checkout, the user's cache, and copies of the collection where Ansible's tools want it."""

from __future__ import annotations

import filecmp
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "cloudgate"
# One place per checkout, so that two of them never fight.
WORK = CACHE / f"work-{hashlib.sha256(str(ROOT).encode()).hexdigest()[:10]}"

_KEPT = {".git", "tests/output"}
_NEVER_COPIED = {".git", ".nox", "__pycache__", "dist", "build"}


def _files() -> list[Path]:
    """Return the checkout's files, relative: tracked and new ones, without what git ignores."""
    if shutil.which("git") and (ROOT / ".git").exists():
        listing = ["git", "-C", str(ROOT), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        names = subprocess.run(listing, check=True, capture_output=True, text=True).stdout.split("\0")
        return [Path(name) for name in sorted(set(names)) if name and (ROOT / name).is_file()]
    found = (path.relative_to(ROOT) for path in ROOT.rglob("*") if path.is_file())
    return sorted(path for path in found if not _NEVER_COPIED.intersection(path.parts))


def _remove_stale(collection: Path, wanted: set[Path]) -> None:
    for folder, folders, files in os.walk(collection, topdown=True):
        here = Path(folder).relative_to(collection)
        folders[:] = [name for name in folders if (here / name).as_posix() not in _KEPT]
        for name in files:
            if here / name not in wanted:
                Path(folder, name).unlink()


def stage(name: str) -> Path:
    """Bring the copy of the collection called NAME up to date and return its folder."""
    collection = WORK / name / "ansible_collections" / "cloudgate" / "operations"
    collection.mkdir(parents=True, exist_ok=True)
    wanted = _files()
    _remove_stale(collection, set(wanted))
    for path in wanted:
        source, target = ROOT / path, collection / path
        if not target.exists() or not filecmp.cmp(source, target, shallow=False):
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target)
    if shutil.which("git") and not (collection / ".git").exists():
        # ansible-test asks git which files belong to the collection.
        subprocess.run(["git", "init", "--quiet", str(collection)], check=True)
    return collection


def collections_path(collection: Path) -> Path:
    """Return the folder that holds `ansible_collections` for a staged collection."""
    return collection.parents[2]


def import_path(collection: Path) -> str:
    """Return the PYTHONPATH with which the tests import each other, the simulator and the collection."""
    tests = collection / "tests"
    folders = (tests, tests / "functional", tests / "nightly", collections_path(collection))
    return os.pathsep.join(map(str, folders))


if __name__ == "__main__":
    print(stage(sys.argv[1] if len(sys.argv) > 1 else "manual"))
