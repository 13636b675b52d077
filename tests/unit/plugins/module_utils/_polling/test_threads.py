# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Polls that run at the same time. Nothing here sleeps."""

from __future__ import annotations

import itertools
import threading
from datetime import datetime, timezone
from typing import List

import pytest
from ansible_collections.cloudgate.operations.plugins.module_utils._model.errors import TransportError
from ansible_collections.cloudgate.operations.plugins.module_utils._model.operation import Operation, State
from ansible_collections.cloudgate.operations.plugins.module_utils._model.reference import Reference
from ansible_collections.cloudgate.operations.plugins.module_utils._polling.engine import Engine
from ansible_collections.cloudgate.operations.plugins.module_utils._polling.outcome import WaitOptions
from ansible_collections.cloudgate.operations.plugins.module_utils._polling.plan import GroupIO
from ansible_collections.cloudgate.operations.plugins.module_utils._polling.state import GroupState, PollState
from ansible_collections.cloudgate.operations.plugins.module_utils._polling.threads import Interrupted, Threads

SOON = 30.0  # seconds until a thread that hangs fails the test


def test_work_returns_with_its_tag_whatever_its_outcome() -> None:
    threads = Threads()
    threads.start("good", lambda: 42)
    threads.start("bad", lambda: 1 / 0)
    found = dict(threads.finished(SOON) or ("nothing", None) for _each in range(2))
    assert found["good"] == 42
    assert isinstance(found["bad"], ZeroDivisionError)


def test_nothing_returns_before_it_is_done() -> None:
    threads, gate = Threads(), threading.Event()
    threads.start("held", lambda: gate.wait(SOON))
    assert threads.finished(0) is None
    assert threads.finished(-1) is None
    gate.set()
    assert threads.finished(SOON) == ("held", True)
    assert threads.finished(0) is None


def test_waiting_can_be_interrupted() -> None:
    threads, gate = Threads(), threading.Event()
    threads.start("held", lambda: gate.wait(SOON))
    threading.Timer(0.05, threads.interrupt).start()
    for _each in range(2):
        with pytest.raises(Interrupted):
            threads.finished(SOON)
    gate.set()


def test_work_runs_at_the_same_time() -> None:
    threads, together = Threads(), threading.Barrier(10)
    for number in range(10):
        threads.start(number, lambda: together.wait(SOON))
    found = [threads.finished(SOON) for _each in range(10)]
    assert sorted(each[0] for each in found if each) == list(range(10))
    assert not together.broken


def test_work_that_hangs_does_not_keep_the_process_alive() -> None:
    gate = threading.Event()
    held: List[threading.Thread] = []

    def hang() -> None:
        held.append(threading.current_thread())
        gate.wait(SOON)

    threads = Threads()
    threads.start("held", hang)
    threads.start("seen", lambda: None)
    assert threads.finished(SOON) == ("seen", None)
    gate.set()
    threads.finished(SOON)
    assert held[0].daemon


def test_without_a_free_thread_work_returns_a_transient_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    threads = Threads()
    monkeypatch.setattr(threading.Thread, "start", full)
    threads.start("late", lambda: 42)
    tag, error = threads.finished(0) or ("nothing", None)
    assert tag == "late"
    assert isinstance(error, TransportError) and error.transient
    assert "cannot start another thread" in str(error)


def test_a_wait_continues_with_fewer_requests_until_there_are_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    real, attempts = threading.Thread.start, itertools.count()
    reading: List[str] = []

    def start(thread: threading.Thread) -> None:
        if 1 <= next(attempts) < 6:
            raise RuntimeError("can't start new thread")
        real(thread)

    def poll(references: List[Reference]) -> List[Operation]:
        reading.append(str(references[0].operation_id))
        return [Operation("openstack", references[0].operation_id, None, state=State.SUCCEEDED)]

    monkeypatch.setattr(threading.Thread, "start", start)
    state = PollState([GroupState.of("openstack", [Reference(name) for name in ("a", "b", "c")])])
    io = GroupIO(poll, lambda: datetime.now(timezone.utc))
    options = WaitOptions(timeout=SOON, poll_min=0.01, poll_max=0.01)
    Engine(options, poll_deadline=SOON, api_timeout=SOON).run(state, [io])
    outcome = state.outcome()
    assert [each.state for each in outcome.operations] == [State.SUCCEEDED] * 3
    assert sorted(reading) == ["a", "b", "c"]
    assert 0 < outcome.tolerated_errors <= 5
    assert "cannot start another thread" in str(outcome.last_error)
