# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The positions of bars on a line."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import List

import pytest
from ansible_collections.cloudgate.operations.plugins.plugin_utils._report.model import OperationView, report_from
from ansible_collections.cloudgate.operations.plugins.plugin_utils._report.timeline import (
    Scale,
    common_scale,
    own_scale,
    scale_of,
)
from ansible_collections.cloudgate.operations.tests.unit.reported import AT, ago, operation, retried, step
from hypothesis import given
from hypothesis import strategies as st

MOMENTS = st.none() | st.datetimes(datetime(1990, 1, 1), datetime(2200, 1, 1), timezones=st.just(timezone.utc))
LINE = Scale(100, ago(100))


def views(*operations: object) -> List[OperationView]:
    return report_from(list(operations), AT).operations


@pytest.mark.parametrize(
    ("begun", "ended", "place"),
    [
        (100, 50, (0, 50)),
        (50, 0, (50, 50)),
        (60, 60, (40, 0.6)),
        (0, 0, (99.4, 0.6)),
        (60, 70, (40, 0.6)),
        (60, None, (40, 0.6)),
        (None, 50, None),
        (None, None, None),
    ],
)
def test_a_bar_is_where_its_times_are(begun: float, ended: float, place: object) -> None:
    assert LINE.place(ago(begun), ago(ended)) == place


def test_bars_of_durations_begin_at_the_left() -> None:
    assert Scale(100).place(ago(70), ago(20)) == (0, 50)


@given(st.lists(st.tuples(MOMENTS, MOMENTS), max_size=4))
def test_no_bar_leaves_its_line(times: list) -> None:
    scale = scale_of(moment for pair in times for moment in pair)

    places = [scale.place(*pair) for pair in times if pair[0]] if scale else []
    assert len([pair for pair in times if pair[0]]) == len(places)
    assert all(place and place[0] >= 0 and 0.6 <= place[1] <= 100 and sum(place) <= 100.01 for place in places)


@given(st.floats(0.1, 1e10))
def test_a_line_has_a_few_ticks_in_order(seconds: float) -> None:
    ticks = Scale(seconds, AT).ticks()

    assert ticks[0] == (0, "0")
    assert 2 <= len(ticks) <= 7
    assert sorted(ticks) == ticks and ticks[-1][0] <= 100
    assert len({label for _place, label in ticks}) == len(ticks)


@pytest.mark.parametrize(
    ("seconds", "labels"),
    [
        (0.5, ["0", "0.1 s", "0.2 s", "0.3 s", "0.4 s", "0.5 s"]),
        (200, ["0", "1 min", "2 min", "3 min"]),
        (12, ["0", "2 s", "4 s", "6 s", "8 s", "10 s", "12 s"]),
        (10000, ["0", "30 min", "1 h", "1 h 30 min", "2 h", "2 h 30 min"]),
    ],
)
def test_ticks_are_round_times(seconds: float, labels: List[str]) -> None:
    assert [label for _place, label in Scale(seconds, AT).ticks()] == labels


def test_operations_of_one_time_share_a_line() -> None:
    scale = common_scale(views(operation("succeeded", 100, 60), operation("running", 80), operation("pending", None)))

    assert scale == Scale(100, ago(100))


def test_operations_days_apart_are_compared_by_duration() -> None:
    scale = common_scale(views(operation("succeeded", 90000, 89000), operation("succeeded", 100, 60)))

    assert scale == Scale(1000)


def test_without_any_time_there_is_no_line() -> None:
    (view,) = views(operation("pending", None))

    assert common_scale([view]) is None
    assert own_scale(view) is None


def test_the_own_line_includes_steps_that_begin_before_the_operation() -> None:
    early = operation("succeeded", 100, 60, steps=[step("one", "succeeded", 102, 50)])

    assert own_scale(views(early)[0]) == Scale(52, ago(102))
    assert own_scale(views(retried())[0]) == Scale(50, ago(100))
