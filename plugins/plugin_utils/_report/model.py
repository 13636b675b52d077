# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The content of a report of operations, independent of its format. Pure.

Private to this collection.
"""

from __future__ import annotations

import dataclasses
from datetime import datetime
from typing import Any, Dict, Iterable, List, Mapping, Optional, Set, Tuple

from ansible_collections.cloudgate.operations.plugins.module_utils._model.errors import InputError
from ansible_collections.cloudgate.operations.plugins.module_utils._model.operation import State
from ansible_collections.cloudgate.operations.plugins.module_utils._model.text import printable, type_of
from ansible_collections.cloudgate.operations.plugins.module_utils._model.times import (
    format_time,
    parse_time,
    seconds_between,
    timestamp,
)

_MAX_TEXT_LENGTH = 600  # characters, for texts such as a traceback
_MAX_STEPS = 60  # of an operation
NOTHING = "-"  # shown for an unknown time
_NOUNS = (
    ("polls", "poll", "polls"),
    ("requests", "request", "requests"),
    ("tolerated_errors", "error retried", "errors retried"),
)
_WORDS = {State.PENDING: "not started"}
# States that need attention come first.
ORDER = (State.FAILED, State.RUNNING, State.PENDING, State.UNKNOWN, State.SUCCEEDED)


@dataclasses.dataclass(frozen=True)
class StepView:
    """A step in a report. again: an earlier step has the same name, so this is a retry."""

    name: str
    state: str
    error: str
    host: str
    start: Optional[datetime]
    end: Optional[datetime]
    finished: bool
    duration: Optional[float]
    again: bool


@dataclasses.dataclass(frozen=True)
class OperationView:
    """An operation in a report. end: for an unfinished operation, the time of the report."""

    name: str
    operation_id: str
    resource: str
    provider: str
    state: str
    status: str
    reason: str
    warning: str
    start: Optional[datetime]
    end: Optional[datetime]
    finished: bool
    duration: Optional[float]
    retries: int
    steps: List[StepView]
    earlier_steps: int  # omitted


@dataclasses.dataclass(frozen=True)
class Report:
    """The content of a report. gate: whether it is open; None if no task waited. why: what went wrong."""

    title: str
    at: datetime
    gate: Optional[bool]
    why: str
    waited: Dict[str, Any]
    operations: List[OperationView]

    @property
    def counts(self) -> List[Tuple[str, int]]:
        """The number of operations in each state that occurs."""
        states = [each.state for each in self.operations]
        return [(state, states.count(state)) for state in ORDER if state in states]

    @property
    def headline(self) -> str:
        """The result in a few words."""
        if self.gate is not None:
            return "Gate open" if self.gate else "Gate shut"
        if not self.operations:
            return "The operations are unknown" if self.why else "No operations"
        states, total = dict(self.counts), len(self.operations)
        if State.FAILED in states:
            return f"{states[State.FAILED]} of {total} failed"
        return f"{self.unfinished} of {total} unfinished" if self.unfinished else f"{total} of {total} succeeded"

    @property
    def mood(self) -> str:
        """The state that colors the headline."""
        if self.gate is not None:
            return State.SUCCEEDED if self.gate else State.FAILED
        return self.counts[0][0] if self.operations else State.UNKNOWN

    @property
    def unfinished(self) -> int:
        """The number of operations that are not finished."""
        return sum(each.state not in State.TERMINAL for each in self.operations)

    def of(self, *states: str) -> List[OperationView]:
        """Return the operations in these states, in order."""
        return [each for each in self.operations if each.state in states]


def report_from(value: Any, at: datetime, title: str = "Operations") -> Report:
    """Return the report of one or several registered results, or of a list of operations.

    at: the time of the report. Raises InputError for anything else.
    """
    results, operations = _sorted_out(value)
    wait = results[0] if len(results) == 1 and "elapsed" in results[0] else None
    waited = () if wait is None else ("elapsed", "polls", "requests", "tolerated_errors")
    views = [_operation(each, at) for each in operations]
    return Report(
        title=text(title),
        at=at,
        gate=None if wait is None else wait.get("succeeded") is True,
        why=" ".join(_failures(results)) or _unfinished(views, wait),
        waited={name: (wait or {}).get(name) for name in waited},
        operations=sorted(views, key=lambda each: ORDER.index(each.state)),
    )


def text(value: Any) -> str:
    """Shorten a value of an API to one line; return "" for null."""
    if value is None:
        return ""
    line = printable(str(value)).strip()
    return line if len(line) <= _MAX_TEXT_LENGTH else line[:_MAX_TEXT_LENGTH] + "…"


def _sorted_out(value: Any) -> Tuple[List[Mapping[str, Any]], List[Mapping[str, Any]]]:
    """Return the results of tasks, and the operations in them and beside them."""
    if isinstance(value, Mapping):
        if isinstance(value.get("results"), list):  # of a loop
            return _sorted_out(value["results"])
        if isinstance(value.get("operations"), list):
            return [value], _sorted_out(value["operations"])[1]
        if "state" in value:
            return [], [value]
        if value.get("failed") or "failed_when_result" in value:  # the latter with failed_when: false
            return [value], []
        if value.get("skipped"):
            return [], []
    elif isinstance(value, (list, tuple)):
        parts = [_sorted_out(each) for each in value]
        return [each for part in parts for each in part[0]], [each for part in parts for each in part[1]]
    keys = ", ".join(map(str, value)) if isinstance(value, Mapping) else ""
    kind = f"a dictionary with {keys or 'nothing'}" if isinstance(value, Mapping) else type_of(value)
    raise InputError(text(f"A report needs a registered result or a list of operations, not {kind}."))


def _failures(results: Iterable[Mapping[str, Any]]) -> List[str]:
    """Return the failures of these results without duplicates."""
    found: Dict[str, None] = {}
    for each in results:
        failure = each.get("failure")
        if failure or each.get("failed") or "operations" not in each:
            said = failure.get("message") if isinstance(failure, Mapping) else None
            found[text(said or each.get("msg")) or "The task ended without a result."] = None
    return list(found)


def _unfinished(views: List[OperationView], wait: Optional[Mapping[str, Any]]) -> str:
    """Return why the gate is shut in check mode, which does not wait."""
    count = sum(not each.finished for each in views)
    return f"{count} of {len(views)} unfinished." if wait and not wait.get("succeeded") else ""


def _operation(given: Mapping[str, Any], at: datetime) -> OperationView:
    listed = given.get("steps")
    listed = [each for each in listed if isinstance(each, Mapping)] if isinstance(listed, list) else []
    state = _state(given.get("state"))
    start, finish = parse_time(given.get("started_at")), parse_time(given.get("finished_at"))
    steps = _steps(listed, state in State.TERMINAL, finish if state in State.TERMINAL else at)
    if state in State.TERMINAL:
        end = finish or _latest([parse_time(given.get("updated_at")), *(each.end for each in steps)])
    else:
        end = _latest([start, at]) if start else None
    error = given.get("error")
    return OperationView(
        name=text(given.get("type") or given.get("operation_id")) or "operation",
        operation_id=text(given.get("operation_id")),
        resource=" ".join(filter(None, (text(given.get("resource_type")), text(given.get("resource_id"))))),
        provider=text(given.get("provider")),
        state=state,
        status=_status(given, state in State.TERMINAL),
        reason=text(given.get("reason")) or text(error.get("message") if isinstance(error, Mapping) else None),
        warning=text(given.get("warning")),
        start=start,
        end=end,
        finished=state in State.TERMINAL,
        duration=None if state in State.TERMINAL and not finish else seconds_between(start, end),
        retries=_count(given.get("retries")),
        steps=steps[-_MAX_STEPS:],
        earlier_steps=max(0, len(steps) - _MAX_STEPS),
    )


def _status(given: Mapping[str, Any], finished: bool) -> str:
    """Return the status in the API, and how much of an unfinished operation is done."""
    percent = given.get("percent")
    known = isinstance(percent, (int, float)) and not finished and 0 <= percent <= 100
    return ", ".join(filter(None, (text(given.get("raw_status")), f"{percent:.0f} %" if known else "")))


def _steps(listed: List[Mapping[str, Any]], finished: bool, until: Optional[datetime]) -> List[StepView]:
    """Return the steps. finished: whether the operation has finished. until: the end of an unfinished step's bar.

    After a retry, Nova never ends some steps. In a finished operation, their state is unknown.
    """
    names: Set[str] = set()
    views = []
    for each in listed:
        name, state = text(each.get("name")) or "step", _state(each.get("state"))
        start, finish = parse_time(each.get("started_at")), parse_time(each.get("finished_at"))
        views.append(
            StepView(
                name=name,
                state=State.UNKNOWN if finished and state in (State.PENDING, State.RUNNING) else state,
                error=text(each.get("error")),
                host=text(each.get("host")),
                start=start,
                end=finish or (_latest([start, until]) if start else None),
                finished=finish is not None,
                duration=seconds_between(start, finish or until),
                again=name in names,
            )
        )
        names.add(name)
    return views


def _state(value: Any) -> str:
    return value if isinstance(value, str) and value in ORDER else State.UNKNOWN


def _latest(moments: Iterable[Optional[datetime]]) -> Optional[datetime]:
    return max((each for each in moments if each is not None), default=None, key=timestamp)


def _count(value: Any) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else 0


def in_words(state: str) -> str:
    """Return a state for people."""
    return _WORDS.get(state, state)


def numbers(waited: Mapping[str, Any]) -> List[str]:
    """Return the duration of the wait and its counts, as parts of a line."""
    counted = [(_count(waited.get(name)), one, several) for name, one, several in _NOUNS]
    parts = [f"{count} {one if count == 1 else several}" for count, one, several in counted if count]
    return [f"waited {duration_text(waited['elapsed'])}", *parts] if waited else []


def duration_text(seconds: Any) -> str:
    """Return a duration for people: C(1.5 s), C(3 min 20 s), C(2 h 05 min), C(3 d 4 h)."""
    if isinstance(seconds, bool) or not isinstance(seconds, (int, float)) or not 0 <= seconds < 1e12:
        return NOTHING
    if seconds < 9.95:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60:02} s"
    if whole < 86400:
        return f"{whole // 3600} h {whole % 3600 // 60:02} min"
    return f"{whole // 86400} d {whole % 86400 // 3600} h"


def time_text(moment: Optional[datetime]) -> str:
    """Return a time to the second, for people."""
    return f"{moment:%Y-%m-%d %H:%M:%S} UTC" if moment else NOTHING


def iso(moment: Optional[datetime]) -> str:
    """Return a time in ISO 8601; "" if unknown."""
    return format_time(moment) or ""
