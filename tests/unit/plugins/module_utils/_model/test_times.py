# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Times, as the APIs write them."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any, Optional

import pytest
from ansible_collections.cloudgate.operations.plugins.module_utils._model.times import (
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
        "2026-11-21T12:00:00" + " " * 10**6 + "x",  # a search would take a second for each thousand blanks
        "9999-12-31T23:59:59-01:00",
        "٢٠٢٦-11-21T12:00:00",
        1789000000000,
        {"time": 1},
        True,
    ],
)
def test_an_invalid_time_is_none(value: Any) -> None:
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
