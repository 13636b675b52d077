# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Answers on the bare socket: cut, reset, dripped, far too large, or never given."""

from __future__ import annotations

import contextlib
import functools
import gzip
import socket
import struct
import time
from collections.abc import Callable

from werkzeug.wrappers import Response

MIB = 2**20
HUGE = 100 * MIB
PATIENCE = 60.0  # seconds after which a client that does not leave is left
_BLANKS = b" " * MIB
_RESET = struct.pack("ii", 1, 0)  # SO_LINGER of no seconds: closing sends RST, and drops unsent data
Send = Callable[[socket.socket, Callable[[], Response], float], None]


def reset_when_closed(connection: socket.socket) -> bool:
    """Let closing the socket send RST instead of FIN."""
    with contextlib.suppress(OSError):  # it is closed already
        return connection.getsockopt(socket.SOL_SOCKET, socket.SO_LINGER, len(_RESET)) == _RESET
    return False


@functools.cache
def bomb(layers: int = 1) -> bytes:
    """Half a MiB of gzip that are 100 MiB of JSON: an object with much room in it."""
    packed = b'{"a":' + b" " * HUGE + b"1}"
    for _layer in range(layers):
        packed = gzip.compress(packed, 1, mtime=0)
    return packed


def _reset(connection: socket.socket) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)


def _head(status: str, headers: list[tuple[str, str]]) -> bytes:
    lines = [f"HTTP/1.1 {status}", *(f"{name}: {value}" for name, value in headers), "", ""]
    return "\r\n".join(lines).encode("latin-1")


def _parts(answer: Response, connection: str = "close") -> tuple[bytes, bytes]:
    body = answer.get_data()
    answer.headers["Content-Length"] = str(len(body))
    answer.headers["Connection"] = connection
    return _head(answer.status, list(answer.headers)), body


def _until_it_leaves(connection: socket.socket) -> None:
    connection.settimeout(PATIENCE)
    while connection.recv(65536):
        pass


def _cut(connection: socket.socket, answer: Callable[[], Response], interval: float) -> None:
    """Close the connection without an answer."""


def _abort(connection: socket.socket, answer: Callable[[], Response], interval: float) -> None:
    """Reset the connection without an answer."""
    _reset(connection)


def _silence(connection: socket.socket, answer: Callable[[], Response], interval: float) -> None:
    """Never answer."""
    _until_it_leaves(connection)


def _cut_body(connection: socket.socket, answer: Callable[[], Response], interval: float) -> None:
    """Close the connection after half of the body."""
    head, body = _parts(answer())
    connection.sendall(head + body[: len(body) // 2])


def _abort_body(connection: socket.socket, answer: Callable[[], Response], interval: float) -> None:
    """Reset the connection after half of the body."""
    _cut_body(connection, answer, interval)
    time.sleep(0.02)  # data in flight is lost with the reset
    _reset(connection)


def _half(connection: socket.socket, answer: Callable[[], Response], interval: float) -> None:
    """Send half of the body with a matching length."""
    whole = answer()
    whole.set_data(whole.get_data()[: len(whole.get_data()) // 2])
    connection.sendall(b"".join(_parts(whole)))


def _drip(connection: socket.socket, answer: Callable[[], Response], interval: float) -> None:
    """Send the whole response slowly, byte by byte."""
    _drop_by_drop(connection, b"".join(_parts(answer())), interval)


def _drip_body(connection: socket.socket, answer: Callable[[], Response], interval: float) -> None:
    """Send the headers, then the body slowly, byte by byte."""
    head, body = _parts(answer())
    connection.sendall(head)
    _drop_by_drop(connection, body, interval)


def _drop_by_drop(connection: socket.socket, data: bytes, interval: float) -> None:
    for number in range(len(data)):
        connection.sendall(data[number : number + 1])
        time.sleep(interval)


def _stale(connection: socket.socket, answer: Callable[[], Response], interval: float) -> None:
    """Answer and keep the connection, but reset it when the next request comes."""
    connection.sendall(b"".join(_parts(answer(), "keep-alive")))
    connection.settimeout(PATIENCE)
    connection.recv(1)
    _reset(connection)


def _idle(connection: socket.socket, answer: Callable[[], Response], interval: float) -> None:
    """Answer and promise to keep the connection, but close it."""
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_CORK, 1)  # so that the end arrives together with the answer
    connection.sendall(b"".join(_parts(answer(), "keep-alive")))
    connection.shutdown(socket.SHUT_WR)


def _bomb(connection: socket.socket, answer: Callable[[], Response], interval: float) -> None:
    """Send a small body that is 100 MiB after decompression."""
    _send_packed(connection, 1)


def _nested_bomb(connection: socket.socket, answer: Callable[[], Response], interval: float) -> None:
    """Send a smaller body that was compressed twice."""
    _send_packed(connection, 2)


def _send_packed(connection: socket.socket, layers: int) -> None:
    response = Response(bomb(layers), content_type="application/json")
    response.headers["Content-Encoding"] = ", ".join(["gzip"] * layers)
    connection.sendall(b"".join(_parts(response)))


def _huge(connection: socket.socket, answer: Callable[[], Response], interval: float) -> None:
    """A body of 100 MiB."""
    connection.sendall(_head("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(HUGE))]))
    for _part in range(HUGE // MIB):
        connection.sendall(_BLANKS)


def _endless(connection: socket.socket, answer: Callable[[], Response], interval: float) -> None:
    """Send a body without a length and without an end."""
    connection.sendall(_head("200 OK", [("Content-Type", "application/json"), ("Transfer-Encoding", "chunked")]))
    chunk = f"{MIB:x}\r\n".encode() + _BLANKS + b"\r\n"
    while True:
        connection.sendall(chunk)


def _chunked(connection: socket.socket, first: bytes) -> None:
    headers = [("Content-Type", "application/json"), ("Transfer-Encoding", "chunked")]
    connection.sendall(_head("200 OK", headers) + first)


def _endless_chunk_size(connection: socket.socket, answer: Callable[[], Response], interval: float) -> None:
    """Send a chunk-size line without an end."""
    _chunked(connection, b"")
    while True:
        connection.sendall(b"1" * MIB)


def _endless_trailers(connection: socket.socket, answer: Callable[[], Response], interval: float) -> None:
    """Send a valid body, then trailers without an end."""
    body = answer().get_data()
    _chunked(connection, b"%x\r\n%b\r\n0\r\n" % (len(body), body))
    while True:
        connection.sendall(b"X-Trailer: x\r\n" * 4096)


def _endless_continue(connection: socket.socket, answer: Callable[[], Response], interval: float) -> None:
    """Send interim responses without an end."""
    while True:
        connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n" * 4096)


def _negative_chunk(connection: socket.socket, answer: Callable[[], Response], interval: float) -> None:
    """A chunk of a negative size."""
    body = answer().get_data()
    _chunked(connection, b"-%x\r\n%b\r\n0\r\n\r\n" % (len(body), body))


ACTIONS: dict[str, Send] = {
    "reset": _cut,
    "abort": _abort,
    "silence": _silence,
    "cut_body": _cut_body,
    "abort_body": _abort_body,
    "half": _half,
    "drip": _drip,
    "drip_body": _drip_body,
    "stale": _stale,
    "idle": _idle,
    "bomb": _bomb,
    "nested_bomb": _nested_bomb,
    "huge": _huge,
    "endless": _endless,
    "endless_chunk_size": _endless_chunk_size,
    "endless_trailers": _endless_trailers,
    "endless_continue": _endless_continue,
    "negative_chunk": _negative_chunk,
}


def perform(action: str, connection: socket.socket, answer: Callable[[], Response], interval: float) -> None:
    """Do what the action says. answer: makes what the app, or the fault, would have said. The caller closes."""
    with contextlib.suppress(OSError):  # the client has left, as it should
        ACTIONS[action](connection, answer, interval)
