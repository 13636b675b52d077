# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The requests to an API that the user describes: pages of lists, steps, and answers of any kind.

Private to this collection.
"""

from __future__ import annotations

import json
from typing import Any, FrozenSet, List, Mapping, NamedTuple, Optional

from ..._auth.login_request import filled
from ..._http.client import Reply
from ..._model.errors import GateError, InputError, MissingError, ProtocolError
from ..._model.operation import Operation, State
from ..._model.reference import Query, Reference
from ..paths import Location, fill, reader
from .links import next_page, with_values
from .lists import Pages
from .provider import DescribedProvider, items_in
from .reading import field

MAY_BE_EMPTY = frozenset((202, 204))  # running, and a status for which the definition must have a meaning


class _Listing(NamedTuple):
    """JMESPath of the items of a list and of its next page, the parameter of the page, and the option with them."""

    items: str
    next: str
    parameter: str
    option: str


class UserApi(DescribedProvider):
    """Reads an API as a definition describes it."""

    def list(self, query: Query) -> List[Operation]:
        """List operations, newest first, with the steps of the finished ones."""
        found = super().list(query)
        reference = Reference(resource_id=query.resource_id)
        return [self.with_steps(reference, each) for each in found] if query.details else found

    def find(self, client_request_id: str) -> Optional[Operation]:
        """Read the operation of a request."""
        found = super().find(client_request_id)
        return self.with_steps(Reference(), found) if found else None

    def with_steps(self, reference: Reference, found: Operation) -> Operation:
        """Read the steps of a finished operation by a request of their own. Raises the errors of a success's steps."""
        fields = self.description.steps
        if not fields or not fields.path or not found.terminal:
            return found
        names = {"operation_id": found.operation_id, "resource_id": reference.resource_id or found.resource_id}
        try:
            pages = _Listing(fields.items, fields.next, "", "definition.steps")
            return self._reader.with_steps(found, self._pages(fill(fields.path, names), {}, pages))
        except GateError as exc:
            if found.state == State.FAILED:  # known already, without the steps
                return found
            if isinstance(exc, MissingError):
                raise ProtocolError(f"The steps of {found.operation_id} cannot be read: {exc.message}") from exc
            raise

    def _items(self, where: Location, values: Mapping[str, Optional[str]]) -> List[Any]:
        """Return the items of a list. values: of placeholders, only for C(list_path)."""
        api = self.description
        listing = _Listing(api.items, api.next, api.next_parameter, "definition")
        return self._pages(where, values, listing, body_of(api.post_list, values) if values else None)

    def _pages(
        self,
        where: Location,
        values: Mapping[str, Optional[str]],
        listing: _Listing,
        body: Optional[Mapping[str, Any]] = None,
    ) -> List[Any]:
        """Return the items of all pages of a list. values: of placeholders in headers. body: to send by POST."""
        api = self.description
        option = f"{listing.option}.next"
        read = reader(listing.items, f"{listing.option}.items")
        read_next = field(listing.next, option) if listing.next else None
        headers = with_values(api.headers, values)
        pages = Pages()
        found: List[Any] = []
        page: Optional[Location] = where
        while page is not None:
            reply = self._ask(page, headers, body=body)
            found += items_in(reply, read, listing.items)
            pages.add(page, reply.size, len(found))
            value = read_next(reply.body, reply.headers) if read_next else None
            page = next_page(api.endpoint, page, value, listing.parameter, option)
        return found

    def _accepted(self, where: Location, body: Optional[Mapping[str, Any]] = None) -> Reply:
        api = self.description
        return self._ask(where, with_values(api.headers, {}), api.statuses | MAY_BE_EMPTY, body)

    def _ask(
        self,
        where: Location,
        headers: Mapping[str, str],
        statuses: FrozenSet[int] = frozenset(),
        body: Optional[Mapping[str, Any]] = None,
    ) -> Reply:
        path, query = where
        slash = path[-1:] == ("",)
        named = {name for name, _value in query}
        query += tuple(pair for pair in self.description.query if pair[0] not in named)
        return self.client.read(path[:-1] if slash else path, query, headers, statuses, slash, body)


def body_of(template: Optional[Mapping[str, Any]], values: Mapping[str, Optional[str]]) -> Optional[Mapping[str, Any]]:
    """Return the body of a request by POST; None for a GET. Raises InputError for a placeholder without a value."""
    if template is None:
        return None
    lacking = [name for name, value in values.items() if not value and f"{{{name}}}" in json.dumps(template)]
    if lacking:
        raise InputError(f"{lacking[0]} is missing: it is part of definition.post.")
    found: Mapping[str, Any] = filled(template, {name: value for name, value in values.items() if value})
    return found
