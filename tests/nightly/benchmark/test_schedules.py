# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The study of schedules: the bars of our defaults, and known results of other tools' schedules."""

from __future__ import annotations

from itertools import islice

import pytest
from ansible_collections.cloudgate.operations.plugins.module_utils._polling.outcome import WaitOptions
from ansible_collections.cloudgate.operations.tests.nightly.benchmark import schedules

COUNT = 5000


@pytest.mark.parametrize("shortest, longest", schedules.SPREADS)
def test_defaults_clear_the_bars(shortest: float, longest: float) -> None:
    judged = schedules.bars(schedules.study(COUNT, shortest, longest, WaitOptions()), shortest)
    assert judged and [text for text, held in judged if not held] == []


@pytest.mark.parametrize("options", [WaitOptions(poll_min=30.0), WaitOptions(poll_max=2.0)])
def test_bars_can_be_missed(options: WaitOptions) -> None:
    """Few polls miss the one bar, many polls the other."""
    judged = schedules.bars(schedules.study(500, 60.0, 600.0, options), 60.0)
    assert [held for _text, held in judged].count(False) == 1


@pytest.mark.parametrize(
    "name, waits",
    [
        ("every 5 s", [0, 5, 5, 5]),
        ("Terraform's StateChangeConf", [0, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 10, 10]),
        ("the same, delay 10, min_timeout 3", [10, 3, 6, 10, 10]),
        ("hetzner.hcloud", [0, 2, 4, 5, 5]),
    ],
)
def test_schedules_of_others(name: str, waits: list) -> None:
    assert list(islice(schedules.OTHERS[name](), len(waits))) == pytest.approx(waits)


def test_a_fixed_interval_is_late_by_half_of_it() -> None:
    found = schedules.study(COUNT, 60.0, 3600.0, WaitOptions())["every 30 s"]
    interval = 30 + schedules.LATENCY
    assert found.lag == pytest.approx(interval / 2, rel=0.1)
    assert found.lag_90 == pytest.approx(interval * 0.9, rel=0.1)
