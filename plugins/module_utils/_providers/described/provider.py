# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Provider for APIs that a Description describes. A new one needs a Description and a row in the registry.

Private to this collection.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Any, Callable, ClassVar, Dict, List, Mapping, Optional, Sequence, Type, cast

from ..._http.client import Reply
from ..._model.errors import ForbiddenError, ProtocolError
from ..._model.operation import Operation
from ..._model.reference import Found, Query, Reference
from ..._model.times import timestamp
from ..base import Provider, same_as_asked, section
from ..paths import Location, fill, reader
from .description import Description
from .reading import AND, NO_STATUS, AnswerReader, missing_error

_ANYWHERE: Location = ((), ())  # for a client that has only one response


class DescribedProvider(Provider):
    """Reads an API by its Description."""

    reader_class: ClassVar[Type[AnswerReader]] = AnswerReader
    user_describes: ClassVar[bool] = False  # so that messages name the options of the definition

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.description = cast(Description, self.info.description)
        self._listable = self.info.capabilities.batch
        self._reader = self.reader_class(self.description, self.info.name, self.user_describes)

    def show(self, reference: Reference) -> Operation:
        """Read one operation."""
        reply = self.reply_to(reference)
        found = self._reader.operation(self.body_of(reply.body, reference), reply, reference)
        self.check_identity(reference, found)
        return self.followed(reference, reply, found)

    def reply_to(self, reference: Reference) -> Reply:
        """Return the response for one operation. Raises the client's errors."""
        return self._read(self.where(reference))

    def followed(self, reference: Reference, reply: Reply, found: Operation) -> Operation:
        """Return the operation that a response stands for, which may be another one."""
        return found

    def body_of(self, answer: Any, reference: Reference) -> Any:
        """Return the operation in an answer. Raises ProtocolError if it is missing."""
        root = self.description.root
        return section(answer, root, dict) if root else answer

    def saved_reply(self) -> Reply:
        """Return the response of a client that has only one. Raises the same errors as a poll."""
        return self._read(_ANYWHERE, self.description.post_show)

    def saved(self, reply: Reply, reference: Reference) -> List[Operation]:
        """Return the operations in a saved response of an operation or of a list. Raises the errors of C(one_saved)."""
        items = self.description.items
        listed = reader(items, "definition.items")(reply.body) if items else None
        if isinstance(listed, list) and listed and all(isinstance(each, dict) for each in listed):
            return self._operations(listed, Reference())
        return [self.one_saved(reply, reference)]

    def one_saved(self, reply: Reply, reference: Reference) -> Operation:
        """Return the operation in a saved response. Raises ProtocolError and MissingError.

        Its ID is compared only if the task gives C(operation_id).
        """
        found = self._reader.operation(self.body_of(reply.body, reference), reply, reference)
        if self.options.get("operation_id"):
            self.check_identity(reference, found)
        return found

    def check_identity(self, reference: Reference, found: Operation) -> None:
        """Refuse a response for another operation. Raises ProtocolError."""
        same_as_asked("operation", reference.operation_id, found.operation_id)

    def where(self, reference: Reference) -> Location:
        """Return path and query of the operation."""
        return fill(self.description.show_path, _names(reference))

    def list(self, query: Query) -> List[Operation]:
        """List operations, newest first."""
        if not self.info.capabilities.lists:
            return super().list(query)
        path, parameters = fill(self.description.list_path, {"resource_id": query.resource_id})
        where = path, parameters + tuple(query.filters.items())
        found = self._listed(where, Reference(), {"resource_id": query.resource_id})
        return [each for each in found if _matches(each, query)][: query.limit]

    def find(self, client_request_id: str) -> Optional[Operation]:
        """Read the operation of the request with this client request ID."""
        reference = Reference(client_request_id=client_request_id)
        found = self._listed(fill(self.description.find_path, _names(reference)), reference)
        return next((each for each in found if each.request_id in (None, client_request_id)), None)

    def poll_many(self, references: Sequence[Reference]) -> List[Found]:
        """Poll each operation. If the list is complete enough, one request reads many operations."""
        if len(references) == 1 or not self._listable:
            return super().poll_many(references)
        try:
            listed = self.list(Query())
        except (ForbiddenError, ProtocolError) as exc:
            if exc.transient:
                raise
            self._listable = False  # not allowed, or too long: fall back to one request per operation
            return super().poll_many(references)
        found: List[Found] = []
        for reference in references:
            marked = reference.known is not None  # it may stand for several operations
            seen = None if marked else next((each for each in listed if _is_meant(each, reference)), None)
            found += [seen] if seen or (reference.latest and not marked) else super().poll_many([reference])
        return found

    def _listed(
        self, where: Location, reference: Reference, values: Mapping[str, Optional[str]] = MappingProxyType({})
    ) -> List[Operation]:
        return self._operations(self._items(where, values), reference)

    def _operations(self, items: Sequence[Any], reference: Reference) -> List[Operation]:
        """Return the operations in the items of a list, newest first."""
        root = self.description.root
        replies = [Reply({root: item} if root else item, NO_STATUS) for item in items]
        found = [self._reader.operation(each.body[root] if root else each.body, each, reference) for each in replies]
        return sorted(found, key=lambda each: timestamp(each.started_at), reverse=True)

    def _items(self, where: Location, values: Mapping[str, Optional[str]]) -> List[Any]:
        """Return the operations of a list as the API shows them. Raises the client's errors.

        values: of placeholders in headers.
        """
        items = self.description.items
        return items_in(self._read(where), reader(items, "definition.items"), items)

    def _get(self, where: Location) -> Dict[str, Any]:
        """Read the JSON object at a path. Raises the client's errors."""
        return cast(Dict[str, Any], self._read(where).body)

    def _read(self, where: Location, body: Optional[Mapping[str, Any]] = None) -> Reply:
        try:
            return self._accepted(where, body)
        except (ForbiddenError, ProtocolError) as exc:
            missing = missing_error(self.description, exc)
            if missing is None:
                raise
            raise missing from exc

    def _accepted(self, where: Location, body: Optional[Mapping[str, Any]]) -> Reply:
        """Read an answer of the kind that this API gives. body: to send by POST. Raises the client's errors."""
        path, query = where
        answer = self.client.get(path, query, self.description.headers)
        return Reply(answer, retry_after=getattr(answer, "retry_after", None))


def items_in(reply: Reply, read: Callable[[Any], Any], name: str) -> List[Any]:
    """Return the operations in the response of a list. Raises ProtocolError with the name of the list."""
    found: List[Any] = section({name: read(reply.body)}, name, list)
    return found


def _names(reference: Reference) -> Dict[str, Optional[str]]:
    return {name: getattr(reference, name) for name in ("operation_id", "resource_id", "client_request_id")}


def _is_meant(operation: Operation, reference: Reference) -> bool:
    if reference.client_request_id:
        return operation.request_id == reference.client_request_id
    if not reference.latest:
        return operation.operation_id == reference.operation_id
    query = Query(action=reference.action, changes_since=reference.since)
    return operation.resource_id == reference.resource_id and _matches(operation, query)


def _matches(operation: Operation, query: Query) -> bool:
    if query.resource_id and operation.resource_id not in (None, query.resource_id):
        return False
    kinds = (operation.type or "").lower().split(AND)  # one request can be of several
    if query.action and query.action.lower() not in kinds:
        return False
    return query.covers(operation.finished_at or operation.updated_at or operation.started_at)
