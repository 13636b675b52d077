# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Make the databases of nova and placement: schema, two cells, three flavors."""

from __future__ import annotations

import sqlite3
from contextlib import closing

from nova import context, objects
from nova.db import migration
from placement.db.sqlalchemy import migration as placement_migration

from lab import nova_config, place, settings

DATABASES = settings.STATE / "db"
CELL1 = "11111111-1111-4111-8111-111111111111"
FLAVORS = (("1", "m1.tiny", 512), ("2", "m1.small", 1024), ("3", "m1.huge", 999_999_999))  # id, name, MiB


def create_schema() -> None:
    """Create every table; cell0 is a copy of cell1, whose schema is the same."""
    for name in ("nova_api", "nova_cell0", "nova_cell1", "placement"):
        with closing(sqlite3.connect(DATABASES / f"{name}.sqlite")) as database:
            database.execute("PRAGMA journal_mode=WAL")
    nova_config.load_nova()
    migration.db_sync(database="api")
    migration.db_sync(database="main")
    cell1, cell0 = (sqlite3.connect(DATABASES / f"nova_{cell}.sqlite") for cell in ("cell1", "cell0"))
    with closing(cell1), closing(cell0):
        cell1.backup(cell0)
    nova_config.load_placement()
    placement_migration.upgrade("head")


def create_cells(admin: context.RequestContext) -> None:
    """Register both cells; the folder of the databases is filled in for each run."""
    for name, uuid, transport in (("cell0", objects.CellMapping.CELL0_UUID, "none:///"), ("cell1", CELL1, "fake://")):
        objects.CellMapping(
            admin,
            name=name,
            uuid=uuid,
            transport_url=transport,
            database_connection=f"sqlite:///{place.DATABASES}/nova_{name}.sqlite",
        ).create()


def create_flavors(admin: context.RequestContext) -> None:
    """Two flavors that fit, and one that fits nowhere."""
    for flavor, name, memory in FLAVORS:
        objects.Flavor(
            admin,
            flavorid=flavor,
            name=name,
            memory_mb=memory,
            vcpus=1,
            root_gb=1,
            ephemeral_gb=0,
            swap=0,
            rxtx_factor=1.0,
            disabled=False,
            is_public=True,
        ).create()


def init() -> None:
    """Make all databases."""
    create_schema()
    admin = context.get_admin_context()
    create_cells(admin)
    create_flavors(admin)
