# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Jobs of the Elastic Cloud Server, and of volumes and images, whose jobs have the same path and body.

The servers never change: only the jobs do. fail=unpaid leaves a job at PENDING_PAYMENT. With fail=part a job succeeds
although its last sub-job fails, as jobs for several images do.
"""

from __future__ import annotations

import uuid
from typing import Any, NamedTuple

from flask import Blueprint, Response, jsonify, request

from .accounts import Cloud
from .auth import authenticate_in
from .errors import ApiError
from .gateway_service import GatewayService, given
from .microversions import Microversion
from .nova_views import server_view
from .state import PlannedOperation, Store

MAX_COUNT = 500
INIT_PART = 0.1  # of the duration, before a job runs; its sub-jobs share the remaining time
ACTIONS = {"reboot": "rebootServer", "os-start": "startServer", "os-stop": "stopServer"}  # names: inferred
SNAPSHOTS = ("createSnapshotGroup",)  # inferred
PART_TYPES = {"createServer": "createSingleServer", "batchCreateVolume": "createVolume"}
FAILURE = {"error_code": "Ecs.0319", "fail_reason": "The simulated host has no room for it."}
NOTHING_WRONG = {"error_code": None, "fail_reason": None}


class JobService(NamedTuple):
    """A service with such jobs, and in what they differ."""

    name: str
    entity: str  # the name of its resource in a job
    nested_errors: bool  # below "error"
    detailed: bool  # says how many sub-jobs there are, and why one failed
    parts: str = "sub_jobs"  # the name of the list of sub-jobs


SERVERS = JobService("ecs", "server_id", nested_errors=False, detailed=True)
VOLUMES = JobService("evs", "volume_id", nested_errors=True, detailed=False)
IMAGES = JobService("ims", "image_id", nested_errors=True, detailed=False, parts="sub_jobs_result")


def job_blueprints(store: Store, cloud: Cloud) -> list[Blueprint]:
    servers, volumes, images = (Jobs(store, cloud, facts) for facts in (SERVERS, VOLUMES, IMAGES))
    # The endpoint of the servers is Nova's too, which answers for unknown paths.
    ecs = Blueprint(f"{cloud.name}_ecs_jobs", __name__, url_prefix=f"/{cloud.name}/ecs")
    for version in ("v1", "v1.1"):
        root = f"/{version}/<project>/cloudservers"
        name = version.replace(".", "_")
        ecs.add_url_rule(root, f"create_{name}", servers.create_servers, methods=["POST"])
        ecs.add_url_rule(f"{root}/<server_id>/resize", f"resize_{name}", servers.resize_server, methods=["POST"])
    ecs.add_url_rule("/v1/<project>/cloudservers/action", "act", servers.act_on_servers, methods=["POST"])
    ecs.add_url_rule("/v1/<project>/cloudservers/<server_id>", "show", servers.show_server)
    evs = volumes.service.blueprint()
    for version in ("v2", "v2.1"):
        evs.add_url_rule(
            f"/{version}/<project>/cloudvolumes",
            f"create_{version.replace('.', '_')}",
            volumes.create_volumes,
            methods=["POST"],
        )
    ims = images.service.blueprint()
    ims.add_url_rule("/v2/cloudimages/action", "create", images.create_image, methods=["POST"])
    for api, jobs in ((ecs, servers), (evs, volumes), (ims, images)):
        api.add_url_rule("/v1/<project>/jobs/<job_id>", "job", jobs.show_job)
    evs.add_url_rule("/v2/<project>/jobs/<job_id>", "job_of_snapshots", volumes.show_snapshot_job)
    return [ecs, evs, ims]


class Jobs:
    """The handlers of one service."""

    def __init__(self, store: Store, cloud: Cloud, facts: JobService) -> None:
        self.service = GatewayService(store, cloud, facts.name)
        self._facts = facts

    def show_snapshot_job(self, project: str, job_id: str) -> Response:
        """Show a job of version 2, which version 1 does not know."""
        return self.show_job(project, job_id, of_snapshots=True)

    def show_job(self, project: str, job_id: str, of_snapshots: bool = False) -> Response:
        job = self.service.find(project, job_id)
        if job is None or (job.kind in SNAPSHOTS) != of_snapshots:
            # Clients of this API recognize a missing job by the code; the status is inferred (not 404).
            raise self._error("Common.0011", "jobId is blank")
        return jsonify(self._view(job))

    def create_servers(self, project: str) -> Response:
        server = given("server")
        ids = self._new_ids(server)
        answer = self._begin(project, ids[0], "createServer", ids) | {"serverIds": list(ids)}
        if (server.get("extendparam") or {}).get("chargingMode") == "prePaid":
            answer["order_id"] = f"CS{uuid.uuid4().int % 10**16:016d}"
        return jsonify(answer)

    def act_on_servers(self, project: str) -> Response:
        kind = next((kind for kind in ACTIONS if given(kind)), None)
        ids = tuple(str(server.get("id")) for server in given(kind).get("servers") or ()) if kind else ()
        if kind is None or not ids:
            raise self._refusal("Ecs.0005", f"one of {', '.join(ACTIONS)} with its servers is required")
        for server_id in ids:
            self._check_server(server_id)
        return jsonify(self._begin(project, ids[0], ACTIONS[kind], ids))

    def resize_server(self, project: str, server_id: str) -> Response:
        self._check_server(server_id)
        if not given("resize").get("flavorRef"):
            raise self._refusal("Ecs.0005", "resize.flavorRef is required")
        return jsonify(self._begin(project, server_id, "resizeServer"))

    def show_server(self, project: str, server_id: str) -> Response:
        authenticate_in(self.service.store, self.service.cloud, project)
        self._check_server(server_id)
        store, cloud = self.service.store, self.service.cloud
        server = store.clouds[cloud.name].servers[server_id]
        return jsonify({"server": server_view(store, cloud, server, Microversion(None), admin=False)})

    def create_volumes(self, project: str) -> Response:
        ids = self._new_ids(given("volume"))
        kind, parts = ("batchCreateVolume", ids) if len(ids) > 1 else ("createVolume", ())
        response = jsonify(self._begin(project, ids[0], kind, parts) | {"volume_ids": list(ids)})
        response.status_code = 202
        return response

    def create_image(self) -> Response:
        project = request.headers.get("X-Project-Id", self.service.cloud.project_id)  # not in this path
        return jsonify(self._begin(project, str(uuid.uuid4()), "createImageByInstance"))

    def _begin(self, project: str, resource_id: str, kind: str, parts: tuple[str, ...] = ()) -> dict[str, Any]:
        return {"job_id": self.service.begin(project, uuid.uuid4().hex, resource_id, kind, parts).operation_id}

    def _new_ids(self, fields: dict[str, Any]) -> tuple[str, ...]:
        count = fields.get("count", 1)
        if not isinstance(count, int) or not 1 <= count <= MAX_COUNT:
            raise self._refusal("Common.0018", f"count must be a number from 1 to {MAX_COUNT}")
        return tuple(str(uuid.uuid4()) for _number in range(count))

    def _check_server(self, server_id: str) -> None:
        if server_id not in self.service.store.clouds[self.service.cloud.name].servers:
            message = f"Instance[{server_id}] could not be found."
            raise ApiError(404, {"error": {"code": "Ecs.0114", "message": message}})

    def _refusal(self, code: str, message: str) -> ApiError:
        return ApiError(400, {"error": {"code": code, "message": message}})

    def _error(self, code: str, message: str) -> ApiError:
        """Return an error of the query of a job, which the documents of these services show in two ways."""
        return (
            self._refusal(code, message)
            if self._facts.nested_errors
            else ApiError(400, {"code": code, "message": message})
        )

    def _view(self, job: PlannedOperation) -> dict[str, Any]:
        status = job_status(job, self.service.elapsed(job))
        if status in ("INIT", "PENDING_PAYMENT"):
            entities: dict[str, Any] = {}
        elif job.parts:
            parts = [self._part_view(job, number) for number in range(len(job.parts))]
            entities = {self._facts.parts: parts} | ({"sub_jobs_total": len(parts)} if self._facts.detailed else {})
        else:
            entities = {self._facts.entity: job.resource_id}
        end = self._time(job, job.plan.seconds) if status in ("SUCCESS", "FAIL") else ""
        return self._body(job, job.operation_id, job.kind, status, entities, 0.0, end)

    def _part_view(self, job: PlannedOperation, number: int) -> dict[str, Any]:
        """Return a sub-job: they run one after the other; in a failed job the last one fails."""
        length = job.plan.seconds * (1 - INIT_PART) / len(job.parts)
        start = job.plan.seconds * INIT_PART + number * length
        failed = bool(job.plan.fail) and number == len(job.parts) - 1
        status = _status(self.service.elapsed(job), start, start + length, failed)
        end = self._time(job, start + length) if status in ("SUCCESS", "FAIL") else ""
        entities: dict[str, Any] = {self._facts.entity: job.parts[number]} if status != "INIT" else {}
        if status == "FAIL" and self._facts.detailed:
            entities["errorcode_message"] = FAILURE["fail_reason"]
        part_id = uuid.uuid5(uuid.NAMESPACE_OID, f"{job.operation_id}/{number}").hex
        return self._body(job, part_id, PART_TYPES.get(job.kind, job.kind), status, entities, start, end)

    def _time(self, job: PlannedOperation, offset: float) -> str:
        return self.service.moment(job, offset).isoformat(timespec="milliseconds").replace("+00:00", "Z")

    def _body(
        self,
        job: PlannedOperation,
        job_id: str,
        kind: str,
        status: str,
        entities: dict[str, Any],
        start: float,
        end: str,
    ) -> dict[str, Any]:
        errors = FAILURE if status == "FAIL" else NOTHING_WRONG
        return {
            "status": status,
            "entities": entities,
            "job_id": job_id,
            "job_type": kind,
            "begin_time": self._time(job, start),
            "end_time": end,
            **errors,
        }


def job_status(job: PlannedOperation, elapsed: float) -> str:
    if job.plan.fail == "unpaid":
        return "PENDING_PAYMENT"
    failed = job.plan.fail not in ("", "part")
    return _status(elapsed, job.plan.seconds * INIT_PART, job.plan.seconds, failed)


def _status(elapsed: float, start: float, end: float, failed: bool) -> str:
    if elapsed >= end:
        return "FAIL" if failed else "SUCCESS"
    return "RUNNING" if elapsed >= start else "INIT"
