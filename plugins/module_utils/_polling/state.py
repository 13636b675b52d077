# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The state of a wait: a value that goes from one run of the engine to the next, also through JSON. No I/O, no secret.

All moments are seconds since the wait began. What a later run needs is here; the rest is local to a run.
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
from .outcome import NO_ANSWER, Outcome

NEVER = float("inf")
Appearance = Tuple[str, Optional[str]]


@dataclasses.dataclass
class OperationState:
    """One operation that is waited for.

    reference: names it; once its operation ID is known, by that. operation: as seen last. waited_from: when the wait
    for it began. deadline: None until a run sets it. first_poll: when it was polled first. began: when it began itself,
    as far as that is known, set once by the first answer. answered: whether the API has said anything of it.
    given_up: its deadline has passed. reported: how it looked when the caller or the screen was last told.
    row: its server as the change feed has last shown it. busy: whether that row shows work. at_rest: since when such
    rows show none. given: how the caller names it, if not by its reference.
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
        """Return an operation that was never read."""
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
        """Whether it is still waited for."""
        return not self.operation.terminal and not self.given_up

    @property
    def ends_by(self) -> float:
        """Return the deadline; infinity as long as no run has set it."""
        return NEVER if self.deadline is None else self.deadline

    @property
    def appearance(self) -> Appearance:
        """What a person who watches the operation would call a change."""
        step = self.operation.current_step
        return self.operation.state, step.name if step else None

    def age(self, now: float) -> float:
        """Return the seconds since it began; if that is not known, since it is waited for."""
        return now - (self.waited_from if self.began is None else self.began)

    def to_dict(self, raw: bool = False) -> Dict[str, Any]:
        """Return plain data. raw: with the API's own answer."""
        plain = dict(vars(self), reference=_plain(self.reference), operation=self.operation.as_dict(raw))
        plain["reported"] = list(self.reported) if self.reported else None
        return _without_none({name: _finite(value) for name, value in plain.items()})

    @classmethod
    def from_dict(cls, plain: Mapping[str, Any]) -> OperationState:
        """Return what was handed over."""
        reference = dict(plain["reference"], since=parse_time(plain["reference"].get("since")))
        given = dict(plain, reference=Reference(**reference), operation=Operation.from_dict(plain["operation"]))
        if "reported" in given:
            given["reported"] = (given["reported"][0], given["reported"][1])
        return cls(**given)


@dataclasses.dataclass
class FeedState:
    """How far the change feed of a group is known.

    cursor: up to when, on the API's clock. reach: from when on. next_tick: when it is asked again. next_deep: when it
    is asked again for what may have been missed. last_tick: when it last answered. refused: why it is not used.
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
        """Return what was handed over."""
        return cls(**dict(plain, cursor=parse_time(plain["cursor"]), reach=parse_time(plain["reach"])))


@dataclasses.dataclass
class ResourceState:
    """A resource whose new operations are looked for and waited for, too.

    watched_from: when that began. since: older changes are not new. cursor: up to when all changes are known. Both are
    on the API's clock, and None until it is known. next_list: when changes are listed again. gone: it does not exist
    any more.
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
        """Return what was handed over."""
        return cls(**dict(plain, since=parse_time(plain["since"]), cursor=parse_time(plain["cursor"])))


@dataclasses.dataclass
class GroupState:
    """The operations of one provider with one login, and the resources whose new operations are added to them."""

    provider: str
    operations: List[OperationState] = dataclasses.field(default_factory=list)
    backoff: Backoff = dataclasses.field(default_factory=Backoff)
    feed: FeedState = dataclasses.field(default_factory=FeedState)
    resources: List[ResourceState] = dataclasses.field(default_factory=list)

    @property
    def open(self) -> bool:
        """Whether anything is left to wait for."""
        return any(each.open for each in self.operations) or not all(each.gone for each in self.resources)

    @classmethod
    def of(cls, provider: str, references: Sequence[Reference]) -> GroupState:
        """Return a group of which nothing was read."""
        return cls(provider, [OperationState.of(provider, each) for each in references])

    def add(self, reference: Reference, waited_from: float = 0.0) -> OperationState:
        """Wait for one more."""
        self.operations.append(OperationState.of(self.provider, reference, waited_from))
        return self.operations[-1]

    def expand(self, operation: OperationState, references: Sequence[Reference], now: float) -> List[OperationState]:
        """Wait for the servers of a reservation, as far as they are new. Return the new ones.

        They stand behind those that are known. An operation that names no server gives way to them.
        """
        name, whole = operation.reference.reservation_id, operation.reference.resource_id is None
        places = [number for number, each in enumerate(self.operations) if each.reference.reservation_id == name]
        known = {self.operations[number].reference.resource_id for number in places}
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
        }

    @classmethod
    def from_dict(cls, plain: Mapping[str, Any]) -> GroupState:
        """Return what was handed over."""
        return cls(
            plain["provider"],
            [OperationState.from_dict(each) for each in plain["operations"]],
            Backoff.from_dict(plain["backoff"]),
            FeedState.from_dict(plain["feed"]),
            [ResourceState.from_dict(each) for each in plain["resources"]],
        )


@dataclasses.dataclass
class PollState:
    """A wait, so far.

    elapsed: seconds since it began. recent: requests that the last run sent in its last second. settled: what is known
    decides whatever becomes of the other operations. error: the C(failure) of what ended it and no waiting heals.
    warnings: sentences, each once.
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

    @property
    def operations(self) -> List[OperationState]:
        """Return those of all groups, in the order of the task."""
        return [each for group in self.groups for each in group.operations]

    @property
    def answered(self) -> bool:
        """Whether the APIs have said anything of any operation."""
        return any(each.answered for each in self.operations)

    @property
    def finished(self) -> bool:
        """Whether nothing is left to wait for."""
        return self.settled or self.error is not None or not any(group.open for group in self.groups)

    def warn(self, sentence: str) -> None:
        """Note a warning, which a thousand operations may give, once."""
        if sentence not in self.warnings:
            self.warnings.append(sentence)

    def outcome(self) -> Outcome:
        """Return what the wait has come to."""
        known = {field.name: getattr(self, field.name) for field in dataclasses.fields(Outcome)}
        known.update(operations=[each.operation for each in self.operations], elapsed=round(self.elapsed, 3))
        return Outcome(**known)

    def to_dict(self, raw: bool = False) -> Dict[str, Any]:
        """Return plain data. raw: with the API's own answers."""
        return dict(vars(self), groups=[each.to_dict(raw) for each in self.groups])

    @classmethod
    def from_dict(cls, plain: Mapping[str, Any]) -> PollState:
        """Return what was handed over."""
        groups = [GroupState.from_dict(each) for each in plain["groups"]]
        return cls(**dict(plain, groups=groups, warnings=list(plain["warnings"])))


def _plain(reference: Reference) -> Dict[str, Any]:
    return _without_none(dict(vars(reference), since=format_time(reference.since)))


def _finite(value: Any) -> Any:
    """Without the infinity of a wait that never ends, which JSON does not have."""
    return None if value == NEVER else value


def _without_none(values: Mapping[str, Any]) -> Dict[str, Any]:
    """Of a thousand operations this is half."""
    return {name: value for name, value in values.items() if value is not None}
