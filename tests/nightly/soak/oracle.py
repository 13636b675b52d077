# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Judges a wait by the fates of its operations and the log of the injected faults; it does not use the engine.

The rules are those of the documentation: the poll interval is 9 % of the age with a tenth of jitter, between
poll_min and poll_max; the backoff after an error is as long, or its Retry-After; of more than thirty operations a
sample is polled, as often as thirty alone would be; the final poll is at the deadline.
"""

from __future__ import annotations

from typing import Any

from ansible_collections.cloudgate.operations.plugins.module_utils._model.operation import State
from ansible_collections.cloudgate.operations.plugins.module_utils._polling.intervals import BUDGET, MAX_INDIVIDUAL
from ansible_collections.cloudgate.operations.tests.unit.simulated_time import API_TIMEOUT, POLL_DEADLINE
from soak.fates import HEALS, NEVER, Fate, Poll
from soak.scenarios import GRACE, STARTUP, Scenario

LAST_POLLS = 2.0  # seconds past the deadline that the answers of the final polls may take
CLOSING = 5.0  # seconds that a slice waits for its polls
RETRY = 10.0  # seconds until a lost host is tried again
TURN = 2 * (STARTUP[1] + CLOSING)  # from one slice to the next, and once more


class Oracle:
    """The truth about one scenario that was run."""

    def __init__(self, scenario: Scenario, result: dict[str, Any]) -> None:
        self.scenario = scenario
        self.options = scenario.options
        self.result = result
        self.age = scenario.world.clock.age
        self.log = scenario.world.log
        self.fates: list[Fate] = [fate for cloud in scenario.world.clouds for fate in cloud.fates.values()]
        self.kind = result["failure"]["kind"] if "failure" in result else None

    def complaints(self) -> list[str]:
        """Return everything that is wrong with the wait."""
        found = [*self._states(), *self._verdict(), *self._counts(), *self._time()]
        return [f"seed {self.scenario.seed}: {each}" for each in found]

    def _states(self) -> list[str]:
        """No operation is reported as finished before it is, and none in a wrong state."""
        found = []
        for fate, each in zip(self.fates, self.result["operations"], strict=True):
            if each.get("missing", False):
                if fate.appears != NEVER or self.age < GRACE or each["state"] != State.FAILED:
                    found.append(f"{each['operation_id']} is missing at {self.age}, and it is {fate}")
            elif each["state"] in State.TERMINAL and (each["state"] != fate.state or fate.shown > self.age):
                found.append(f"{each['operation_id']} is {each['state']} at {self.age}, and it is {fate}")
        return found

    def _verdict(self) -> list[str]:
        """The gate opens only if it may. If it stays shut, the reason is right."""
        good = [fate.state == State.SUCCEEDED and fate.shown <= self.age for fate in self.fates]
        failed = [fate.state == State.FAILED and fate.shown <= self.age for fate in self.fates]
        fatal = next((poll for poll in self.log if poll.landed is not None and _is_fatal(poll)), None)
        if fatal is not None or self.kind in ("auth", "forbidden", "protocol"):
            right = fatal is not None and fatal.error is not None and fatal.error.kind == self.kind
            return [] if right else [f"the gate said {self.kind}, and the API {fatal}"]
        if self.kind is None:
            opens = all(good) if self.options.wait_for == "all" else any(good)
            return [] if opens else ["the gate opened too early"]
        states = [each["state"] for each in self.result["operations"] if not each.get("missing", False)]
        allowed = {
            "failed": any(failed),
            "timeout": self.age >= self.scenario.deadline - 0.01,
            "missing": any(map(self._never_came, self.fates)) and State.FAILED not in states and self.age >= GRACE,
        }
        return [] if allowed.get(self.kind) else [f"the gate said {self.kind}: {self.result['failure']['message']}"]

    def _counts(self) -> list[str]:
        """The tolerated errors are those that were injected and seen."""
        seen = [(poll.landed, poll.error.message) for poll in self.log if _was_tolerated(poll)]
        for poll in self.log:
            end = next(end for begin, end in self.scenario.slices if begin - 0.01 <= poll.began <= end)
            if poll.lost and poll.began + POLL_DEADLINE <= end + 1e-6:
                seen.append((poll.began + POLL_DEADLINE, "A poll got no complete answer within 30 s."))
        seen += [(at, f"The connection to the host was lost: unreachable at {at}") for at in self.scenario.losses]
        found = []
        if self.result["tolerated_errors"] != len(seen):
            found.append(f"{self.result['tolerated_errors']} tolerated errors, and {len(seen)} were injected")
        last = max((moment for moment, _message in seen), default=None)
        if self.result["last_error"] not in ([message for moment, message in seen if moment == last] or [None]):
            found.append(f"the last error is not {self.result['last_error']!r}")
        return found

    def _time(self) -> list[str]:
        """The wait ended in the time that the schedule and the injected faults explain, and by the deadline."""
        late = self.age - self.scenario.latest_deadline
        if late > LAST_POLLS + TURN * bool(self.scenario.length) + API_TIMEOUT:
            return [f"it ended {late:.1f} s after the deadline"]
        decided = min(self._decided(), self._shut())
        due = decided + self._bound(decided)
        if self.age > due and decided < self.scenario.deadline:
            return [f"it was decided at {decided:.1f}, due at {due:.1f}, and over at {self.age:.1f}"]
        if self.kind == "timeout" and due < self.scenario.deadline:
            return [f"it timed out, and was decided at {decided:.1f}, due at {due:.1f}"]
        if self.kind == "timeout" and decided < self.scenario.deadline and self._quiet(decided):
            return [f"it timed out, was decided at {decided:.1f}, and nothing prevented the final polls"]
        return []

    def _decided(self) -> float:
        """Return when the fates decide the outcome."""
        came = [fate for fate in self.fates if not self._never_came(fate)]
        good = [fate.shown for fate in came if fate.state == State.SUCCEEDED]
        failed = [fate.shown for fate in came if fate.state == State.FAILED]
        failed += [self.options.delay + self._bound(0.0) + GRACE] * (len(self.fates) - len(came))
        if self.options.wait_for == "any" and good:
            return min(good)
        if self.options.wait_for == "all" and self.options.on_failure == "fail" and failed:
            return min(failed)
        return max(good + failed)

    def _shut(self) -> float:
        """Return when a permanent error ends the wait."""
        moments = [
            cloud.weather.fatal.begin
            for cloud in self.scenario.world.clouds
            if cloud.weather.fatal and any(fate.shown > cloud.weather.fatal.begin for fate in cloud.fates.values())
        ]
        return min(moments, default=NEVER)

    @staticmethod
    def _never_came(fate: Fate) -> bool:
        return fate.appears == NEVER

    def _latency(self) -> float:
        """Return the seconds until all operations have been polled once, if nothing else limits that."""
        longest = max(cloud.weather.latency[1] for cloud in self.scenario.world.clouds) + 0.3
        return longest * (3 + len(self.fates) / self.options.max_concurrency)

    def _delay(self) -> float:
        """Return the longest interval between two polls of one operation."""
        begun = min((cloud.started or 0.0 for cloud in self.scenario.world.clouds), default=0.0)
        jumped = any(cloud.weather.jumps or cloud.clock_ahead for cloud in self.scenario.world.clouds)
        age = NEVER if jumped else self.age - begun
        return min(max(age * 0.099, self.options.poll_min), self.options.poll_max)

    def _bound(self, since: float) -> float:
        """Return how long after this moment the state has to be known."""
        delay = self._delay()
        counts = [len(cloud.fates) for cloud in self.scenario.world.clouds if not cloud.batch]
        crowds = [count for count in counts if count > MAX_INDIVIDUAL]
        sweep = len(crowds) * max(crowds, default=0) / BUDGET
        bound = delay + sweep + self._latency() + TURN + max(0.0, self.options.delay - since)
        bound += sum(self._cost(poll, delay) for poll in self.log if self._end(poll) + self._pause(poll) >= since)
        return bound + sum(end - max(begin, since) + RETRY + TURN for begin, end in self.scenario.lost if end > since)

    def _cost(self, poll: Poll, delay: float) -> float:
        """Return the seconds by which one poll can delay the next ones."""
        if poll.lost:
            return POLL_DEADLINE + delay
        if poll.error is not None:
            return max(delay, self._pause(poll)) + self._latency()
        return delay if poll.blips else 0.0

    def _pause(self, poll: Poll) -> float:
        asked = poll.error.retry_after if poll.error is not None else None
        return max(asked or 0.0, self._delay())

    def _end(self, poll: Poll) -> float:
        return poll.began + POLL_DEADLINE if poll.lost or poll.landed is None else poll.landed

    def _quiet(self, decided: float) -> bool:
        """Return whether nothing prevented a final poll of each operation."""
        since = decided - POLL_DEADLINE
        disturbed = any((poll.error or poll.lost or poll.blips) and self._end(poll) >= since for poll in self.log)
        hosts = any(end > since for _begin, end in self.scenario.lost)
        crowded = any(len(cloud.fates) > MAX_INDIVIDUAL for cloud in self.scenario.world.clouds)
        return not disturbed and not hosts and not crowded and self._latency() < LAST_POLLS


def _is_fatal(poll: Poll) -> bool:
    return poll.error is not None and type(poll.error) not in HEALS


def _was_tolerated(poll: Poll) -> bool:
    return poll.landed is not None and type(poll.error) in HEALS
