# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each provider with each fault in the middle of a wait: it ends as documented, in time, asking no more than it may."""

from __future__ import annotations

import pytest
from faults.expected import A_POLL, OPENED, TIMEOUT, Expected
from faults.matrix import MATRIX
from faults.scene import BEGINS, EVERY, HUNG, LATE, LIMIT, OVER, Result, Scene
from faults.subjects import KEYSTONE, SUBJECTS, Subject
from faults.table import ROWS, Row
from simulator import Simulator
from simulator_tests.helpers import Clock

CELLS = [
    pytest.param(row, subject, expected, id=f"{row.name}-{subject}")
    for row in ROWS
    for subject in SUBJECTS
    for expected in [row.expected.of(subject.provider, subject.login)]
    if expected
]


@pytest.mark.usefixtures("_mended")
@pytest.mark.parametrize(("row", "subject", "expected"), CELLS)
def test_a_fault_ends_as_documented(
    sim: Simulator, clock: Clock, row: Row, subject: Subject, expected: Expected
) -> None:
    MATRIX.begin(row, subject)
    scene = Scene(sim, clock, subject, row.secure, row.answer_time)
    result = scene.wait(row.fault, row.lasts)
    MATRIX.end(row, subject, result.word)
    assert result.word == expected.word, result.said
    assert expected.says in result.said
    assert (result.outcome.tolerated_errors > 0) == expected.tolerated, result.outcome.last_error
    check_time(expected, result)
    check_logins(expected, result, subject)
    check_refusals(expected, sim, subject)
    check_pause(row, sim, scene)
    MATRIX.confirm(row, subject, expected)


def check_time(expected: Expected, result: Result) -> None:
    """The wait never opens too early, ends immediately on a permanent error, and never ends after its deadline."""
    elapsed = result.outcome.elapsed
    assert result.took < HUNG
    if expected.word == OPENED:
        assert OVER <= elapsed <= LIMIT
        assert result.outcome.operations[0].state == "succeeded"
    elif expected.word == TIMEOUT:
        assert LIMIT <= elapsed <= LIMIT + LATE
        assert f"The last of {result.outcome.tolerated_errors} tolerated errors: " in result.said
    else:
        assert BEGINS <= elapsed <= 2 * EVERY + LATE, "the first poll that met the fault was the last"
    assert "\n" not in result.said


def check_logins(expected: Expected, result: Result, subject: Subject) -> None:
    """Check that the module requests no more tokens than it needs: many refused logins lock an account."""
    if subject.login != KEYSTONE:
        assert result.logins == 0
    elif expected.logins == A_POLL:
        assert 1 < result.logins <= result.outcome.polls + 1
    else:
        assert result.logins == expected.logins
        assert result.outcome.reauthentications <= result.logins - 1


def check_refusals(expected: Expected, sim: Simulator, subject: Subject) -> None:
    """Check that credentials which cannot be renewed are refused once: several refusals lock an access key."""
    refused = sum(entry["status"] == 401 for entry in sim.requests)
    if subject.login != KEYSTONE:
        assert refused == (expected.word == "auth")
    elif expected.word in ("auth", "forbidden"):
        assert refused <= 2, "once with the old token, once with the new or by Keystone"


def check_pause(row: Row, sim: Simulator, scene: Scene) -> None:
    """Check that the module waits as long as Retry-After says, or until the limit."""
    times = [entry["t"] - scene.clock.now + scene.age for entry in sim.requests]
    met = next((number for number, entry in enumerate(sim.requests) if entry["status"] in (429, 503)), None)
    if row.pause:
        assert met is not None
        assert times[met + 1] >= min(times[met] + row.pause, LIMIT)
