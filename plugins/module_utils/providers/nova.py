# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Instance actions: OpenStack Nova, and OTC ECS, Huawei Cloud ECS, Fujitsu K5, NTT ECL, which serve the same API.

Private to this collection.
"""

from __future__ import annotations

import dataclasses
from typing import Any, Dict, List, Optional, Tuple

from ..errors import ForbiddenError, MissingError, ProtocolError, UnsupportedVersionError
from ..nova_actions import RULES, Server, Verdict, verdict
from ..operation import Operation, State, Step, format_time, parse_time, timestamp
from .base import Provider, Query, Reference, error_or_none, same_as_asked, section, text

# The newest first: each adds something to the answer (2.84 details, 2.66 changes-before, 2.62 hostId, 2.58 paging,
# 2.51 events for members, 2.21 deleted servers). A cloud that offers none of them is asked without.
MICROVERSIONS = ("2.84", "2.66", "2.62", "2.58", "2.51", "2.21")
_ACTIONS = "os-instance-actions"
_NEED_NO_GUEST = ("delete", "lock", "unlock", "resetState")  # any other success proves that the server was built
_ALL = Query()
_NO_ACTION = " The server has no such action (yet)."
_NO_SERVER = " There is no such server in this project."
_GONE = " There is no such server (any more); this cloud does not show the actions of deleted ones."
_SUPERSEDED = Server("superseded")
_PAGES = 100  # of a list, which have a thousand actions each by default
_READS = 3  # an action that changes under our eyes is read again this often, then it is simply not over yet


class NovaProvider(Provider):
    """Instance actions of one compute endpoint."""

    verifies = True

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        legacy = "v2" in self.client.endpoint.split("/")  # the API before microversions
        self._offered = [] if legacy else list(self.facts.microversions)
        self._deletes: Dict[Reference, Operation] = {}

    def show(self, reference: Reference) -> Operation:
        """Read an instance action, and the server after it where only that can decide."""
        server_id, request_id = str(reference.resource_id), str(reference.operation_id)
        action = self._action(server_id, request_id)
        for _read in range(_READS):
            found = _judge(action, None)
            if not found.ask_server:
                break
            found = self._with_server(server_id, action)
            if found.state not in State.TERMINAL:
                break
            if found.state == State.SUCCEEDED and _proven_by_events(action, found):
                break  # and the server, read later, was at rest
            # The server was read later than the action: only if that has not moved on do the two belong together.
            again = self._action(server_id, request_id)
            if again == action:
                break
            action = again
            found = found._replace(state=State.RUNNING, reason="the action is still moving")
        return self._operation(action, found)

    def look(self, reference: Reference) -> Optional[Operation]:
        """Read the action that the reference names. A delete that was seen and is not found any more is done."""
        try:
            found = super().look(reference)
        except MissingError as exc:
            deleted = self._deletes.get(reference)
            if deleted is None or exc.what != "resource":
                raise
            return dataclasses.replace(deleted, state=State.SUCCEEDED, reason="the server is gone")
        if found:
            self.recall(reference.pinned_to(found.operation_id), found)
        if found and found.state == State.SUCCEEDED and reference.verify:
            return self._verified(found, str(reference.resource_id), reference.verify)
        return found

    @classmethod
    def recalls(cls, operation: Operation) -> bool:
        """A delete that was seen is."""
        return operation.type == "delete" and operation.operation_id is not None

    def recall(self, reference: Reference, operation: Operation) -> None:
        """Remember a delete: once the server is gone, nothing but this shows that it was meant to be."""
        if self.recalls(operation):
            self._deletes[reference] = operation

    def _verified(self, found: Operation, server_id: str, wanted: str) -> Operation:
        server = self._server(server_id)
        if server.busy:
            return dataclasses.replace(found, state=State.RUNNING, reason=f"the server is busy ({server.task_state})")
        if server.view == "read" and (server.status or "").upper() == wanted.upper():
            return found
        reason = f"{found.reason}, but the server is {server.status or server.view}, not {wanted} as verify asks"
        return dataclasses.replace(found, state=State.FAILED, reason=reason, error=error_or_none(reason))

    def list(self, query: Query) -> List[Operation]:
        """List the actions of a server, newest first; pages are followed to their end."""
        server_id = str(query.resource_id)
        actions = self._actions(server_id, query)
        if not query.details:
            return [self._operation(action, _undetailed(action)) for action in actions]
        newest = self._newest(server_id) if actions else None
        operations: List[Operation] = []
        for listed in actions:
            request_id = str(listed.get("request_id"))
            if request_id == newest:
                operations.append(self.show(Reference(request_id, server_id)))
                continue
            action = self._action(server_id, request_id)
            was_built = any(each.state == State.SUCCEEDED and each.type not in _NEED_NO_GUEST for each in operations)
            server = Server(status="ACTIVE") if was_built and action.get("action") == "create" else _SUPERSEDED
            operations.append(self._operation(action, _judge(action, server)))
        return operations

    def _with_server(self, server_id: str, action: Dict[str, Any]) -> Verdict:
        """The verdict with the server, unless what the server is or does now is the work of a later action."""
        server = self._server(server_id)
        found = _judge(action, server)
        rule = RULES.get(str(action.get("action")))
        own = action.get("action") == "create" or rule is None or rule.background  # nothing but the server tells
        if own or server.view != "read" or found.state == State.SUCCEEDED:
            return found
        alone = _judge(action, _SUPERSEDED)
        by_status = found.state == State.FAILED and alone.state == State.UNKNOWN and action.get("events") is None
        if (alone.state == State.SUCCEEDED or by_status) and self._newest(server_id) != action.get("request_id"):
            return alone
        return found

    def _newest(self, server_id: str) -> Optional[str]:
        listed = self._actions(server_id, Query(limit=1))
        return text(listed[0], "request_id") if listed else None

    def _action(self, server_id: str, request_id: str) -> Dict[str, Any]:
        body = self._get(("servers", server_id, _ACTIONS, request_id))
        action = _checked(section(body, "instanceAction", dict), server_id)
        same_as_asked("operation", request_id, text(action, "request_id"))
        return action

    def _actions(self, server_id: str, query: Query) -> List[Dict[str, Any]]:
        wanted: List[Dict[str, Any]] = []
        marker: Optional[str] = None
        for _page in range(_PAGES):
            body = self._get(("servers", server_id, _ACTIONS), query, marker)
            page = section(body, "instanceActions", list)
            wanted += [_checked(action, server_id) for action in page if _matches(action, query)]
            links = body.get("links")
            more = isinstance(links, list) and any(
                isinstance(link, dict) and link.get("rel") == "next" for link in links
            )
            last = text(page[-1], "request_id") if page else None
            if not more or last is None or last == marker or (query.limit and len(wanted) >= query.limit):
                break
            marker = last
        else:
            raise ProtocolError(f"The list of actions did not end after {_PAGES} pages.")
        wanted.sort(key=lambda action: str(action.get("start_time")), reverse=True)
        return wanted[: query.limit]

    def _parameters(self, query: Query, marker: Optional[str]) -> Tuple[Tuple[str, str], ...]:
        """Only what this microversion understands; C(_matches) does the rest."""
        version = tuple(int(part) for part in (self._offered or ["2.1"])[0].split("."))
        parameters: List[Tuple[str, str]] = []
        if version >= (2, 58):
            if query.limit and not query.action:
                parameters.append(("limit", str(query.limit)))
            if marker:
                parameters.append(("marker", marker))
            if query.changes_since:
                parameters.append(("changes-since", str(format_time(query.changes_since))))
        if version >= (2, 66) and query.changes_before:
            parameters.append(("changes-before", str(format_time(query.changes_before))))
        return tuple(parameters)

    def _server(self, server_id: str) -> Server:
        try:
            server = section(self._get(("servers", server_id)), "server", dict)
            same_as_asked("server", server_id, text(server, "id"))
        except MissingError:
            return Server("gone")
        except ForbiddenError:
            return Server("unreadable")
        except ProtocolError as exc:
            if exc.status == 404:  # a gateway that routes instance actions only
                return Server("unreadable")
            raise
        fault = server.get("fault")
        status = text(server, "status")
        if status == "DELETED":  # for a moment before it is 404, and for ever to an administrator
            return Server("gone")
        return Server(
            status=status,
            task_state=text(server, "OS-EXT-STS:task_state"),
            fault=text(fault, "message") if isinstance(fault, dict) else None,
        )

    def _get(self, path: Tuple[str, ...], query: Query = _ALL, marker: Optional[str] = None) -> Dict[str, Any]:
        """GET with the newest microversion that the cloud offers, found at the first request."""
        while True:
            headers = {}
            version = self._offered[0] if self._offered else None
            if version:
                headers = {"OpenStack-API-Version": f"compute {version}", "X-OpenStack-Nova-API-Version": version}
            try:
                return self.client.get(path, self._parameters(query, marker), headers)
            except UnsupportedVersionError:
                if not self._offered:
                    raise
                self._offered = [each for each in self._offered if each != version]
            except MissingError as exc:
                exc.what = "resource" if ": Instance " in exc.message else "operation"
                no_server = _NO_SERVER if self._offered else _GONE  # from 2.21 on, deleted servers show theirs
                exc.message += no_server if exc.what == "resource" else _NO_ACTION
                raise

    def _operation(self, action: Dict[str, Any], found: Verdict) -> Operation:
        steps = _steps(action) or []
        rule = RULES.get(str(action.get("action")))
        # When the work goes on after its last event, nothing in the API says when it was over.
        over = found.state in State.TERMINAL and not (rule and rule.background)
        finishes = [step.finished_at for step in steps if step.finished_at]
        return Operation(
            provider=self.facts.name,
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
            finished_at=max(finishes) if over and finishes else None,
            project_id=text(action, "project_id"),
            user_id=text(action, "user_id"),
            request_id=text(action, "request_id"),
            steps=steps,
            retries=len(steps) - len({step.name for step in steps}),
            raw={"instanceAction": action},
        )


def _checked(action: Dict[str, Any], server_id: str) -> Dict[str, Any]:
    same_as_asked("server", server_id, text(action, "instance_uuid"))
    if action.get("events") is not None:
        section(action, "events", list)
    return action


def _steps(action: Dict[str, Any]) -> Optional[List[Step]]:
    """The events, oldest first; None where the cloud does not show them."""
    if action.get("events") is None:
        return None
    steps = [_step(event) for event in reversed(action["events"])]
    return sorted(steps, key=lambda step: timestamp(step.started_at))


def _step(event: Dict[str, Any]) -> Step:
    """Read one event as Nova shows it; members get no traceback, and details only from 2.84 on (admin)."""
    result = event.get("result") if isinstance(event.get("result"), str) else None
    finished = parse_time(event.get("finish_time"))
    if result is None and finished is None:
        state = State.RUNNING
    else:  # a word that Nova invents next year is not a success
        state = {"success": State.SUCCEEDED, "error": State.FAILED}.get((result or "").lower(), State.UNKNOWN)
    details = event.get("details") or _last_line(event.get("traceback"))
    return Step(
        name=str(event.get("event") or ""),
        state=state,
        result=result,
        started_at=parse_time(event.get("start_time")),
        finished_at=finished,
        error=details if isinstance(details, str) else None,
        host=event.get("host") if isinstance(event.get("host"), str) else None,
        host_id=event.get("hostId") if isinstance(event.get("hostId"), str) else None,
    )


def _last_line(traceback: Any) -> Optional[str]:
    lines = traceback.strip().splitlines() if isinstance(traceback, str) else []
    return lines[-1].strip() if lines else None


def _judge(action: Dict[str, Any], server: Optional[Server]) -> Verdict:
    return verdict(str(action.get("action")), _steps(action), text(action, "message"), server)


def _proven_by_events(action: Dict[str, Any], found: Verdict) -> bool:
    """Whether the event that ends an action has come, and the server shows that it is busy until then."""
    rule = RULES.get(str(action.get("action")))
    return rule is not None and rule.tracked and found.step is not None and found.step.name in rule.ends


def _undetailed(action: Dict[str, Any]) -> Verdict:
    """A list shows no events; all it tells is that something went wrong on the way."""
    reason = "an event ended in Error" if text(action, "message") else "not looked at: set details"
    return Verdict(State.UNKNOWN, reason)


def _matches(action: Dict[str, Any], query: Query) -> bool:
    if query.action and action.get("action") != query.action:
        return False
    return query.covers(parse_time(action.get("updated_at")) or parse_time(action.get("start_time")))
