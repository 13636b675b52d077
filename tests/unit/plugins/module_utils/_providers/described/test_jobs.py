# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Jobs of Huawei Cloud and Open Telekom Cloud: the path, the words and the parts of each service."""

from __future__ import annotations

import re
from typing import Any, Callable, Dict, List, Optional

import pytest
import yaml
from ansible_collections.cloudgate.operations.plugins.doc_fragments.provider import ModuleDocFragment
from ansible_collections.cloudgate.operations.plugins.module_utils._model.errors import (
    InputError,
    MissingError,
    ProtocolError,
)
from ansible_collections.cloudgate.operations.plugins.module_utils._model.reference import Reference
from ansible_collections.cloudgate.operations.plugins.module_utils._providers.described.job_services import (
    SERVICES,
    job_service,
)
from ansible_collections.cloudgate.operations.plugins.module_utils._providers.described.jobs import DATABASES
from hypothesis import given
from hypothesis import strategies as st

DATABASE_SERVICES = [name for name, service in SERVICES.items() if service.description is DATABASES]
# The paths in huaweicloud-sdk-python-v3 3.1.219. That of deh is in terraform-provider-huaweicloud, of vbs in
# gophertelekomcloud.
PATHS = {
    "/v1/{project_id}/jobs/{job_id}": "bms deh ecs eip evs ims sdrs vbs vpc",
    "/v2/{project_id}/jobs/{job_id}": "dcs",
    "/v3/{project_id}/jobs/{job_id}": "ddm",
    "/v3/{project_id}/jobs?id={job_id}": " ".join(DATABASE_SERVICES),
    "/api/v3/projects/{project_id}/jobs/{job_id}": "cce",
    "/v3/{project_id}/elb/jobs/{job_id}": "elb",
    "/v1/{project_id}/sfs-turbo/jobs/{job_id}": "sfs-turbo sfsturbo",
    "/v1.0/{project_id}/job/{job_id}": "dws",
    "/v1/{project_id}/cloud-phone/jobs/{job_id}": "cph",
}
FAILED = ("FAIL", "fail", "Failed", "failed")
GOOD = ("SUCCESS", "success", "RUNNING", "INIT")


def job(status: Any, **more: Any) -> Dict[str, Any]:
    return {"job_id": "j1", "job_type": "createServer", "status": status, **more}


def show(scripted: Callable[..., Any], service: str, path: str, body: Any) -> Any:
    return scripted("otc_job", {path: body}, service=service).show(Reference("j1"))


def test_the_path_of_each_service() -> None:
    paths = {name: path for path, names in PATHS.items() for name in names.split()}
    assert set(paths) == set(SERVICES)
    for name, service in SERVICES.items():
        shown = service.description.show_path.replace("{operation_id}", "{job_id}")
        base = service.base.replace("{version}", service.versions[0])
        assert f"/{base}/{shown}" == paths[name], name


@given(st.text(max_size=20).filter(lambda name: name not in SERVICES))
def test_any_other_service_is_refused(name: str) -> None:
    with pytest.raises(InputError, match=r"service must be one of bms, cce, .*, not .*use provider custom\."):
        job_service(name)


def test_a_catalog_type_with_the_version_comes_first() -> None:
    for service in SERVICES.values():
        right = {each for each in service.types if each.endswith(service.versions[0])}
        assert right == set(service.types[: len(right)])


def test_the_documentation_lists_every_service() -> None:
    described = yaml.safe_load(ModuleDocFragment.DOCUMENTATION)["options"]["service"]["description"]
    assert re.findall(r"V\(([a-z-]+)\)", described[-1]) == sorted(SERVICES) == list(SERVICES)


WORDS = [
    ("ecs", "INIT", "pending"), ("ecs", "RUNNING", "running"), ("ecs", "SUCCESS", "succeeded"),
    ("ecs", "FAIL", "failed"), ("ecs", "PENDING_PAYMENT", "failed"), ("ecs", "PAUSED", "unknown"),
    ("gaussdb", "Pending", "pending"), ("gaussdb", "Unauthorized", "pending"), ("gaussdb", "Running", "running"),
    ("gaussdb", "Completed", "succeeded"), ("gaussdb", "Failed", "failed"), ("gaussdb", "Canceled", "failed"),
    ("elb", "INIT", "pending"), ("elb", "RUNNING", "running"), ("elb", "ROLLBACKING", "running"),
    ("elb", "SUCCESS", "succeeded"), ("elb", "COMPLETE", "succeeded"), ("elb", "FAIL", "failed"),
    ("elb", "ROLLBACK_FAIL", "failed"), ("elb", "CANCEL", "failed"),
    ("sfs-turbo", "waiting", "pending"), ("sfs-turbo", "running", "running"), ("sfs-turbo", "success", "succeeded"),
    ("sfs-turbo", "failed", "failed"),
    ("dws", "DELAY_SCHEDULED", "pending"), ("dws", "SUCCESS", "succeeded"), ("dws", "STOP", "failed"),
    ("cph", 1, "running"), ("cph", 2, "succeeded"), ("cph", -1, "failed"), ("cph", 3, "unknown"),
]  # fmt: skip
ROOTS = {"gaussdb": "id", "elb": "job_id"}  # services with the job below "job", and the name of its ID


@pytest.mark.parametrize(("service", "word", "state"), WORDS)
def test_the_words_of_each_service_in_any_case(
    scripted: Callable[..., Any], service: str, word: Any, state: str
) -> None:
    path = SERVICES[service].description.show_path.partition("?")[0].replace("{operation_id}", "j1")
    for each in (word, str(word).lower(), str(word).upper(), str(word).title()):
        body = {"job": {ROOTS[service]: "j1", "status": each}} if service in ROOTS else job(each)
        assert show(scripted, service, path, body).state == state


@pytest.mark.parametrize("service", DATABASE_SERVICES)
@pytest.mark.parametrize(
    "answer",
    [
        ProtocolError("The job does not exist.", code="DBS.200543", status=400),
        {"error_code": "DBS.200543", "error_msg": "The job does not exist."},
        {"errCode": "DBS.200543", "externalMessage": "The job does not exist."},
        {"jobs": [], "total_count": 0},
        {"jobs": [{"id": "j2", "status": "Completed"}, {"id": "j3", "status": "Completed"}], "total_count": 2},
    ],
)
def test_a_job_that_a_database_does_not_show_is_missing(
    scripted: Callable[..., Any], service: str, answer: Any
) -> None:
    with pytest.raises(MissingError):
        show(scripted, service, "jobs", answer)


@pytest.mark.parametrize("service", DATABASE_SERVICES)
def test_a_job_of_a_database_alone_or_in_a_list(scripted: Callable[..., Any], service: str) -> None:
    one = {"id": "J1", "status": "Completed", "instance": {"id": "i1"}}
    other = {"id": "j2", "status": "Running"}
    for answer in ({"job": one}, {"jobs": [one]}, {"jobs": [other, one, "j3"]}):
        found = show(scripted, service, "jobs", answer)
        assert (found.operation_id, found.state, found.resource_id, found.raw) == ("J1", "succeeded", "i1", answer)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ({"jobs": [{"id": "j2", "status": "Completed"}]}, "j2 instead of j1"),
        ({"jobs": [{"status": "Completed"}]}, "j1 has no id"),
        ({"jobs": {"id": "j1", "status": "Completed"}}, "job is not an object"),
        ({"job": [{"id": "j1", "status": "Completed"}]}, "job is not an object"),
        ({"errCode": "RDS.0011", "externalMessage": "The instance is locked."}, "The instance is locked"),
    ],
)
def test_an_answer_about_another_job_proves_nothing(scripted: Callable[..., Any], answer: Any, words: str) -> None:
    with pytest.raises(ProtocolError, match=words):
        show(scripted, "gaussdb-nosql", "jobs", answer)


def parts(inner: st.SearchStrategy[Dict[str, Any]]) -> st.SearchStrategy[Dict[str, Any]]:
    """Jobs with jobs in them, in any of the lists that the services have."""
    lists = st.lists(inner, max_size=3)
    entities = st.fixed_dictionaries({}, optional=dict.fromkeys(("sub_jobs", "sub_jobs_result", "results"), lists))
    return st.fixed_dictionaries({"status": st.sampled_from(GOOD + FAILED), "entities": entities})


def statuses(of: Dict[str, Any]) -> List[str]:
    inner = [part for parts in (of.get("entities") or {}).values() for part in parts]
    return [each["status"] for each in inner] + [status for each in inner for status in statuses(each)]


@given(st.recursive(st.fixed_dictionaries({"status": st.sampled_from(GOOD + FAILED)}), parts, max_leaves=8))
def test_a_part_that_failed_fails_the_job_at_any_depth(scripted: Callable[..., Any], tree: Dict[str, Any]) -> None:
    body = job("SUCCESS", entities=tree.get("entities", {}))
    found = show(scripted, "ims", "jobs/j1", body)
    expected = statuses(body)
    assert len(found.steps) == len(expected)
    assert found.state == ("failed" if set(expected) & set(FAILED) else "succeeded")


def test_the_result_of_each_image_is_a_step(scripted: Callable[..., Any]) -> None:
    results = [{"image_id": "a", "status": "success"}, {"image_id": "b", "status": "failed"}]
    found = show(scripted, "ims", "jobs/j1", job("SUCCESS", entities={"results": results}))
    assert [(step.name, step.state) for step in found.steps] == [("a", "succeeded"), ("b", "failed")]
    assert found.reason == "the API says SUCCESS: b is failed; so it did not succeed"


def test_a_part_with_an_unknown_word_proves_no_success(scripted: Callable[..., Any]) -> None:
    """The word may mean a failure. A part without any status says nothing."""
    results = [{"image_id": "a", "status": "success"}, {"image_id": "b", "status": "rejected"}, {"image_id": "c"}]
    found = show(scripted, "ims", "jobs/j1", job("SUCCESS", entities={"results": results}))
    assert (found.state, found.reason) == (
        "unknown", "the API says SUCCESS, but b is rejected, which may be a failure"
    )  # fmt: skip
    assert show(scripted, "ims", "jobs/j1", job("SUCCESS", entities={"results": results[::2]})).state == "succeeded"
    assert show(scripted, "ims", "jobs/j1", job("RUNNING", entities={"results": results})).state == "running"
    assert show(scripted, "ims", "jobs/j1", job("FAIL", entities={"results": results})).state == "failed"


def test_a_part_of_a_cluster_job_in_another_part(scripted: Callable[..., Any]) -> None:
    part = {"metadata": {"uid": "p2"}, "spec": {"type": "ScaleNode"}, "status": {"phase": "Failed", "reason": "Full."}}
    outer = {"metadata": {"uid": "p1"}, "spec": {"type": "Nodes", "subJobs": [part]}, "status": {"phase": "Success"}}
    body = {"metadata": {"uid": "j1"}, "spec": {"subJobs": [outer]}, "status": {"phase": "Success"}}
    found = show(scripted, "cce", "jobs/j1", body)
    assert (found.state, "ScaleNode is Failed (Full.)" in found.reason) == ("failed", True)


SERVER = {"status": "SUCCESS", "entities": {"server_id": "s1"}}


@pytest.mark.parametrize(
    ("entities", "resource_id"),
    [
        ({"sub_jobs_total": 1, "sub_jobs": [SERVER]}, "s1"),
        ({"sub_jobs_total": 2, "sub_jobs": [SERVER, SERVER]}, "s1"),
        ({"sub_jobs_total": 2, "sub_jobs": [SERVER, {"status": "SUCCESS", "entities": {"server_id": "s2"}}]}, None),
        ({"sub_jobs_total": 2, "sub_jobs": [SERVER, {"status": "INIT", "entities": {}}]}, None),
        ({"server_id": "s3", "sub_jobs": [SERVER]}, "s3"),
        ({"sub_jobs": [{"status": "SUCCESS", "entities": {"server_id": ["s1"]}}]}, None),
        ({}, None),
    ],
)
def test_the_only_resource_of_the_sub_jobs_is_that_of_the_job(
    scripted: Callable[..., Any], entities: Dict[str, Any], resource_id: Optional[str]
) -> None:
    assert show(scripted, "ecs", "jobs/j1", job("SUCCESS", entities=entities)).resource_id == resource_id
