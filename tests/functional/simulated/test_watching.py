# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The event source on simulated clouds, in their time."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ansible_collections.cloudgate.operations.plugins.plugin_utils._watch.memory import Memory
from ansible_collections.cloudgate.operations.plugins.plugin_utils._watch.options import checked, plans, watch_options
from ansible_collections.cloudgate.operations.plugins.plugin_utils._watch.watch import Watch
from ansible_collections.cloudgate.operations.tests.unit.simulated_time import SimulatedWorkers
from simulated.helpers import Clock, add, task
from simulator import Simulator

LISTING = ["openstack", "otc_ecs", "huaweicloud_ecs", "fujitsu_k5", "ecl_compute", "ecl_vna", "ecl_mlb"]
Told = list[tuple[str, Any, str]]


def watch(clock: Clock, memory: Memory, **arguments: Any) -> Watch:
    given = checked(arguments)
    workers = SimulatedWorkers(clock, latency=lambda: 0.0)
    watched = plans(given, {}, lambda _secret: None)
    return Watch(watched, watch_options(given), memory, workers, clock, lambda: 0.5)


def run(source: Watch, clock: Clock, until: float) -> Told:
    """Watch until then and return what was reported."""
    reported = []
    while clock.now < until:
        changes = source.poll()
        for change in changes:
            event = change.event()
            reported.append((event["operation"]["operation_id"], event["previous_state"], event["operation"]["state"]))
            source.report(change)
        if not changes:
            clock.now += source.pause
    return reported


@pytest.mark.parametrize("provider", LISTING)
def test_new_operations_are_reported_for_every_api_that_lists(provider: str, sim: Simulator, clock: Clock) -> None:
    old = add(sim, provider, fail=True)
    memory = Memory()
    started = clock.now
    options = {"provider": provider, "changes_since": str(int(started)), **task(sim, provider)}
    source = watch(clock, memory, resources=[old.resource_id], **options)
    assert run(source, clock, started + 100) == []
    new = add(sim, provider, resource_id=old.resource_id, fail=True, duration=200, started=0)
    reported = run(source, clock, started + 1000)
    assert {each[0] for each in reported} == {new.operation_id}
    assert reported[-1][2] == "failed"
    assert [after[1] for after in reported] == [None] + [before[2] for before in reported[:-1]]
    again = watch(clock, memory, resources=[old.resource_id], **options)
    assert run(again, clock, clock.now + 1000) == []


def test_an_operation_without_its_resource_is_reported_once(sim: Simulator, clock: Clock) -> None:
    named = add(sim, "ecl_vna", duration=100, started=0)
    source = watch(
        clock,
        Memory(),
        provider="ecl_vna",
        operations=[{"operation_id": named.operation_id}],
        resources=[named.resource_id],
        changes_since=str(int(clock.now) - 60),
        **task(sim, "ecl_vna"),
    )
    assert run(source, clock, clock.now + 500) == [
        (named.operation_id, None, "running"),
        (named.operation_id, "running", "succeeded"),
    ]


def test_a_delete_is_followed_to_its_end(sim: Simulator, clock: Clock, tmp_path: Path) -> None:
    """On a cloud that shows nothing of deleted servers, and across a restart."""
    memory = Memory(str(tmp_path / "state"))
    memory.open()
    named = add(sim, "fujitsu_k5", kind="delete", duration=100, started=0)
    options = {
        "provider": "fujitsu_k5",
        "resources": [named.resource_id],
        "changes_since": str(int(clock.now) - 60),
        **task(sim, "fujitsu_k5"),
    }
    reported = run(watch(clock, memory, **options), clock, clock.now + 50)
    assert reported == [(named.operation_id, None, "pending"), (named.operation_id, "pending", "running")]
    memory.save()
    memory.close()
    again = Memory(memory.path)
    again.open()
    assert run(watch(clock, again, **options), clock, clock.now + 500) == [(named.operation_id, "running", "succeeded")]
