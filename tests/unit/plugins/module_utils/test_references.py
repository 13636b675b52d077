# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From what tasks registered to references; shapes as ansible.builtin.uri registers them."""

from __future__ import annotations

from typing import Any, Dict, List

import pytest
from ansible_collections.cloudgate.operations.plugins.module_utils.errors import InputError
from ansible_collections.cloudgate.operations.plugins.module_utils.references import references_from
from hypothesis import given
from hypothesis import strategies as st

NOVA = "https://nova.example.com/v2.1/p1/servers"
REBOOT = {"url": f"{NOVA}/s1/action", "status": 202, "x_compute_request_id": "req-1"}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"operation_id": "req-1", "resource_id": "s1"}, [{"operation_id": "req-1", "resource_id": "s1"}]),
        ({"request_id": "req-1", "server_id": "s1"}, [{"request_id": "req-1", "server_id": "s1"}]),
        ({"resource_id": "s1", "latest": True, "action": "resize", "since": None},
         [{"resource_id": "s1", "latest": True, "action": "resize"}]),
        (REBOOT, [{"operation_id": "req-1", "resource_id": "s1"}]),
        ({**REBOOT, "x_compute_request_id": "", "x_openstack_request_id": "req-2"},
         [{"operation_id": "req-2", "resource_id": "s1"}]),
        ({"url": NOVA, "status": 202, "x_compute_request_id": "req-3", "json": {"server": {"id": "new"}}},
         [{"operation_id": "req-3", "resource_id": "new"}]),
        ({"url": "https://modelarts.example.com/v1/p/dev-servers/l1/attachvolume", "status": 200,
          "json": {"operation_id": "o1"}}, [{"operation_id": "o1", "resource_id": "l1"}]),
        ({"url": "https://modelarts.example.com/v1/p/dev-servers/hyperinstance/h1/attachvolume", "status": 200,
          "json": {"operation_id": "o1"}}, [{"operation_id": "o1", "resource_id": "h1"}]),
        ({"url": "https://vna.example.com/v1.0/virtual_network_appliances/a1/action", "status": 200, "json": None},
         [{"resource_id": "a1", "latest": True}]),
        ({"url": "https://vna.example.com/v1.0/virtual_network_appliances", "status": 200,
          "json": {"virtual_network_appliance": {"id": 7}}}, [{"resource_id": "7", "latest": True}]),
        ({"url": "https://mlb.example.com/v1.0/load_balancers/b1/action", "status": 200, "json": {}},
         [{"resource_id": "b1", "latest": True}]),
        ({"url": "https://ecs.example.com/v1/p/cloudservers", "status": 200, "json": {"job_id": "j1"}},
         [{"operation_id": "j1", "resource_id": None}]),
        ({"url": "https://cce.example.com/api/v3/projects/p/clusters/c1/rotatecredentials", "status": 201,
          "json": {"jobid": "j1"}}, [{"operation_id": "j1", "resource_id": None}]),
        ({"url": "https://g.example.com/v1/instances/one:restart", "status": 200, "json": {"name": "operations/7"}},
         [{"operation_id": "operations/7", "resource_id": None}]),
        ({"url": "https://a.example.com/vm/one/restart", "status": 202, "azure_asyncoperation": "https://a.example.com/7"},
         [{"operation_id": "https://a.example.com/7", "resource_id": None}]),
        ({"resource_id": "l1", "expect": "RUNNING"}, [{"resource_id": "l1", "expect": "RUNNING"}]),
        ({"results": [REBOOT, {"skipped": True}, {**REBOOT, "x_compute_request_id": "req-4"}]},
         [{"operation_id": "req-1", "resource_id": "s1"}, {"operation_id": "req-4", "resource_id": "s1"}]),
        ([REBOOT, {"results": []}], [{"operation_id": "req-1", "resource_id": "s1"}]),
        ({"skipped": True}, []),
        ([], []),
    ],
)
def test_what_was_registered_names_its_operations(value: Any, expected: List[Dict[str, Any]]) -> None:
    assert references_from(value) == expected


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("req-1", "must be a list, not str"),
        (None, "must be a list, not NoneType"),
        (["req-1"], "operation 1 must be a dict"),
        ([REBOOT, {"operation": "req-1", "vm": 1}], "operation 2 has unknown keys: operation, vm"),
        ({**REBOOT, "status": 409}, "answered 409, so no operation was started"),
        ({**REBOOT, "status": -1}, "answered -1"),
        ({**REBOOT, "status": None}, "answered None"),
        ({"url": "https://nova.example.com/", "status": 200}, "names neither an operation nor a resource"),
    ],
)
def test_what_names_no_operation_is_refused_in_one_sentence(value: Any, words: str) -> None:
    with pytest.raises(InputError) as caught:
        references_from(value)
    assert words in caught.value.message


_registered = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.sampled_from([NOVA, 200, 202]),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(["url", "status", "json", "results", "skipped", "server", "id", "x_compute_request_id"])
        | st.text(max_size=3),
        inner,
        max_size=4,
    ),
    max_leaves=10,
)


@given(_registered)
def test_anything_else_gives_references_or_an_input_error(value: Any) -> None:
    try:
        found = references_from(value)
    except InputError:
        return
    assert all(isinstance(item, dict) for item in found)
