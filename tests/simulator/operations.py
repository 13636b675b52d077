# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Operations begun from within a test, without a request."""

from __future__ import annotations

import uuid
from typing import Any, NamedTuple

from . import heat, images, openstack_resources
from .plain_services import PLAIN_SERVICES
from .plan import Plan
from .scripts import SCRIPTS
from .state import PlannedOperation, Server, Store, new_request_id


class Kinds(NamedTuple):
    """The kinds of one service's operations, and their default resource."""

    clouds: tuple[str, ...]
    service: str
    resource: str
    names: tuple[str, ...]


GATEWAY = ("huaweicloud", "otc")
KINDS = (
    Kinds(GATEWAY, "ecs", "server/0", ("createServer", "rebootServer", "startServer", "stopServer", "resizeServer")),
    Kinds(GATEWAY, "evs", "volume", ("createVolume", "batchCreateVolume", "createSnapshotGroup")),
    Kinds(GATEWAY, "ims", "image", ("createImageByInstance", "imsImportImagesJob")),
    Kinds(GATEWAY, "rds", "database", ("RestartMysqlInstance",)),
    Kinds(GATEWAY, "cce", "cluster", ("ResizeCluster", "RotateCredentials")),
    Kinds(GATEWAY, "dcs", "cache", ("restartInstance",)),
    Kinds(GATEWAY, "elb", "load_balancer", ("cloneLoadbalancer",)),
    Kinds(GATEWAY, "sfs-turbo", "file_system", ("expandShare",)),
    Kinds(GATEWAY, "ddm", "database", ("RestartDdmInstance",)),
    Kinds(GATEWAY, "dds", "database", ("RestartDdsInstance",)),
    Kinds(GATEWAY, "gaussdb", "database", ("RebootGaussDBforMySQLInstance",)),
    Kinds(GATEWAY, "gaussdb-nosql", "database", ("RestartNosqlInstance",)),
    Kinds(("huaweicloud",), "modelarts", "lite_server", ("node_attach_volume", "node_detach_volume")),
    Kinds(
        ("huaweicloud",),
        "lite_server",
        "lite_server",
        ("STARTING", "STOPPING", "REBOOTING", "CHANGINGOS", "REINSTALLINGOS"),
    ),
    Kinds(("openstack",), images.IMPORTS, "image", ("image_import",)),
    Kinds(("openstack",), heat.SERVICE, "stack", tuple(heat.PREFIX + kind for kind in heat.KINDS)),
    *(Kinds(("openstack",), name, name, tuple(kind.changes)) for name, kind in openstack_resources.KINDS.items()),
    Kinds(("ecl",), "vna", "appliance", ("Create", "Update", "Delete", "Action")),
    Kinds(("ecl",), "mlb", "load_balancer", ("Action::apply-configurations", "Action::system-update")),
)


def add_operation(
    store: Store,
    cloud: str,
    kind: str,
    resource_id: str | None = None,
    duration: float | None = None,
    fail: str | bool = "",
    replay: str = "",
    started: float = 0.0,
    request_id: str | None = None,
    body: Any = None,
    parts: int = 0,
) -> dict[str, str]:
    """Begin an operation `started` seconds ago and return its ids. No rule of the API is checked.

    kind is a Nova action as in POST .../action, "create" or "delete"; or one of KINDS. parts is how many sub-jobs a
    job of ECS or EVS has. cloud may also be a plain service; its kind is free.
    """
    plan = Plan(duration, "error" if fail is True else fail or "", replay)
    if cloud in PLAIN_SERVICES:
        return _ids(PLAIN_SERVICES[cloud].begin(store, kind, plan, started))
    state = store.clouds[cloud]
    if kind in SCRIPTS:
        return _add_action(store, cloud, kind, resource_id, plan, started, request_id, body)
    row = next((row for row in KINDS if cloud in row.clouds and kind in row.names), None)
    if row is None:
        raise LookupError(f"{cloud} has no operation {kind!r}")
    return _ids(
        state.begin(
            PlannedOperation(
                row.service,
                str(uuid.uuid4()),
                resource_id or state.cloud.resource_id(row.resource),
                kind,
                store.clock() - started,
                plan,
                request_id or "",
                body or {},
                state.cloud.user.user_id,
                tuple(str(uuid.uuid4()) for _number in range(parts)),
            )
        )
    )


def _ids(operation: PlannedOperation) -> dict[str, str]:
    return {
        "operation_id": operation.operation_id,
        "resource_id": operation.resource_id,
        "request_id": operation.request_id,
    }


def _add_action(
    store: Store,
    cloud: str,
    kind: str,
    server_id: str | None,
    plan: Plan,
    started: float,
    request_id: str | None,
    body: Any,
) -> dict[str, str]:
    state = store.clouds[cloud]
    user_id = state.cloud.user.user_id
    if kind == "create" and server_id is None:
        server = Server(str(uuid.uuid4()), "server", user_id, store.clock() - started)
        state.servers[server.server_id] = server
    else:
        server = state.servers[server_id or state.cloud.server_ids()[0]]
    action = store.add_action(server, kind, body, plan, request_id or new_request_id(), user_id, started)
    return {"operation_id": action.request_id, "resource_id": server.server_id, "request_id": action.request_id}
