# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A hundred of the simulated waits of three hours, and a proof that the oracle notices a wrong wait."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import pytest
from ansible_collections.cloudgate.operations.plugins.module_utils._model.errors import (
    GateError,
    ThrottledError,
    UnreachableError,
)
from ansible_collections.cloudgate.operations.plugins.module_utils._model.operation import Operation, State
from ansible_collections.cloudgate.operations.plugins.module_utils._polling import deadlines, intake
from ansible_collections.cloudgate.operations.plugins.module_utils._polling.outcome import Outcome
from ansible_collections.cloudgate.operations.plugins.module_utils._polling.state import PollState
from soak.fates import HEALS
from soak.simulated import judged

TEN = 10


@pytest.mark.parametrize("first", range(1, 101, TEN))
def test_every_gate_opens_at_the_right_state_and_in_time(first: int) -> None:
    assert [complaint for seed in range(first, first + TEN) for complaint in judged(seed)[2]] == []


def test_a_seed_makes_the_same_wait_again() -> None:
    runs = [judged(7) for _each in range(2)]
    assert runs[0][1].result == runs[1][1].result
    assert [vars(poll) | {"error": str(poll.error)} for poll in runs[0][0].world.log] == [
        vars(poll) | {"error": str(poll.error)} for poll in runs[1][0].world.log
    ]


def _all_below(base: type[GateError]) -> set[type[GateError]]:
    return {base}.union(*(_all_below(each) for each in base.__subclasses__()))


def test_all_transient_errors_are_injected() -> None:
    heal = {each for each in _all_below(GateError) if each.transient}
    # UnreachableError is transient only after an answer: test_engine tests it.
    assert heal - {UnreachableError} == set(HEALS)
    injected = {type(poll.error) for seed in range(1, 6) for poll in judged(seed)[0].world.log if poll.error}
    assert set(HEALS) <= injected


def _opens_early(patch: pytest.MonkeyPatch) -> None:
    """Report every running operation as succeeded."""
    at = Operation.from_dict

    def too_good(found: dict[str, Any]) -> Operation:
        operation = at(found)
        running = operation.state == State.RUNNING
        return dataclasses.replace(operation, state=State.SUCCEEDED) if running else operation

    patch.setattr(Operation, "from_dict", too_good)


def _opens_on_a_failure(patch: pytest.MonkeyPatch) -> None:
    shut = Outcome.failure
    patch.setattr(
        Outcome,
        "failure",
        lambda self, options: None if (found := shut(self, options)) and found["kind"] == "failed" else found,
    )


def _polls_too_rarely(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(intake, "poll_interval", lambda age, least, most, chance: 20 * most)


def _forgets_errors(patch: pytest.MonkeyPatch) -> None:
    outcome = PollState.outcome

    def one_less(self: PollState) -> Outcome:
        found = outcome(self)
        return dataclasses.replace(found, tolerated_errors=max(0, found.tolerated_errors - 1))

    patch.setattr(PollState, "outcome", one_less)


def _gives_up_when_throttled(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(ThrottledError, "transient", False)


def _outlasts_its_deadline(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(
        intake, "next_poll", lambda now, deadline, delay, retry_after=None: now + max(delay, retry_after or 0)
    )
    patch.setattr(deadlines, "LAST_POLLS", 3600.0)


def _forgets_what_a_slice_saw(patch: pytest.MonkeyPatch) -> None:
    at = PollState.from_dict
    patch.setattr(PollState, "from_dict", lambda plain: at(dict(plain, last_error=None)))


@pytest.mark.parametrize(
    "defect",
    [
        _opens_early,
        _opens_on_a_failure,
        _polls_too_rarely,
        _forgets_errors,
        _gives_up_when_throttled,
        _outlasts_its_deadline,
        _forgets_what_a_slice_saw,
    ],
)
def test_the_oracle_notices(defect: Callable[[pytest.MonkeyPatch], None], monkeypatch: pytest.MonkeyPatch) -> None:
    defect(monkeypatch)
    assert any(judged(seed)[2] for seed in range(1, 31))
