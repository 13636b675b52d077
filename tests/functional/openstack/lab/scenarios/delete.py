# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Delete, soft delete, restore."""

from __future__ import annotations

from collections.abc import Callable

from lab.bench import Bench, Metadata, expect, held
from lab.client import control
from lab.scenario import Prepare, Prepared, Scenario, in_turn, let_go, task


def deletion(bench: Bench, server: str) -> Prepared:
    """Delete this server as its owner."""
    return Prepared(server, lambda: bench.demo.delete(f"/servers/{server}"))


def delete(metadata: Metadata | None = None) -> Prepare:
    """Delete an active server."""
    return lambda bench: deletion(bench, bench.boot(metadata))


def soft_delete(bench: Bench) -> Prepared:
    """Delete where deleted servers are kept for a while."""
    server = bench.boot()
    bench.set_option("reclaim_instance_interval", 3600)
    return deletion(bench, server)


def after_soft_delete(body: dict[str, None]) -> Callable[[Bench], Prepared]:
    """Act on a soft-deleted server."""

    def prepare(bench: Bench) -> Prepared:
        deleted = soft_delete(bench)
        server = str(deleted.server)
        expect(deleted.send(), 204)
        bench.wait(server, "SOFT_DELETED")
        return Prepared(server, lambda: bench.act(server, body))

    return prepare


def delete_while_building(bench: Bench) -> Prepared:
    """Delete a server that spawns."""
    server = bench.create(held("spawn")).body["server"]["id"]
    bench.wait_until(lambda: bench.server(server)["task_state"] == "spawning", "it does not spawn", 40)
    request = deletion(bench, server)
    return Prepared(server, request.send, in_turn(bench, (task("deleting"), let_go)))


def delete_compute_down(bench: Bench) -> Prepared:
    """Delete with the compute service down."""
    server = bench.boot(host="cmp1")
    control("/stop/cmp1")
    bench.service("cmp1", forced_down=True)
    return deletion(bench, server)


SCENARIOS = (
    Scenario("delete", "delete", delete(), quiet=2),
    Scenario("delete_slow", "delete, 2 s", delete({"lab_destroy": "sleep=2"}), quiet=2.5),
    Scenario("delete_fail", "delete fails in the driver", delete({"lab_destroy": "fail=InternalError"}), quiet=2),
    Scenario("soft_delete", "soft delete (reclaim_instance_interval > 0)", soft_delete),
    Scenario("restore", "restore a soft-deleted server", after_soft_delete({"restore": None})),
    Scenario("force_delete", "forceDelete a soft-deleted server", after_soft_delete({"forceDelete": None})),
    Scenario("delete_while_building", "delete while the server is being built", delete_while_building),
    Scenario(
        "delete_compute_down",
        "delete while the compute service is down: done by the API",
        delete_compute_down,
        quiet=2,
        restart=True,
    ),
)
