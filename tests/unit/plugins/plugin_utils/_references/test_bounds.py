# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of a task complete an operation, and override none of its values."""

from __future__ import annotations

from typing import Any, Dict

import pytest
from ansible_collections.cloudgate.operations.plugins.module_utils._model.errors import InputError
from ansible_collections.cloudgate.operations.plugins.plugin_utils._references.bounds import Bounds
from ansible_collections.cloudgate.operations.plugins.plugin_utils._references.registered import references_from
from hypothesis import given
from hypothesis import strategies as st

EARLY, LATE = "2026-11-28T05:00:00Z", "2026-11-28T06:00:00Z"
MARK = {"provider": "openstack", "resource_id": "s1", "server": None, "since": EARLY, "known": ["req-0"]}
LATEST = {"resource_id": "s1", "latest": True}
ANSWER = {"url": "https://nova.example.com/v2.1/servers/s1/action", "status": 202}


@pytest.mark.parametrize(
    ("options", "value", "expected"),
    [
        ({"since": LATE}, LATEST, {**LATEST, "since": LATE}),
        ({"since": LATE}, {**LATEST, "since": EARLY}, {**LATEST, "since": EARLY}),
        ({"since": LATE, "action": "stop"}, {"operation_id": "req-1"}, {"operation_id": "req-1"}),
        ({"action": "stop"}, LATEST, {**LATEST, "action": "stop"}),
        ({"action": "stop"}, {**LATEST, "action": "start"}, {**LATEST, "action": "start"}),
        ({"verify": "ACTIVE"}, {"operation_id": "req-1"}, {"operation_id": "req-1", "verify": "ACTIVE"}),
        ({"verify": "ACTIVE"}, {**LATEST, "verify": "SHUTOFF"}, {**LATEST, "verify": "SHUTOFF"}),
        ({"after": MARK}, LATEST, {**LATEST, "since": EARLY, "known": ["req-0"]}),
        ({"after": MARK}, {**LATEST, "since": LATE}, {**LATEST, "since": LATE, "known": ["req-0"]}),
        ({"after": {**MARK, "since": None}}, LATEST, {**LATEST, "known": ["req-0"]}),
        ({"after": MARK}, {"resource_id": "s2", "latest": True, "since": LATE}, None),
        ({"server_id": "s1"}, "req-1", {"operation_id": "req-1", "resource_id": "s1"}),
        ({"resource_id": "s1"}, {"request_id": "req-1"}, {"request_id": "req-1", "resource_id": "s1"}),
        ({"resource_id": "s1"}, {"request_id": "req-1", "server_id": "s1"}, None),
        ({"resource_id": "s1"}, {"reservation_id": "r-1"}, None),
        ({"since": LATE}, ANSWER, {**LATEST, "since": LATE}),
        ({"after": MARK}, ANSWER, {**LATEST, "since": EARLY, "known": ["req-0"]}),
        (
            {"after": MARK},
            {**ANSWER, "date": "Sat, 28 Nov 2026 05:30:10 GMT"},
            {**LATEST, "since": "2026-11-28T05:30:05Z", "known": ["req-0"]},
        ),
        ({"since": "", "after": "", "action": None, "verify": ""}, LATEST, LATEST),
        (
            {"since": LATE},
            {"resource_id": "l1", "expect": "STOPPED"},
            {"resource_id": "l1", "expect": "STOPPED", "since": LATE},
        ),
        ({"since": LATE}, {"resource_id": "l1", "expect": "STOPPED", "since": EARLY}, None),
        (
            {"after": {**MARK, "resource_id": "7"}},
            {**LATEST, "resource_id": 7},
            {**LATEST, "resource_id": 7, "since": EARLY, "known": ["req-0"]},
        ),
        ({"resource_id": 7}, {"operation_id": "o", "resource_id": "7"}, None),
        (
            {"after": {**MARK, "server": "web-1"}},
            {"server": "web-1", "latest": True},
            {"resource_id": "s1", "latest": True, "since": EARLY, "known": ["req-0"]},
        ),
    ],
)
def test_missing_bounds_are_filled_in(options: Dict[str, Any], value: Any, expected: Any) -> None:
    assert references_from([value], Bounds.of(options)) == [value if expected is None else expected]


@pytest.mark.parametrize(
    ("options", "value", "words"),
    [
        ({"after": MARK, "since": LATE}, LATEST, "after and since exclude each other: give one of them."),
        ({"after": []}, LATEST, "operation 1: after has no record of s1."),
        ({"after": "yesterday"}, LATEST, "after must be the registered result"),
        (
            {"resource_id": "s2"},
            {"request_id": "req-1", "server_id": "s1"},
            "operation 1 belongs to s1, but resource_id is s2",
        ),
        ({"after": MARK}, {"resource_id": "l1", "expect": "STOPPED"}, "expect needs since instead of after"),
        ({"after": [MARK, {**MARK, "resource_id": "s2", "server": "s1"}]}, LATEST, "after has 2 records of s1."),
        ({"after": MARK}, {"latest": True}, "after has no record of None."),
        ({}, ANSWER, "has no usable Date header. Give operation_id, or add after"),
    ],
)
def test_contradictory_bounds_are_refused(options: Dict[str, Any], value: Any, words: str) -> None:
    with pytest.raises(InputError) as caught:
        references_from([value], Bounds.of(options))
    assert words in caught.value.message


_some = st.fixed_dictionaries(
    {},
    optional={
        "resource_id": st.sampled_from(["s1", "s2"]),
        "operation_id": st.sampled_from(["req-0", "req-1"]),
        "latest": st.booleans(),
        "action": st.sampled_from(["stop", "create"]),
        "since": st.sampled_from([EARLY, LATE]),
        "known": st.just(["req-9"]),
        "verify": st.just("ACTIVE"),
    },
)
_options = st.fixed_dictionaries(
    {},
    optional={
        "resource_id": st.just("s1"),
        "action": st.just("start"),
        "since": st.just(LATE),
        "after": st.just([MARK]),
        "verify": st.just("SHUTOFF"),
    },
)


@given(_some, _options)
def test_nothing_that_was_said_is_changed(said: Dict[str, Any], options: Dict[str, Any]) -> None:
    try:
        (found,) = references_from([said], Bounds.of(options))
    except InputError:
        return
    assert {**found, **said} == found
    assert references_from([found], Bounds.of(options)) == [found]  # as when the module gets the filter's result
