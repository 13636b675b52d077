# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Servers by name: resolved once, and only one server may have the name."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.cloudgate.operations.plugins.module_utils._model.errors import InputError
from ansible_collections.cloudgate.operations.plugins.module_utils._model.reference import Reference
from ansible_collections.cloudgate.operations.plugins.module_utils._module.base import reference_from
from ansible_collections.cloudgate.operations.plugins.module_utils._providers.registry import PROVIDERS
from simulated.helpers import account, add, connect_to, sent, task, wait_with
from simulator import Simulator
from simulator_tests.helpers import Clock, Nova

NOVA = ["openstack", "otc_ecs", "huaweicloud_ecs", "fujitsu_k5", "ecl_compute"]
ODD = ["web-1", "web-10", "old-web-1", "WEB-1", "db.eu (1)+[x]", "Größe 2", "a|b", "^web-1$", "web_1", "."]


def create(sim: Simulator, name: str) -> str:
    """Ask for a server. Return its ID."""
    body: dict[str, Any] = {"server": {"name": name, "flavorRef": "1", "imageRef": "", "networks": []}}
    answer = Nova(sim, "openstack").nova("POST", "", json=body, simulate="duration=30")
    assert answer.status_code == 202, answer.text
    return str(answer.json()["server"]["id"])


def named(provider: str, **given: Any) -> Reference:
    return reference_from(PROVIDERS[provider], {"latest": True, **given})


def lookups(sim: Simulator) -> list[dict[str, Any]]:
    return [each for each in sent(sim, "/servers", "GET") if "name" in each["query"]]


@pytest.mark.parametrize("provider", NOVA)
def test_the_server_of_this_name_is_resolved_once(provider: str, sim: Simulator, clock: Clock) -> None:
    server_id = account(sim, provider)["server_ids"][1]
    add(sim, provider, resource_id=account(sim, provider)["server_ids"][0], fail=True)
    meant = add(sim, provider, resource_id=server_id, duration=300, started=0)
    connected = connect_to(provider, task(sim, provider))
    outcome, failure = wait_with(connected, clock, named(provider, server="server-1"))
    assert failure is None
    assert [(each.resource_id, each.operation_id) for each in outcome.operations] == [(server_id, meant.operation_id)]
    assert len(lookups(sim)) == 1


@pytest.mark.parametrize("name", ODD)
def test_any_name_can_be_given(name: str, sim: Simulator, clock: Clock) -> None:
    for other in (*ODD, "dbxeu (1)+[x]"):
        if other != name:
            create(sim, other)
    server_id = create(sim, name)
    connected = connect_to("openstack", task(sim, "openstack"))
    outcome, failure = wait_with(connected, clock, named("openstack", server=name))
    assert failure is None
    assert [each.resource_id for each in outcome.operations] == [server_id]


def test_a_name_that_two_servers_have_is_refused(sim: Simulator, clock: Clock) -> None:
    both = sorted([create(sim, "web-1"), create(sim, "web-1")])
    connected = connect_to("openstack", task(sim, "openstack"))
    _outcome, failure = wait_with(connected, clock, named("openstack", server="web-1"))
    assert failure is not None
    assert (failure["kind"], failure["message"]) == (
        "input",
        f"2 servers are named web-1: {', '.join(both)}. Give resource_id.",
    )


def test_a_server_that_appears_later_is_waited_for(sim: Simulator, clock: Clock) -> None:
    """Nova shows a new server a moment after its 202."""
    connected = connect_to("openstack", task(sim, "openstack"))
    poll = connected.poll

    def late(reference: Reference) -> Any:
        if reference.server and clock.now < begun + 20:
            return poll(reference)
        if reference.server and not made:
            made.append(create(sim, "web-1"))
        return poll(reference)

    begun, made = clock.now, list[str]()
    connected.poll = late  # type: ignore[method-assign]
    outcome, failure = wait_with(connected, clock, named("openstack", server="web-1"), missing_grace=60)
    assert failure is None
    assert [each.resource_id for each in outcome.operations] == made


def test_an_unknown_name_is_missing(sim: Simulator, clock: Clock) -> None:
    connected = connect_to("openstack", task(sim, "openstack"))
    outcome, failure = wait_with(connected, clock, named("openstack", server="wbe-1"), missing_grace=60)
    assert failure is not None and failure["kind"] == "missing"
    assert "There is no server named wbe-1 in this project (yet)." in failure["message"]
    assert outcome.operations[0].missing


def test_an_id_is_accepted_as_a_name(sim: Simulator, clock: Clock) -> None:
    old = add(sim, "openstack")
    connected = connect_to("openstack", task(sim, "openstack"))
    outcome, failure = wait_with(connected, clock, named("openstack", server=old.resource_id))
    assert failure is None
    assert [each.operation_id for each in outcome.operations] == [old.operation_id]
    assert not lookups(sim)


@pytest.mark.parametrize("provider", sorted(set(PROVIDERS) - set(NOVA) - {"custom"}))
def test_other_resources_have_no_names(provider: str) -> None:
    with pytest.raises(InputError, match=f"server cannot be used with provider {provider}: give resource_id."):
        named(provider, operation_id="1", latest=False, server="web-1")


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"server": "web-1", "resource_id": "x"}, "server and resource_id exclude each other"),
        ({"server": " "}, "server is empty"),
        ({"server": "web-1", "latest": False, "reservation_id": "r-1"}, "reservation_id and server exclude each other"),
    ],
)
def test_a_name_of_no_server_is_refused(given: dict[str, Any], sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        named("openstack", **given)
