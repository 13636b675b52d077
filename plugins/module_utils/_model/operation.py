# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The one normal form of an operation, whatever API it came from.

Private to this collection. No I/O.
"""

from __future__ import annotations

import dataclasses
import re
from datetime import datetime, timedelta, timezone
from typing import Any, Dict, List, Mapping, Optional

from .errors import MissingError
from .text import printable


class State:
    """What is known of an operation or of a step. Only C(SUCCEEDED) opens a gate."""

    PENDING = "pending"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    UNKNOWN = "unknown"
    TERMINAL = frozenset((SUCCEEDED, FAILED))


_TIME = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?\s*(Z|[+-]\d\d:?\d\d)?(?:\s*UTC)?",
    re.ASCII | re.IGNORECASE,
)
_LONGEST = 64  # characters of a time: what is longer is none, and is not looked through
_NUMBER = re.compile(r"\d{1,15}", re.ASCII)
_IN_MILLISECONDS = 1e11  # a larger number is one of milliseconds: in seconds it would be the year 5138
_LATEST = 253402300799  # seconds; the end of the year 9999


def parse_time(value: Any) -> Optional[datetime]:
    """Read a time as the APIs write it; a time without a zone is UTC (Nova, ECL), one of Go ends in "+0000 UTC" (CCE).

    Returns an aware datetime in UTC, or None for anything that is not a time.
    """
    match = _TIME.fullmatch(value.strip()) if isinstance(value, str) and len(value) <= _LONGEST else None
    if not match:
        return None
    fraction, zone = match.group(7, 8)
    microseconds = int((fraction or "0")[:6].ljust(6, "0"))
    try:
        year, month, day, hour, minute, second = (int(part) for part in match.groups()[:6])
        moment = datetime(year, month, day, hour, minute, second, microseconds, timezone.utc)
        if zone and zone.upper() != "Z":
            offset = timedelta(hours=int(zone[1:3]), minutes=int(zone[-2:]))
            moment += offset if zone[0] == "-" else -offset
    except (ValueError, OverflowError):
        return None
    return moment


def any_time(value: Any) -> Optional[datetime]:
    """As parse_time, and also a number of seconds or milliseconds since 1970, which may be text."""
    digits = value.strip() if isinstance(value, str) and len(value) <= _LONGEST else value
    if isinstance(digits, str) and _NUMBER.fullmatch(digits):
        digits = int(digits)
    if isinstance(digits, bool) or not isinstance(digits, (int, float)):
        return parse_time(value)
    if not 0 < digits <= _LATEST * 1000:  # also before the division, which no very large number stands
        return None
    seconds = digits / 1000 if digits > _IN_MILLISECONDS else digits
    return datetime.fromtimestamp(seconds, timezone.utc) if seconds <= _LATEST else None


def format_time(moment: Optional[datetime]) -> Optional[str]:
    """ISO 8601 in UTC with a Z; fractions of a second only where there are some."""
    return moment.isoformat().replace("+00:00", "Z") if moment else None


def timestamp(moment: Optional[datetime]) -> float:
    """To put times in order; an unknown one comes first."""
    return moment.timestamp() if moment else 0.0


def seconds_between(start: Optional[datetime], end: Optional[datetime]) -> Optional[float]:
    """Seconds from start to end; None when one is unknown or the clocks of the cloud disagree."""
    if start is None or end is None or end < start:
        return None
    return round((end - start).total_seconds(), 3)


def _fields(kind: Any, result: Mapping[str, Any], **others: Any) -> Dict[str, Any]:
    """The fields of a dataclass out of what its C(as_dict) has shown."""
    values = {field.name: result.get(field.name, field.default) for field in dataclasses.fields(kind)}
    values = {name: None if value is dataclasses.MISSING else value for name, value in values.items()}
    times = {name: parse_time(value) for name, value in values.items() if name.endswith("_at")}
    return {**values, **times, **others}


def _make_printable(shown: Any) -> None:
    """Whatever a cloud calls things must not steer a terminal."""
    for name, value in vars(shown).items():
        if isinstance(value, str):
            setattr(shown, name, printable(value))


@dataclasses.dataclass
class Step:
    """A part of an operation that the API shows, for example one event of a Nova instance action."""

    name: str
    state: str
    result: Optional[str] = None
    started_at: Optional[datetime] = None
    finished_at: Optional[datetime] = None
    error: Optional[str] = None
    host: Optional[str] = None
    host_id: Optional[str] = None

    def __post_init__(self) -> None:
        """Keep only what can be shown."""
        _make_printable(self)

    def as_dict(self) -> Dict[str, Any]:
        """The step as a task result shows it: times as text, C(duration) in seconds."""
        result = dict(vars(self))
        result.update(
            started_at=format_time(self.started_at),
            finished_at=format_time(self.finished_at),
            duration=seconds_between(self.started_at, self.finished_at),
        )
        return result


@dataclasses.dataclass
class Operation:
    """One piece of asynchronous work of a cloud. Times are aware datetimes in UTC.

    missing: the API does not know it, which a wait counts as failed; only then it is part of a task result.
    retry_after: seconds until the API wants to be asked again; it is no part of a task result.
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
    missing: bool = False
    raw: Optional[Dict[str, Any]] = None
    retry_after: Optional[float] = None

    def __post_init__(self) -> None:
        """Keep only what can be shown; C(raw) is what the API said."""
        _make_printable(self)
        if self.error:
            self.error = {name: value and printable(value) for name, value in self.error.items()}

    @property
    def terminal(self) -> bool:
        """True when the operation is over: it succeeded or failed, and will not change any more."""
        return self.state in State.TERMINAL

    @property
    def current_step(self) -> Optional[Step]:
        """The step that is running, else the last one that the API shows."""
        running = [step for step in self.steps if step.state == State.RUNNING]
        return (running or self.steps)[-1] if self.steps else None

    def as_dict(self, raw: bool = False) -> Dict[str, Any]:
        """The operation as a task result shows it; C(raw) adds the API's own answer."""
        result = {field.name: getattr(self, field.name) for field in dataclasses.fields(self)}
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
        if not raw:
            del result["raw"]
        return result

    @classmethod
    def from_dict(cls, result: Mapping[str, Any]) -> Operation:
        """The operation that C(as_dict) has shown."""
        return cls(**_fields(cls, result, steps=[Step(**_fields(Step, step)) for step in result["steps"]]))

    def __str__(self) -> str:
        """Name the operation in a sentence: C(reboot req-1 of server-1)."""
        name = " ".join(part for part in (self.type, self.operation_id) if part) or "operation"
        return f"{name} of {self.resource_id}" if self.resource_id else name


def missing_operation(operation: Operation, error: MissingError) -> Operation:
    """Return the operation as failed, because the API does not know it (any more)."""
    why = {"code": error.code, "message": error.message}
    return dataclasses.replace(
        operation, state=State.FAILED, missing=True, reason=error.message, error=why, request_id=error.request_id
    )
