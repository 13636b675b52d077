# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The engine, one group and few operations. In simulated time: nothing here sleeps."""

from __future__ import annotations

from typing import Any, List, Sequence

import pytest
from ansible_collections.cloudgate.operations.plugins.module_utils._model.errors import (
    AuthError,
    MissingError,
    ThrottledError,
    TransportError,
    UnreachableError,
)
from ansible_collections.cloudgate.operations.plugins.module_utils._model.operation import State
from ansible_collections.cloudgate.operations.plugins.module_utils._model.reference import Reference
from ansible_collections.cloudgate.operations.tests.unit.simulated_time import (
    DAY,
    NEVER,
    RUNS,
    World,
)


def test_opens_when_all_succeeded() -> None:
    world = World({"a": (10, State.SUCCEEDED), "b": (50, State.SUCCEEDED)})
    outcome, failure = world.wait()
    assert failure is None
    assert [each.operation_id for each in outcome.operations] == ["a", "b"]
    assert 50 <= outcome.elapsed < 57
    assert outcome.polls == len(world.cloud.polls)


@pytest.mark.parametrize("wait_for", ["all", "any"])
def test_nothing_to_wait_for_is_no_wait(wait_for: str) -> None:
    outcome, failure = World({}).wait(wait_for=wait_for, empty="pass")
    assert (failure, outcome.elapsed, outcome.polls) == (None, 0.0, 0)
    outcome, failure = World({}).wait(wait_for=wait_for)
    assert failure is not None and (failure["kind"], outcome.polls) == ("input", 0)


def test_a_finished_operation_is_not_polled_again() -> None:
    world = World({"a": (0, State.SUCCEEDED), "b": (100, State.SUCCEEDED)})
    world.wait()
    assert world.cloud.count("a") == 1


def test_the_delay_grows() -> None:
    world = World({"a": (300, State.SUCCEEDED)})
    world.wait(poll_min=2, poll_max=20)
    gaps = [later - earlier for earlier, later in zip(world.cloud.asked, world.cloud.asked[1:])]
    assert gaps[0] == pytest.approx(2.1)
    assert gaps == sorted(gaps)
    assert gaps[-1] == pytest.approx(20.1)


def test_an_old_operation_is_polled_less_often() -> None:
    world = World({"a": (200, State.SUCCEEDED)})
    world.cloud.starts["a"] = -300
    world.wait(poll_max=600)
    assert world.cloud.asked[1] == pytest.approx(27, abs=0.2)


def test_a_failure_ends_the_wait_at_once() -> None:
    world = World({"a": (10, State.FAILED), "b": (500, State.SUCCEEDED)})
    outcome, failure = world.wait()
    assert outcome.elapsed < 13
    assert failure is not None
    assert failure["kind"] == "failed"
    assert failure["message"] == "1 of 2 operations failed. resize a of server-1 failed: so the cloud says."
    assert failure["operation"]["operation_id"] == "a"
    assert [each.state for each in outcome.operations] == [State.FAILED, State.RUNNING]


@pytest.mark.parametrize("on_failure", ["finish", "report"])
def test_a_failure_can_let_the_others_finish(on_failure: str) -> None:
    world = World({"a": (10, State.FAILED), "b": (100, State.SUCCEEDED)})
    outcome, failure = world.wait(on_failure=on_failure)
    assert outcome.elapsed >= 100
    assert failure is not None
    assert failure["kind"] == "failed"
    assert outcome.operations[1].state == State.SUCCEEDED


def test_any_opens_at_the_first_success() -> None:
    world = World({"a": (10, State.FAILED), "b": (20, State.SUCCEEDED), "c": (900, State.SUCCEEDED)})
    outcome, failure = world.wait(wait_for="any")
    assert failure is None
    assert outcome.elapsed < 25


def test_any_fails_when_none_can_succeed_any_more() -> None:
    outcome, failure = World({"a": (10, State.FAILED), "b": (20, State.FAILED)}).wait(wait_for="any")
    assert failure is not None
    assert (failure["kind"], outcome.elapsed < 25) == ("failed", True)


def test_the_timeout_is_not_a_failure_of_the_operation_and_says_so() -> None:
    world = World({"a": RUNS})
    _outcome, failure = world.wait(timeout=60)
    assert failure is not None
    assert failure["kind"] == "timeout"
    assert failure["message"].startswith("Timed out after 60 s waiting for 1 of 1 operation: resize a")
    assert "keep waiting" in failure["message"]
    assert world.cloud.asked[-1] == pytest.approx(60)


def test_a_timeout_of_zero_polls_each_once() -> None:
    world = World({"a": (0, State.SUCCEEDED), "b": RUNS})
    outcome, failure = world.wait(timeout=0, delay=5)
    assert [name for _second, name in world.cloud.polls] == ["a", "b"]
    assert failure is not None
    assert failure["kind"] == "timeout"
    assert [each.state for each in outcome.operations] == [State.SUCCEEDED, State.RUNNING]


def test_the_first_poll_comes_after_the_delay() -> None:
    world = World({"a": (0, State.SUCCEEDED)})
    world.wait(delay=7)
    assert world.cloud.asked == [pytest.approx(7)]


def test_errors_of_an_outage_are_tolerated_and_counted() -> None:
    world = World({"a": (100, State.SUCCEEDED)})
    world.cloud.faults = [(20, 60, TransportError("no answer"))]
    outcome, failure = world.wait()
    assert failure is None
    assert outcome.tolerated_errors == sum(20 <= second < 60 for second in world.cloud.asked) > 1
    assert outcome.last_error == "no answer"


def test_an_outage_up_to_the_deadline_is_a_timeout_that_names_it() -> None:
    world = World({"a": RUNS})
    world.cloud.faults = [(0, NEVER, TransportError("no answer"))]
    outcome, failure = world.wait(timeout=30)
    assert failure is not None
    assert failure["kind"] == "timeout"
    assert failure["message"].endswith("tolerated errors: no answer")
    assert outcome.elapsed == pytest.approx(30, abs=0.5)


@pytest.mark.parametrize("count", [1, 40])
def test_a_wait_for_an_unreachable_host_ends_soon(count: int) -> None:
    """A host name that does not exist is usually a typing error."""
    world = World({f"op-{number}": (900, State.SUCCEEDED) for number in range(count)})
    world.cloud.faults = [(0, NEVER, UnreachableError("GET https://nova.eu-dee.test: no such name."))]
    outcome, failure = world.wait(timeout=3600, connect_grace=60)
    assert failure is not None
    assert (failure["kind"], failure["message"]) == (
        "transport",
        "GET https://nova.eu-dee.test: no such name. Nothing answered within 60 s.",
    )
    assert 60 <= outcome.elapsed <= 75


def test_an_unreachable_host_that_comes_up_in_time_is_tolerated() -> None:
    world = World({"a": (900, State.SUCCEEDED)})
    world.cloud.faults = [(0, 50, UnreachableError("no such name"))]
    assert world.wait(timeout=3600, connect_grace=60)[1] is None


def test_a_server_that_has_answered_may_be_away_for_long() -> None:
    world = World({"a": (900, State.SUCCEEDED)})
    world.cloud.faults = [(10, 600, UnreachableError("no such name"))]
    assert world.wait(timeout=3600, connect_grace=60)[1] is None


def test_an_error_that_the_server_has_sent_is_an_answer() -> None:
    world = World({"a": (900, State.SUCCEEDED)})
    world.cloud.faults = [
        (0, 50, TransportError("answered 503", status=503)),
        (50, 600, UnreachableError("no such name")),
    ]
    assert world.wait(timeout=3600, connect_grace=60)[1] is None


def test_a_retry_after_is_obeyed() -> None:
    world = World({"a": (100, State.SUCCEEDED)})
    world.cloud.faults = [(0, 1, ThrottledError("slow down", retry_after=45))]
    world.wait()
    assert world.cloud.asked[1] - world.cloud.asked[0] == pytest.approx(45.1)


def test_a_retry_after_past_the_deadline_keeps_the_final_poll() -> None:
    world = World({"a": (100, State.SUCCEEDED)})
    world.cloud.faults = [(0, 1, ThrottledError("slow down", retry_after=DAY))]
    outcome, failure = world.wait(timeout=300)
    assert failure is None
    assert world.cloud.asked == [0, pytest.approx(300)]
    assert outcome.elapsed == pytest.approx(300, abs=0.2)


def test_refused_credentials_end_the_wait_at_once() -> None:
    world = World({"a": RUNS})
    world.cloud.faults = [(10, NEVER, AuthError("refused", code="401", request_id="req-9"))]
    outcome, failure = world.wait()
    assert outcome.elapsed < 15
    assert failure is not None
    assert (failure["kind"], failure["code"], failure["request_id"]) == ("auth", "401", "req-9")
    assert failure["operation"]["state"] == State.RUNNING


def test_the_failure_names_the_operation_that_it_is_about() -> None:
    world = World({"a": (900, State.SUCCEEDED), "b": RUNS})
    poll = world.cloud.poll

    def refuse_b(references: Sequence[Reference]) -> List[Any]:
        if references[0].operation_id == "b":
            raise AuthError("refused")
        return poll(references)

    setattr(world.cloud, "poll", refuse_b)  # noqa: B010 - mypy forbids the plain way
    _outcome, failure = world.wait()
    assert failure is not None
    assert failure["operation"]["operation_id"] == "b"


def test_an_error_of_many_operations_names_the_first_and_appears_once() -> None:
    world = World(dict.fromkeys("abc", RUNS), batch=True)
    world.cloud.faults = [(0, NEVER, MissingError("404: no such list."))]
    _outcome, failure = world.wait(missing_grace=0)
    assert failure is not None
    assert failure["operation"]["operation_id"] == "a"
    assert failure["message"].startswith("3 of 3 operations failed. a of")
    assert failure["message"].count("404: no such list. It did not appear within 0.0 s") == 3


def test_an_error_that_is_not_ours_is_not_swallowed() -> None:
    world = World({"a": RUNS})
    setattr(world.cloud, "poll", lambda _references: 1 / 0)  # noqa: B010 - mypy forbids the plain way
    with pytest.raises(ZeroDivisionError):
        world.wait()
