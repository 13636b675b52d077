# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Shelve, offload, unshelve."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from lab.bench import COMPUTES, Bench, Metadata, Step
from lab.client import control
from lab.scenario import Prepare, Prepared, Scenario

SHELVE = {"shelve": None}
OFFLOAD = {"shelveOffload": None}
UNSHELVE = {"unshelve": None}
SHELVED = (SHELVE, "SHELVED")
OFFLOADED = (SHELVE, "SHELVED_OFFLOADED")


def shelving(
    body: dict[str, Any],
    metadata: Metadata | None = None,
    *,
    keep: bool = False,
    steps: tuple[Step, ...] = (),
    before: Callable[[Bench], None] | None = None,
    as_admin: bool = False,
) -> Prepare:
    """Act on a server that went through these steps; `keep`: it stays on its host when shelved."""

    def prepare(bench: Bench) -> Prepared:
        bench.set_option("shelved_offload_time", -1 if keep else 0)
        server = bench.boot(metadata)
        bench.step(server, *steps)
        if before:
            before(bench)
        return Prepared(server, lambda: bench.act(server, body, bench.admin if as_admin else bench.demo))

    return prepare


def slow_spawn(_bench: Bench) -> None:
    """Let every spawn take 2 s: metadata cannot be changed on a shelved server."""
    control("/env", {"LAB_SPAWN": "sleep=2"})


def failing_spawn(bench: Bench) -> None:
    """Use a driver that fails when it spawns an unshelved server."""
    bench.use_driver("LabFakeUnshelveSpawnFailDriver")


def disable_computes(bench: Bench) -> None:
    """Leave no host."""
    for host in COMPUTES:
        bench.service(host, status="disabled")


SCENARIOS = (
    Scenario("shelve", "shelve (offloads at once, the default)", shelving(SHELVE)),
    Scenario(
        "shelve_slow",
        "shelve, snapshot 1 s and destroy 1 s",
        shelving(SHELVE, {"lab_snapshot": "sleep=1", "lab_destroy": "sleep=1"}),
    ),
    Scenario("shelve_keep", "shelve with shelved_offload_time=-1", shelving(SHELVE, keep=True)),
    Scenario("shelve_fail", "shelve, the snapshot fails", shelving(SHELVE, {"lab_snapshot": "fail=InternalError"})),
    Scenario("shelve_offload", "shelveOffload", shelving(OFFLOAD, keep=True, steps=(SHELVED,), as_admin=True)),
    Scenario(
        "shelve_offload_fail",
        "shelveOffload fails",
        shelving(OFFLOAD, {"lab_destroy": "fail=InternalError"}, keep=True, steps=(SHELVED,), as_admin=True),
    ),
    Scenario("unshelve_shelved", "unshelve of a SHELVED server", shelving(UNSHELVE, keep=True, steps=(SHELVED,))),
    Scenario("unshelve", "unshelve of an offloaded server", shelving(UNSHELVE, steps=(OFFLOADED,))),
    Scenario("unshelve_slow", "unshelve, spawn 2 s", shelving(UNSHELVE, steps=(OFFLOADED,), before=slow_spawn)),
    Scenario(
        "unshelve_fail",
        "unshelve, FakeUnshelveSpawnFailDriver",
        shelving(UNSHELVE, steps=(OFFLOADED,), before=failing_spawn),
    ),
    Scenario(
        "unshelve_no_valid_host",
        "unshelve, nowhere to go",
        shelving(UNSHELVE, steps=(OFFLOADED,), before=disable_computes),
    ),
)
