# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Waits for operations after a mark of the resource: never for an older operation, whatever the clocks show."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.cloudgate.operations.plugins.module_utils._model.operation import State
from ansible_collections.cloudgate.operations.plugins.module_utils._model.reference import Query, Reference
from ansible_collections.cloudgate.operations.plugins.module_utils._module.base import reference_from
from ansible_collections.cloudgate.operations.plugins.module_utils._module.marks import mark_of, marks_from, named_after
from ansible_collections.cloudgate.operations.plugins.module_utils._providers.base import Provider
from simulated.helpers import CLOUDS, Clock, add, connect_to, task, wait_with
from simulator import Simulator

LISTING = ["openstack", "otc_ecs", "huaweicloud_ecs", "fujitsu_k5", "ecl_compute", "ecl_vna", "ecl_mlb"]


def after(connected: Provider, resource_id: str, action: str | None = None) -> Reference:
    """Mark a resource as operation_info does. Return the reference to its later operations."""
    mark = mark_of(connected.info.name, resource_id, connected.list(Query(resource_id)))
    (given,) = marks_from({"mark": mark, "operations": []}, connected.info.name)
    return reference_from(connected.info, named_after(given, action))


@pytest.mark.parametrize("fails", [True, False])
@pytest.mark.parametrize("provider", LISTING)
def test_only_what_is_new_is_waited_for(provider: str, fails: bool, sim: Simulator, clock: Clock) -> None:
    old = add(sim, provider, fail=not fails)
    connected = connect_to(provider, task(sim, provider))
    named = after(connected, str(old.resource_id))
    clock.now += 2
    new = add(sim, provider, resource_id=old.resource_id, fail=fails, duration=100, started=0)
    outcome, failure = wait_with(connected, clock, named)
    assert [(each.operation_id, each.state) for each in outcome.operations] == [
        (new.operation_id, State.FAILED if fails else State.SUCCEEDED)
    ]
    assert (failure is not None) is fails
    assert outcome.elapsed >= 90


@pytest.mark.parametrize("provider", LISTING)
def test_an_old_operation_opens_no_gate(provider: str, sim: Simulator, clock: Clock) -> None:
    old = add(sim, provider)
    connected = connect_to(provider, task(sim, provider))
    outcome, failure = wait_with(connected, clock, after(connected, str(old.resource_id)), missing_grace=60)
    assert failure is not None
    assert (failure["kind"], outcome.operations[0].missing) == ("missing", True)
    assert f"There is no such operation: a new operation of {old.resource_id}." in failure["message"]


def test_each_new_one_is_waited_for(sim: Simulator, clock: Clock) -> None:
    old = add(sim, "openstack")
    connected = connect_to("openstack", task(sim, "openstack"))
    named = after(connected, str(old.resource_id))
    server: dict[str, Any] = {"resource_id": old.resource_id, "started": 0}
    clock.now += 2
    first = add(sim, "openstack", kind="os-stop", duration=20, **server)
    clock.now += 3
    second = add(sim, "openstack", kind="os-start", duration=90, fail=True, **server)
    outcome, failure = wait_with(connected, clock, named)
    assert [each.operation_id for each in outcome.operations] == [first.operation_id, second.operation_id]
    assert failure is not None and failure["operation"]["operation_id"] == second.operation_id


def test_an_action_says_which_of_them_is_meant(sim: Simulator, clock: Clock) -> None:
    old = add(sim, "openstack")
    connected = connect_to("openstack", task(sim, "openstack"))
    named = after(connected, str(old.resource_id), "start")
    server: dict[str, Any] = {"resource_id": old.resource_id, "started": 0}
    clock.now += 2
    add(sim, "openstack", kind="os-stop", duration=20, fail=True, **server)
    second = add(sim, "openstack", kind="os-start", duration=20, **server)
    outcome, failure = wait_with(connected, clock, named)
    assert failure is None
    assert [each.operation_id for each in outcome.operations] == [second.operation_id]


def test_an_operation_of_the_same_second_is_new_if_it_was_not_listed(sim: Simulator, clock: Clock) -> None:
    old = add(sim, "openstack", started=0, duration=0)
    connected = connect_to("openstack", task(sim, "openstack"))
    named = after(connected, str(old.resource_id))
    new = add(sim, "openstack", resource_id=old.resource_id, started=0, duration=30)
    outcome, failure = wait_with(connected, clock, named)
    assert failure is None
    assert [each.operation_id for each in outcome.operations] == [new.operation_id]


@pytest.mark.parametrize("provider", LISTING)
def test_each_of_several_resources_needs_a_new_operation(provider: str, sim: Simulator, clock: Clock) -> None:
    """Some APIs list the operations of all resources together."""
    connected = connect_to(provider, task(sim, provider))
    old = [add(sim, provider), add(sim, provider, **other_resource(sim, provider))]
    named = [after(connected, str(each.resource_id)) for each in old]
    clock.now += 2
    new = add(sim, provider, resource_id=old[0].resource_id, duration=30, started=0)
    outcome, failure = wait_with(connected, clock, *named, missing_grace=60, on_failure="finish")
    assert failure is not None and failure["kind"] == "missing"
    assert [(each.operation_id, each.state) for each in outcome.operations] == [
        (new.operation_id, State.SUCCEEDED),
        (None, State.FAILED),
    ]


def other_resource(sim: Simulator, provider: str) -> dict[str, Any]:
    if provider in ("ecl_vna", "ecl_mlb"):
        return {"resource_id": "b0b0b0b0-0000-4000-8000-000000000001"}
    return {"resource_id": sim.clouds[CLOUDS[provider][0]]["server_ids"][1]}


def test_a_resource_without_operations_can_be_marked_too(sim: Simulator, clock: Clock) -> None:
    """An appliance of ECL, whose operations are kept for a while only."""
    elsewhere = add(sim, "ecl_vna")
    connected = connect_to("ecl_vna", task(sim, "ecl_vna"))
    named = after(connected, "never-used")
    new = add(sim, "ecl_vna", resource_id="never-used", started=0, duration=30)
    outcome, failure = wait_with(connected, clock, named)
    assert failure is None
    assert [each.operation_id for each in outcome.operations] == [new.operation_id] != [elsewhere.operation_id]
