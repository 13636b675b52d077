# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Heat: stacks, their status, and the events from which alone an action is known.

fail: the action fails; fail=canceled: it fails, and Heat rolls it back. fail=stuck: it never ends.
"""

from __future__ import annotations

import uuid
from datetime import datetime, timezone
from typing import Any

from flask import Blueprint, Response, jsonify, redirect, request

from .accounts import Cloud
from .auth import authenticate
from .errors import ApiError
from .plan import HEADER, parse_plan
from .state import PlannedOperation, Store

SERVICE = "heat"
KINDS = ("create", "update", "delete", "suspend", "resume", "check", "snapshot")
PREFIX = "stack_"  # of the kinds in add_operation: Nova has some of them too
NAME = "stack-0"


def heat_error(status: int, kind: str, message: str) -> ApiError:
    title = {400: "Bad Request", 404: "Not Found", 409: "Conflict"}[status]
    error = {"type": kind, "message": message, "traceback": None}
    return ApiError(status, {"code": status, "title": title, "explanation": message, "error": error})


class Stacks:
    """The stacks of a cloud, which are made of their actions."""

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self.store = store
        self.cloud = cloud

    def actions(self, stack_id: str) -> list[PlannedOperation]:
        every = self.store.clouds[self.cloud.name].operations.values()
        found = [each for each in every if each.service == SERVICE and each.resource_id == stack_id]
        return sorted(found, key=lambda each: each.begun)

    def ids(self) -> list[str]:
        every = self.store.clouds[self.cloud.name].operations.values()
        return list(dict.fromkeys(each.resource_id for each in every if each.service == SERVICE))

    def begin(self, stack_id: str, kind: str) -> PlannedOperation:
        try:
            plan = parse_plan(request.headers.get(HEADER, ""))
        except ValueError as error:
            raise heat_error(400, "HTTPBadRequest", str(error)) from error
        operation = PlannedOperation(SERVICE, str(uuid.uuid4()), stack_id, PREFIX + kind, self.store.clock(), plan)
        return self.store.clouds[self.cloud.name].begin(operation)

    def events(self, stack_id: str) -> list[dict[str, Any]]:
        """Return the events of a stack, oldest first. A deleted stack has none."""
        found = [event for action in self.actions(stack_id) for event in self._events_of(action)]
        return [] if found and found[-1]["resource_status"] == "DELETE_COMPLETE" else found

    def view(self, stack_id: str) -> dict[str, Any]:
        actions = self.actions(stack_id)
        found = [event for action in actions for event in self._events_of(action)]
        if not found:
            raise heat_error(404, "EntityNotFound", f"The Stack ({stack_id}) could not be found.")
        last = found[-1]
        gone = last["resource_status"] == "DELETE_COMPLETE"
        return {
            "id": stack_id,
            "stack_name": NAME,
            "stack_status": last["resource_status"],
            "stack_status_reason": last["resource_status_reason"],
            "creation_time": found[0]["event_time"],
            "updated_time": None,
            "deletion_time": last["event_time"] if gone else None,
            "project": self.cloud.project_id,
        }

    def _events_of(self, action: PlannedOperation) -> list[dict[str, Any]]:
        kind, seconds = action.kind.removeprefix(PREFIX).upper(), action.plan.seconds
        steps = [(0.0, f"{kind}_IN_PROGRESS", f"Stack {kind} started")]
        if action.plan.fail == "error":
            steps.append((seconds, f"{kind}_FAILED", f"Resource {kind} failed: ValueError: resources.a: no"))
        elif action.plan.fail == "canceled":
            steps.append((seconds / 2, "ROLLBACK_IN_PROGRESS", "Stack ROLLBACK started"))
            steps.append((seconds, "ROLLBACK_COMPLETE", "Stack ROLLBACK completed successfully"))
        elif action.plan.fail != "stuck":
            steps.append((seconds, f"{kind}_COMPLETE", f"Stack {kind} completed successfully"))
        past = [step for step in steps if step[0] <= self.store.elapsed(action.begun)]
        return [self._event(action, number, *step) for number, step in enumerate(past)]

    def _event(self, action: PlannedOperation, number: int, offset: float, status: str, reason: str) -> dict[str, Any]:
        when = datetime.fromtimestamp(self.store.moment(action.begun, offset), timezone.utc)
        named = action.operation_id if number == 0 else str(uuid.uuid5(uuid.NAMESPACE_OID, f"{action}{number}"))
        return {
            "id": named,
            "event_time": when.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "resource_name": NAME,
            "logical_resource_id": NAME,
            "physical_resource_id": action.resource_id,
            "resource_status": status,
            "resource_status_reason": reason,
            "links": [],
        }


def heat_blueprint(store: Store, cloud: Cloud) -> Blueprint:
    api = Blueprint(f"{cloud.name}_heat", __name__, url_prefix=f"/{cloud.name}/orchestration/v1/<project>")
    stacks = Stacks(store, cloud)

    @api.before_request
    def check_caller() -> None:
        authenticate(store, cloud)

    _add_reads(api, stacks)
    _add_requests(api, stacks)
    return api


def _add_reads(api: Blueprint, stacks: Stacks) -> None:
    @api.get("/stacks")
    def listed(project: str) -> Response:
        found = [stacks.view(each) for each in stacks.ids() if request.args.get("id") in (None, each)]
        deleted = request.args.get("show_deleted", "").lower() == "true"
        return jsonify({"stacks": [each for each in found if deleted or not each["deletion_time"]]})

    @api.get("/stacks/<stack_id>")
    def by_id(project: str, stack_id: str) -> Any:
        stacks.view(stack_id)
        return redirect(f"{request.url}/{NAME}/{stack_id}", 302)

    @api.get("/stacks/<name>/<stack_id>")
    def show(project: str, name: str, stack_id: str) -> Response:
        return jsonify({"stack": stacks.view(stack_id)})

    @api.get("/stacks/<name>/<stack_id>/events")
    def events(project: str, name: str, stack_id: str) -> Response:
        found = stacks.events(stack_id)
        status = request.args.get("resource_status", "")
        found = [each for each in found if each["resource_status"].endswith(status)]
        return jsonify({"events": found if request.args.get("sort_dir") == "asc" else found[::-1]})


def _add_requests(api: Blueprint, stacks: Stacks) -> None:
    @api.post("/stacks")
    def create(project: str) -> tuple[Response, int]:
        stack_id = str(uuid.uuid4())
        stacks.begin(stack_id, "create")
        return jsonify({"stack": {"id": stack_id, "links": []}}), 201

    @api.put("/stacks/<name>/<stack_id>")
    def update(project: str, name: str, stack_id: str) -> Response:
        stacks.begin(stack_id, "update")
        return Response("<html><body>The request is accepted for processing.</body></html>", 202)

    @api.delete("/stacks/<name>/<stack_id>")
    def delete(project: str, name: str, stack_id: str) -> Response:
        stacks.begin(stack_id, "delete")
        return Response(status=204)

    @api.post("/stacks/<name>/<stack_id>/actions")
    def act(project: str, name: str, stack_id: str) -> Response:
        kinds = [kind for kind in (request.get_json(silent=True) or {}) if kind in KINDS]
        if len(kinds) != 1:
            raise heat_error(400, "HTTPBadRequest", "Exactly one action is allowed.")
        stacks.begin(stack_id, kinds[0])
        return jsonify(None)
