# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The normal form: times, steps, and what a task result shows."""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone
from typing import Any, Optional

import pytest
from ansible_collections.cloudgate.operations.plugins.module_utils._model.operation import (
    Operation,
    State,
    Step,
    any_time,
    format_time,
    parse_time,
    seconds_between,
)
from hypothesis import given
from hypothesis import strategies as st

NOON = datetime(2026, 11, 21, 12, 0, 0, tzinfo=timezone.utc)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2016-11-30T01:14:52.000000", "2016-11-30T01:14:52Z"),
        ("2018-04-25T01:26:36.790544", "2018-04-25T01:26:36.790544Z"),
        ("2017-11-27 21:35:38", "2017-11-27T21:35:38Z"),
        ("2022-02-17T05:41:55.441Z", "2022-02-17T05:41:55.441000Z"),
        ("2022-02-17T05:41:55z", "2022-02-17T05:41:55Z"),
        ("2026-11-21T14:30:00+02:30", "2026-11-21T12:00:00Z"),
        ("2026-11-21T07:00:00-0500", "2026-11-21T12:00:00Z"),
        ("2026-11-21T12:00:00.123456789", "2026-11-21T12:00:00.123456Z"),
        ("2026-11-21T12:00:00.5", "2026-11-21T12:00:00.500000Z"),
        (" 2026-11-21 12:00:00 ", "2026-11-21T12:00:00Z"),
        ("2018-08-02 08:12:40.672772389 +0000 UTC", "2018-08-02T08:12:40.672772Z"),
    ],
)
def test_every_apis_way_to_write_a_time(text: str, expected: str) -> None:
    assert format_time(parse_time(text)) == expected


@pytest.mark.parametrize(
    "value",
    [
        None,
        "",
        "null",
        "yesterday",
        "2026-11-21",
        "2026-02-30T00:00:00",
        "2026-11-21T25:00:00",
        "2026-11-21T12:00:00 Europe/Berlin",
        "0001-01-01T00:00:00+01:00",
        "2026-11-21T12:00:00" + " " * 10**6 + "x",  # a second for each thousand blanks, were it looked through
        "9999-12-31T23:59:59-01:00",
        "٢٠٢٦-11-21T12:00:00",
        1789000000000,
        {"time": 1},
        True,
    ],
)
def test_what_is_no_time_is_none(value: Any) -> None:
    assert parse_time(value) is None


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (1789000000000, "2026-09-10T00:26:40Z"),
        (1789000000, "2026-09-10T00:26:40Z"),
        (1789000000.5, "2026-09-10T00:26:40.500000Z"),
        ("1789000000000", "2026-09-10T00:26:40Z"),
        ("2026-11-21T12:00:00", "2026-11-21T12:00:00Z"),
        (0, None),
        (-5, None),
        (True, None),
        (10**18, None),
        (10**400, None),
        (float("inf"), None),
        (float("nan"), None),
        ("9" * 30, None),
        (None, None),
    ],
)
def test_a_time_may_be_a_number(value: Any, expected: Optional[str]) -> None:
    assert format_time(any_time(value)) == expected


@given(st.datetimes(min_value=datetime(1000, 1, 1), timezones=st.just(timezone.utc)))
def test_a_time_survives_being_written_and_read(moment: datetime) -> None:
    assert parse_time(format_time(moment)) == moment


@given(st.one_of(st.text(), st.none(), st.integers(), st.from_regex(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d.*")))
def test_parse_time_never_raises_and_is_always_utc(value: Any) -> None:
    moment = parse_time(value)
    assert moment is None or moment.utcoffset() == timedelta(0)


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (NOON, NOON + timedelta(seconds=9.1234), 9.123),
        (NOON, NOON, 0.0),
        (NOON, NOON - timedelta(seconds=1), None),
        (None, NOON, None),
        (NOON, None, None),
    ],
)
def test_a_duration_needs_two_times_in_order(
    start: Optional[datetime], end: Optional[datetime], expected: Optional[float]
) -> None:
    assert seconds_between(start, end) == expected


def operation(**more: Any) -> Operation:
    fields = {"provider": "openstack", "operation_id": "req-1", "resource_id": "s1", "state": "running"}
    return Operation(**{**fields, **more})


def test_a_result_shows_all_keys_as_plain_data() -> None:
    step = Step("compute_reboot_instance", State.SUCCEEDED, "Success", NOON, NOON + timedelta(seconds=9))
    shown = operation(started_at=NOON, finished_at=NOON + timedelta(seconds=10), steps=[step]).as_dict()
    assert json.loads(json.dumps(shown)) == shown
    assert set(shown) == set(
        "provider operation_id resource_id resource_type type state reason raw_status error warning started_at "
        "updated_at finished_at duration project_id user_id request_id steps retries".split()
    )
    assert (shown["started_at"], shown["duration"]) == ("2026-11-21T12:00:00Z", 10.0)
    assert (shown["steps"][0]["finished_at"], shown["steps"][0]["duration"]) == ("2026-11-21T12:00:09Z", 9.0)


def test_the_apis_own_answer_is_shown_on_request_only() -> None:
    secret = operation(raw={"request_body": {"password": "x"}})
    assert "raw" not in secret.as_dict()
    assert secret.as_dict(raw=True)["raw"] == {"request_body": {"password": "x"}}


texts = st.none() | st.text()
times = st.none() | st.datetimes(min_value=datetime(1000, 1, 1), timezones=st.just(timezone.utc))
words = st.sampled_from([State.PENDING, State.RUNNING, State.SUCCEEDED, State.FAILED, State.UNKNOWN])


@given(
    st.builds(
        Operation,
        *(st.text(), texts, texts, words),
        reason=st.text(),
        type=texts,
        error=st.none() | st.fixed_dictionaries({"code": texts, "message": texts}),
        started_at=times,
        updated_at=times,
        finished_at=times,
        steps=st.lists(st.builds(Step, st.text(), words, texts, times, times, texts, texts, texts), max_size=3),
        retries=st.integers(0, 9),
        raw=st.none() | st.dictionaries(st.text(), st.integers()),
    )
)
def test_an_operation_survives_being_shown_and_read(found: Operation) -> None:
    shown = json.loads(json.dumps(found.as_dict(raw=True)))
    assert Operation.from_dict(shown) == found


@pytest.mark.parametrize(
    ("state", "terminal"),
    [("pending", False), ("running", False), ("unknown", False), ("succeeded", True), ("failed", True)],
)
def test_only_two_states_are_terminal(state: str, terminal: bool) -> None:
    assert operation(state=state).terminal is terminal


def test_the_current_step_is_the_last_running_one_else_the_last() -> None:
    steps = [Step("a", "succeeded"), Step("b", "running"), Step("c", "running"), Step("d", "succeeded")]
    assert operation().current_step is None
    assert operation(steps=steps).current_step == steps[2]
    assert operation(steps=[steps[0], steps[3]]).current_step == steps[3]


@pytest.mark.parametrize(
    ("more", "name"),
    [
        ({"type": "reboot"}, "reboot req-1 of s1"),
        ({"type": None}, "req-1 of s1"),
        ({"operation_id": None, "type": "reboot", "resource_id": None}, "reboot"),
        ({"operation_id": None, "resource_id": None}, "operation"),
    ],
)
def test_a_sentence_names_an_operation(more: Any, name: str) -> None:
    assert str(operation(**more)) == name
