# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The state of a wait goes through JSON, from one run of the engine to the next."""

from __future__ import annotations

import dataclasses
import json
from datetime import datetime, timezone
from typing import Any, Dict

import pytest
from ansible_collections.cloudgate.operations.plugins.module_utils._model.operation import Operation, State, Step
from ansible_collections.cloudgate.operations.plugins.module_utils._model.reference import Reference
from ansible_collections.cloudgate.operations.plugins.module_utils._polling.backoff import Backoff
from ansible_collections.cloudgate.operations.plugins.module_utils._polling.clocks import Reading
from ansible_collections.cloudgate.operations.plugins.module_utils._polling.outcome import NO_ANSWER
from ansible_collections.cloudgate.operations.plugins.module_utils._polling.state import (
    NEVER,
    FeedState,
    GroupState,
    OperationState,
    PollState,
    ResourceState,
)
from hypothesis import given
from hypothesis import strategies as st

text = st.text(max_size=8)
maybe = st.none() | text
times = st.none() | st.datetimes(min_value=datetime(1000, 1, 1), timezones=st.just(timezone.utc))
names = st.sampled_from([State.PENDING, State.RUNNING, State.SUCCEEDED, State.FAILED, State.UNKNOWN])
seconds = st.floats(0, 1e6)
moments = st.none() | seconds
steps = st.builds(
    Step, text, names, result=maybe, started_at=times, finished_at=times, error=maybe, host=maybe, host_id=maybe
)
operations = st.builds(
    Operation,
    provider=text,
    operation_id=maybe,
    resource_id=maybe,
    state=names,
    reason=text,
    resource_type=maybe,
    type=maybe,
    raw_status=maybe,
    error=st.none() | st.fixed_dictionaries({"code": maybe, "message": maybe}),
    warning=maybe,
    started_at=times,
    updated_at=times,
    finished_at=times,
    project_id=maybe,
    user_id=maybe,
    request_id=maybe,
    steps=st.lists(steps, max_size=3),
    retries=st.integers(0, 9),
    missing=st.booleans(),
    raw=st.none() | st.dictionaries(text, st.integers() | st.none(), max_size=3),
)
counts = st.none() | st.integers(1, 9)
known = st.none() | st.lists(text, max_size=2).map(tuple)
references = st.builds(
    Reference, maybe, maybe, st.booleans(), maybe, times, maybe, maybe, maybe, maybe, counts, known, maybe
)
operation_states = st.builds(
    OperationState,
    references,
    operations,
    seconds,
    seconds,
    moments,
    moments,
    st.none() | st.floats(-1e6, 1e6),
    moments,
    st.booleans(),
    st.booleans(),
    st.none() | st.tuples(text, maybe),
    maybe,
    st.booleans(),
    moments,
    maybe,
)
resources = st.builds(ResourceState, text, seconds, times, times, seconds, moments, st.booleans())
feeds = st.builds(FeedState, times, times, seconds, seconds, moments, maybe)
groups = st.builds(
    GroupState,
    text,
    st.lists(operation_states, max_size=3),
    # Another run probes first: it has to log in.
    st.builds(Backoff, seconds.map(lambda until: round(until, 3)), st.floats(0, 1), st.just(True)),
    feeds,
    st.lists(resources, max_size=2),
    st.booleans(),
)
states = st.builds(
    PollState,
    st.lists(groups, max_size=3),
    seconds,
    st.integers(0, 9),
    st.booleans(),
    st.integers(0, 9),
    st.integers(0, 9),
    st.integers(0, 9),
    maybe,
    st.integers(0, 9),
    st.none() | st.dictionaries(text, maybe, max_size=2),
    st.lists(text, max_size=2),
    st.none() | st.builds(Reading, seconds, seconds),
)


def handed_over(state: PollState, raw: bool) -> Dict[str, Any]:
    plain: Dict[str, Any] = json.loads(json.dumps(state.to_dict(raw), allow_nan=False))
    return plain


@given(states)
def test_nothing_is_lost_on_the_way_to_another_process(state: PollState) -> None:
    assert PollState.from_dict(handed_over(state, raw=True)) == state


@given(states)
def test_the_apis_own_answers_are_kept_only_with_raw(state: PollState) -> None:
    found = PollState.from_dict(handed_over(state, raw=False))
    for before, after in zip(state.operations, found.operations):
        assert after == dataclasses.replace(before, operation=dataclasses.replace(before.operation, raw=None))


def test_every_field_is_in_the_tests() -> None:
    """No new field can be forgotten: each strategy gives all of them by position."""
    kinds = (OperationState, ResourceState, FeedState, GroupState, PollState, Reference)
    assert [len(dataclasses.fields(kind)) for kind in kinds] == [15, 7, 6, 6, 12, 12]


def test_a_wait_without_an_end_has_none_afterwards() -> None:
    group = GroupState.of("openstack", [Reference("a", "s")])
    group.operations[0].deadline = NEVER
    (found,) = PollState.from_dict(handed_over(PollState([group]), raw=False)).operations
    assert found.deadline is None


def test_an_operation_without_an_answer_is_marked() -> None:
    (found,) = GroupState.of("openstack", [Reference("a", "s", action="delete")]).operations
    assert (found.operation.state, found.operation.reason) == (State.UNKNOWN, NO_ANSWER)
    assert (found.operation.operation_id, found.operation.resource_id, found.operation.type) == ("a", "s", "delete")
    assert found.open and not found.answered


@pytest.mark.parametrize(
    ("state", "given_up", "is_open"),
    [(State.RUNNING, False, True), (State.RUNNING, True, False), (State.FAILED, False, False)],
)
def test_a_finished_operation_is_not_waited_for(state: str, given_up: bool, is_open: bool) -> None:
    operation = OperationState(Reference("a", "s"), Operation("openstack", "a", "s", state), given_up=given_up)
    assert operation.open is is_open
    assert PollState([GroupState("openstack", [operation])]).finished is not is_open
