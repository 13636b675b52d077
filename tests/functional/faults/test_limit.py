# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The limit of a wait holds against endless answers and many operations. In real time, with threads and sockets."""

from __future__ import annotations

import json
import socketserver
import threading
import time
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from ansible_collections.cloudgate.operations.plugins.module_utils._model.reference import Reference
from ansible_collections.cloudgate.operations.plugins.module_utils._module.connection import Connection
from ansible_collections.cloudgate.operations.plugins.module_utils._polling.deadlines import LAST_POLLS
from ansible_collections.cloudgate.operations.plugins.module_utils._polling.engine import Engine
from ansible_collections.cloudgate.operations.plugins.module_utils._polling.outcome import NO_ANSWER, WaitOptions
from ansible_collections.cloudgate.operations.plugins.module_utils._polling.plan import GroupIO
from ansible_collections.cloudgate.operations.plugins.module_utils._polling.state import GroupState, PollState
from faults.injections import API
from faults.subjects import SUBJECTS
from simulator import Simulator

LIMIT, BUSY = 2.0, 1.0  # seconds; the second for a machine that has other work to do
OPENSTACK = SUBJECTS[0]


@pytest.mark.usefixtures("_mended")
@pytest.mark.parametrize("action", ["silence", "drip", "drip_body"])
def test_an_endless_answer_does_not_exceed_the_limit(sim: Simulator, action: str) -> None:
    reference = OPENSTACK.add(sim, OPENSTACK.provider, started=0, duration=1e6)
    connection = Connection(OPENSTACK.task(sim, secure=False) | {"api_timeout": 30}, {}, mask=lambda _secret: None)
    polls = 0

    def poll(references: Sequence[Reference]) -> Any:
        nonlocal polls
        polls += 1
        if polls == 2:
            sim.add_fault(path=API, times=None, action=action)  # a byte a second
        return connection.poll(references)

    state = PollState([GroupState.of(connection.info.name, [reference])])
    options = WaitOptions(timeout=LIMIT, poll_min=0.2, poll_max=0.2)
    began = time.monotonic()
    Engine(options, poll_deadline=90, api_timeout=30).run(state, [GroupIO(poll, connection.now)])
    outcome = state.outcome()
    assert time.monotonic() - began < LIMIT + LAST_POLLS + BUSY
    failure = outcome.failure(options)
    assert failure is not None
    assert failure["kind"] == "timeout"
    assert LIMIT <= outcome.elapsed < LIMIT + LAST_POLLS + BUSY
    assert (outcome.operations[0].terminal, polls) == (False, 2)


class SlowApi(socketserver.ThreadingTCPServer):
    """Answer each request after so many seconds; None: never. It speaks HTTP by hand, to be cheap."""

    daemon_threads = True
    request_queue_size = 256

    def __init__(self, seconds: float | None) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.seconds = seconds
        self.closed = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Handler(socketserver.StreamRequestHandler):
    server: SlowApi

    def handle(self) -> None:
        while line := self.rfile.readline():
            while self.rfile.readline().strip():
                pass
            self.server.closed.wait(self.server.seconds)
            if self.server.closed.is_set():
                return
            name = line.split()[1].decode().rpartition("/")[2]
            body = json.dumps({"id": name, "state": "RUNNING"}).encode()
            head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
            self.wfile.write(head.encode() + body)


@pytest.fixture
def slow_api(request: pytest.FixtureRequest) -> Iterator[SlowApi]:
    with SlowApi(request.param) as server:
        threading.Thread(target=server.serve_forever, args=(0.1,), daemon=True).start()
        yield server
        server.closed.set()
        server.shutdown()


@pytest.mark.parametrize("slow_api", [1.0, None], ids=["slow", "never"], indirect=True)
def test_two_thousand_operations_do_not_exceed_the_limit(slow_api: SlowApi, run_module: Any) -> None:
    result = run_module(
        "wait_for_operation",
        provider="custom",
        endpoint=slow_api.url,
        auth_type="none",
        definition={
            "show": "/v1/{operation_id}",
            "id": "id",
            "state": "state",
            "states": {"running": ["RUNNING"], "succeeded": ["DONE"], "failed": ["FAILED"]},
        },
        operations=[{"operation_id": f"op-{number}"} for number in range(2000)],
        timeout=5,
        api_timeout=3,
    )
    assert (result["failed"], result["failure"]["kind"], len(result["operations"])) == (True, "timeout", 2000)
    assert 5 <= result["elapsed"] <= 5 + 3 + LAST_POLLS + BUSY
    read = sum(each["reason"] != NO_ANSWER for each in result["operations"])
    assert (10 <= read <= 80) if slow_api.seconds else read == 0
    assert (f"{2000 - read} of them were never read" if read else "The API never answered.") in result["msg"]
