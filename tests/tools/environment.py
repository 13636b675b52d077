# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Make the virtual environments the checks run in; they live in the user's cache and are made when first needed.

Usage: environment.py NAME    prints the folder of the environment for tests/requirements/NAME.txt
"""

from __future__ import annotations

import fcntl
import hashlib
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from interpreters import first_of
from places import CACHE, ROOT

REQUIREMENTS = ROOT / "tests" / "requirements"
LOCKS = REQUIREMENTS / "locks"  # what comes along with the requirements, pinned by `make lock`
# No environments of their own, but parts of others; and what makes the locks, which brings nothing along.
_WITHOUT_LOCK = ("libraries", "pytest", "uv")
LOCKED = tuple(sorted(file.stem for file in REQUIREMENTS.glob("*.txt") if file.stem not in _WITHOUT_LOCK))
# The Python versions that each environment may have, best first.
PYTHONS = {
    "core-2.16": ("3.10", "3.11", "3.12"),
    "core-2.20": ("3.12", "3.13", "3.14"),
    "core-2.21": ("3.13", "3.12", "3.14"),
    "importer": ("3.11", "3.12", "3.10"),
    "target-3.8": ("3.8",),
}
MAIN_PYTHONS = ("3.11", "3.12", "3.13")
# The checks start Python some thousand times and must not write into what they test, so all is compiled beforehand.
_FAST = ("pip", "install", "--quiet", "--system-certs", "--compile-bytecode")


class EnvironmentUnavailable(Exception):
    """There is no interpreter on this machine that the environment could use."""


def requirements_text(file: Path) -> str:
    """Return a requirements file with the files it refers to."""
    lines = file.read_text(encoding="utf-8").splitlines()
    references = [line.split()[1] for line in lines if line.startswith("-r ")]
    return "\n".join([*lines, *(requirements_text(file.parent / name) for name in references)])


@contextmanager
def _only_one(folder: Path) -> Iterator[None]:
    folder.parent.mkdir(parents=True, exist_ok=True)
    with folder.with_name(f"{folder.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _install(python: Path, requirements: Path, lock: Path, fast: bool) -> None:
    wanted = ["-r", requirements, *(("-c", lock) if lock.exists() else ())]
    if fast:
        uv = [environment("uv") / "bin" / "uv", *_FAST, "--python", python]
        if subprocess.run([*map(str, uv), *wanted], capture_output=True, check=False).returncode == 0:
            return
    # pip is slower, but knows the proxies and mirrors that this machine may have set up for it.
    pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, *wanted], check=True)


def environment(name: str) -> Path:
    """Return the folder of a virtual environment, made if it is absent or was left incomplete."""
    requirements, lock = (folder / f"{name}.txt" for folder in (REQUIREMENTS, LOCKS))
    versions = PYTHONS.get(name, MAIN_PYTHONS)
    interpreter = first_of(versions)
    if interpreter is None:
        wanted = " or ".join(versions)
        raise EnvironmentUnavailable(f"no Python {wanted} with venv and ensurepip here (Debian: python3-venv)")
    pins = lock.read_text(encoding="utf-8") if lock.exists() else ""
    recipe = f"{requirements_text(requirements)}\n{pins}\n{interpreter.resolve()}\n{' '.join(_FAST)}"
    folder = CACHE / f"venv-{name}-{hashlib.sha256(recipe.encode()).hexdigest()[:10]}"
    stamp = folder / "complete"
    with _only_one(folder):
        if not (stamp.exists() and (folder / "bin" / "python").exists()):
            shutil.rmtree(folder, ignore_errors=True)
            print(f"Making the environment {name} with {interpreter} …", file=sys.stderr, flush=True)
            subprocess.run([interpreter, "-m", "venv", folder], check=True)
            _install(folder / "bin" / "python", requirements, lock, fast=name != "uv")
            stamp.write_text(recipe, encoding="utf-8")
    return folder


if __name__ == "__main__":
    try:
        print(environment(sys.argv[1]))
    except EnvironmentUnavailable as exc:
        sys.exit(str(exc))
