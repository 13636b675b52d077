# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Read a JSON object by GET or POST, or raise a typed error. Only this package uses HTTP.

Private to this collection.
"""

from __future__ import annotations

import threading
from datetime import datetime
from types import MappingProxyType
from typing import AbstractSet, Any, Callable, Dict, Mapping, NamedTuple, Optional, Protocol, Tuple
from urllib.parse import quote, urlencode

from .._model.errors import AuthError, GarbledError, ProtocolError
from .._model.text import type_of
from .dates import ApiClock, clock_off, http_date, retry_after
from .error_body import error_from, kind_of, request_id_of
from .errors import translated
from .json import parse
from .urls import is_url, shown_url, where

_GOOD = (200, 201, 202)  # some APIs answer 201 for a new resource, and 202 for a running operation


class Login(Protocol):
    """Sends requests with the credentials of a task. C(_auth.login.Login) implements it."""

    signer: Any

    @property
    def project_id(self) -> Optional[str]:
        """The project of the login."""

    def endpoint(self, service_types: Tuple[str, ...]) -> Optional[str]:
        """Return the endpoint of a service in the catalog."""

    def send(self, url: str, headers: Mapping[str, str], body: Optional[Mapping[str, Any]] = None) -> Any:
        """GET a URL, or POST a JSON body to it. Return the response of requests."""


class Answer(Dict[str, Any]):
    """A JSON object with the seconds of its Retry-After header."""

    retry_after: Optional[float] = None


class Reply(NamedTuple):
    """A response. body: any JSON value; None if the response is empty. headers: read in upper or lower case.

    retry_after: the seconds of its Retry-After header. size: of the body in bytes.
    """

    body: Any
    status: int = 200
    headers: Mapping[str, str] = MappingProxyType({})
    retry_after: Optional[float] = None
    size: int = 0


class ApiClient:
    """Reads JSON from one endpoint with one login. Threads may share it. C(requests) counts requests.

    rate_limit: called before each request; it blocks until the request may start. advice: added to the error of a 401.
    """

    def __init__(
        self, login: Login, endpoint: str, rate_limit: Callable[[], None] = lambda: None, advice: str = ""
    ) -> None:
        if not is_url(endpoint):
            raise ProtocolError(f"The endpoint {shown_url(endpoint)} is not a valid URL. Set endpoint to another one.")
        self.login = login
        self.endpoint = endpoint.rstrip("/")
        self.requests = 0
        self._rate_limit = rate_limit
        self._advice = advice
        self._lock = threading.Lock()
        self._clock = ApiClock()

    def at(self, endpoint: str) -> ApiClient:
        """Return a client for another API with the same login."""
        return ApiClient(self.login, endpoint)

    def now(self) -> datetime:
        """Return the time on the API's clock in UTC, to compare with times of the API."""
        return self._clock.now()

    def get(
        self,
        path: Tuple[str, ...],
        query: Tuple[Tuple[str, str], ...] = (),
        headers: Optional[Mapping[str, str]] = None,
    ) -> Answer:
        """GET the JSON object at endpoint/path.

        path: segments without quoting. Raises subclasses of GateError.
        """
        reply = self.read(path, query, headers)
        if not isinstance(reply.body, dict):
            raise ProtocolError(
                f"{where(self._url(path, False))} answered with {type_of(reply.body)} in JSON instead of an object.",
                request_id=request_id_of(reply.headers),
                status=reply.status,
            )
        found = Answer(reply.body)
        found.retry_after = reply.retry_after
        return found

    def read(
        self,
        path: Tuple[str, ...],
        query: Tuple[Tuple[str, str], ...] = (),
        headers: Optional[Mapping[str, str]] = None,
        statuses: AbstractSet[int] = frozenset(),
        slash: bool = False,
        body: Optional[Mapping[str, Any]] = None,
    ) -> Reply:
        """Read any JSON value at endpoint/path.

        path: segments without quoting. statuses: accepted as well, also with an empty body, as None. slash: whether
        the path of the URL ends in one. body: JSON to send by POST; None for a GET. Raises subclasses of GateError.
        """
        method = "GET" if body is None else "POST"
        url = self._url(path, slash) + ("?" + urlencode(query, quote_via=quote) if query else "")
        self._rate_limit()
        with self._lock:
            self.requests += 1
        with translated(where(url, method), url):
            response = self.login.send(url, {"Accept": "application/json", **(headers or {})}, body)
            date = http_date(response.headers.get("Date"))
            self._clock.set(date)
            try:
                return _read(response, statuses, method)
            except AuthError as exc:
                exc.message += clock_off(date) if date and self.login.signer else ""
                exc.message += self._advice
                raise

    def _url(self, path: Tuple[str, ...], slash: bool) -> str:
        if any(part in ("", ".", "..") for part in path):  # an ID from an API could change the path
            raise ProtocolError(f"The API returned an id that is not allowed in a URL: {'/'.join(path)}.")
        return "/".join([self.endpoint] + [quote(part, safe="") for part in path]) + "/" * slash


def _read(response: Any, statuses: AbstractSet[int], method: str) -> Reply:
    """Return a response with JSON. Another body never counts as the API's answer: a proxy may have sent it.

    response: of requests. statuses: those that are no errors. Raises subclasses of GateError.
    """
    status, text = response.status_code, response.content.decode("utf-8", errors="replace")
    if status in statuses and not text.strip():
        return Reply(None, status, response.headers, retry_after(response.headers))
    is_good = status in _GOOD or (status in statuses and 200 <= status < 300)
    try:
        answer = parse(text)
    except ValueError as exc:
        if not is_good:
            raise error_from(status, response.headers, text, response.url, method) from exc
        raise GarbledError(
            f"{where(response.url, method)} answered with {kind_of(text)} instead of JSON.",
            request_id=request_id_of(response.headers),
            status=status,
        ) from exc
    if not is_good and status not in statuses:
        raise error_from(status, response.headers, text, response.url, method)
    return Reply(answer, status, response.headers, retry_after(response.headers), len(text))
