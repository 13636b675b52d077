# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Programs that no Python environment holds."""

from __future__ import annotations

import os
import shutil
import subprocess

import nox

_PATIENCE = ["-o", "DPkg::Lock::Timeout=300"]


def provide(session: nox.Session, programs: tuple[str, ...], package: str, purpose: str) -> None:
    """Install a package that has one of these programs where it is missing and may be installed, as .ci/run does."""
    settings = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    if not any(map(shutil.which, programs)) and os.geteuid() == 0 and shutil.which("apt-get"):
        for command in (["update"], ["install", "--yes", "--no-install-recommends", package]):
            apt = ["apt-get", "--quiet", *_PATIENCE, *command]
            subprocess.run(apt, env=settings, capture_output=True, check=False)
    if not any(map(shutil.which, programs)):
        session.error(f"{purpose} needs {programs[0]}, which is not here (Debian: {package})")
