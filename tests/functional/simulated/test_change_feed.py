# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Many Nova operations are watched through the list of changed servers."""

from __future__ import annotations

import pytest
from ansible_collections.cloudgate.operations.plugins.module_utils._model.reference import Reference
from simulated.helpers import CLOUDS, Clock, add, connect_to, sent, task, wait_with
from simulator import Simulator

COUNT = 12
ACTIONS = "os-instance-actions"
FEED = "/servers/detail"


def begin(sim: Simulator, provider: str, **plan: object) -> Reference:
    """Begin an action on a server of its own."""
    server = add(sim, provider, kind="create").resource_id
    names = sim.add_operation(CLOUDS[provider][0], "reboot", resource_id=server, **{"started": 0, **plan})
    return Reference(names["operation_id"], names["resource_id"])


@pytest.mark.parametrize("provider", ["openstack", "huaweicloud_ecs"])
def test_one_request_shows_all_changes(sim: Simulator, clock: Clock, provider: str) -> None:
    references = [begin(sim, provider, duration=100 + 40 * number) for number in range(COUNT)]
    began = clock.now
    outcome, failure = wait_with(connect_to(provider, task(sim, provider)), clock, *references, poll_min=1.5)
    assert failure is None
    assert [each.state for each in outcome.operations] == ["succeeded"] * COUNT
    assert clock.now - began <= 100 + 40 * (COUNT - 1) + 5
    assert sent(sim, FEED)
    assert len(sent(sim, ACTIONS)) < COUNT * 40


def test_a_failure_is_noticed_within_seconds(sim: Simulator, clock: Clock) -> None:
    references = [begin(sim, "openstack", duration=7000) for _number in range(COUNT)]
    references[5] = begin(sim, "openstack", duration=500, fail=True)
    began = clock.now
    _outcome, failure = wait_with(connect_to("openstack", task(sim, "openstack")), clock, *references)
    assert failure is not None
    assert failure["operation"]["operation_id"] == references[5].operation_id
    assert clock.now - began <= 500 + 10


def test_deletions_are_in_the_feed(sim: Simulator, clock: Clock) -> None:
    servers = [add(sim, "openstack", kind="create").resource_id for _number in range(COUNT)]
    names = [sim.add_operation("openstack", "delete", resource_id=each, duration=300, started=0) for each in servers]
    references = [Reference(each["operation_id"], each["resource_id"]) for each in names]
    began = clock.now
    outcome, failure = wait_with(connect_to("openstack", task(sim, "openstack")), clock, *references)
    assert (failure, len(outcome.operations)) == (None, COUNT)
    assert clock.now - began <= 300 + 10


def test_a_cloud_that_refuses_the_list_is_polled_one_by_one(sim: Simulator, clock: Clock) -> None:
    sim.add_fault(path=FEED, status=403, times=None)
    references = [begin(sim, "openstack", duration=300) for _number in range(COUNT)]
    outcome, failure = wait_with(connect_to("openstack", task(sim, "openstack")), clock, *references)
    assert failure is None
    assert len(sent(sim, FEED)) == 1
    (warning,) = outcome.warnings
    assert warning.endswith("The change feed of openstack cannot be used, so each operation is polled individually.")


@pytest.mark.parametrize("provider", ["otc_ecs", "fujitsu_k5", "ecl_compute"])
def test_an_undocumented_list_is_not_requested(sim: Simulator, clock: Clock, provider: str) -> None:
    references = [begin(sim, provider, duration=100) for _number in range(COUNT)]
    _outcome, failure = wait_with(connect_to(provider, task(sim, provider)), clock, *references)
    assert failure is None
    assert not [each for each in sent(sim, FEED) if "changes-since" in str(each.get("query", each["path"]))]
