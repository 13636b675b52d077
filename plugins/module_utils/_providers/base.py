# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The interface of providers, and their common code.

Private to this collection.
"""

from __future__ import annotations

import abc
import dataclasses
import re
from datetime import datetime
from typing import Any, ClassVar, Dict, List, Mapping, Optional, Sequence, Set, Tuple, Type

from .._http.client import ApiClient
from .._model.errors import InputError, MissingError, ProtocolError
from .._model.operation import Operation
from .._model.reference import Found, Members, Query, Reference
from .._polling.feed import Change
from .described.description import Description
from .endpoint import domains_of

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:~@+=-]{0,254}", re.ASCII)


@dataclasses.dataclass(frozen=True)
class Capabilities:
    """The features of a provider.

    needs_resource: operations need a resource ID as well. lists: operations of a resource. verifies: the status of the
    resource. batch: one request reads many operations. finds_requests: by client request ID. named_actions: types that
    can be given together with an ID. expects: statuses of a resource that a task can wait for instead of an operation;
    an entry such as C(size=GIB) accepts any value. only_expects: the API has no operations, so a task must expect one,
    and may add the ID of the request. filters: of the API, for lists. names: resources can be given by name.
    """

    needs_resource: bool = True
    lists: bool = True
    verifies: bool = False
    batch: bool = False
    finds_requests: bool = False
    named_actions: Tuple[str, ...] = ()
    expects: Tuple[str, ...] = ()
    only_expects: bool = False
    filters: Tuple[str, ...] = ()
    names: bool = False

    @classmethod
    def of(cls, api: Description) -> Capabilities:
        """Return the features of a described API."""
        return cls(
            needs_resource=api.shows_by("resource_id"),
            lists=bool(api.list_path),
            batch=api.batch or bool(api.batch_path),
            finds_requests=bool(api.find_path),
            expects=api.expects,
            only_expects=api.of_resource,
            filters=api.filters,
        )


@dataclasses.dataclass(frozen=True)
class ProviderInfo:
    """Static facts about a provider.

    versions: of the API, the default first. base: the fixed path of an API, with C({version}) and C({project_id}); None
    for C(version/project). old_path: of an earlier version, which some catalogs have as endpoint. host: of the API, for
    logins without a catalog (AK/SK). in_every_catalog: if false, some catalogs lack the API although its host serves
    it. image_types: catalog types of the image service, if its images name their server. reservations: whether servers
    can be listed by reservation. change_feed: whether the API documents a list of changed resources. description: of
    the API, for DescribedProvider.
    """

    name: str
    provider_class: Type[Provider]
    service_types: Tuple[str, ...]
    versions: Tuple[str, ...]
    project_in_path: bool = True
    base: Optional[str] = None
    old_path: str = ""
    in_every_catalog: bool = True
    host: Optional[str] = None
    iam_host: Optional[str] = None
    microversions: Tuple[str, ...] = ()
    image_types: Tuple[str, ...] = ()
    reservations: bool = False
    change_feed: bool = False
    description: Optional[Description] = None

    @property
    def capabilities(self) -> Capabilities:
        """The features of the provider."""
        return Capabilities.of(self.description) if self.description else self.provider_class.capabilities

    @property
    def aksk(self) -> bool:
        """Whether the API accepts AK/SK signatures."""
        return self.iam_host is not None

    @property
    def domains(self) -> Tuple[str, ...]:
        """The domains of the provider's documented hosts, such as C(myhuaweicloud.com)."""
        return tuple(sorted({*domains_of(self.host), *domains_of(self.iam_host)}))


class Provider(abc.ABC):
    """Reads the operations of one API. The static methods are called before the login."""

    capabilities: ClassVar[Capabilities] = Capabilities()  # without a Description

    def __init__(self, client: ApiClient, info: ProviderInfo, options: Mapping[str, Any]) -> None:
        self.client = client
        self.info = info
        self.options = options
        self._seen: Set[Reference] = set()  # this wait saw another status than the expected one, or any at all

    @abc.abstractmethod
    def show(self, reference: Reference) -> Operation:
        """Read the operation that C(reference.operation_id) names. Raises the client's errors."""

    def list(self, query: Query) -> List[Operation]:
        """List the operations that match a query, newest first. Raises the client's errors."""
        raise NotImplementedError

    def find(self, client_request_id: str) -> Optional[Operation]:
        """Read the operation of the request with this client request ID; None if there is none (yet)."""
        raise NotImplementedError

    def resource_named(self, name: str) -> str:
        """Return the ID of the resource with this name. Raises MissingError, InputError if there are several."""
        raise NotImplementedError

    @staticmethod
    def check_operation_id(info: ProviderInfo, value: str) -> None:
        """Refuse an invalid operation ID. Raises InputError."""
        check_id("operation_id", value)

    @staticmethod
    def check_resource_id(value: str) -> str:
        """Return a valid resource ID. Raises InputError."""
        return check_id("resource_id", value)

    def read(self, reference: Reference) -> Optional[Operation]:
        """Read the operation of the reference; None if none was found (yet)."""
        if reference.client_request_id:
            return self.find(reference.client_request_id)
        if not reference.latest:
            return self.show(reference)
        found = self.list(
            Query(
                resource_id=reference.resource_id,
                action=reference.action,
                changes_since=reference.since,
                limit=1,
            )
        )
        if not found or _began_before(found[0], reference.since):
            return None
        return found[0]

    def poll(self, reference: Reference) -> Found:
        """Poll the operation of the reference, or resolve a server name or a mark to references."""
        if reference.server:
            return Members([reference.with_id(self.resource_named(reference.server))])
        return self.read(reference) if reference.known is None else self._new_operations(reference)

    def _new_operations(self, reference: Reference) -> Found:
        """Return the operations that began on a resource since it was marked; None while there are none."""
        found = self.list(Query(reference.resource_id, reference.action, changes_since=reference.since, details=False))
        known = (None, *(reference.known or ()))
        members = []
        for each in reversed(found):
            if each.operation_id not in known and not _began_before(each, reference.since):
                member = Reference(each.operation_id, reference.resource_id, action=each.type, verify=reference.verify)
                self.import_state(member, each)
                members.append(member)
        return Members(members) if members else None

    def poll_many(self, references: Sequence[Reference]) -> List[Found]:
        """Poll each operation. Raises the client's errors, which concern all of them."""
        found: List[Found] = []
        for reference in references:
            try:
                found.append(self.poll(reference))
            except MissingError as exc:
                found.append(exc)
        return found

    def changes(self, since: datetime) -> List[Change]:
        """Read which resources have changed since a time. Raises the client's errors."""
        raise NotImplementedError

    @staticmethod
    def in_feed(operation: Operation) -> bool:
        """Return whether C(changes) shows the resource of this operation when the operation ends."""
        return False

    @staticmethod
    def exports_state(operation: Operation) -> bool:
        """Return whether another process that polls this operation later must import it."""
        return False

    def import_state(self, reference: Reference, operation: Operation) -> None:
        """Import the state from an earlier poll, of this process or of another one."""
        if self.exports_state(operation):
            self.saw(reference, operation.raw_status)

    def saw(self, reference: Reference, status: Optional[str]) -> bool:
        """Record the status that a poll showed; None if the API does not know the resource.

        Return whether this wait has seen another status than the expected one, or any at all if none is expected.
        """
        if status is not None and (reference.expect is None or status.casefold() != reference.expect.casefold()):
            self._seen.add(reference)
        return reference in self._seen


def _began_before(operation: Operation, since: Optional[datetime]) -> bool:
    """Return whether an operation began before a time, which is truncated because some APIs have whole seconds."""
    started = operation.started_at
    return started is not None and since is not None and started < since.replace(microsecond=0)


def check_id(name: str, value: str) -> str:
    """Return an ID that is safe in a URL. Raises InputError for other IDs, which could change the path."""
    if not _ID.fullmatch(value) or ".." in value:
        raise InputError(f"{name} must be an id of letters, digits and . _ : ~ @ + = -, not {value!r}.")
    return value


def section(body: Mapping[str, Any], name: str, kind: Type[Any]) -> Any:
    """Return a required part of a response. Raises ProtocolError with the name of the part."""
    value = body.get(name)
    if not isinstance(value, kind) or (kind is list and not all(isinstance(item, dict) for item in value)):
        wanted = "a list of objects" if kind is list else "an object"
        raise ProtocolError(f"The API's answer has an unexpected structure: {name} is not {wanted}.")
    return value


def word_in(body: Mapping[str, Any], name: str) -> str:
    """Return a required text of a response. Raises ProtocolError with the name of the field."""
    value = body.get(name)
    if not isinstance(value, str) or not value:
        raise ProtocolError(f"The API's answer has an unexpected structure: {name} is missing.")
    return value


def same_as_asked(what: str, asked: Optional[str], answered: Optional[str]) -> None:
    """Refuse a response about another operation or resource. Raises ProtocolError; an unknown ID is not compared."""
    if asked and answered and asked.casefold() != answered.casefold():
        raise ProtocolError(f"The API answered with the wrong {what}: {answered} instead of {asked}.")


def error_or_none(message: Optional[str], code: Optional[str] = None) -> Optional[Dict[str, Optional[str]]]:
    """Return the C(error) of an operation."""
    return {"code": code, "message": message} if message or code else None
