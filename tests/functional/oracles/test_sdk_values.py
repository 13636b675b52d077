# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""We parse an answer to the same values as the vendors' SDKs."""

from __future__ import annotations

import ast
import importlib
import json
from importlib.metadata import files
from types import SimpleNamespace
from typing import Any

import pytest
from ansible_collections.cloudgate.operations.plugins.module_utils._model.operation import Operation
from ansible_collections.cloudgate.operations.plugins.module_utils._model.reference import Reference
from ansible_collections.cloudgate.operations.plugins.module_utils._model.times import any_time
from ansible_collections.cloudgate.operations.plugins.module_utils._providers.described.description import (
    FIELDS,
    Description,
)
from ansible_collections.cloudgate.operations.plugins.module_utils._providers.described.ecl import MLB, VNA
from ansible_collections.cloudgate.operations.plugins.module_utils._providers.registry import info_for
from hypothesis import given, settings
from hypothesis import strategies as st

settings.register_profile("oracles", database=None, deadline=None, derandomize=True)
settings.load_profile("oracles")

ID = st.from_regex(r"[0-9a-f]{8}", fullmatch=True)
TEXT = st.none() | st.just("") | st.sampled_from(["no room", "createServer", "Ecs.0319"])
TIME = (
    st.none()
    | st.just("")
    | st.sampled_from(
        ["2022-02-17T05:41:55.441Z", "2026-11-21T12:00:00+0800", "2018-08-02 08:12:40.672772389 +0000 UTC"]
    )
)


def parsed_by_sdk(service: str, version: str, model: str, body: dict[str, Any]) -> Any:
    """Return the model that the SDK makes of an answer, as its own client does."""
    name = "ModelArts" if service == "modelarts" else service.capitalize()
    package = importlib.import_module(f"huaweicloudsdk{service}.{version}")
    client = getattr(package, f"{name}Client")()
    client.model_package = importlib.import_module(f"huaweicloudsdk{service}.{version}.model")
    return client.deserialize(SimpleNamespace(text=json.dumps(body)), model, None)


def parsed_by_us(provider: str, body: dict[str, Any], reference: Reference, **options: Any) -> Operation:
    info = info_for({"provider": provider, **options})
    client: Any = SimpleNamespace(endpoint="https://api.example.com", get=lambda *_place: body)
    found = info.provider_class(client, info, options).read(reference)
    assert found is not None
    return found


def resource_of(entities: Any) -> str | None:
    """Return the resource that a job or a sub-job names."""
    kinds = ("server_id", "volume_id", "nic_id")
    return next(filter(None, (getattr(entities, kind, None) for kind in kinds)), None)


def job_of_sdk(job: Any) -> dict[str, Any]:
    """Return the fields of a job as the SDKs of servers and volumes name them."""
    of_parts = {resource_of(part.entities) for part in getattr(job.entities, "sub_jobs", None) or ()}
    return {
        "operation_id": job.job_id or "asked",
        "resource_id": resource_of(job.entities) or (of_parts.pop() if len(of_parts) == 1 else None),
        "type": job.job_type or None,
        "raw_status": job.status,
        "error": error(getattr(job, "fail_reason", None), job.error_code),
        "started_at": any_time(job.begin_time),
        "finished_at": any_time(job.end_time),
    }


def error(message: str | None, code: str | None) -> dict[str, str | None] | None:
    return {"code": code or None, "message": message or None} if message or code else None


def chosen(found: Operation, names: Any) -> dict[str, Any]:
    return {name: getattr(found, name) for name in names}


def job_body(**entities: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {
            "job_id": ID,
            "status": st.sampled_from(["INIT", "RUNNING", "SUCCESS", "FAIL"]),
            "job_type": TEXT,
            "begin_time": TIME,
            "end_time": TIME,
            "error_code": TEXT,
            "fail_reason": TEXT,
            "entities": st.fixed_dictionaries({}, optional=entities),
        }
    )


@given(job_body(server_id=ID, nic_id=ID, sub_jobs=st.lists(job_body(server_id=ID), max_size=3)))
def test_jobs_of_servers(body: dict[str, Any]) -> None:
    job = parsed_by_sdk("ecs", "v2", "ShowJobResponse", body)
    found = parsed_by_us("huaweicloud_job", body, Reference(body["job_id"] or "asked"))
    expected = job_of_sdk(job)
    assert chosen(found, expected) == expected
    parts = [
        (part.job_type or "", part.status, any_time(part.begin_time), any_time(part.end_time))
        for part in job.entities.sub_jobs or []
    ]
    steps = [(step.name, step.result, step.started_at, step.finished_at) for step in found.steps]
    assert sorted(steps, key=str) == sorted(parts, key=str)


@given(job_body(volume_id=ID, sub_jobs=st.lists(job_body(volume_id=ID), max_size=3)))
def test_jobs_of_volumes(body: dict[str, Any]) -> None:
    expected = job_of_sdk(parsed_by_sdk("evs", "v2", "ShowJobResponse", body))
    found = parsed_by_us("otc_job", body, Reference(body["job_id"] or "asked"), service="evs")
    assert chosen(found, expected) == expected


@given(st.fixed_dictionaries({
    "id": ID, "status": st.sampled_from(["Running", "Completed", "Failed"]), "name": TEXT, "created": TIME,
    "ended": TIME, "process": TEXT, "fail_reason": TEXT,
    "instance": st.fixed_dictionaries({"id": ID, "name": TEXT.filter(lambda name: name is not None)}),
}))  # fmt: skip
def test_jobs_of_databases(body: dict[str, Any]) -> None:
    job = parsed_by_sdk("rds", "v3", "ListJobInfoResponse", {"job": body}).job
    expected = {
        "operation_id": job.id,
        "resource_id": job.instance.id,
        "type": job.name or None,
        "raw_status": job.status,
        "error": error(job.fail_reason, None),
        "started_at": any_time(job.created),
        "finished_at": any_time(job.ended),
    }
    found = parsed_by_us("otc_job", {"job": body}, Reference(body["id"] or "asked"), service="rds")
    assert chosen(found, expected) == expected


def cluster_job(**parts: Any) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {
            "kind": st.just("Job"),
            "apiVersion": st.just("v3"),
            "metadata": st.fixed_dictionaries({"uid": ID, "creationTimestamp": TIME, "updateTimestamp": TIME}),
            "spec": st.fixed_dictionaries({"type": TEXT, "clusterUID": ID, "resourceID": TEXT, **parts}),
            "status": st.fixed_dictionaries(
                {"phase": st.sampled_from(["Initializing", "Running", "Success", "Failed"]), "reason": TEXT}
            ),
        }
    )


@given(cluster_job(subJobs=st.lists(cluster_job(), max_size=2)))
def test_jobs_of_clusters(body: dict[str, Any]) -> None:
    job = parsed_by_sdk("cce", "v3", "ShowJobResponse", body)
    found = parsed_by_us("huaweicloud_job", body, Reference(body["metadata"]["uid"] or "asked"), service="cce")
    expected = {
        "operation_id": job.metadata.uid,
        "resource_id": job.spec.resource_id or job.spec.cluster_uid,
        "type": job.spec.type or None,
        "raw_status": job.status.phase,
        "started_at": any_time(job.metadata.creation_timestamp),
        "updated_at": any_time(job.metadata.update_timestamp),
    }
    assert chosen(found, expected) == expected
    parts = [(part.spec.type or "", part.status.phase) for part in job.spec.sub_jobs]
    assert sorted((step.name, str(step.result)) for step in found.steps) == sorted(parts)


@given(st.fixed_dictionaries(
    {"operation_id": ID, "operation_status": st.sampled_from(["pending", "running", "success", "failed"])},
    optional={"operation_type": TEXT, "operation_error": st.fixed_dictionaries({"code": TEXT, "message": TEXT})},
))  # fmt: skip
def test_operations_of_lite_servers(body: dict[str, Any]) -> None:
    operation = parsed_by_sdk("modelarts", "v1", "GetDevServerOperationResponse", body)
    fault = operation.operation_error
    expected = {
        "operation_id": operation.operation_id,
        "raw_status": operation.operation_status,
        "type": operation.operation_type or None,
        "error": error(fault.message, fault.code) if fault else None,
    }
    found = parsed_by_us("huaweicloud_modelarts", body, Reference(body["operation_id"] or "asked", "l1"))
    assert chosen(found, expected) == expected


@given(st.sampled_from(["RUNNING", "STOPPED", "REBOOTING", "START_FAILED"]), st.integers(10**12, 2 * 10**12))
def test_lite_servers(status: str, updated: int) -> None:
    body = {"id": "l1", "status": status, "update_at": updated}
    server = parsed_by_sdk("modelarts", "v1", "ShowDevServerResponse", body)
    found = parsed_by_us("huaweicloud_modelarts", body, Reference(resource_id="l1", expect="RUNNING"))
    assert (found.raw_status, found.updated_at) == (server.status, any_time(server.update_at))


@pytest.mark.parametrize(("service", "api"), [("virtual_network_appliance", VNA), ("mvna", MLB)])
def test_the_sdk_of_ecl_reads_the_same_fields(service: str, api: Description) -> None:
    """eclsdk cannot be imported with a Python of today, so its source is read."""
    (source,) = (each for each in files("eclsdk") or [] if str(each) == f"ecl/{service}/v1/operation.py")
    assigned = {
        ast.unparse(node.targets[0]): node.value
        for node in ast.walk(ast.parse(source.read_text()))
        if isinstance(node, ast.Assign)
    }
    fields = {
        ast.literal_eval(value.args[0])
        for value in assigned.values()
        if isinstance(value, ast.Call) and ast.unparse(value.func) == "resource2.Body"
    }
    ours = {getattr(api, name) for name in FIELDS} - {""}
    assert ours - {"request_id"} == fields - {"request_id", "request_path", "request_body"}
    assert ast.literal_eval(assigned["resource_key"]) == api.root
    assert ast.literal_eval(assigned["resources_key"]) == api.items
