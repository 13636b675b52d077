# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Provider custom: a JSON API that the user describes.

Private to this collection.
"""

from __future__ import annotations

import contextlib
import dataclasses
import re
from typing import Any, FrozenSet, List, Mapping, Optional, Set, Tuple, cast
from urllib.parse import SplitResult, parse_qsl, unquote, urljoin, urlsplit

from ..._http.client import Reply
from ..._http.urls import shown_url
from ..._model.errors import InputError, MissingError
from ..._model.operation import Operation, State
from ..._model.reference import Reference
from ..base import ProviderInfo, same_as_asked
from ..paths import Location
from .definition import DEFINITION_SPEC, description_of
from .description import Description
from .provider import DescribedProvider
from .words import http_word

__all__ = ("DEFINITION_SPEC", "CustomProvider", "below", "custom", "description_of")

_MAY_BE_EMPTY = frozenset((202, 204))  # running, and a status for which the definition must have a meaning
_GONE = http_word(404)
_ID = re.compile(r"[^\s/?#\\](?:[^/?#\\\t\r\n]{0,253}[^\s/?#\\])?")


class CustomProvider(DescribedProvider):
    """Accepts as operation_id an ID, a name such as C(operations/7), or a URL, also one that begins with a slash."""

    user_describes = True

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self._seen: Set[Reference] = set()  # operations that this wait has read

    @staticmethod
    def check_operation_id(info: ProviderInfo, value: str) -> None:
        """Refuse an invalid ID, and a URL that is not below the endpoint. Raises InputError."""
        api = cast(Description, info.description)
        if _is_link(value):
            below(api.endpoint, value)
        elif not api.show_path:
            raise InputError("definition.show is missing: without it, operation_id must be a full URL.")
        else:
            check_any_id("operation_id", value)

    @staticmethod
    def check_resource_id(value: str) -> str:
        """Return a valid ID. Raises InputError for one that could change the URL."""
        return check_any_id("resource_id", value)

    def where(self, reference: Reference) -> Location:
        """Return path and query of the operation."""
        if _is_link(str(reference.operation_id)):
            return below(self.description.endpoint, str(reference.operation_id))
        return super().where(reference)

    def show(self, reference: Reference) -> Operation:
        """Read one operation. A 404 is a success only after another answer: else the operation may never have been."""
        found = super().show(reference)
        if found.raw_status != _GONE:
            self._seen.add(reference)
        elif found.state == State.SUCCEEDED and reference not in self._seen:
            raise MissingError(
                f"The API does not know {reference.operation_id} (404), which definition.states counts as a success "
                "only after it has shown the operation.",
                status=404,
            )
        return found

    @staticmethod
    def exports_state(operation: Operation) -> bool:
        """Return True for an operation that the API has shown."""
        return operation.raw_status not in (None, _GONE)

    def import_state(self, reference: Reference, operation: Operation) -> None:
        """Record that an earlier process has read the operation."""
        if self.exports_state(operation):
            self._seen.add(reference)

    def check_identity(self, reference: Reference, found: Operation) -> None:
        """Refuse a response for another operation. Only the last part of a name or URL is compared."""
        asked, answered = (_last_part(each) for each in (reference.operation_id, found.operation_id))
        same_as_asked("operation", asked, answered)

    def _accepted(self, where: Location) -> Reply:
        return self._ask(where, self.description.statuses | _MAY_BE_EMPTY)

    def _ask(self, where: Location, statuses: FrozenSet[int] = frozenset()) -> Reply:
        path, query = where
        slash = path[-1:] == ("",)
        return self.client.read(path[:-1] if slash else path, query, self.description.headers, statuses, slash)


def custom(options: Mapping[str, Any]) -> Description:
    """Return the API that a task describes. Raises InputError and LibraryMissing with the name of the option."""
    if not options.get("definition"):
        raise InputError("definition is required for provider custom.")
    if not options.get("endpoint"):
        raise InputError("endpoint is required for provider custom.")
    return dataclasses.replace(description_of(options["definition"]), endpoint=options["endpoint"])


def check_any_id(name: str, value: str) -> str:
    """Return an ID, or a path of several, that names something in a URL. Raises InputError for any other value."""
    parts = value.strip("/").split("/")
    if not value.isprintable() or ".." in value or not all(_ID.fullmatch(part) and part != "." for part in parts):
        raise InputError(f"{name} must be an id of printable characters without ? # \\ and .., not {value!r}.")
    return value


def below(endpoint: str, url: str) -> Location:
    """Return path and query of an operation's URL, which may begin with the slash of its path.

    Raises InputError if it is not below the endpoint: other URLs must not get the credentials.
    """
    segments: List[str] = []
    start: List[str] = []
    with contextlib.suppress(ValueError):  # raised for an invalid URL
        base, parts = urlsplit(endpoint), urlsplit(urljoin(endpoint, url))
        if (_origin(parts), parts.username, parts.fragment) == (_origin(base), None, ""):
            segments = [unquote(part) for part in parts.path.split("/")[1:]]
            start = [unquote(part) for part in base.path.strip("/").split("/") if part]
    wanted = segments[len(start) :]
    named = wanted[:-1] if wanted[-1:] == [""] else wanted  # without the slash at the end
    if segments[: len(start)] != start or not named or any(part in ("", ".", "..") for part in named):
        place = shown_url(endpoint)
        raise InputError(f"operation_id is a URL that is not below endpoint {place}, so it gets no credentials.")
    return tuple(wanted), tuple(parse_qsl(parts.query, keep_blank_values=True))


def _is_link(value: str) -> bool:
    return "://" in value or value.startswith("/")


def _last_part(name: Optional[str]) -> str:
    path = (name or "").split("?")[0].rstrip("/")
    return unquote(path.rpartition("/")[2]) or name or ""


def _origin(parts: SplitResult) -> Tuple[str, Optional[str], Optional[int]]:
    return parts.scheme, parts.hostname, parts.port or {"http": 80, "https": 443}.get(parts.scheme)
