# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Seconds are read from numbers and from text with units; everything else is refused in one sentence."""

from __future__ import annotations

import math
from typing import Any

import pytest
from ansible_collections.cloudgate.operations.plugins.module_utils._model.durations import duration_option, seconds_in
from ansible_collections.cloudgate.operations.plugins.module_utils._model.errors import InputError
from hypothesis import given
from hypothesis import strategies as st

UNITS = {"d": 86400, "h": 3600, "m": 60, "s": 1}
COUNTS = st.lists(st.none() | st.integers(0, 999_999_999), min_size=4, max_size=4).filter(any)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("90s", 90),
        ("10m", 600),
        ("2h", 7200),
        ("1h30m", 5400),
        ("1d", 86400),
        ("1d12h", 129600),
        ("0s", 0),
        (" 10m\n", 600),
        ("600", 600),
        ("-1", -1),
        ("1.5", 1.5),
        (".5", 0.5),
        ("1e3", 1000.0),
        (600, 600),
        (1.5, 1.5),
        (-1, -1),
    ],
)
def test_valid_durations(text: Any, seconds: float) -> None:
    found = seconds_in(text)

    assert (found, type(found)) == (seconds, type(seconds))


@pytest.mark.parametrize("value", [10**400, -(10**400), math.inf, -math.inf, "9" * 300 + "e999"])
def test_a_duration_that_is_too_large_is_infinite(value: Any) -> None:
    assert math.isinf(seconds_in(value) or 0.0)


def test_nan_stays_for_the_check_of_the_range() -> None:
    assert math.isnan(seconds_in(math.nan) or 0.0)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("10 minutes", "10 minutes"),
        ("10 m", "10 m"),
        ("10min", "10min"),
        ("1.5h", "1.5h"),
        ("1w", "1w"),
        ("10M", "10M"),
        ("-10m", "-10m"),
        ("1:30", "1:30"),
        ("inf", "inf"),
        ("nan", "nan"),
        ("30m1h", "other text"),
        ("1h1h", "other text"),
        ("m", "other text"),
        ("\u0661\u0660m", "other text"),
        ("5up3rs3cret", "other text"),
        ("9" * 10_000, "other text"),
        ("", "empty text"),
        (" ", "empty text"),
        (None, "nothing"),
        (True, "true"),
        ([10], "a list"),
        ({"minutes": 10}, "a dictionary"),
    ],
)
def test_invalid_durations_are_refused(value: Any, shown: str) -> None:
    with pytest.raises(InputError) as refused:
        duration_option("timeout", value)

    assert str(refused.value) == f"timeout must be seconds, or a duration such as 10m or 1h30m, not {shown}."


@given(COUNTS)
def test_units_add_up(counts: list[int | None]) -> None:
    parts = [(count, unit) for count, unit in zip(counts, UNITS) if count is not None]
    text = "".join(f"{count}{unit}" for count, unit in parts)

    assert seconds_in(text) == sum(count * UNITS[unit] for count, unit in parts)


@given(st.text() | st.text("0123456789dhms.-+e "))
def test_any_text_is_a_number_of_seconds_or_refused(text: str) -> None:
    found = seconds_in(text)

    assert found is None or isinstance(found, (int, float))
    if found is None:
        with pytest.raises(InputError):
            duration_option("delay", text)


@given(st.integers() | st.floats(allow_nan=False))
def test_numbers_mean_seconds(number: float) -> None:
    found = seconds_in(number)

    assert found == number or (found is not None and math.isinf(found) and abs(number) > 1e308)
    assert seconds_in(str(number)) in (None, number, found)
