# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""APIs outside of any cloud with a Keystone: a token that is simply given, or a name and a password."""

from __future__ import annotations

import base64
import secrets
import uuid
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

from flask import request

from .plan import HEADER, Plan, parse_plan
from .state import PlannedOperation, Store


@dataclass(frozen=True)
class PlainService:
    """One API under its own prefix on the simulator's port."""

    name: str
    resource: str  # the path of the one resource that it has
    token: str
    username: str = ""
    password: str = ""  # none: no basic authentication

    def describe(self, url: str) -> dict[str, Any]:
        """Return what a test or playbook needs to use this API."""
        described = {"endpoint": f"{url}/{self.name}", "resource": self.resource, "token": self.token}
        if self.password:
            described |= {"username": self.username, "password": self.password}
        return described

    def knows_caller(self) -> bool:
        kind, _space, given = request.headers.get("Authorization", "").partition(" ")
        if kind.lower() == "bearer":
            return secrets.compare_digest(given, self.token)
        pair = base64.b64encode(f"{self.username}:{self.password}".encode()).decode()
        return bool(self.password) and kind.lower() == "basic" and secrets.compare_digest(given, pair)

    def begin_requested(self, store: Store, kind: str) -> PlannedOperation:
        """Start what this request asks for, as its header plans it; ValueError if that is not understood."""
        return self.begin(store, kind, parse_plan(request.headers.get(HEADER, "")))

    def begin(self, store: Store, kind: str, plan: Plan, started: float = 0.0) -> PlannedOperation:
        """Start an operation, `started` seconds ago."""
        operation = PlannedOperation(self.name, str(uuid.uuid4()), self.resource, kind, store.clock() - started, plan)
        store.plain_operations[self.name][operation.operation_id] = operation
        return operation


GOOGLE = PlainService(
    "google", "projects/demo/locations/europe-west1/instances/one", "ya29.simulated-AccessToken-6d20c4"
)
AZURE = PlainService(
    "azure",
    "/subscriptions/0b1f6471-1bf0-4dda-aec3-cb9272f09590/resourceGroups/demo/providers/"
    "Microsoft.Compute/virtualMachines/one",
    "eyJ0eXAi.simulated-AccessToken-91b7f3",
    "azure-user",
    "azure-Passw0rd-3e8d1a",
)
PLAIN_SERVICES = {service.name: service for service in (GOOGLE, AZURE)}


def utc_text(moment: float) -> str:
    return datetime.fromtimestamp(moment, timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
