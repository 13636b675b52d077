# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Decide whether the gate opens, and explain why not. Pure.

Private to this collection.
"""

from __future__ import annotations

import dataclasses
from typing import Any, Dict, Iterable, List, Mapping, Optional

from .._model.errors import InputError
from .._model.operation import Operation, State
from .emptiness import NOTHING

MOST_SECONDS = 10**9  # about 30 years; fits every timer
MOST_REQUESTS = 100_000  # per second, more than any machine sends
_NAMED = 3  # maximum number of operations in a message
_REPORTED = ("failed", "missing", "timeout")  # outcomes of operations; other kinds are errors of the task
NO_ANSWER = "no answer yet"  # reason of an operation that was never read
_STATE_TEXT = {
    State.PENDING: "has not started",
    State.UNKNOWN: "has an unknown state",
    State.RUNNING: "is running",
    State.SUCCEEDED: "succeeded",
    State.FAILED: "failed",
}


@dataclasses.dataclass(frozen=True)
class WaitOptions:
    """How to wait; all times in seconds.

    timeout_from: task or operation. on_failure: fail, finish or report. empty: fail or pass, without operations.
    """

    timeout: float = 600.0
    timeout_from: str = "task"
    delay: float = 0.0
    poll_min: float = 1.5
    poll_max: float = 60.0
    missing: str = "wait"
    missing_grace: float = 60.0
    connect_grace: float = 60.0
    wait_for: str = "all"
    on_failure: str = "fail"
    empty: str = "fail"
    max_concurrency: int = 10
    max_requests_per_second: float = 100.0

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> WaitOptions:
        """Return the options of a task. Raises InputError for invalid values."""
        options = cls(**{field.name: given[field.name] for field in dataclasses.fields(cls)})
        for name in ("timeout", "delay", "poll_min", "poll_max", "missing_grace", "connect_grace"):
            check_seconds(name, getattr(options, name))
        if options.poll_min > options.poll_max:
            raise InputError(f"poll_min ({options.poll_min} s) is larger than poll_max ({options.poll_max} s).")
        if options.max_concurrency < 1:
            raise InputError(f"max_concurrency must be 1 or more, not {options.max_concurrency}.")
        if not 1 / MOST_SECONDS <= options.max_requests_per_second <= MOST_REQUESTS:
            raise InputError(
                f"max_requests_per_second must be more than 0 and at most {MOST_REQUESTS}, "
                f"not {options.max_requests_per_second}."
            )
        return options


@dataclasses.dataclass
class Outcome:
    """The result of a wait so far. C(error): the C(failure) of a permanent error that ended it."""

    operations: List[Operation]
    elapsed: float = 0.0
    polls: int = 0
    requests: int = 0
    tolerated_errors: int = 0
    last_error: Optional[str] = None
    reauthentications: int = 0
    error: Optional[Dict[str, Any]] = None
    warnings: List[str] = dataclasses.field(default_factory=list)

    def failure(self, options: WaitOptions) -> Optional[Dict[str, Any]]:
        """Return why the gate stays closed; None if all operations (or with any, one) succeeded."""
        if self.error:
            return self.error
        if not self.operations and options.empty != "pass":
            return {"kind": "input", "message": NOTHING, "code": None, "request_id": None, "operation": None}
        states = [operation.state for operation in self.operations]
        if set(states) <= {State.SUCCEEDED} or (options.wait_for == "any" and State.SUCCEEDED in states):
            return None
        pending = [operation for operation in self.operations if not operation.terminal]
        failed = [operation for operation in self.operations if operation.state == State.FAILED]
        if failed and not (pending and options.wait_for == "any"):
            kind = "missing" if all(operation.missing for operation in failed) else "failed"
            return _shut(kind, failed, f"{_count(failed, self.operations)} failed. {_each(failed)}.")
        return _shut("timeout", pending, self._timed_out(pending, options))

    def _timed_out(self, pending: List[Operation], options: WaitOptions) -> str:
        after = seconds(self.elapsed)
        if options.timeout_from == "operation":
            after += f" ({seconds(options.timeout)} from the start of each)"
        message = f"Timed out after {after} waiting for {_count(pending, self.operations)}: {_each(pending)}. "
        message += (
            "The API never answered."
            if all(each.reason == NO_ANSWER for each in self.operations)
            else "The operation may still be running. Run the task again to keep waiting."
        )
        unread = [operation for operation in pending if operation.reason == NO_ANSWER]
        if 0 < len(unread) < len(self.operations):
            message += f" {len(unread)} of them were never read."
        if self.last_error:
            message += f" The last of {self.tolerated_errors} tolerated errors: {self.last_error}"
        return message

    def as_result(self, options: WaitOptions, raw: bool, check_mode: bool = False) -> Dict[str, Any]:
        """Return the keys of a task result. In check mode, an unfinished operation is not a timeout."""
        failure = self.failure(options)
        result = summary(self.operations, raw)
        for field in ("elapsed", "polls", "requests", "tolerated_errors", "last_error", "reauthentications"):
            result[field] = getattr(self, field)
        result["succeeded"] = failure is None
        if failure and not (check_mode and failure["kind"] == "timeout"):
            result["failure"] = failure
        if self.warnings:
            result["warnings"] = self.warnings
        if not self.operations and not failure:
            result["msg"] = NOTHING
        return result


def check_seconds(name: str, value: float, least: int = 0) -> None:
    """Reject values outside the supported range. Raises InputError."""
    if not least <= value <= MOST_SECONDS:
        raise InputError(f"{name} must be a number of seconds from {least} to {MOST_SECONDS}, not {value}.")


def decided(states: Iterable[str], options: WaitOptions) -> bool:
    """Return whether the outcome is decided regardless of the remaining operations."""
    if options.wait_for == "any":
        return State.SUCCEEDED in states
    return options.on_failure == "fail" and State.FAILED in states


def keeps_shut(failure: Optional[Mapping[str, Any]], on_failure: Optional[str]) -> bool:
    """Return whether the task fails: for every failure except those that O(on_failure=report) only reports."""
    return failure is not None and not (on_failure == "report" and failure["kind"] in _REPORTED)


def summary(operations: List[Operation], raw: bool) -> Dict[str, Any]:
    """Return the keys about operations that every result has."""
    return {
        "operations": [each.as_dict(raw) for each in operations],
        "finished": all(each.terminal for each in operations),
        "succeeded": all(each.state == State.SUCCEEDED for each in operations),
        "failed_operations": [_brief(each) for each in operations if each.state == State.FAILED],
        "pending_operations": [_brief(each) for each in operations if not each.terminal],
    }


def seconds(value: float) -> str:
    """Return a duration for messages."""
    return f"{value:.0f} s" if value >= 10 else f"{value:.1f} s"


def describe(operation: Operation) -> str:
    """Return an operation and its state for messages."""
    if operation.reason == NO_ANSWER:
        return f"{operation}: {NO_ANSWER}"
    return f"{operation} {'is missing' if operation.missing else _STATE_TEXT[operation.state]}"


def _brief(operation: Operation) -> Dict[str, Any]:
    names = ("provider", "operation_id", "resource_id", "type", "state", "reason")
    return {name: getattr(operation, name) for name in names}


def _shut(kind: str, operations: List[Operation], message: str) -> Dict[str, Any]:
    first = operations[0]
    code = (first.error or {}).get("code") if kind != "timeout" else None
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
    """Return the first operations with state and reason, and the number of the others."""
    named = [_with_reason(each) for each in operations[:_NAMED]]
    if len(operations) > _NAMED:
        named.append(f"and {len(operations) - _NAMED} more")
    return "; ".join(named)


def _with_reason(operation: Operation) -> str:
    return describe(operation) + ("" if operation.reason == NO_ANSWER else f": {operation.reason.rstrip('.')}")
