# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Live migration, its abort and its forced completion; evacuation."""

from __future__ import annotations

from typing import Any

from lab.bench import Bench, Metadata
from lab.client import Answer
from lab.scenario import Prepare, Prepared, Scenario, action

LIVE = {"os-migrateLive": {"host": None, "block_migration": "auto"}}


def _migrations(bench: Bench, server: str) -> list[dict[str, Any]]:
    return bench.admin.get(f"/servers/{server}/migrations").body["migrations"]


def force(bench: Bench, server: str) -> Answer:
    """Ask for the migration to be completed."""
    migration = _migrations(bench, server)[0]["id"]
    return bench.admin.post(f"/servers/{server}/migrations/{migration}/action", {"force_complete": None})


def abort(bench: Bench, server: str) -> Answer:
    """Ask for the migration to be given up."""
    migration = _migrations(bench, server)[0]["id"]
    return bench.admin.delete(f"/servers/{server}/migrations/{migration}")


def interrupted(interrupt: Any) -> Prepare:
    """Migrate with a driver that continues until it is interrupted, after 1.5 s."""

    def prepare(bench: Bench) -> Prepared:
        server = bench.boot()
        bench.use_driver("LabFakeLiveMigrateDriver")

        def during(_server: str, _now: dict[str, Any], seconds: float) -> Any:
            if seconds < 1.5 or not _migrations(bench, server):
                return during
            return None if interrupt(bench, server).status == 202 else during

        return Prepared(server, lambda: bench.act(server, LIVE, bench.admin), during)

    return prepare


def interruption(interrupt: Any) -> Prepare:
    """Return the action of the abort or force_complete request itself."""

    def prepare(bench: Bench) -> Prepared:
        server = bench.boot()
        bench.use_driver("LabFakeLiveMigrateDriver")
        bench.act(server, LIVE, bench.admin)
        bench.wait_until(
            lambda: [entry["status"] for entry in _migrations(bench, server)] == ["running"],
            "the migration does not run",
        )
        return Prepared(server, lambda: interrupt(bench, server))

    return prepare


def evacuate(metadata: Metadata | None = None, all_down: bool = False) -> Prepare:
    """Evacuate a server from a host that is said to be down."""

    def prepare(bench: Bench) -> Prepared:
        server = bench.boot(metadata, host="cmp1")
        bench.service("cmp1", forced_down=True)
        if all_down:
            bench.service("cmp2", status="disabled")
        return Prepared(server, lambda: bench.act(server, {"evacuate": {}}, bench.admin))

    return prepare


def live(metadata: Metadata | None = None, **options: Any) -> Prepare:
    """Live-migrate as administrator."""
    return action(LIVE, metadata, as_admin=True, **options)


SCENARIOS = (
    Scenario("live_migrate", "live migration", live()),
    Scenario("live_migrate_slow", "live migration, 2 s", live({"lab_live_migration": "sleep=2"})),
    Scenario(
        "live_migrate_check_fail",
        "destination check fails, no other host",
        live({"lab_check_can_live_migrate_destination": "fail=MigrationPreCheckError"}),
    ),
    Scenario(
        "live_migrate_pre_fail",
        "pre_live_migration fails: rolled back",
        live({"lab_pre_live_migration": "fail=InternalError"}),
    ),
    Scenario(
        "live_migrate_fail",
        "live_migration raises in the driver",
        live({"lab_live_migration": "fail=InternalError"}),
    ),
    Scenario("live_migrate_no_valid_host", "live migration, nowhere to go", live(before=Bench.disable_other_computes)),
    Scenario(
        "live_migrate_forced",
        "FakeLiveMigrateDriver, then force_complete after 1.5 s",
        interrupted(force),
        quiet=2,
    ),
    Scenario("live_migrate_aborted", "FakeLiveMigrateDriver, then aborted after 1.5 s", interrupted(abort), quiet=2),
    Scenario("live_migration_force_complete", "the force_complete request", interruption(force), quiet=2),
    Scenario("live_migration_cancel", "the abort request", interruption(abort), quiet=2),
    Scenario("evacuate", "evacuate from a host that is down", evacuate(), evacuated=True),
    Scenario("evacuate_slow", "evacuate, spawn 2 s", evacuate({"lab_spawn": "sleep=2"}), evacuated=True),
    Scenario("evacuate_fail", "evacuate, spawn fails", evacuate({"lab_spawn": "fail=InternalError"}), evacuated=True),
    Scenario("evacuate_no_valid_host", "evacuate, nowhere to go", evacuate(all_down=True), evacuated=True),
)
