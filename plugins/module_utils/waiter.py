# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Waits for many operations under one deadline. Time and sleep are passed in.

Private to this collection.
"""

from __future__ import annotations

import dataclasses
import random
import time
from typing import Any, Callable, Dict, List, Optional

from .errors import GateError, InputError, MissingError
from .operation import Operation, State
from .providers.base import Reference
from .schedule import delay_after, next_look

_LAST_LOOKS = 2.0  # seconds past the deadline in which the last looks must have begun
_NAMED = 3  # operations that a sentence names
_TOLD = {
    State.PENDING: "has not begun",
    State.UNKNOWN: "is not known",
    State.RUNNING: "is running",
    State.FAILED: "failed",
}

Look = Callable[[Reference], Optional[Operation]]


@dataclasses.dataclass(frozen=True)
class WaitOptions:
    """How to wait; all times in seconds. C(on_failure): fail (at once), finish (the others first) or report."""

    timeout: float = 600.0
    delay: float = 0.0
    poll_min: float = 2.0
    poll_max: float = 30.0
    missing: str = "wait"
    missing_grace: float = 60.0
    wait_for: str = "all"
    on_failure: str = "fail"

    def check(self) -> None:
        """Raise InputError for what contradicts itself."""
        for name in ("timeout", "delay", "poll_min", "poll_max", "missing_grace"):
            if not 0 <= getattr(self, name) < float("inf"):
                raise InputError(f"{name} must be a number of seconds, 0 or more, not {getattr(self, name)}.")
        if self.poll_min > self.poll_max:
            raise InputError(f"poll_min ({self.poll_min} s) is larger than poll_max ({self.poll_max} s).")


@dataclasses.dataclass
class Item:
    """One operation that is waited for: what names it, what was seen last, when to look next (monotonic seconds)."""

    reference: Reference
    operation: Operation
    next_look: float
    missing_since: Optional[float] = None
    looked: bool = False
    given_up: bool = False


@dataclasses.dataclass
class Outcome:
    """What a wait came to. C(failure) is None when nothing stands against opening the gate."""

    operations: List[Operation]
    failure: Optional[Dict[str, Any]] = None
    elapsed: float = 0.0
    polls: int = 0
    tolerated_errors: int = 0
    last_error: Optional[str] = None


class Waiter:
    """Looks at each operation until it is over, the deadline has come, or an error came that waiting cannot heal."""

    def __init__(
        self,
        provider: str,
        look: Look,
        options: WaitOptions,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._provider = provider
        self._look = look
        self._options = options
        self._clock = clock
        self._sleep = sleep
        self._chance = chance

    def wait(self, references: List[Reference]) -> Outcome:
        """Wait for all of them (or any). Raises no GateError: the outcome always has every item's last state."""
        started = self._clock()
        deadline = started + self._options.timeout
        first_look = min(started + self._options.delay, deadline)
        items = [Item(each, self._not_seen(each), first_look) for each in references]
        outcome = Outcome([])
        while outcome.failure is None and not self._decided(items):
            item = min((each for each in items if _open(each)), key=lambda each: each.next_look)
            self._sleep_until(item.next_look)
            if item.looked and self._clock() > deadline + _LAST_LOOKS:
                item.given_up = True
                continue
            error = self._visit(item, started, deadline, outcome)
            if error is not None:
                outcome.failure = dict(error.as_dict(), operation=item.operation.as_dict())
        outcome.operations = [item.operation for item in items]
        outcome.elapsed = round(self._clock() - started, 3)
        if outcome.failure is None:
            outcome.failure = self._failure(outcome)
        return outcome

    def _not_seen(self, reference: Reference) -> Operation:
        return Operation(
            provider=self._provider,
            operation_id=reference.operation_id,
            resource_id=reference.resource_id,
            type=reference.action,
            state=State.UNKNOWN,
            reason="no answer yet",
        )

    def _sleep_until(self, moment: float) -> None:
        pause = moment - self._clock()
        if pause > 0:
            self._sleep(pause)

    def _visit(self, item: Item, started: float, deadline: float, outcome: Outcome) -> Optional[GateError]:
        """Look once, and say when to look again. Returns the error that ends the wait."""
        retry_after = None
        outcome.polls += 1
        now = self._clock()
        try:
            found = self._look(item.reference)
            if found is None:
                raise MissingError(f"There is no such operation: {item.reference}.")
            item.operation, item.missing_since = found, None
            item.reference = item.reference.pinned_to(found.operation_id)
        except MissingError as exc:
            if self._gave_grace(item, now):
                if self._options.missing == "wait":
                    exc.message += f" It did not appear within {_seconds(self._options.missing_grace)}."
                return exc
            item.operation.reason = exc.message
        except GateError as exc:
            if not exc.transient:
                return exc
            outcome.tolerated_errors += 1
            outcome.last_error = exc.message
            retry_after = exc.retry_after
        item.looked = True
        after = self._clock()
        item.given_up = now >= deadline
        delay = delay_after(after - started, self._options.poll_min, self._options.poll_max, self._chance())
        item.next_look = next_look(after, deadline, delay, retry_after)
        return None

    def _gave_grace(self, item: Item, now: float) -> bool:
        """Whether the API has had its time to show the operation: Nova shows a create late."""
        if item.missing_since is None:
            item.missing_since = now
        return self._options.missing == "fail" or now - item.missing_since >= self._options.missing_grace

    def _decided(self, items: List[Item]) -> bool:
        states = [item.operation.state for item in items]
        if self._options.wait_for == "any" and State.SUCCEEDED in states:
            return True
        if self._options.wait_for == "all" and self._options.on_failure == "fail" and State.FAILED in states:
            return True
        return not any(_open(item) for item in items)

    def _failure(self, outcome: Outcome) -> Optional[Dict[str, Any]]:
        """Why the gate stays shut, or None. Rule: it opens when all (or any) succeeded, and never otherwise."""
        operations = outcome.operations
        states = [operation.state for operation in operations]
        if set(states) <= {State.SUCCEEDED} or (self._options.wait_for == "any" and State.SUCCEEDED in states):
            return None
        pending = [operation for operation in operations if not operation.terminal]
        failed = [operation for operation in operations if operation.state == State.FAILED]
        if failed and not (pending and self._options.wait_for == "any"):
            return _shut("failed", failed, f"{_count(failed, operations)} failed. {_each(failed)}.")
        message = (
            f"Timed out after {_seconds(outcome.elapsed)} waiting for {_count(pending, operations)}: {_each(pending)}. "
            "This says nothing of the outcome: the cloud goes on, and the same task run again goes on waiting."
        )
        if outcome.last_error:
            message += f" The last of {outcome.tolerated_errors} tolerated errors: {outcome.last_error}"
        return _shut("timeout", pending, message)


def _open(item: Item) -> bool:
    return not item.operation.terminal and not item.given_up


def _shut(kind: str, operations: List[Operation], message: str) -> Dict[str, Any]:
    first = operations[0]
    code = (first.error or {}).get("code") if kind == "failed" else None
    return {
        "kind": kind,
        "message": message,
        "code": code,
        "request_id": first.request_id,
        "operation": first.as_dict(),
    }


def _count(some: List[Operation], operations: List[Operation]) -> str:
    word = "operation" if len(operations) == 1 else "operations"
    return f"{len(some)} of {len(operations)} {word}"


def _each(operations: List[Operation]) -> str:
    """Each of them with its state and reason; past a few only the count, so that a sentence stays one."""
    told = [f"{each} {_TOLD[each.state]}: {each.reason.rstrip('.')}" for each in operations[:_NAMED]]
    if len(operations) > _NAMED:
        told.append(f"and {len(operations) - _NAMED} more")
    return "; ".join(told)


def _seconds(value: float) -> str:
    return f"{value:.0f} s" if value >= 10 else f"{value:.1f} s"
