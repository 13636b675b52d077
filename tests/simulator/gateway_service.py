# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Shared by the services behind Huawei's API gateway: the caller, the plan, and the operations of each."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

from flask import Blueprint, Response, request

from .accounts import Cloud
from .auth import authenticate_in
from .errors import gateway_error, gateway_not_published
from .plan import HEADER, parse_plan
from .state import PlannedOperation, Store

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


class GatewayService:
    """One service, such as "rds", of one cloud."""

    def __init__(self, store: Store, cloud: Cloud, service: str) -> None:
        self.store = store
        self.cloud = cloud
        self.service = service

    def blueprint(self) -> Blueprint:
        """Under the service's own mount; what it does not know is answered by the gateway."""
        api = Blueprint(f"{self.cloud.name}_{self.service}", __name__, url_prefix=f"/{self.cloud.name}/{self.service}")

        @api.route("/<path:rest>", methods=METHODS)
        def unknown(rest: str) -> Response:
            raise gateway_not_published()

        return api

    def begin(
        self, project: str, operation_id: str, resource_id: str, kind: str, parts: tuple[str, ...] = ()
    ) -> PlannedOperation:
        """Start what this request asks for, as its header plans it."""
        caller = authenticate_in(self.store, self.cloud, project)
        try:
            plan = parse_plan(request.headers.get(HEADER, ""))
        except ValueError as error:
            raise gateway_error(400, "Simulator.400", str(error)) from error
        return self.store.clouds[self.cloud.name].begin(
            PlannedOperation(
                self.service,
                operation_id,
                resource_id,
                kind,
                self.store.clock(),
                plan,
                user_id=caller.user.user_id,
                parts=parts,
            )
        )

    def find(self, project: str, operation_id: str) -> PlannedOperation | None:
        authenticate_in(self.store, self.cloud, project)
        found = self.store.clouds[self.cloud.name].operations.get(operation_id)
        return found if found is not None and found.service == self.service else None

    def elapsed(self, operation: PlannedOperation) -> float:
        return self.store.elapsed(operation.begun)

    def moment(self, operation: PlannedOperation, offset: float) -> datetime:
        """`offset` simulated seconds after the operation began, in UTC."""
        return datetime.fromtimestamp(self.store.moment(operation.begun, offset), timezone.utc)


def given(key: str) -> dict[str, Any]:
    """Return the value of that key in the request; {} if there is none."""
    body = request.get_json(silent=True)
    value = body.get(key) if isinstance(body, dict) else None
    return value if isinstance(value, dict) else {}
