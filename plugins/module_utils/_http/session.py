# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Limit the size and the total time of a response, which requests does not, and check the proxy.

Private to this collection. Imports requests and urllib3 where they are needed, as a host may not have them.
"""

from __future__ import annotations

import http.client
import io
import os
import socket
import time
import zlib
from typing import Any, Dict, Mapping, Optional, Set

from .._model.errors import ODD_SHAPE, GarbledError, LibraryMissing, ProtocolError
from .errors import PROXY_LOGIN, error_of, garbled, proxy_refuses, proxy_variable, wrong_proxy
from .urls import is_url, where

MAX_BODY = 10 * 1024 * 1024  # bytes, after decompression: an operation has some kB
MAX_FRAMING = 2 * 1024 * 1024  # bytes around a body: interim responses, headers, chunk sizes, trailers
ENCODING = "identity"  # to be asked for: nothing is gained by compressing some kB
_CHUNK = 64 * 1024
_MAX_LINE = 65536  # bytes, as in http.client
_PROXY_SCHEMES = ("http", "https", "socks4", "socks4a", "socks5", "socks5h")
_ANY_ZLIB = 47  # gzip or deflate, whichever it is


class BoundedAdapter:
    """An adapter of a requests session that returns whole responses, within the size and time limits.

    requests restarts the read timeout with each byte, and stores as much as a server sends. Raises ProtocolError
    for more than MAX_BODY, GarbledError for a response that is not HTTP or has an unexpected encoding, InputError
    for a proxy or a request that cannot work, TlsError for a certificate file that cannot be used, TransportError
    for a proxy that fails, and the errors of requests.
    """

    def __init__(self, adapter: Any) -> None:
        self._adapter = adapter
        self._proxy_manager_for = adapter.proxy_manager_for
        self._checked: Set[str] = set()  # proxies
        adapter.proxy_manager_for = self._timed_proxy_manager_for
        _time_answers(adapter.poolmanager)

    def _timed_proxy_manager_for(self, *args: Any, **kwargs: Any) -> Any:
        return _time_answers(self._proxy_manager_for(*args, **kwargs))

    def send(self, request: Any, **kwargs: Any) -> Any:
        """Send a prepared request; the body of the response is read already."""
        variable = self._proxy_variable(request.url, kwargs.get("proxies"))
        place = where(request.url, request.method)
        try:
            response = self._adapter.send(request, **dict(kwargs, stream=True))
            try:
                if variable and response.status_code == PROXY_LOGIN:
                    raise proxy_refuses(variable)
                body = _whole(response, place)
            finally:
                response.close()
        except _TooMuch as exc:
            raise ProtocolError(f"{place} sent more than {MAX_BODY // 2**20} MiB; the rest was not read.") from exc
        except Exception as exc:
            error = error_of(exc, place, variable)
            if error is exc:
                raise
            raise error from exc
        response.raw = io.BytesIO(body)
        return response

    def _proxy_variable(self, url: str, proxies: Optional[Mapping[str, str]]) -> Optional[str]:
        """Return what names the proxy of this request; None without a proxy. Raises InputError for a wrong one."""
        from requests.exceptions import InvalidSchema
        from requests.utils import prepend_scheme_if_needed, select_proxy

        proxy = select_proxy(url, proxies)
        if not proxy:
            return None
        variable = proxy_variable(url, os.environ)
        if proxy in self._checked:
            return variable
        try:
            complete = prepend_scheme_if_needed(proxy, "http")
            if not is_url(complete, _PROXY_SCHEMES):
                raise ValueError("not a URL")
            self._adapter.proxy_manager_for(complete)
        except InvalidSchema as exc:
            raise LibraryMissing("PySocks", f"for the SOCKS proxy in {variable}") from exc
        except ODD_SHAPE:  # their texts hold the proxy's password
            raise wrong_proxy(variable) from None
        self._checked.add(proxy)
        return variable

    def close(self) -> None:
        """Close all connections."""
        self._adapter.close()


class _TooMuch(Exception):
    """The response is larger than it may be."""


def _whole(response: Any, place: str) -> bytes:
    return _decoded(response, _received(response, place), place)


def _received(response: Any, place: str) -> bytes:
    from urllib3.exceptions import IncompleteRead

    body = bytearray()
    try:
        for chunk in response.raw.stream(_CHUNK, decode_content=False):
            body += chunk
            if len(body) > MAX_BODY:
                raise _TooMuch
    except ODD_SHAPE as exc:  # a negative chunk size, for example
        raise garbled(place) from exc
    if response.raw.length_remaining:  # urllib3 1.26 does not check it
        raise IncompleteRead(len(body), response.raw.length_remaining)
    return bytes(body)


def _decoded(response: Any, body: bytes, place: str) -> bytes:
    encoding = (response.headers.get("Content-Encoding") or ENCODING).strip().lower()
    if encoding == ENCODING or not body:
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


def _time_answers(manager: Any) -> Any:
    """Let the connections that a pool manager of urllib3 makes be such whose answers are timed."""
    manager.pool_classes_by_scheme = {name: _timed(pool) for name, pool in manager.pool_classes_by_scheme.items()}
    return manager


_TIMED: Dict[Any, Any] = {}


def _timed(pool: Any) -> Any:
    if pool not in _TIMED:
        connection = type(pool.ConnectionCls.__name__, (pool.ConnectionCls,), {"response_class": TimedResponse})
        _TIMED[pool] = type(pool.__name__, (pool,), {"ConnectionCls": connection})
        _TIMED[_TIMED[pool]] = _TIMED[pool]
    return _TIMED[pool]


class TimedResponse(http.client.HTTPResponse):
    """A response with a limited size, whose total time, from its first byte on, is the timeout of its socket."""

    def __init__(self, sock: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(sock, *args, **kwargs)
        self.fp = _LimitedReader(_TimedStream(sock, self.fp.detach()))


class _LimitedReader(io.BufferedReader):
    """Limit the length of lines that older urllib3 reads without a limit: chunk sizes and trailers."""

    def readline(self, size: Any = -1, /) -> bytes:
        if size is not None and size >= 0:
            return super().readline(size)
        line = super().readline(_MAX_LINE + 1)
        if len(line) > _MAX_LINE:
            raise http.client.LineTooLong("chunk size or trailer")
        return line


class _TimedStream(io.RawIOBase):
    """Read from a socket until the time is over, or until the response is too large, framing included."""

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
