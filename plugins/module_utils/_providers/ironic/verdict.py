# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The verdict on a change of a node's provision or power state. Pure.

Ironic stores the target and takes the reservation before it answers, so an idle node without the wanted state has
failed to reach it. C(last_error) alone does not tell: an aborted rescue leaves it empty. A failed state alone does not
tell either: a failed verification returns to C(enroll), and a failed power change leaves the power state unchanged.
Private to this collection.
"""

from __future__ import annotations

from typing import Any, Mapping, Optional

from ..._model.operation import State
from ..expecting import Verdict
from ..paths import text

# The states that an action can end in (ironic/common/states.py STABLE_STATES), and the power states.
PROVISION = ("active", "available", "enroll", "manageable", "rescue")
POWER = ("power on", "power off")
EXPECTS = (*PROVISION, *POWER)
_BUSY = frozenset(
    (
        "verifying", "adopting", "inspecting", "inspect wait", "cleaning", "clean wait", "clean hold", "deploying",
        "deploy hold", "wait call-back", "deleting", "rescuing", "rescue wait", "unrescuing", "servicing",
        "service wait", "service hold",
    )
)  # fmt: skip


def verdict(expect: str, node: Mapping[str, Any]) -> Verdict:
    """Return the verdict on a change of a node. node: the response. Never raises."""
    field = "power_state" if expect in POWER else "provision_state"
    shown, target = text(node, field), text(node, f"target_{field}")
    said = f"{field} is {shown}"
    if field == "provision_state" and _is_failed(shown):
        return _locked(node, said) or Verdict(State.FAILED, _with_error(said, node))
    if target or shown in _BUSY:
        return Verdict(State.RUNNING, f"{said}, and the target is {target}" if target else said)
    locked = _locked(node, said)
    if locked:
        return locked
    unread = [name for name in (f"target_{field}", "reservation") if not _is_text(node, name)]
    if shown == expect and unread:
        return Verdict(State.UNKNOWN, f"{said}, and the API does not show {unread[0]}")
    if shown == expect:
        return Verdict(State.SUCCEEDED, said)
    if field == "provision_state" and shown not in PROVISION:
        return Verdict(State.UNKNOWN, f"{said}, an unknown value")
    return Verdict(State.FAILED, _with_error(f"{said}, not {expect}, and the node is idle", node))


def _is_text(node: Mapping[str, Any], name: str) -> bool:
    """Return whether a field has a text or null. Ironic shows each field that a request names."""
    return name in node and (node[name] is None or isinstance(node[name], str))


def _is_failed(shown: Any) -> bool:
    """Return whether this provision state is a failure, whose target remains: the node waits for an operator."""
    return str(shown).endswith(" failed") or shown == "error"


def _locked(node: Mapping[str, Any], said: str) -> Optional[Verdict]:
    """Return RUNNING while a conductor holds the node: until then it refuses the next action."""
    host = text(node, "reservation")
    return Verdict(State.RUNNING, f"{said}, and {host} still holds the node") if host else None


def _with_error(said: str, node: Mapping[str, Any]) -> str:
    error = text(node, "last_error")
    return f"{said}: {error}" if error else said
