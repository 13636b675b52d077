# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Cloud Container Engine: a cluster, and the jobs that change it."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, Response, jsonify

from .accounts import Cloud
from .auth import authenticate_in
from .errors import ApiError
from .gateway_service import GatewayService
from .state import PlannedOperation, Store

TIME_FORM = "%Y-%m-%d %H:%M:%S.%f000 +0000 UTC"  # as Go prints a time, with nanoseconds
INITIALIZING_PART = 0.1  # of the duration, before a job runs; its sub-jobs share the remaining time
RESIZE, ROTATE = "ResizeCluster", "RotateCredentials"
PARTS = {RESIZE: ("ResizeMaster", "UpdateAddons"), ROTATE: ("RotateMasterCredentials",)}  # names: inferred
FAILURE = "The simulated master node did not become ready."


def cce_blueprint(store: Store, cloud: Cloud) -> Blueprint:
    clusters = Clusters(GatewayService(store, cloud, "cce"))
    api = clusters.service.blueprint()
    root = "/api/v3/projects/<project>"
    one = f"{root}/clusters/<cluster_id>"
    api.add_url_rule(f"{root}/jobs/<job_id>", "job", clusters.show_job)
    api.add_url_rule(one, "cluster", clusters.show_cluster)
    api.add_url_rule(f"{one}/operation/resize", "resize", clusters.resize, methods=["POST"])
    api.add_url_rule(f"{one}/rotatecredentials", "rotate", clusters.rotate, methods=["POST"])
    return api


class Clusters:
    """The handlers."""

    def __init__(self, service: GatewayService) -> None:
        self.service = service

    def show_job(self, project: str, job_id: str) -> Response:
        job = self.service.find(project, job_id)
        if job is None:
            raise _not_found()
        return jsonify(self._view(job))

    def show_cluster(self, project: str, cluster_id: str) -> Response:
        authenticate_in(self.service.store, self.service.cloud, project)
        self._check_cluster(cluster_id)
        return jsonify(
            {
                "kind": "Cluster",
                "apiVersion": "v3",
                "metadata": {"name": "cluster-0", "uid": cluster_id},
                "spec": {"type": "VirtualMachine", "flavor": "cce.s1.small", "version": "v1.31"},
                "status": {"phase": "Available"},
            }
        )

    def resize(self, project: str, cluster_id: str) -> Response:
        return self._begin(project, cluster_id, RESIZE, "jobID")

    def rotate(self, project: str, cluster_id: str) -> Response:
        return self._begin(project, cluster_id, ROTATE, "jobid")

    def _begin(self, project: str, cluster_id: str, kind: str, key: str) -> Response:
        """Return the job; the key of its id is spelled in two ways."""
        self._check_cluster(cluster_id)
        response = jsonify({key: self.service.begin(project, str(uuid.uuid4()), cluster_id, kind).operation_id})
        response.status_code = 201
        return response

    def _check_cluster(self, cluster_id: str) -> None:
        if cluster_id != self.service.cloud.resource_id("cluster"):
            raise _not_found()

    def _view(self, job: PlannedOperation) -> dict[str, Any]:
        seconds = job.plan.seconds
        phase = _phase(self.service.elapsed(job), seconds * INITIALIZING_PART, seconds, bool(job.plan.fail))
        names = PARTS.get(job.kind, ())
        parts = [] if phase == "Initializing" else [self._part_view(job, number) for number in range(len(names))]
        return self._body(job, job.operation_id, job.kind, phase, parts)

    def _part_view(self, job: PlannedOperation, number: int) -> dict[str, Any]:
        """Return a sub-job: they run one after the other; in a failed job the last one fails."""
        names = PARTS[job.kind]
        length = job.plan.seconds * (1 - INITIALIZING_PART) / len(names)
        start = job.plan.seconds * INITIALIZING_PART + number * length
        failed = bool(job.plan.fail) and number == len(names) - 1
        phase = _phase(self.service.elapsed(job), start, start + length, failed)
        part_id = str(uuid.uuid5(uuid.NAMESPACE_OID, f"{job.operation_id}/{number}"))
        return self._body(job, part_id, names[number], phase, None)

    def _body(
        self, job: PlannedOperation, job_id: str, kind: str, phase: str, parts: list[dict[str, Any]] | None
    ) -> dict[str, Any]:
        updated = min(self.service.elapsed(job), job.plan.seconds)
        spec: dict[str, Any] = {"type": kind, "clusterUID": job.resource_id, "resourceID": job.resource_id}
        if parts is not None:
            spec |= {"resourceName": "cluster-0", "subJobs": parts}
        return {
            "kind": "Job",
            "apiVersion": "v3",
            "metadata": {
                "uid": job_id,
                "creationTimestamp": self.service.moment(job, 0).strftime(TIME_FORM),
                "updateTimestamp": self.service.moment(job, updated).strftime(TIME_FORM),
            },
            "spec": spec,
            "status": {"phase": phase} | ({"reason": FAILURE} if phase == "Failed" else {}),
        }


def _phase(elapsed: float, start: float, end: float, failed: bool) -> str:
    if elapsed >= end:
        return "Failed" if failed else "Success"
    return "Running" if elapsed >= start else "Initializing"


def _not_found() -> ApiError:
    return ApiError(
        404,
        {
            "errorCode": "CCE.01404001",
            "errorMessage": "Resource not found.",
            "error_code": "CCE_CM.0003",
            "error_msg": "Resource not found.",
        },
    )
