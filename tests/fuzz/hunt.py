# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Looks for inputs that break what must hold: hypothesis makes them, and makes those that it finds small."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from dataclasses import dataclass

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

BATCH = 5000  # inputs that hypothesis keeps in mind at a time
ENOUGH = 5  # crashes of one target: the next ones would mostly be the same
BYTES = st.binary(min_size=8, max_size=64)


@dataclass(frozen=True)
class Crash:
    """An input that breaks something. C(data) replays it."""

    data: bytes
    error: str
    trace: str


def hunt(run: Callable[[bytes], None], count: int, first_seed: int) -> list[Crash]:
    """Give it this many inputs, and return the smallest of those that broke something."""
    crashes: list[Crash] = []
    for number, begun in enumerate(range(0, count, BATCH)):
        crash = _batch(run, min(BATCH, count - begun), first_seed + number)
        if crash:
            crashes.append(crash)
        if len(crashes) == ENOUGH:
            break
    return crashes


def _batch(run: Callable[[bytes], None], count: int, its_seed: int) -> Crash | None:
    given_last = b""

    @seed(its_seed)
    @settings(
        max_examples=count,
        database=None,
        deadline=None,
        derandomize=False,
        report_multiple_bugs=False,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    @given(BYTES)
    def look(data: bytes) -> None:
        nonlocal given_last
        given_last = data
        run(data)

    try:
        look()
    except Exception as exc:  # noqa: BLE001 - whatever it is, it is what is looked for
        return Crash(given_last, f"{type(exc).__name__}: {exc}".splitlines()[0], traceback.format_exc())
    return None
