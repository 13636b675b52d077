# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each recording of a real Nova, replayed at every moment: never over too early, and the truth at the end.

A recording holds what the action and the server showed at each change; C(truth) says what became of the action and
when it was over. tests/recordings/README.md tells how they were made.
"""

from __future__ import annotations

import copy
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.cloudgate.operations.plugins.module_utils.errors import MissingError
from ansible_collections.cloudgate.operations.plugins.module_utils.operation import State
from ansible_collections.cloudgate.operations.plugins.module_utils.providers import PROVIDERS
from ansible_collections.cloudgate.operations.plugins.module_utils.providers.base import Reference
from ansible_collections.cloudgate.operations.plugins.module_utils.providers.nova import NovaProvider

FOLDER = Path(__file__).resolve().parents[3] / "recordings"
RECORDINGS = {
    f"{path.parent.name}/{path.stem}": json.loads(path.read_text(encoding="utf-8")) for path in FOLDER.glob("*/*.json")
}
REQUEST = 0.05  # seconds that one request takes
BLUR = 0.15  # seconds between two looks of the recorder: a change cannot be dated more exactly
REST = 0.1  # seconds between the server's rest and the end of the last event, which nobody sees without events


class Recorded:
    """Answers as the recorded Nova did at C(now), which each request moves on."""

    endpoint = "http://nova/v2.1"

    def __init__(self, recording, change=lambda action: action):
        self.trace = recording["trace"]
        self.fault = recording["fault"]
        self.change = change
        self.now = 0.0

    def get(self, path, query=(), headers=None):
        self.now += REQUEST
        if path[-1] == "os-instance-actions":
            return {"instanceActions": [self.trace[-1]["instanceAction"]]}
        if len(path) == 2:
            return self._server(self._at("t_server")["server"])
        seen = self._at("t")
        if seen["http"] != 200:
            raise MissingError("Action not found")
        return {"instanceAction": self.change(copy.deepcopy(seen["instanceAction"]))}

    def _at(self, clock):
        return ([each for each in self.trace if each[clock] <= self.now] or self.trace[:1])[-1]

    def _server(self, server):
        if server["status"] is None:
            raise MissingError("Instance could not be found")
        fault = self.fault if server["status"] == "ERROR" else None
        return {"server": {"status": server["status"], "OS-EXT-STS:task_state": server["task_state"], "fault": fault}}


def whole_seconds(action):
    """As MariaDB keeps times."""
    for event in action["events"]:
        for name in ("start_time", "finish_time"):
            event[name] = event[name] and event[name][:19] + ".000000"
    return action


def without_reasons(action):
    """As a member sees it."""
    for event in action["events"]:
        event.pop("details", None)
        event.pop("traceback", None)
    return action


def without_events(action):
    """As a member sees it below 2.51."""
    del action["events"]
    return action


def first_end(recording, change=lambda action: action, start=0.0, period=0.1):
    """(moment, operation) when the action is first said to be over; looked at from start on, every period."""
    client = Recorded(recording, change)
    provider = NovaProvider(client, PROVIDERS["openstack"], {})
    end = max(start, recording["t_end"]) + 2 * period
    reference = Reference("req-1", recording["server_id"])
    operation = None
    while start < end:
        client.now = start
        try:
            operation = provider.show(reference)
        except MissingError:
            operation = None
        if operation and operation.terminal:
            return client.now, operation
        start += period
    return None, operation


def check(recording, moment, operation):
    """Not early, and the truth wherever anything in the API shows it."""
    truth = recording["truth"]
    assert moment is not None, f"never over: {operation and operation.reason}"
    assert moment >= truth["over_at"] - BLUR, f"{operation.state} at {moment:.2f} s: {operation.reason}"
    if truth.get("shown_by") != "nothing":
        assert operation.state == truth["outcome"], operation.reason


def test_there_are_recordings():
    assert len(RECORDINGS) > 100


@pytest.mark.parametrize("change", [lambda action: action, whole_seconds, without_reasons])
@pytest.mark.parametrize("name", sorted(RECORDINGS))
def test_polled_steadily(name, change):
    recording = RECORDINGS[name]
    check(recording, *first_end(recording, change))


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(sorted(RECORDINGS)), st.floats(0, 3), st.floats(0.01, 2))
def test_polled_at_any_moment(name, start, period):
    recording = RECORDINGS[name]
    check(recording, *first_end(recording, start=start, period=period))


@pytest.mark.parametrize("name", sorted(RECORDINGS))
def test_without_events_never_early_and_never_open_on_a_failure(name):
    recording = RECORDINGS[name]
    truth = recording["truth"]
    moment, operation = first_end(recording, without_events)
    if moment is not None:
        assert moment >= truth["over_at"] - BLUR - REST, operation.reason
    if truth["outcome"] == "failed" and truth.get("shown_by") != "nothing":
        assert operation.state != State.SUCCEEDED, operation.reason
