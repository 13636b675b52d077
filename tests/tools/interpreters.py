# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Find the Python interpreters of this machine: real ones, never pyenv's shims, which fail inside ansible-test."""

from __future__ import annotations

import functools
import os
import subprocess
import sys
from pathlib import Path

VERSIONS = ("3.8", "3.9", "3.10", "3.11", "3.12", "3.13", "3.14")


def _folders() -> list[Path]:
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    uv = Path(os.environ.get("UV_PYTHON_INSTALL_DIR") or Path.home() / ".local/share/uv/python")
    on_path = [Path(entry) for entry in os.environ.get("PATH", "").split(os.pathsep) if entry]
    installed = sorted(pyenv.glob("versions/*/bin")) + sorted(uv.glob("*/bin"))
    here = Path(sys.executable).parent
    return [here, *(folder for folder in on_path if "shims" not in folder.parts), *installed]


def _can_make_environments(python: Path) -> bool:
    probe = [str(python), "-c", "import ensurepip, sys, venv; sys.exit(sys.prefix != sys.base_prefix)"]
    return subprocess.run(probe, capture_output=True, check=False).returncode == 0


@functools.cache
def find(version: str) -> Path | None:
    """Return the interpreter of a version such as "3.12" that can make virtual environments."""
    candidates = (folder / f"python{version}" for folder in _folders())
    return next((path for path in candidates if os.access(path, os.X_OK) and _can_make_environments(path)), None)


def first_of(versions: tuple[str, ...]) -> Path | None:
    """Return the first interpreter found, in the order of preference given."""
    return next((python for python in map(find, versions) if python), None)


def search_path() -> str:
    """Return a PATH on which every real interpreter comes first, then the rest."""
    interpreters = [str(python.parent) for python in map(find, VERSIONS) if python]
    rest = [entry for entry in os.environ.get("PATH", "").split(os.pathsep) if "shims" not in Path(entry).parts]
    return os.pathsep.join(dict.fromkeys([*interpreters, *rest]))
