# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Relational Database Service: instances, and the jobs of which the other databases have the same call."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, Response, jsonify, request

from .accounts import Cloud
from .auth import authenticate_in
from .errors import gateway_error
from .gateway_service import GatewayService
from .state import PlannedOperation, Store

TIME_FORM = "%Y-%m-%dT%H:%M:%S%z"  # +0000, not Z
HIDDEN_PART = 0.1  # of the duration: "it takes several seconds" until a job can be read
ACTIONS = {
    "restart": "RestartMysqlInstance",
    "enlarge_volume": "EnlargeMysqlVolume",
    "resize_flavor": "ResizeMysqlFlavor",
    "single_to_ha": "MysqlSingleToHA",
}  # the first is documented, the others are inferred
FAILURE = "The simulated storage node does not answer."


def rds_blueprint(store: Store, cloud: Cloud) -> Blueprint:
    databases = Databases(GatewayService(store, cloud, "rds"))
    api = databases.service.blueprint()
    api.add_url_rule("/v3/<project>/jobs", "job", databases.show_job)
    api.add_url_rule("/v3/<project>/instances", "instances", databases.list_instances)
    api.add_url_rule("/v3/<project>/instances/<instance_id>/action", "act", databases.act, methods=["POST"])
    return api


class Databases:
    """The handlers."""

    def __init__(self, service: GatewayService) -> None:
        self.service = service
        self._instance_id = service.cloud.resource_id("database")

    def show_job(self, project: str) -> Response:
        job = self.service.find(project, request.args.get("id", ""))
        if job is None or self.service.elapsed(job) < job.plan.seconds * HIDDEN_PART:
            raise gateway_error(400, "DBS.200543", "The job does not exist.")
        return jsonify({"job": self._view(job)})

    def list_instances(self, project: str) -> Response:
        authenticate_in(self.service.store, self.service.cloud, project)
        known = request.args.get("id", self._instance_id) == self._instance_id
        instance = {
            "id": self._instance_id,
            "name": "database-0",
            "status": "ACTIVE",
            "type": "Single",
            "datastore": {"type": "MySQL", "version": "8.0"},
            "region": self.service.cloud.region,
        }
        return jsonify({"instances": [instance] if known else [], "total_count": int(known)})

    def act(self, project: str, instance_id: str) -> Response:
        body = request.get_json(silent=True)
        kind = next((kind for kind in ACTIONS if isinstance(body, dict) and kind in body), None)
        if kind is None:
            raise gateway_error(400, "DBS.280001", f"Parameter error: one of {', '.join(ACTIONS)} is required.")
        if instance_id != self._instance_id:
            raise gateway_error(404, "DBS.200823", "The instance does not exist.")
        job = self.service.begin(project, str(uuid.uuid4()), instance_id, ACTIONS[kind])
        response = jsonify({"job_id": job.operation_id})
        response.status_code = 202
        return response

    def _view(self, job: PlannedOperation) -> dict[str, Any]:
        elapsed = self.service.elapsed(job)
        view: dict[str, Any] = {
            "id": job.operation_id,
            "name": job.kind,
            "status": "Running",
            "process": "",
            "entities": {},
            "created": self.service.moment(job, 0).strftime(TIME_FORM),
            "instance": {"id": job.resource_id, "name": "database-0"},
        }
        if elapsed < job.plan.seconds:
            return view | {"process": f"{int(100 * elapsed / job.plan.seconds)}%"}
        view["ended"] = self.service.moment(job, job.plan.seconds).strftime(TIME_FORM)
        if job.plan.fail:
            return view | {"status": "Failed", "fail_reason": FAILURE}
        return view | {"status": "Completed"}
