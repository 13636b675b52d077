# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What one slice of a wait hands to the next."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from typing import Any, Dict, List, Optional

import pytest
from ansible_collections.cloudgate.operations.plugins.module_utils.backoff import Backoff
from ansible_collections.cloudgate.operations.plugins.module_utils.gate import NO_ANSWER, Outcome, WaitOptions
from ansible_collections.cloudgate.operations.plugins.module_utils.operation import Operation, State, Step
from ansible_collections.cloudgate.operations.plugins.module_utils.providers.base import Reference
from ansible_collections.cloudgate.operations.plugins.module_utils.providers.nova import NovaProvider
from ansible_collections.cloudgate.operations.plugins.module_utils.slices import (
    carried,
    handed_on,
    handed_over,
    restored,
)
from ansible_collections.cloudgate.operations.plugins.module_utils.waiter import Group, Item
from hypothesis import given
from hypothesis import strategies as st

NOW = 5000.0
text = st.text(max_size=8)
maybe = st.none() | text
moments = st.none() | st.datetimes(min_value=datetime(1000, 1, 1), timezones=st.just(timezone.utc))
states = st.sampled_from([State.PENDING, State.RUNNING, State.SUCCEEDED, State.FAILED, State.UNKNOWN])
steps = st.builds(
    Step, text, states, result=maybe, started_at=moments, finished_at=moments, error=maybe, host=maybe, host_id=maybe
)
operations = st.builds(
    Operation,
    provider=text,
    operation_id=maybe,
    resource_id=maybe,
    state=states,
    reason=text,
    resource_type=maybe,
    type=maybe,
    raw_status=maybe,
    error=st.none() | st.fixed_dictionaries({"code": maybe, "message": maybe}),
    warning=maybe,
    started_at=moments,
    updated_at=moments,
    finished_at=moments,
    project_id=maybe,
    user_id=maybe,
    request_id=maybe,
    steps=st.lists(steps, max_size=3),
    retries=st.integers(0, 9),
    raw=st.none() | st.dictionaries(text, st.integers() | st.none(), max_size=3),
)


def group() -> Group:
    return Group("openstack", lambda _references: [], lambda: datetime.now(timezone.utc), recalls=NovaProvider.recalls)


@given(operations, st.booleans())
def test_an_operation_survives_the_way_to_the_action_plugin(operation: Operation, raw: bool) -> None:
    item = Item(Reference("a", "s"), operation)
    state = json.loads(json.dumps(carried(item, False, raw, NOW)))
    found = Operation.from_dict(state["operation"])
    assert found.as_dict(raw) == operation.as_dict(raw)
    if raw:
        assert found == operation


ago = st.none() | st.floats(0, 1e4)


@given(st.booleans(), st.floats(-100, 1e5), st.floats(-100, 1e5), ago, ago, ago, st.floats(0, 500))
def test_an_item_goes_on_where_it_was_and_the_time_between_counts(
    looked: bool,
    next_look: float,
    deadline: float,
    missing: Optional[float],
    polled: Optional[float],
    age: Optional[float],
    since: float,
) -> None:
    reference = Reference(resource_id="s1", latest=True, action="resize", verify="ACTIVE")
    item = group().add(reference)
    item.reference = reference.pinned_to("req-1")
    item.looked, item.next_look, item.deadline = looked, NOW + next_look, NOW + deadline
    item.appearance = (State.RUNNING, "compute_prep_resize")
    moments = {"missing_since": missing, "first_poll": polled, "born": age}
    for name, seconds in moments.items():
        setattr(item, name, None if seconds is None else NOW - seconds)
    state = json.loads(json.dumps(carried(item, False, False, NOW)))
    later = NOW + since
    again = restored(group(), reference, json.loads(json.dumps(handed_on(state, item.operation, since))), later + 7)
    assert again.reference == Reference("req-1", "s1", action="resize", verify="ACTIVE")
    assert (again.open, again.looked, again.news) == (True, looked, False)
    assert again.appearance == item.appearance
    assert again.next_look - 7 == pytest.approx(item.next_look, abs=0.002)
    assert again.deadline - 7 == pytest.approx(item.deadline, abs=0.002)
    for name, seconds in moments.items():
        found = getattr(again, name)
        assert found == (None if seconds is None else pytest.approx(getattr(item, name) + 7, abs=0.002))


@given(st.floats(-50, 500), st.floats(0, 1))
def test_a_backoff_goes_on_in_the_next_process(pause: float, fraction: float) -> None:
    before = Backoff(NOW + pause, fraction, probing=False)
    after = Backoff.from_dict(json.loads(json.dumps(before.to_dict(NOW))), NOW + 7)
    assert (after.fraction, after.probing) == (fraction, True)
    assert after.until == (pytest.approx(NOW + 7 + pause, abs=0.001) if pause >= 0.0005 else float("-inf"))


def seen(state: str, operation_id: str = "req-1", kind: str = "delete") -> Operation:
    return Operation("openstack", operation_id, "s1", state, "said", type=kind)


@pytest.mark.parametrize(
    ("state", "given_up", "open_again"),
    [(State.RUNNING, False, True), (State.RUNNING, True, False), (State.FAILED, False, False)],
)
def test_what_is_over_is_not_waited_for_again(state: str, given_up: bool, open_again: bool) -> None:
    item = Item(Reference("req-1", "s1"), seen(state), given_up=given_up, deadline=NOW)
    again = restored(group(), item.reference, handed_on(carried(item, False, False, NOW), item.operation, 0), NOW)
    assert again.open is open_again


def test_only_news_is_carried() -> None:
    item = Item(Reference("req-1", "s1"), seen(State.RUNNING), deadline=NOW, news=False)
    assert carried(item, False, False, NOW)["operation"] is None


def slice_of(items: List[Item]) -> Dict[str, Any]:
    made = group()
    made.items = items
    return handed_over(Outcome([]), False, [made], WaitOptions(), False, NOW)


@pytest.mark.parametrize(
    ("operation", "recalled"),
    [
        (seen(State.RUNNING), True),
        (seen(State.RUNNING, kind="reboot"), False),
        (Operation("openstack", None, "s1", State.UNKNOWN, NO_ANSWER, type="delete"), False),
    ],
    ids=["delete", "reboot", "a delete that was never seen"],
)
def test_only_what_was_seen_is_recalled(operation: Operation, recalled: bool) -> None:
    (state,) = slice_of([Item(Reference("req-1", "s1"), operation, deadline=NOW)])["items"]
    assert state["recalled"] is recalled
    passed = handed_on(state, operation, 0)["operation"]
    assert (passed is not None) is recalled
    if recalled:
        assert Operation.from_dict(passed) == operation


def test_a_slice_holds_plain_data_and_what_it_was_told() -> None:
    whole = slice_of([])
    assert json.loads(json.dumps(whole)) == whole
    assert WaitOptions(**whole["options"]) == WaitOptions()
    assert (whole["over"], whole["raw"], whole["items"], whole["error"]) == (False, False, [], None)
