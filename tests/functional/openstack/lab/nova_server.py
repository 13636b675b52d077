# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A real Nova with placement in one process: `init` makes its databases, `serve` runs it."""

from __future__ import annotations

import os
import sys

# Read when nova chooses its concurrency: native threads, so nothing is patched and imports may follow in any order.
os.environ["OS_NOVA_DISABLE_EVENTLET_PATCHING"] = "1"


def main(command: str) -> None:
    """Choose nova's service backend before any other part of nova is loaded, then start."""
    from nova import monkey_patch

    monkey_patch.patch(backend="threading")
    if command == "init":
        from lab import nova_database

        nova_database.init()
    else:
        from lab import nova_services

        nova_services.serve()


if __name__ == "__main__":
    main(sys.argv[1])
