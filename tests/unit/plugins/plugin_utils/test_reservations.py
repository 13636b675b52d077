# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A reservation turns into its servers during a wait, whole and in slices. In simulated time."""

from __future__ import annotations

from typing import Any, Dict, List, Optional, Sequence, Tuple

import pytest
from ansible_collections.cloudgate.operations.plugins.module_utils._model.errors import MissingError, TransportError
from ansible_collections.cloudgate.operations.plugins.module_utils._model.operation import Operation, State
from ansible_collections.cloudgate.operations.plugins.module_utils._model.reference import Members, Reference
from ansible_collections.cloudgate.operations.plugins.module_utils._polling.outcome import WaitOptions
from ansible_collections.cloudgate.operations.plugins.plugin_utils._wait.slices import SlicedWait
from ansible_collections.cloudgate.operations.tests.unit.simulated_time import Cloud, Ends, World

GOOD, BAD = State.SUCCEEDED, State.FAILED
ALONE = "before", "after"  # operations of the same task that are no servers of the reservation


class Reserving(Cloud):
    """Shows its servers from set seconds on; the reservation is the operation C(r-1)."""

    def __init__(self, clock: Any, ends: Ends, shown: Dict[str, float]) -> None:
        super().__init__(clock, {**dict.fromkeys(("before", "r-1", "after"), (5.0, GOOD))})
        self.servers, self.shown = ends, shown

    def seen(self, reference: Reference) -> Any:
        if not reference.reservation_id:
            return super().seen(reference)
        found: Optional[Operation] = None
        if reference.resource_id:
            self.polls.append((self.clock.age, reference.resource_id))
            second, state = self.servers[reference.resource_id]
            state = state if self.clock.age >= second else State.RUNNING
            found = Operation("openstack", "req-1", reference.resource_id, state, "so it is", type="create")
            if state != GOOD:
                return found
        names = [name for name in self.servers if self.clock.age >= self.shown.get(name, 0.0)]
        if not names and not found:
            return MissingError("Nova shows no server of it.")
        return Members([reference.of_server(each) for each in names], found)


def world_of(ends: Ends, shown: Optional[Dict[str, float]] = None, alone: Sequence[str] = ALONE) -> World:
    world = World({})
    cloud = Reserving(world.clock, ends, shown or {})
    cloud.ends = {name: end for name, end in cloud.ends.items() if name in (*alone, "r-1")}
    world.clouds = [cloud]
    world.references = lambda name: (
        Reference("req-1", reservation_id=name, action="create") if name == "r-1" else Reference(name, "server-1")
    )
    return world


def in_slices(world: World, **options: Any) -> Dict[str, Any]:
    def run_slice(part: Dict[str, Any]) -> Dict[str, Any]:
        return world.run_slice(dict(part, seconds=5.0), WaitOptions(**options), startup=0.5)

    return SlicedWait(run_slice, lambda *_seen: None, world.clock, world.clock.sleep).run()


def reported(operations: Sequence[Any]) -> List[Tuple[str, str]]:
    shown = [each if isinstance(each, dict) else each.as_dict() for each in operations]
    return [(each["resource_id"], each["state"]) for each in shown]


def test_every_server_has_its_place_among_the_operations() -> None:
    outcome, failure = world_of({"s1": (20, GOOD), "s2": (90, GOOD)}).wait()
    assert failure is None
    assert reported(outcome.operations) == [("server-1", GOOD), ("s1", GOOD), ("s2", GOOD), ("server-1", GOOD)]
    assert outcome.elapsed >= 90


def test_slices_report_the_same() -> None:
    ends: Ends = {"s1": (20, GOOD), "s2": (90, GOOD), "s3": (0, GOOD)}
    outcome, _failure = world_of(ends).wait()
    result = in_slices(world_of(ends))
    assert reported(result["operations"]) == reported(outcome.operations)
    assert result["succeeded"] is True


@pytest.mark.parametrize("sliced", [False, True])
def test_a_server_that_is_shown_late_is_waited_for(sliced: bool) -> None:
    world = world_of({"s1": (20, GOOD), "s2": (200, GOOD), "s3": (30, GOOD)}, {"s2": 15.0})
    operations = in_slices(world)["operations"] if sliced else world.wait()[0].operations
    assert reported(operations) == [
        ("server-1", GOOD),
        *((each, GOOD) for each in ("s1", "s3", "s2")),
        ("server-1", GOOD),
    ]
    assert world.clock.age >= 200


@pytest.mark.parametrize("sliced", [False, True])
def test_one_server_that_fails_keeps_the_gate_shut(sliced: bool) -> None:
    world = world_of({"s1": (20, GOOD), "s2": (40, BAD)})
    if sliced:
        result = in_slices(world)
        failure, operations = result["failure"], result["operations"]
    else:
        outcome, failure = world.wait()
        operations = outcome.operations
    assert failure is not None
    assert (failure["kind"], failure["operation"]["resource_id"]) == ("failed", "s2")
    assert reported(operations)[1:3] == [("s1", GOOD), ("s2", BAD)]


def test_a_reservation_that_never_appears_is_missing() -> None:
    world = world_of({"s1": (20, GOOD)}, {"s1": 10_000.0}, alone=())
    outcome, failure = world.wait(missing_grace=30)
    assert failure is not None
    assert failure["kind"] == "missing"
    assert "It did not appear within 30 s" in failure["message"]
    assert 30 <= outcome.elapsed < 60


def test_a_reservation_that_appears_late_is_found() -> None:
    assert world_of({"s1": (40, GOOD)}, {"s1": 30.0}).wait()[1] is None


def test_a_timeout_names_the_servers_that_have_not_finished() -> None:
    outcome, failure = world_of({"s1": (20, GOOD), "s2": (900, GOOD)}).wait(timeout=60)
    assert failure is not None
    assert (failure["kind"], failure["operation"]["resource_id"]) == ("timeout", "s2")
    assert outcome.elapsed == pytest.approx(60, abs=1)


def test_a_limit_of_zero_polls_the_servers_once() -> None:
    outcome, failure = world_of({"s1": (0, GOOD), "s2": (900, GOOD)}, alone=()).wait(timeout=0)
    assert failure is not None
    assert reported(outcome.operations) == [("s1", GOOD), ("s2", State.RUNNING)]


def test_an_outage_at_the_list_is_tolerated() -> None:
    world = world_of({"s1": (20, GOOD), "s2": (30, GOOD)})
    world.cloud.faults = [(0, 60, TransportError("A cell does not answer."))]
    outcome, failure = world.wait()
    assert failure is None
    assert len(outcome.operations) == 4


def test_any_opens_with_the_first_server() -> None:
    outcome, failure = world_of({"s1": (20, GOOD), "s2": (900, GOOD)}, alone=()).wait(wait_for="any")
    assert failure is None
    assert outcome.elapsed < 60


def test_a_reservation_of_a_hundred_is_waited_for_as_many_others_are() -> None:
    outcome, failure = world_of({f"s{number}": (60 + number, GOOD) for number in range(100)}, alone=()).wait()
    assert failure is None
    assert len(outcome.operations) == 100


@pytest.mark.parametrize("timeout_from", ["task", "operation"])
def test_the_limit_also_bounds_servers_found_later(timeout_from: str) -> None:
    world = world_of({"s1": (20, GOOD), "s2": (9000, GOOD)}, {"s2": 15.0})
    outcome, failure = world.wait(timeout=100, timeout_from=timeout_from)
    assert failure is not None
    assert failure["kind"] == "timeout"
    assert outcome.elapsed < 110
