# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Headers, parameters, bodies and login request of a definition. They contain no secrets: logs show them. Pure.

Private to this collection.
"""

from __future__ import annotations

import json
import re
from typing import Any, Dict, Iterable, Iterator, Mapping, Optional, Tuple
from urllib.parse import parse_qsl

from ..._auth.login_request import AUTHORIZATION, LoginRequest
from ..._auth.masking import HIDDEN
from ..._auth.secret_values import is_credential
from ..._auth.shown_options import is_name
from ..._model.errors import InputError
from ..paths import check_template
from .expressions import checked
from .reading import field

_HEADER = re.compile(r"[A-Za-z0-9-]+", re.ASCII)
_PLACE = re.compile(r"\{\w+\}", re.ASCII)
_PLACES = ("operation_id", "operation_ids", "resource_id", "client_request_id")
_LOGINS = ("proxy-authorization", "vmware-api-session-id")  # not named like a credential


def query_of(given: Mapping[str, Any]) -> Tuple[Tuple[str, str], ...]:
    """Return the query parameters of each request. Raises InputError for a secret."""
    query = tuple((str(name), str(value)) for name, value in given.items())
    _refuse_secrets(query, "definition.query")
    return query


def check_path(template: str, option: str, places: Tuple[str, ...]) -> None:
    """Refuse a path that could leave the endpoint, or that contains a secret. Raises InputError.

    places: known placeholders.
    """
    check_template(template, option, places)
    _refuse_secrets(parse_qsl(template.partition("?")[2]), option)


def _refuse_secrets(query: Iterable[Tuple[str, str]], option: str) -> None:
    """Refuse a secret in a URL, because logs of servers, proxies and libraries show it. Raises InputError."""
    for name, value in query:
        if is_credential(name) and not _PLACE.search(value):
            raise InputError(
                f"{option} must not contain {name if is_name(name) else HIDDEN}, because logs show URLs. Set auth_type "
                "to header, and give the secret in auth."
            )


def headers_of(given: Mapping[str, Any]) -> Dict[str, str]:
    """Return the headers of each request. Raises InputError for a secret, and for an invalid header."""
    headers = {str(name): str(value) for name, value in given.items()}
    for name, value in headers.items():
        if not _HEADER.fullmatch(name) or not value.isprintable() or not value.isascii():
            raise InputError(f"definition.headers: {name if is_name(name) else HIDDEN} is not a valid header.")
        if is_credential(name) or name.lower() in _LOGINS:
            raise InputError(
                f"definition.headers must not contain {name}, because its value is a secret. Set auth_type to header, "
                f"auth.header to {name}, and auth.token to the secret."
            )
    return headers


def login_of(given: Mapping[str, Any], headers: Mapping[str, str]) -> LoginRequest:
    """Return the login request with these headers. Raises InputError for a secret or another mistake."""
    given = {name: value for name, value in given.items() if value is not None}
    if given.get("path"):
        check_path(given["path"], "definition.login.path", ())
    if "json" in given and "form" in given:
        raise InputError("definition.login.json and definition.login.form exclude each other: give one of them.")
    for name in ("json", "form"):
        _check_placeholders(given.get(name), f"definition.login.{name}")
    header = given.get("header", AUTHORIZATION)
    if not _HEADER.fullmatch(header) or not given.get("prefix", "").isprintable():
        raise InputError(f"definition.login.header: {header if is_name(header) else HIDDEN} is not a valid header.")
    if given.get("token"):
        given["token"] = checked(given["token"], "definition.login.token", field)
    return LoginRequest(headers=headers, **given)


def _check_placeholders(body: Any, option: str) -> None:
    """Refuse a secret in the body of a login request, because logs show the definition. Raises InputError."""
    for name in _open_secrets(body, ("{username}", "{password}")):
        raise InputError(
            f"{option}.{name} must be {{password}} or {{username}}, because logs show definition. "
            "Give the secret in auth."
        )


def _open_secrets(body: Any, places: Tuple[str, ...], name: Any = "") -> Iterator[str]:
    """Yield the names of credentials in a body whose value is none of these placeholders.

    name: of the value, also of one in a list.
    """
    if isinstance(body, Mapping):
        for each, value in body.items():
            yield from _open_secrets(value, places, each)
    elif isinstance(body, list):
        for value in body:
            yield from _open_secrets(value, places, name)
    elif is_credential(name) and body not in places:
        yield name if is_name(name) else HIDDEN


def posted(given: Mapping[str, Any], name: str, places: Tuple[str, ...]) -> Optional[Mapping[str, Any]]:
    """Return the body of a request by POST; None for a GET. Raises InputError for a mistake.

    name: show or list. places: the placeholders that it may have.
    """
    body: Optional[Mapping[str, Any]] = (given.get("post") or {}).get(name)
    if body is None:
        return None
    option = f"definition.post.{name}"
    if not given.get(name):
        raise InputError(f"definition.{name} is missing: {option} needs it.")
    try:
        text = json.dumps(body, allow_nan=False)
    except (TypeError, ValueError, RecursionError):
        raise InputError(f"{option} cannot be sent as JSON: use text, numbers, lists and dictionaries.") from None
    for each in _PLACES:
        if f"{{{each}}}" in text and each not in places:
            raise InputError(f"{option} has the unknown placeholder {{{each}}}. Known are {' and '.join(places)}.")
    for credential in _open_secrets(body, tuple(f"{{{each}}}" for each in places)):
        raise InputError(
            f"{option} must not contain {credential}, because logs show definition. Give the secret in auth."
        )
    return body
