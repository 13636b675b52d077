# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""GET a JSON object, or raise a typed error. Only this package uses HTTP.

Private to this collection.
"""

from __future__ import annotations

import threading
from datetime import datetime
from typing import Any, Callable, Dict, Mapping, Optional, Protocol, Tuple
from urllib.parse import quote, urlencode

from .._model.errors import AuthError, GarbledError, ProtocolError
from .._model.text import type_of
from .dates import ApiClock, clock_off, http_date, retry_after
from .error_body import error_from, kind_of, request_id_of
from .errors import translated
from .json import parse
from .urls import is_url, shown_url, where

_GOOD = (200, 202)  # some APIs answer 202 for a running operation


class Login(Protocol):
    """Sends requests with the credentials of a task. C(_auth.login.Login) implements it."""

    signer: Any

    @property
    def project_id(self) -> Optional[str]:
        """The project of the login."""

    def endpoint(self, service_types: Tuple[str, ...]) -> Optional[str]:
        """Return the endpoint of a service in the catalog."""

    def send(self, url: str, headers: Mapping[str, str]) -> Any:
        """GET a URL. Return the response of requests."""


class Answer(Dict[str, Any]):
    """A JSON object with the seconds of its Retry-After header."""

    retry_after: Optional[float] = None


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
        if any(part in ("", ".", "..") for part in path):  # an ID from an API could change the path
            raise ProtocolError(f"The API returned an id that is not allowed in a URL: {'/'.join(path)}.")
        url = "/".join([self.endpoint] + [quote(part, safe="") for part in path])
        if query:
            url += "?" + urlencode(query, quote_via=quote)
        self._rate_limit()
        with self._lock:
            self.requests += 1
        with translated(where(url), url):
            response = self.login.send(url, {"Accept": "application/json", **(headers or {})})
            date = http_date(response.headers.get("Date"))
            self._clock.set(date)
            try:
                return _read(response)
            except AuthError as exc:
                exc.message += clock_off(date) if date and self.login.signer else ""
                exc.message += self._advice
                raise


def _read(response: Any) -> Answer:
    text = response.content.decode("utf-8", errors="replace")
    if response.status_code not in _GOOD:
        raise error_from(response.status_code, response.headers, text, response.url)
    try:
        answer = parse(text)
    except ValueError as exc:
        raise GarbledError(
            f"{where(response.url)} answered with {kind_of(text)} instead of JSON.",
            request_id=request_id_of(response.headers),
            status=200,
        ) from exc
    if not isinstance(answer, dict):
        raise ProtocolError(
            f"{where(response.url)} answered with {type_of(answer)} in JSON instead of an object.",
            request_id=request_id_of(response.headers),
            status=200,
        )
    found = Answer(answer)
    found.retry_after = retry_after(response.headers)
    return found
