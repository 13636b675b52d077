# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An action that is judged after later ones of the same server."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from lab.bench import Bench
from lab.client import Client
from lab.scenario import Prepare, Prepared, Scenario, action, delete_it, in_turn, is_idle
from lab.scenarios.attach import IMAGE
from lab.scenarios.live_migrate import LIVE
from lab.scenarios.power import REBUILD, SOFT, START, STOP, fails
from lab.scenarios.resize import CONFIRM, RESIZE

RESET = {"os-resetState": {"state": "active"}}
SLOW_REBOOT = {"lab_reboot": "sleep=2"}
Act = Callable[[Bench, str], Any]


def asks(body: dict[str, Any], as_admin: bool = False) -> Act:
    """Ask for another action."""

    def act(bench: Bench, server: str) -> None:
        user: Client = bench.admin if as_admin else bench.demo
        bench.act(server, body, user)

    return act


def confirmed_by_itself(bench: Bench) -> Prepared:
    """Resize where Nova confirms the resizes that are older than a second."""
    found = action(RESIZE)(bench)
    bench.set_option("resize_confirm_window", 1)

    def during(_server: str, seen: dict[str, Any], _seconds: float) -> Any:
        if seen["server"]["status"] == "VERIFY_RESIZE":
            bench.run_periodic("_poll_unconfirmed_resizes")
        return during

    return Prepared(found.server, found.send, during)


def followed(prepare: Prepare, *steps: tuple[tuple[str, ...], Act]) -> Prepare:
    """Perform these actions in order, each when the server is idle in one of its statuses."""

    def prepared(bench: Bench) -> Prepared:
        found = prepare(bench)
        return Prepared(found.server, found.send, in_turn(bench, *((is_idle(*when), act) for when, act in steps)))

    return prepared


def boot(metadata: dict[str, str]) -> Prepare:
    """Boot with these wishes."""
    return lambda bench: Prepared(None, lambda: bench.create(metadata))


# A rebuild fails, and leaves the server in ERROR; only the first destruction fails.
BREAKS = {"lab_destroy": "fail=InternalError,times=1", **SLOW_REBOOT}
BROKEN = (
    (("ACTIVE",), asks(REBUILD)),
    (("ERROR",), asks(RESET, as_admin=True)),
    (("ACTIVE",), asks(SOFT)),
)
SCENARIOS = (
    Scenario(
        "create_then_rebuild_failed",
        "a creation, and then: rebuild (fails), reset-state, reboot, deletion",
        followed(boot(BREAKS), *BROKEN, (("ACTIVE",), delete_it)),
        outcome="succeeded",
        quiet=4,
    ),
    Scenario(
        "create_image_then_rebuild_failed",
        "a createImage, and then: rebuild (fails), reset-state, reboot, deletion",
        followed(action(IMAGE, BREAKS), *BROKEN, (("ACTIVE",), delete_it)),
        outcome="succeeded",
        quiet=4,
    ),
    Scenario(
        "resize_then_confirmed",
        "a resize, and then: confirmation, reboot, stop",
        followed(
            action(RESIZE, SLOW_REBOOT),
            (("VERIFY_RESIZE",), asks(CONFIRM)),
            (("ACTIVE",), asks(SOFT)),
            (("ACTIVE",), asks(STOP)),
        ),
        outcome="succeeded",
        quiet=4,
    ),
    Scenario(
        "resize_confirmed_by_itself",
        "a resize that Nova confirms by itself (resize_confirm_window)",
        confirmed_by_itself,
        outcome="succeeded",
        quiet=4,
    ),
    Scenario(
        "resize_failed_then_rebooted",
        "a resize that fails at its target, and then: reset-state, reboot",
        followed(
            action(RESIZE, {"lab_finish_migration": "fail=InternalError", **SLOW_REBOOT}),
            (("ERROR",), asks(RESET, as_admin=True)),
            (("ACTIVE",), asks(SOFT)),
        ),
        outcome="failed",
        quiet=4,
    ),
    Scenario(
        "stop_then_started",
        "a stop, and then: start, stop, deletion",
        followed(action(STOP), (("SHUTOFF",), asks(START)), (("ACTIVE",), asks(STOP)), (("SHUTOFF",), delete_it)),
        outcome="succeeded",
        quiet=4,
    ),
    Scenario(
        "live_migrate_then_stopped",
        "a live migration that fails at its destination, and then: stop",
        followed(action(LIVE, fails("pre_live_migration"), as_admin=True), (("ACTIVE",), asks(STOP))),
        outcome="failed",
        quiet=4,
    ),
)
