# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The state of a wait, as a value that one run of the engine passes to the next, also through JSON. No I/O, no secrets.

It contains all that a later run needs. Times are seconds since the wait began.
Private to this collection.
"""

from __future__ import annotations

import dataclasses
from datetime import datetime
from typing import Any, Dict, List, Mapping, Optional, Sequence, Tuple

from .._model.operation import Operation, State
from .._model.reference import Reference
from .._model.times import format_time, parse_time
from .backoff import Backoff
from .clocks import Reading
from .outcome import NO_ANSWER, Outcome

NEVER = float("inf")
Appearance = Tuple[str, Optional[str]]


@dataclasses.dataclass
class OperationState:
    """One operation of the wait.

    reference: has the operation ID once it is known. operation: from the last poll. waited_from: when the wait for it
    began. deadline: None until a run sets it. first_poll: time of the first poll. began: start of the operation, set
    once from the first response. answered: whether a poll got a response. given_up: the deadline has passed.
    reported: appearance when last reported. row: of its server in the change feed. busy: whether the cloud works on
    the server, by that row. at_rest: since when it does not. given: key of the caller, if it is not the reference.
    """

    reference: Reference
    operation: Operation
    waited_from: float = 0.0
    next_poll: float = 0.0
    deadline: Optional[float] = None
    first_poll: Optional[float] = None
    began: Optional[float] = None
    missing_since: Optional[float] = None
    answered: bool = False
    given_up: bool = False
    reported: Optional[Appearance] = None
    row: Optional[str] = None
    busy: bool = False
    at_rest: Optional[float] = None
    given: Optional[str] = None

    @classmethod
    def of(cls, provider: str, reference: Reference, waited_from: float = 0.0) -> OperationState:
        """Return the state of an operation that was never read."""
        unread = Operation(
            provider=provider,
            operation_id=reference.operation_id,
            resource_id=reference.resource_id,
            type=reference.action,
            state=State.UNKNOWN,
            reason=NO_ANSWER,
        )
        return cls(reference, unread, waited_from)

    @property
    def open(self) -> bool:
        """Whether the wait for this operation continues."""
        return not self.operation.terminal and not self.given_up

    @property
    def ends_by(self) -> float:
        """The deadline; infinity until a run sets it."""
        return NEVER if self.deadline is None else self.deadline

    @property
    def appearance(self) -> Appearance:
        """State and progress; a difference counts as a change for people."""
        return self.operation.state, self.operation.progress

    def age(self, now: float) -> float:
        """Return the seconds since the operation began; if that is unknown, since the wait for it began."""
        return now - (self.waited_from if self.began is None else self.began)

    def to_dict(self, raw: bool = False) -> Dict[str, Any]:
        """Return plain data. raw: include the API's response."""
        plain = dict(vars(self), reference=_plain(self.reference), operation=self.operation.as_dict(raw))
        plain["reported"] = list(self.reported) if self.reported else None
        return _without_none({name: _finite(value) for name, value in plain.items()})

    @classmethod
    def from_dict(cls, plain: Mapping[str, Any]) -> OperationState:
        """Return the state from plain data."""
        reference = dict(plain["reference"], since=parse_time(plain["reference"].get("since")))
        if "known" in reference:
            reference["known"] = tuple(reference["known"])
        given = dict(plain, reference=Reference(**reference), operation=Operation.from_dict(plain["operation"]))
        if "reported" in given:
            given["reported"] = (given["reported"][0], given["reported"][1])
        return cls(**given)


@dataclasses.dataclass
class FeedState:
    """The change feed of a group.

    reach, cursor: begin and end of the time range that was read, on the API's clock. next_tick: time of the next
    request. next_deep: time of the next request with a longer overlap. last_tick: time of the last response.
    refused: why the feed is not used.
    """

    cursor: Optional[datetime] = None
    reach: Optional[datetime] = None
    next_tick: float = 0.0
    next_deep: float = 0.0
    last_tick: Optional[float] = None
    refused: Optional[str] = None

    def to_dict(self) -> Dict[str, Any]:
        """Return plain data."""
        return dict(vars(self), cursor=format_time(self.cursor), reach=format_time(self.reach))

    @classmethod
    def from_dict(cls, plain: Mapping[str, Any]) -> FeedState:
        """Return the state from plain data."""
        return cls(**dict(plain, cursor=parse_time(plain["cursor"]), reach=parse_time(plain["reach"])))


@dataclasses.dataclass
class ResourceState:
    """A resource whose new operations are added to the wait.

    watched_from: when that began. since: earlier changes do not count. cursor: time up to which all changes were read.
    Both are on the API's clock, and None until it is known. next_list: time of the next list. gone: the resource does
    not exist any more.
    """

    resource_id: str
    watched_from: float = 0.0
    since: Optional[datetime] = None
    cursor: Optional[datetime] = None
    next_list: float = 0.0
    missing_since: Optional[float] = None
    gone: bool = False

    def to_dict(self) -> Dict[str, Any]:
        """Return plain data."""
        return dict(vars(self), since=format_time(self.since), cursor=format_time(self.cursor))

    @classmethod
    def from_dict(cls, plain: Mapping[str, Any]) -> ResourceState:
        """Return the state from plain data."""
        return cls(**dict(plain, since=parse_time(plain["since"]), cursor=parse_time(plain["cursor"])))


@dataclasses.dataclass
class GroupState:
    """Operations and watched resources with one provider and login. answered: whether the API has ever answered."""

    provider: str
    operations: List[OperationState] = dataclasses.field(default_factory=list)
    backoff: Backoff = dataclasses.field(default_factory=Backoff)
    feed: FeedState = dataclasses.field(default_factory=FeedState)
    resources: List[ResourceState] = dataclasses.field(default_factory=list)
    answered: bool = False

    @property
    def open(self) -> bool:
        """Whether the wait for this group continues."""
        return any(each.open for each in self.operations) or not all(each.gone for each in self.resources)

    @classmethod
    def of(cls, provider: str, references: Sequence[Reference]) -> GroupState:
        """Return the state of a group that was never polled."""
        return cls(provider, [OperationState.of(provider, each) for each in references])

    def add(self, reference: Reference, waited_from: float = 0.0) -> OperationState:
        """Add an operation."""
        self.operations.append(OperationState.of(self.provider, reference, waited_from))
        return self.operations[-1]

    def expand(self, operation: OperationState, references: Sequence[Reference], now: float) -> List[OperationState]:
        """Add the servers of a reservation, or the new operations of a resource, after the known ones.

        Return the new ones. They replace an operation that only stands for them.
        """
        name, marked = operation.reference.reservation_id, operation.reference.known is not None
        whole = marked or operation.reference.resource_id is None
        alike = [each is operation or (name and each.reference.reservation_id == name) for each in self.operations]
        places = [number for number, is_alike in enumerate(alike) if is_alike]
        known = set() if marked else {self.operations[number].reference.resource_id for number in places}
        new = [OperationState.of(self.provider, each) for each in references if each.resource_id not in known]
        for each in new:
            each.waited_from, each.next_poll = operation.waited_from, now
            each.deadline, each.first_poll = operation.deadline, operation.first_poll
        self.operations[places[-1] + 1 : places[-1] + 1] = new
        if whole:
            operation.given_up = True
            self.operations = [each for each in self.operations if each is not operation]
        return new

    def to_dict(self, raw: bool = False) -> Dict[str, Any]:
        """Return plain data."""
        return {
            "provider": self.provider,
            "operations": [each.to_dict(raw) for each in self.operations],
            "backoff": self.backoff.to_dict(),
            "feed": self.feed.to_dict(),
            "resources": [each.to_dict() for each in self.resources],
            "answered": self.answered,
        }

    @classmethod
    def from_dict(cls, plain: Mapping[str, Any]) -> GroupState:
        """Return the state from plain data."""
        return cls(
            plain["provider"],
            [OperationState.from_dict(each) for each in plain["operations"]],
            Backoff.from_dict(plain["backoff"]),
            FeedState.from_dict(plain["feed"]),
            [ResourceState.from_dict(each) for each in plain["resources"]],
            plain["answered"],
        )


@dataclasses.dataclass
class PollState:
    """The state of a wait.

    elapsed: seconds since it began. recent: requests of the last run in its last second. settled: whether the outcome
    is decided regardless of the remaining operations. error: the C(failure) of a permanent error that ended the wait.
    warnings: without duplicates. clocks: of the host at the end of a slice.
    """

    groups: List[GroupState]
    elapsed: float = 0.0
    recent: int = 0
    settled: bool = False
    polls: int = 0
    requests: int = 0
    tolerated_errors: int = 0
    last_error: Optional[str] = None
    reauthentications: int = 0
    error: Optional[Dict[str, Any]] = None
    warnings: List[str] = dataclasses.field(default_factory=list)
    clocks: Optional[Reading] = None

    @property
    def operations(self) -> List[OperationState]:
        """The operations of all groups, in the order of the task."""
        return [each for group in self.groups for each in group.operations]

    @property
    def answered(self) -> bool:
        """Whether any API has answered."""
        return any(group.answered for group in self.groups)

    @property
    def finished(self) -> bool:
        """Whether the wait has ended."""
        return self.settled or self.error is not None or not any(group.open for group in self.groups)

    def warn(self, sentence: str) -> None:
        """Add a warning, unless it was added before."""
        if sentence not in self.warnings:
            self.warnings.append(sentence)

    def outcome(self) -> Outcome:
        """Return the outcome so far."""
        known = {field.name: getattr(self, field.name) for field in dataclasses.fields(Outcome)}
        known.update(operations=[each.operation for each in self.operations], elapsed=round(self.elapsed, 3))
        return Outcome(**known)

    def to_dict(self, raw: bool = False) -> Dict[str, Any]:
        """Return plain data. raw: include the API's responses."""
        return dict(vars(self), groups=[each.to_dict(raw) for each in self.groups])

    @classmethod
    def from_dict(cls, plain: Mapping[str, Any]) -> PollState:
        """Return the state from plain data."""
        groups = [GroupState.from_dict(each) for each in plain["groups"]]
        clocks = Reading(*plain["clocks"]) if plain.get("clocks") else None
        return cls(**dict(plain, groups=groups, warnings=list(plain["warnings"]), clocks=clocks))


def _plain(reference: Reference) -> Dict[str, Any]:
    return _without_none(dict(vars(reference), since=format_time(reference.since)))


def _finite(value: Any) -> Any:
    """Replace infinity, which JSON does not have, by None."""
    return None if value == NEVER else value


def _without_none(values: Mapping[str, Any]) -> Dict[str, Any]:
    """Drop unset values, which halves the size of the data."""
    return {name: value for name, value in values.items() if value is not None}
