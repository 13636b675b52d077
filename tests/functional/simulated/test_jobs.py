# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Jobs of all services against the simulated clouds: tokens and access keys, catalog and endpoint, sub-jobs."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.cloudgate.operations.plugins.module_utils._model.errors import (
    InputError,
    MissingError,
    ProtocolError,
)
from ansible_collections.cloudgate.operations.plugins.module_utils._model.reference import Reference
from simulated.helpers import Clock, Options, account, add, connect_to, sent, task, wait_with
from simulator import Simulator

KINDS = {
    "ecs": "createServer",
    "evs": "createVolume",
    "ims": "createImageByInstance",
    "rds": "RestartMysqlInstance",
    "cce": "ResizeCluster",
    "dcs": "restartInstance",
    "ddm": "RestartDdmInstance",
    "dds": "RestartDdsInstance",
    "elb": "cloneLoadbalancer",
    "gaussdb": "RebootGaussDBforMySQLInstance",
    "gaussdb-nosql": "RestartNosqlInstance",
    "sfs-turbo": "expandShare",
}
PATHS = {
    "cce": "/cce/api/v3/projects/{}/jobs/",
    "dcs": "/dcs/v2/{}/jobs/",
    "ddm": "/ddm/v3/{}/jobs/",
    "dds": "/dds/v3/{}/jobs",
    "elb": "/elb/v3/{}/elb/jobs/",
    "gaussdb": "/gaussdb/v3/{}/jobs",
    "gaussdb-nosql": "/gaussdb-nosql/v3/{}/jobs",
    "rds": "/rds/v3/{}/jobs",
    "sfs-turbo": "/sfs-turbo/v1/{}/sfs-turbo/jobs/",
}
PROVIDERS = ["huaweicloud_job", "otc_job"]
NAMELESS = ("dcs", "sfs-turbo")  # their jobs name no resource
SILENT = ("ddm",)  # its jobs say no reason of a failure


def access_key(sim: Simulator, provider: str, service: str) -> Options:
    given = account(sim, provider)
    names = ("access_key", "secret_key", "project_id")
    return {
        "auth_type": "aksk",
        "auth": {name: given[name] for name in names},
        "region_name": given["region_name"],
        "endpoint": given[f"{service}_endpoint"],
        "service": service,
    }


@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.parametrize("service", list(KINDS))
@pytest.mark.parametrize("login", ["password", "aksk"])
def test_a_job_of_each_service_from_its_beginning_to_its_end(
    sim: Simulator, clock: Clock, provider: str, service: str, login: str
) -> None:
    given = task(sim, provider, service=service) if login == "password" else access_key(sim, provider, service)
    reference = add(sim, provider, kind=KINDS[service], started=0, duration=100)
    clock.advance(15)  # the jobs of databases cannot be read in their first seconds
    connected = connect_to(provider, given)
    found = connected.show(reference)
    assert (found.state, found.finished_at) == ("running", None)
    assert found.started_at is not None
    outcome, failure = wait_with(connected, clock, Reference(reference.operation_id))
    (finished,) = outcome.operations
    assert (failure, finished.state, finished.error) == (None, "succeeded", None)
    assert (finished.operation_id, finished.type) == (reference.operation_id, KINDS[service])
    assert finished.resource_id == reference.resource_id or service in NAMELESS
    project = account(sim, provider)["project_id"]
    assert PATHS.get(service, f"/{service}/v1/{{}}/jobs/").format(project) in sent(sim, "/jobs")[-1]["path"]


@pytest.mark.parametrize("service", list(KINDS))
def test_a_job_that_failed_says_why(sim: Simulator, service: str) -> None:
    reference = add(sim, "otc_job", kind=KINDS[service], fail="error")
    found = connect_to("otc_job", task(sim, "otc_job", service=service)).show(reference)
    assert found.state == "failed"
    if service in SILENT:
        return
    assert found.error is not None
    assert "simulated" in str(found.error["message"])
    assert str(found.error["message"]) in found.reason


@pytest.mark.parametrize("service", list(KINDS))
def test_a_job_that_is_not_there(sim: Simulator, service: str) -> None:
    with pytest.raises(MissingError):
        connect_to("huaweicloud_job", task(sim, "huaweicloud_job", service=service)).show(Reference("none"))


PARTED = {"ecs": "createServer", "evs": "batchCreateVolume", "ims": "imsImportImagesJob"}


@pytest.mark.parametrize("service", list(PARTED))
def test_a_part_that_failed_fails_the_job(sim: Simulator, clock: Clock, service: str) -> None:
    reference = add(sim, "otc_job", kind=PARTED[service], parts=3, started=0, duration=100, fail="part")
    connected = connect_to("otc_job", task(sim, "otc_job", service=service))
    outcome, failure = wait_with(connected, clock, Reference(reference.operation_id))
    (found,) = outcome.operations
    assert failure is not None and failure["kind"] == "failed"
    assert (found.raw_status, [step.state for step in found.steps]) == ("SUCCESS", ["succeeded", "succeeded", "failed"])


def test_a_job_of_a_database_appears_after_the_first_polls(sim: Simulator, clock: Clock) -> None:
    reference = add(sim, "otc_job", kind="RestartMysqlInstance", started=0, duration=100)
    connected = connect_to("otc_job", task(sim, "otc_job", service="rds"))
    with pytest.raises(MissingError, match=r"answered 400 DBS\.200543"):
        connected.show(reference)
    outcome, failure = wait_with(connected, clock, Reference(reference.operation_id))
    assert (failure, outcome.operations[0].state) == (None, "succeeded")


@pytest.mark.parametrize("more", [{"api_version": "v2"}, {"endpoint": "{evs}/v2"}, {"endpoint": "{evs}/v2/{project}"}])
def test_jobs_of_snapshots_are_of_version_2(sim: Simulator, more: dict[str, str]) -> None:
    given = account(sim, "otc_job")
    names = {"evs": given["evs_endpoint"], "project": given["project_id"]}
    options = {name: value.format(**names) for name, value in more.items()}
    reference = add(sim, "otc_job", kind="createSnapshotGroup", started=100)
    assert connect_to("otc_job", task(sim, "otc_job", service="evs", **options)).show(reference).state == "succeeded"
    with pytest.raises(MissingError):
        connect_to("otc_job", task(sim, "otc_job", service="evs")).show(reference)


@pytest.mark.parametrize("service", list(PARTED))
def test_sub_jobs_are_steps(sim: Simulator, clock: Clock, service: str) -> None:
    kind = PARTED[service]
    reference = add(sim, "otc_job", kind=kind, parts=3, started=0, duration=100, fail="error")
    connected = connect_to("otc_job", task(sim, "otc_job", service=service))
    clock.advance(55)
    found = connected.show(reference)
    assert [step.state for step in found.steps] == ["succeeded", "running", "pending"]
    assert found.current_step is found.steps[1]
    clock.advance(100)
    found = connected.show(reference)
    assert (found.state, [step.state for step in found.steps]) == ("failed", ["succeeded", "succeeded", "failed"])
    assert found.steps[2].error is not None
    assert f"{found.steps[2].name} is FAIL" in found.reason


def test_an_unpaid_job_ends_the_wait_and_is_named_as_what_it_is(sim: Simulator, clock: Clock) -> None:
    reference = add(sim, "huaweicloud_job", kind="createServer", fail="unpaid")
    outcome, failure = wait_with(connect_to("huaweicloud_job", task(sim, "huaweicloud_job")), clock, reference)
    assert failure is not None
    assert (failure["kind"], outcome.operations[0].raw_status) == ("failed", "PENDING_PAYMENT")
    assert "its order is not paid" in failure["message"]
    assert outcome.polls == 1


def test_an_error_with_status_200_is_no_success(sim: Simulator) -> None:
    reference = add(sim, "otc_job")
    sim.add_fault(path="/jobs/", status=200, body={"code": "Ecs.0800", "message": "The query failed."})
    connected = connect_to("otc_job", task(sim, "otc_job"))
    with pytest.raises(ProtocolError, match="The query failed") as caught:
        connected.show(reference)
    assert caught.value.code == "Ecs.0800"
    sim.add_fault(path="/jobs/", status=200, body={"code": "Common.0011", "message": "jobId is blank"})
    with pytest.raises(MissingError):
        connected.show(reference)


@pytest.mark.parametrize(
    ("provider", "options", "words"),
    [
        ("otc_job", {"service": "evil.example.net/"}, "service must be one of bms, cce,"),
        ("otc_job", {"service": "obs"}, "not 'obs'. For a service with another API of jobs, use provider custom."),
        ("otc_ecs", {"service": "ecs"}, "service is for providers huaweicloud_job and otc_job only."),
        ("otc_job", {"service": "rds", "api_version": "v1"}, "api_version of provider otc_job must be v3, not v1."),
    ],
)
def test_bad_options_are_named(sim: Simulator, provider: str, options: dict[str, Any], words: str) -> None:
    with pytest.raises(InputError) as caught:
        connect_to(provider, task(sim, provider, **options))
    assert words in caught.value.message
