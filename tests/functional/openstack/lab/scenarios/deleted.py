# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Servers that are deleted during an action, deletions that leave no record, and a create that leaves none."""

from __future__ import annotations

from lab.bench import Bench, held
from lab.client import Answer
from lab.scenario import Prepare, Prepared, Scenario, action, delete_it, in_turn, is_gone, let_go, task
from lab.scenarios.attach import BACKUP, IMAGE
from lab.scenarios.live_migrate import evacuate
from lab.scenarios.power import REBUILD
from lab.scenarios.resize import RESIZE


def deleted_in(prepare: Prepare, *tasks: str) -> Prepare:
    """Delete the server when it has one of these tasks; what is held up in it continues when the server is gone."""
    steps = ((task(*tasks), delete_it), (is_gone, let_go))

    def prepared(bench: Bench) -> Prepared:
        found = prepare(bench)
        return Prepared(found.server, found.send, in_turn(bench, *steps))

    return prepared


def second_delete(bench: Bench) -> Prepared:
    """Delete a server that is being deleted."""
    server = bench.boot(held("destroy"))

    def send() -> Answer:
        delete_it(bench, server)
        bench.wait_until(lambda: bench.server(server)["task_state"] == "deleting", "it is not being deleted")
        return bench.demo.delete(f"/servers/{server}")

    return Prepared(server, send, in_turn(bench, (lambda _seen: True, let_go)))


def delete_resized(bench: Bench) -> Prepared:
    """Delete a server in VERIFY_RESIZE: Nova confirms the resize in the same request."""
    server = bench.resized()
    return Prepared(server, lambda: bench.demo.delete(f"/servers/{server}"))


def delete_while_scheduling(bench: Bench) -> Prepared:
    """Delete a server that no host was chosen for yet."""
    bench.set_bus_delay(3)
    server = bench.create().body["server"]["id"]
    return Prepared(server, lambda: bench.demo.delete(f"/servers/{server}"))


def create_deleted_while_scheduling(bench: Bench) -> Prepared:
    """Judge the creation of a server that is deleted before a host was chosen."""

    def send() -> Answer:
        bench.set_bus_delay(1.5)
        return bench.create()

    return Prepared(None, send, in_turn(bench, (lambda _seen: True, delete_it)))


def create_without_quota(bench: Bench) -> Prepared:
    """Use the quota up between the request and the scheduling."""

    def send() -> Answer:
        bench.set_bus_delay(1.5)
        answer = bench.create()
        bench.set_option("instances", 0, "quota")
        return answer

    return Prepared(None, send)


SCENARIOS = (
    Scenario(
        "rebuild_deleted",
        "deleted during a rebuild",
        deleted_in(action(REBUILD, held("spawn")), "rebuild_spawning"),
        outcome="failed",
        quiet=3,
    ),
    Scenario(
        "create_image_deleted",
        "deleted during a createImage",
        deleted_in(action(IMAGE, held("snapshot")), "image_snapshot", "image_pending_upload"),
        outcome="failed",
        shown_by="nothing",
        quiet=4,
    ),
    Scenario(
        "create_backup_deleted",
        "deleted during a createBackup",
        deleted_in(action(BACKUP, held("snapshot")), "image_backup"),
        outcome="failed",
        quiet=4,
    ),
    Scenario(
        "resize_deleted",
        "deleted during a resize",
        deleted_in(action(RESIZE, held("finish_migration")), "resize_finish"),
        outcome="failed",
        quiet=4,
    ),
    Scenario(
        "evacuate_deleted",
        "deleted during an evacuation",
        deleted_in(evacuate(held("spawn")), "rebuild_spawning"),
        outcome="failed",
        evacuated=True,
        quiet=4,
    ),
    Scenario("second_delete", "deleted once more while it is being deleted", second_delete, named="delete", quiet=4),
    Scenario("delete_resized", "the deletion in VERIFY_RESIZE", delete_resized, named="delete", quiet=3),
    Scenario(
        "delete_resized_confirm",
        "what confirms the resize at the deletion in VERIFY_RESIZE",
        delete_resized,
        named="confirmResize",
        quiet=3,
    ),
    Scenario("delete_while_scheduling", "deleted while scheduling", delete_while_scheduling, named="delete", quiet=4),
    Scenario(
        "create_deleted_while_scheduling",
        "the creation, deleted while scheduling",
        create_deleted_while_scheduling,
        named="create",
        outcome="failed",
        quiet=4,
    ),
    Scenario(
        "create_without_quota",
        "the quota is used up between the request and the scheduling",
        create_without_quota,
        named="create",
        outcome="failed",
        quiet=4,
    ),
)
