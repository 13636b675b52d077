# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""GET -> JSON, or a typed error. The only place that knows HTTP.

Private to this collection.
"""

from __future__ import annotations

import threading
from datetime import datetime
from typing import Any, Callable, Dict, Mapping, Optional, Protocol, Tuple
from urllib.parse import quote, urlencode

from .._model.errors import AuthError, GarbledError, ProtocolError
from .dates import ApiClock, clock_off, http_date, retry_after
from .error_body import error_from, kind_of, request_id_of
from .errors import translated
from .json import parse
from .urls import is_url, shown_url, where

_GOOD = (200, 202)  # 202 is how some APIs say that an operation is still running


class Login(Protocol):
    """What sends the requests with the credentials of a task. Its class is further up, and knows how to log in."""

    signer: Any

    @property
    def project_id(self) -> Optional[str]:
        """The project that the login is for."""

    def endpoint(self, service_types: Tuple[str, ...]) -> Optional[str]:
        """The endpoint of a service in the catalog."""

    def send(self, url: str, headers: Mapping[str, str]) -> Any:
        """GET a URL, and return the response of requests."""


class Answer(Dict[str, Any]):
    """A JSON object, and the seconds after which the API wants to be asked again."""

    retry_after: Optional[float] = None


class ApiClient:
    """Reads JSON from one endpoint with one login, for many threads. C(requests) counts what was sent.

    rate_limit: called before each request; it returns when the request may go.
    """

    def __init__(self, login: Login, endpoint: str, rate_limit: Callable[[], None] = lambda: None) -> None:
        if not is_url(endpoint):
            raise ProtocolError(f"The endpoint {shown_url(endpoint)} is no URL; give another one as endpoint.")
        self.login = login
        self.endpoint = endpoint.rstrip("/")
        self.requests = 0
        self._rate_limit = rate_limit
        self._lock = threading.Lock()
        self._clock = ApiClock()

    def at(self, endpoint: str) -> ApiClient:
        """Return a client of another API, with the same login."""
        return ApiClient(self.login, endpoint)

    def now(self) -> datetime:
        """Return the time on the API's clock in UTC. Compare the API's times with it."""
        return self._clock.now()

    def get(
        self,
        path: Tuple[str, ...],
        query: Tuple[Tuple[str, str], ...] = (),
        headers: Optional[Mapping[str, str]] = None,
    ) -> Answer:
        """GET the JSON object at endpoint/path.

        path: its segments, quoted here. Raises the subclasses of GateError that say what went wrong.
        """
        if any(part in ("", ".", "..") for part in path):  # of an id that an API gave; it would lead elsewhere
            raise ProtocolError(f"The API gave an id that cannot stand in a URL: {'/'.join(path)}.")
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
            f"{where(response.url)} answered with a JSON {type(answer).__name__} instead of an object.",
            request_id=request_id_of(response.headers),
            status=200,
        )
    found = Answer(answer)
    found.retry_after = retry_after(response.headers)
    return found
