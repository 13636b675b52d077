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
from ansible_collections.cloudgate.operations.tests.unit.simulated_time import (
    API_TIMEOUT,
    POLL_DEADLINE,
    SimulatedWorkers,
)
from faults.subjects import Subject
from simulated.helpers import LOGIN_PATH, logins
from simulator import Simulator
from simulator_tests.helpers import Clock

EVERY = 30.0  # seconds between two polls
BEGINS = 45.0  # two polls succeeded
OVER = 80.0  # the operation has succeeded
LIMIT = 600.0
LATE = 2.0  # seconds after the limit at which a wait may still go on
HUNG = 10.0  # real seconds after which a poll counts as hung
ANSWER_TIME, SHORT = 5.0, 0.4  # real seconds, as api_timeout; the second is for faults that use it up


class Hung(Exception):
    """A poll did not return."""


@dataclass
class Result:
    """The result of a wait. took: the real seconds of its longest poll."""

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
        """Return the sentence of the failure, else the last tolerated error."""
        return str(self.failure["message"]) if self.failure else self.outcome.last_error or ""


class Scene:
    """The cloud and the wait of one cell. The clock is the simulator's; real time passes only during a poll."""

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
        """Open a new connection, as each slice of a wait does."""
        self._connection = Connection(self._options, {}, mask=lambda _secret: None)

    @property
    def age(self) -> float:
        """Simulated seconds since the wait began."""
        return self.clock.now - self._began

    def _now(self) -> datetime:
        return self._connection.now()

    def asked(self) -> list[dict[str, Any]]:
        """Return the requests to the API, in order."""
        return [each for each in self.sim.requests if LOGIN_PATH not in each["path"]]

    def wait(self, fault: Callable[[Scene], AbstractContextManager[None]], lasts: float) -> Result:
        """Wait, with the fault from BEGINS on and for as long as it lasts."""
        with ExitStack() as under_way:
            pending = [(BEGINS + lasts, under_way.close), (BEGINS, lambda: under_way.enter_context(fault(self)))]

            def poll(references: Sequence[Reference]) -> list[Any]:
                while pending and pending[-1][0] <= self.age:
                    pending.pop()[1]()
                self.before_each_look()
                return self._poll(references)

            info = self._connection.info
            state = PollState([GroupState.of(info.name, [self.reference])])
            io = GroupIO(poll, self._now, info.capabilities.batch)
            settings = WaitOptions(timeout=LIMIT, poll_min=EVERY, poll_max=EVERY)
            workers = SimulatedWorkers(self.clock, latency=lambda: self._took[-1])
            Engine(settings, POLL_DEADLINE, API_TIMEOUT, workers, self.clock, chance=lambda: 0.5).run(state, [io])
        outcome = state.outcome()
        gc.unfreeze()  # which a login has frozen
        outcome.reauthentications = self._connection.reauthentications
        return Result(outcome, outcome.failure(settings), max(self._took), logins(self.sim))

    def _poll(self, references: Sequence[Reference]) -> list[Any]:
        """Poll in a separate thread, as Threads does, to notice a poll that hangs."""
        result: list[Any] = []

        def poll() -> None:
            try:
                result.append(self._connection.poll(references))
            except Exception as exc:  # noqa: BLE001 - raised again below
                result.append(exc)

        began = time.monotonic()
        thread = threading.Thread(target=poll, daemon=True)
        thread.start()
        thread.join(HUNG)
        self._took.append(time.monotonic() - began)
        if not result:
            raise Hung(f"no end after {HUNG} s")
        if isinstance(result[0], Exception):
            raise result[0]
        return list(result[0])
