# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Operations that the cloud does not know, yet or any more. In simulated time: nothing here sleeps."""

from __future__ import annotations

from typing import Any, Dict, List, Sequence

import pytest
from ansible_collections.cloudgate.operations.plugins.module_utils._model.errors import (
    MissingError,
)
from ansible_collections.cloudgate.operations.plugins.module_utils._model.operation import State
from ansible_collections.cloudgate.operations.plugins.module_utils._model.reference import Reference
from ansible_collections.cloudgate.operations.tests.unit.simulated_time import (
    NEVER,
    RUNS,
    World,
)


def test_an_operation_may_appear_late() -> None:
    world = World({"a": (30, State.SUCCEEDED)})
    world.cloud.appears = 20
    assert world.wait(missing_grace=60)[1] is None


@pytest.mark.parametrize("options", [{"missing": "fail"}, {"missing_grace": 15}])
def test_an_operation_that_never_appears_is_missing(options: Dict[str, Any]) -> None:
    world = World({"a": RUNS})
    world.cloud.appears = NEVER
    outcome, failure = world.wait(**options)
    assert failure is not None
    assert failure["kind"] == "missing"
    assert failure["message"].startswith("1 of 1 operation failed. a of server-1 is missing: 404")
    assert ("It did not appear within 15 s." in failure["message"]) is ("missing_grace" in options)
    assert outcome.elapsed < 20


class OneMissing:
    """A world in which one of three operations never appears."""

    def __init__(self) -> None:
        self.world = World({"a": (100, State.SUCCEEDED), "b": RUNS, "c": (200, State.SUCCEEDED)})
        seen = self.world.cloud.seen
        setattr(  # noqa: B010 - mypy forbids the plain way
            self.world.cloud, "seen", lambda each: seen(each) if each.operation_id != "b" else self.error()
        )

    @staticmethod
    def error() -> MissingError:
        return MissingError("404: Action not found.", code="404", request_id="req-7")


@pytest.mark.parametrize("on_failure", ["finish", "report"])
def test_one_that_is_missing_counts_as_failed_and_the_others_are_waited_for(on_failure: str) -> None:
    outcome, failure = OneMissing().world.wait(on_failure=on_failure)
    assert [each.state for each in outcome.operations] == [State.SUCCEEDED, State.FAILED, State.SUCCEEDED]
    assert [each.missing for each in outcome.operations] == [False, True, False]
    assert outcome.elapsed >= 200
    assert failure is not None
    assert (failure["kind"], failure["code"], failure["request_id"]) == ("missing", "404", "req-7")
    assert "b of server-1 is missing" in failure["message"]


def test_one_that_is_missing_does_not_keep_any_other_from_opening_the_gate() -> None:
    outcome, failure = OneMissing().world.wait(wait_for="any")
    assert failure is None
    assert 100 <= outcome.elapsed < 115


def test_one_that_failed_and_one_that_is_missing_is_a_failure() -> None:
    made = OneMissing()
    made.world.cloud.ends["c"] = (90, State.FAILED)
    _outcome, failure = made.world.wait(on_failure="finish")
    assert failure is not None
    assert (failure["kind"], failure["message"].startswith("2 of 3 operations failed.")) == ("failed", True)


def test_an_operation_that_reappeared_has_its_whole_grace_again() -> None:
    world = World({"a": (100, State.SUCCEEDED)})
    world.cloud.faults = [(begin, begin + 8, MissingError("404: Action not found.")) for begin in (5, 60)]
    assert world.wait(missing_grace=20, poll_min=2, poll_max=2)[1] is None


def latest(world: World, newest: Any) -> List[Reference]:
    """Wait for the latest operation. newest: returns its name at an age, or None. Return the polled references."""
    asked: List[Reference] = []

    def poll(references: Sequence[Reference]) -> List[Any]:
        asked.extend(references)
        names = [newest(world.clock.age) if each.latest else each.operation_id for each in references]
        return [name and world.cloud.show(name) for name in names]

    setattr(world.cloud, "poll", poll)  # noqa: B010 - mypy forbids the plain way
    world.references = lambda _name: Reference(resource_id="server-1", latest=True, action="resize", verify="ACTIVE")
    return asked


def test_the_latest_operation_may_appear_late_too() -> None:
    world = World({"a": (0, State.SUCCEEDED)})
    latest(world, lambda age: "a" if age > 10 else None)
    assert world.wait()[1] is None


def test_the_latest_operation_stays_the_one_that_was_found() -> None:
    world = World({"first": (30, State.SUCCEEDED)})
    asked = latest(world, lambda age: "first" if age < 10 else "second")
    outcome, failure = world.wait()
    assert failure is None
    assert outcome.operations[0].operation_id == "first"
    assert asked[1:] == [Reference("first", "server-1", action="resize", verify="ACTIVE")] * (len(asked) - 1)
