# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Many servers of a real Nova are watched through its list of changes. FEED_SERVERS=200 watches more of them."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timezone
from pathlib import Path

import pytest
from ansible_collections.cloudgate.operations.plugins.module_utils._model.reference import Reference
from ansible_collections.cloudgate.operations.plugins.module_utils._module.connection import Connection
from ansible_collections.cloudgate.operations.plugins.module_utils._polling.engine import Engine
from ansible_collections.cloudgate.operations.plugins.module_utils._polling.outcome import WaitOptions
from ansible_collections.cloudgate.operations.plugins.module_utils._polling.state import GroupState, PollState
from lab.bench import Bench

COUNT = int(os.environ.get("FEED_SERVERS", "16"))
LASTS = 40 + COUNT  # seconds; a busy machine takes up to half a second to begin one more
FAILS_AFTER = 20.0  # seconds of the wait
NOTICED = 15.0  # seconds after the end, on a busy machine too


@pytest.fixture
def servers(bench: Bench) -> Iterator[list[str]]:
    made = [bench.create().body["server"]["id"] for _number in range(COUNT)]
    for server in made:
        bench.wait(server, "ACTIVE", 60 + 2 * COUNT)
    yield made
    for server in made:  # Nova deletes none that it is still stopping
        while bench.server(server)["task_state"]:
            time.sleep(0.5)
    bench.clean_up()


def test_one_failure_among_many_is_noticed_within_seconds(bench: Bench, servers: list[str], tmp_path: Path) -> None:
    let_it_fail = tmp_path / "let-it-fail"
    for number, server in enumerate(servers):
        lasts = f"file={let_it_fail},fail=InternalError" if number == COUNT // 2 else f"sleep={LASTS}"
        bench.set_metadata(server, {"lab_power_off": lasts})

    def stop(server: str) -> Reference:
        return Reference(bench.act(server, {"os-stop": None}).request_id, server)

    with ThreadPoolExecutor(4) as pool:
        references = list(pool.map(stop, servers))
    options = {
        "provider": "openstack",
        "auth": {
            "auth_url": os.environ["OS_AUTH_URL"],
            "username": "demo",
            "password": "demo",
            "project_name": "demo",
            "user_domain_name": "Default",
            "project_domain_name": "Default",
        },
    }
    connection = Connection(options, {}, mask=lambda _secret: None)
    state = PollState([GroupState.of("openstack", references)])
    began = time.monotonic()
    threading.Timer(FAILS_AFTER, let_it_fail.touch).start()
    Engine(WaitOptions(timeout=400), 90, 30).run(state, [connection.io])
    failure = state.outcome().failure(WaitOptions())
    assert failure is not None
    assert failure["operation"]["resource_id"] == servers[COUNT // 2]
    ended = max(datetime.fromisoformat(step["finished_at"]) for step in failure["operation"]["steps"])
    late = (datetime.now(timezone.utc) - ended).total_seconds()
    print(f"{COUNT} servers: noticed {late:.1f} s late, {connection.requests} requests, {state.polls} polls")
    assert 0 <= late <= NOTICED
    assert time.monotonic() - began >= FAILS_AFTER
    assert sum(not each.open for each in state.operations) == 1, "all others were still running"
    assert state.groups[0].feed.last_tick is not None
    assert all(each.row for each in state.operations), "the feed has shown each of them"
