# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Let ansible-test make its environments on machines that cannot reach the site it takes get-pip.py from."""

from __future__ import annotations

import contextlib
import os
import shutil
import urllib.request
from pathlib import Path

# The pip versions that ansible-core 2.16, 2.19 and 2.20 or later ask for.
PIP_VERSIONS = ("23_1_2", "24_2", "25_2")
SITE = "https://ci-files.testing.ansible.com/ansible-test/get-pip-24.2.py"


def _site_answers() -> bool:
    with contextlib.suppress(OSError), urllib.request.urlopen(SITE, timeout=5) as reply:
        return bool(reply.status == 200)
    return False


def provide() -> None:
    """Put the stand-in where ansible-test looks first, unless a download is there already or would work."""
    cache = Path.home() / ".ansible" / "test" / "cache"
    missing = [path for path in (cache / f"get_pip_{version}.py" for version in PIP_VERSIONS) if not path.exists()]
    if not missing or _site_answers():
        return
    cache.mkdir(parents=True, exist_ok=True)
    for path in missing:
        # Two runs may do this at once: let none of them see half a file.
        partial = path.with_suffix(f".{os.getpid()}")
        shutil.copyfile(Path(__file__).with_name("get_pip_seed.py"), partial)
        partial.replace(path)
