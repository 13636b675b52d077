# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A wait in slices: what one run of the module hands to the next. It holds no secret, and no token.

Private to this collection.
"""

from __future__ import annotations

import dataclasses
from typing import Any, Dict, Iterator, List, Mapping, Optional

from .gate import Outcome, WaitOptions
from .operation import Operation
from .providers.base import Reference
from .waiter import Group, Item


def handed_over(
    outcome: Outcome, over: bool, groups: List[Group], options: WaitOptions, raw: bool, now: float
) -> Dict[str, Any]:
    """What a slice gives to the action plugin, which puts the slices together. over: nothing is left to wait for."""
    result = dataclasses.asdict(dataclasses.replace(outcome, operations=[]))
    return dict(
        result,
        over=over,
        options=dataclasses.asdict(options),
        raw=raw,
        items=[carried(item, group.recalls(item.operation), raw, now) for group in groups for item in group.items],
        backoff=[group.backoff.to_dict(now) for group in groups],
    )


def carried(item: Item, recalled: bool, raw: bool, now: float) -> Dict[str, Any]:
    """What the next slice has to know of an operation. Moments are in seconds from now.

    operation: if there is news of it. recalled: whether the next slice needs it, too. raw: with the API's own answer.
    member: the server, if it is one of a reservation. joined: it shares a reference of the task with the one before.
    was: its number in the slice before; none if it is new.
    """
    return {
        "operation_id": item.reference.operation_id,
        "member": item.reference.resource_id if item.reference.reservation_id else None,
        "joined": item.joined,
        "was": item.was,
        "over": not item.open,
        "looked": item.looked,
        "next_look": round(item.next_look - now, 3),
        "deadline": round(item.deadline - now, 3),
        "missing_for": _seconds_since(item.missing_since, now),
        "polled_for": _seconds_since(item.first_poll, now),
        "age": _seconds_since(item.born, now),
        "operation": _known(item.operation.as_dict(raw)) if item.news else None,
        "recalled": recalled,
    }


def _seconds_since(moment: Optional[float], now: float) -> Optional[float]:
    return None if moment is None else round(now - moment, 3)


def _moment(seconds: Optional[float], now: float) -> Optional[float]:
    return None if seconds is None else now - seconds


def _later(seconds: Optional[float], passed: float) -> Optional[float]:
    return None if seconds is None else round(seconds + passed, 3)


def _known(result: Mapping[str, Any]) -> Dict[str, Any]:
    """Without what is null: of a thousand operations this is half."""
    return {name: value for name, value in result.items() if value is not None}


def handed_on(state: Mapping[str, Any], operation: Operation, since: float) -> Dict[str, Any]:
    """The same for the next slice, no larger than that needs it.

    operation: as last seen, in whichever slice. since: seconds that have passed, which the deadline must not gain.
    """
    return dict(
        state,
        next_look=round(state["next_look"] - since, 3),
        deadline=round(state["deadline"] - since, 3),
        missing_for=_later(state["missing_for"], since),
        polled_for=_later(state["polled_for"], since),
        age=_later(state["age"], since),
        operation=operation.as_dict() if state["recalled"] else None,
    )


def runs_of(states: List[Mapping[str, Any]]) -> Iterator[List[Mapping[str, Any]]]:
    """Return the states of each reference of the task: one, or those of the servers of a reservation."""
    run: List[Mapping[str, Any]] = []
    for state in states:
        if run and not state["joined"]:
            yield run
            run = []
        run.append(state)
    yield run


def restored(group: Group, reference: Reference, state: Mapping[str, Any], now: float) -> Item:
    """Go on waiting for an operation where the last slice left off."""
    reference = reference.of_server(state["member"]) if state["member"] else reference
    item = group.add(reference.pinned_to(state["operation_id"]))
    item.joined, item.was = state["joined"], state["was"]
    if state["operation"]:
        item.operation = Operation.from_dict(state["operation"])
    item.news = False
    item.given_up = state["over"]
    item.looked = state["looked"]
    item.next_look = now + state["next_look"]
    item.deadline = now + state["deadline"]
    item.missing_since = _moment(state["missing_for"], now)
    item.first_poll = _moment(state["polled_for"], now)
    item.born = _moment(state["age"], now)
    return item
