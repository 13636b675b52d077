# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Marks record the operations of a resource, so that a later task can wait for newer ones. Pure.

A mark contains only times of the API, so no other clock decides which operations are new. Private to this collection.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Dict, List, Mapping, Optional, Sequence

from .._model.errors import InputError, located, one_of
from .._model.operation import Operation
from .._model.times import format_time

_SKEW = timedelta(minutes=5)
KEYS = {"provider", "resource_id", "server", "since", "known"}


def mark_of(
    provider: str, resource_id: str, operations: Sequence[Operation], server: Optional[str] = None
) -> Dict[str, Any]:
    """Return the mark of a resource. operations: all of the resource. server: its name, if the task gave that.

    A known operation is never new. An unknown one is new unless it started more than _SKEW before the newest known
    one: the clocks of a cloud's hosts differ by less.
    """
    newest = max((each.started_at for each in operations if each.started_at), default=None)
    known = [each.operation_id for each in operations if each.operation_id]
    since = newest - _SKEW if newest else None
    named = {"provider": provider, "resource_id": resource_id, "server": server}
    return {**named, "since": format_time(since), "known": known}


def marks_from(value: Any, provider: Optional[str] = None) -> List[Mapping[str, Any]]:
    """Return the marks in a registered result. Raises InputError.

    provider: required for the marks; None for any.
    """
    if isinstance(value, list):
        marks: List[Mapping[str, Any]] = []
        for number, each in enumerate(value, start=1):
            with located(one_of("after", number, len(value))):
                marks += marks_from(each, provider)
        return marks
    if not isinstance(value, dict):
        raise InputError(
            "after must be the registered result of operation_info with resource_id, or a list of such results."
        )
    if isinstance(value.get("results"), list):  # of a loop
        return marks_from([each for each in value["results"] if not _was_skipped(each)], provider)
    if value.get("failed"):
        raise InputError("after is the result of a failed task, so it has no record of earlier operations.")
    if isinstance(value.get("marks"), list):
        return marks_from(value["marks"], provider)
    return [_checked(value.get("mark", value), value, provider)]


def _checked(mark: Any, value: Mapping[str, Any], provider: Optional[str]) -> Mapping[str, Any]:
    if not (isinstance(mark, dict) and set(mark) == KEYS and isinstance(mark["known"], list)):
        raise InputError(
            "after must be the registered result of operation_info with resource_id, or a list of such results, "
            f"but it has {_keys(value)}. Run operation_info before the work, and give its result."
        )
    if provider is not None and mark["provider"] != provider:
        raise InputError(f"after is of provider {mark['provider']}, but this task is of provider {provider}.")
    return mark


def named_after(mark: Mapping[str, Any], action: Optional[str], verify: Optional[str] = None) -> Dict[str, Any]:
    """Return the options of a reference to the new operations of a marked resource."""
    return {
        "resource_id": mark["resource_id"],
        "latest": True,
        "since": mark["since"],
        "known": tuple(map(str, mark["known"])),
        "action": action,
        "verify": verify,
    }


def _was_skipped(result: Any) -> bool:
    return isinstance(result, dict) and bool(result.get("skipped"))


def _keys(value: Mapping[str, Any]) -> str:
    return ", ".join(sorted(map(str, value))[:5]) or "nothing"
