# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Put a copy of the database templates in its place: the addresses and folders of this run.

The templates are made once for all runs, so they hold the names below instead.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

KEYSTONE_URL = "http://keystone.invalid"
NOVA_URL = "http://nova.invalid"
PLACEMENT_URL = "http://placement.invalid"
GLANCE_URL = "http://glance.invalid"
DATABASES = "/databases.invalid"


def replace(database: Path, table: str, column: str, texts: dict[str, str]) -> None:
    """Replace each text by another one in one column."""
    with closing(sqlite3.connect(database)) as connection:
        for old, new in texts.items():
            connection.execute(f"UPDATE {table} SET {column} = replace({column}, ?, ?)", (old, new))  # noqa: S608
        connection.commit()


def main() -> None:
    """Fill in what belongs to this run."""
    from lab import settings

    urls = {
        KEYSTONE_URL: settings.KEYSTONE_PORT,
        NOVA_URL: settings.NOVA_PORT,
        PLACEMENT_URL: settings.PLACEMENT_PORT,
        GLANCE_URL: settings.GLANCE_PORT,
    }
    databases = settings.STATE / "db"
    replace(
        databases / "keystone.sqlite", "endpoint", "url", {u: f"http://127.0.0.1:{port}" for u, port in urls.items()}
    )
    replace(databases / "nova_api.sqlite", "cell_mappings", "database_connection", {DATABASES: str(databases)})


if __name__ == "__main__":
    main()
