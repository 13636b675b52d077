# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Resize, confirm, revert and cold migration."""

from __future__ import annotations

import time
from typing import Any

from lab.bench import Bench, Metadata
from lab.client import control
from lab.scenario import Prepare, Prepared, Scenario, action, after, in_turn

RESIZE = {"resize": {"flavorRef": "2"}}
CONFIRM = {"confirmResize": None}
REVERT = {"revertResize": None}
MIGRATE = {"migrate": None}
stopped = after(({"os-stop": None}, "SHUTOFF"))


def after_resize(body: dict[str, Any], metadata: Metadata | None = None) -> Prepare:
    """Act on a server in VERIFY_RESIZE, where metadata cannot be changed any more."""

    def prepare(bench: Bench) -> Prepared:
        server = bench.resized(metadata)
        return Prepared(server, lambda: bench.act(server, body))

    return prepare


def with_spare_compute(metadata: Metadata) -> Prepare:
    """Resize with two possible destinations."""

    def prepare(bench: Bench) -> Prepared:
        server = bench.boot()
        bench.add_spare_compute()
        bench.set_metadata(server, metadata)
        return Prepared(server, lambda: bench.act(server, RESIZE))

    return prepare


def finish_fail(bench: Bench) -> Prepared:
    """Resize with a driver whose last step fails."""
    server = bench.boot()
    bench.use_driver("LabFakeFinishMigrationFailDriver")
    return Prepared(server, lambda: bench.act(server, RESIZE))


def delivered_late(bench: Bench) -> Prepared:
    """Resize to a compute that is stopped, restart the source, which gives up the task, and start the target then."""
    server = bench.boot(host="cmp1")
    control("/stop/cmp2")
    since = 0.0

    def was_handed_on(seen: dict[str, Any]) -> bool:
        events = (seen["instanceAction"] or {}).get("events") or []
        return bool(events) and all(event["finish_time"] for event in events)

    def restart_source(_bench: Bench, _server: str) -> None:
        nonlocal since
        control("/stop/cmp1")
        control("/start/cmp1")
        since = time.time()

    steps = (
        (was_handed_on, restart_source),
        (lambda _seen: time.time() > since + 2, lambda _bench, _server: control("/start/cmp2")),
    )
    return Prepared(server, lambda: bench.act(server, RESIZE), in_turn(bench, *steps))


SCENARIOS = (
    Scenario("resize", "resize to VERIFY_RESIZE", action(RESIZE)),
    Scenario("resize_slow", "resize, finish_migration 2 s", action(RESIZE, {"lab_finish_migration": "sleep=2"})),
    Scenario(
        "resize_slow_each",
        "resize, each of the three compute steps 1 s",
        action(
            RESIZE,
            {
                "lab_finish_migration": "sleep=1",
                "lab__prep_resize": "sleep=1",
                "lab_migrate_disk_and_power_off": "sleep=1",
            },
        ),
        quiet=2.5,
    ),
    Scenario("resize_stopped", "resize of a stopped server", action(RESIZE, before=stopped)),
    Scenario("resize_no_valid_host", "resize to a flavor that fits nowhere", action({"resize": {"flavorRef": "3"}})),
    Scenario(
        "resize_prep_reschedule",
        "prep_resize fails once: no other host left",
        action(RESIZE, {"lab__prep_resize": "fail=ComputeResourcesUnavailable,times=1"}),
    ),
    Scenario(
        "resize_source_fail",
        "migrate_disk_and_power_off fails on the source",
        action(RESIZE, {"lab_migrate_disk_and_power_off": "fail=InternalError"}),
    ),
    Scenario(
        "resize_rollback",
        "the source refuses: InstanceFaultRollback",
        action(RESIZE, {"lab_migrate_disk_and_power_off": "fail=MigrationPreCheckError"}),
    ),
    Scenario("resize_finish_fail", "resize, FakeFinishMigrationFailDriver: the last step fails", finish_fail),
    Scenario(
        "resize_reschedule_ok",
        "resize, three computes: first destination refuses, second works",
        with_spare_compute({"lab__prep_resize": "fail=ComputeResourcesUnavailable,times=1,sleep=0.3"}),
    ),
    Scenario(
        "resize_reschedule_exhausted",
        "resize, three computes, every destination refuses",
        with_spare_compute({"lab__prep_resize": "fail=ComputeResourcesUnavailable,sleep=0.3"}),
    ),
    Scenario(
        "resize_delivered_late",
        "resize, the target is stopped; the source is restarted and gives up, and the target gets the message then",
        delivered_late,
        quiet=4,
        restart=True,
        outcome="failed",
    ),
    Scenario("confirm_resize", "confirm", after_resize(CONFIRM)),
    Scenario(
        "confirm_resize_slow",
        "confirm, 1.5 s in the driver",
        after_resize(CONFIRM, {"lab_confirm_migration": "sleep=1.5"}),
    ),
    Scenario(
        "confirm_resize_fail",
        "confirm fails in the driver",
        after_resize(CONFIRM, {"lab_confirm_migration": "fail=InternalError"}),
    ),
    Scenario("revert_resize", "revert", after_resize(REVERT)),
    Scenario(
        "revert_resize_slow",
        "revert, each step 1 s",
        after_resize(REVERT, {"lab_destroy": "sleep=1", "lab_finish_revert_migration": "sleep=1"}),
    ),
    Scenario(
        "revert_resize_fail_dest",
        "revert fails on the destination",
        after_resize(REVERT, {"lab_destroy": "fail=InternalError"}),
    ),
    Scenario(
        "revert_resize_fail_source",
        "revert fails on the source",
        after_resize(REVERT, {"lab_finish_revert_migration": "fail=InternalError"}),
    ),
    Scenario("migrate", "cold migrate", action(MIGRATE, as_admin=True)),
    Scenario(
        "migrate_no_valid_host",
        "cold migrate, nowhere to go",
        action(MIGRATE, as_admin=True, before=Bench.disable_other_computes),
    ),
    Scenario(
        "migrate_finish_fail",
        "cold migrate, finish_migration fails",
        action(MIGRATE, {"lab_finish_migration": "fail=InternalError"}, as_admin=True),
    ),
)
