# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Answers that are whole, in time, and of a bearable size: what requests leaves to who uses it.

Private to this collection. Imports requests and urllib3 where they are needed, as a host may not have them.
"""

from __future__ import annotations

import http.client
import io
import socket
import time
import zlib
from typing import Any, Dict

from .errors import GarbledError, ProtocolError

MAX_BODY = 10 * 1024 * 1024  # bytes, after decompression: an operation has some kB
ENCODING = "identity"  # to be asked for: nothing is gained by compressing some kB
_CHUNK = 64 * 1024
_ANY_ZLIB = 47  # gzip or deflate, whichever it is


class BoundedAdapter:
    """An adapter of a requests session that returns whole answers only, within the read time-out.

    requests starts that time-out anew with each byte, and keeps as much as a server sends. Raises ProtocolError for
    more than MAX_BODY, GarbledError for an encoding that nobody asked for, and the errors of requests.
    """

    def __init__(self, adapter: Any) -> None:
        self._adapter = adapter
        self._proxy_manager_for = adapter.proxy_manager_for
        adapter.proxy_manager_for = self._timed_proxy_manager_for
        _time_answers(adapter.poolmanager)

    def _timed_proxy_manager_for(self, *args: Any, **kwargs: Any) -> Any:
        return _time_answers(self._proxy_manager_for(*args, **kwargs))

    def send(self, request: Any, **kwargs: Any) -> Any:
        """Send a prepared request; the body of the response is read already."""
        response = self._adapter.send(request, **dict(kwargs, stream=True))
        try:
            body = _whole(response, where(request.url, request.method))
        finally:
            response.close()
        response.raw = io.BytesIO(body)
        return response

    def close(self) -> None:
        """Close all connections."""
        self._adapter.close()


def where(url: str, method: str = "GET") -> str:
    """The URL as a sentence names it: without the query, which may hold more than a person wants to see."""
    return f"{method} {url.split('?')[0]}"


def _whole(response: Any, place: str) -> bytes:
    from requests import ConnectionError as Failed
    from urllib3.exceptions import HTTPError

    too_much = ProtocolError(f"{place} sent more than {MAX_BODY // 2**20} MiB; the rest was not read.")
    body = bytearray()
    try:
        for chunk in response.raw.stream(_CHUNK, decode_content=False):
            body += chunk
            if len(body) > MAX_BODY:
                raise too_much
    except HTTPError as exc:
        raise Failed(exc, request=response.request) from exc
    encoding = (response.headers.get("Content-Encoding") or ENCODING).strip().lower()
    if encoding == ENCODING or not body:
        return bytes(body)
    decoder = zlib.decompressobj(_ANY_ZLIB)
    try:
        text = decoder.decompress(body, MAX_BODY + 1) if encoding in ("gzip", "x-gzip", "deflate") else None
    except zlib.error:
        text = None
    if text is not None and len(text) > MAX_BODY:
        raise too_much
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
    """An answer that must be whole, from its first header on, within the time-out that its socket has."""

    def __init__(self, sock: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(sock, *args, **kwargs)
        self.fp = io.BufferedReader(_TimedStream(sock, self.fp.detach()))


class _TimedStream(io.RawIOBase):
    """What comes from a socket, until its time is over."""

    def __init__(self, sock: Any, stream: Any) -> None:
        super().__init__()
        self._sock = sock
        self._stream = stream
        limit = sock.gettimeout()
        self._end = None if limit is None else time.monotonic() + limit

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> Any:
        if self._end is not None:
            left = self._end - time.monotonic()
            if left <= 0:
                raise socket.timeout("timed out")
            self._sock.settimeout(left)
        return self._stream.readinto(buffer)

    def close(self) -> None:
        if not self.closed:
            self._stream.close()
        super().close()
