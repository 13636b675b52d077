# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The event source after a crash or a restart, in simulated time."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from ansible_collections.cloudgate.operations.plugins.module_utils._model.errors import (
    TransportError,
)
from ansible_collections.cloudgate.operations.plugins.module_utils._model.operation import State
from ansible_collections.cloudgate.operations.tests.unit.watching import (
    FAILED,
    GIVEN,
    RUNNING,
    SERVER,
    SUCCEEDED,
    UNKNOWN,
    Crash,
    Watching,
)


def test_since_when_operations_are_new_is_known_at_once(tmp_path: Path) -> None:
    """A source that is killed in its first minute has lost nothing of it."""
    source = Watching({"a": (900.0, FAILED)}, str(tmp_path / "state"), resources=[SERVER])
    source.cloud.starts = {"a": 5}
    source.run(until=0.1)
    assert source.clock.age < 5
    source.clock.sleep(7000)
    source.start()
    source.run(until=8000)
    assert source.reported("a") == [(None, FAILED)]


MOMENTS = ["before it is put", "before it is noted", "after it was noted"]


@pytest.mark.parametrize("at", MOMENTS)
@pytest.mark.parametrize("number", range(5))
def test_a_crash_loses_nothing_and_repeats_at_most_the_one(at: str, number: int, tmp_path: Path) -> None:
    """The process ends at the n-th change, stays away for days, and starts again."""
    ends = {"op-1": (100.0, FAILED), "a": (220.0, SUCCEEDED), "b": (300.0, FAILED), "away": (50000.0, FAILED)}
    source = Watching(ends, str(tmp_path / "state"), operations=GIVEN, resources=[SERVER])
    source.cloud.starts = {"a": 90, "b": 200, "away": 49000}
    source.start()
    with pytest.raises(Crash):
        _crash_at(source, number, at)
    source.clock.sleep(300000)
    source.start()
    with pytest.raises(Crash):  # and again, at the next event
        source.run(until=source.clock.age + 2000, crash=[at])
    source.start()
    source.run(until=source.clock.age + 2000)
    before = list(source.events)
    source.start()
    source.run(until=source.clock.age + 2000)
    assert source.events == before
    for name, (_end, state) in ends.items():
        finals = [
            identity for identity, event in zip(source.ids, source.events) if event[0] == name and event[2] == state
        ]
        assert finals, f"the end of {name} was lost"
        assert len(set(finals)) == 1, "who gets an event again can tell it by its id"
    repeated = len(source.ids) - len(set(source.ids))
    assert repeated <= (2 if at == "before it is noted" else 0)


def _crash_at(source: Watching, number: int, at: str) -> None:
    """Run until this many changes were reported, then end at the next."""
    while len(source.events) < number:
        source.run(until=source.clock.age + 0.001)
    source.run(until=1000, crash=[at])


def test_a_listed_operation_is_not_lost(tmp_path: Path) -> None:
    """The cloud fails between the list and the poll. Then the process ends, longer ago than lists overlap."""
    source = Watching({"a": (6000.0, FAILED)}, str(tmp_path / "state"), resources=[SERVER])
    source.cloud.starts = {"a": 500}
    source.run(until=5)
    source.clock.sleep(7000)
    source.cloud.poll = _no_answer  # type: ignore[method-assign]
    source.run(until=9000)
    assert source.events == []
    del source.cloud.poll
    source.start()
    source.run(until=9500)
    assert source.reported("a") == [(None, FAILED)]


def _no_answer(_references: object) -> list:
    raise TransportError("No answer.")


def test_a_given_operation_is_never_forgotten(tmp_path: Path) -> None:
    source = Watching({"op-1": (100, FAILED)}, str(tmp_path / "state"), operations=GIVEN, remember=3600)
    source.run(until=8000)
    source.start()
    source.run(until=16000)
    assert source.reported("op-1") == [(None, RUNNING), (RUNNING, FAILED)]


def test_an_older_state_in_the_file_is_not_reported(tmp_path: Path) -> None:
    """The state is saved with the first report of an operation; later reports are saved without it."""
    source = Watching({"op-1": (500, FAILED)}, str(tmp_path / "state"), operations=GIVEN)
    show = source.cloud.show
    source.cloud.show = lambda name: _as_pending(show(name), source.clock.age < 5)  # type: ignore[method-assign]
    while source.reported("op-1") != [(None, State.PENDING), (State.PENDING, RUNNING)]:
        source.run(until=source.clock.age + 0.001)
    source.given["resources"] = ["server-9"]  # its first list ends the first run, before the operation is polled
    source.start()
    source.run(until=1000)
    assert source.reported("op-1") == [(None, State.PENDING), (State.PENDING, RUNNING), (RUNNING, FAILED)]


def _as_pending(operation: object, pending: bool) -> object:
    operation.state = State.PENDING if pending else operation.state  # type: ignore[attr-defined]
    return operation


def test_a_disappeared_operation_is_reported_after_a_crash_too(tmp_path: Path) -> None:
    source = Watching({"op-1": (1e6, FAILED)}, str(tmp_path / "state"), operations=GIVEN)
    source.run(until=100)
    source.cloud.vanished = ["op-1"]
    assert source.watch
    while not source.watch.poll():
        pass
    source.memory.save()  # and the process ends
    source.start()
    source.run(until=source.clock.age + 500)
    assert source.reported("op-1") == [(None, RUNNING), (RUNNING, UNKNOWN)]


def test_a_restart_polls_a_resource_that_was_gone(tmp_path: Path) -> None:
    source = Watching({"op-1": (5000, FAILED)}, str(tmp_path / "state"), resources=[SERVER])
    source.cloud.starts = {"op-1": 4000}
    source.run(until=100)
    source.cloud.resource_missing = True  # a gateway that routes to the wrong cloud
    source.run(until=1000)
    source.cloud.resource_missing = False
    source.start()
    source.run(until=6000)
    assert source.reported("op-1") == [(None, RUNNING), (RUNNING, FAILED)]


def test_operations_of_a_1_0_0_file_are_recognized(tmp_path: Path) -> None:
    """The names in its file have fields that were added or dropped since."""
    name = (
        f"openstack Reference(operation_id=None, resource_id='{SERVER}', latest=True, action=None, since=None, "
        "verify=None, client_request_id=None, expect=None)"
    )
    reported = {
        "provider": "openstack",
        "operation_id": "op-1",
        "resource_id": SERVER,
        "state": "running",
        "changes": 1,
    }
    content = {
        "version": 1,
        "told": {f"openstack {SERVER} op-1": {**reported, "at": "2026-11-21T12:00:00Z", "operation": None}},
        "given": {name: f"openstack {SERVER} op-1"},
        "listed": {},
    }
    (tmp_path / "state").write_text(json.dumps(content), encoding="utf-8")
    source = Watching(
        {"op-1": (500, FAILED), "op-2": (600, FAILED)},
        str(tmp_path / "state"),
        operations=[{"resource_id": SERVER, "latest": True}],
    )
    source.cloud.starts = {"op-1": -100, "op-2": -50}
    source.run(until=2000)
    assert source.events == [("op-1", RUNNING, FAILED)]


def test_the_latest_stays_the_one_that_was_meant(tmp_path: Path) -> None:
    source = Watching(
        {"op-1": (500, FAILED), "op-2": (600, FAILED)},
        str(tmp_path / "state"),
        operations=[{"resource_id": SERVER, "latest": True}],
    )
    source.cloud.starts = {"op-2": 200}
    source.run(until=100)
    source.start()
    source.run(until=1000)
    source.start()
    source.run(until=2000)
    assert source.events == [("op-1", None, RUNNING), ("op-1", RUNNING, FAILED)]


def test_a_delete_is_imported_after_a_restart(tmp_path: Path) -> None:
    """Once its server is gone, nothing else shows the action's type."""
    source = Watching({"op-1": (500, SUCCEEDED)}, str(tmp_path / "state"), operations=GIVEN)
    show = source.cloud.show
    source.cloud.show = lambda name: _as_delete(show(name))  # type: ignore[method-assign]
    source.run(until=100)
    assert source.cloud.imported == []
    source.start()
    assert source.cloud.imported == ["op-1"]
    source.run(until=1000)
    assert source.memory.state.operations == []


def _as_delete(operation: object) -> object:
    operation.type = "delete"  # type: ignore[attr-defined]
    return operation
