# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Simulated clouds that answer badly at random, over real HTTP, and operations with a known outcome."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from dataclasses import dataclass
from typing import Any

from simulated.helpers import CLOUDS, task
from simulator import Simulator
from simulator.faults import FaultRule, Faults

API_TIMEOUT = 10
_HTML = {"status": 502, "body": "<html><body>Bad gateway</body></html>", "headers": {"Content-Type": "text/html"}}
# Of a thousand requests, so many end like this; the others are answered as they should be.
SHARES: dict[str, tuple[int, dict[str, Any]]] = {
    "503": (15, {"status": 503}),
    "500": (5, {"status": 500, "body": {"computeFault": {"code": 500, "message": "Unexpected API Error."}}}),
    "502, HTML": (5, _HTML),
    "200, HTML": (3, dict(_HTML, status=200)),
    "429": (5, {"status": 429, "headers": {"Retry-After": "2"}}),
    "reset": (7, {"action": "reset"}),
    "slow": (15, {"delay": 1.5}),
    "too slow": (2, {"delay": API_TIMEOUT + 1.0}),
}
BURST = 5.0  # seconds in which all is 503, also the logins
PERIOD = 60.0  # seconds from one burst to the next; all tokens are revoked once in it


class RandomFaults(Faults):
    """Breaks a share of all requests, logins too."""

    def __init__(self, chance: random.Random) -> None:
        super().__init__()
        self._chance = chance
        self._burst_until = 0.0
        self.counts: Counter[str] = Counter()

    def burst(self) -> None:
        """Refuse all from now on, for a while."""
        self._burst_until = time.monotonic() + BURST

    def take(self, method: str, path: str) -> FaultRule | None:
        """Answer as Faults does: called with the lock of the simulator held."""
        if time.monotonic() < self._burst_until:
            self.counts["503 in a burst"] += 1
            return FaultRule("", status=503)
        ticket = self._chance.randrange(1000)
        for name, (share, rule) in SHARES.items():
            ticket -= share
            if ticket < 0:
                self.counts[name] += 1
                return FaultRule("", **rule)
        return None


@dataclass(frozen=True)
class Truth:
    """An operation as it really is: when it ends on the wall clock, and how."""

    operation_id: str
    resource_id: str
    ends: float
    succeeds: bool


class BadClouds:
    """The simulator with faults at random, until the block ends."""

    def __init__(self, seed: int) -> None:
        self.sim = Simulator(token_life=150)
        self.chance = random.Random(seed)
        self.faults = RandomFaults(random.Random(seed + 1))
        self.revoked = 0
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._disturb, daemon=True)

    def __enter__(self) -> BadClouds:
        self.sim.start()
        self.sim.gatekeeper.faults = self.faults
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._ended.set()
        self._thread.join()
        self.sim.stop()

    def _disturb(self) -> None:
        while not self._ended.wait(PERIOD / 4):
            self.faults.burst()
            if self._ended.wait(PERIOD / 2):
                return
            with self.sim.store.lock:
                for cloud in self.sim.store.clouds.values():
                    self.revoked += len(cloud.tokens)
                    cloud.tokens.clear()
            self._ended.wait(PERIOD / 4)

    def begin(self, provider: str, seconds: float, succeeds: bool = True) -> Truth:
        """Begin an operation that lasts so long."""
        cloud, kind = CLOUDS[provider]
        kind = "create" if provider == "openstack" else kind  # each a server of its own
        began = time.time()
        named = self.sim.add_operation(cloud, kind, duration=seconds, fail=not succeeds)
        return Truth(named["operation_id"], named["resource_id"], began + seconds, succeeds)

    def group(self, provider: str, operations: list[Truth]) -> dict[str, Any]:
        """Return the group of these operations, as a task names it."""
        named = [{"operation_id": each.operation_id, "resource_id": each.resource_id} for each in operations]
        return {"provider": provider, "operations": named, **task(self.sim, provider, api_timeout=API_TIMEOUT)}
