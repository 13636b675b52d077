# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Find inputs that break an invariant, and minimize them."""

from __future__ import annotations

import random
import traceback
from collections.abc import Callable
from dataclasses import dataclass

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

BATCH = 5000  # inputs that hypothesis keeps in mind at a time
ENOUGH = 5  # crashes of one target: the next ones would mostly be the same
SHORTEST, LONGEST = 8, 64  # bytes
BYTES = st.binary(min_size=SHORTEST, max_size=LONGEST)


@dataclass(frozen=True)
class Crash:
    """An input that breaks something. C(data) replays it."""

    data: bytes
    error: str
    trace: str


def flood(run: Callable[[bytes], None], count: int, seed_: int) -> list[Crash]:
    """Hunt with random inputs alone: ten times as many in the same time."""
    chance = random.Random(seed_)
    crashes: dict[str, Crash] = {}
    for _number in range(count):
        crash = _crash(run, chance.randbytes(chance.randint(SHORTEST, LONGEST)))
        if crash and crash.error not in crashes:
            crashes[crash.error] = _smaller(run, crash)
        if len(crashes) == ENOUGH:
            break
    return list(crashes.values())


def _crash(run: Callable[[bytes], None], data: bytes) -> Crash | None:
    try:
        run(data)
    except Exception as exc:  # noqa: BLE001 - the hunt is for any error
        return Crash(data, f"{type(exc).__name__}: {exc}".splitlines()[0], traceback.format_exc())
    return None


def _smaller(run: Callable[[bytes], None], crash: Crash) -> Crash:
    """Return a shorter input with the same error, or one with more zeros: 0 is always the first choice."""
    for at in range(len(crash.data) - 1, -1, -1):
        data = crash.data
        for simpler in (data[:at], data[:at] + b"\0" + data[at + 1 :]):
            found = _crash(run, simpler)
            if found and found.error == crash.error:
                crash = found
                break
    return crash


def hunt(run: Callable[[bytes], None], count: int, first_seed: int) -> list[Crash]:
    """Give it this many inputs that hypothesis makes up, and return the smallest of those that broke something."""
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
    def run_once(data: bytes) -> None:
        nonlocal given_last
        given_last = data
        run(data)

    crash = _crash(lambda _data: run_once(), b"")
    return Crash(given_last, crash.error, crash.trace) if crash else None
