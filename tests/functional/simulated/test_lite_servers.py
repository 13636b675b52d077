# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lite Servers that start, stop, reboot and change their system: no operation id, and for a moment the old status."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

import pytest
from ansible_collections.cloudgate.operations.plugins.module_utils._model.reference import Reference
from simulated.helpers import Clock, account, connect_to, sent, task, wait_with
from simulator import Simulator

PROVIDER = "huaweicloud_modelarts"
CHANGES = [("STARTING", "RUNNING"), ("STOPPING", "STOPPED"), ("REBOOTING", "RUNNING"), ("CHANGINGOS", "RUNNING"),
           ("REINSTALLINGOS", "RUNNING")]  # fmt: skip


def begin(sim: Simulator, change: str, expect: str, **plan: Any) -> Reference:
    sim.add_operation("huaweicloud", change, **plan)
    return Reference(resource_id=account(sim, PROVIDER)["lite_server_id"], expect=expect)


@pytest.mark.parametrize(("change", "expect"), CHANGES)
def test_the_gate_opens_when_the_change_has_finished_and_not_before(
    sim: Simulator, clock: Clock, change: str, expect: str
) -> None:
    reference = begin(sim, change, expect, duration=300)
    begun = clock.now
    outcome, failure = wait_with(connect_to(PROVIDER, task(sim, PROVIDER)), clock, reference)
    assert failure is None
    assert 300 <= clock.now - begun <= 370
    assert outcome.operations[0].raw_status == expect
    paths = {each["path"] for each in sent(sim, "/dev-servers/")}
    assert len(paths) == 1 and paths.pop().endswith(f"/dev-servers/{reference.resource_id}")


@pytest.mark.parametrize(("change", "expect"), CHANGES)
def test_a_change_that_failed_keeps_it_shut(sim: Simulator, clock: Clock, change: str, expect: str) -> None:
    reference = begin(sim, change, expect, duration=300, fail="error")
    outcome, failure = wait_with(connect_to(PROVIDER, task(sim, PROVIDER)), clock, reference)
    assert failure is not None
    assert failure["kind"] == "failed"
    assert str(outcome.operations[0].raw_status).endswith("_FAILED")


GROUP_CHANGES = [("STARTING", "RUNNING"), ("STOPPING", "STOPPED"), ("CHANGINGOS", "ACTIVE")]


@pytest.mark.parametrize(("change", "expect"), GROUP_CHANGES)
@pytest.mark.parametrize("fail", ["", "error"])
def test_the_gate_opens_when_all_servers_of_a_hyperinstance_have_the_status(
    sim: Simulator, clock: Clock, change: str, expect: str, fail: str
) -> None:
    group = account(sim, PROVIDER)["hyperinstance_id"]
    sim.add_operation("huaweicloud", change, resource_id=group, duration=300, fail=fail)
    begun = clock.now
    given = task(sim, PROVIDER, hyperinstance=True)
    _outcome, failure = wait_with(connect_to(PROVIDER, given), clock, Reference(resource_id=group, expect=expect))
    assert (failure["kind"] if failure else None) == ("failed" if fail else None)
    assert 300 <= clock.now - begun <= 370
    assert {each["path"].rpartition("/dev-servers/")[2] for each in sent(sim, "/dev-servers/")} == {
        f"hyperinstance/{group}"
    }


def test_the_old_status_is_never_taken_for_the_new(sim: Simulator, clock: Clock) -> None:
    """At every moment until the reboot has finished, on the first poll or a later one."""
    reference = begin(sim, "REBOOTING", "RUNNING", duration=100)
    provider = connect_to(PROVIDER, task(sim, PROVIDER))
    for _second in range(99):
        seen, fresh = provider.read(reference), connect_to(PROVIDER, task(sim, PROVIDER)).read(reference)
        assert seen is not None and fresh is not None
        assert (seen.state, fresh.state) == ("running", "running")
        clock.advance(1)


def test_a_change_that_finished_before_the_first_poll_needs_since(sim: Simulator, clock: Clock) -> None:
    before = clock.now
    clock.advance(10)
    reference = begin(sim, "REBOOTING", "RUNNING", duration=100)
    clock.advance(200)
    connected = connect_to(PROVIDER, task(sim, PROVIDER))
    _outcome, failure = wait_with(connected, clock, reference)
    assert failure is not None
    assert failure["kind"] == "timeout"
    assert "no other status was seen yet" in failure["message"]
    since = datetime.fromtimestamp(before, timezone.utc)
    found = connected.read(Reference(resource_id=reference.resource_id, expect="RUNNING", since=since))
    assert found is not None
    assert found.state == "succeeded"


def test_since_may_be_what_the_api_said(sim: Simulator, run_module: Any) -> None:
    reference = begin(sim, "REBOOTING", "RUNNING", started=100, duration=10)
    item = {"resource_id": reference.resource_id, "expect": "RUNNING", "since": "1789000000000"}
    result = run_module("wait_for_operation", provider=PROVIDER, operations=[item], timeout=0, **task(sim, PROVIDER))
    assert result["succeeded"], result
