# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""References to operations, and the results of polling them. Pure.

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

    action: its type; together with an ID, for an action that Nova may not record and for two that share the ID.
    since: earliest start of the latest operation. expect: the status that a resource must reach, where the API gives
    its changes no ID. verify: the status that the resource must have as well before the operation counts as succeeded.
    reservation_id: of one request for several servers; names the creations of all of them, or with resource_id the one
    of that server. min_count: the lowest number of these servers.
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
        """Return the reference to the creation of one server of a reservation. A server has only one creation."""
        return dataclasses.replace(self, resource_id=server_id, action="create", latest=self.operation_id is None)

    def resolved_to(self, operation_id: Optional[str]) -> Reference:
        """Return the reference by its operation ID. Once an operation is found, the reference keeps to it."""
        if not operation_id or not (self.latest or self.client_request_id):
            return self
        return dataclasses.replace(self, operation_id=operation_id, latest=False, client_request_id=None, since=None)

    def __str__(self) -> str:
        """Name the operation in a sentence."""
        name = self.operation_id or f"the latest {self.action or 'operation'}"
        if self.client_request_id:
            name = f"the operation of request {self.client_request_id}"
        elif self.expect:
            name = f"the change to {self.expect}"
        elif self.reservation_id and not self.resource_id:
            name = f"the creation of reservation {self.reservation_id}"
        return f"{name} of {self.resource_id}" if self.resource_id else name


class Members(NamedTuple):
    """The servers of a reservation, as references to their creations. operation: the one that was polled."""

    references: List[Reference]
    operation: Optional[Operation] = None


Found = Union[Operation, Members, MissingError, None]


@dataclasses.dataclass(frozen=True)
class Query:
    """What to list. filters: the API's own. details: read each operation completely."""

    resource_id: Optional[str] = None
    action: Optional[str] = None
    limit: Optional[int] = None
    changes_since: Optional[datetime] = None
    changes_before: Optional[datetime] = None
    details: bool = True
    filters: Mapping[str, str] = dataclasses.field(default_factory=dict)

    def covers(self, changed: Optional[datetime]) -> bool:
        """Return whether a time of change is in range. An unknown time counts as in range."""
        if changed is None:
            return True
        if self.changes_since and changed < self.changes_since:
            return False
        return not (self.changes_before and changed > self.changes_before)
