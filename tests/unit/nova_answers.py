# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Answers of Nova about one instance action, as the tests of its provider write them."""

from __future__ import annotations

from typing import Any, Dict, Optional

from ansible_collections.cloudgate.operations.plugins.module_utils._model.reference import Reference

ACTION = "servers/s1/os-instance-actions/req-1"
ACTIONS = "servers/s1/os-instance-actions"
SERVER = "servers/s1"
REFERENCE = Reference("req-1", "s1")
ACTIVE = {"server": {"status": "ACTIVE", "OS-EXT-STS:task_state": None}}


def event(name: str, start: int, finish: Optional[int] = None, result: Optional[str] = None, **more: Any) -> Any:
    return {
        "event": name,
        "start_time": f"2026-11-21T12:00:{start:02}.000000",
        "finish_time": None if finish is None else f"2026-11-21T12:00:{finish:02}.000000",
        "result": result,
        **more,
    }


def action(name: str, *events: Any, **more: Any) -> Dict[str, Any]:
    """Return an instance action; its events are given oldest first and shown newest first, as Nova does."""
    body = {
        "action": name,
        "instance_uuid": "s1",
        "request_id": "req-1",
        "user_id": "u1",
        "project_id": "p1",
        "start_time": "2026-11-21T12:00:00.000000",
        "updated_at": "2026-11-21T12:00:30.000000",
        "message": None,
        "events": list(reversed(events)),
        **more,
    }
    return {"instanceAction": body}


BUILD = "compute__do_build_and_run_instance"
RUNNING = action("reboot", event("compute_reboot_instance", 1))
DONE = action("reboot", event("compute_reboot_instance", 1, 9, "Success"))
