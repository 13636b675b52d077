# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A Java runtime for the rule engine of ansible-rulebook."""

from __future__ import annotations

import os
import shutil
import subprocess

from job import StepFailed

_PACKAGE = "default-jre-headless"


def _apt_get(*arguments: str) -> None:
    settings = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", "--quiet", *arguments], env=settings, capture_output=True, check=False)


def provide() -> None:
    """Install Java where it is missing and may be installed, as .ci/run does with what it needs."""
    if shutil.which("java"):
        return
    if os.geteuid() == 0 and shutil.which("apt-get"):
        _apt_get("update")
        _apt_get("install", "--yes", "--no-install-recommends", _PACKAGE)
    if not shutil.which("java"):
        raise StepFailed(f"ansible-rulebook needs Java 17 or later, which is not here (Debian: {_PACKAGE})")
