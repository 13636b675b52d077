# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The normal form of an operation of any API.

Private to this collection. No I/O.
"""

from __future__ import annotations

import dataclasses
import functools
from datetime import datetime
from typing import Any, Dict, List, Mapping, Optional, Sequence

from .errors import MissingError
from .text import printable
from .times import format_time, parse_time, seconds_between


class State:
    """States of an operation or of a step. Only C(SUCCEEDED) opens a gate."""

    PENDING = "pending"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    UNKNOWN = "unknown"
    TERMINAL = frozenset((SUCCEEDED, FAILED))


@functools.lru_cache(maxsize=None)
def _defaults(kind: Any) -> Dict[str, Any]:
    """Return the fields of a dataclass with their defaults, or None."""
    fields = ((field.name, field.default) for field in dataclasses.fields(kind))
    return {name: None if default is dataclasses.MISSING else default for name, default in fields}


def _fields(kind: Any, result: Mapping[str, Any], **others: Any) -> Dict[str, Any]:
    """Return the fields of a dataclass from the result of its C(as_dict)."""
    values = {name: result.get(name, default) for name, default in _defaults(kind).items()}
    times = {name: parse_time(value) for name, value in values.items() if name.endswith("_at")}
    return {**values, **times, **others}


class _Printable:
    """Strips control characters from each text, which comes from a cloud, whenever it is set."""

    def __setattr__(self, name: str, value: Any) -> None:
        super().__setattr__(name, printable(value) if isinstance(value, str) else value)


@dataclasses.dataclass
class Step(_Printable):
    """A part of an operation, for example one event of a Nova instance action."""

    name: str
    state: str
    result: Optional[str] = None
    started_at: Optional[datetime] = None
    finished_at: Optional[datetime] = None
    error: Optional[str] = None
    host: Optional[str] = None
    host_id: Optional[str] = None

    def as_dict(self) -> Dict[str, Any]:
        """Return the step as in a task result: times as text, C(duration) in seconds."""
        result = dict(vars(self))
        result.update(
            started_at=format_time(self.started_at),
            finished_at=format_time(self.finished_at),
            duration=seconds_between(self.started_at, self.finished_at),
        )
        return result


@dataclasses.dataclass
class Operation(_Printable):
    """An asynchronous operation of a cloud. Times are aware datetimes in UTC.

    missing: the API does not know the operation, so a wait counts it as failed; in a task result only if true.
    percent: how much is done, from 0 to 100; in a task result only if the API shows it.
    unlisted: status values that a definition does not list, of all polls of a wait; in a task result only if there are
    any.
    retry_after: seconds until the API allows the next poll; not in a task result.
    """

    provider: str
    operation_id: Optional[str]
    resource_id: Optional[str]
    state: str
    reason: str = ""
    resource_type: Optional[str] = None
    type: Optional[str] = None
    raw_status: Optional[str] = None
    error: Optional[Dict[str, Optional[str]]] = None
    warning: Optional[str] = None
    started_at: Optional[datetime] = None
    updated_at: Optional[datetime] = None
    finished_at: Optional[datetime] = None
    project_id: Optional[str] = None
    user_id: Optional[str] = None
    request_id: Optional[str] = None
    steps: List[Step] = dataclasses.field(default_factory=list)
    retries: int = 0
    percent: Optional[float] = None
    missing: bool = False
    unlisted: Sequence[str] = ()
    raw: Optional[Dict[str, Any]] = None
    retry_after: Optional[float] = None

    def __post_init__(self) -> None:
        """Drop an invalid percentage, and make the error printable. C(raw) is the response of the API as it is."""
        if not (isinstance(self.percent, (int, float)) and 0 <= self.percent <= 100):
            self.percent = None
        self.unlisted = [printable(each) for each in self.unlisted]
        if self.error:
            self.error = {name: value and printable(value) for name, value in self.error.items()}

    @property
    def terminal(self) -> bool:
        """Whether the operation is finished: it succeeded or failed, and does not change any more."""
        return self.state in State.TERMINAL

    @property
    def current_step(self) -> Optional[Step]:
        """The running step, else the last one."""
        running = [step for step in self.steps if step.state == State.RUNNING]
        return (running or self.steps)[-1] if self.steps else None

    @property
    def progress(self) -> Optional[str]:
        """The current step and the tens of C(percent). A difference counts as a change for people."""
        step = self.current_step
        parts = [step.name] if step else []
        if self.percent is not None:
            parts.append(f"{int(self.percent // 10 * 10)} %")
        return ", ".join(parts) or None

    def as_dict(self, raw: bool = False) -> Dict[str, Any]:
        """Return the operation as in a task result. raw: include the API's response."""
        result = dict(vars(self))
        result.update(
            started_at=format_time(self.started_at),
            updated_at=format_time(self.updated_at),
            finished_at=format_time(self.finished_at),
            duration=seconds_between(self.started_at, self.finished_at),
            steps=[step.as_dict() for step in self.steps],
        )
        del result["retry_after"]
        if not self.missing:
            del result["missing"]
        if self.percent is None:
            del result["percent"]
        if self.unlisted:
            result["unlisted"] = list(self.unlisted)
        else:
            del result["unlisted"]
        if not raw:
            del result["raw"]
        return result

    @classmethod
    def from_dict(cls, result: Mapping[str, Any]) -> Operation:
        """Return the operation for a result of C(as_dict)."""
        return cls(**_fields(cls, result, steps=[Step(**_fields(Step, step)) for step in result["steps"]]))

    def __str__(self) -> str:
        """Return a name for messages, such as C(reboot req-1 of server-1)."""
        name = " ".join(part for part in (self.type, self.operation_id) if part) or "operation"
        return f"{name} of {self.resource_id}" if self.resource_id else name


def missing_operation(operation: Operation, error: MissingError) -> Operation:
    """Return the operation as failed, because the API does not know it."""
    why = {"code": error.code, "message": error.message}
    return dataclasses.replace(
        operation, state=State.FAILED, missing=True, reason=error.message, error=why, request_id=error.request_id
    )
