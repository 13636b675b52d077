# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""GET -> JSON, or a typed error. The only place that knows HTTP.

Private to this collection.
"""

from __future__ import annotations

import contextlib
import threading
import time
from datetime import datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from typing import Any, Callable, Dict, Iterator, List, Mapping, Optional, Protocol, Tuple, Type
from urllib.parse import quote, urlencode, urlsplit

from .._model.errors import (
    AuthError,
    ForbiddenError,
    GarbledError,
    GateError,
    MissingError,
    ProtocolError,
    ThrottledError,
    TransportError,
    UnsupportedVersionError,
)
from .._model.text import shortened
from .errors import cause, tls_error, unsendable, where
from .json import parse
from .urls import is_url, shown_url

_REQUEST_ID = ("x-compute-request-id", "x-openstack-request-id", "x-request-id")
_CLOCK_OFF = timedelta(minutes=10)  # the signatures of AK/SK are good for 15
_LAST_YEAR = 9000  # of a date that can be calculated with
_LONGEST_MESSAGE = 500  # characters of an API's own words
_GOOD = (200, 202)  # 202 is how some APIs say that an operation is still running
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
        self._told: Optional[Tuple[datetime, float]] = None  # the API's clock, and ours that nobody can set

    def at(self, endpoint: str) -> ApiClient:
        """Return a client of another API, with the same login."""
        return ApiClient(self.login, endpoint)

    def now(self) -> datetime:
        """The time on the API's clock, as its last answer told it: what its times are to be compared with."""
        if self._told is None:
            return datetime.now(timezone.utc)
        return self._told[0] + timedelta(seconds=time.monotonic() - self._told[1])

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
            date = _http_date(response.headers.get("Date"))
            self._told = (date, time.monotonic()) if date else self._told
            try:
                return _read(response)
            except AuthError as exc:
                exc.message += _clock_off(date) if date and self.login.signer else ""
                raise


def _read(response: Any) -> Answer:
    text = response.content.decode("utf-8", errors="replace")
    if response.status_code not in _GOOD:
        raise error_from(response.status_code, response.headers, text, response.url)
    try:
        answer = parse(text)
    except ValueError as exc:
        raise GarbledError(
            f"{where(response.url)} answered with {_kind_of(text)} instead of JSON.",
            request_id=_request_id(response.headers),
            status=200,
        ) from exc
    if not isinstance(answer, dict):
        raise ProtocolError(
            f"{where(response.url)} answered with a JSON {type(answer).__name__} instead of an object.",
            request_id=_request_id(response.headers),
            status=200,
        )
    found = Answer(answer)
    found.retry_after = _retry_after(response.headers)
    return found


def _kind_of(text: str) -> str:
    start = text.lstrip()[:15].lower()
    if not start:
        return "an empty body"
    return "an HTML page" if start.startswith(("<!doctype html", "<html")) else "something else"


def error_from(status: int, headers: Mapping[str, str], text: str, url: str, method: str = "GET") -> GateError:
    """The typed error for an answer other than 200. Pure; reads the error bodies of all the clouds."""
    try:
        body = parse(text)
    except ValueError:
        body = None
    message, code = fault_of(body)
    request_id = _request_id(headers) or (body.get("request_id") if isinstance(body, dict) else None)
    request_id = request_id if isinstance(request_id, str) else None
    said = f"{where(url, method)} answered {status}" + (f" {code}" if code and code != str(status) else "")
    page = _kind_of(text) == "an HTML page"
    said += f": {message}" if message else ", with an HTML page" if page else ", without saying why"
    said += "" if said.endswith((".", "!", "?")) else "."
    details: Dict[str, Any] = {"code": code or str(status), "request_id": request_id, "status": status}
    if 300 <= status < 400:
        to = _host(headers.get("Location") or "") or "elsewhere"
        said = f"{where(url, method)} redirects to {to}; not followed, as it would carry the credentials along."
    if code in _NO_SUCH_API or (status == 404 and body is None):
        return ProtocolError(f"{said} This API does not exist there; check the endpoint and api_version.", **details)
    kind = ThrottledError if code in _THROTTLED else _ERRORS.get(status)
    if kind is None:
        kind = TransportError if status >= 500 else ProtocolError
    return kind(said, retry_after=_retry_after(headers), **details)


def fault_of(body: Any) -> Tuple[Optional[str], Optional[str]]:
    """(message, code) of an error body.

    Known: Huawei's gateway {error_msg, error_code}, Keystone and Huawei ECS {error: {message, code}}, Nova
    {itemNotFound: {message, code}}, ECL {cause}, {message}, {fault: {faultstring}}, {errorMessage},
    {code, message}, {errors: [{detail, code}]}.
    """
    places: List[Any] = [body]
    if isinstance(body, dict):
        places += [value[0] if isinstance(value, list) and value else value for value in body.values()]
    for place in places:
        if not isinstance(place, dict):
            continue
        message = _text(place, "error_msg", "message", "cause", "faultstring", "errorMessage", "detail")
        if message:
            return message, _text(place, "error_code", "code", "errorCode")
    return None, None


def _text(place: Mapping[str, Any], *names: str) -> Optional[str]:
    for name in names:
        value = place.get(name)
        if isinstance(value, (str, int)) and not isinstance(value, bool) and str(value).strip():
            return shortened(" ".join(str(value).split()), _LONGEST_MESSAGE)
    return None


def parse_retry_after(value: Optional[str], now: Optional[datetime] = None) -> Optional[float]:
    """Seconds to wait, from the number or the HTTP date of a Retry-After header; None for nonsense."""
    if not value:
        return None
    if value.strip().isascii() and value.strip().isdigit():
        return float(value.strip()[:9])
    moment = _http_date(value)
    return max(0.0, (moment - (now or datetime.now(timezone.utc))).total_seconds()) if moment else None


def _retry_after(headers: Mapping[str, str]) -> Optional[float]:
    """As parse_retry_after; a date is compared with the clock of who sent it."""
    return parse_retry_after(headers.get("Retry-After"), _http_date(headers.get("Date")))


def _http_date(value: Optional[str]) -> Optional[datetime]:
    try:
        moment = parsedate_to_datetime(value or "")
        moment = moment.astimezone(timezone.utc) if moment.tzinfo else moment.replace(tzinfo=timezone.utc)
    except (TypeError, ValueError, IndexError, OverflowError):
        return None
    return moment if moment.year < _LAST_YEAR else None


def _host(url: str) -> Optional[str]:
    try:
        return urlsplit(url).hostname
    except ValueError:
        return None


def _clock_off(date: datetime) -> str:
    """The sentence that goes with a refused signature, which holds the time. date: of the answer."""
    ahead = date - datetime.now(timezone.utc)
    if abs(ahead) < _CLOCK_OFF:
        return ""
    side = "behind" if ahead > timedelta() else "ahead of"
    minutes = abs(ahead) // timedelta(minutes=1)
    return f" The clock of this machine is {minutes} minutes {side} the API's, which refuses such a signature: set it."


def _request_id(headers: Mapping[str, str]) -> Optional[str]:
    return next((headers[name] for name in _REQUEST_ID if headers.get(name)), None)


@contextlib.contextmanager
def translated(tried: str, url: str = "") -> Iterator[None]:
    """Turn the errors of keystoneauth1 and requests into ours. tried: what was done, as a sentence names it."""
    from keystoneauth1 import exceptions
    from requests import RequestException

    try:
        yield
    except (exceptions.ClientException, RequestException) as exc:
        raise _typed(exc, tried, url) from exc


def _typed(exc: Exception, tried: str, url: str) -> GateError:
    from keystoneauth1 import exceptions

    if isinstance(exc, exceptions.SSLError):
        return tls_error(exc, tried)
    if isinstance(exc, exceptions.ConnectTimeout):
        return TransportError(f"{tried}: no answer within api_timeout.")
    if isinstance(exc, exceptions.ConnectionError) or not isinstance(exc, exceptions.ClientException):
        failed = TransportError(f"{tried}: the connection failed: {cause(exc)}")
        return unsendable(getattr(exc, "original", exc), tried) or failed
    if isinstance(exc, exceptions.CatalogException):
        return ProtocolError(f"The service catalog cannot be used: {exc}")
    return _failed_login(exc, url)


def _failed_login(exc: Any, url: str) -> GateError:
    """The error for what keystoneauth1 raises only when it logs in."""
    from keystoneauth1 import exceptions

    response = getattr(exc, "response", None)
    if isinstance(exc, exceptions.HttpError):
        headers, body = getattr(response, "headers", {}), getattr(response, "text", "")
        error = error_from(exc.http_status, headers, body, getattr(response, "url", url), "POST")
        error.message = f"The login failed: {error.message}"
        return error
    if isinstance(exc, exceptions.DiscoveryFailure):  # also when Keystone is away for a moment
        return TransportError(f"The login failed: {' '.join(str(exc).split())}")
    if isinstance(exc, exceptions.InvalidResponse):
        if response is not None and 300 <= response.status_code < 400:
            return error_from(response.status_code, response.headers, "", response.url, "POST")
        # A page of a proxy, as a rule: nobody has refused the login.
        return GarbledError("The login failed: Keystone answered with something else than a token.")
    return AuthError(f"The login failed: {' '.join(str(exc).split())}")
