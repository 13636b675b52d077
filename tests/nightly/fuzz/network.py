# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A fake network: this module answers all requests of this process, above the sockets or below them."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

import requests
from keystoneauth1 import session
from urllib3 import HTTPHeaderDict, HTTPResponse
from urllib3.util import connection

Headers = list[tuple[str, str]]
Answer = tuple[int, Headers, bytes]
JSON: Headers = [("Content-Type", "application/json"), ("Date", "Sat, 21 Nov 2026 12:00:00 GMT")]


@contextmanager
def answered(answer: Callable[[str, str], Answer], short: bool = False) -> Iterator[None]:
    """Answer each request by method and URL, with all that requests and keystoneauth1 do around it.

    short: without that, in half of the time.
    """

    def send(adapter: Any, request: Any, *_rest: Any, **_more: Any) -> Any:
        status, headers, body = answer(request.method, request.url)
        raw = HTTPResponse(
            io.BytesIO(body), HTTPHeaderDict(headers), status, preload_content=False, request_method=request.method
        )
        return adapter.build_response(request, raw)

    def request(_session: Any, url: str, method: str, **_more: Any) -> Any:
        response = requests.Response()
        response.url = url
        response.status_code, headers, body = answer(method, url)
        response.headers.update(headers)
        response.raw = io.BytesIO(body)
        return response

    where, name, stand_in = (
        (session.Session, "request", request) if short else (requests.adapters.HTTPAdapter, "send", send)
    )
    with mock.patch.object(where, name, stand_in):
        yield


class _Wire:
    """A socket whose other end has already sent everything."""

    def __init__(self, said: bytes) -> None:
        self._said = said

    def makefile(self, *_mode: Any, **_more: Any) -> io.BufferedReader:
        return io.BufferedReader(io.BytesIO(self._said))  # type: ignore[type-var, arg-type]

    def gettimeout(self) -> float:
        return 30.0

    def _nothing(self, *_arguments: Any) -> None:
        """Options, what is sent, and the end."""

    sendall = settimeout = setsockopt = shutdown = close = _nothing


@contextmanager
def wired(said: bytes) -> Iterator[None]:
    """Send these bytes to every connection, whatever it requests."""
    with mock.patch.object(connection, "create_connection", side_effect=lambda *_where, **_how: _Wire(said)):
        yield


@contextmanager
def unreachable() -> Iterator[None]:
    """Refuse every connection."""
    with mock.patch.object(connection, "create_connection", side_effect=ConnectionRefusedError("refused")):
        yield
