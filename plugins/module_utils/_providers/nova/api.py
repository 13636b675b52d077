# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Requests to Nova.

Private to this collection.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Dict, List, Mapping, Optional, Set, Tuple

from ..._http.client import ApiClient
from ..._model.errors import ForbiddenError, InputError, MissingError, ProtocolError
from ..._model.reference import Query
from ..._model.times import parse_time
from ..base import check_id, same_as_asked, section
from ..paths import text
from .evidence import Later, Server
from .images import Images
from .lists import ServerLists
from .microversions import Microversions
from .reading import later_than, made_together, names_of_one_request, server_of

_ACTIONS = "os-instance-actions"
_ALL = Query()
_NO_ACTION = " The server has no such action (yet)."
_NO_SERVER = " There is no such server in this project. resource_id is the id of a server; give its name as server."
_GONE = " There is no such server (any more). This cloud does not show the actions of deleted servers."
_MOST_ROWS = 100_000  # of a list of actions
_LATER = 100  # actions that are listed to find later ones

Action = Dict[str, Any]


class NovaApi:
    """Requests to one compute endpoint.

    microversions, modern: as in Microversions. image_types: of the image service.
    """

    def __init__(
        self, client: ApiClient, microversions: Tuple[str, ...], modern: bool, image_types: Tuple[str, ...] = ()
    ) -> None:
        self.client = client
        self._compute = Microversions(client, microversions, modern)
        self._images = Images(client, image_types)
        self._lists = ServerLists(self._compute.get, client.now)

    def action(self, server_id: str, request_id: str, kind: Optional[str] = None) -> Action:
        """Read an action with its events.

        kind: required name of the action. Two actions of a server may share a request ID, and Nova shows only one of
        them by it (nova/compute/api.py _confirm_resize_on_deleting). The list shows the other, without its events.
        """
        body = self._get(("servers", server_id, _ACTIONS, request_id))
        action = _checked(section(body, "instanceAction", dict), server_id)
        if text(action, "request_id") is None:
            said = f"The API's answer for {request_id} has no request_id: it may be about another action."
            raise ProtocolError(said)
        same_as_asked("operation", request_id, text(action, "request_id"))
        if kind and action.get("action") != kind:
            rows = self.actions(server_id, Query(action=kind))
            return next((row for row in rows if row.get("request_id") == request_id), action)
        return action

    def actions(self, server_id: str, query: Query) -> List[Action]:
        """List the actions of a server on all pages, newest first."""
        wanted: List[Action] = []
        marker: Optional[str] = None
        markers: Set[str] = set()
        rows = 0
        while True:
            body = self._get(("servers", server_id, _ACTIONS), query, marker)
            page = section(body, "instanceActions", list)
            wanted += [_checked(action, server_id) for action in page if _matches(action, query)]
            rows += len(page)
            last = text(page[-1], "request_id") if page else None
            if not _has_next(body) or last is None or last == marker or (query.limit and len(wanted) >= query.limit):
                break
            if rows >= _MOST_ROWS or last in markers:
                raise ProtocolError(f"The list of actions did not end after {rows} actions, or it repeats itself.")
            marker = last
            markers.add(last)
        wanted.sort(key=lambda action: str(action.get("start_time")), reverse=True)
        return wanted[: query.limit]

    def later(self, server_id: str, action: Action) -> Later:
        """Read which actions began after an action."""
        try:
            return later_than(action, self.actions(server_id, Query(limit=_LATER)))
        except MissingError:
            return Later(readable=False)

    def server(self, server_id: str) -> Server:
        """Read a server. Raises TransportError if its cell does not answer."""
        try:
            server = section(self._get(("servers", server_id)), "server", dict)
            same_as_asked("server", server_id, text(server, "id"))
            return server_of(server, self.client.now())
        except MissingError:
            return Server("gone")
        except ForbiddenError:
            return Server("unreadable")
        except ProtocolError as exc:
            if exc.status == 404:  # some gateways route only instance actions
                return Server("unreadable")
            raise

    def server_named(self, name: str) -> str:
        """Return the ID of the only server with this name. Raises MissingError, InputError if there are several."""
        rows = [row for row in self._lists.alike(name) if row.get("name") == name]
        found = sorted({check_id("server id", str(row.get("id"))) for row in rows})
        if len(found) > 1:
            raise InputError(f"{len(found)} servers are named {name}: {', '.join(found)}. Give resource_id.")
        if not found:
            raise MissingError(f"There is no server named {name} in this project (yet).")
        return found[0]

    def changed(self, since: datetime) -> List[Dict[str, Any]]:
        """List the servers that changed since a time. Raises the client's errors."""
        return self._lists.changed(since)

    def deleted(self, server_id: str, action: Action) -> Server:
        """Read a deleted server in the list of servers that changed since its last action."""
        newest = self.actions_or_none(server_id) or [action]
        since = parse_time(newest[0].get("start_time")) or parse_time(action.get("start_time"))
        return (self._lists.deleted(server_id, since) if since else None) or Server("gone")

    def reserved(self, reservation_id: str, again: bool) -> List[str]:
        """Return the IDs of a reservation's servers, including deleted ones. Raises the client's errors."""
        return self._lists.reserved(reservation_id, again)

    def made_together(self, server_id: str, name: Optional[str], request_id: str) -> List[str]:
        """Return the other servers of a request (min_count, max_count), because Nova returns only the first ID.

        name: of the server. Raises transient errors.
        """
        pattern = names_of_one_request(name)
        if pattern is None:
            return []
        rows = self._lists.named(pattern)
        return [each for each in made_together(rows, server_id, pattern) if self._has(each, request_id)]

    def _has(self, server_id: str, request_id: str) -> bool:
        try:
            return self.action(server_id, request_id).get("action") == "create"
        except MissingError:
            return False

    def actions_or_none(self, server_id: str) -> Optional[List[Action]]:
        """List the newest actions of a server; None if the cloud hides the actions of a deleted server."""
        try:
            return self.actions(server_id, Query(limit=_LATER))
        except MissingError:
            return None

    def image(self, server_id: str, action: Action) -> str:
        """Read the status of an action's image. Raises transient errors."""
        return self._images.status(server_id, action, lambda: self.actions_or_none(server_id))

    def _get(self, path: Tuple[str, ...], query: Query = _ALL, marker: Optional[str] = None) -> Dict[str, Any]:
        try:
            return self._compute.get(path, (), query, marker)
        except MissingError as exc:
            exc.what = "resource" if ": Instance " in exc.message else "operation"
            no_server = _NO_SERVER if self._compute.offered else _GONE  # from 2.21 on, Nova shows deleted servers
            exc.message += no_server if exc.what == "resource" else _NO_ACTION
            raise


def _has_next(body: Mapping[str, Any]) -> bool:
    links = body.get("links")
    return isinstance(links, list) and any(isinstance(link, dict) and link.get("rel") == "next" for link in links)


def _checked(action: Action, server_id: str) -> Action:
    same_as_asked("server", server_id, text(action, "instance_uuid"))
    if action.get("events") is not None:
        section(action, "events", list)
    return action


def _matches(action: Action, query: Query) -> bool:
    if query.action and action.get("action") != query.action:
        return False
    return query.covers(parse_time(action.get("updated_at")) or parse_time(action.get("start_time")))
