# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A soak notices a leak, and a wrong gate."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from typing import Any

import pytest
from soak.clouds import Truth
from soak.real import LATE, wrong
from soak.sampling import Sample, Sampler, in_turn, trends


def series(**grow: float) -> list[Sample]:
    """Ten minutes of samples that grow by so much a minute, after a start that takes more and more, and with noise."""
    found = []
    for second in range(600):
        warm, noise = min(second, 60) / 60, (second * 7919 % 11 - 5) / 10
        mb = 40 * warm + second / 60 * grow.get("mb", 0) + noise
        found.append(Sample(second, 1, (mb, 2 + second / 60 * grow.get("threads", 0), 4.0)))
    return found


def test_constant_samples_are_flat() -> None:
    found = trends(series())
    assert all(trend.flat for trend in found.values())
    assert found["MB"].mean == pytest.approx(40, abs=0.1)
    assert found["MB"].growth == pytest.approx(0, abs=0.2)


def test_a_leak_is_not_flat() -> None:
    found = trends(series(mb=0.5, threads=1))
    assert [name for name, trend in found.items() if not trend.flat] == ["MB", "threads"]
    assert found["MB"].slope == pytest.approx(0.5, abs=0.05)
    assert found["MB"].growth == pytest.approx(2.5, abs=0.1)


def test_processes_that_follow_each_other_are_one_series() -> None:
    samples = [Sample(pid * 10 + second, pid, (pid, second, 4.0)) for pid in (1, 2) for second in range(5)]
    assert in_turn([*samples, Sample(30, 3, (99.0, 1.0, 1.0))]) == [
        Sample(10, 1, (1, 2, 4.0)),
        Sample(20, 2, (2, 2, 4.0)),
    ]


def test_a_process_that_leaks_is_seen_to() -> None:
    leak = "import time\nheld = []\nwhile True: held.append(bytearray(5_000_000)); time.sleep(0.5)"
    with (
        subprocess.Popen([sys.executable, "-c", leak], env={**os.environ, "MARK": "soak-leak"}) as process,
        Sampler("MARK=soak-leak", lambda each: "leak" if each.pid == process.pid else None) as sampler,
    ):
        time.sleep(5)
        process.kill()
    found = trends(sampler.samples["leak"])
    assert found["MB"].growth > found["MB"].limit
    assert found["MB"].flat, "too short to say so"
    assert found["threads"].mean == 1


def complaints(truth: Truth, finished: float, **result: Any) -> list[str]:
    """Return what is wrong with this result of a wait for one operation."""
    return wrong(
        {"operations": [{"operation_id": truth.operation_id, "state": "succeeded"}], "elapsed": 999.0, **result},
        [truth],
        finished,
    )


def test_a_gate_that_is_wrong_is_noticed() -> None:
    good, bad = Truth("a", "s", 100.0, True), Truth("a", "s", 100.0, False)
    assert complaints(good, 105.0, succeeded=True) == []
    assert complaints(good, 95.0, succeeded=True) != []
    assert complaints(good, 101.0 + LATE, succeeded=True) != []
    assert complaints(good, 101.0 + LATE, succeeded=True, elapsed=1.0) == [], "Ansible was slow to start"
    assert complaints(bad, 105.0, succeeded=True) != []
    assert complaints(good, 105.0, succeeded=False) != []
