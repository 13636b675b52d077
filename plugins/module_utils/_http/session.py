# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A session of requests that limits size and total time of responses, follows no redirects, and checks proxies.

Private to this collection. Import it only in functions: a host may lack the libraries, and they load slowly.
"""

from __future__ import annotations

import functools
import http.client
import io
import os
import socket
import time
import zlib
from typing import Any, Callable, Dict, Mapping, Optional, Set
from urllib.parse import urlsplit

from .._model.errors import UNEXPECTED_DATA_ERRORS, GarbledError, LibraryMissing, ProtocolError
from .errors import PROXY_LOGIN, error_of, garbled, proxy_refuses, proxy_variable, wrong_proxy
from .urls import is_url, where, with_scheme

try:
    from keystoneauth1.session import TCPKeepAliveAdapter
    from requests import Session
    from requests.exceptions import InvalidSchema
    from requests.utils import select_proxy
    from urllib3.exceptions import IncompleteRead
except ImportError:  # log_in imports keystoneauth1 first and raises LibraryMissing
    TCPKeepAliveAdapter = Session = object  # type: ignore[misc, assignment]

MAX_BODY = 10 * 1024 * 1024  # bytes, after decompression; an operation has some kB
MAX_FRAMING = 2 * 1024 * 1024  # bytes around a body: interim responses, headers, chunk sizes, trailers
_MAX_LINE = 65536  # bytes, as in http.client
_MAX_CONNECTIONS = 100  # kept alive to one host
_ENCODING = "identity"  # compressing some kB gains nothing
_CHUNK = 64 * 1024
_PROXY_SCHEMES = ("http", "https", "socks4", "socks4a", "socks5", "socks5h")
_ANY_ZLIB = 47  # detect gzip or deflate


class BoundedSession(Session):
    """A session of requests with limits. Threads may share it.

    auth: called with each prepared request without its own auth. Any auth stops requests from reading ~/.netrc.
    check_proxy: called with a URL, its proxy, and whether TLS verifies the host; raises to refuse a proxy.
    """

    def __init__(
        self, auth: Callable[[Any], Any], check_proxy: Optional[Callable[[str, Optional[str], bool], None]] = None
    ) -> None:
        super().__init__()
        self.auth = auth
        self.headers["Accept-Encoding"] = _ENCODING
        self._check_proxy = check_proxy
        self._settings: Dict[Any, Any] = {}
        for scheme in list(self.adapters):
            self.mount(scheme, BoundedAdapter(pool_maxsize=_MAX_CONNECTIONS))

    def merge_environment_settings(self, url: Any, proxies: Any, stream: Any, verify: Any, cert: Any) -> Any:
        """Read the proxies of the environment once per host instead of once per request, and check them."""
        key = (urlsplit(url)[:2], stream)
        if key not in self._settings:
            settings = super().merge_environment_settings(url, proxies, stream, verify, cert)
            if self._check_proxy:
                self._check_proxy(url, select_proxy(url, settings["proxies"]), settings["verify"] is True)
            self._settings[key] = settings
        return self._settings[key]

    def get_redirect_target(self, resp: Any) -> None:
        """Return None. Even if it follows no redirect, requests parses Location and fails on invalid bytes."""


class BoundedAdapter(TCPKeepAliveAdapter):
    """An adapter of requests that returns complete responses within the limits of size and time.

    requests restarts the read timeout with each byte, and stores responses of any size. Raises ProtocolError for more
    than MAX_BODY, GarbledError for invalid HTTP or an unexpected encoding, InputError for an invalid proxy or request,
    TlsError for an unusable certificate file, TransportError for a failing proxy, and the exceptions of requests.
    """

    def __init__(self, **kwargs: Any) -> None:
        self._checked: Set[str] = set()  # proxies
        super().__init__(**kwargs)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Create the pool manager for requests without a proxy."""
        super().init_poolmanager(*args, **kwargs)
        _bound_pools(self.poolmanager)

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:
        """Return the pool manager for a proxy."""
        return _bound_pools(super().proxy_manager_for(proxy, **kwargs))

    def send(
        self,
        request: Any,
        stream: bool = False,
        timeout: Any = None,
        verify: Any = True,
        cert: Any = None,
        proxies: Optional[Mapping[str, str]] = None,
    ) -> Any:
        """Send a prepared request, and read the whole body regardless of C(stream)."""
        proxies = {name: with_scheme(proxy) if proxy else "" for name, proxy in (proxies or {}).items()}
        variable = self._proxy_variable(request.url, proxies)
        place = where(request.url, request.method)
        try:
            response = super().send(request, stream=True, timeout=timeout, verify=verify, cert=cert, proxies=proxies)
            try:
                if variable and response.status_code == PROXY_LOGIN:
                    raise proxy_refuses(variable)
                body = _whole(response, place)
            finally:
                response.close()
        except _TooMuch as exc:
            raise ProtocolError(f"{place} answered with more than {MAX_BODY // 2**20} MiB: too large.") from exc
        except Exception as exc:
            error = error_of(exc, place, variable)
            if error is exc:
                raise
            raise error from exc
        response.raw = io.BytesIO(body)
        return response

    def _proxy_variable(self, url: str, proxies: Optional[Mapping[str, str]]) -> Optional[str]:
        """Return the environment variable of the request's proxy; None without one. Raises InputError if invalid."""
        proxy = select_proxy(url, proxies)
        if not proxy:
            return None
        variable = proxy_variable(url, os.environ)
        if proxy in self._checked:
            return variable
        try:
            if not is_url(proxy, _PROXY_SCHEMES):
                raise ValueError("not a URL")
            self.proxy_manager_for(proxy)
        except InvalidSchema as exc:
            raise LibraryMissing("PySocks", f"for the SOCKS proxy in {variable}") from exc
        except UNEXPECTED_DATA_ERRORS:  # their texts contain the proxy's password
            raise wrong_proxy(variable) from None
        self._checked.add(proxy)
        return variable


class _TooMuch(Exception):
    """The response is too large."""


def _whole(response: Any, place: str) -> bytes:
    return _decoded(response, _received(response, place), place)


def _received(response: Any, place: str) -> bytes:
    body = bytearray()
    try:
        for chunk in response.raw.stream(_CHUNK, decode_content=False):
            body += chunk
            if len(body) > MAX_BODY:
                raise _TooMuch
    except UNEXPECTED_DATA_ERRORS as exc:  # a negative chunk size, for example
        raise garbled(place) from exc
    if response.raw.length_remaining:  # urllib3 1.26 does not check it
        raise IncompleteRead(len(body), response.raw.length_remaining)
    return bytes(body)


def _decoded(response: Any, body: bytes, place: str) -> bytes:
    encoding = (response.headers.get("Content-Encoding") or _ENCODING).strip().lower()
    if encoding == _ENCODING or not body:
        return body
    decoder = zlib.decompressobj(_ANY_ZLIB)
    try:
        text = decoder.decompress(body, MAX_BODY + 1) if encoding in ("gzip", "x-gzip", "deflate") else None
    except zlib.error:
        text = None
    if text is not None and len(text) > MAX_BODY:
        raise _TooMuch
    if text is None or not decoder.eof:
        raise GarbledError(f"{place} answered in an encoding that cannot be read: {encoding}.")
    return text


def _bound_pools(manager: Any) -> Any:
    """Make a pool manager of urllib3 read bounded responses, by urllib3's attribute for pool classes."""
    manager.pool_classes_by_scheme = {name: _bounded(pool) for name, pool in manager.pool_classes_by_scheme.items()}
    return manager


@functools.lru_cache(maxsize=None)
def _bounded(pool: Any) -> Any:
    """Return a subclass of a pool class (or of PySocks' pool class) whose connections read bounded responses."""
    if pool.ConnectionCls.response_class is BoundedResponse:
        return pool

    class BoundedConnection(pool.ConnectionCls):
        response_class = BoundedResponse

    class BoundedPool(pool):
        ConnectionCls = BoundedConnection

    return BoundedPool


class BoundedResponse(http.client.HTTPResponse):
    """A response with a limited size. The socket's timeout limits its total time from the first byte on."""

    def __init__(self, sock: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(sock, *args, **kwargs)
        self.fp = _LineLimitedReader(_BoundedStream(sock, self.fp.detach()))


class _LineLimitedReader(io.BufferedReader):
    """Refuse too long lines, as http.client does. urllib3 reads chunk sizes and trailers of any length."""

    def readline(self, size: Any = -1, /) -> bytes:
        line = super().readline(_MAX_LINE + 1)
        if len(line) > _MAX_LINE:
            raise http.client.LineTooLong("line")
        return line


class _BoundedStream(io.RawIOBase):
    """Read from a socket until the timeout, or until the response including its framing is too large."""

    def __init__(self, sock: Any, stream: Any) -> None:
        super().__init__()
        self._sock = sock
        self._stream = stream
        limit = sock.gettimeout()
        self._end = None if limit is None else time.monotonic() + limit
        self._left = MAX_BODY + MAX_FRAMING

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> Any:
        if self._end is not None:
            left = self._end - time.monotonic()
            if left <= 0:
                raise socket.timeout("timed out")
            self._sock.settimeout(left)
        if self._left <= 0:
            raise _TooMuch
        count = self._stream.readinto(buffer)
        self._left -= count or 0
        return count

    def close(self) -> None:
        if not self.closed:
            self._stream.close()
        super().close()
