# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Responses on real sockets: complete, in time and of limited size, for any behavior of the server."""

from __future__ import annotations

import contextlib
import gzip
import socket
import ssl
import threading
import time
import tracemalloc
import zlib
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests
import trustme
from ansible_collections.cloudgate.operations.plugins.module_utils._auth import credentials, kinds
from ansible_collections.cloudgate.operations.plugins.module_utils._auth.login import log_in
from ansible_collections.cloudgate.operations.plugins.module_utils._http import session as transport
from ansible_collections.cloudgate.operations.plugins.module_utils._http.client import ApiClient
from ansible_collections.cloudgate.operations.plugins.module_utils._http.session import BoundedAdapter
from ansible_collections.cloudgate.operations.plugins.module_utils._model.errors import (
    GarbledError,
    GateError,
    ProtocolError,
)

LIMIT = 0.6  # seconds; the read timeout of these tests
OK = b"HTTP/1.1 200 OK\r\n"
Script = Callable[[socket.socket], None]
Serve = Callable[[Script], str]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Return the URL of a server that reads a request and then runs a script on the connection, again and again."""
    with contextlib.ExitStack() as stack:

        def start(script: Script) -> str:
            listener = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
            threading.Thread(target=_accept, args=(listener, script), daemon=True).start()
            return "http://127.0.0.1:{1}/x?secret".format(*listener.getsockname())

        yield start


def _accept(listener: socket.socket, script: Script) -> None:
    with contextlib.suppress(OSError):
        while True:
            connection, _peer = listener.accept()
            threading.Thread(target=_answer, args=(connection, script), daemon=True).start()


def _answer(connection: socket.socket, script: Script) -> None:
    with contextlib.suppress(OSError), connection:
        if getattr(script, "over_tls", False):
            script(connection)
            return
        while connection.recv(65536):
            script(connection)


def whole(*parts: bytes) -> Script:
    """Answer with these headers and this body."""
    head, body = b"".join(parts[:-1]), parts[-1]
    answer = OK + head + b"Content-Length: %d\r\n\r\n" % len(body) + body
    return lambda connection: connection.sendall(answer)


def dripping(head: bytes) -> Script:
    """Send the head, then single bytes without end, each within the timeout."""

    def drip(connection: socket.socket) -> None:
        connection.sendall(head)
        while True:
            time.sleep(LIMIT / 6)
            connection.sendall(b"x")

    return drip


@pytest.fixture
def session() -> Iterator[requests.Session]:
    with requests.Session() as made:
        made.trust_env = False
        made.mount("http://", BoundedAdapter())
        yield made


@pytest.mark.parametrize("head", [b"", b"HTTP/1.1 ", OK + b"X-A: ", OK + b"\r\n", OK + b"Content-Length: 1000\r\n\r\n"])
def test_a_server_that_drips_is_given_up(serve: Serve, session: requests.Session, head: bytes) -> None:
    started = time.monotonic()
    with pytest.raises(requests.RequestException):
        session.get(serve(dripping(head)), timeout=LIMIT)
    assert LIMIT * 0.9 < time.monotonic() - started < LIMIT * 2


def test_a_server_that_drips_chunks_or_says_continue_forever_is_given_up(
    serve: Serve, session: requests.Session
) -> None:
    def drip(connection: socket.socket, head: bytes, part: bytes) -> None:
        connection.sendall(head)
        while True:
            time.sleep(LIMIT / 6)
            connection.sendall(part)

    chunked = (OK + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n")
    for head, part in (chunked, (b"", b"HTTP/1.1 100 Continue\r\n\r\n")):
        started = time.monotonic()
        with pytest.raises(requests.RequestException):
            session.get(serve(lambda sock, head=head, part=part: drip(sock, head, part)), timeout=LIMIT)  # type: ignore[misc]
        assert time.monotonic() - started < LIMIT * 2


def test_each_answer_has_its_own_time(serve: Serve, session: requests.Session) -> None:
    """A kept connection must not give the remaining time of one answer to the next."""
    peers: list[Any] = []

    def slow(connection: socket.socket) -> None:
        peers.append(connection.getpeername())
        time.sleep(LIMIT * 0.6)
        whole(b"{}")(connection)

    url = serve(slow)
    assert [session.get(url, timeout=LIMIT).content for _request in range(3)] == [b"{}"] * 3
    assert len(set(peers)) == 1, "the connection was kept"


@pytest.mark.parametrize(
    ("head", "body", "content"),
    [
        (b"", b"", b""),
        (b"", b"{}", b"{}"),
        (b"Content-Encoding: gzip\r\n", gzip.compress(b"{}"), b"{}"),
        (b"Content-Encoding: X-GZip\r\n", gzip.compress(b"{}"), b"{}"),
        (b"Content-Encoding: deflate\r\n", zlib.compress(b"{}"), b"{}"),
        (b"Content-Encoding: identity\r\n", b"{}", b"{}"),
        (b"Content-Encoding: gzip\r\n", b"", b""),
    ],
)
def test_the_content_of_a_body(
    serve: Serve, session: requests.Session, head: bytes, body: bytes, content: bytes
) -> None:
    response = session.get(serve(whole(head, body)), timeout=LIMIT)
    assert (response.content, response.status_code) == (content, 200)
    assert list(response.iter_content(1)) == [content[at : at + 1] for at in range(len(content))]


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        (b"gzip", b"no gzip"),
        (b"gzip", gzip.compress(b"{}" * 100)[:-10]),
        (b"br", b"{}"),
        (b"gzip, gzip", gzip.compress(gzip.compress(b"{}"))),
    ],
)
def test_an_encoding_that_cannot_be_read(serve: Serve, session: requests.Session, encoding: bytes, body: bytes) -> None:
    with pytest.raises(GarbledError, match=r"GET http://127.0.0.1:\d+/x answered in an encoding that cannot be read"):
        session.get(serve(whole(b"Content-Encoding: %b\r\n" % encoding, body)), timeout=LIMIT)


CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"
SENT = 256 * 2**20  # bytes after which an endless server gives up
MEMORY = 16 * 2**20  # bytes that an answer may cost
IN_FLIGHT = 32 * 2**20  # bytes that fit into the buffers of two sockets


def repeating(head: bytes, part: bytes, sent: list[int]) -> Script:
    """Send the head and then the same part again and again, and note how many bytes the client took."""

    def send(connection: socket.socket) -> None:
        sent.append(connection.send(head) if head else 0)
        while sent[-1] < SENT:
            sent[-1] += connection.send(part)

    return send


# Head, part, and whether the next answer may be valid: invalid HTTP is retried.
ENDLESS = {
    "interim responses": (b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 1000, False),
    "headers of interim responses": (b"", b"HTTP/1.1 100 C\r\n" + b"A: b\r\n" * 99 + b"\r\n", False),
    "status line": (b"", b"x" * 65536, True),
    "headers": (OK, b"A: b\r\n" * 1000, True),
    "header line": (OK + b"A: ", b"x" * 65536, True),
    "chunk size line": (CHUNKED, b"1" * 65536, True),
    "chunk extension": (CHUNKED + b"1;", b"x" * 65536, True),
    "chunks of one byte": (CHUNKED, b"1\r\nx\r\n" * 1000, False),
    "chunk of a negative size": (CHUNKED + b"-1\r\n", b"x" * 65536, False),
    "trailer line": (CHUNKED + b"0\r\nA: ", b"x" * 65536, True),
    "trailers": (CHUNKED + b"0\r\n", b"A: b\r\n" * 1000, False),
}


@pytest.mark.parametrize("name", ENDLESS)
@pytest.mark.parametrize("secure", [False, True], ids=["plain", "TLS"])
def test_endless_framing_is_limited(serve: Serve, authority: trustme.CA, small: int, name: str, secure: bool) -> None:
    """Not only the body: urllib3 reads chunk sizes and trailers of any length, and http.client any number of 1xx."""
    head, part, transient = ENDLESS[name]
    sent: list[int] = []
    script = repeating(head, part, sent)
    with authority.cert_pem.tempfile() as trusted:
        client = client_of(serve(over_tls(authority, script) if secure else script), secure, verify=trusted)
        tracemalloc.start()
        try:
            with pytest.raises(GateError) as caught:
                client.get(("x",))
            used = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
    assert caught.value.transient == transient, caught.value
    assert ("answered with more than 1 MiB" in str(caught.value)) != transient
    assert used < MEMORY
    assert sent[-1] < small + IN_FLIGHT


def test_an_endless_answer_to_connect_is_limited(serve: Serve, small: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """http.client reads any number of headers of a proxy's answer to CONNECT."""
    sent: list[int] = []
    url = serve(repeating(OK, b"A: b\r\n" * 1000, sent)).split("/x")[0]
    monkeypatch.delenv("NO_PROXY")
    monkeypatch.setenv("HTTPS_PROXY", url)
    with pytest.raises(GateError, match=r"answered with more than 1 MiB|got more than 100 headers"):
        client_of("https://api.example.test/x").get(("x",))
    assert sent[-1] < small + IN_FLIGHT


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> int:
    """Lower the limits, as tracemalloc slows down everything, and return the number of bytes that are read."""
    monkeypatch.setattr(transport, "MAX_BODY", 2**20)
    monkeypatch.setattr(transport, "MAX_FRAMING", 2**18)
    return 2**20 + 2**18


def over_tls(authority: trustme.CA, script: Script) -> Script:
    """Run a script on the connection after a TLS handshake."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)

    def wrapped(connection: socket.socket) -> None:
        with context.wrap_socket(connection, server_side=True) as secure:
            secure.recv(65536)
            script(secure)

    wrapped.over_tls = True  # type: ignore[attr-defined]
    return wrapped


def client_of(url: str, secure: bool = False, **more: Any) -> ApiClient:
    """Return a client of the API at this URL without a login."""
    given = credentials.Credentials(kinds.NONE, {}, timeout=60, **more)
    address = url.split("/x")[0].replace("http:", "https:") if secure else url.split("/x")[0]
    return ApiClient(log_in(given, lambda _secret: None), address)


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.mark.parametrize("size", [b"-5", b"-ffffffffffffffff"])
def test_a_negative_chunk_size_is_a_garbled_answer(serve: Serve, size: bytes) -> None:
    url = serve(lambda connection: connection.sendall(CHUNKED + size + b"\r\n{}\r\n0\r\n\r\n"))
    with pytest.raises(GarbledError, match=r"^GET http://127.0.0.1:\d+/x answered with HTTP that cannot be read\.$"):
        client_of(url).get(("x",))


def test_two_lengths_are_retried(serve: Serve) -> None:
    url = serve(lambda connection: connection.sendall(OK + b"Content-Length: 2, 3\r\n\r\n{}"))
    with pytest.raises(GateError) as caught:
        client_of(url).get(("x",))
    assert caught.value.transient


def endless(connection: socket.socket) -> None:
    connection.sendall(OK + b"\r\n")
    while True:
        connection.sendall(b" " * 65536)


@pytest.mark.parametrize(
    "script",
    [whole(b" " * (2**20 + 1)), endless, whole(b"Content-Encoding: gzip\r\n", gzip.compress(b" " * 50 * 2**20))],
)
def test_a_body_that_is_too_large_is_not_read(
    serve: Serve, session: requests.Session, monkeypatch: pytest.MonkeyPatch, script: Script
) -> None:
    monkeypatch.setattr(transport, "MAX_BODY", 2**20)
    with pytest.raises(ProtocolError, match=r"GET http://127.0.0.1:\d+/x answered with more than 1 MiB") as caught:
        session.get(serve(script), timeout=5)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("place", [b"http://[x", b"//\xed\xa0\x80/", b""])
def test_a_redirect_to_nowhere_is_refused_as_any_other(serve: Serve, place: bytes) -> None:
    answer = b"HTTP/1.1 302 Found\r\nLocation: %b\r\nContent-Length: 0\r\n\r\n" % place
    url = serve(lambda connection: connection.sendall(answer)).split("/x")[0]
    login = log_in(credentials.Credentials(kinds.NONE, {}), lambda _secret: None)
    with pytest.raises(ProtocolError, match=r"GET http://127.0.0.1:\d+/x redirects to .+\. It is not followed"):
        ApiClient(login, url).get(("x",))


@pytest.mark.parametrize("head", [b"Content-Length: 9\r\n\r\nxx", b"Transfer-Encoding: chunked\r\n\r\n5\r\nab"])
def test_a_cut_answer_is_an_error(serve: Serve, session: requests.Session, head: bytes) -> None:
    def cut(connection: socket.socket) -> None:
        connection.sendall(OK + head)
        connection.shutdown(socket.SHUT_WR)

    with pytest.raises(requests.RequestException):
        session.get(serve(cut), timeout=LIMIT)


def test_through_a_proxy_time_counts_as_well(serve: Serve, session: requests.Session) -> None:
    proxy = serve(dripping(OK + b"\r\n")).split("/x")[0]
    started = time.monotonic()
    with pytest.raises(requests.RequestException):
        session.get("http://api.example.com/", proxies={"http": proxy}, timeout=LIMIT)
    assert time.monotonic() - started < LIMIT * 2
