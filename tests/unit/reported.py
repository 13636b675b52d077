# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Operations as module results have them, for the tests of reports."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any, Dict, List, Optional

from ansible_collections.cloudgate.operations.plugins.module_utils._model.times import format_time, seconds_between

AT = datetime(2026, 11, 21, 16, 10, tzinfo=timezone.utc)


def ago(seconds: Optional[float]) -> Optional[datetime]:
    """Return a moment before that of the report."""
    return None if seconds is None else AT - timedelta(seconds=seconds)


def _timed(begun: Optional[float], ended: Optional[float]) -> Dict[str, Any]:
    start, end = ago(begun), ago(ended)
    return {"started_at": format_time(start), "finished_at": format_time(end), "duration": seconds_between(start, end)}


def step(name: str, state: str, begun: Optional[float], ended: Optional[float] = None, **more: Any) -> Dict[str, Any]:
    """Return a step; its times are seconds before the report."""
    return {"name": name, "state": state, "result": None, "error": None, "host": None, **_timed(begun, ended), **more}


def operation(state: str, begun: Optional[float] = 100.0, ended: Optional[float] = None, **more: Any) -> Dict[str, Any]:
    """Return an operation; its times are seconds before the report."""
    steps = more.get("steps", [])
    fields: Dict[str, Any] = {
        "provider": "openstack",
        "operation_id": "req-1",
        "resource_id": "server-1",
        "resource_type": "server",
        "type": "resize",
        "state": state,
        "reason": f"it is {state}",
        "raw_status": None,
        "error": None,
        "warning": None,
        "updated_at": None,
        "retries": len(steps) - len({each["name"] for each in steps}),
        "steps": [],
    }
    return {**fields, **_timed(begun, ended), **more}


def wait(operations: List[Dict[str, Any]], **more: Any) -> Dict[str, Any]:
    """Return the result of wait_for_operation for these."""
    succeeded = all(each["state"] == "succeeded" for each in operations)
    counts = {"elapsed": 181.2, "polls": 43, "requests": 61, "tolerated_errors": 2, "last_error": None}
    return {"operations": operations, "succeeded": succeeded, **counts, **more}


def retried() -> Dict[str, Any]:
    """Return a resize of which a step failed, was tried again, and whose last step failed."""
    steps = [
        step("compute_prep_resize", "failed", 90, 80, error="No room on host one."),
        step("compute_prep_resize", "succeeded", 75, 60, host="two"),
        step("compute_finish_resize", "failed", 60, 50, error="No valid host was found."),
    ]
    return operation("failed", 100, 50, steps=steps, reason="compute_finish_resize failed: No valid host was found.")
