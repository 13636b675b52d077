# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run a command in one of the environments, from a staged copy of the collection.

Usage: run.py ENVIRONMENT COMMAND [ARGUMENT ...]
"""

from __future__ import annotations

import os
import sys

from environment import EnvironmentUnavailable, environment
from interpreters import search_path
from places import collections_path, stage


def main(name: str, command: list[str]) -> None:
    """Become the command."""
    collection = stage(name)
    os.environ["PATH"] = search_path(environment(name))
    os.environ["ANSIBLE_COLLECTIONS_PATH"] = str(collections_path(collection))
    os.chdir(collection)
    os.execvp(command[0], command)  # noqa: S606 - no shell wanted


if __name__ == "__main__":
    try:
        main(sys.argv[1], sys.argv[2:])
    except EnvironmentUnavailable as exc:
        sys.exit(str(exc))
