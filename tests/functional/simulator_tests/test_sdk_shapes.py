# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""No answer has a field that the vendor's SDK does not know, nor another type.

sdk_shapes.json holds the models of the SDKs (8 to 30 MB each) as data; "source" names the SDK, its version and model.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.cloudgate.operations.plugins.module_utils._providers.described.description import FIELDS
from ansible_collections.cloudgate.operations.plugins.module_utils._providers.described.job_services import SERVICES
from simulator import Simulator
from simulator_tests.helpers import Client, Clock

SHAPES: dict[str, Any] = json.loads(Path(__file__).with_name("sdk_shapes.json").read_text(encoding="utf-8"))
TYPES = {"str": str, "int": int, "float": float}
# The cloud, the kind of an operation, and the path of each service.
OPERATIONS = {
    "ecs": ("otc", "createServer", "/ecs/v1/{project}/jobs/{id}"),
    "evs": ("otc", "batchCreateVolume", "/evs/v1/{project}/jobs/{id}"),
    "ims": ("otc", "createImageByInstance", "/ims/v1/{project}/jobs/{id}"),
    "dcs": ("otc", "restartInstance", "/dcs/v2/{project}/jobs/{id}"),
    "ddm": ("otc", "RestartDdmInstance", "/ddm/v3/{project}/jobs/{id}"),
    "dds": ("otc", "RestartDdsInstance", "/dds/v3/{project}/jobs?id={id}"),
    "elb": ("otc", "cloneLoadbalancer", "/elb/v3/{project}/elb/jobs/{id}"),
    "gaussdb": ("otc", "RebootGaussDBforMySQLInstance", "/gaussdb/v3/{project}/jobs?id={id}"),
    "gaussdb-nosql": ("otc", "RestartNosqlInstance", "/gaussdb-nosql/v3/{project}/jobs?id={id}"),
    "sfs-turbo": ("otc", "expandShare", "/sfs-turbo/v1/{project}/sfs-turbo/jobs/{id}"),
    "rds": ("otc", "RestartMysqlInstance", "/rds/v3/{project}/jobs?id={id}"),
    "cce": ("otc", "ResizeCluster", "/cce/api/v3/projects/{project}/jobs/{id}"),
    "modelarts": ("huaweicloud", "node_attach_volume", "/modelarts/v1/{project}/dev-servers/{resource}/operation/{id}"),
    "hyperinstance": ("huaweicloud", "STOPPING", "/modelarts/v1/{project}/dev-servers/hyperinstance/{group}"),
    "lite_server": ("huaweicloud", "REBOOTING", "/modelarts/v1/{project}/dev-servers/{resource}"),
    "mlb": ("ecl", "Action::apply-configurations", "/managed-load-balancer/v1.0/operations/{id}"),
}


def strange(value: Any, shape: Any, where: str = "body") -> list[str]:
    """Return the fields that the SDK would lose or misread."""
    if isinstance(value, dict) and isinstance(shape, dict):
        lost = [f"{where}.{name}" for name in value if name not in shape]
        return lost + [
            fault for name in value if name in shape for fault in strange(value[name], shape[name], f"{where}.{name}")
        ]
    if isinstance(value, list) and isinstance(shape, list):
        return [fault for each in value for fault in strange(each, shape[0], f"{where}[]")]
    right = value is None or shape == "any" or (isinstance(shape, str) and isinstance(value, TYPES[shape]))
    return [] if right else [f"{where}: {value!r} is no {shape}"]


@pytest.mark.parametrize("service", sorted(OPERATIONS))
@pytest.mark.parametrize("fail", [False, True])
def test_the_sdk_knows_every_field_at_every_moment(sim: Simulator, clock: Clock, service: str, fail: bool) -> None:
    cloud, kind, path = OPERATIONS[service]
    client = Client(sim, cloud)
    parts = {"parts": 2} if service in ("ecs", "evs") else {}
    ids = sim.add_operation(cloud, kind, duration=10, fail=fail, started=1, **parts)
    account = client.account
    names = {"id": ids["operation_id"], "resource": ids["resource_id"], "group": account.get("hyperinstance_id")}
    url = path.format(project=account["project_id"], **names)
    for _poll in range(4):
        answer = client.get(url)
        assert answer.status_code == 200, answer.text
        body = answer.json()["operation"] if service == "mlb" else answer.json()
        assert strange(body, SHAPES[service]["body"]) == []
        clock.advance(3)


def test_a_foreign_field_and_a_wrong_type_would_be_found() -> None:
    body = {"status": 1, "entities": {"sub_jobs": [{"colour": "red"}]}}
    assert strange(body, SHAPES["ecs"]["body"]) == ["body.status: 1 is no str", "body.entities.sub_jobs[].colour"]


# Fields that a description has for similar services, although this one's SDK does not know them.
NOT_THERE = {
    "dcs": ("resource_id", "error_code", "detail"),
    "ddm": ("error_message",),
    "dws": ("detail",),
    "evs": ("detail",),
    "ecs": ("detail",),
    "sfs-turbo": ("detail",),
}


def at(shape: Any, path: str) -> Any:
    for name in path.split("."):
        shape = shape.get(name) if isinstance(shape, dict) else None
    return shape


@pytest.mark.parametrize("service", sorted(set(SHAPES) & set(SERVICES)))
def test_the_provider_reads_the_fields_that_the_sdk_has(service: str) -> None:
    api, body = SERVICES[service].description, SHAPES[service]["body"]
    if api.root:
        body = body.get(api.root) or body[api.items][0]
    paths = {name: getattr(api, name).split(" || ") for name in FIELDS if getattr(api, name)}
    lost = [name for name, ways in paths.items() if not any(at(body, way) for way in ways)]
    assert sorted(lost) == sorted(NOT_THERE.get(service, ()))
    if api.steps and service != "dcs":
        assert isinstance(at(body, api.steps.items), list) or "sub_jobs_result" in at(body, "entities")
