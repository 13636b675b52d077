# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The invariants that hold whatever a cloud answers, checked without the code under test."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from ansible_collections.cloudgate.operations.plugins.module_utils._model.errors import GateError
from ansible_collections.cloudgate.operations.plugins.module_utils._model.operation import Operation
from fuzz.scenes import Scene
from fuzz.successes import SERVICES, shows_success

STATES = {"pending", "running", "succeeded", "failed", "unknown"}
KINDS = {"input", "auth", "forbidden", "missing", "throttled", "transport", "protocol"}
LONGEST = 20_000  # characters of anything that is shown: a few texts in a sentence
NOVA = ("openstack", "otc_ecs", "huaweicloud_ecs", "fujitsu_k5", "ecl_compute")
# Where each API says that all went well: the way to the word, the words, and where an error would be.
_JOB = (("status",), ("success",), ("fail_reason", "error_code"))
_WORDS = {
    "ecl_vna": (("status",), ("complete",), ("error",)),
    "ecl_mlb": (("status",), ("complete",), ("error",)),
    "huaweicloud_job": _JOB,
    "otc_job": _JOB,
    "rds": (("status",), ("completed",), ("fail_reason",)),
    "gaussdb-nosql": (("status",), ("completed",), ("fail_reason",)),
    "elb": (("status",), ("success", "complete"), ("error_msg", "error_code")),
    "cce": (("status", "phase"), ("success",), ()),
    "huaweicloud_modelarts": (("operation_status",), ("success",), ("operation_error.message",)),
    "expect": (("status",), ("running", "stopped"), ()),
    "azure": (("status",), ("succeeded",), ("error.message", "error.code")),
    "job": _JOB,
    "picture": (("status",), ("success",), ("fail_reason",)),
}
_NOVA_STATUSES = {
    "ACTIVE", "DELETED", "PAUSED", "RESCUE", "RESIZE", "SHELVED", "SHELVED_OFFLOADED", "SHUTOFF", "SOFT_DELETED",
    "SUSPENDED", "VERIFY_RESIZE", "MIGRATING", "PASSWORD", "REBOOT", "HARD_REBOOT", "REBUILD", "REVERT_RESIZE",
    "UNKNOWN",
}  # fmt: skip
_IDS = (("id",), ("job_id",), ("operation_id",), ("name",), ("metadata", "uid"))
_LAUNCHED = "OS-SRV-USG:launched_at"
_CONFIRM = ("confirmResize", "revertResize")
# Actions that Nova's state policy allows for a server that was never built are not among these.
_NEEDS_A_GUEST = (
    "reboot stop start resize migrate confirmResize revertResize pause unpause suspend resume rescue unrescue shelve"
    " shelveOffload unshelve live-migration live_migration_cancel live_migration_force_complete changePassword"
    " createImage createBackup restore attach_volume detach_volume swap_volume extend_volume attach_interface"
    " detach_interface attach_share detach_share trigger_crash_dump"
).split()
_PROOFS = {"resize": _CONFIRM, "migrate": _CONFIRM, "create": _NEEDS_A_GUEST}
_NO_EVENTS = ("resetState", "refresh_volume_attachment")


class Broken(AssertionError):
    """An invariant is violated."""


def demand(holds: object, what: str) -> None:
    """Assert, also with -O."""
    if not holds:
        raise Broken(what)


def check_error(error: GateError) -> None:
    """An error of ours is a sentence, and one of the kinds that are documented."""
    demand(error.kind in KINDS, f"an error of kind {error.kind}")
    shown = error.as_dict()
    demand(isinstance(shown["message"], str) and shown["message"], "an error without a sentence")
    check_shown(shown)


def check_shown(shown: Any) -> None:
    """Check that a result can be written as JSON in UTF-8, and contains no control characters."""
    text = json.dumps(shown, allow_nan=False, ensure_ascii=False)
    text.encode()
    for value in _texts(shown):
        demand(value.isprintable(), f"{value[:60]!r} is shown as it came")
        demand(len(value) <= LONGEST, f"{len(value)} characters are shown")


def check_operation(operation: Operation) -> None:
    """An operation is in its normal form, and survives being handed on."""
    shown = operation.as_dict()
    demand(shown["state"] in STATES, f"the state {shown['state']!r}")
    demand({step["state"] for step in shown["steps"]} <= STATES, "a step in an undocumented state")
    demand(isinstance(shown["reason"], str), "a reason that is no text")
    check_shown(shown)
    whole = operation.as_dict(raw=True)
    json.dumps(whole, allow_nan=False, ensure_ascii=False).encode()
    demand(Operation.from_dict(json.loads(json.dumps(shown))).as_dict() == shown, "handing it on changes it")
    str(operation).encode()


def check_success(scene: Scene, found: Operation, served: Mapping[str, bytes], last: str = "") -> None:
    """Check that the answers contain the success: in the one word for it, once and without an error.

    last: the path of the last request.
    """
    if found.state != "succeeded":
        return
    if scene.provider in SERVICES or scene.replies:
        shown = shows_success(scene, {path: parsed(body) for path, body in served.items()}, found, last)
        demand(shown, "a success that the answers do not show")
        return
    asked = scene.references[0].operation_id if scene.ask == "show" else None
    named = [str(name).partition("?")[0].rpartition("/")[2].casefold() for name in (asked, found.operation_id)]
    claimed = asked and found.operation_id
    demand(not claimed or named[0] == named[1], f"the success of another operation, {found.operation_id}")
    bodies = {path: parsed(body) for path, body in served.items()}
    if scene.provider in NOVA:
        demand(any(_nova_shows_success(bodies, found)), "a success of which neither an event nor the server tells")
        return
    tops = [top for body in bodies.values() for top in _tops(scene, body) if isinstance(top, dict)]
    telling = [top for top in tops if _shows_success(scene, top)]
    demand(telling, "a success in a word that does not mean it, or with an error")
    if asked or (scene.ask == "show" and scene.references[0].expect):
        demand(any(_says_something(_at(top, each)) for top in telling for each in _IDS), "a success of no operation")


def parsed(body: bytes) -> Any:
    """Parse JSON. A key with two values gets one that equals neither. Return None for invalid JSON."""
    try:
        return json.loads(body.decode("utf-8", "replace"), object_pairs_hook=_once)
    except (ValueError, RecursionError):
        return None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        found[key] = value if key not in found or found[key] == value else object()
    return found


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)


def _api(scene: Scene) -> str:
    """Return the name of an API in the table above."""
    if scene.references[0].expect:
        return "expect"
    definition = scene.options.get("definition") or {}
    custom = "picture" if "to_string" in definition.get("state", "") else "job" if "show" in definition else "azure"
    return str(scene.options.get("service") or (custom if definition else scene.provider))


def _tops(scene: Scene, body: Any) -> list[Any]:
    """Return the objects that are operations."""
    if not isinstance(body, dict):
        return []
    several = body.get("operations") or body.get("jobs") or []
    return [body, body.get("operation"), body.get("job"), *(several if isinstance(several, list) else [])]


def _at(top: Any, way: tuple[str, ...]) -> Any:
    for name in way:
        top = top.get(name) if isinstance(top, dict) else None
    return top


def _shows_success(scene: Scene, top: Mapping[str, Any]) -> bool:
    definition = scene.options.get("definition") or {}
    if "done" in definition.get("state", ""):  # its own rule: done, and no error
        return top.get("done") is True and not top.get("error")
    way, words, errors = _WORDS[_api(scene)]
    word = _at(top, way)
    wrong = [_at(top, tuple(each.split("."))) for each in errors]
    return isinstance(word, str) and word.lower() in words and not any(map(_says_something, wrong))


def _says_something(value: Any) -> bool:
    if isinstance(value, (dict, list)):
        return any(map(_says_something, value.values() if isinstance(value, dict) else value))
    return value not in (None, False, "")


def _nova_shows_success(bodies: Mapping[str, Any], found: Operation) -> Iterator[bool]:
    servers = [body.get("server") for body in bodies.values() if isinstance(body, dict)]
    status = next((each.get("status") for each in servers if isinstance(each, dict)), None)
    gone = not any(isinstance(each, dict) for each in servers) or status == "DELETED"
    for action in _actions(bodies, found):
        events, kind = action.get("events"), action.get("action")
        listed = events if isinstance(events, list) else []
        results = [event.get("result") for event in listed if isinstance(event, dict)]
        yield any(isinstance(result, str) and result.lower() == "success" for result in results)
        yield kind == "delete" and (gone or status == "SOFT_DELETED")
        yield not events and kind in _NO_EVENTS
        yield (events is None or None in results) and isinstance(status, str) and status in _NOVA_STATUSES
        yield kind == "create" and any(isinstance(each, dict) and each.get(_LAUNCHED) for each in servers)
        deletion = (action.get("request_id"), "delete")
        yield kind == "confirmResize" and any(_name_of(row) == deletion for row in _rows(bodies))
        yield any(later in _PROOFS.get(str(kind), ()) for later in (row.get("action") for row in _rows(bodies)))


def _actions(bodies: Mapping[str, Any], found: Operation) -> Iterator[Mapping[str, Any]]:
    """Return the actions with their events, and the one in question from a list, if its own answer is about another.

    Two actions of one request share an id, by which Nova shows only one of them.
    """
    shown = [body.get("instanceAction") for body in bodies.values() if isinstance(body, dict)]
    whole = [action for action in shown if isinstance(action, dict)]
    yield from whole
    wanted = (found.operation_id, found.type)
    if not any(_name_of(action) == wanted for action in whole):
        yield from (row for row in _rows(bodies) if _name_of(row) == wanted)


def _name_of(action: Mapping[str, Any]) -> tuple[Any, Any]:
    return action.get("request_id"), action.get("action")


def _rows(bodies: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Return the actions in lists."""
    for body in bodies.values():
        rows = body.get("instanceActions") if isinstance(body, dict) else None
        yield from (row for row in rows or [] if isinstance(row, dict))
