# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Waits in simulated time: a clock that moves only during a wait, clouds on it, polls that take time."""

from __future__ import annotations

import copy
import dataclasses
import heapq
import itertools
import json
import random
from datetime import datetime, timedelta, timezone
from typing import Any, Callable, Dict, List, Mapping, Optional, Sequence, Tuple

from ansible_collections.cloudgate.operations.plugins.module_utils._model.errors import GateError, MissingError
from ansible_collections.cloudgate.operations.plugins.module_utils._model.operation import Operation, State
from ansible_collections.cloudgate.operations.plugins.module_utils._model.reference import Reference
from ansible_collections.cloudgate.operations.plugins.module_utils._polling.engine import Engine, GroupIO, Limits
from ansible_collections.cloudgate.operations.plugins.module_utils._polling.outcome import (
    Outcome,
    WaitOptions,
    keeps_shut,
)
from ansible_collections.cloudgate.operations.plugins.module_utils._polling.state import (
    GroupState,
    OperationState,
    PollState,
)

NOON = datetime(2026, 11, 21, 12, 0, 0, tzinfo=timezone.utc)
LATENCY = 0.1  # seconds that a poll takes
POLL_DEADLINE = 30.0  # seconds after which a poll counts as lost
API_TIMEOUT = 10.0  # seconds that one request may take
DAY = 86400
NEVER = float("inf")
_STUCK = 1000  # times that a loop may ask without any time passing

Ends = Mapping[str, Tuple[float, str]]
RUNS = (NEVER, State.SUCCEEDED)  # an operation that never finishes


def endings(kind: str, count: int) -> Ends:
    """Return operations that succeed. kind: one of the keys of C(ENDINGS), when."""
    chance = random.Random(kind)
    return {f"op-{number}": (ENDINGS[kind](chance), State.SUCCEEDED) for number in range(count)}


ENDINGS: Dict[str, Callable[[random.Random], float]] = {
    "together": lambda chance: 300.0,
    "evenly": lambda chance: chance.uniform(60, 900),
    "soon": lambda chance: chance.uniform(0, 60),
    "around": lambda chance: max(0.0, chance.gauss(300, 30)),
    "more and more seldom": lambda chance: chance.expovariate(1 / 200),
    "all but a few": lambda chance: 620.0 if chance.random() < 0.96 else 800.0,
}


class Clock:
    """A clock that moves only during a wait."""

    def __init__(self) -> None:
        self.now = self.began = 1000.0

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        """Wait."""
        assert 0 < seconds < float("inf")
        self.now += seconds

    @property
    def age(self) -> float:
        """Seconds since the clock was made."""
        return self.now - self.began


class SimulatedWorkers:
    """Replaces C(threads.Threads): work is done at once and returns after C(latency()) seconds."""

    def __init__(self, clock: Any, latency: Callable[[], float] = lambda: LATENCY) -> None:
        self.latency = latency
        self.most_at_once = 0
        self._clock = clock
        self._under_way: List[Tuple[float, int, Any, Any]] = []
        self._order = itertools.count()
        self._in_vain = 0

    def start(self, tag: Any, work: Callable[[], Any]) -> None:
        """Start work as Threads does."""
        try:
            result = work()
        except Exception as exc:  # noqa: BLE001 - as Threads does it
            result = exc
        heapq.heappush(self._under_way, (self._clock.now + self.latency(), next(self._order), tag, result))
        self.most_at_once = max(self.most_at_once, len(self._under_way))

    def finished(self, timeout: float) -> Optional[Tuple[Any, Any]]:
        """Return the finished work as Threads does; waiting for work that never returns is an error."""
        until = self._clock.now + max(0.0, timeout)
        back = self._under_way[0][0] if self._under_way else float("inf")
        assert min(until, back) < float("inf"), "waits forever"
        self._in_vain = self._in_vain + 1 if min(until, back) <= self._clock.now else 0
        assert self._in_vain < _STUCK, "turns in circles"
        self._clock.now = max(self._clock.now, min(until, back))
        return heapq.heappop(self._under_way)[2:] if back <= until else None


class Cloud:
    """A cloud whose operations end at set seconds.

    clock_ahead: seconds by which its clock is ahead of this machine's. date_ahead: seconds more for its Date header.
    faults: (from, to, error), in seconds. starts: second at which an operation began; others show no start.
    polls: (second, operation) of each poll of an operation; asked: seconds of the requests, each for one or many.
    """

    def __init__(self, clock: Clock, ends: Ends, batch: bool = False) -> None:
        self.clock = clock
        self.ends = dict(ends)
        self.batch = batch
        self.starts: Dict[str, float] = {}
        self.faults: List[Tuple[float, float, GateError]] = []
        self.appears = 0.0
        self.clock_ahead = 0.0
        self.date_ahead = 0.0
        self.polls: List[Tuple[float, str]] = []
        self.asked: List[float] = []

    def poll(self, references: Sequence[Reference]) -> List[Any]:
        """Poll as a provider's poll_many does."""
        self.asked.append(self.clock.age)
        for begin, end, error in self.faults:
            if begin <= self.clock.age < end:
                raise copy.copy(error)
        return [self.seen(reference) for reference in references]

    def seen(self, reference: Reference) -> Any:
        """Return the answer about one operation."""
        name = str(reference.operation_id)
        self.polls.append((self.clock.age, name))
        if self.clock.age < self.appears:
            return MissingError("404: Action not found.")
        return self.show(name)

    def show(self, name: str) -> Operation:
        """Return the operation as it is now."""
        second, state = self.ends[name]
        started = self.starts.get(name)
        return Operation(
            "openstack",
            name,
            "server-1",
            state if self.clock.age >= second else State.RUNNING,
            "so the cloud says",
            type="resize",
            started_at=None if started is None else self.now(started),
        )

    def now(self, age: Optional[float] = None) -> datetime:
        """Return the time on the cloud's clock, at this age of ours."""
        ahead = self.clock_ahead + (self.date_ahead if age is None else 0.0)
        return NOON + timedelta(seconds=ahead + (self.clock.age if age is None else age))

    def count(self, name: str) -> int:
        """Return how often an operation was polled."""
        return [polled for _second, polled in self.polls].count(name)


class World:
    """Clouds on one clock, and a wait for all their operations."""

    def __init__(self, ends: Ends, batch: bool = False, latency: Callable[[], float] = lambda: LATENCY) -> None:
        self.clock = Clock()
        self.clouds = [Cloud(self.clock, ends, batch)]
        self.workers = SimulatedWorkers(self.clock, latency)
        self.chance: Callable[[], float] = lambda: 0.5
        self.report: Callable[[List[OperationState]], None] = lambda _changed: None
        self.references: Callable[[str], Reference] = lambda name: Reference(name, "server-1")

    @property
    def cloud(self) -> Cloud:
        """Return the first cloud."""
        return self.clouds[0]

    def add(self, ends: Ends, batch: bool = False) -> Cloud:
        """One more cloud, a group of its own."""
        self.clouds.append(Cloud(self.clock, ends, batch))
        return self.clouds[-1]

    def io(self, cloud: Cloud) -> GroupIO:
        """Return the requests of a cloud."""
        return GroupIO(cloud.poll, cloud.now, cloud.batch)

    def new_workers(self) -> SimulatedWorkers:
        """Return the workers of a new process."""
        return SimulatedWorkers(self.clock, self.workers.latency)

    def engine(self, options: WaitOptions) -> Engine:
        """Return an engine on this world's clock."""
        return Engine(
            options, POLL_DEADLINE, API_TIMEOUT, self.workers, self.clock, self.chance, self.wall, self.report
        )

    def wall(self) -> datetime:
        """This machine's date."""
        return NOON + timedelta(seconds=self.clock.age)

    def state(self) -> PollState:
        """Return a wait for all operations that has not begun."""
        return PollState([GroupState.of("openstack", [*map(self.references, cloud.ends)]) for cloud in self.clouds])

    def wait(self, **options: Any) -> Tuple[Outcome, Optional[Dict[str, Any]]]:
        """Wait for all operations as a whole. Returns the outcome and its failure."""
        chosen, state = WaitOptions(**options), self.state()
        self.engine(chosen).run(state, [*map(self.io, self.clouds)])
        outcome = state.outcome()
        return outcome, outcome.failure(chosen)

    def run_slice(self, part: Mapping[str, Any], options: WaitOptions, startup: float = 0.0) -> Dict[str, Any]:
        """Run a slice as the module does for the action plugin: as a process of its own that takes time to start."""
        if startup:
            self.clock.sleep(startup)
        self.workers = self.new_workers()  # the threads ended with the last process
        state = PollState.from_dict(part["state"]) if part["state"] else self.state()
        limits = Limits(part["seconds"], part["early"], part["elapsed"])
        self.engine(options).run(state, [*map(self.io, self.clouds)], limits)
        if state.finished:
            return self._finished(state.outcome(), options)
        handed_over = {"state": state.to_dict(), "options": dataclasses.asdict(options), "raw": False}
        return {"_slice": json.loads(json.dumps(handed_over)), "changed": False}

    @staticmethod
    def _finished(outcome: Outcome, options: WaitOptions) -> Dict[str, Any]:
        result = dict(outcome.as_result(options, raw=False), _slice={}, changed=False)
        if "failure" in result and keeps_shut(result["failure"], options.on_failure):
            result.update(failed=True, msg=result["failure"]["message"])
        return result
