# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The verdict on actions of stacks, case by case; the recordings of a real Heat are in test_service_replay.py."""

from __future__ import annotations

from typing import Any, Dict, List, Optional

import pytest
from ansible_collections.cloudgate.operations.plugins.module_utils._model.operation import State
from ansible_collections.cloudgate.operations.plugins.module_utils._providers.heat.events import (
    actions_of,
    events_of,
    split_status,
    steps_of,
)
from ansible_collections.cloudgate.operations.plugins.module_utils._providers.heat.verdict import (
    Stack,
    not_begun,
    nothing_to_do,
    verdict,
)
from hypothesis import given
from hypothesis import strategies as st

STATES = {State.PENDING, State.RUNNING, State.SUCCEEDED, State.FAILED, State.UNKNOWN}
ACTIONS = ["CREATE", "UPDATE", "DELETE", "ROLLBACK", "SUSPEND", "CHECK"]
STATUSES = st.builds("{}_{}".format, st.sampled_from(ACTIONS), st.sampled_from(["IN_PROGRESS", "COMPLETE", "FAILED"]))


def rows(*statuses: str) -> List[Dict[str, Any]]:
    return [
        {"id": f"e{number}", "resource_status": each, "physical_resource_id": "s", "event_time": None}
        for number, each in enumerate(statuses)
    ]


def stack(status: str, **more: Any) -> Stack:
    action, word = split_status(status)
    return Stack(action, word, **more)


UPDATE = "UPDATE_IN_PROGRESS"
CASES = [  # the events, the stack, the state of the last action, of the one before
    ([UPDATE], stack(UPDATE), State.RUNNING, None),
    ([UPDATE], stack("UPDATE_COMPLETE"), State.RUNNING, None),  # of an earlier update
    ([UPDATE, "UPDATE_COMPLETE"], stack("UPDATE_COMPLETE"), State.SUCCEEDED, None),
    ([UPDATE, "UPDATE_COMPLETE"], stack("CREATE_COMPLETE"), State.SUCCEEDED, None),
    ([UPDATE, "UPDATE_FAILED"], stack("UPDATE_FAILED"), State.FAILED, None),
    ([UPDATE, "ROLLBACK_IN_PROGRESS"], stack("ROLLBACK_IN_PROGRESS"), State.RUNNING, None),
    ([UPDATE, "ROLLBACK_IN_PROGRESS", "ROLLBACK_COMPLETE"], stack("ROLLBACK_COMPLETE"), State.FAILED, None),
    ([UPDATE, UPDATE], stack(UPDATE), State.RUNNING, State.FAILED),
    ([UPDATE, UPDATE, "UPDATE_COMPLETE"], stack("UPDATE_COMPLETE"), State.SUCCEEDED, State.FAILED),
    ([UPDATE, "UPDATE_COMPLETE", "SUSPEND_COMPLETE"], stack("SUSPEND_COMPLETE"), State.SUCCEEDED, State.SUCCEEDED),
    (["DELETE_IN_PROGRESS", "DELETE_COMPLETE"], stack("DELETE_COMPLETE"), State.RUNNING, None),
    (["DELETE_IN_PROGRESS", "DELETE_COMPLETE"], stack("DELETE_COMPLETE", deleted=True), State.SUCCEEDED, None),
    (["DELETE_IN_PROGRESS"], Stack(gone=True), State.SUCCEEDED, None),
    ([UPDATE], Stack(gone=True), State.FAILED, None),
    ([UPDATE, "UPDATE_COMPLETE"], Stack("ODD"), State.UNKNOWN, None),
    (
        ["CREATE_IN_PROGRESS", "CREATE_FAILED", "DELETE_IN_PROGRESS"],
        stack("DELETE_FAILED"),
        State.RUNNING,
        State.FAILED,
    ),
]


@pytest.mark.parametrize(("events", "shown", "last", "before"), CASES)
def test_state(events: List[str], shown: Stack, last: str, before: Optional[str]) -> None:
    actions = actions_of(events_of(rows(*events), "s"))
    assert verdict(actions[-1], shown).state == last
    if before is not None:
        assert verdict(actions[-2], shown, latest=False).state == before


@given(st.lists(STATUSES, min_size=1, max_size=8), STATUSES, st.booleans(), st.booleans())
def test_any_history_has_a_verdict(events: List[str], status: str, deleted: bool, gone: bool) -> None:
    actions = actions_of(events_of(rows(*events), "s"))
    assert sum(len(each.events) for each in actions) == len(events)
    for action in actions:
        latest = action is actions[-1]
        found = verdict(action, stack(status, deleted=deleted, gone=gone), latest)
        assert found.state in STATES and found.reason
        ended = (
            f"{action.action}_COMPLETE" in events
            or (gone and action.action == "DELETE")
            or (status == f"{action.action}_COMPLETE" and action.action == "DELETE")
        )
        assert found.state != State.SUCCEEDED or ended
        assert all(step.name for step in steps_of(action))


@pytest.mark.parametrize(
    ("wanted", "status", "state"),
    [
        ("SUSPEND", "SUSPEND_COMPLETE", State.SUCCEEDED),
        ("RESUME", "RESUME_COMPLETE", State.SUCCEEDED),
        ("RESUME", "SUSPEND_COMPLETE", None),
        ("UPDATE", "UPDATE_COMPLETE", None),
        (None, "SUSPEND_COMPLETE", None),
    ],
)
def test_a_request_that_changes_nothing(wanted: Optional[str], status: str, state: Optional[str]) -> None:
    found = nothing_to_do(wanted, stack(status))
    assert (found.state if found else None) == state


def test_a_delete_waits_for_the_action_that_runs() -> None:
    found = not_begun("DELETE", stack("CREATE_IN_PROGRESS"))
    assert found is not None and found.state == State.PENDING
    assert not_begun("DELETE", stack("CREATE_COMPLETE")) is None
    assert not_begun("UPDATE", stack("CREATE_IN_PROGRESS")) is None


def test_events_of_resources_are_no_events_of_the_stack() -> None:
    other = [{**row, "physical_resource_id": "r"} for row in rows("UPDATE_COMPLETE")]
    assert len(events_of(rows(UPDATE) + other, "s")) == 1
    assert events_of([{"id": 1, "resource_status": "odd", "physical_resource_id": "s"}], "s") == []
