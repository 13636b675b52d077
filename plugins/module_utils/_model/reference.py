# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""References to operations, and the results of polling them. Pure.

Private to this collection.
"""

from __future__ import annotations

import dataclasses
from datetime import datetime
from typing import List, Mapping, NamedTuple, Optional, Tuple, Union

from .errors import MissingError
from .operation import Operation


@dataclasses.dataclass(frozen=True)
class Reference:
    """A reference to one operation: by its ID, by the client's request ID, or as the latest of a resource.

    action: the type; with an ID, for an action that Nova may not record, and for two actions that share the ID.
    since: earliest start of the latest operation. expect: the status that a resource must reach, if the API has no ID
    for the change. verify: the status that the server must have for a success. reservation_id: of one request for
    several servers; stands for the creations of all servers, or with resource_id of that server. min_count: the minimum
    number of these servers. known: operation IDs that the resource had when it was marked; the reference stands for all
    later operations. server: the name of the server until its ID is known.
    """

    operation_id: Optional[str] = None
    resource_id: Optional[str] = None
    latest: bool = False
    action: Optional[str] = None
    since: Optional[datetime] = None
    verify: Optional[str] = None
    client_request_id: Optional[str] = None
    expect: Optional[str] = None
    reservation_id: Optional[str] = None
    min_count: Optional[int] = None
    known: Optional[Tuple[str, ...]] = None
    server: Optional[str] = None

    def of_server(self, server_id: str) -> Reference:
        """Return the reference to the creation of one server of a reservation. A server has only one creation."""
        return dataclasses.replace(self, resource_id=server_id, action="create", latest=self.operation_id is None)

    def with_id(self, server_id: str) -> Reference:
        """Return the reference with the ID of its server instead of the name."""
        return dataclasses.replace(self, resource_id=server_id, server=None)

    def resolved_to(self, operation_id: Optional[str]) -> Reference:
        """Return the reference with the ID of the operation that was found, so that later polls read the same one."""
        if not operation_id or not (self.latest or self.client_request_id):
            return self
        return dataclasses.replace(self, operation_id=operation_id, latest=False, client_request_id=None, since=None)

    def __str__(self) -> str:
        """Return a name for messages."""
        which = "the latest" if self.known is None else "a new"
        name = self.operation_id or f"{which} {self.action or 'operation'}"
        if self.client_request_id:
            name = f"the operation of request {self.client_request_id}"
        elif self.expect:
            name = f"the change to {self.expect}"
        elif self.reservation_id and not self.resource_id:
            name = f"the creation of reservation {self.reservation_id}"
        resource = self.resource_id or self.server
        return f"{name} of {resource}" if resource else name


class Members(NamedTuple):
    """References that replace one: a reservation's creations, new operations of a resource, or one with a server ID.

    operation: the operation that was polled.
    """

    references: List[Reference]
    operation: Optional[Operation] = None


Found = Union[Operation, Members, MissingError, None]


@dataclasses.dataclass(frozen=True)
class Query:
    """Which operations to list. filters: of the API. details: read each completely. server: name of the resource."""

    resource_id: Optional[str] = None
    action: Optional[str] = None
    limit: Optional[int] = None
    changes_since: Optional[datetime] = None
    changes_before: Optional[datetime] = None
    details: bool = True
    filters: Mapping[str, str] = dataclasses.field(default_factory=dict)
    server: Optional[str] = None

    def covers(self, changed: Optional[datetime]) -> bool:
        """Return whether the time of a change is in range, or unknown."""
        if changed is None:
            return True
        if self.changes_since and changed < self.changes_since:
            return False
        return not (self.changes_before and changed > self.changes_before)
