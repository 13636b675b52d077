# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From the variables of the role to the arguments of the module."""

from __future__ import annotations

import json
from typing import Any, Dict

import pytest
from ansible_collections.cloudgate.operations.plugins.module_utils._auth.masking import HIDDEN
from ansible_collections.cloudgate.operations.plugins.module_utils._model.errors import InputError
from ansible_collections.cloudgate.operations.plugins.plugin_utils.gate_request import arguments
from hypothesis import given
from hypothesis import strategies as st

NAMED = {"operation_id": "req-1", "resource_id": "s1"}
ONE: Dict[str, Any] = {"provider": "openstack", "operations": [NAMED]}
GROUP = {"provider": "openstack", "operations": [NAMED], "connection": {"cloud": "one"}}


def made(request: Dict[str, Any], defaults: Any = None, check_mode: bool = False) -> Dict[str, Any]:
    return arguments(request, defaults or {}, check_mode)


def test_defaults_give_way_to_the_connection_and_both_to_the_options() -> None:
    request = {
        **ONE,
        "connection": {"cloud": "two", "timeout": 1, "operations": [], "provider": "otc_ecs"},
        "options": {"timeout": 5, "on_failure": "warn"},
    }
    assert made(request, {"cloud": "one", "region_name": "r", "timeout": 2}) == {
        "cloud": "two",
        "region_name": "r",
        "timeout": 5,
        "on_failure": "report",
        "empty": "fail",
        "provider": "openstack",
        "operations": [NAMED],
    }


@pytest.mark.parametrize("write", [lambda value: value, json.dumps, repr])
def test_each_of_them_may_be_text(write: Any) -> None:
    assert made({**ONE, "operations": write([NAMED]), "connection": write({"cloud": "one"})}) == {
        "cloud": "one",
        "empty": "fail",
        "provider": "openstack",
        "operations": [NAMED],
    }
    whole = {"cloud": "one", "provider": "openstack", "operations": [NAMED]}
    assert made({"groups": write([GROUP])})["groups"] == [whole]
    parts = {**GROUP, "operations": write([NAMED]), "connection": write({"cloud": "one"})}
    assert made({"groups": [parts]})["groups"] == [whole]


@pytest.mark.parametrize("other", [[], "[]", "[ ]\n"])
def test_an_empty_list_beside_the_other_is_refused(other: Any) -> None:
    for request in ({**ONE, "groups": other}, {"groups": [GROUP], "operations": other}):
        with pytest.raises(InputError, match="exclude each other"):
            made(request)


@pytest.mark.parametrize("other", [None, "", "null"])
def test_one_that_is_not_given_gives_way_to_the_other(other: Any) -> None:
    assert made({**ONE, "groups": other})["operations"] == [NAMED]
    assert len(made({"groups": [GROUP], "operations": other})["groups"]) == 1


@pytest.mark.parametrize(
    ("request_", "words"),
    [
        ({}, "Nothing to wait for: give operation_gate_provider"),
        ({"provider": "openstack"}, "Nothing to wait for: give operation_gate_provider"),
        ({"operations": [NAMED]}, "Nothing to wait for: give operation_gate_provider"),
        ({**ONE, "groups": [GROUP]}, "exclude each other"),
        ({**ONE, "operations": "req-1"}, "operation_gate_operations is text that holds no list"),
        ({**ONE, "connection": "production"}, "operation_gate_connection is text that holds no list"),
        ({**ONE, "connection": ["production"]}, "operation_gate_connection must be a dict"),
        (
            {**ONE, "connection": {"_environment": {"trusted_hosts": "evil.example.com"}, "_slice": {}}},
            "operation_gate_connection must not have _environment, _slice.",
        ),
        ({**ONE, "options": {"_slice": {}}}, "operation_gate_connection must not have _slice."),
        ({**ONE, "connection": {"_a hunter2": 1}}, f"operation_gate_connection must not have {HIDDEN}."),
        ({**ONE, "operations": {"password=hunter2": 1}}, f"operation 1 has unknown keys: {HIDDEN}; known are"),
        ({"groups": [{**GROUP, "password=hunter2": 1}]}, f"group 1 has unknown keys: {HIDDEN}; known are"),
        ({"groups": [{**GROUP, "operations": "req-1"}]}, "group 1: operations is text that holds no list"),
        ({"groups": {"provider": "openstack"}}, "groups must be a list"),
        ({**ONE, "empty": "never"}, "operation_gate_empty must be fail or pass."),
        ({**ONE, "operations": {"resource_id": "s1", "latest": True}}, "latest of s1 needs since"),
        ({**ONE, "operations": {"server_id": "s1", "latest": True, "since": ""}}, "latest of s1 needs since"),
        ({"groups": [{**GROUP, "operations": [{"resource_id": "s1", "latest": True}]}]}, "group 1: latest of s1 needs"),
        ({**ONE, "operations": []}, "operation_gate_operations is empty: there is nothing"),
        ({"groups": [GROUP, {**GROUP, "operations": {"skipped": True}}]}, "group 2: operations has 1 result, which"),
    ],
)
@pytest.mark.parametrize("empty", ["fail", "pass"])
def test_what_cannot_be_waited_for_is_refused(request_: Dict[str, Any], words: str, empty: str) -> None:
    if empty == "pass" and ("empty: there" in words or "result" in words):
        assert made({**request_, "empty": empty})
        return
    with pytest.raises(InputError) as caught:
        made({"empty": empty, **request_})
    assert words in caught.value.message


_lists = st.lists(st.sampled_from([NAMED, {"skipped": True}, {"results": []}]), max_size=4)


@given(
    _lists,
    st.lists(st.tuples(_lists, st.sampled_from([None, "fail", "pass"])), max_size=3),
    st.sampled_from([None, "fail", "pass"]),
    st.booleans(),
)
def test_an_empty_list_passes_only_where_it_may(operations: Any, groups: Any, empty: Any, check_mode: bool) -> None:
    request: Dict[str, Any] = {"provider": "openstack", "operations": operations, "empty": empty}
    lists = [(operations, empty)]
    if groups:
        lists = [(each, of_group or empty) for each, of_group in groups]
        request = {
            "empty": empty,
            "groups": [{"provider": "openstack", "operations": each, "empty": of_group} for each, of_group in groups],
        }
    allowed = check_mode or all(NAMED in each or of_list == "pass" for each, of_list in lists)
    if allowed:
        assert made(request, check_mode=check_mode)
        return
    with pytest.raises(InputError):
        made(request, check_mode=check_mode)
