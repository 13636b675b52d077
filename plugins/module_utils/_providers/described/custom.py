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
from typing import Any, Dict, List, Mapping, Optional, Tuple, cast
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from ..._auth.masking import HIDDEN
from ..._auth.shown_options import is_name
from ..._http.urls import shown_url
from ..._model.errors import InputError
from ..._model.operation import Operation, State
from ..._model.reference import Reference
from ..base import ProviderInfo, check_id, same_as_asked
from ..paths import Location, check_template, reader
from .description import FIELDS, STEP_FIELDS, Description, StepFields, Words, option_of
from .provider import DescribedProvider

_TEXT = {"type": "str"}
_TEXTS = {"type": "list", "elements": "str"}
_NEEDED = {"type": "str", "required": True}
DEFINITION_SPEC: Dict[str, Any] = {
    "show": _TEXT,
    "list": _TEXT,
    "find": _TEXT,
    "items": _TEXT,
    "headers": {"type": "dict"},
    "missing_codes": _TEXTS,
    "id": _TEXT,
    "resource_id": _TEXT,
    "type": _TEXT,
    "state": _NEEDED,
    "states": {
        "type": "dict",
        "required": True,
        "options": {"pending": _TEXTS, "running": _TEXTS, "succeeded": dict(_TEXTS, required=True), "failed": _TEXTS},
    },
    "error_message": _TEXT,
    "error_code": _TEXT,
    "detail": _TEXT,
    "warning": _TEXT,
    "started_at": _TEXT,
    "updated_at": _TEXT,
    "finished_at": _TEXT,
    "steps": {
        "type": "dict",
        "options": {
            "items": _NEEDED,
            "name": _NEEDED,
            "state": _NEEDED,
            "error": _TEXT,
            "started_at": _TEXT,
            "finished_at": _TEXT,
        },
    },
}
# The allowed placeholders of each URL, and the required one.
_PLACES = {
    "show": (("operation_id", "resource_id"), "operation_id"),
    "list": (("resource_id",), None),
    "find": (("client_request_id",), "client_request_id"),
}
_SAME = tuple(name for name in FIELDS if name in DEFINITION_SPEC)  # fields whose option has the same name
_HEADER = re.compile(r"[A-Za-z0-9-]+", re.ASCII)
_LOGINS = ("authorization", "cookie", "proxy-authorization", "x-auth-token")


class CustomProvider(DescribedProvider):
    """Accepts as operation_id an ID, a name such as C(operations/7), or a URL."""

    id_option = "definition.id"

    @staticmethod
    def check_operation_id(info: ProviderInfo, value: str) -> None:
        """Refuse an invalid ID, and a URL that is not below the endpoint. Raises InputError."""
        api = cast(Description, info.description)
        if "://" in value:
            below(api.endpoint, value)
        elif not api.show_path:
            raise InputError("definition.show is missing: without it, operation_id must be a full URL.")
        else:
            for part in value.strip("/").split("/"):
                check_id("operation_id", part)

    def where(self, reference: Reference) -> Location:
        """Return path and query of the operation."""
        if "://" in str(reference.operation_id):
            return below(self.description.endpoint, str(reference.operation_id))
        return super().where(reference)

    def check_identity(self, reference: Reference, found: Operation) -> None:
        """Refuse a response for another operation. Only the last part of a name or URL is compared."""
        asked, answered = (_last_part(each) for each in (reference.operation_id, found.operation_id))
        same_as_asked("operation", asked, answered)


def custom(options: Mapping[str, Any]) -> Description:
    """Return the API that a task describes. Raises InputError and LibraryMissing with the name of the option."""
    if not options.get("definition"):
        raise InputError("definition is required for provider custom.")
    if not options.get("endpoint"):
        raise InputError("endpoint is required for provider custom.")
    return dataclasses.replace(description_of(options["definition"]), endpoint=options["endpoint"])


def description_of(definition: Mapping[str, Any]) -> Description:
    """Check a definition, and return its Description. Raises the same errors as C(custom)."""
    given = {name: value for name, value in definition.items() if value is not None}
    for name in _PLACES:
        if name in given:
            _check_url(name, given[name])
    _check_listing(given)
    steps = given.get("steps")
    api = Description(
        show_path=given.get("show", ""),
        list_path=given.get("list", ""),
        find_path=given.get("find", ""),
        items=given.get("items", ""),
        headers=_headers(given.get("headers") or {}),
        missing_codes=tuple(given.get("missing_codes", ())),
        states=_words(given.get("states") or {}),
        operation_id=given.get("id", ""),
        steps=StepFields(**{name: steps.get(name) or "" for name in STEP_FIELDS}) if steps else None,
        **{name: given.get(name, "") for name in _SAME},
    )
    _check_fields(api)
    return api


def _check_url(name: str, template: str) -> None:
    places, needed = _PLACES[name]
    check_template(template, f"definition.{name}", places)
    if needed and f"{{{needed}}}" not in template:
        raise InputError(f"definition.{name} must contain the placeholder {{{needed}}}.")


def _check_listing(given: Mapping[str, Any]) -> None:
    """Require the fields that identify the latest operation of a resource."""
    if ("list" in given or "find" in given) and not given.get("items"):
        raise InputError("definition.items is missing: definition.list and definition.find need it.")
    if "list" in given and not given.get("started_at"):
        raise InputError("definition.started_at is missing: definition.list needs it to find the latest operation.")
    if "list" in given and "{resource_id}" not in given["list"] and not given.get("resource_id"):
        raise InputError(
            "definition.resource_id is missing: definition.list needs it, because it does not contain {resource_id}."
        )


def _check_fields(api: Description) -> None:
    if not api.state:
        raise InputError("definition.state is missing: give the JMESPath of the status value.")
    for name in FIELDS:
        if getattr(api, name):
            reader(getattr(api, name), option_of(name))
    if api.items:
        reader(api.items, "definition.items")
    for name in STEP_FIELDS if api.steps else ():
        if getattr(api.steps, name):
            reader(getattr(api.steps, name), f"definition.steps.{name}")


def _headers(given: Mapping[str, Any]) -> Dict[str, str]:
    headers = {str(name): str(value) for name, value in given.items()}
    for name, value in headers.items():
        if not _HEADER.fullmatch(name) or not value.isprintable() or not value.isascii():
            raise InputError(f"definition.headers: {name if is_name(name) else HIDDEN} is not a valid header.")
        if name.lower() in _LOGINS:
            raise InputError(f"definition.headers must not contain {name}, because logs show it. Log in with auth.")
    return headers


def _words(states: Mapping[str, Any]) -> Words:
    known: Dict[str, Tuple[str, str]] = {}
    for state in (State.PENDING, State.RUNNING, State.SUCCEEDED, State.FAILED):
        for word in map(str, states.get(state) or ()):
            other = known.get(word.lower(), (state, ""))[0]
            if not word or other != state:
                wrong = f"has {word!r} for {other} and for {state}" if word else f"has an empty value for {state}"
                raise InputError(f"definition.states {wrong}.")
            known[word.lower()] = (state, "")
    if State.SUCCEEDED not in {state for state, _advice in known.values()}:
        raise InputError("definition.states.succeeded is missing: without it, no operation can succeed.")
    return known


def below(endpoint: str, url: str) -> Location:
    """Return path and query of an operation's URL. Raises InputError if it is not below the endpoint.

    Other URLs must not get the credentials.
    """
    segments: List[str] = []
    start: List[str] = []
    with contextlib.suppress(ValueError):  # raised for an invalid URL
        base, parts = urlsplit(endpoint), urlsplit(url)
        if (_origin(parts), parts.username, parts.fragment) == (_origin(base), None, ""):
            segments = [unquote(part) for part in parts.path.split("/")[1:]]
            start = [unquote(part) for part in base.path.strip("/").split("/") if part]
    wanted = segments[len(start) :]
    if segments[: len(start)] != start or not wanted or any(part in ("", ".", "..") for part in wanted):
        place = shown_url(endpoint)
        raise InputError(f"operation_id is a URL that is not below endpoint {place}, so it gets no credentials.")
    return tuple(wanted), tuple(parse_qsl(parts.query, keep_blank_values=True))


def _last_part(name: Optional[str]) -> str:
    path = (name or "").split("?")[0].rstrip("/")
    return unquote(path.rpartition("/")[2]) or name or ""


def _origin(parts: SplitResult) -> Tuple[str, Optional[str], Optional[int]]:
    return parts.scheme, parts.hostname, parts.port or {"http": 80, "https": 443}.get(parts.scheme)
