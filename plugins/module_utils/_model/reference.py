# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What names an operation, and what is found by it. Pure.

Private to this collection.
"""

from __future__ import annotations

import dataclasses
from datetime import datetime
from typing import List, Mapping, NamedTuple, Optional, Union

from .errors import MissingError
from .operation import Operation


@dataclasses.dataclass(frozen=True)
class Reference:
    """Names one operation: by its id, by the id that the client gave its request, or as the latest of a resource.

    action: its type; with an id, of one that Nova may not record, or of two that share the id. since: when the latest
    began at the earliest. expect: the status that a resource
    shall come to, where the API gives its changes no id. verify: the status that the resource must have, too, before
    the operation counts as succeeded. reservation_id: of one request for several servers. Without a resource_id it
    names the creations of all of them, with one that of this server. min_count: how many they are at the least.
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

    def of_server(self, server_id: str) -> Reference:
        """Return the creation of one server of a reservation. A server has only one creation."""
        return dataclasses.replace(self, resource_id=server_id, action="create", latest=self.operation_id is None)

    def resolved_to(self, operation_id: Optional[str]) -> Reference:
        """Return the reference by its operation ID. Once an operation is found, the reference keeps to it."""
        if not operation_id or not (self.latest or self.client_request_id):
            return self
        return dataclasses.replace(self, operation_id=operation_id, latest=False, client_request_id=None, since=None)

    def __str__(self) -> str:
        """As a sentence names it."""
        name = self.operation_id or f"the latest {self.action or 'operation'}"
        if self.client_request_id:
            name = f"the operation of request {self.client_request_id}"
        elif self.expect:
            name = f"the change to {self.expect}"
        elif self.reservation_id and not self.resource_id:
            name = f"the creation of reservation {self.reservation_id}"
        return f"{name} of {self.resource_id}" if self.resource_id else name


class Members(NamedTuple):
    """The servers of a reservation, as references to their creations. operation: of the one that was asked for."""

    references: List[Reference]
    operation: Optional[Operation] = None


Found = Union[Operation, Members, MissingError, None]


@dataclasses.dataclass(frozen=True)
class Query:
    """What to list. C(filters) are the API's own. C(details) reads each one wholly."""

    resource_id: Optional[str] = None
    action: Optional[str] = None
    limit: Optional[int] = None
    changes_since: Optional[datetime] = None
    changes_before: Optional[datetime] = None
    details: bool = True
    filters: Mapping[str, str] = dataclasses.field(default_factory=dict)

    def covers(self, changed: Optional[datetime]) -> bool:
        """Whether what changed at this time is asked for; what has no time is not left out."""
        if changed is None:
            return True
        if self.changes_since and changed < self.changes_since:
            return False
        return not (self.changes_before and changed > self.changes_before)
