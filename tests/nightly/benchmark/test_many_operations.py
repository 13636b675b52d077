# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The study of many operations: the bars of docs/benchmarks.md that a model of Nova in simulated time can decide."""

from __future__ import annotations

import pytest
from ansible_collections.cloudgate.operations.tests.nightly.benchmark import many_operations


@pytest.mark.parametrize("count", [60, 200, 1000])
def test_one_failure_among_many_is_noticed_within_seconds(count: int) -> None:
    reached = many_operations.failure_bar(count, runs=1)
    assert reached.held, reached


def test_without_a_feed_it_takes_no_longer_than_the_budget_allows() -> None:
    reached = many_operations.failure_bar(1000, runs=1, with_feed=False)
    assert reached.held, reached


def test_the_ends_of_a_thousand_are_seen_within_seconds_and_with_few_requests() -> None:
    assert [each for each in many_operations.ends_bars(1000) if not each.held] == []


def test_a_thousand_short_ones_open_the_gate_soon_after_the_last_end() -> None:
    reached = many_operations.short_bar(1000)
    assert reached.held, reached


def test_bars_can_be_missed() -> None:
    """Without a feed the bar for an API that has one is missed."""
    found = many_operations.one_failure(1000, runs=1, with_feed=False)
    assert found.median > 5
