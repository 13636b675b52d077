# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The engine, one group and few operations. In simulated time: nothing here sleeps."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Dict, List, Optional, Sequence

import pytest
from ansible_collections.cloudgate.operations.plugins.module_utils._model.errors import (
    AuthError,
    MissingError,
    ThrottledError,
    TransportError,
)
from ansible_collections.cloudgate.operations.plugins.module_utils._model.operation import State
from ansible_collections.cloudgate.operations.plugins.module_utils._model.reference import Reference
from ansible_collections.cloudgate.operations.plugins.module_utils._polling.deadlines import LAST_POLLS
from ansible_collections.cloudgate.operations.tests.unit.simulated_time import API_TIMEOUT, PATIENCE, World

NEVER = float("inf")
RUNS = (NEVER, State.SUCCEEDED)
DAY = 86400


def test_opens_when_all_succeeded() -> None:
    world = World({"a": (10, State.SUCCEEDED), "b": (50, State.SUCCEEDED)})
    outcome, failure = world.wait()
    assert failure is None
    assert [each.operation_id for each in outcome.operations] == ["a", "b"]
    assert 50 <= outcome.elapsed < 57
    assert outcome.polls == len(world.cloud.looks)


@pytest.mark.parametrize("wait_for", ["all", "any"])
def test_nothing_to_wait_for_is_no_wait(wait_for: str) -> None:
    outcome, failure = World({}).wait(wait_for=wait_for, empty="pass")
    assert (failure, outcome.elapsed, outcome.polls) == (None, 0.0, 0)
    outcome, failure = World({}).wait(wait_for=wait_for)
    assert failure is not None and (failure["kind"], outcome.polls) == ("input", 0)


def test_what_is_over_is_not_asked_again() -> None:
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


def test_an_operation_that_is_old_is_asked_less_often() -> None:
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


def test_the_time_out_is_not_a_failure_of_the_operation_and_says_so() -> None:
    world = World({"a": RUNS})
    _outcome, failure = world.wait(timeout=60)
    assert failure is not None
    assert failure["kind"] == "timeout"
    assert failure["message"].startswith("Timed out after 60 s waiting for 1 of 1 operation: resize a")
    assert "goes on waiting" in failure["message"]
    assert world.cloud.asked[-1] == pytest.approx(60)


def test_a_time_out_of_zero_looks_once_at_each() -> None:
    world = World({"a": (0, State.SUCCEEDED), "b": RUNS})
    outcome, failure = world.wait(timeout=0, delay=5)
    assert [name for _second, name in world.cloud.looks] == ["a", "b"]
    assert failure is not None
    assert failure["kind"] == "timeout"
    assert [each.state for each in outcome.operations] == [State.SUCCEEDED, State.RUNNING]


def test_the_first_look_comes_after_the_delay() -> None:
    world = World({"a": (0, State.SUCCEEDED)})
    world.wait(delay=7)
    assert world.cloud.asked == [pytest.approx(7)]


def test_an_outage_is_waited_out_and_counted() -> None:
    world = World({"a": (100, State.SUCCEEDED)})
    world.cloud.faults = [(20, 60, TransportError("no answer"))]
    outcome, failure = world.wait()
    assert failure is None
    assert outcome.tolerated_errors == sum(20 <= second < 60 for second in world.cloud.asked) > 1
    assert outcome.last_error == "no answer"


def test_an_outage_up_to_the_deadline_is_a_time_out_that_names_it() -> None:
    world = World({"a": RUNS})
    world.cloud.faults = [(0, NEVER, TransportError("no answer"))]
    outcome, failure = world.wait(timeout=30)
    assert failure is not None
    assert failure["kind"] == "timeout"
    assert failure["message"].endswith("tolerated errors: no answer")
    assert outcome.elapsed == pytest.approx(30, abs=0.5)


def test_a_retry_after_is_obeyed() -> None:
    world = World({"a": (100, State.SUCCEEDED)})
    world.cloud.faults = [(0, 1, ThrottledError("slow down", retry_after=45))]
    world.wait()
    assert world.cloud.asked[1] - world.cloud.asked[0] == pytest.approx(45.1)


def test_a_retry_after_past_the_deadline_leaves_the_last_look() -> None:
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
    look = world.cloud.look

    def refuse_b(references: Sequence[Reference]) -> List[Any]:
        if references[0].operation_id == "b":
            raise AuthError("refused")
        return look(references)

    setattr(world.cloud, "look", refuse_b)  # noqa: B010 - mypy forbids the plain way
    _outcome, failure = world.wait()
    assert failure is not None
    assert failure["operation"]["operation_id"] == "b"


def test_an_error_that_goes_for_many_names_the_first_and_says_it_once() -> None:
    world = World(dict.fromkeys("abc", RUNS), batch=True)
    world.cloud.faults = [(0, NEVER, MissingError("404: no such list."))]
    _outcome, failure = world.wait(missing_grace=0)
    assert failure is not None
    assert failure["operation"]["operation_id"] == "a"
    assert failure["message"].startswith("3 of 3 operations failed. a of")
    assert failure["message"].count("404: no such list. It did not appear within 0.0 s") == 3


def test_an_error_that_is_not_ours_is_not_swallowed() -> None:
    world = World({"a": RUNS})
    setattr(world.cloud, "look", lambda _references: 1 / 0)  # noqa: B010 - mypy forbids the plain way
    with pytest.raises(ZeroDivisionError):
        world.wait()


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


def test_what_was_seen_in_between_has_its_whole_grace_again() -> None:
    world = World({"a": (100, State.SUCCEEDED)})
    world.cloud.faults = [(begin, begin + 8, MissingError("404: Action not found.")) for begin in (5, 60)]
    assert world.wait(missing_grace=20, poll_min=2, poll_max=2)[1] is None


def latest(world: World, newest: Any) -> List[Reference]:
    """Wait for the latest operation. newest: names the one that is, at an age, or None. Returns what was asked."""
    asked: List[Reference] = []

    def look(references: Sequence[Reference]) -> List[Any]:
        asked.extend(references)
        names = [newest(world.clock.age) if each.latest else each.operation_id for each in references]
        return [name and world.cloud.show(name) for name in names]

    setattr(world.cloud, "look", look)  # noqa: B010 - mypy forbids the plain way
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


@pytest.mark.parametrize("ahead", [0, -3600, 7200])
def test_a_deadline_can_count_from_the_start_of_each_operation_on_the_clouds_clock(ahead: float) -> None:
    """Of ages 500 s and 0 s with 600 s each, one has 100 s left and the other 600 s."""
    world = World({"old": (NEVER, State.SUCCEEDED), "new": (400, State.SUCCEEDED)})
    world.cloud.clock_ahead = ahead
    world.cloud.starts = {"old": -500, "new": 0}
    _outcome, failure = world.wait(timeout=600, timeout_from="operation")
    assert failure is not None
    assert failure["kind"] == "timeout"
    assert failure["operation"]["operation_id"] == "old"
    assert "(600 s from the start of each)" in failure["message"]
    assert max(second for second, name in world.cloud.looks if name == "old") == pytest.approx(100, abs=0.2)
    assert world.clock.age == pytest.approx(400, abs=45), "the other is waited for all the same"


def test_an_operation_older_than_its_time_is_looked_at_once() -> None:
    world = World({"old": RUNS})
    world.cloud.starts = {"old": -700}
    outcome, failure = world.wait(timeout=600, timeout_from="operation")
    assert failure is not None
    assert (failure["kind"], outcome.polls) == ("timeout", 1)


@pytest.mark.parametrize("jump", [-7200, 7200])
def test_a_failed_look_does_not_move_the_deadline_though_the_wall_clock_has_jumped(jump: float) -> None:
    """Only an answer tells the API's clock; until the next one, the machine's own clock is what its time is made of."""
    world = World({"a": (300, State.SUCCEEDED), "b": RUNS})
    world.cloud.starts = {"a": -100, "b": -100}
    world.cloud.faults = [(90, 200, TransportError("503"))]
    now = world.cloud.now
    off = timedelta(seconds=jump)
    world.cloud.now = lambda age=None: now(age) + off * (age is None and 90 <= world.clock.age < 200)
    outcome, failure = world.wait(timeout=600, timeout_from="operation")
    assert failure is not None
    assert [each.state for each in outcome.operations] == [State.SUCCEEDED, State.RUNNING]
    assert world.clock.age == pytest.approx(500, abs=0.3)


def test_the_deadline_is_set_once_though_the_apis_clock_stands_still() -> None:
    """A proxy that answers with the Date of its own start."""
    world = World({"a": RUNS})
    world.cloud.starts = {"a": -500}
    now, frozen = world.cloud.now, world.cloud.now()
    setattr(world.cloud, "now", lambda age=None: frozen if age is None else now(age))  # noqa: B010
    outcome, failure = world.wait(timeout=600, timeout_from="operation")
    assert failure is not None
    assert failure["kind"] == "timeout"
    assert outcome.elapsed == pytest.approx(100, abs=1)


@pytest.mark.parametrize(
    ("start", "ahead", "seconds", "warning"),
    [
        (-500, 0, 100, None),
        (30, 0, 600, None),  # the clocks of the cloud's hosts differ by less than a minute
        (8 * 3600, 0, 600, "is in the future"),  # local time without a zone
        (-500, 3 * 365 * DAY, 100, "differ by 1576800 minutes"),
        (-500, -3600, 100, "differ by 60 minutes"),
        (-500, -300, 400, None),  # the younger of two ages counts,
    ],
)
@pytest.mark.parametrize("delay", [0, 20])
def test_a_deadline_is_never_later_than_the_first_poll_plus_the_limit(
    start: float, ahead: float, seconds: float, warning: Optional[str], delay: float
) -> None:
    """start: as the API tells it. ahead: of its Date header, which is not the clock that the start is from."""
    world = World({"a": RUNS})
    world.cloud.starts = {"a": start}
    world.cloud.date_ahead = ahead
    outcome, failure = world.wait(timeout=600, timeout_from="operation", delay=delay)
    assert failure is not None
    assert failure["kind"] == "timeout"
    assert outcome.elapsed == pytest.approx(seconds + delay * (seconds == 600), abs=1)
    assert [str(warning) in each for each in outcome.warnings] == [True] * (warning is not None)
    assert not world.wait(timeout=60)[0].warnings, "without timeout_from: operation nothing depends on a date"


def test_where_the_cloud_tells_no_start_the_time_counts_from_the_task() -> None:
    outcome, _failure = World({"a": RUNS}).wait(timeout=100, timeout_from="operation")
    assert outcome.elapsed == pytest.approx(100, abs=0.2)


def test_a_look_that_never_comes_back_is_given_up_and_asked_again() -> None:
    world = World({"a": (20, State.SUCCEEDED)})
    latencies = iter([NEVER])
    world.workers.latency = lambda: next(latencies, 0.1)
    outcome, failure = world.wait()
    assert (failure, outcome.tolerated_errors) == (None, 1)
    assert "no whole answer within 30 s" in str(outcome.last_error)
    assert world.cloud.asked == [0, pytest.approx(PATIENCE, abs=4)]


def test_what_comes_back_after_it_was_given_up_is_not_believed() -> None:
    world = World({"a": (200, State.SUCCEEDED)})
    latencies = iter([PATIENCE + 1])
    world.workers.latency = lambda: next(latencies, 0.1)
    outcome, failure = world.wait()
    assert (failure, outcome.tolerated_errors) == (None, 1)
    assert outcome.polls == len(world.cloud.looks)


@pytest.mark.parametrize(("names", "answers"), [("abcde", 0), ("abcde", 1), ("abcde", 5), ("a", 1), ("a", 9)])
def test_a_cloud_that_drips_does_not_hold_the_wait_beyond_its_deadline(names: str, answers: int) -> None:
    world = World(dict.fromkeys(names, RUNS))
    latencies = iter([0.1] * answers)
    world.workers.latency = lambda: next(latencies, NEVER)
    outcome, failure = world.wait(timeout=100)
    assert failure is not None
    assert failure["kind"] == "timeout"
    assert outcome.elapsed <= 100 + LAST_POLLS + (API_TIMEOUT if answers < len(names) else 0.01)


def test_a_last_look_that_failed_is_the_last_all_the_same() -> None:
    """Looks take two seconds and come every eleven, so the tenth begins before the deadline and fails after it."""
    world = World({"a": RUNS}, latency=lambda: 2.0)
    world.cloud.faults = [(90, NEVER, TransportError("503"))]
    outcome, failure = world.wait(timeout=100, poll_min=9, poll_max=9)
    assert failure is not None
    assert (failure["kind"], outcome.polls) == ("timeout", 10)
    assert outcome.elapsed == pytest.approx(101)
