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
from ansible_collections.cloudgate.operations.plugins.plugin_utils.gate_request import (
    arguments,
    marking_arguments,
    of_task,
)
from hypothesis import given
from hypothesis import strategies as st

NAMED = {"operation_id": "req-1", "resource_id": "s1"}
ONE: Dict[str, Any] = {"provider": "openstack", "operations": [NAMED]}
MARK = {"mark": {"provider": "openstack", "resource_id": "s1", "server": None, "since": None, "known": ["req-0"]}}
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
        "on_failure": "warn",
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


@pytest.mark.parametrize("write", [lambda value: value, json.dumps, repr])
def test_a_mark_takes_the_place_of_operations(write: Any) -> None:
    given_ = {"provider": "openstack", "after": write(MARK), "connection": {"cloud": "one"}, "action": "reboot"}
    assert made(given_) == {
        "cloud": "one",
        "empty": "fail",
        "provider": "openstack",
        "after": MARK,
        "action": "reboot",
    }


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
        ({**ONE, "after": {}}, "but it has nothing. Run operation_info before the work"),
        ({**ONE, "after": MARK, "since": "2026-11-21T08:30:00Z"}, "after and since exclude each other"),
        ({"after": {}}, "Nothing to wait for: give operation_gate_provider"),
        ({**ONE, "operations": "req-1"}, "operation_gate_operations is text without a list"),
        ({**ONE, "connection": "production"}, "operation_gate_connection is text without a list"),
        ({**ONE, "connection": ["production"]}, "operation_gate_connection must be a dictionary, such as"),
        (
            {**ONE, "connection": {"_environment": {"trusted_hosts": "evil.example.com"}, "_slice": {}}},
            "operation_gate_connection must not have _environment, _slice.",
        ),
        ({**ONE, "options": {"_slice": {}}}, "operation_gate_connection must not have _slice."),
        ({**ONE, "connection": {"_a hunter2": 1}}, f"operation_gate_connection must not have {HIDDEN}."),
        ({**ONE, "operations": {"password=hunter2": 1}}, f"operation 1 has unknown keys: {HIDDEN}. Known are"),
        ({"groups": [{**GROUP, "operations": "req-1"}]}, "group 1: operations is text without a list"),
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
def test_an_operation_that_cannot_be_waited_for_is_refused(request_: Dict[str, Any], words: str, empty: str) -> None:
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


@pytest.mark.parametrize("resources", ["s1", ["s1", "s2"], '["s1", "s2"]', "[s1]"])
def test_resources_to_mark_may_be_one_or_many(resources: Any) -> None:
    request = {"provider": "openstack", "resources": resources, "connection": '{"cloud": "two"}'}
    made_of = marking_arguments(request, {"cloud": "one", "region_name": "r", "resources": ["s3"]})
    named = {"s1": "s1", "[s1]": ["s1"]}.get(str(resources), ["s1", "s2"])
    assert made_of == {"cloud": "two", "region_name": "r", "provider": "openstack", "resources": named}


@pytest.mark.parametrize(
    ("request_", "sentence"),
    [
        ({"provider": "", "resources": "s1"}, "Nothing to note: give operation_gate_provider and"),
        ({"provider": "openstack", "resources": None}, "Nothing to note: give operation_gate_provider and"),
        ({"provider": "openstack", "resources": "[s1"}, "operation_gate_resources is text without a list"),
        ({"provider": "openstack", "resources": "s1", "connection": [1]}, "operation_gate_connection must be a dict"),
        ({"provider": "openstack", "resources": "s1", "connection": {"_environment": 1}}, "must not have _environment"),
    ],
)
def test_a_resource_that_cannot_be_marked_is_refused_by_the_role(request_: Dict[str, Any], sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        marking_arguments(request_, {})


@pytest.mark.parametrize("write", [lambda value: value, json.dumps, repr])
def test_a_task_gives_the_same_as_the_role(write: Any) -> None:
    started = {"url": "https://nova.example.com/v2.1/servers/s1/action", "status": 202, "x_compute_request_id": "req-1"}
    loop = {"results": [started, {"skipped": True}], "changed": True}
    for value in (started, loop, [NAMED], {"operation_id": ["req-1"], "resource_id": "s1"}):
        by_role = made({**ONE, "operations": write(value)})
        assert of_task({**ONE, "operations": write(value), "empty": "fail"}, False) == by_role
        groups = write([{**GROUP, "operations": value}])
        assert of_task({"groups": groups, "empty": "fail"}, False) == made({"groups": groups})


def test_the_options_of_a_task_fill_in_and_are_gone() -> None:
    latest = {"resource_id": "s1", "latest": True}
    given_ = {"provider": "openstack", "operations": [latest], "after": MARK, "action": "stop", "timeout": 5}
    assert of_task(given_, False) == {
        "provider": "openstack",
        "timeout": 5,
        "operations": [{**latest, "action": "stop", "known": ["req-0"]}],
    }
    given_ = {"provider": "openstack", "operations": ["req-1"], "server_id": "s1", "verify": "ACTIVE"}
    assert of_task(given_, False)["operations"] == [{**NAMED, "verify": "ACTIVE"}]
    groups = {"groups": [{**GROUP, "operations": [latest]}], "since": "2026-11-21T08:30:00Z", "resource_id": "s1"}
    found = of_task(groups, False)
    assert found["groups"][0]["operations"] == [{**latest, "since": "2026-11-21T08:30:00Z"}]
    assert set(found) == {"groups", "resource_id"}  # which the module refuses beside groups


@pytest.mark.parametrize(
    "given_",
    [
        {"provider": "openstack", "operation_id": "req-1", "resource_id": "s1", "verify": "ACTIVE"},
        {"provider": "openstack", "resource_id": "s1", "latest": True, "since": "x", "action": "stop"},
        {"provider": "openstack", "after": MARK, "action": "stop"},
        {"provider": "openstack", "operations": None, "groups": None, "resource_id": "s1"},
        {},
    ],
)
def test_the_module_itself_reads_one_operation(given_: Dict[str, Any]) -> None:
    assert of_task(given_, False) == given_


def test_the_module_allows_a_latest_operation_without_a_bound_and_the_role_does_not() -> None:
    latest = {"provider": "openstack", "operations": [{"resource_id": "s1", "latest": True}]}
    assert of_task(latest, False) == latest
    created = {"provider": "openstack", "operations": [{"resource_id": "s1", "latest": True, "action": "create"}]}
    assert made(created)["operations"] == created["operations"]


@pytest.mark.parametrize(
    ("given_", "words"),
    [
        ({**ONE, "operations": []}, "operations is empty: there is nothing to wait for"),
        ({**ONE, "operations": {"results": [{"skipped": True}] * 2}}, "operations has 2 results, all skipped"),
        ({"groups": []}, "groups is empty"),
        ({"groups": [GROUP, {**GROUP, "operations": []}]}, "group 2: operations is empty"),
        ({**ONE, "operations": "req-1"}, "operations is text without a list or a dictionary."),
        ({"groups": "hunter2"}, "groups is text without a list or a dictionary."),
        ({"after": "hunter2"}, "after is text without a list or a dictionary."),
        ({**ONE, "operations": 7}, "operations must be a list, not a number."),
        ({**ONE, "operations": MARK}, "Give it as after"),
    ],
)
def test_a_task_that_names_nothing_is_refused(given_: Dict[str, Any], words: str) -> None:
    with pytest.raises(InputError) as caught:
        of_task(given_, False)
    assert words in caught.value.message
    if "empty" in words or "skipped" in words:
        assert of_task({**given_, "empty": "pass"}, False) and of_task(given_, True)


def test_verify_of_a_connection_is_that_of_clouds_yaml() -> None:
    assert made({**ONE, "connection": {"verify": False}, "verify": "ACTIVE"}) == {
        "empty": "fail",
        "provider": "openstack",
        "validate_certs": False,
        "operations": [{**NAMED, "verify": "ACTIVE"}],
    }
