# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The normal form: times, steps, and what a task result shows."""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone
from typing import Any, Optional

import pytest
from ansible_collections.cloudgate.operations.plugins.module_utils._model.operation import Operation, State, Step
from ansible_collections.cloudgate.operations.plugins.module_utils._model.text import printable
from hypothesis import given
from hypothesis import strategies as st

NOON = datetime(2026, 11, 21, 12, 0, 0, tzinfo=timezone.utc)


def operation(**more: Any) -> Operation:
    fields = {"provider": "openstack", "operation_id": "req-1", "resource_id": "s1", "state": "running"}
    return Operation(**{**fields, **more})


def test_a_result_shows_all_keys_as_plain_data() -> None:
    step = Step("compute_reboot_instance", State.SUCCEEDED, "Success", NOON, NOON + timedelta(seconds=9))
    shown = operation(started_at=NOON, finished_at=NOON + timedelta(seconds=10), steps=[step]).as_dict()
    assert json.loads(json.dumps(shown)) == shown
    assert set(shown) == set(
        "provider operation_id resource_id resource_type type state reason raw_status error warning started_at "
        "updated_at finished_at duration project_id user_id request_id steps retries".split()
    )
    assert (shown["started_at"], shown["duration"]) == ("2026-11-21T12:00:00Z", 10.0)
    assert (shown["steps"][0]["finished_at"], shown["steps"][0]["duration"]) == ("2026-11-21T12:00:09Z", 9.0)


def test_the_apis_own_answer_is_shown_on_request_only() -> None:
    secret = operation(raw={"request_body": {"password": "x"}})
    assert "raw" not in secret.as_dict()
    assert secret.as_dict(raw=True)["raw"] == {"request_body": {"password": "x"}}


def test_a_text_is_printable_whenever_it_is_set() -> None:
    found, step = operation(), Step("a", State.FAILED)
    found.warning = step.error = "file\x00\x1b[31m"
    assert (found.warning, step.error) == (printable("file\x00\x1b[31m"),) * 2
    assert found.warning.isprintable()


texts = st.none() | st.text()
times = st.none() | st.datetimes(min_value=datetime(1000, 1, 1), timezones=st.just(timezone.utc))
words = st.sampled_from([State.PENDING, State.RUNNING, State.SUCCEEDED, State.FAILED, State.UNKNOWN])


@given(
    st.builds(
        Operation,
        *(st.text(), texts, texts, words),
        reason=st.text(),
        type=texts,
        error=st.none() | st.fixed_dictionaries({"code": texts, "message": texts}),
        started_at=times,
        updated_at=times,
        finished_at=times,
        steps=st.lists(st.builds(Step, st.text(), words, texts, times, times, texts, texts, texts), max_size=3),
        retries=st.integers(0, 9),
        raw=st.none() | st.dictionaries(st.text(), st.integers()),
    )
)
def test_an_operation_survives_being_shown_and_read(found: Operation) -> None:
    shown = json.loads(json.dumps(found.as_dict(raw=True)))
    assert Operation.from_dict(shown) == found


@pytest.mark.parametrize(
    ("state", "terminal"),
    [("pending", False), ("running", False), ("unknown", False), ("succeeded", True), ("failed", True)],
)
def test_only_two_states_are_terminal(state: str, terminal: bool) -> None:
    assert operation(state=state).terminal is terminal


def test_the_current_step_is_the_last_running_one_else_the_last() -> None:
    steps = [Step("a", "succeeded"), Step("b", "running"), Step("c", "running"), Step("d", "succeeded")]
    assert operation().current_step is None
    assert operation(steps=steps).current_step == steps[2]
    assert operation(steps=[steps[0], steps[3]]).current_step == steps[3]


@pytest.mark.parametrize(
    ("more", "name"),
    [
        ({"type": "reboot"}, "reboot req-1 of s1"),
        ({"type": None}, "req-1 of s1"),
        ({"operation_id": None, "type": "reboot", "resource_id": None}, "reboot"),
        ({"operation_id": None, "resource_id": None}, "operation"),
    ],
)
def test_a_sentence_names_an_operation(more: Any, name: str) -> None:
    assert str(operation(**more)) == name


@pytest.mark.parametrize(("percent", "shown"), [(None, None), (0.0, "0 %"), (39.9, "30 %"), (100.0, "100 %")])
def test_progress_has_the_tens_of_the_percentage(percent: Optional[float], shown: Optional[str]) -> None:
    assert Operation("custom", "o1", None, "running", percent=percent).progress == shown
