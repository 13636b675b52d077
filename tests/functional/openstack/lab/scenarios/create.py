# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Boot a server."""

from __future__ import annotations

from lab.bench import Bench, Metadata, held
from lab.scenario import Prepare, Prepared, Scenario, delete_it, in_turn, let_go, task


def create(metadata: Metadata | None = None, flavor: str = "1", driver: str | None = None) -> Prepare:
    """Boot, perhaps with another virt driver."""

    def prepare(bench: Bench) -> Prepared:
        if driver:
            bench.use_driver(driver)
        return Prepared(None, lambda: bench.create(metadata, flavor))

    return prepare


def create_deleted_meanwhile(bench: Bench) -> Prepared:
    """Delete the server as soon as it spawns."""
    steps = ((task("spawning"), delete_it), (task("deleting"), let_go))
    return Prepared(None, lambda: bench.create(held("spawn")), in_turn(bench, *steps))


SCENARIOS = (
    Scenario("create_ok", "boot, success", create()),
    Scenario("create_slow", "boot, spawn takes 2 s", create({"lab_spawn": "sleep=2"})),
    Scenario(
        "create_fail_abort", "boot, FakeBuildAbortDriver: no reschedule", create(driver="LabFakeBuildAbortDriver")
    ),
    Scenario(
        "create_reschedule",
        "boot, FakeRescheduleDriver: first host fails, second works",
        create(driver="LabFakeRescheduleDriver"),
    ),
    Scenario(
        "create_reschedule_exhausted",
        "boot, every spawn fails: retries are used up",
        create({"lab_spawn": "fail=ComputeResourcesUnavailable,sleep=0.4"}),
    ),
    Scenario("create_no_valid_host", "boot, no valid host (cell0)", create(flavor="3")),
    Scenario("create_deleted_meanwhile", "boot; the server is deleted during spawn", create_deleted_meanwhile, quiet=3),
)
