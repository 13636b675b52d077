# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Results that name a server and no request, from openstack.cloud 2 and python-openstackclient."""

from __future__ import annotations

import json
from typing import Any, Dict, List

import pytest
from ansible_collections.cloudgate.operations.plugins.module_utils._model.errors import InputError
from ansible_collections.cloudgate.operations.plugins.plugin_utils._references.bounds import Bounds, is_open
from ansible_collections.cloudgate.operations.plugins.plugin_utils._references.registered import (
    find,
    references_from,
)
from hypothesis import given
from hypothesis import strategies as st

S1, S2 = "731de26e-5085-5bc6-b433-70995c88311d", "0f7d6a8c-5085-5bc6-b433-70995c88311d"
SINCE = "2026-11-28T05:00:00Z"
NOTED = {
    "mark": {"provider": "openstack", "resource_id": S1, "server": None, "since": SINCE, "known": ["req-0"]},
    "operations": [],
    "changed": False,
}
AFTER, BOUND = Bounds.of({"after": NOTED}), Bounds.of({"since": SINCE})

SERVER = {"changed": True, "failed": False, "server": {"id": S1, "name": "web-1", "status": "ACTIVE"}}
BUILDING = {**SERVER, "server": {"id": S1, "name": "web-1", "status": "BUILD"}}
INFO = {"changed": False, "failed": False, "servers": [{"id": S1, "status": "ACTIVE"}]}
DONE = {"changed": True, "failed": False}


def asked(**module_args: Any) -> Dict[str, Any]:
    """Return what a loop registers of openstack.cloud.server_action."""
    return {**DONE, "item": "x", "ansible_loop_var": "item", "invocation": {"module_args": module_args}}


def command(line: Any, printed: Any, **more: Any) -> Dict[str, Any]:
    return {
        **DONE,
        "cmd": line,
        "rc": 0,
        "stdout": printed if isinstance(printed, str) else json.dumps(printed),
        **more,
    }


def collected(result: Dict[str, Any]) -> Dict[str, Any]:
    """Return the same as ansible.builtin.async_status does."""
    return {**result, "ansible_job_id": "j1.2", "finished": 1, "started": 1}


SHOW = ["openstack", "--os-cloud", "production", "server", "show", "web-1", "-f", "json"]
NAMED = {"resource_id": S1, "latest": True}
NEEDS_A_BOUND = [
    (SERVER, NAMED),
    (INFO, NAMED),
    (asked(name=S1, server=S1, action="stop"), {**NAMED, "action": "stop"}),
    (asked(name=S1, action="reboot_hard"), {**NAMED, "action": "reboot"}),
    (asked(name=S1, action="shelve_offload"), {**NAMED, "action": "shelveOffload"}),
    (command(SHOW, {"id": S1, "name": "web-1"}), NAMED),
    (command("/usr/bin/openstack server rebuild web-1 -f json", {"id": S1}), {**NAMED, "action": "rebuild"}),
    (command(["sh", "-c", "openstack server list -f json"], [{"ID": S1, "Name": "web-1"}]), NAMED),
    (command("openstack server create a -f json || openstack server show a -f json", {"id": S1}), NAMED),
    (command("openstack server create a > /dev/null; openstack server show b -f json", {"id": S1}), NAMED),
    ({**DONE, "server_id": "web-1", "ansible_loop_var": "server_id", "server": {"id": S1}}, NAMED),
]
IS_THE_ONLY_ONE = [
    (BUILDING, {**NAMED, "action": "create"}),
    (command("openstack server create -f json web-1", {"id": S1, "status": "ACTIVE"}), {**NAMED, "action": "create"}),
]


@pytest.mark.parametrize("in_a_loop", [False, True])
@pytest.mark.parametrize("register", [dict, collected])
@pytest.mark.parametrize(("result", "named"), NEEDS_A_BOUND)
def test_a_server_needs_a_bound(result: Any, named: Dict[str, Any], register: Any, in_a_loop: bool) -> None:
    value = register(result)
    value = {"results": [value, {"skipped": True}], "changed": True} if in_a_loop else value
    with pytest.raises(InputError, match=rf"operation 1.* names {S1} but no request.*add after.*or since") as caught:
        references_from(value)
    assert "openstack.cloud" in caught.value.message
    assert references_from(value, AFTER) == [{**named, "since": SINCE, "known": ["req-0"]}]
    assert references_from(value, BOUND) == [{**named, "since": SINCE}]


@pytest.mark.parametrize("bounds", [Bounds(), AFTER, BOUND])
@pytest.mark.parametrize("register", [dict, collected])
@pytest.mark.parametrize(("result", "named"), IS_THE_ONLY_ONE)
def test_a_server_has_only_one_creation(result: Any, named: Any, register: Any, bounds: Bounds) -> None:
    (found,) = references_from(register(result), bounds)
    assert {name: found[name] for name in named} == named
    assert references_from(register(result)) == [named]


def test_each_server_of_a_list_is_bounded_on_its_own() -> None:
    both = {**INFO, "servers": [{"id": S1}, {"id": S2}]}
    assert [each["resource_id"] for each in references_from(both, BOUND)] == [S1, S2]
    with pytest.raises(InputError, match=rf"after has no record of {S2}\. Run operation_info for it before the work\."):
        references_from(both, AFTER)


@pytest.mark.parametrize(
    ("result", "words"),
    [
        (DONE, "names no request and no server ID"),
        (collected(DONE), "names no request and no server ID"),
        (asked(name="web-1", action="stop"), "give its result as after."),
        (asked(name=S1, action="dance"), "names no request and no server ID"),
        (asked(name=S1), "names no request and no server ID"),
        (command("openstack volume create server create -f json", {"id": S1}), "names no request and no server ID"),
        ({**DONE, "invocation": {"module_args": "?"}}, "names no request and no server ID"),
        ({**INFO, "servers": []}, "names no request and no server ID"),
        ({**INFO, "servers": [{"id": S1}, {"name": "web-2"}]}, "names no request and no server ID"),
        (command("openstack server reboot web-1", ""), "names no request and no server ID"),
        (command("openstack server image create web-1 -f json", {"id": S1}), "names no request and no server ID"),
        (command("openstack server group show -f json x", {"id": S1}), "names no request and no server ID"),
        (command("openstack volume show -f json x", {"id": S1}), "names no request and no server ID"),
        (command("openstack server", {"id": S1}), "names no request and no server ID"),
        (command("other server show", {"id": S1}), "names no request and no server ID"),
        (command(SHOW, "| id | s1 |"), "names no request and no server ID"),
        (command(SHOW, "[" * 100000), "names no request and no server ID"),
        (command(SHOW, [7]), "names no request and no server ID"),
        (command(SHOW, {"id": S1}, rc=1), "its command failed with exit status 1, so it does not count as started."),
        ({**SERVER, "changed": False}, "has changed: false, so no operation was started."),
        ({**asked(name=S1, action="stop"), "changed": False}, "Remove it, for example with selectattr('changed')."),
        (NOTED, "is a result of operation_info. Give it as after"),
        (NOTED["mark"], "is a result of operation_info"),
        ({"results": [NOTED]}, "is a result of operation_info"),
        ({**DONE, "operations": [], "finished": True}, "is a result of this collection, which starts no operations."),
    ],
)
@pytest.mark.parametrize("bounds", [Bounds(), AFTER, BOUND])
def test_a_result_that_names_no_server_is_refused_with_a_remedy(result: Any, words: str, bounds: Bounds) -> None:
    with pytest.raises(InputError) as caught:
        references_from(result, bounds)
    assert words in caught.value.message


@pytest.mark.parametrize("result", [DONE, SERVER, {**SERVER, "changed": False}, asked(name="web-1", action="stop")])
def test_in_check_mode_nothing_was_started(result: Dict[str, Any]) -> None:
    found = find([result], Bounds(check_mode=True))
    assert (found.references, found.skipped) == ([], 1)
    with pytest.raises(InputError, match="its task failed"):
        find([{**result, "failed": True}], Bounds(check_mode=True))


@pytest.mark.parametrize("text", ["hush=hush {x}", "hush hush", "hush" * 40])
def test_no_long_text_of_a_result_is_shown(text: str) -> None:
    with pytest.raises(InputError) as caught:
        references_from({**SERVER, "server": {"id": text}})
    assert "hush" not in caught.value.message


_results = st.recursive(
    st.none() | st.booleans() | st.integers() | st.sampled_from([S1, "web-1", "stop", "BUILD", "[]", '{"id": "s1"}']),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                "changed failed server servers id ID status invocation module_args name action cmd rc stdout mark url"
                " ansible_loop_var operations ansible_job_id finished skipped results latest known since".split()
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=12,
)


@given(st.lists(_results, max_size=3), st.booleans())
def test_no_result_means_an_older_operation(results: List[Any], check_mode: bool) -> None:
    """A registered result gets a lower bound, unless its author wrote latest; otherwise it is refused."""
    for bounds in (Bounds(check_mode=check_mode), AFTER._replace(check_mode=check_mode), BOUND):
        for value in results:
            try:
                found = references_from([value], bounds)
            except InputError:
                continue
            wrote = '"latest"' in json.dumps(value)
            assert wrote or not any(map(is_open, found))
