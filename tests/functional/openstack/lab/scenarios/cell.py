# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The database of a cell does not answer for a while, during an action and after it."""

from __future__ import annotations

import threading
from typing import Any

from lab.bench import Bench
from lab.scenario import During, Prepare, Prepared, Scenario, action
from lab.scenarios.attach import attach_volume
from lab.scenarios.live_migrate import LIVE
from lab.scenarios.power import START, STOP, fails, stopped
from lab.scenarios.resize import RESIZE

SECONDS = 2.0  # the cell is down; Nova's services do not retry their queries, so they must sleep for longer
ASLEEP = "sleep=8"  # a busy machine notices late that the sleep began, and may not outlast it


def outage(bench: Bench, begins: Any) -> During:
    """Cut the cell off for C(SECONDS) as soon as the observed state matches."""

    def cut(_server: str, seen: dict[str, Any], _seconds: float) -> Any:
        if not begins(seen):
            return cut
        bench.set_cell_down(True)
        threading.Timer(SECONDS, bench.set_cell_down, [False]).start()  # while polls of the dead cell hang
        return None

    return cut


def cut_off(prepare: Prepare, begins: Any) -> Prepare:
    """Let the cell fail during an action, or after it."""

    def prepared(bench: Bench) -> Prepared:
        found = prepare(bench)
        return Prepared(found.server, found.send, outage(bench, begins))

    return prepared


def in_event(name: str) -> Any:
    """Return a condition: this event is open."""
    return lambda seen: any(
        event["event"] == name and not event["finish_time"]
        for event in (seen["instanceAction"] or {}).get("events") or []
    )


def all_finished(seen: dict[str, Any]) -> bool:
    """Return a condition: all events have finished, and the server has no task."""
    events = (seen["instanceAction"] or {}).get("events")
    return bool(events) and all(event["finish_time"] for event in events) and not seen["server"]["task_state"]


def migrates_without_an_open_event(seen: dict[str, Any]) -> bool:
    """Return a condition: the source has handed the work to a thread, which no event shows."""
    events = (seen["instanceAction"] or {}).get("events") or []
    names = [event["event"] for event in events if event["finish_time"]]
    return len(names) == len(events) and "compute_pre_live_migration" in names


def build_gives_up(bench: Bench) -> Prepared:
    """Boot with a driver that refuses every build."""
    bench.use_driver("LabFakeBuildAbortDriver")
    return Prepared(None, bench.create)


SLOW = {"lab_finish_migration": ASLEEP}


def cell_down(name: str, when: str, prepare: Prepare, begins: Any, outcome: str = "succeeded") -> Scenario:
    """Describe an action during which, or after which, the cell does not answer."""
    what = f"the cell does not answer for {SECONDS} s {when}"
    return Scenario(f"cell_down_{name}", what, cut_off(prepare, begins), quiet=12, limit=45, outcome=outcome)


SCENARIOS = (
    cell_down("resize", "in a resize", action(RESIZE, SLOW), in_event("compute_finish_resize")),
    cell_down(
        "live_migrate",
        "in a live migration, whose events have all ended",
        action(LIVE, {"lab_live_migration": ASLEEP}, as_admin=True),
        migrates_without_an_open_event,
    ),
    cell_down("stop", "in a stop", action(STOP, {"lab_power_off": ASLEEP}), in_event("compute_stop_instance")),
    cell_down("after_build_gave_up", "when a build has given up", build_gives_up, all_finished, "failed"),
    cell_down("after_start", "after a start", action(START, before=stopped), all_finished),
    cell_down("after_stop_fail", "after a stop that failed", action(STOP, fails("power_off")), all_finished, "failed"),
    cell_down("after_attach_volume", "after an attach", attach_volume(), all_finished),
)
