# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A model of Nova in simulated time, with a change feed of adjustable quality."""

from __future__ import annotations

import dataclasses
import random
from datetime import datetime, timedelta
from typing import Any, Dict, List, Sequence, Tuple

from ansible_collections.cloudgate.operations.plugins.module_utils._model.operation import Operation, State
from ansible_collections.cloudgate.operations.plugins.module_utils._model.reference import Reference
from ansible_collections.cloudgate.operations.plugins.module_utils._polling.feed import Change
from ansible_collections.cloudgate.operations.plugins.module_utils._polling.plan import GroupIO
from ansible_collections.cloudgate.operations.tests.unit.simulated_time import Cloud, Ends, World

HOUR = 3600.0


@dataclasses.dataclass(frozen=True)
class Feed:
    """The quality of a feed; all in seconds.

    early: a row shows an idle server this long before the last event ends. commit: until a change is in the list. skew:
    by which the clocks of the API's hosts are off, at most. hides: fraction of the changes that are never shown.
    silent: servers whose changes are never shown. error: what the feed answers instead. down: from when to when.
    """

    early: float = 0.0
    commit: float = 0.0
    skew: float = 0.0
    hides: float = 0.0
    silent: float = 0.0
    error: Any = None
    down: Tuple[float, float] = (0.0, float("inf"))


class Nova(Cloud):
    """Each operation has a server of its own, which is busy from its start to its end. Times are in whole seconds."""

    def __init__(self, clock: Any, ends: Ends, starts: Dict[str, float], quality: Feed, seed: int = 0) -> None:
        super().__init__(clock, ends)
        self.starts = starts
        self.quality = quality
        self.chance = random.Random(seed)
        self.ticks: List[float] = []
        self._hidden = {
            (name, busy) for name in ends for busy in (True, False) if self.chance.random() < quality.hides
        } | {(name, busy) for name in ends if self.chance.random() < quality.silent for busy in (True, False)}

    def _rows(self, name: str) -> List[Tuple[float, bool]]:
        end = self.ends[name][0]
        return [(self.starts.get(name, 0.0), True), (max(self.starts.get(name, 0.0), end - self.quality.early), False)]

    def changes(self, since: datetime) -> Sequence[Change]:
        """Return the changes as a provider does."""
        self.ticks.append(self.clock.age)
        if self.quality.error and self.quality.down[0] <= self.clock.age < self.quality.down[1]:
            raise self.quality.error
        found = []
        for name in self.ends:
            past = [row for row in self._rows(name) if row[0] + self.quality.commit <= self.clock.age]
            past = [row for row in past if (name, row[1]) not in self._hidden]
            if past:
                second, busy = past[-1]
                updated = self.now(float(int(second)))
                if updated >= since.replace(microsecond=0):
                    found.append(Change(f"server of {name}", f"{second} {busy}", busy))
        return found

    def host_clock(self) -> datetime:
        """Return the Date of the next answer, which comes from any of several hosts."""
        return self.now() + timedelta(seconds=self.chance.uniform(-self.quality.skew, self.quality.skew))

    def show(self, name: str) -> Operation:
        """Return the operation as it is now."""
        return dataclasses.replace(super().show(name), resource_id=f"server of {name}")


class NovaWorld(World):
    """A world with one such cloud. with_feed: whether it is used. seed: of the jitter of the poll intervals."""

    def __init__(
        self, ends: Ends, starts: Dict[str, float], quality: Feed, with_feed: bool = True, seed: int = 3
    ) -> None:
        super().__init__({})
        self.nova = Nova(self.clock, ends, starts, quality)
        self.clouds = [self.nova]
        self.chance = random.Random(seed).random
        self._with_feed = with_feed
        self.references = lambda name: Reference(name, f"server of {name}")

    def io(self, cloud: Cloud) -> GroupIO:
        """Return the requests as a connection has them."""
        if cloud is not self.nova:
            return super().io(cloud)
        changes = self.nova.changes if self._with_feed else None
        return GroupIO(
            self.nova.poll, self.nova.host_clock, changes=changes, in_feed=lambda each: each.type == "resize"
        )

    @property
    def requests(self) -> int:
        """Return how many requests were sent, if a poll takes one."""
        return len(self.moments)

    @property
    def moments(self) -> List[float]:
        """Seconds of the polls and of the requests to the feed."""
        return sorted([*(second for second, _name in self.nova.polls), *self.nova.ticks])

    def noticed(self) -> Dict[str, float]:
        """Return how late the end of each operation was noticed, in seconds."""
        last = {name: second for second, name in self.nova.polls}
        return {name: last[name] - end for name, (end, _state) in self.nova.ends.items()}


def hour_long(count: int, failing: float) -> Tuple[Ends, Dict[str, float]]:
    """Return operations of an hour, one of which fails at this second, and when they start."""
    ends: Ends = {f"op-{number}": (HOUR, State.SUCCEEDED) for number in range(count)}
    return {**ends, f"op-{count // 2}": (failing, State.FAILED)}, dict.fromkeys(ends, 0.0)
