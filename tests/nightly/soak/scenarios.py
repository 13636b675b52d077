# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A wait of up to three hours with faults, made at random from a seed, and run in simulated time."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Any

from ansible.errors import AnsibleConnectionFailure
from ansible_collections.cloudgate.operations.plugins.module_utils._model import errors
from ansible_collections.cloudgate.operations.plugins.module_utils._model.operation import State
from ansible_collections.cloudgate.operations.plugins.module_utils._polling.outcome import WaitOptions
from ansible_collections.cloudgate.operations.plugins.plugin_utils._wait.slices import SlicedWait
from soak.fates import HEALS, NEVER, Fate, FatedCloud, FatedWorld, Weather, Window

HOURS = 3 * 3600.0
STARTUP = (0.3, 3.0)  # seconds that the process of a slice takes to begin
GRACE = 60.0
# How many operations a cloud has, and the weight of it.
CROWDS = {1: 30, 2: 15, 5: 20, 12: 15, 29: 8, 31: 6, 100: 4, 300: 1, 1000: 1}
FATAL = (errors.AuthError, errors.ForbiddenError, errors.ProtocolError, errors.TlsError, errors.UnsupportedVersionError)


@dataclass
class Scenario:
    """The operations, the options and the faults of a wait.

    length: most seconds of a slice; None: without slices. lost: (from, to) in which the host is unreachable.
    """

    seed: int
    world: FatedWorld
    options: WaitOptions
    length: float | None
    lost: list[tuple[float, float]] = field(default_factory=list)
    losses: list[float] = field(default_factory=list)  # when the host could not be reached
    slices: list[tuple[float, float]] = field(default_factory=list)  # first poll and end of each process

    @property
    def deadline(self) -> float:
        """Return the deadline, from the start of the task. An operation not polled by then may start with the task."""
        if self.options.timeout_from == "task" or self.world.cloud.started is None:
            return self.options.timeout
        end = self.options.timeout + self.world.cloud.started
        seen = {name for cloud in self.world.clouds for age, name in cloud.polls if age < end}
        return end if all(name in seen for cloud in self.world.clouds for name in cloud.fates) else self.options.timeout

    @property
    def latest_deadline(self) -> float:
        """Return the deadline if a wrong clock makes operations younger: at most the first poll plus the limit."""
        wrong = self.options.timeout_from == "operation" and any(cloud.weather.jumps for cloud in self.world.clouds)
        return max(self.deadline, self.options.timeout + self.options.delay) if wrong else self.deadline

    def run(self) -> dict[str, Any]:
        """Wait. Returns the result of the task."""
        if self.length is None:
            outcome, _failure = self.world.wait(**vars(self.options))
            self.slices.append((0.0, self.world.clock.age))
            return outcome.as_result(self.options, raw=False)
        clock = self.world.clock
        count = sum(len(cloud.fates) for cloud in self.world.clouds)
        return SlicedWait(self._slice, lambda *_seen: None, clock, clock.sleep, count).run()

    def _slice(self, part: dict[str, Any]) -> dict[str, Any]:
        age = self.world.clock.age
        if any(begin <= age < end for begin, end in self.lost) and self.slices:
            self.losses.append(age)
            raise AnsibleConnectionFailure(f"unreachable at {age}")
        assert len(self.slices) < 5000, "the wait does not end"
        startup = self.world.chance_of.uniform(*STARTUP)
        part = dict(part, seconds=min(part["seconds"], self.length or part["seconds"]))
        result = self.world.run_slice(part, self.options, startup)
        self.slices.append((age + startup, self.world.clock.age))
        return result


def scenario(seed: int) -> Scenario:
    """Return the scenario of a seed."""
    chance = random.Random(f"scenario {seed}")
    world = FatedWorld(seed)
    options = _options(chance)
    started = chance.choice((-600.0, 0.0)) if options.timeout_from == "operation" else None
    jumps = _jumps(chance)
    failing = chance.choice((0.0, 0.0, 0.0, 0.02, 0.3, 1.0))
    for number in range(chance.choice((1, 1, 1, 2, 3))):
        (count,) = chance.choices(list(CROWDS), list(CROWDS.values()))
        ends = _ends(chance, options.timeout)
        fates = {f"{number}.{each}": _fate(chance, ends(chance), failing) for each in range(count)}
        cloud = FatedCloud(world, str(number), fates, _weather(chance, jumps), chance.random() < 0.2)
        cloud.clock_ahead = chance.choice((0.0, 0.0, -900.0, 900.0))
        cloud.started = started if started is not None else chance.choice((None, -300.0, 0.0))
        world.clouds.append(cloud)
    if chance.random() < 0.05:
        _forget(chance, world)
    length = chance.choice((None, 5.0, 30.0, 30.0, 60.0))
    return Scenario(seed, world, options, length, _windows(chance, 4, 600) if chance.random() < 0.4 else [])


def _options(chance: random.Random) -> WaitOptions:
    from_operation = chance.random() < 0.15
    poll_max = chance.choice((60.0, 60.0, 20.0, 120.0))
    return WaitOptions(
        timeout=HOURS if chance.random() < 0.75 else chance.uniform(1200, HOURS),
        timeout_from="operation" if from_operation else "task",
        delay=chance.choice((0.0, 0.0, 0.0, 20.0)),
        poll_min=chance.choice((1.5, 1.5, 0.5, 5.0)),
        poll_max=poll_max,
        missing_grace=GRACE,
        wait_for=chance.choice(("all", "all", "all", "all", "any")),
        on_failure=chance.choice(("fail", "finish", "report")),
        max_concurrency=chance.choice((1, 3, 10, 10, 50)),
    )


def _jumps(chance: random.Random) -> list[tuple[float, float]]:
    return [
        (chance.uniform(0, HOURS), chance.choice((-1, 1)) * chance.choice((1.0, 60.0, 3600.0, 86400.0)))
        for _each in range(chance.choice((0, 0, 1, 3)))
    ]


def _ends(chance: random.Random, timeout: float) -> Any:
    """Return how the ends of one cloud are spread; sometimes some never come, or too late."""
    at, late = chance.uniform(0, timeout * 0.9), chance.random() < 0.08
    spread = chance.choice(
        (
            lambda of: of.uniform(0, timeout * 0.95),
            lambda of: of.uniform(0, 120),
            lambda of: at,
            lambda of: max(0.0, of.gauss(at, 60)),
            lambda of: min(timeout * 0.95, of.expovariate(1 / 900)),
        )
    )
    return lambda of: of.choice((NEVER, timeout + of.uniform(0, 900))) if late and of.random() < 0.3 else spread(of)


def _fate(chance: random.Random, end: float, failing: float) -> Fate:
    # Not both: two 404 without a poll in between are an operation that never existed.
    appears = chance.uniform(0, 45) if chance.random() < 0.2 else 0.0
    blip = chance.uniform(60, HOURS) if not appears and chance.random() < 0.1 else NEVER
    return Fate(
        end,
        State.FAILED if chance.random() < failing else State.SUCCEEDED,
        appears=appears,
        blip=(blip, blip + 40),
        begins=chance.uniform(0, 300) if chance.random() < 0.3 else 0.0,
        word=chance.random() < 0.1,
    )


def _forget(chance: random.Random, world: FatedWorld) -> None:
    """Have one operation never appear."""
    cloud = chance.choice(world.clouds)
    cloud.fates[chance.choice(list(cloud.fates))] = Fate(NEVER, State.SUCCEEDED, appears=NEVER)


def _windows(chance: random.Random, most: int, longest: float) -> list[tuple[float, float]]:
    begins = [chance.uniform(0, HOURS) for _each in range(chance.randint(0, most))]
    return [(begin, begin + chance.uniform(1, longest)) for begin in begins]


def _weather(chance: random.Random, jumps: list[tuple[float, float]]) -> Weather:
    fatal = None
    if chance.random() < 0.06:
        fatal = Window(chance.uniform(0, HOURS), NEVER, chance.choice(FATAL)("this error is permanent"))
    return Weather(
        windows=[Window(begin, end, _error(chance)) for begin, end in _windows(chance, 8, 900)],
        share=chance.choice((0.0, 0.01, 0.05, 0.2)),
        lost=chance.choice((0.0, 0.0, 0.01, 0.05)),
        fatal=fatal,
        token_life=chance.choice((NEVER, 5.0, 300.0, 3600.0)),
        keystone_down=_windows(chance, 3, 600) if chance.random() < 0.5 else [],
        latency=chance.choice(((0.02, 0.1), (0.05, 0.5), (0.2, 4.0))),
        jumps=jumps,
    )


def _error(chance: random.Random) -> errors.GateError:
    """Return a new transient error, of each class in turn."""
    pause = chance.choice((None, None, 0.0, 1.0, 30.0, 120.0, 600.0))
    pause = 86400.0 if chance.random() < 0.01 else pause
    message = chance.choice(("503", "no connection", "refused"))
    return chance.choice(HEALS)(message, retry_after=pause)
