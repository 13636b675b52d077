# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Clouds in simulated time whose operations have a known fate, that fail at random and record every poll."""

from __future__ import annotations

import copy
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from ansible_collections.cloudgate.operations.plugins.module_utils._model.errors import (
    GarbledError,
    GateError,
    MissingError,
    ThrottledError,
    TransportError,
)
from ansible_collections.cloudgate.operations.plugins.module_utils._model.operation import Operation, State
from ansible_collections.cloudgate.operations.plugins.module_utils._model.reference import Reference
from ansible_collections.cloudgate.operations.plugins.module_utils._polling.plan import GroupIO
from ansible_collections.cloudgate.operations.tests.unit.simulated_time import (
    NOON,
    Cloud,
    SimulatedWorkers,
    World,
)

NEVER = float("inf")
HEALS = (ThrottledError, TransportError, GarbledError)  # as documented; the test compares the code with it


@dataclass(frozen=True)
class Fate:
    """The fate of an operation, in seconds since the wait began.

    appears: when the API first knows it. blip: a time in which the API forgets it. begins: until then it is pending.
    word: whether the API shows an unknown word before the end.
    """

    end: float
    state: str
    appears: float = 0.0
    blip: tuple[float, float] = (NEVER, NEVER)
    begins: float = 0.0
    word: bool = False

    @property
    def shown(self) -> float:
        """From when on the API shows how it ended."""
        return max(self.end, self.appears)

    def missing(self, age: float) -> bool:
        """Return whether the API answers 404."""
        return age < self.appears or self.blip[0] <= age < self.blip[1]

    def at(self, age: float) -> str:
        """Return the state that the API shows."""
        if age >= self.end:
            return self.state
        if self.word and age > self.end / 2:
            return State.UNKNOWN
        return State.RUNNING if age >= self.begins else State.PENDING


@dataclass
class Poll:
    """One request for the state of operations, and its result. landed: when that was known; None if never."""

    cloud: str
    began: float
    error: GateError | None = None
    blips: int = 0  # operations of it that the API had forgotten
    lost: bool = False
    landed: float | None = None


@dataclass
class Window:
    """A time in which each poll fails with this error."""

    begin: float
    end: float
    error: GateError


@dataclass
class Weather:
    """How badly a cloud behaves. renewals: polls that had to get a token first; while Keystone is down, they fail."""

    windows: list[Window] = field(default_factory=list)
    share: float = 0.0  # of the polls that end in an error
    lost: float = 0.0  # of the polls that never return
    fatal: Window | None = None
    token_life: float = NEVER
    keystone_down: list[tuple[float, float]] = field(default_factory=list)
    latency: tuple[float, float] = (0.05, 0.3)
    jumps: list[tuple[float, float]] = field(default_factory=list)  # (when, seconds) of this machine's wall clock


class FatedCloud(Cloud):
    """A cloud with weather. All polls are recorded in the log of its world."""

    def __init__(self, world: FatedWorld, name: str, fates: dict[str, Fate], weather: Weather, batch: bool) -> None:
        super().__init__(world.clock, {each: (fate.end, fate.state) for each, fate in fates.items()}, batch)
        self.world = world
        self.name = name
        self.fates = fates
        self.weather = weather
        self.started: float | None = None  # second at which all began, if the API shows it
        self._token_until = 0.0
        self._ahead = timedelta()

    def poll(self, references: Sequence[Reference]) -> list[Any]:
        """Poll as a provider does: get a token if needed, then send the request."""
        age = self.clock.age
        poll = Poll(self.name, age)
        self.world.begin(poll, self.world.chance_of.uniform(*self.weather.latency))
        error = self._error(age)
        if error is not None:
            poll.error = self.world.numbered(error)
            if "no connection" not in error.message:  # any answer shows the API's clock
                self._heard()
            raise poll.error
        if self.world.chance_of.random() < self.weather.lost:
            poll.lost = True
            self.world.latency = NEVER
            return []
        self._heard()
        seen = [self.seen(reference) for reference in references]
        poll.blips = sum(isinstance(each, MissingError) for each in seen)
        return seen

    def _error(self, age: float) -> GateError | None:
        weather, chance = self.weather, self.world.chance_of
        if age >= self._token_until:
            if any(begin <= age < end for begin, end in weather.keystone_down):
                return TransportError("no connection to Keystone")
            self._token_until = age + weather.token_life
            self.world.latency += 0.3
        if weather.fatal is not None and age >= weather.fatal.begin:
            return weather.fatal.error
        for window in weather.windows:
            if window.begin <= age < window.end:
                return window.error
        if chance.random() < weather.share:
            return chance.choice(HEALS)("at random", retry_after=chance.choice((None, None, None, 5.0)))
        return None

    def _heard(self) -> None:
        self._ahead = self._api_time() - self.wall_time()

    def _api_time(self) -> datetime:
        return NOON + timedelta(seconds=self.clock_ahead + self.clock.age)

    def wall_time(self) -> datetime:
        """This machine's date."""
        jumped = sum(seconds for moment, seconds in self.weather.jumps if moment <= self.clock.age)
        return NOON + timedelta(seconds=self.clock.age + jumped)

    def now(self, age: float | None = None) -> datetime:
        """Return the API's clock, derived from this machine's clock and the last answer; or its real time at an age."""
        return self.wall_time() + self._ahead if age is None else super().now(age)

    def new_process(self) -> None:
        """Forget what a process knows: token and the API's clock."""
        self._token_until, self._ahead = 0.0, timedelta()

    def seen(self, reference: Reference) -> Any:
        """Return what a poll of one operation shows."""
        name, age = str(reference.operation_id), self.clock.age
        fate = self.fates[name]
        if fate.missing(age):
            return None if self.batch else MissingError(f"404: {name} not found.")
        self.polls.append((age, name))
        began = None if self.started is None else super().now(self.started)
        return Operation("openstack", name, "server-1", fate.at(age), "so it is", type="resize", started_at=began)


class Workers(SimulatedWorkers):
    """Records when each poll returned."""

    def __init__(self, world: FatedWorld) -> None:
        super().__init__(world.clock, lambda: world.latency)
        self._world = world
        self._polls: dict[Any, Poll] = {}

    def start(self, tag: Any, work: Callable[[], Any]) -> None:
        """Start as the base class does, and record it."""
        super().start(tag, work)
        self._polls[tag] = self._world.log[-1]

    def finished(self, timeout: float) -> tuple[Any, Any] | None:
        """Return the finished polls as the base class does, and record them."""
        done = super().finished(timeout)
        if done is not None:
            self._polls.pop(done[0]).landed = self._clock.age
        return done


class FatedWorld(World):
    """Clouds with fates and weather on one clock."""

    def __init__(self, seed: int) -> None:
        super().__init__({})
        self.clouds: list[Any] = []
        self.chance_of = random.Random(f"weather {seed}")
        self.chance = random.Random(f"jitter {seed}").random
        self.log: list[Poll] = []
        self.latency = 0.0
        self.workers = Workers(self)
        self._numbered = 0

    def wall(self) -> datetime:
        """Return this machine's date, which sometimes jumps."""
        return self.clouds[0].wall_time() if self.clouds else super().wall()

    def new_workers(self) -> Workers:
        """For a new process."""
        return Workers(self)

    def io(self, cloud: FatedCloud) -> GroupIO:
        """Return the requests of a cloud for a new process."""
        cloud.new_process()
        return super().io(cloud)

    def begin(self, poll: Poll, latency: float) -> None:
        """Record a poll, and the latency of its answer."""
        self.log.append(poll)
        self.latency = latency

    def numbered(self, error: GateError) -> GateError:
        """Return a new error, with a sentence that no other has."""
        self._numbered += 1
        own = copy.copy(error)
        own.message = f"{error.message} ({self._numbered})"
        return own
