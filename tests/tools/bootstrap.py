# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run the pinned nox, which is installed into the user's cache when it is first needed.

Usage: bootstrap.py [ARGUMENT ...]    as nox takes them, such as: bootstrap.py -s units
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

from interpreters import first_of
from places import CACHE, ROOT
from requirements import MAIN_PYTHONS, install_arguments, recipe


class NoxUnavailable(Exception):
    """nox cannot be installed here; the text says what is missing."""


def nox() -> list[str]:
    """Return the command that starts nox, with uv beside it.

    Raises:
        NoxUnavailable: without an interpreter, or when pip cannot install nox.
    """
    interpreter = first_of(MAIN_PYTHONS)
    if interpreter is None:
        versions = " or ".join(MAIN_PYTHONS)
        raise NoxUnavailable(f"no Python {versions} with venv and ensurepip here (Debian: python3-venv)")
    made_from = f"{recipe('nox')}{interpreter.resolve()}"
    folder = CACHE / f"nox-{hashlib.sha256(made_from.encode()).hexdigest()[:10]}"
    CACHE.mkdir(parents=True, exist_ok=True)
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "complete").exists():
            _make(folder, interpreter)
    return [str(folder / "bin" / "python"), "-m", "nox"]


def _make(folder: Path, interpreter: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    print(f"Installing nox with {interpreter} …", file=sys.stderr, flush=True)
    pip = ["-m", "pip", "install", "-qq", "--disable-pip-version-check", *install_arguments("nox")]
    for command in ([interpreter, "-m", "venv", folder], [folder / "bin" / "python", *pip]):
        if code := subprocess.run(list(map(str, command)), check=False).returncode:
            raise NoxUnavailable(f"nox cannot be installed: {' '.join(map(str, command))} ended with code {code}")
    (folder / "complete").touch()


if __name__ == "__main__":
    try:
        start = nox()
    except NoxUnavailable as exc:
        sys.exit(str(exc))
    os.chdir(ROOT)
    os.execv(start[0], [*start, *sys.argv[1:]])  # noqa: S606 - no shell wanted
