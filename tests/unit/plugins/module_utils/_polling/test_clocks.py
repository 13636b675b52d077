# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The time between two slices, by the clocks of their host."""

from __future__ import annotations

import pytest
from ansible_collections.cloudgate.operations.plugins.module_utils._polling.clocks import Reading, resumed
from hypothesis import given
from hypothesis import strategies as st

THEN = Reading(monotonic=1000.0, wall=50000.0)  # 60 s after the wait began
spans = st.floats(0, 1e5)


@given(spans, spans)
def test_the_start_of_a_slice_counts(gap: float, startup: float) -> None:
    now = Reading(THEN.monotonic + gap + startup, THEN.wall + gap + startup)
    assert resumed(60.0, THEN, now, at_least=60.0 + gap) == pytest.approx(60 + gap + startup)


@pytest.mark.parametrize(
    ("monotonic", "wall"),
    [(3.0, 50070.0), (90000.0, 50070.0), (1070.0, 53600.0), (1070.0, 49000.0)],
    ids=["restarted", "another host", "set forward", "set back"],
)
def test_clocks_that_cannot_be_compared_do_not_count(monotonic: float, wall: float) -> None:
    assert resumed(60.0, THEN, Reading(monotonic, wall), at_least=65.0) == 65.0


def test_the_first_slice_begins_when_the_caller_says() -> None:
    assert resumed(0.0, None, THEN, at_least=0.5) == 0.5


@given(spans)
def test_a_wait_never_goes_back(at_least: float) -> None:
    assert resumed(60.0, THEN, Reading(1001.0, 50001.0), at_least) >= max(61.0, at_least)
