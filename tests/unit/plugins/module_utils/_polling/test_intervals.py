# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""When to poll next."""

from __future__ import annotations

from typing import Optional

from ansible_collections.cloudgate.operations.plugins.module_utils._polling.intervals import next_poll, poll_interval
from hypothesis import given
from hypothesis import strategies as st

seconds = st.floats(0, 1e6)
chance = st.floats(0, 1)


@given(seconds, seconds, seconds, chance)
def test_the_interval_lies_between_its_bounds(age: float, first: float, second: float, luck: float) -> None:
    low, high = min(first, second), max(first, second)
    assert low <= poll_interval(age, low, high, luck) <= high


@given(seconds, st.floats(0, 100), chance)
def test_equal_bounds_fix_the_interval(age: float, interval: float, luck: float) -> None:
    assert poll_interval(age, interval, interval, luck) == interval


@given(seconds, chance)
def test_the_interval_is_about_a_twelfth_of_the_age(age: float, luck: float) -> None:
    assert 0.08 * age <= poll_interval(age, 0, 1e9, luck) <= 0.1 * age


@given(seconds, seconds, chance)
def test_the_interval_grows_with_the_age(age: float, more: float, luck: float) -> None:
    assert poll_interval(age, 1.5, 60, luck) <= poll_interval(age + more, 1.5, 60, luck)


@given(seconds, seconds, seconds, st.one_of(st.none(), seconds))
def test_the_next_poll_is_never_after_the_deadline_nor_in_the_past(
    now: float, left: float, delay: float, retry_after: Optional[float]
) -> None:
    deadline = now + left
    assert now <= next_poll(now, deadline, delay, retry_after) <= deadline


def test_retry_after_overrides_a_shorter_delay() -> None:
    assert next_poll(100, 1000, 2, retry_after=60) == 160
    assert next_poll(100, 1000, 90, retry_after=60) == 190


def test_past_the_deadline_the_poll_is_now() -> None:
    assert next_poll(100, 50, 2) == 100
