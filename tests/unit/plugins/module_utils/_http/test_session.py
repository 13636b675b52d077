# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Responses on a fake socket: the limits of their time and of their lines, which urllib3 does not have."""

from __future__ import annotations

import http.client
import io
import socket
from types import SimpleNamespace
from typing import Any, List, Optional

import pytest
import requests
import urllib3
from ansible_collections.cloudgate.operations.plugins.module_utils._http import session as session_module
from ansible_collections.cloudgate.operations.plugins.module_utils._http.session import (
    BoundedAdapter,
    BoundedResponse,
    BoundedSession,
)

PROXY = "http://proxy.example.com:3128"


class Wire(io.RawIOBase):
    """A socket that delivers one byte every second."""

    def __init__(self, said: bytes, timeout: Optional[float] = 30.0) -> None:
        super().__init__()
        self.now = 1000.0
        self.timeouts: List[float] = []
        self._said = io.BytesIO(said)
        self._timeout = timeout

    def makefile(self, *_mode: Any, **_more: Any) -> io.BufferedReader:
        return io.BufferedReader(self)

    def gettimeout(self) -> Optional[float]:
        return self._timeout

    def settimeout(self, seconds: float) -> None:
        self.timeouts.append(seconds)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self.now += 1
        byte = self._said.read(1)
        buffer[: len(byte)] = byte
        return len(byte)


def response_on(wire: Wire, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(session_module, "time", SimpleNamespace(monotonic=lambda: wire.now))
    return BoundedResponse(wire)


def test_each_read_may_take_what_is_left_of_the_time(monkeypatch: pytest.MonkeyPatch) -> None:
    wire = Wire(b"HTTP/1.1 200 OK\r\n" * 9)
    response = response_on(wire, monkeypatch)
    with pytest.raises(socket.timeout):
        response.begin()
    assert wire.timeouts == [float(left) for left in range(30, 0, -1)]


def test_without_a_timeout_there_is_no_limit_of_time(monkeypatch: pytest.MonkeyPatch) -> None:
    wire = Wire(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n" + b"x" * 99, timeout=None)
    response = response_on(wire, monkeypatch)
    response.begin()
    assert (response.read(), wire.timeouts) == (b"x" * 99, [])


@pytest.mark.parametrize(("length", "allowed"), [(65536, True), (65537, False)])
def test_a_line_has_a_limit(monkeypatch: pytest.MonkeyPatch, length: int, allowed: bool) -> None:
    """Before 2.7, urllib3 has none for the size of a chunk and for trailers."""
    response = response_on(Wire(b"1" * (length - 1) + b"\n", timeout=None), monkeypatch)
    if allowed:
        assert len(response.fp.readline()) == length
        return
    with pytest.raises(http.client.LineTooLong):
        response.fp.readline()


def test_every_connection_of_the_session_is_bounded() -> None:
    session = BoundedSession(lambda request: request)
    adapters = list(session.adapters.values())
    assert [type(each) for each in adapters] == [BoundedAdapter] * 2
    for adapter in adapters:
        proxied = adapter.proxy_manager_for(PROXY)
        classes = proxied.pool_classes_by_scheme
        assert adapter.proxy_manager_for(PROXY).pool_classes_by_scheme == classes
        for manager in (adapter.poolmanager, proxied):
            for scheme in ("http", "https"):
                pool = manager.connection_from_host("api.example.com", scheme=scheme)
                assert pool.ConnectionCls.response_class is BoundedResponse
    # The libraries' own classes stay as they are, for other users in the same process.
    plain = requests.Session().get_adapter("http://api.example.com").poolmanager
    assert plain.connection_from_host("api.example.com").ConnectionCls is urllib3.connection.HTTPConnection
