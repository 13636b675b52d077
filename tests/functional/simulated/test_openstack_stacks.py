# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Actions of stacks of a simulated Heat."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

import pytest
from ansible_collections.cloudgate.operations.plugins.module_utils._model.reference import Reference
from simulated.helpers import Clock, connect_to, sent, task, wait_with
from simulator import Simulator

PROVIDER = "openstack_stack"


def begin(sim: Simulator, kind: str = "update", **plan: Any) -> Reference:
    names = sim.add_operation("openstack", f"stack_{kind}", **plan)
    return Reference(names["operation_id"], names["resource_id"])


def login(sim: Simulator) -> dict[str, Any]:
    return task(sim, "openstack")


def latest(reference: Reference, clock: Clock, action: str | None = None) -> Reference:
    since = datetime.fromtimestamp(clock.now - 1, timezone.utc)
    return Reference(resource_id=reference.resource_id, latest=True, since=since, action=action)


@pytest.mark.parametrize("kind", ["update", "delete", "suspend", "check"])
def test_the_gate_opens_when_the_action_has_finished(sim: Simulator, clock: Clock, kind: str) -> None:
    reference = begin(sim, kind, duration=300)
    begun = clock.now
    outcome, failure = wait_with(connect_to(PROVIDER, login(sim)), clock, latest(reference, clock, kind))
    assert (failure, outcome.operations[0].state) == (None, "succeeded")
    assert outcome.operations[0].operation_id == reference.operation_id
    assert 300 <= clock.now - begun <= 370


@pytest.mark.parametrize(("fail", "status"), [("error", "UPDATE_FAILED"), ("canceled", "ROLLBACK_COMPLETE")])
def test_a_failure_keeps_it_shut(sim: Simulator, clock: Clock, fail: str, status: str) -> None:
    reference = begin(sim, "update", duration=300, fail=fail)
    outcome, failure = wait_with(connect_to(PROVIDER, login(sim)), clock, reference)
    assert failure is not None
    assert (failure["kind"], outcome.operations[0].raw_status) == ("failed", status)


def test_a_stack_of_another_project_is_missing(sim: Simulator, clock: Clock) -> None:
    reference = Reference(resource_id="0b1f7c2e-0000-4000-8000-000000000001", latest=True)
    _outcome, failure = wait_with(connect_to(PROVIDER, login(sim)), clock, reference)
    assert failure is not None
    assert failure["kind"] == "missing"
    assert "There is no stack 0b1f7c2e-0000-4000-8000-000000000001 in this project" in failure["message"]


def test_a_mark_and_what_began_after_it(sim: Simulator, run_module: Any) -> None:
    reference = begin(sim, "update", started=100)
    before = run_module("operation_info", provider=PROVIDER, resource_id=reference.resource_id, **login(sim))
    assert [each["type"] for each in before["operations"]] == ["update", "create"]
    new = begin(sim, "check", fail=True, started=50)
    item = {**before["mark"], "latest": True}
    given = {name: item[name] for name in ("resource_id", "latest", "since", "known")}
    result = run_module(
        "wait_for_operation", provider=PROVIDER, operations=[given], poll_min=0.01, timeout=20, **login(sim)
    )
    shown = [(each["operation_id"], each["type"], each["state"]) for each in result["operations"]]
    assert shown == [(new.operation_id, "check", "failed")]


def test_the_id_of_a_request_is_refused_before_a_request(sim: Simulator, run_module: Any) -> None:
    result = run_module(
        "wait_for_operation",
        provider=PROVIDER,
        operation_id="req-1",
        resource_id="0b1f7c2e-0000-4000-8000-000000000001",
        **login(sim),
    )
    assert result["msg"].startswith("operation_id of provider openstack_stack is the ID of an event")
    assert not sent(sim)


def test_no_request_is_redirected(sim: Simulator) -> None:
    reference = begin(sim, "update", started=100)
    assert connect_to(PROVIDER, login(sim)).read(reference) is not None
    assert {each["status"] for each in sent(sim, "/stacks")} == {200}
