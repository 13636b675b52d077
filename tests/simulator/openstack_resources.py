# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Resources of Cinder, Ironic and Octavia: no operations, only fields that a request changes before it is answered."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from typing import Any, NamedTuple

from flask import Blueprint, Response, jsonify, request

from .accounts import Cloud
from .auth import authenticate
from .errors import ApiError, nova_error
from .state import PlannedOperation, Store

Fields = dict[str, Any]


class Change(NamedTuple):
    """The fields of a resource while a request is worked on, after it, and after its failure. after: None if gone."""

    during: Fields
    after: Fields | None
    failed: Fields


class Kind(NamedTuple):
    """A kind of resource: its initial fields, and its changes by the name of the request."""

    fields: Fields
    changes: dict[str, Change]


IDLE = {"target_provision_state": None, "reservation": None}
KINDS = {
    "volume": Kind(
        {"status": "available", "size": 1, "volume_type": "fast", "name": "volume-0", "attachments": []},
        {
            "volume_extend": Change(
                {"status": "extending"}, {"status": "available", "size": 2}, {"status": "available"}
            ),
            "volume_retype": Change(
                {"status": "retyping"}, {"status": "available", "volume_type": "slow"}, {"status": "available"}
            ),
            "volume_delete": Change({"status": "deleting"}, None, {"status": "error_deleting"}),
        },
    ),
    "node": Kind(
        {"name": "node-0", "provision_state": "available", "power_state": "power off", "target_power_state": None,
         "last_error": None, "maintenance": False, "fault": None, **IDLE},
        {
            "node_deploy": Change(
                {"provision_state": "deploying", "target_provision_state": "active", "reservation": "conductor"},
                {"provision_state": "active", **IDLE},
                {"provision_state": "deploy failed", "target_provision_state": "active", "reservation": None,
                 "last_error": "Deploy step failed"},
            ),
            "node_power_on": Change(
                {"target_power_state": "power on", "reservation": "conductor"},
                {"power_state": "power on", "target_power_state": None, **IDLE},
                {"target_power_state": None, "last_error": "Failed to change power state", **IDLE},
            ),
        },
    ),
    "loadbalancer": Kind(
        {"name": "balancer-0", "provisioning_status": "ACTIVE", "listener": "ACTIVE"},
        {
            "balancer_update": Change(
                {"provisioning_status": "PENDING_UPDATE"}, {"provisioning_status": "ACTIVE"},
                {"provisioning_status": "ERROR"},
            ),
            "balancer_listener": Change(
                {"provisioning_status": "PENDING_UPDATE", "listener": "PENDING_UPDATE"},
                {"provisioning_status": "ACTIVE", "listener": "ACTIVE"},
                {"provisioning_status": "ACTIVE", "listener": "ERROR"},
            ),
        },
    ),
}  # fmt: skip


class Resources:
    """The resources of one kind in a cloud, each with the changes that were requested."""

    def __init__(self, store: Store, cloud: Cloud, kind: str) -> None:
        self.store = store
        self.cloud = cloud
        self.kind = kind

    def view(self, resource_id: str) -> Fields | None:
        """Return the fields of a resource now; None if there is no such resource (any more)."""
        if resource_id != self.cloud.resource_id(self.kind):
            return None
        fields: Fields = dict(KINDS[self.kind].fields)
        moment = self.store.clock()
        for operation in self.changes(resource_id):
            change = KINDS[self.kind].changes[operation.kind]
            ended = operation.plan.seconds <= self.store.elapsed(operation.begun)
            result = change.failed if operation.plan.fail else change.after
            if ended and result is None:
                return None
            fields.update(result or {} if ended else change.during)
            moment = self.store.moment(operation.begun, operation.plan.seconds if ended else 0.0)
        when = datetime.fromtimestamp(moment, timezone.utc)
        return {**fields, "updated_at": when.strftime("%Y-%m-%dT%H:%M:%S.%f")}

    def changes(self, resource_id: str) -> list[PlannedOperation]:
        every = self.store.clouds[self.cloud.name].operations.values()
        found = [each for each in every if each.service == self.kind and each.resource_id == resource_id]
        return sorted(found, key=lambda each: each.begun)


def ironic_error(status: int, message: str) -> ApiError:
    fault = {"faultcode": "Client", "faultstring": message, "debuginfo": None}
    return ApiError(status, {"error_message": json.dumps(fault)})


def volume_blueprint(store: Store, cloud: Cloud) -> Blueprint:
    api = Blueprint(f"{cloud.name}_volume", __name__, url_prefix=f"/{cloud.name}/volume/v3/<project>")
    volumes = Resources(store, cloud, "volume")

    @api.get("/volumes/<resource_id>")
    def volume(project: str, resource_id: str) -> Response:
        authenticate(store, cloud)
        fields = volumes.view(resource_id)
        if fields is None:
            raise nova_error(404, f"Volume {resource_id} could not be found.")
        return jsonify({"volume": {"id": resource_id, **fields}})

    @api.get("/<any(snapshots, backups, groups, group_snapshots):kind>/<resource_id>")
    def other(project: str, kind: str, resource_id: str) -> Response:
        authenticate(store, cloud)
        raise nova_error(404, f"{kind}: {resource_id} could not be found.")

    @api.get("/messages")
    def messages(project: str) -> Response:
        authenticate(store, cloud)
        failed = [each for each in volumes.changes(cloud.resource_id("volume")) if each.plan.fail]
        rows = [
            {
                "request_id": each.operation_id,
                "resource_uuid": each.resource_id,
                "user_message": f"{each.kind}: no backend",
                "created_at": datetime.fromtimestamp(each.begun, timezone.utc).isoformat(),
            }
            for each in failed
        ]
        return jsonify({"messages": rows})

    return api


def node_blueprint(store: Store, cloud: Cloud) -> Blueprint:
    api = Blueprint(f"{cloud.name}_baremetal", __name__, url_prefix=f"/{cloud.name}/baremetal/v1")
    nodes = Resources(store, cloud, "node")

    @api.get("/nodes/<resource_id>")
    def node(resource_id: str) -> Response:
        authenticate(store, cloud)
        if "updated_at" in request.args.get("fields", "").split(","):
            raise ironic_error(400, "Field updated_at is not a valid field.")
        node_id = cloud.resource_id("node") if resource_id == "node-0" else resource_id
        fields = nodes.view(node_id)
        if fields is None:
            raise ironic_error(404, f"Node {resource_id} could not be found.")
        return jsonify({"uuid": node_id, **fields})

    return api


def balancer_blueprint(store: Store, cloud: Cloud) -> Blueprint:
    api = Blueprint(f"{cloud.name}_balancer", __name__, url_prefix=f"/{cloud.name}/load-balancer/v2/lbaas")
    balancers = Resources(store, cloud, "loadbalancer")

    @api.get("/loadbalancers/<resource_id>/status")
    def status(resource_id: str) -> Response:
        authenticate(store, cloud)
        fields = balancers.view(resource_id)
        if fields is None:
            raise ApiError(404, {"faultcode": "Client", "faultstring": "Load Balancer not found.", "debuginfo": None})
        listener = {"id": cloud.resource_id("listener"), "provisioning_status": fields.pop("listener"), "pools": []}
        return jsonify({"statuses": {"loadbalancer": {"id": resource_id, **fields, "listeners": [listener]}}})

    return api
