# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The verdict on a change of a load balancer, or of an object below it. Pure.

Before it answers, Octavia sets the load balancer and the changed object to C(PENDING_...). The load balancer alone is
wrong: if a change of a listener, pool, member, health monitor or policy fails, Octavia sets that object to C(ERROR) and
the load balancer to C(ACTIVE) (octavia/controller/worker/v2/tasks/lifecycle_tasks.py).
Private to this collection.
"""

from __future__ import annotations

from typing import Any, Iterator, List, Mapping, Optional

from ..._model.operation import State
from ..expecting import Verdict, split_expect
from ..paths import text

ACTIVE, DELETED = "active", "deleted"
EXPECTS = (ACTIVE, DELETED, "active=ID", "deleted=ID")
_ACTIVE, _ERROR, _DELETED, _PENDING = "ACTIVE", "ERROR", "DELETED", "PENDING_"

Node = Mapping[str, Any]


def objects_in(tree: Any) -> Iterator[Node]:
    """Yield the objects of a status tree with an ID, the outermost first. An object may occur several times."""
    values: List[Any] = [tree]
    while values:
        value = values.pop(0)
        if isinstance(value, dict):
            if text(value, "id"):
                yield value
            values += value.values()
        elif isinstance(value, list):
            values += value


def verdict(expect: str, balancer: Node) -> Verdict:
    """Return the verdict on a change. balancer: the load balancer in its status tree. Never raises."""
    name, object_id = split_expect(expect)
    status = status_of(balancer)
    said = f"the load balancer is {status}"
    if status.startswith(_PENDING):
        return Verdict(State.RUNNING, said)
    if status == _DELETED:
        return Verdict(State.SUCCEEDED if name == DELETED else State.FAILED, said)
    if status == _ERROR:
        return Verdict(State.FAILED, said)
    if status != _ACTIVE:
        return Verdict(State.UNKNOWN, f"{said}, an unknown value")
    if not object_id:
        return _whole(balancer, said) if name == ACTIVE else Verdict(State.FAILED, f"{said} again")
    found = object_of(expect, balancer)
    return _deleted(found, object_id) if name == DELETED else _object(found, object_id)


def object_of(expect: str, balancer: Node) -> Optional[Node]:
    """Return the object that must change: the one with an ID in C(expect), else the load balancer."""
    object_id = split_expect(expect)[1]
    if not object_id:
        return balancer
    return next((each for each in objects_in(balancer) if text(each, "id") == object_id), None)


def status_of(node: Node) -> str:
    """Return the provisioning status of an object in capitals; "" if it has none."""
    return (text(node, "provisioning_status") or "").upper()


def _whole(node: Node, said: str) -> Verdict:
    """Judge an active object with the objects below it. One in ERROR may be the one that the request changed."""
    below = [(status_of(each), text(each, "id")) for each in objects_in(node) if each is not node]
    failed = next((each for status, each in below if status == _ERROR), None)
    if failed is not None:
        return Verdict(State.UNKNOWN, f"{said}, but {failed} below it is ERROR: expect active=ID of the changed object")
    for status, each in below:
        if status.startswith(_PENDING):
            return Verdict(State.RUNNING, f"{said}, but {each} below it is {status}")
    return Verdict(State.SUCCEEDED, said)


def _object(found: Optional[Node], object_id: str) -> Verdict:
    if found is None:
        return Verdict(State.FAILED, f"the load balancer is ACTIVE, and has no object {object_id}")
    status = status_of(found)
    said = f"{object_id} is {status}"
    if status.startswith(_PENDING):
        return Verdict(State.RUNNING, said)
    if status == _ACTIVE:
        return _whole(found, said)
    return Verdict(State.FAILED if status == _ERROR else State.UNKNOWN, said)


def _deleted(found: Optional[Node], object_id: str) -> Verdict:
    status = _DELETED if found is None else status_of(found)
    if status == _DELETED:
        return Verdict(State.SUCCEEDED, f"the load balancer is ACTIVE, and has no object {object_id}")
    if status.startswith(_PENDING):
        return Verdict(State.RUNNING, f"{object_id} is {status}")
    known = status in (_ACTIVE, _ERROR)
    return Verdict(
        State.FAILED if known else State.UNKNOWN, f"the load balancer is ACTIVE, and {object_id} is {status}"
    )
