# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A script with openstacksdk. The login is in the environment.

Usage: sdk_client.py sequential|threads VARIABLES_FILE
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import openstack
from openstack.connection import Connection
from openstack.exceptions import NotFoundException

INTERVAL = 5.0  # seconds, as for the other contestants
WORKERS = 10  # as max_concurrency of this collection
LIMIT = 3600.0  # seconds
Named = Mapping[str, str]


def wait_for_server(cloud: Connection, named: Named) -> None:
    """Wait until the server has the wanted status, as most scripts do."""
    server = cloud.compute.get_server(named["resource_id"])
    cloud.compute.wait_for_server(server, interval=INTERVAL, wait=LIMIT)


def wait_for_action(cloud: Connection, named: Named) -> None:
    """Wait until all events of the action have finished."""
    deadline = time.monotonic() + LIMIT
    while time.monotonic() < deadline:
        try:
            action = cloud.compute.get_server_action(named["operation_id"], named["resource_id"])
        except NotFoundException:  # Nova shows a create late
            action = None
        if action and action.events and all(event.finish_time for event in action.events):
            return
        time.sleep(INTERVAL)
    sys.exit(f"{named['operation_id']} did not finish in time.")


def main() -> None:
    """Wait for all operations that the file names."""
    way, file = sys.argv[1:]
    operations = json.loads(Path(file).read_text(encoding="utf-8"))["operations"]
    cloud = openstack.connect()
    if way == "sequential":
        for each in operations:
            wait_for_server(cloud, each)
        return
    with ThreadPoolExecutor(WORKERS) as pool:
        for waited in [pool.submit(wait_for_action, cloud, each) for each in operations]:
            waited.result()


if __name__ == "__main__":
    main()
