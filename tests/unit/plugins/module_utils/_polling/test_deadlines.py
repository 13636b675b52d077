# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The deadline of an operation. The engine's tests cover its use."""

from __future__ import annotations

import dataclasses
from datetime import datetime, timedelta, timezone

import pytest
from ansible_collections.cloudgate.operations.plugins.module_utils._model.reference import Reference
from ansible_collections.cloudgate.operations.plugins.module_utils._polling import deadlines
from ansible_collections.cloudgate.operations.plugins.module_utils._polling.deadlines import age_of
from ansible_collections.cloudgate.operations.plugins.module_utils._polling.outcome import WaitOptions
from ansible_collections.cloudgate.operations.plugins.module_utils._polling.state import OperationState
from hypothesis import given
from hypothesis import strategies as st

NOW = datetime(2026, 11, 21, 12, tzinfo=timezone.utc)
moments = st.floats(-1e8, 1e8).map(lambda seconds: NOW + timedelta(seconds=seconds))
FROM_START = WaitOptions(timeout=600, timeout_from="operation")


@given(st.none() | moments, moments, moments, st.floats(0, 1e6), st.floats(0, 1e3))
def test_a_deadline_is_never_later_than_the_first_poll_and_the_timeout(
    started: datetime, api: datetime, machine: datetime, first_poll: float, answered_after: float
) -> None:
    state = OperationState.of("openstack", Reference("r", "s"), first_poll)
    deadlines.begin(state, FROM_START)
    state.first_poll = first_poll
    state.operation = dataclasses.replace(state.operation, started_at=started)
    deadlines.count_from_start(state, FROM_START, first_poll + answered_after, api, machine)
    first = state.deadline
    assert first is not None and first <= first_poll + 600
    later = api + timedelta(days=400)
    deadlines.count_from_start(state, FROM_START, first_poll + answered_after + 1, later, later)
    assert state.deadline == first


@given(moments, moments, moments)
def test_an_age_is_finite_and_not_negative(started: datetime, api: datetime, machine: datetime) -> None:
    age, doubt = age_of(started, api, machine)
    ages = [(now - started).total_seconds() for now in (api, machine)]
    if age is None:
        assert max(ages) < 0
        assert doubt
    else:
        assert age == max(0.0, min(each for each in ages if each >= -60))
        assert bool(doubt) is (abs((api - machine).total_seconds()) > 600)


@given(moments, st.floats(0, 1e7))
def test_the_age_is_exact_where_the_clocks_agree(started: datetime, age: float) -> None:
    now = started + timedelta(seconds=age)
    assert age_of(started, now, now) == (pytest.approx(age, abs=1e-5), None)
