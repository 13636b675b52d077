# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Instance actions of OpenStack Nova, OTC ECS, Huawei Cloud ECS, Fujitsu K5 and NTT ECL, which have the same API.

Private to this collection.
"""

from __future__ import annotations

import dataclasses
from datetime import datetime
from typing import Any, Dict, List, Optional, Tuple

from ..._model.errors import MissingError
from ..._model.operation import Operation, State
from ..._model.reference import Found, Members, Query, Reference
from ..._model.times import parse_time
from ..._polling.feed import Change
from ..base import Capabilities, Provider, error_or_none
from ..paths import text
from .actions import REST, in_change_feed, known
from .api import Action, NovaApi
from .evidence import Evidence, Server, Verdict
from .reading import change_of, evidence_of, is_same, later_than, steps_of
from .verdict import verdict

# The newest first. They add: 2.84 details, 2.66 changes-before, 2.62 hostId, 2.58 paging, 2.51 events for members,
# 2.21 deleted servers. If a cloud offers none of them, requests have no microversion.
MICROVERSIONS = ("2.84", "2.66", "2.62", "2.58", "2.51", "2.21")
_READS = 3  # maximum number of reads of a changing action; then it counts as running
_SERVER_EVERY = REST / 2  # seconds between two reads of a server while an event is open


class NovaProvider(Provider):
    """Instance actions of one compute endpoint."""

    capabilities = Capabilities(verifies=True, named_actions=("create", "delete"), names=True)

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        chosen = self.options.get("endpoint") or self.options.get("api_version")
        self._api = NovaApi(self.client, self.info.microversions, not chosen, self.info.image_types)
        self._deletes: Dict[Reference, Operation] = {}
        self._server_read: Dict[str, datetime] = {}  # by the API's clock, while an event is open
        self._names: Dict[str, Optional[str]] = {}  # of servers that were created
        self._made_together: Dict[str, List[str]] = {}  # by request ID

    def show(self, reference: Reference) -> Operation:
        """Read an instance action and the other evidence for the verdict."""
        return self._shown(reference)[0]

    def _shown(self, reference: Reference) -> Tuple[Operation, Optional[Server]]:
        """Return the operation, and the server if it was read."""
        server_id, request_id = str(reference.resource_id), str(reference.operation_id)
        action = self._api.action(server_id, request_id, reference.action)
        for _read in range(_READS):
            evidence, found = self._judged(server_id, action, self._evidence(server_id, action))
            if evidence.server is None or found.state not in State.TERMINAL:
                break
            if found.state == State.SUCCEEDED and _proven_by_events(action, found):
                break  # the server was idle after the last event
            # The server was read after the action, so check that the action has not changed meanwhile.
            again = self._api.action(server_id, request_id, reference.action)
            if again == action:
                break
            action = again
            found = found._replace(state=State.RUNNING, reason="the action is still changing")
        if evidence.server and action.get("action") == "create":
            self._names[server_id] = evidence.server.name
        return self._operation(action, found), evidence.server

    def _evidence(self, server_id: str, action: Action) -> Evidence:
        """Return the evidence of the action. While an event is open, limit how often the server is read."""
        now = self.client.now()
        evidence = evidence_of(action, now)
        if evidence.open_for is None or evidence.open_for < REST:
            return evidence
        last = self._server_read.get(server_id)
        if last and (now - last).total_seconds() < _SERVER_EVERY:
            return evidence._replace(open_for=None)
        self._server_read[server_id] = now
        return evidence

    def _judged(self, server_id: str, action: Action, evidence: Evidence) -> Tuple[Evidence, Verdict]:
        """Read the evidence that the verdict asks for, until it is final."""
        found = verdict(evidence)
        while found.ask:
            read = getattr(self._api, found.ask)
            answer = read(server_id) if found.ask == "server" else read(server_id, action)
            evidence = evidence._replace(**{found.ask: answer})
            found = verdict(evidence)
        return evidence, found

    def read(self, reference: Reference) -> Optional[Operation]:
        """Read the action of the reference. If Nova did not record it, the server decides."""
        try:
            found = super().read(reference)
            if found is None and reference.reservation_id:
                raise MissingError(f"Nova shows no creation of server {reference.resource_id} (yet).")
        except MissingError as exc:
            found = self._without_record(reference, exc)
        if found and found.type == "create" and found.state == State.SUCCEEDED and not reference.reservation_id:
            found = self._with_the_others(found)
        if found:
            self.import_state(reference.resolved_to(found.operation_id), found)
        if found and found.state == State.SUCCEEDED and reference.verify:
            return self._verified(found, str(reference.resource_id), reference.verify)
        return found

    def poll(self, reference: Reference) -> Found:
        """Poll an action or a reservation. Before a success, list the servers of the reservation again."""
        if not reference.reservation_id:
            return super().poll(reference)
        found = self.read(reference) if reference.resource_id else None
        if found and found.state != State.SUCCEEDED:
            return found
        servers = self._api.reserved(reference.reservation_id, again=found is not None)
        if len(servers) < (reference.min_count or 1):
            number = f"{len(servers)} of {reference.min_count or 'the'} servers"
            raise MissingError(f"Nova shows {number} of reservation {reference.reservation_id} in this project (yet).")
        return Members([reference.of_server(each) for each in servers], found)

    def resource_named(self, name: str) -> str:
        """Return the ID of the server with this name."""
        return self._api.server_named(name)

    def _without_record(self, reference: Reference, missing: MissingError) -> Operation:
        """Judge a missing action by its server. Raises MissingError if the server does not decide.

        Nova does not record a second deletion while one runs, the deletion of a server that is being scheduled, and a
        creation that exceeds a quota (nova/compute/api.py _delete, nova/conductor/manager.py _cleanup_build_artifacts).
        """
        deleted = self._deletes.get(reference)
        if deleted is not None and missing.what == "resource":
            return dataclasses.replace(deleted, state=State.SUCCEEDED, reason="the server is gone")
        kind = reference.action or (self._only_kind(reference) if missing.what == "operation" else None)
        if kind not in ("create", "delete") or (reference.latest and not reference.reservation_id):
            raise missing
        server = self._api.server(str(reference.resource_id))
        found = _unrecorded_delete(server) if kind == "delete" else _unrecorded_create(server)
        if found is None:
            raise missing
        return Operation(
            self.info.name, reference.operation_id, reference.resource_id, found[0], found[1], "server", kind,
            error=error_or_none(found[1]) if found[0] == State.FAILED else None, request_id=reference.operation_id,
        )  # fmt: skip

    def _only_kind(self, reference: Reference) -> Optional[str]:
        """Return create for a server without recorded actions."""
        return "create" if self._api.actions_or_none(str(reference.resource_id)) == [] else None

    def changes(self, since: datetime) -> List[Change]:
        """Read the change feed: the servers that changed since a time, including deleted ones."""
        return [change_of(row) for row in self._api.changed(since)]

    @staticmethod
    def in_feed(operation: Operation) -> bool:
        """Return True for actions at whose end Nova changes the row of the server."""
        return in_change_feed(operation.type)

    @staticmethod
    def exports_state(operation: Operation) -> bool:
        """Return True for deletions that have been polled."""
        return operation.type == "delete" and operation.operation_id is not None

    def import_state(self, reference: Reference, operation: Operation) -> None:
        """Remember deletions: once the server is gone, only this shows that it was deleted on purpose."""
        if self.exports_state(operation):
            self._deletes[reference] = operation

    def _with_the_others(self, created: Operation) -> Operation:
        """Judge a creation together with the other servers of the same request."""
        server_id, request_id = str(created.resource_id), str(created.operation_id)
        if request_id not in self._made_together:
            name = self._names.get(server_id)
            self._made_together[request_id] = self._api.made_together(server_id, name, request_id)
        others = [self.show(Reference(request_id, each)) for each in self._made_together[request_id]]
        for state in (State.FAILED, State.UNKNOWN, State.RUNNING, State.PENDING):
            behind = next((each for each in others if each.state == state), None)
            if behind:
                reason = f"the request created {len(others) + 1} servers, and of {behind.resource_id}: {behind.reason}"
                error = error_or_none(reason) if state == State.FAILED else None
                return dataclasses.replace(created, state=state, reason=reason, error=error)
        return created

    def _verified(self, found: Operation, server_id: str, wanted: str) -> Operation:
        server = self._api.server(server_id)
        if server.busy:
            return dataclasses.replace(found, state=State.RUNNING, reason=f"the server is busy ({server.task_state})")
        if server.view == "read" and (server.status or "").upper() == wanted.upper():
            return found
        reason = f"{found.reason}, but the server is {server.status or server.view}, not {wanted} as verify asks"
        return dataclasses.replace(found, state=State.FAILED, reason=reason, error=error_or_none(reason))

    def list(self, query: Query) -> List[Operation]:
        """List the actions of a server on all pages, newest first."""
        server_id = str(query.resource_id)
        rows = self._api.actions(server_id, query)
        if not query.details:
            return [self._operation(row, _undetailed(row)) for row in rows]
        every = rows if query == Query(server_id, limit=query.limit) else self._api.actions_or_none(server_id) or rows
        operations: List[Operation] = []
        server: Optional[Server] = None  # read once; for older actions the verdict considers the later ones
        for row in rows:
            operation, server = self._listed(server_id, row, every, server)
            operations.append(operation)
        return operations

    def _listed(
        self, server_id: str, row: Action, every: List[Action], server: Optional[Server]
    ) -> Tuple[Operation, Optional[Server]]:
        """Judge an action of a list. Two actions of a request share an ID, and Nova shows only one of them by it."""
        request_id = str(row.get("request_id"))
        if is_same(row, every[0]):
            shown, server = self._shown(Reference(request_id, server_id))
            if shown.type == row.get("action"):
                return shown, server
        action = self._api.action(server_id, request_id)
        action = action if is_same(row, action) else row
        later = later_than(action, every)
        evidence = evidence_of(action, self.client.now())._replace(later=later, server=server)
        evidence, found = self._judged(server_id, action, evidence)
        return self._operation(action, found), evidence.server

    def _operation(self, action: Action, found: Verdict) -> Operation:
        steps = steps_of(action) or []
        # If the work continues after the last event, the API does not show when it finished.
        finished = found.state in State.TERMINAL and not known(str(action.get("action"))).goes_on
        finishes = [step.finished_at for step in steps if step.finished_at]
        return Operation(
            provider=self.info.name,
            operation_id=text(action, "request_id"),
            resource_id=text(action, "instance_uuid"),
            resource_type="server",
            type=text(action, "action"),
            state=found.state,
            reason=found.reason,
            raw_status=text(action, "message"),
            error=error_or_none(found.reason) if found.state == State.FAILED else None,
            started_at=parse_time(action.get("start_time")),
            updated_at=parse_time(action.get("updated_at")),
            finished_at=max(finishes) if finished and finishes else None,
            project_id=text(action, "project_id"),
            user_id=text(action, "user_id"),
            request_id=text(action, "request_id"),
            steps=steps,
            retries=len(steps) - len({step.name for step in steps}),
            raw={"instanceAction": action},
        )


def _unrecorded_delete(server: Server) -> Optional[Tuple[str, str]]:
    if server.view == "gone" or server.status == "SOFT_DELETED":
        return State.SUCCEEDED, "the server is gone; Nova recorded no action for this request"
    if server.task_state in ("deleting", "soft-deleting"):
        return State.RUNNING, "the server is being deleted; Nova recorded no action for this request"
    return None


def _unrecorded_create(server: Server) -> Optional[Tuple[str, str]]:
    if server.view == "gone":
        return State.FAILED, "the server does not exist any more, and Nova recorded no action for this request"
    if server.status == "ERROR":
        return State.FAILED, server.fault or "the server is in status ERROR, and Nova recorded no action"
    return (State.PENDING, "the server waits to be scheduled") if server.status == "BUILD" else None


def _proven_by_events(action: Action, found: Verdict) -> bool:
    """Return whether the final event has come, of an action that keeps the server busy until then."""
    row = known(str(action.get("action")))
    return row.tracked and found.step is not None and found.step.name in row.ends


def _undetailed(action: Action) -> Verdict:
    """Return the verdict on an action of a list, which shows no events but whether one failed."""
    reason = "an event ended in Error" if text(action, "message") else "not read: set details"
    return Verdict(State.UNKNOWN, reason)
