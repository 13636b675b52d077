# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""For any JSON of a cloud: an operation or one of our errors, and never success by accident."""

from __future__ import annotations

import json
from typing import Any, Callable, Dict, List

from ansible_collections.cloudgate.operations.plugins.module_utils._model.errors import GateError
from ansible_collections.cloudgate.operations.plugins.module_utils._model.operation import Operation
from ansible_collections.cloudgate.operations.plugins.module_utils._model.reference import Query, Reference
from hypothesis import given
from hypothesis import strategies as st

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=5)
    | st.sampled_from(["SUCCESS", "FAIL", "RUNNING", "Completed", "Failed", "Success", "COMPLETE", "success"])
    | st.sampled_from(["reboot", "create", "delete", "Error", "Success", "2026-11-21T12:00:00.000000", "ACTIVE"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)


def objects(*names: str) -> st.SearchStrategy[Dict[str, Any]]:
    return st.fixed_dictionaries({}, optional=dict.fromkeys(names, JSON))


EVENTS = st.lists(objects("event", "start_time", "finish_time", "result", "traceback", "details", "host", "hostId"))
NOVA_ACTION = st.builds(
    lambda body, events: {**body, **({} if events is None else {"events": events})},
    objects("action", "instance_uuid", "request_id", "user_id", "project_id", "start_time", "updated_at", "message"),
    st.none() | EVENTS | JSON,
)
SERVER = objects("status", "OS-EXT-STS:task_state", "fault") | JSON
ECL_OPERATION = objects(
    "id",
    "resource_id",
    "resource_type",
    "request_id",
    "request_type",
    "request_body",
    "status",
    "reception_datetime",
    "commit_datetime",
    "warning",
    "error",
    "tenant_id",
)
JOB_FIELDS = "job_id job_type status begin_time end_time error_code fail_reason code message".split()
JOB = st.builds(
    lambda job, parts: {**job, "entities": {"sub_jobs": parts}},
    objects(*JOB_FIELDS),
    st.lists(objects(*JOB_FIELDS, "entities")) | JSON,
) | objects(*JOB_FIELDS, "entities")
DATABASE_JOB = objects("id", "name", "status", "created", "ended", "process", "instance", "fail_reason")
CLUSTER_PARTS = objects("metadata", "spec", "status") | st.fixed_dictionaries(
    {
        "metadata": objects("uid", "creationTimestamp", "updateTimestamp"),
        "spec": objects("type", "clusterUID", "resourceID"),
        "status": objects("phase", "reason"),
    }
)
CLUSTER_JOB = st.builds(
    lambda job, parts: {**job, "spec": {**job["spec"], "subJobs": parts}} if isinstance(job.get("spec"), dict) else job,
    CLUSTER_PARTS,
    st.lists(CLUSTER_PARTS, max_size=3) | JSON,
)
GOOGLE = {
    "show": "{operation_id}",
    "state": "done == `true` && (error && 'failed' || 'done') || 'running'",
    "states": {"running": ["running"], "succeeded": ["done"], "failed": ["failed"]},
    "error_message": "error.message",
    "error_code": "error.code",
    "started_at": "metadata.createTime",
    "steps": {"items": "metadata.stages[]", "name": "name", "state": "to_string(state)"},
}
LITE_OPERATION = objects("operation_id", "operation_status", "operation_type", "operation_error")
STATES = {"pending", "running", "succeeded", "failed", "unknown"}


def outcome(read: Callable[[], Any]) -> List[Operation]:
    """Return the outcome of an answer; our errors are one, others are defects."""
    try:
        found = read()
    except GateError:
        return []
    return list(found) if isinstance(found, list) else [found]


def check(found: List[Operation]) -> None:
    for each in found:
        shown = each.as_dict(raw=True)
        assert json.loads(json.dumps(shown)) == shown
        assert shown["state"] in STATES
        assert isinstance(shown["reason"], str)


@given(NOVA_ACTION | JSON, SERVER)
def test_nova(scripted: Callable[..., Any], action: Any, server: Any) -> None:
    actions = "servers/s1/os-instance-actions"
    answers = {
        f"{actions}/req-1": {"instanceAction": action},
        actions: {"instanceActions": [action]},
        "servers/s1": {"server": server},
    }
    provider = scripted("openstack", answers)
    check(outcome(lambda: provider.show(Reference("req-1", "s1"))))
    check(outcome(lambda: provider.list(Query(resource_id="s1", details=False))))


@given(ECL_OPERATION | JSON)
def test_ecl(scripted: Callable[..., Any], operation: Any) -> None:
    answers = {"operations/o1": {"operation": operation}, "operations": {"operations": [operation]}}
    provider = scripted("ecl_vna", answers)
    found = outcome(lambda: provider.show(Reference("o1"))) + outcome(lambda: provider.list(Query()))
    check(found)
    assert all(str(each.raw_status).upper() == "COMPLETE" for each in found if each.state == "succeeded")


@given(LITE_OPERATION)
def test_modelarts(scripted: Callable[..., Any], operation: Dict[str, Any]) -> None:
    provider = scripted("huaweicloud_modelarts", {"dev-servers/l1/operation/o1": operation})
    found = outcome(lambda: provider.show(Reference("o1", "l1")))
    check(found)
    assert all(str(each.raw_status).lower() == "success" for each in found if each.state == "succeeded")


@given(JOB | JSON)
def test_job(scripted: Callable[..., Any], job: Any) -> None:
    provider = scripted("huaweicloud_job", {"jobs/j1": job if isinstance(job, dict) else {"status": job}})
    found = outcome(lambda: provider.show(Reference("j1")))
    check(found)
    for each in found:
        assert each.state != "succeeded" or str(each.raw_status).upper() == "SUCCESS"
        assert each.state != "succeeded" or not any(str(step.result).upper() == "FAIL" for step in each.steps)


@given(DATABASE_JOB | JSON)
def test_job_of_a_database(scripted: Callable[..., Any], job: Any) -> None:
    provider = scripted("otc_job", {"jobs": {"job": job}}, service="rds")
    found = outcome(lambda: provider.show(Reference("j1")))
    check(found)
    assert all(str(each.raw_status).lower() == "completed" for each in found if each.state == "succeeded")


@given(JSON | st.lists(DATABASE_JOB | JSON, max_size=3))
def test_a_list_of_jobs_of_a_database(scripted: Callable[..., Any], jobs: Any) -> None:
    provider = scripted("otc_job", {"jobs": {"jobs": jobs}}, service="gaussdb-nosql")
    found = outcome(lambda: provider.show(Reference("j1")))
    check(found)
    assert all(str(each.raw_status).lower() == "completed" for each in found if each.state == "succeeded")


PARTS = st.lists(objects(*JOB_FIELDS, "image_id", "entities"), max_size=3) | JSON
IMAGE_ENTITIES = st.fixed_dictionaries({}, optional=dict.fromkeys(("sub_jobs_result", "results", "error"), PARTS))


@given(st.sampled_from(["SUCCESS", "success", "RUNNING", "FAIL"]), IMAGE_ENTITIES | JSON)
def test_job_of_images(scripted: Callable[..., Any], status: str, entities: Any) -> None:
    body = {"job_id": "j1", "status": status, "entities": entities}
    found = outcome(lambda: scripted("otc_job", {"jobs/j1": body}, service="ims").show(Reference("j1")))
    check(found)
    for each in found:
        assert each.state != "succeeded" or status.upper() == "SUCCESS"
        assert each.state != "succeeded" or not any(
            step.state in ("failed", "unknown") and step.result for step in each.steps
        )


@given(objects("id", "status", "update_at", "servers"), st.lists(objects("id", "status", "update_at")))
def test_hyperinstance(scripted: Callable[..., Any], group: Dict[str, Any], servers: List[Dict[str, Any]]) -> None:
    answers = {
        "dev-servers/hyperinstance/h1": [{**group, "id": "h1"}, {"id": "h1", "status": "ACTIVE", "servers": servers}]
    }
    provider = scripted("huaweicloud_modelarts", answers, hyperinstance=True)
    reference = Reference(resource_id="h1", expect="RUNNING")
    check(outcome(lambda: provider.read(reference)))
    again = outcome(lambda: provider.read(reference))
    check(again)
    words = {str(each.get("status")).upper() for each in servers}
    assert all(words == {"RUNNING"} for each in again if each.state == "succeeded")


@given(CLUSTER_JOB)
def test_job_of_a_cluster(scripted: Callable[..., Any], job: Dict[str, Any]) -> None:
    found = outcome(lambda: scripted("otc_job", {"jobs/j1": job}, service="cce").show(Reference("j1")))
    check(found)
    assert all(str(each.raw_status).lower() == "success" for each in found if each.state == "succeeded")


@given(objects("id", "status", "update_at"), objects("id", "status", "update_at"))
def test_lite_server(scripted: Callable[..., Any], first: Dict[str, Any], second: Dict[str, Any]) -> None:
    provider = scripted("huaweicloud_modelarts", {"dev-servers/l1": [first, second]})
    reference = Reference(resource_id="l1", expect="RUNNING")
    found = outcome(lambda: provider.read(reference))
    check(found)
    assert all(each.state != "succeeded" for each in found), "RUNNING may be what it was before"
    again = outcome(lambda: provider.read(reference))
    check(again)
    assert all(str(each.raw_status).upper() == "RUNNING" for each in again if each.state == "succeeded")


@given(objects("name", "done", "error", "metadata") | st.dictionaries(st.text(max_size=3), JSON))
def test_custom(scripted: Callable[..., Any], operation: Dict[str, Any]) -> None:
    provider = scripted("custom", {"o1": operation}, definition=GOOGLE)
    found = outcome(lambda: provider.show(Reference("o1")))
    check(found)
    assert all(operation["done"] and not operation.get("error") for each in found if each.state == "succeeded")
