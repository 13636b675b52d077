# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The contract of a provider, and what providers share: names of operations, base URLs, reading of answers.

Private to this collection.
"""

from __future__ import annotations

import abc
import dataclasses
import re
from datetime import datetime
from typing import Any, ClassVar, Dict, List, Mapping, NamedTuple, Optional, Sequence, Tuple, Type, Union
from urllib.parse import urlsplit, urlunsplit

from ..client import ApiClient
from ..errors import InputError, MissingError, ProtocolError
from ..operation import Operation

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:~@+=-]{0,254}", re.ASCII)
_VERSION = re.compile(r"v\d+(\.\d+)?", re.ASCII)


@dataclasses.dataclass(frozen=True)
class Reference:
    """Names one operation: by its id, or as the latest one of a resource (of a type, since a time).

    verify: the status that the resource must have, too, before the operation counts as succeeded.
    """

    operation_id: Optional[str] = None
    resource_id: Optional[str] = None
    latest: bool = False
    action: Optional[str] = None
    since: Optional[datetime] = None
    verify: Optional[str] = None

    def pinned_to(self, operation_id: Optional[str]) -> Reference:
        """The same by its id: once found, the latest operation stays the one that is meant."""
        if not self.latest or not operation_id:
            return self
        return dataclasses.replace(self, operation_id=operation_id, latest=False, action=None, since=None)

    def __str__(self) -> str:
        """As a sentence names it."""
        name = self.operation_id or f"the latest {self.action or 'operation'}"
        return f"{name} of {self.resource_id}" if self.resource_id else name


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


@dataclasses.dataclass(frozen=True)
class Facts:
    """What is known of a provider before anything is sent to it.

    versions: of the API, the default first. host: where it is when there is no catalog (AK/SK).
    """

    name: str
    adapter: Type[Provider]
    service_types: Tuple[str, ...]
    versions: Tuple[str, ...]
    project_in_path: bool = True
    host: Optional[str] = None
    iam_host: Optional[str] = None
    microversions: Tuple[str, ...] = ()

    @property
    def aksk(self) -> bool:
        """Whether the API accepts AK/SK signatures."""
        return self.iam_host is not None


class Provider(abc.ABC):
    """Reads the operations of one API."""

    needs_resource: ClassVar[bool] = True  # the operation id alone does not name an operation
    lists: ClassVar[bool] = True
    verifies: ClassVar[bool] = False  # can read the status of the resource
    batch: ClassVar[bool] = False  # one request can read many operations
    recalls: ClassVar[Tuple[str, ...]] = ()  # types of operations of which an earlier look must be known
    filters: ClassVar[Tuple[str, ...]] = ()

    def __init__(self, client: ApiClient, facts: Facts, options: Mapping[str, Any]) -> None:
        self.client = client
        self.facts = facts
        self.options = options

    @abc.abstractmethod
    def show(self, reference: Reference) -> Operation:
        """Read the operation that C(reference.operation_id) names. Raises the client's errors."""

    def list(self, query: Query) -> List[Operation]:
        """Read the operations that the query asks for, newest first. Raises the client's errors."""
        raise NotImplementedError

    def look(self, reference: Reference) -> Optional[Operation]:
        """Read the operation that the reference names; None if there is no such latest one (yet)."""
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
        return found[0] if found else None

    def look_at(self, references: Sequence[Reference]) -> List[Union[Operation, MissingError, None]]:
        """Look at each. Raises the client's errors, which go for all of them."""
        found: List[Union[Operation, MissingError, None]] = []
        for reference in references:
            try:
                found.append(self.look(reference))
            except MissingError as exc:
                found.append(exc)
        return found

    def recall(self, reference: Reference, operation: Operation) -> None:
        """Be told what was seen of an operation before, by this process or by an earlier one."""
        return  # most APIs show an operation for as long as it is asked for


def check_id(name: str, value: str) -> str:
    """An id as it may stand in a URL. Raises InputError for anything that could lead elsewhere."""
    if not _ID.fullmatch(value) or ".." in value:
        raise InputError(f"{name} must be an id of letters, digits and . _ : ~ @ + = -, not {value!r}.")
    return value


def check_reference(provider: Type[Provider], name: str, reference: Reference) -> Reference:
    """Refuse a reference that cannot name an operation of this provider. Raises InputError."""
    for option, value in (("operation_id", reference.operation_id), ("resource_id", reference.resource_id)):
        if value is not None:
            check_id(option, value)
    if reference.latest and not provider.lists:
        raise InputError(f"latest cannot be used with provider {name}: its API does not list operations.")
    if reference.latest and reference.operation_id:
        raise InputError("latest and operation_id exclude each other: give one of them.")
    if not reference.latest and not reference.operation_id:
        raise InputError(
            "operation_id is missing" + (": give it, or resource_id and latest." if provider.lists else ".")
        )
    if not reference.latest and (reference.action or reference.since):
        raise InputError("action and since are for latest: an operation_id names the operation already.")
    if reference.verify and not provider.verifies:
        raise InputError(f"verify cannot be used with provider {name}: it is about the status of a server.")
    if not reference.resource_id and (provider.needs_resource or reference.latest):
        raise InputError(f"resource_id is missing: provider {name} finds an operation by its resource.")
    return reference


class Endpoint(NamedTuple):
    """The URL of an API in parts: C(https://host/root), C(v2.1), C(project)."""

    root: str
    version: Optional[str]
    project_id: Optional[str]

    def url(self, default: str, forced: Optional[str] = None, project_id: Optional[str] = None) -> str:
        """The URL that all paths begin with. forced: the version whatever it has, default: where it has none."""
        project_id = self.project_id or project_id
        parts = [self.root.rstrip("/"), forced or self.version or default]
        return "/".join(parts + [project_id] if project_id else parts)


def parse_endpoint(endpoint: str) -> Endpoint:
    """Take apart a URL of the catalog or of the user, which may end before its version or its project."""
    scheme, host, path, _query, _fragment = urlsplit(endpoint)
    parts = [part for part in path.split("/") if part]
    at = next((index for index in range(len(parts) - 1, -1, -1) if _VERSION.fullmatch(parts[index])), len(parts))
    root = urlunsplit((scheme, host, "/".join(parts[:at]), "", ""))
    return Endpoint(root, "".join(parts[at : at + 1]) or None, "/".join(parts[at + 1 :]) or None)


def section(body: Mapping[str, Any], name: str, kind: Type[Any]) -> Any:
    """The part of an answer that must be there. Raises ProtocolError that names it."""
    value = body.get(name)
    if not isinstance(value, kind) or (kind is list and not all(isinstance(item, dict) for item in value)):
        wanted = "a list of objects" if kind is list else "an object"
        raise ProtocolError(f"The API answered with JSON of another shape: {name} is not {wanted}.")
    return value


def text(body: Mapping[str, Any], name: str) -> Optional[str]:
    """A field as text; None for an empty or absent one, so that each API's way to say "nothing" looks alike."""
    value = body.get(name)
    if value is None or value == "" or isinstance(value, (dict, list)):
        return None
    return str(value)


def error_or_none(message: Optional[str], code: Optional[str] = None) -> Optional[Dict[str, Optional[str]]]:
    """The C(error) of an operation."""
    return {"code": code, "message": message} if message or code else None
