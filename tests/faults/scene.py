# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A wait through the whole of the collection's own code against the simulated clouds, with a fault in its middle."""

from __future__ import annotations

import gc
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ansible_collections.cloudgate.operations.plugins.module_utils._model.reference import Reference
from ansible_collections.cloudgate.operations.plugins.module_utils._module.connection import Connection
from ansible_collections.cloudgate.operations.plugins.module_utils._polling.engine import Engine
from ansible_collections.cloudgate.operations.plugins.module_utils._polling.outcome import Outcome, WaitOptions
from ansible_collections.cloudgate.operations.plugins.module_utils._polling.plan import GroupIO
from ansible_collections.cloudgate.operations.plugins.module_utils._polling.state import GroupState, PollState
from ansible_collections.cloudgate.operations.tests.unit.simulated_time import API_TIMEOUT, PATIENCE, SimulatedWorkers
from faults.subjects import Subject
from simulated.helpers import LOGIN_PATH, logins
from simulator import Simulator
from simulator_tests.helpers import Clock

EVERY = 30.0  # seconds from a look to the next
BEGINS = 45.0  # two looks went well
OVER = 80.0  # the operation has succeeded
LIMIT = 600.0
LATE = 2.0  # seconds after the limit at which a wait may still go on
HUNG = 10.0  # real seconds after which a look will not come back
ANSWER_TIME, SHORT = 5.0, 0.4  # real seconds, what api_timeout is; the second where a fault uses it up


class Hung(Exception):
    """A look did not come back."""


@dataclass
class Result:
    """How a wait went. took: the real seconds of its longest look."""

    outcome: Outcome
    failure: dict[str, Any] | None
    took: float
    logins: int

    @property
    def word(self) -> str:
        """opened, or the failure.kind."""
        return str(self.failure["kind"]) if self.failure else "opened"

    @property
    def said(self) -> str:
        """The sentence of the failure, else the last error that was tolerated."""
        return str(self.failure["message"]) if self.failure else self.outcome.last_error or ""


class Scene:
    """What a fault can get at. The clock is the simulator's; real time passes only while a look takes it."""

    def __init__(self, sim: Simulator, clock: Clock, subject: Subject, secure: bool, answer_time: float) -> None:
        self.sim = sim
        self.clock = clock
        self.subject = subject
        self.reference = subject.add(sim, subject.provider, started=0, duration=OVER)
        self.before_each_look: Callable[[], None] = lambda: None
        self._options = subject.task(sim, secure) | {"api_timeout": answer_time}
        self._began = clock.now
        self._took = [0.0]
        self.connect()

    def connect(self) -> None:
        """Begin anew with the connection, as each slice of a wait does."""
        self._connection = Connection(self._options, {}, mask=lambda _secret: None)

    @property
    def age(self) -> float:
        """Simulated seconds since the wait began."""
        return self.clock.now - self._began

    def _now(self) -> datetime:
        return self._connection.now()

    def asked(self) -> list[dict[str, Any]]:
        """The requests that came to the API, in order."""
        return [each for each in self.sim.requests if LOGIN_PATH not in each["path"]]

    def wait(self, fault: Callable[[Scene], AbstractContextManager[None]], lasts: float) -> Result:
        """Wait, with the fault from BEGINS on and for as long as it lasts."""
        with ExitStack() as under_way:
            pending = [(BEGINS + lasts, under_way.close), (BEGINS, lambda: under_way.enter_context(fault(self)))]

            def look(references: Sequence[Reference]) -> list[Any]:
                while pending and pending[-1][0] <= self.age:
                    pending.pop()[1]()
                self.before_each_look()
                return self._look(references)

            info = self._connection.info
            state = PollState([GroupState.of(info.name, [self.reference])])
            io = GroupIO(look, self._now, info.capabilities.batch)
            settings = WaitOptions(timeout=LIMIT, poll_min=EVERY, poll_max=EVERY)
            workers = SimulatedWorkers(self.clock, latency=lambda: self._took[-1])
            Engine(settings, PATIENCE, API_TIMEOUT, workers, self.clock, chance=lambda: 0.5).run(state, [io])
        outcome = state.outcome()
        gc.unfreeze()  # what a login has frozen
        outcome.reauthentications = self._connection.reauthentications
        return Result(outcome, outcome.failure(settings), max(self._took), logins(self.sim))

    def _look(self, references: Sequence[Reference]) -> list[Any]:
        """Look in a thread of its own, as Threads does it, so that one that hangs is noticed."""
        result: list[Any] = []

        def look() -> None:
            try:
                result.append(self._connection.poll(references))
            except Exception as exc:  # noqa: BLE001 - raised again below
                result.append(exc)

        began = time.monotonic()
        thread = threading.Thread(target=look, daemon=True)
        thread.start()
        thread.join(HUNG)
        self._took.append(time.monotonic() - began)
        if not result:
            raise Hung(f"no end after {HUNG} s")
        if isinstance(result[0], Exception):
            raise result[0]
        return list(result[0])
