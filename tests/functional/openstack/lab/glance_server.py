# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A real Glance v2 in one process: `init` makes its database, `serve` runs it.

Native threads, SQLite, images in a folder. Werkzeug serves it, as waitress reads a request to its end before Glance
sees it: no image would ever be in status saving.
"""

from __future__ import annotations

import os
import sqlite3
import sys
from contextlib import closing
from typing import Any

from lab import settings

ETC = settings.STATE / "etc"
# The image of nova.tests.fixtures.GlanceFixture that the scenarios boot from; the virt driver downloads nothing.
IMAGES = ("155d900f-4e14-4e4c-a73d-069cbf4541e6", "a2459075-d96c-40d5-893e-577ff92e721c")


def create_images() -> None:
    """Create the public images, without any data."""
    from glance import context
    from glance.db.sqlalchemy import api

    for image in IMAGES:
        values = {
            "id": image,
            "name": "base",
            "status": "active",
            "visibility": "public",
            "container_format": "bare",
            "disk_format": "raw",
            "size": 25165824,
            "min_disk": 0,
            "min_ram": 0,
            "properties": {"architecture": "x86_64"},
        }
        api.image_create(context.get_admin_context(), values)


def init() -> None:
    """Make the database."""
    from glance.cmd.manage import DbCommands
    from glance.common import config
    from oslo_config import cfg

    with closing(sqlite3.connect(settings.STATE / "db" / "glance.sqlite")) as database:
        database.execute("PRAGMA journal_mode=WAL")
    cfg.CONF([], project="glance", default_config_files=[str(ETC / "glance-api.conf")])
    config.set_config_defaults()
    DbCommands().sync()
    create_images()


def lock_at_begin() -> None:
    """Let each transaction wait for the lock: one that reads first is refused at its first write if another wrote."""
    from sqlalchemy import event
    from sqlalchemy.engine import Engine

    @event.listens_for(Engine, "before_cursor_execute", retval=True)
    def begin(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_more: Any) -> tuple[str, Any]:
        return "BEGIN IMMEDIATE" if statement == "BEGIN" else statement, parameters


def serve() -> None:
    """Answer until the process is ended."""
    from glance.common import wsgi_app
    from werkzeug import serving

    lock_at_begin()
    server = serving.make_server("127.0.0.1", settings.GLANCE_PORT, wsgi_app.init_app(), threaded=True)
    (settings.STATE / "glance.ready").touch()
    server.serve_forever()


if __name__ == "__main__":
    commands = {"init": init, "serve": serve}
    command = sys.argv.pop(1)
    os.environ["OS_GLANCE_CONFIG_DIR"] = str(ETC)
    commands[command]()
