# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each recording of a real Nova, replayed at every moment: never finished too early, and the truth at the end."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.cloudgate.operations.plugins.module_utils._model.operation import State
from ansible_collections.cloudgate.operations.tests.unit.replay import (
    BLUR,
    RECORDINGS,
    Change,
    all_events_success,
    as_recorded,
    begins,
    cell_fails_between,
    fault_of,
    oldest_version,
    ours,
    server_status,
    steadily,
    whole_seconds,
    without_events,
    without_reasons,
)
from hypothesis import given, settings
from hypothesis import strategies as st

IDLE_EARLY = 0.1  # seconds between the idle server and the end of the last event, which no poll sees without events
VIEWS = [as_recorded, whole_seconds, without_reasons, oldest_version]


def test_there_are_recordings() -> None:
    assert len(RECORDINGS) > 100


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("name", sorted(RECORDINGS))
def test_polled_steadily(name: str, view: Change) -> None:
    said = ours(RECORDINGS[name], view, 0.0, steadily(RECORDINGS[name]))
    assert fault_of(RECORDINGS[name], said) is None, said


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("name", sorted(RECORDINGS))
def test_a_wait_that_starts_at_each_change_and_an_hour_later(name: str, view: Change) -> None:
    recording = RECORDINGS[name]
    for start in begins(recording):
        said = ours(recording, view, start, max(0.5, steadily(recording)))
        assert fault_of(recording, said) is None, (start, said)


@pytest.mark.parametrize("name", sorted(name for name in RECORDINGS if "/cell_down_" in name))
def test_a_cell_that_fails_between_two_requests(name: str) -> None:
    recording = RECORDINGS[name]
    for start in begins(recording):
        said = ours(recording, cell_fails_between, start)
        assert fault_of(recording, said) is None, (start, said)


@settings(max_examples=300)
@given(st.sampled_from(sorted(RECORDINGS)), st.sampled_from(VIEWS), st.floats(0, 3), st.floats(0.01, 2))
def test_polled_at_any_moment(name: str, view: Change, start: float, period: float) -> None:
    said = ours(RECORDINGS[name], view, start, period)
    assert fault_of(RECORDINGS[name], said) is None, said


@pytest.mark.parametrize("name", sorted(RECORDINGS))
def test_without_events_never_early_and_never_open_on_a_failure(name: str) -> None:
    truth = RECORDINGS[name]["truth"]
    said = ours(RECORDINGS[name], without_events, 0.0, steadily(RECORDINGS[name]))
    if said.moment is not None:
        assert said.moment >= truth["over_at"] - BLUR - IDLE_EARLY, said
    if truth["outcome"] == "failed" and truth.get("shown_by") not in ("nothing", "events"):
        assert said.state != State.SUCCEEDED, said


@pytest.mark.parametrize("rule", [all_events_success, server_status])
def test_the_obvious_rules_are_wrong(rule: Any) -> None:
    faults = [fault_of(recording, rule(recording)) for recording in RECORDINGS.values()]
    assert {"early", "never"} <= set(faults)
