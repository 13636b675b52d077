# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A wait in slices: what one run of the module hands to the next. It holds no secret, and no token.

Private to this collection.
"""

from __future__ import annotations

import dataclasses
from typing import Any, Dict, List, Mapping

from .gate import Outcome, WaitOptions
from .operation import Operation
from .providers.base import Reference
from .waiter import Group, Item


def handed_over(
    outcome: Outcome, over: bool, groups: List[Group], options: WaitOptions, raw: bool, now: float
) -> Dict[str, Any]:
    """What a slice gives to the action plugin, which puts the slices together. over: nothing is left to wait for."""
    result = dataclasses.asdict(dataclasses.replace(outcome, operations=[]))
    items = [
        carried(item, group.recalls(item.operation), raw, now, group.hold_until)
        for group in groups
        for item in group.items
    ]
    return dict(result, over=over, options=dataclasses.asdict(options), raw=raw, items=items)


def carried(item: Item, recalled: bool, raw: bool, now: float, hold_until: float = 0.0) -> Dict[str, Any]:
    """What the next slice has to know of an operation. Moments are in seconds from now.

    operation: if there is news of it. recalled: whether the next slice needs it, too. raw: with the API's own answer.
    hold_until: the end of the pause that an error or the API has asked for, of all its group.
    """
    return {
        "operation_id": item.reference.operation_id,
        "over": not item.open,
        "looked": item.looked,
        "next_look": round(item.next_look - now, 3),
        "hold": round(max(0.0, hold_until - now), 3),
        "deadline": round(item.deadline - now, 3),
        "missing_for": None if item.missing_since is None else round(now - item.missing_since, 3),
        "operation": _known(item.operation.as_dict(raw)) if item.news else None,
        "recalled": recalled,
    }


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
        hold=round(state["hold"] - since, 3),
        deadline=round(state["deadline"] - since, 3),
        missing_for=None if state["missing_for"] is None else round(state["missing_for"] + since, 3),
        operation=operation.as_dict() if state["recalled"] else None,
    )


def restored(group: Group, reference: Reference, state: Mapping[str, Any], now: float) -> Item:
    """Go on waiting for an operation where the last slice left off."""
    item = group.add(reference.pinned_to(state["operation_id"]))
    if state["operation"]:
        item.operation = Operation.from_dict(state["operation"])
    # Of the group, and not of the item: all held items alike would leave the order of the list alone.
    group.hold_until = max(group.hold_until, now + state["hold"])
    item.news = False
    item.given_up = state["over"]
    item.looked = state["looked"]
    item.next_look = now + state["next_look"]
    item.deadline = now + state["deadline"]
    item.missing_since = None if state["missing_for"] is None else now - state["missing_for"]
    return item
