# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Let plain `pytest` work in a checkout, wherever that is: Ansible wants ansible_collections/cloudgate/operations."""

from __future__ import annotations

import atexit
import os
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent
NAME = Path("ansible_collections", "cloudgate", "operations")


def make_tree() -> Path:
    """Return a folder that holds `ansible_collections` for the checkout; create it unless the checkout is in one."""
    if ROOT.parts[-3:] == NAME.parts:
        return ROOT.parents[2]
    temporary = tempfile.TemporaryDirectory(prefix="cloudgate-")
    atexit.register(temporary.cleanup)
    tree = Path(temporary.name)
    (tree / NAME).parent.mkdir(parents=True)
    (tree / NAME).symlink_to(ROOT, target_is_directory=True)
    return tree


def put_first(variable: str, *folders: Path) -> list[str]:
    """Add folders to an environment variable like PATH, and return those that were not in it."""
    known = os.environ.get(variable, "").split(os.pathsep)
    added = [str(folder) for folder in folders if str(folder) not in known]
    os.environ[variable] = os.pathsep.join(filter(None, [*added, *known]))
    return added


# At once, because the tests' own conftest.py files import from these folders; and for the programs that tests start.
TREE = make_tree()
put_first("ANSIBLE_COLLECTIONS_PATH", TREE)
sys.path[:0] = put_first("PYTHONPATH", TREE, *(ROOT / "tests" / name for name in ("", "functional", "nightly")))
