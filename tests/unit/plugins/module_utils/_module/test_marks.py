# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The option C(after): valid values, and the sentences for the others."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any, List, Optional

import pytest
from ansible_collections.cloudgate.operations.plugins.module_utils._model.errors import InputError
from ansible_collections.cloudgate.operations.plugins.module_utils._model.operation import Operation
from ansible_collections.cloudgate.operations.plugins.module_utils._module.marks import mark_of, marks_from, named_after
from hypothesis import given
from hypothesis import strategies as st

NOON = datetime(2026, 11, 21, 12, tzinfo=timezone.utc)
MARK = {
    "provider": "openstack",
    "resource_id": "s1",
    "server": None,
    "since": "2026-11-21T12:00:00Z",
    "known": ["req-1"],
}
RESULT = {"mark": MARK, "operations": [], "changed": False}


def operation(name: str, started: Optional[float]) -> Operation:
    began = None if started is None else NOON + timedelta(seconds=started)
    return Operation("openstack", name, "s1", "succeeded", "", started_at=began)


@pytest.mark.parametrize(
    ("operations", "since", "known"),
    [
        ([operation("b", 0), operation("a", -5)], "2026-11-21T11:55:00Z", ["b", "a"]),
        ([operation("b", None), operation("a", -5)], "2026-11-21T11:54:55Z", ["b", "a"]),
        ([operation("b", -9), operation("a", 0)], "2026-11-21T11:55:00Z", ["b", "a"]),
        ([operation("b", None)], None, ["b"]),
        ([], None, []),
    ],
)
def test_a_mark_knows_all_operations(operations: List[Operation], since: Optional[str], known: List[str]) -> None:
    assert mark_of("openstack", "s1", operations) == dict(MARK, since=since, known=known)


@pytest.mark.parametrize(
    ("value", "count"),
    [
        (RESULT, 1),
        (MARK, 1),
        ([RESULT, MARK], 2),
        ({"results": [RESULT, RESULT], "changed": False}, 2),
        ({"results": [{"skipped": True}, RESULT]}, 1),
        ([[RESULT], {"results": [RESULT]}], 2),
        ({"results": []}, 0),
        ([], 0),
    ],
)
def test_registered_marks_are_accepted(value: Any, count: int) -> None:
    assert marks_from(value, "openstack") == [MARK] * count


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("req-1", "after must be the registered result of operation_info with resource_id, or a list of such results."),
        ({"operations": []}, "such results, but it has operations."),
        ({}, "such results, but it has nothing."),
        ({"mark": {"provider": "openstack"}}, "such results, but it has mark."),
        ({"failed": True, "mark": MARK}, "after is the result of a failed task"),
        (
            {"mark": dict(MARK, provider="otc_ecs")},
            "after is of provider otc_ecs, but this task is of provider openstack.",
        ),
        ([RESULT, "x"], "after 2 of 2: after must be"),
        ({"results": [RESULT, {"failed": True}]}, "after 2 of 2: after is the result of a failed task"),
    ],
)
def test_mistakes_in_marks_are_named(value: Any, said: str) -> None:
    with pytest.raises(InputError) as caught:
        marks_from(value, "openstack")
    assert said in str(caught.value)


plain = st.recursive(
    st.none() | st.booleans() | st.text(max_size=4) | st.just(MARK),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["results", "mark", "failed", "skipped", "known", "provider"]), inner, max_size=4
        )
    ),
    max_leaves=8,
)


@given(plain)
def test_any_value_is_taken_or_refused_with_a_sentence(value: Any) -> None:
    try:
        found = marks_from(value, "openstack")
    except InputError:
        return
    assert [named_after(each, None)["resource_id"] for each in found] == ["s1"] * len(found)
