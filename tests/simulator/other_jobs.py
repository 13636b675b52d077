# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Jobs of services that differ from those of ECS, RDS and CCE in their path or their body. Only tests begin them.

Paths and fields are those of the vendor's SDKs, names of job types are inferred. No document shows the errors of all
services: those of DDM, DDS, GaussDB and GeminiDB are the ones of RDS, the others are inferred from ECS.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from flask import Blueprint, Response, jsonify, request

from .accounts import Cloud
from .errors import ApiError, gateway_error
from .gateway_service import GatewayService
from .state import PlannedOperation, Store

PENDING_PART = 0.1  # of the duration, before a job runs
OFFSET_TIME = "%Y-%m-%dT%H:%M:%S%z"
FAILURE = "The simulated storage node does not answer."
JOB_WORDS = ("INIT", "RUNNING", "SUCCESS", "FAIL")
DATABASE_WORDS = ("Pending", "Running", "Completed", "Failed")


class View(NamedTuple):
    """A job as its body shows it: one of four status values, and times. The end of a running job is None."""

    job: PlannedOperation
    project: str
    status: str
    begin: str
    end: str | None
    failed: bool


class JobApi(NamedTuple):
    """A service: its path, its status values for pending, running, succeeded and failed, and its body."""

    service: str
    path: str
    words: tuple[str, str, str, str]
    body: Callable[[View], dict[str, Any]]
    database: bool = False


def _plain(view: View) -> dict[str, Any]:
    return {
        "job_id": view.job.operation_id,
        "job_type": view.job.kind,
        "status": view.status,
        "begin_time": view.begin,
        "end_time": view.end or "",
    }


def _cache(view: View) -> dict[str, Any]:
    return _plain(view) | ({"fail_reason": FAILURE} if view.failed else {})


def _load_balancer(view: View) -> dict[str, Any]:
    errors = {"error_code": "ELB.0001" if view.failed else None, "error_msg": FAILURE if view.failed else None}
    job = _plain(view) | errors | {"project_id": view.project, "resource_id": view.job.resource_id}
    part = job | {"entities": [{"resource_id": view.job.resource_id, "resource_type": "loadbalancer"}]}
    return {"job": job | {"sub_jobs": [part]}, "request_id": "5a1d2c3b4e5f60718293a4b5c6d7e8f9"}


def _file_system(view: View) -> dict[str, Any]:
    return _plain(view) | {
        "error_code": "SFS.TURBO.0001" if view.failed else "",
        "fail_reason": FAILURE if view.failed else "",
        "sub_jobs": [],
    }


def _database(view: View, start: str = "created", end: str = "ended", process: str = "process") -> dict[str, Any]:
    body = {
        "id": view.job.operation_id,
        "name": view.job.kind,
        "status": view.status,
        process: "60%" if view.status == "Running" else "",
        "instance": {"id": view.job.resource_id, "name": "database-0"},
        start: view.begin,
    }
    body |= {end: view.end} if view.end else {}
    return body | ({"fail_reason": FAILURE} if view.failed else {})


def _in_job(view: View) -> dict[str, Any]:
    return {"job": _database(view)}


def _in_job_with_progress(view: View) -> dict[str, Any]:
    return {"job": _database(view, process="progress")}


def _in_list(view: View) -> dict[str, Any]:
    return {"jobs": [_database(view, "start_time", "end_time", "progress")], "total_count": 1}


def _distributed(view: View) -> dict[str, Any]:
    body = _database(view, "created_time", "end_time")
    body.pop("fail_reason", None)  # the SDK has none
    return {"job": body}


JOBS = "/v3/<project>/jobs"
APIS = (
    JobApi("dcs", "/v2/<project>/jobs/<job_id>", JOB_WORDS, _cache),
    JobApi("elb", "/v3/<project>/elb/jobs/<job_id>", JOB_WORDS, _load_balancer),
    JobApi(
        "sfs-turbo",
        "/v1/<project>/sfs-turbo/jobs/<job_id>",
        ("waiting", "running", "success", "failed"),
        _file_system,
    ),
    JobApi("ddm", f"{JOBS}/<job_id>", DATABASE_WORDS, _distributed, database=True),
    JobApi("dds", JOBS, DATABASE_WORDS, _in_job_with_progress, database=True),
    JobApi("gaussdb", JOBS, DATABASE_WORDS, _in_job, database=True),
    JobApi("gaussdb-nosql", JOBS, DATABASE_WORDS, _in_list, database=True),
)


def other_job_blueprints(store: Store, cloud: Cloud) -> list[Blueprint]:
    return [_blueprint(GatewayService(store, cloud, api.service), api) for api in APIS]


def _blueprint(service: GatewayService, api: JobApi) -> Blueprint:
    blueprint = service.blueprint()

    def show(project: str, job_id: str | None = None) -> Response:
        job = service.find(project, job_id or request.args.get("id", ""))
        if job is None:
            raise _missing(api)
        return jsonify(api.body(_view(service, api, job, project)))

    blueprint.add_url_rule(api.path, "job", show)
    return blueprint


def _view(service: GatewayService, api: JobApi, job: PlannedOperation, project: str) -> View:
    elapsed, seconds = service.elapsed(job), job.plan.seconds
    finished = elapsed >= seconds
    failed = finished and bool(job.plan.fail)
    number = (3 if failed else 2) if finished else int(elapsed >= seconds * PENDING_PART)
    begin, end = (_time(service, api, job, offset) for offset in (0, seconds))
    return View(job, project, api.words[number], begin, end if finished else None, failed)


def _time(service: GatewayService, api: JobApi, job: PlannedOperation, offset: float) -> str:
    moment = service.moment(job, offset)
    if api.database:
        return moment.strftime(OFFSET_TIME)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _missing(api: JobApi) -> ApiError:
    if api.database:
        return gateway_error(400, "DBS.200543", "The job does not exist.")
    if api.service == "elb":
        return gateway_error(404, "ELB.8904", "The job could not be found.")
    return ApiError(400, {"error": {"code": "Common.0011", "message": "jobId is blank"}})
