# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The events of the source, in simulated time."""

from __future__ import annotations

import json

import pytest
from ansible_collections.cloudgate.operations.plugins.plugin_utils._watch.watch import SourceError
from ansible_collections.cloudgate.operations.tests.unit.watching import (
    FAILED,
    GIVEN,
    RUNNING,
    SERVER,
    SUCCEEDED,
    UNKNOWN,
    Watching,
    given,
)


def test_each_change_is_reported_once() -> None:
    source = Watching({"op-1": (100, SUCCEEDED), "op-2": (300, FAILED)}, operations=given("op-1", "op-2"))
    source.run(until=4000)
    assert source.reported("op-1") == [(None, RUNNING), (RUNNING, SUCCEEDED)]
    assert source.reported("op-2") == [(None, RUNNING), (RUNNING, FAILED)]
    assert len(set(source.ids)) == 4
    ends = dict(zip([(name, state) for name, _before, state in source.events], source.ages))
    assert 100 <= ends["op-1", SUCCEEDED] <= 100 * 1.12 + 1
    assert 300 <= ends["op-2", FAILED] <= 300 * 1.12 + 1


def test_no_poll_follows_when_all_operations_have_finished() -> None:
    source = Watching({"op-1": (10, SUCCEEDED)}, operations=GIVEN)
    source.run(until=100)
    polls = len(source.cloud.asked)
    source.run(until=5000)
    assert len(source.cloud.asked) == polls
    assert source.watch and not source.watch.finished


def test_the_source_ends_when_it_shall() -> None:
    source = Watching({"op-1": (10, SUCCEEDED)}, operations=GIVEN, end_when_finished=True)
    watch = source.start()
    assert not watch.finished
    source.run(until=100)
    assert watch.finished


@pytest.mark.parametrize("ahead", [0, 900, -900])
def test_new_operations_of_a_resource_are_reported(ahead: int) -> None:
    """The API's clock may differ."""
    ends = {"old": (-500.0, FAILED), "short": (203.0, FAILED), "long": (2000.0, SUCCEEDED), "there": (400.0, SUCCEEDED)}
    source = Watching(ends, resources=[SERVER])
    source.cloud.clock_ahead = ahead
    source.cloud.starts = {"old": -600, "short": 201, "long": 500, "there": -50}
    source.run(until=3000)
    assert source.reported("old") == []
    assert source.reported("short") == [(None, FAILED)]
    assert source.reported("there") == [(None, SUCCEEDED)], (
        "it began before the source started, and finished after that"
    )
    assert source.reported("long") == [(None, RUNNING), (RUNNING, SUCCEEDED)]


def test_lists_are_read_at_their_interval() -> None:
    source = Watching({}, resources=[SERVER], resources_interval=60)
    source.run(until=6000)
    assert 95 <= len(source.cloud.lists) <= 102


def test_lists_are_read_however_often_something_changes() -> None:
    ends = {f"op-{number}": (2.0 * number, SUCCEEDED) for number in range(300)}
    source = Watching(ends, operations=given(*ends), resources=[SERVER])
    source.run(until=650)
    assert len(source.cloud.lists) >= 650 / 31
    assert sorted(name for name, _before, state in source.events if state == SUCCEEDED) == sorted(ends)


def test_many_lists_and_polls_share_the_requests() -> None:
    """The lists of 400 servers take longer than their interval: one is always due."""
    source = Watching(
        {"op-1": (100, FAILED)}, operations=GIVEN, resources=[f"s{n}" for n in range(400)], resources_interval=1
    )
    source.run(until=200)
    assert source.reported("op-1") == [(None, RUNNING), (RUNNING, FAILED)]
    assert source.ages[-1] <= 120
    assert len(source.cloud.lists) >= 400


def test_from_when_on_can_be_said() -> None:
    source = Watching(
        {"old": (-500.0, FAILED), "older": (-5000.0, FAILED)}, resources=[SERVER], changes_since="2026-11-21T11:50:00Z"
    )
    source.cloud.starts = {"old": -600, "older": -6000}
    source.run(until=1000)
    assert source.reported("old") == [(None, FAILED)]
    assert source.reported("older") == []


def test_an_operation_that_is_given_and_found_is_reported_once() -> None:
    source = Watching({"op-1": (100, FAILED)}, operations=GIVEN, resources=[SERVER])
    source.cloud.starts = {"op-1": 5}
    source.run(until=1000)
    assert source.reported("op-1") == [(None, RUNNING), (RUNNING, FAILED)]


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


def test_an_operation_that_never_appears_is_an_error() -> None:
    source = Watching({"op-1": (100, FAILED)}, operations=given("op-2"))
    source.cloud.starts = {"op-2": 1e9}
    with pytest.raises(SourceError, match=r"404: op-2 not found\. It did not appear within 60 s\."):
        source.run(until=1000)
    assert 60 <= source.clock.age <= 75


def test_an_operation_that_appears_late_is_watched() -> None:
    source = Watching({"op-1": (100, FAILED)}, operations=GIVEN)
    source.cloud.starts = {"op-1": 40}
    source.run(until=1000)
    assert source.reported("op-1") == [(None, RUNNING), (RUNNING, FAILED)]


def test_an_operation_that_disappeared_is_unknown() -> None:
    source = Watching({"op-1": (1e6, FAILED), "op-2": (900, FAILED)}, operations=given("op-1", "op-2"))
    source.run(until=100)
    source.cloud.vanished = ["op-1"]
    source.run(until=2000)
    assert source.reported("op-1") == [(None, RUNNING), (RUNNING, UNKNOWN)]
    assert source.reported("op-2") == [(None, RUNNING), (RUNNING, FAILED)]
    polls = source.cloud.count("op-1")
    source.run(until=4000)
    assert source.cloud.count("op-1") == polls


def test_a_resource_that_is_gone_is_left(caplog: pytest.LogCaptureFixture) -> None:
    source = Watching({}, resources=[SERVER])
    source.run(until=100)
    source.cloud.resource_missing = True
    source.run(until=1000)
    lists = len(source.cloud.lists)
    source.run(until=3000)
    assert len(source.cloud.lists) == lists
    assert "Resource server-1 is gone and no longer watched: 404: server-1 not found." in caplog.messages


def test_a_resource_that_never_appears_is_an_error() -> None:
    source = Watching({}, resources=[SERVER])
    source.cloud.resource_missing = True
    with pytest.raises(SourceError, match=r"404: server-1 not found\. It did not appear within 60 s\."):
        source.run(until=1000)


def test_hundreds_are_all_reported() -> None:
    ends = {f"op-{number}": (100.0 + number, SUCCEEDED) for number in range(300)}
    source = Watching(ends, operations=given(*ends))
    source.run(until=3000)
    assert sorted(name for name, _before, state in source.events if state == SUCCEEDED) == sorted(ends)
    assert len(set(source.ids)) == len(source.ids)
