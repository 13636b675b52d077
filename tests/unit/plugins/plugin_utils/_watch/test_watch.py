# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the event source tells, in simulated time."""

from __future__ import annotations

import json
import logging
from pathlib import Path

import pytest
from ansible_collections.cloudgate.operations.plugins.module_utils._model.errors import (
    AuthError,
    ForbiddenError,
    ThrottledError,
    TransportError,
)
from ansible_collections.cloudgate.operations.plugins.module_utils._model.operation import State
from ansible_collections.cloudgate.operations.plugins.plugin_utils._watch.watch import SourceError
from ansible_collections.cloudgate.operations.tests.unit.watching import SERVER, Crash, Watching

RUNNING, SUCCEEDED, FAILED, UNKNOWN = State.RUNNING, State.SUCCEEDED, State.FAILED, State.UNKNOWN
GIVEN = [{"operation_id": "op-1", "resource_id": SERVER}]


def given(*names: str) -> list:
    return [{"operation_id": name, "resource_id": SERVER} for name in names]


def test_each_change_is_told_once() -> None:
    source = Watching({"op-1": (100, SUCCEEDED), "op-2": (300, FAILED)}, operations=given("op-1", "op-2"))
    source.run(until=4000)
    assert source.told("op-1") == [(None, RUNNING), (RUNNING, SUCCEEDED)]
    assert source.told("op-2") == [(None, RUNNING), (RUNNING, FAILED)]
    assert len(set(source.ids)) == 4
    ends = dict(zip([(name, state) for name, _before, state in source.events], source.ages))
    assert 100 <= ends["op-1", SUCCEEDED] <= 100 * 1.12 + 1
    assert 300 <= ends["op-2", FAILED] <= 300 * 1.12 + 1


def test_nothing_is_asked_any_more_when_all_is_over() -> None:
    source = Watching({"op-1": (10, SUCCEEDED)}, operations=GIVEN)
    source.run(until=100)
    looks = len(source.cloud.asked)
    source.run(until=5000)
    assert len(source.cloud.asked) == looks
    assert source.watch and not source.watch.finished


def test_the_source_ends_when_it_shall() -> None:
    source = Watching({"op-1": (10, SUCCEEDED)}, operations=GIVEN, end_when_finished=True)
    watch = source.start()
    assert not watch.finished
    source.run(until=100)
    assert watch.finished


@pytest.mark.parametrize("ahead", [0, 900, -900])
def test_what_is_new_at_a_resource_is_told(ahead: int) -> None:
    """On whichever clock the API goes."""
    ends = {"old": (-500.0, FAILED), "short": (203.0, FAILED), "long": (2000.0, SUCCEEDED), "there": (400.0, SUCCEEDED)}
    source = Watching(ends, resources=[SERVER])
    source.cloud.clock_ahead = ahead
    source.cloud.starts = {"old": -600, "short": 201, "long": 500, "there": -50}
    source.run(until=3000)
    assert source.told("old") == []
    assert source.told("short") == [(None, FAILED)]
    assert source.told("there") == [(None, SUCCEEDED)], "it began before, and was over after the source had started"
    assert source.told("long") == [(None, RUNNING), (RUNNING, SUCCEEDED)]


def test_since_when_operations_are_new_is_known_at_once(tmp_path: Path) -> None:
    """A source that is killed in its first minute has lost nothing of it."""
    source = Watching({"a": (900.0, FAILED)}, str(tmp_path / "state"), resources=[SERVER])
    source.cloud.starts = {"a": 5}
    source.run(until=0.1)
    assert source.clock.age < 5
    source.clock.sleep(7000)
    source.start()
    source.run(until=8000)
    assert source.told("a") == [(None, FAILED)]


def test_lists_come_at_their_interval() -> None:
    source = Watching({}, resources=[SERVER], resources_interval=60)
    source.run(until=6000)
    assert 95 <= len(source.cloud.lists) <= 102


def test_lists_are_read_however_often_something_changes() -> None:
    ends = {f"op-{number}": (2.0 * number, SUCCEEDED) for number in range(300)}
    source = Watching(ends, operations=given(*ends), resources=[SERVER])
    source.run(until=650)
    assert len(source.cloud.lists) >= 650 / 31
    assert sorted(name for name, _before, state in source.events if state == SUCCEEDED) == sorted(ends)


def test_a_cloud_that_is_down_is_not_asked_for_each_resource() -> None:
    servers = [f"server-{number}" for number in range(50)]
    source = Watching({}, resources=servers)
    source.cloud.faults = [(100, 1000, TransportError("503"))]
    source.run(until=2000)
    assert len([second for second in source.cloud.lists if 100 <= second < 1000]) <= 900 / 30 + 20
    assert len([second for second in source.cloud.lists if 1000 <= second < 2000]) >= 50 * 30


def test_many_lists_and_polls_share_the_requests() -> None:
    """The lists of 400 servers take longer than their interval: one is due all the time."""
    source = Watching(
        {"op-1": (100, FAILED)}, operations=GIVEN, resources=[f"s{n}" for n in range(400)], resources_interval=1
    )
    source.run(until=200)
    assert source.told("op-1") == [(None, RUNNING), (RUNNING, FAILED)]
    assert source.ages[-1] <= 120
    assert len(source.cloud.lists) >= 400


def test_a_list_that_fails_holds_no_poll_for_its_interval() -> None:
    source = Watching({"op-1": (700, FAILED)}, operations=GIVEN, resources=[SERVER], resources_interval=3600)
    source.cloud.faults = [(0, 5, TransportError("503"))]
    source.run(until=2000)
    assert source.ages[-1] <= 700 + 62


def test_a_retry_after_of_a_list_is_obeyed() -> None:
    source = Watching({}, resources=[SERVER], resources_interval=5)
    source.cloud.faults = [(100, 110, ThrottledError("slow down", retry_after=300))]
    source.run(until=1000)
    refused = [second for second in source.cloud.lists if 100 <= second < 110]
    assert len(refused) == 1
    assert min(second for second in source.cloud.lists if second > refused[0]) >= refused[0] + 300


def test_a_cloud_that_takes_longer_than_a_run_is_heard() -> None:
    source = Watching({"op-1": (3000, FAILED)}, operations=GIVEN)
    source.latency = 70.0  # seconds; a poll may take 90
    source.run(until=6000)
    assert source.told("op-1") == [(None, RUNNING), (RUNNING, FAILED)]


def test_from_when_on_can_be_said() -> None:
    source = Watching(
        {"old": (-500.0, FAILED), "older": (-5000.0, FAILED)}, resources=[SERVER], changes_since="2026-11-21T11:50:00Z"
    )
    source.cloud.starts = {"old": -600, "older": -6000}
    source.run(until=1000)
    assert source.told("old") == [(None, FAILED)]
    assert source.told("older") == []


def test_what_is_given_and_found_is_told_once() -> None:
    source = Watching({"op-1": (100, FAILED)}, operations=GIVEN, resources=[SERVER])
    source.cloud.starts = {"op-1": 5}
    source.run(until=1000)
    assert source.told("op-1") == [(None, RUNNING), (RUNNING, FAILED)]


@pytest.mark.parametrize("error", [TransportError("No answer."), ThrottledError("Too many.", retry_after=200)])
def test_an_outage_is_waited_out(error: Exception, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "cloudgate.operations")
    source = Watching({"op-1": (150, FAILED), "new": (160, FAILED)}, operations=GIVEN, resources=[SERVER])
    source.cloud.starts = {"new": 120}
    source.cloud.faults = [(50, 500, error)]
    source.run(until=2000)
    assert source.told("op-1") == [(None, RUNNING), (RUNNING, FAILED)]
    assert source.told("new") == [(None, FAILED)]
    warnings = [each.getMessage() for each in caplog.records if each.levelno == logging.WARNING]
    assert warnings == [f"The watch goes on after an error: {error}", "The cloud answers again."]


@pytest.mark.parametrize("error", [AuthError("The login failed: no."), ForbiddenError("GET answered 403.")])
@pytest.mark.parametrize("what", [{"operations": GIVEN}, {"resources": [SERVER]}])
def test_what_no_waiting_heals_ends_the_source(error: Exception, what: dict) -> None:
    source = Watching({"op-1": (100, FAILED)}, **what)
    source.cloud.faults = [(20, 1e9, error)]
    with pytest.raises(SourceError, match=str(error)):
        source.run(until=1000)


MOMENTS = ["before it is put", "before it is noted", "after it was noted"]


@pytest.mark.parametrize("resources", [[], [SERVER]])
def test_nothing_is_asked_before_a_retry_after_is_over(resources: list) -> None:
    source = Watching({"op-1": (3000, SUCCEEDED)}, operations=GIVEN, resources=resources)
    source.cloud.faults = [(100, 160, ThrottledError("slow down", retry_after=600))]
    source.run(until=2000)
    asked = sorted([*source.cloud.asked, *source.cloud.lists])
    refused = [second for second in asked if 100 <= second < 160]
    assert len(refused) == 1
    assert min(second for second in asked if second > refused[0]) >= refused[0] + 600


def test_a_source_polls_a_cloud_that_is_down_as_seldom_as_for_one_operation() -> None:
    names = [f"op-{number}" for number in range(30)]
    source = Watching(dict.fromkeys(names, (9000, SUCCEEDED)), operations=given(*names))
    source.cloud.faults = [(1000, 2800, TransportError("503"))]
    source.run(until=3500)
    assert len([second for second in source.cloud.asked if 1000 <= second < 2800]) <= 1800 / 60 + 20


@pytest.mark.parametrize("at", MOMENTS)
@pytest.mark.parametrize("number", range(5))
def test_a_crash_loses_nothing_and_repeats_at_most_the_one(at: str, number: int, tmp_path: Path) -> None:
    """The process ends at the n-th change, stays away for days, and is begun again."""
    ends = {"op-1": (100.0, FAILED), "a": (220.0, SUCCEEDED), "b": (300.0, FAILED), "away": (50000.0, FAILED)}
    source = Watching(ends, str(tmp_path / "state"), operations=GIVEN, resources=[SERVER])
    source.cloud.starts = {"a": 90, "b": 200, "away": 49000}
    source.start()
    with pytest.raises(Crash):
        _crash_at(source, number, at)
    source.clock.sleep(300000)
    source.start()
    with pytest.raises(Crash):  # and once more, as soon as it tells something
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
    """Run until so many changes were told, then break off at the next."""
    while len(source.events) < number:
        source.run(until=source.clock.age + 0.001)
    source.run(until=1000, crash=[at])


def test_what_a_list_has_shown_is_not_lost(tmp_path: Path) -> None:
    """The cloud does not answer between the list and the look, then the process ends: longer ago than lists overlap."""
    source = Watching({"a": (6000.0, FAILED)}, str(tmp_path / "state"), resources=[SERVER])
    source.cloud.starts = {"a": 500}
    source.run(until=5)
    source.clock.sleep(7000)
    source.cloud.look = _no_look  # type: ignore[method-assign]
    source.run(until=9000)
    assert source.events == []
    del source.cloud.look
    source.start()
    source.run(until=9500)
    assert source.told("a") == [(None, FAILED)]


def _no_look(_references: object) -> list:
    raise TransportError("No answer.")


def test_memory_is_bounded() -> None:
    count, day = 400, 86400.0
    ends = {f"op-{number}": (number * day / 200 + 20, FAILED) for number in range(count)}
    source = Watching(ends, resources=[SERVER], remember=3600, resources_interval=600)
    source.cloud.starts = {f"op-{number}": number * day / 200 for number in range(count)}
    most = 0
    for at in range(1, 3):
        source.run(until=at * day)
        most = max(most, len(source.memory.reported))
    assert most < 20
    assert len(source.events) == len(set(source.events)) >= count
    assert len(json.dumps(source.memory.state.to_dict())) < 3000


def test_a_given_operation_is_never_forgotten(tmp_path: Path) -> None:
    source = Watching({"op-1": (100, FAILED)}, str(tmp_path / "state"), operations=GIVEN, remember=3600)
    source.run(until=8000)
    source.start()
    source.run(until=16000)
    assert source.told("op-1") == [(None, RUNNING), (RUNNING, FAILED)]


def test_what_never_comes_is_a_mistake() -> None:
    source = Watching({"op-1": (100, FAILED)}, operations=given("op-2"))
    source.cloud.starts = {"op-2": 1e9}
    with pytest.raises(SourceError, match=r"404: op-2 not found\. It did not appear within 60 s\."):
        source.run(until=1000)
    assert 60 <= source.clock.age <= 75


def test_what_comes_late_is_watched() -> None:
    source = Watching({"op-1": (100, FAILED)}, operations=GIVEN)
    source.cloud.starts = {"op-1": 40}
    source.run(until=1000)
    assert source.told("op-1") == [(None, RUNNING), (RUNNING, FAILED)]


def test_what_is_gone_is_not_known() -> None:
    source = Watching({"op-1": (1e6, FAILED), "op-2": (900, FAILED)}, operations=given("op-1", "op-2"))
    source.run(until=100)
    source.cloud.vanished = ["op-1"]
    source.run(until=2000)
    assert source.told("op-1") == [(None, RUNNING), (RUNNING, UNKNOWN)]
    assert source.told("op-2") == [(None, RUNNING), (RUNNING, FAILED)]
    looks = source.cloud.count("op-1")
    source.run(until=4000)
    assert source.cloud.count("op-1") == looks


def test_an_older_state_in_the_file_is_not_reported(tmp_path: Path) -> None:
    """The state is saved with the first report of an operation, later ones are noted without it."""
    source = Watching({"op-1": (500, FAILED)}, str(tmp_path / "state"), operations=GIVEN)
    show = source.cloud.show
    source.cloud.show = lambda name: _as_pending(show(name), source.clock.age < 5)  # type: ignore[method-assign]
    while source.told("op-1") != [(None, State.PENDING), (State.PENDING, RUNNING)]:
        source.run(until=source.clock.age + 0.001)
    source.given["resources"] = ["server-9"]  # its first list ends the first run, before the operation is polled
    source.start()
    source.run(until=1000)
    assert source.told("op-1") == [(None, State.PENDING), (State.PENDING, RUNNING), (RUNNING, FAILED)]


def _as_pending(operation: object, pending: bool) -> object:
    operation.state = State.PENDING if pending else operation.state  # type: ignore[attr-defined]
    return operation


def test_what_is_gone_is_reported_after_a_crash_too(tmp_path: Path) -> None:
    source = Watching({"op-1": (1e6, FAILED)}, str(tmp_path / "state"), operations=GIVEN)
    source.run(until=100)
    source.cloud.vanished = ["op-1"]
    assert source.watch
    while not source.watch.poll():
        pass
    source.memory.save()  # and the process ends
    source.start()
    source.run(until=source.clock.age + 500)
    assert source.told("op-1") == [(None, RUNNING), (RUNNING, UNKNOWN)]


def test_a_restart_looks_for_a_resource_that_was_gone(tmp_path: Path) -> None:
    source = Watching({"op-1": (5000, FAILED)}, str(tmp_path / "state"), resources=[SERVER])
    source.cloud.starts = {"op-1": 4000}
    source.run(until=100)
    source.cloud.resource_missing = True  # a gateway that has lost its way
    source.run(until=1000)
    source.cloud.resource_missing = False
    source.start()
    source.run(until=6000)
    assert source.told("op-1") == [(None, RUNNING), (RUNNING, FAILED)]


def test_what_release_1_0_0_has_named_is_known_again(tmp_path: Path) -> None:
    """The names in its file have fields that were added or dropped since."""
    name = (
        f"openstack Reference(operation_id=None, resource_id='{SERVER}', latest=True, action=None, since=None, "
        "verify=None, client_request_id=None, expect=None)"
    )
    told = {"provider": "openstack", "operation_id": "op-1", "resource_id": SERVER, "state": "running", "changes": 1}
    content = {
        "version": 1,
        "told": {f"openstack {SERVER} op-1": {**told, "at": "2026-11-21T12:00:00Z", "operation": None}},
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


def test_a_resource_that_is_gone_is_left(caplog: pytest.LogCaptureFixture) -> None:
    source = Watching({}, resources=[SERVER])
    source.run(until=100)
    source.cloud.resource_missing = True
    source.run(until=1000)
    lists = len(source.cloud.lists)
    source.run(until=3000)
    assert len(source.cloud.lists) == lists
    assert "Resource server-1 is gone and no longer watched: 404: server-1 not found." in caplog.messages


def test_a_resource_that_never_comes_is_a_mistake() -> None:
    source = Watching({}, resources=[SERVER])
    source.cloud.resource_missing = True
    with pytest.raises(SourceError, match=r"404: server-1 not found\. It did not appear within 60 s\."):
        source.run(until=1000)


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
    """Once its server is gone, nothing else shows what it was."""
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


def test_hundreds_are_all_told() -> None:
    ends = {f"op-{number}": (100.0 + number, SUCCEEDED) for number in range(300)}
    source = Watching(ends, operations=given(*ends))
    source.run(until=3000)
    assert sorted(name for name, _before, state in source.events if state == SUCCEEDED) == sorted(ends)
    assert len(set(source.ids)) == len(source.ids)
