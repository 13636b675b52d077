# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The servers that one request creates, and the lists in which they are found."""

from __future__ import annotations

import re
import uuid
from typing import Any

from flask import request

from .errors import nova_error
from .nova_queries import parse_time
from .state import Server, Store, new_reservation_id


def new_servers(given: dict[str, Any], user_id: str, now: float) -> list[Server]:
    """Make the servers of a request: as many as max_count, named NAME-1 and so on where they are several."""
    least = int(given.get("min_count", 1))
    most = int(given.get("max_count", least))
    if not 1 <= least <= most:
        raise nova_error(400, "min_count must be <= max_count")
    names = [given["name"]] if most == 1 else [f"{given['name']}-{number}" for number in range(1, most + 1)]
    reservation_id = new_reservation_id()
    servers = [Server(str(uuid.uuid4()), name, user_id, now, reservation_id=reservation_id) for name in names]
    for server in servers:
        server.flavor = str(given.get("flavorRef", server.flavor)).rsplit("/", maxsplit=1)[-1]
    return servers


def is_listed(store: Store, server: Server) -> bool:
    """Return whether a list has a server: deleted ones only with changes-since; the filters are regular expressions."""
    since = parse_time(request.args.get("changes-since", ""))
    if store.server_view(server).get("deleted") and since is None:
        return False
    if since is not None and int(store.updated(server)) < since:
        return False
    shown = {"reservation_id": server.reservation_id, "name": server.name}
    return all(re.search(request.args.get(name, ""), value) for name, value in shown.items())
