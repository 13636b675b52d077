# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The waiter, in simulated time: nothing here sleeps."""

from __future__ import annotations

import pytest
from ansible_collections.cloudgate.operations.plugins.module_utils.errors import (
    AuthError,
    InputError,
    MissingError,
    ThrottledError,
    TransportError,
)
from ansible_collections.cloudgate.operations.plugins.module_utils.operation import Operation, State
from ansible_collections.cloudgate.operations.plugins.module_utils.providers.base import Reference
from ansible_collections.cloudgate.operations.plugins.module_utils.waiter import Waiter, WaitOptions
from hypothesis import given
from hypothesis import strategies as st


class World:
    """A cloud whose operations end at set seconds, and the clock that moves only when somebody sleeps or asks."""

    def __init__(self, ends=None, request=0.1):
        self.now = 1000.0
        self.began = self.now
        self.ends = ends or {}
        self.request = request
        self.looks = []
        self.faults = []
        self.appears = 0.0

    def clock(self):
        return self.now

    def sleep(self, seconds):
        assert seconds > 0
        self.now += seconds

    def look(self, reference):
        self.now += self.request
        self.looks.append((self.now - self.began, reference.operation_id))
        age = self.now - self.began
        for begin, end, error in self.faults:
            if begin <= age < end:
                raise error
        if age < self.appears:
            raise MissingError("404: Action not found")
        second, state = self.ends.get(reference.operation_id, (float("inf"), State.SUCCEEDED))
        now = state if age >= second else State.RUNNING
        return Operation("openstack", reference.operation_id, "server-1", now, "so the cloud says", type="resize")

    def wait(self, *names, **options):
        waiter = Waiter("openstack", self.look, WaitOptions(**options), self.clock, self.sleep, chance=lambda: 0.5)
        return waiter.wait([Reference(name, "server-1") for name in names])


def test_opens_when_all_succeeded():
    world = World({"a": (10, State.SUCCEEDED), "b": (50, State.SUCCEEDED)})
    outcome = world.wait("a", "b")
    assert outcome.failure is None
    assert [each.operation_id for each in outcome.operations] == ["a", "b"]
    assert 50 <= outcome.elapsed < 57
    assert outcome.polls == len(world.looks)


def test_nothing_to_wait_for_is_no_wait():
    outcome = World().wait()
    assert (outcome.failure, outcome.elapsed, outcome.polls) == (None, 0.0, 0)


def test_what_is_over_is_not_asked_again():
    world = World({"a": (0, State.SUCCEEDED), "b": (100, State.SUCCEEDED)})
    world.wait("a", "b")
    assert [name for _moment, name in world.looks].count("a") == 1


def test_the_delay_grows():
    world = World({"a": (300, State.SUCCEEDED)})
    world.wait("a", poll_min=2, poll_max=30)
    gaps = [later - earlier for (earlier, _a), (later, _b) in zip(world.looks, world.looks[1:])]
    assert gaps[0] == pytest.approx(2.1)
    assert gaps == sorted(gaps)
    assert gaps[-1] <= 30.2


def test_a_failure_ends_the_wait_at_once():
    world = World({"a": (10, State.FAILED), "b": (500, State.SUCCEEDED)})
    outcome = world.wait("a", "b")
    assert outcome.elapsed < 13
    assert outcome.failure["kind"] == "failed"
    assert outcome.failure["message"] == "1 of 2 operations failed. resize a of server-1 failed: so the cloud says."
    assert outcome.failure["operation"]["operation_id"] == "a"
    assert [each.state for each in outcome.operations] == [State.FAILED, State.RUNNING]


@pytest.mark.parametrize("on_failure", ["finish", "report"])
def test_a_failure_can_let_the_others_finish(on_failure):
    world = World({"a": (10, State.FAILED), "b": (100, State.SUCCEEDED)})
    outcome = world.wait("a", "b", on_failure=on_failure)
    assert outcome.elapsed >= 100
    assert outcome.failure["kind"] == "failed"
    assert outcome.operations[1].state == State.SUCCEEDED


def test_any_opens_at_the_first_success():
    world = World({"a": (10, State.FAILED), "b": (20, State.SUCCEEDED), "c": (900, State.SUCCEEDED)})
    outcome = world.wait("a", "b", "c", wait_for="any")
    assert outcome.failure is None
    assert outcome.elapsed < 25


def test_any_fails_when_none_can_succeed_any_more():
    outcome = World({"a": (10, State.FAILED), "b": (20, State.FAILED)}).wait("a", "b", wait_for="any")
    assert outcome.failure["kind"] == "failed"


def test_the_time_out_is_not_a_failure_of_the_operation_and_says_so():
    world = World()
    outcome = world.wait("a", timeout=60)
    assert outcome.failure["kind"] == "timeout"
    assert outcome.failure["message"].startswith("Timed out after 60 s waiting for 1 of 1 operation: resize a")
    assert "goes on waiting" in outcome.failure["message"]
    assert world.looks[-1][0] == pytest.approx(60, abs=0.2)


def test_a_time_out_of_zero_looks_once_at_each():
    world = World({"a": (0, State.SUCCEEDED)})
    outcome = world.wait("a", "b", timeout=0, delay=5)
    assert [name for _moment, name in world.looks] == ["a", "b"]
    assert outcome.failure["kind"] == "timeout"
    assert [each.state for each in outcome.operations] == [State.SUCCEEDED, State.RUNNING]


def test_the_first_look_comes_after_the_delay():
    world = World({"a": (0, State.SUCCEEDED)})
    world.wait("a", delay=7)
    assert world.looks[0][0] == pytest.approx(7.1)


def test_an_outage_is_waited_out_and_counted():
    world = World({"a": (100, State.SUCCEEDED)})
    world.faults = [(20, 60, TransportError("no answer"))]
    outcome = world.wait("a")
    assert outcome.failure is None
    assert outcome.tolerated_errors > 1
    assert outcome.last_error == "no answer"


def test_an_outage_up_to_the_deadline_is_a_time_out_that_names_it():
    world = World()
    world.faults = [(0, 1e9, TransportError("no answer"))]
    outcome = world.wait("a", timeout=30)
    assert outcome.failure["kind"] == "timeout"
    assert outcome.failure["message"].endswith("tolerated errors: no answer")
    assert outcome.elapsed == pytest.approx(30, abs=0.5)


def test_retry_after_is_obeyed():
    world = World({"a": (100, State.SUCCEEDED)})
    world.faults = [(0, 1, ThrottledError("slow down", retry_after=45))]
    world.wait("a")
    assert world.looks[1][0] - world.looks[0][0] == pytest.approx(45.1)


def test_refused_credentials_end_the_wait_at_once():
    world = World()
    world.faults = [(10, 1e9, AuthError("refused", code="401", request_id="req-9"))]
    outcome = world.wait("a")
    assert outcome.elapsed < 15
    failure = outcome.failure
    assert (failure["kind"], failure["code"], failure["request_id"]) == ("auth", "401", "req-9")
    assert failure["operation"]["state"] == State.RUNNING


def test_the_failure_names_the_operation_that_it_is_about():
    world = World({"a": (900, State.SUCCEEDED)})
    look = world.look

    def refuse_b(reference):
        if reference.operation_id == "b":
            raise AuthError("refused")
        return look(reference)

    world.look = refuse_b
    assert world.wait("a", "b").failure["operation"]["operation_id"] == "b"


def test_an_operation_may_appear_late():
    world = World({"a": (30, State.SUCCEEDED)})
    world.appears = 20
    assert world.wait("a", missing_grace=60).failure is None


@pytest.mark.parametrize("options", [{"missing": "fail"}, {"missing_grace": 15}])
def test_an_operation_that_never_appears_is_missing(options):
    world = World()
    world.appears = 1e9
    outcome = world.wait("a", **options)
    assert outcome.failure["kind"] == "missing"
    assert outcome.elapsed < 20


def test_the_latest_operation_may_appear_late_too():
    world = World({"a": (0, State.SUCCEEDED)})
    look = world.look
    world.look = lambda reference: look(reference) if world.now > world.began + 10 else world.sleep(0.1)
    assert world.wait("a").failure is None


def test_the_latest_operation_stays_the_one_that_was_found():
    world = World({"first": (30, State.SUCCEEDED), "second": (900, State.SUCCEEDED)})
    asked = []

    def look(reference):
        asked.append(reference)
        newest = "first" if world.now < world.began + 10 else "second"
        return World.look(world, Reference(newest, "server-1") if reference.latest else reference)

    world.look = look
    latest = Reference(resource_id="server-1", latest=True, action="resize", verify="ACTIVE")
    outcome = Waiter("openstack", look, WaitOptions(), world.clock, world.sleep, lambda: 0.5).wait([latest])
    assert outcome.failure is None
    assert outcome.operations[0].operation_id == "first"
    assert asked[1:] == [Reference("first", "server-1", verify="ACTIVE")] * (len(asked) - 1)


def test_a_long_list_is_cut_short_in_the_sentence():
    names = [f"op-{number}" for number in range(50)]
    outcome = World(dict.fromkeys(names, (0, State.FAILED))).wait(*names, on_failure="finish")
    assert outcome.failure["message"].startswith("50 of 50 operations failed.")
    assert "and 47 more" in outcome.failure["message"]


@pytest.mark.parametrize(
    "options", [{"timeout": -1}, {"poll_min": float("nan")}, {"poll_max": float("inf")}, {"poll_min": 9, "poll_max": 3}]
)
def test_contradictory_options_are_refused(options):
    with pytest.raises(InputError):
        WaitOptions(**options).check()


states = st.sampled_from([State.SUCCEEDED, State.FAILED])
ends = st.lists(st.tuples(st.floats(0, 900), states), min_size=1, max_size=8)
faults = st.lists(st.tuples(st.floats(0, 600), st.floats(0, 600)), max_size=4)


@given(ends, faults, st.floats(0, 600), st.sampled_from(["all", "any"]), st.sampled_from(["fail", "finish"]))
def test_never_early_never_open_on_a_failure_never_past_the_deadline(plan, outages, timeout, wait_for, on_failure):
    world = World({str(number): end for number, end in enumerate(plan)})
    world.faults = [(begin, begin + length, TransportError("no answer")) for begin, length in outages]
    outcome = world.wait(*world.ends, timeout=timeout, wait_for=wait_for, on_failure=on_failure)
    age = world.now - world.began
    assert outcome.elapsed <= timeout + 2.2 + world.request * len(plan)
    good = [age >= second and state == State.SUCCEEDED for second, state in plan]
    if outcome.failure is None:
        assert all(good) if wait_for == "all" else any(good)
    elif outcome.failure["kind"] == "failed":
        assert any(age >= second and state == State.FAILED for second, state in plan)
    else:
        assert outcome.failure["kind"] == "timeout"
        assert age >= timeout
