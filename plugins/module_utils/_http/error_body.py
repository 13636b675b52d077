# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Turn an error response of any cloud into a typed error. Pure.

Private to this collection.
"""

from __future__ import annotations

from typing import Any, Dict, List, Mapping, Optional, Tuple, Type
from urllib.parse import urlsplit

from .._model.errors import (
    AuthError,
    ForbiddenError,
    GateError,
    MissingError,
    ProtocolError,
    ThrottledError,
    TransportError,
    UnsupportedVersionError,
)
from .._model.text import shortened
from .dates import retry_after
from .json import parse
from .urls import where

_REQUEST_ID = ("x-compute-request-id", "x-openstack-request-id", "x-request-id")
_MAX_MESSAGE = 500  # characters of an API's message
_MESSAGES = (
    "error_msg message cause faultstring errorMessage errorMsg externalMessage detail error_description"
).split()
_CODES = ("error_code", "code", "errorCode", "errCode")
_NO_SUCH_API = ("APIGW.0101", "APIG.0101")
_THROTTLED = ("APIGW.0308", "APIG.0308")
_ERRORS: Dict[int, Type[GateError]] = {
    401: AuthError,
    403: ForbiddenError,
    404: MissingError,
    406: UnsupportedVersionError,
    408: TransportError,
    429: ThrottledError,
}


def error_from(
    status: int, headers: Mapping[str, str], text: str, url: str, method: str = "GET", login: bool = False
) -> GateError:
    """Return the typed error for a response with an error status. login: whether the request was a login."""
    try:
        body = parse(text)
    except ValueError:
        body = None
    message, code = fault_of(body)
    request_id = request_id_of(headers) or (body.get("request_id") if isinstance(body, dict) else None)
    request_id = request_id if isinstance(request_id, str) else None
    said = f"{where(url, method)} answered {status}" + (f" {code}" if code and code != str(status) else "")
    page = kind_of(text) == "an HTML page"
    said += f": {message}" if message else ", with an HTML page" if page else ", without a message"
    said += "" if said.endswith((".", "!", "?")) else "."
    details: Dict[str, Any] = {"code": code or str(status), "request_id": request_id, "status": status}
    if 300 <= status < 400:
        to = _host(headers.get("Location") or "") or "elsewhere"
        said = f"{where(url, method)} redirects to {to}. It is not followed, to protect the credentials."
    if code in _NO_SUCH_API or (status == 404 and body is None):
        checked = "auth.auth_url" if login else "the endpoint and api_version"
        return ProtocolError(f"{said} The API does not exist at this URL. Check {checked}.", **details)
    kind = ThrottledError if code in _THROTTLED else _ERRORS.get(status)
    if kind is None:
        kind = TransportError if status >= 500 else ProtocolError
    return kind(said, retry_after=retry_after(headers), **details)


def fault_of(body: Any) -> Tuple[Optional[str], Optional[str]]:
    """Return message and code of an error body.

    Known formats: Huawei's gateway {error_msg, error_code}, Keystone and Huawei ECS {error: {message, code}}, Nova
    {itemNotFound: {message, code}}, ECL {cause}, {message}, {fault: {faultstring}}, {errorMessage},
    {code, message}, {errors: [{detail, code}]}. Older services of Huawei: {errCode, externalMessage} and
    {errorCode, errorMsg}. OAuth2: {error, error_description}. Ironic {error_message: JSON of {faultstring} as text}.
    """
    places: List[Any] = [body]
    if isinstance(body, dict):
        places += [_inner(value) for value in body.values()]
    for place in places:
        if not isinstance(place, dict):
            continue
        message = _text(place, *_MESSAGES)
        if message:
            return message, _text(place, *_CODES)
    return None, None


def _inner(value: Any) -> Any:
    """Return what a field of an error body contains: the first entry of a list, or the JSON in a text."""
    if isinstance(value, list) and value:
        return value[0]
    if isinstance(value, str) and value.startswith("{"):
        try:
            return parse(value)
        except ValueError:
            return value
    return value


def _text(place: Mapping[str, Any], *names: str) -> Optional[str]:
    for name in names:
        value = place.get(name)
        if isinstance(value, (str, int)) and not isinstance(value, bool) and str(value).strip():
            return shortened(" ".join(str(value).split()), _MAX_MESSAGE)
    return None


def kind_of(text: str) -> str:
    """Return the kind of a body that is not JSON, for messages."""
    start = text.lstrip()[:15].lower()
    if not start:
        return "an empty body"
    return "an HTML page" if start.startswith(("<!doctype html", "<html")) else "other content"


def request_id_of(headers: Mapping[str, str]) -> Optional[str]:
    """Return the request ID in the headers of a response."""
    return next((headers[name] for name in _REQUEST_ID if headers.get(name)), None)


def _host(url: str) -> Optional[str]:
    try:
        return urlsplit(url).hostname
    except ValueError:
        return None
