# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Answers of APIs that start operations: which operations they name. The forms are those of the vendors' documents."""

from __future__ import annotations

from typing import Any, Dict, List

import pytest
from ansible_collections.cloudgate.operations.plugins.module_utils._model.errors import InputError
from ansible_collections.cloudgate.operations.plugins.plugin_utils._references.registered import references_from
from ansible_collections.cloudgate.operations.plugins.plugin_utils._references.starts import started
from hypothesis import given
from hypothesis import strategies as st

UPID = "UPID:pve1:000003E8:00001B58:6B0A37CB:qmstart:100:root@pam!t1:"
TASK = "52d2b5a1-c2f8-4ee4-9f3a-3d1f6a7b8c9d:com.vmware.vcenter.vm"
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["id", "action", "actions", "links", "job", "url", "data"]), inner, max_size=4
        )
    ),
    max_leaves=8,
)


def answer(url: str, body: Any = None, status: int = 201, **headers: Any) -> Dict[str, Any]:
    return {"changed": False, "url": url, "status": status, "json": body, **headers}


@pytest.mark.parametrize(
    ("result", "ids"),
    [
        (  # Hetzner: the server is created, and then started
            answer(
                "https://api.hetzner.cloud/v1/servers",
                {"server": {"id": 42}, "action": {"id": 1, "status": "running"}, "next_actions": [{"id": 13}]},
            ),
            ["1", "13"],
        ),
        (
            answer(
                "https://api.hetzner.cloud/v1/servers/42/actions/reboot",
                {"action": {"id": 4503599627370497, "status": "running", "resources": [{"id": 42, "type": "server"}]}},
            ),
            ["4503599627370497"],
        ),
        (
            answer(
                "https://api.digitalocean.com/v2/droplets",
                {"droplet": {"id": 3}, "links": {"actions": [{"id": 7, "rel": "create", "href": "x"}]}},
                202,
            ),
            ["7"],
        ),
        (
            answer("https://api.digitalocean.com/v2/droplets/actions?tag_name=a", {"actions": [{"id": 7}, {"id": 8}]}),
            ["7", "8"],
        ),
        (answer("https://pve:8006/api2/json/nodes/pve1/qemu/100/status/start", {"data": UPID}, 200), [UPID]),
        (
            answer(
                "https://awx/api/v2/job_templates/7/launch/",
                {"job": 15, "id": 15, "type": "job", "url": "/api/v2/jobs/15/", "ignored_fields": {}},
            ),
            ["/api/v2/jobs/15/"],
        ),
        (
            answer(
                "https://gitlab.example.com/api/v4/projects/5/pipeline",
                {"id": 61, "sha": "384", "status": "pending", "web_url": "https://gitlab.example.com/g/p/-/pipelines/61"},
            ),
            ["61"],
        ),
        (
            answer(
                "https://compute.googleapis.com/compute/v1/projects/p/zones/z/instances",
                {"kind": "compute#operation", "name": "operation-1", "selfLink": "https://www.googleapis.com/x/op-1"},
                200,
            ),
            ["https://www.googleapis.com/x/op-1"],
        ),
        (answer("https://vc/api/vcenter/vm?vmw-task=true", TASK, 202), [TASK]),
        (answer("https://vc/rest/vcenter/vm", {"value": TASK}, 200), [TASK]),
        (answer("https://na/api/storage/volumes", {"job": {"uuid": "b5d"}}, 202), ["b5d"]),
        (
            answer("https://cc/dna/intent/api/v1/site", {"response": {"taskId": "7e1", "url": "/x"}}, 202),
            ["7e1"],
        ),
        (
            answer("https://bmc/redfish/v1/Systems/1/Reset", None, 202, location="/redfish/v1/TaskService/Tasks/4"),
            ["/redfish/v1/TaskService/Tasks/4"],
        ),
        (
            answer("https://jenkins/job/a/build", None, 201, location="https://jenkins/queue/item/25/"),
            ["https://jenkins/queue/item/25/"],
        ),
        (
            answer(
                "https://api.ionos.com/cloudapi/v6/datacenters/d/servers/s/reboot", None, 202,
                location="https://api.ionos.com/cloudapi/v6/requests/3ab5f0d2-7b1c-4a8e-9f00-6f2b1d0c9e11/status",
            ),
            ["https://api.ionos.com/cloudapi/v6/requests/3ab5f0d2-7b1c-4a8e-9f00-6f2b1d0c9e11/status"],
        ),
        (answer("https://iaas/20160918/instances", None, 202, opc_work_request_id="ocid1.workrequest.oc1..x"),
         ["ocid1.workrequest.oc1..x"]),
    ],
)  # fmt: skip
def test_each_form_names_its_operations(result: Dict[str, Any], ids: List[str]) -> None:
    assert references_from([result]) == [{"operation_id": each} for each in ids]


def test_a_location_of_a_finished_request_is_no_operation() -> None:
    with pytest.raises(InputError, match="names neither an operation nor a resource"):
        references_from(
            [answer("https://api.example.com/things", {}, 200, location="https://api.example.com/things/7")]
        )


def test_the_location_of_a_server_is_not_its_operation() -> None:
    result = answer(
        "https://nova.example.com/v2.1/servers", {"server": {"id": "s1"}}, 202,
        location="https://nova.example.com/v2.1/servers/s1", x_compute_request_id="req-1",
    )  # fmt: skip
    assert references_from([result]) == [{"operation_id": "req-1", "resource_id": "s1", "action": "create"}]


@given(JSON)
def test_any_body_names_texts_or_nothing(body: Any) -> None:
    assert all(isinstance(each, str) and each for each in started(body))
