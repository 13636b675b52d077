# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A port: served, closed, or open without accepting connections."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from typing import Any

from werkzeug.serving import ThreadedWSGIServer, WSGIRequestHandler

from .wire import reset_when_closed

LOOPBACK = "127.0.0.1"
_CROWD = 4  # more than a queue of none takes


class QuietHandler(WSGIRequestHandler):
    """Log no requests: they are kept in `Simulator.requests`."""

    def log(self, type: str, message: str, *args: Any) -> None:
        """Log nothing."""

    def connection_dropped(self, error: BaseException, environ: Any = None) -> None:
        """A cut connection (see faults.py) must not wait for the next request."""
        self.close_connection = True


class Server(ThreadedWSGIServer):
    """Closes a connection that will be reset without shutting it down first."""

    def shutdown_request(self, request: Any) -> None:
        if reset_when_closed(request):
            self.close_request(request)
        else:
            super().shutdown_request(request)


class Listener:
    """One port on loopback; with a context it speaks TLS. It keeps its number when it is opened again."""

    def __init__(self, app: Any, port: int, context: ssl.SSLContext | None = None) -> None:
        self.port = port
        self.app = app
        self._context = context
        self._server: Server | None = None
        self._thread: threading.Thread | None = None
        self._held: list[socket.socket] = []

    def open(self) -> None:
        """Serve, from any earlier state."""
        self.close()
        server = Server(LOOPBACK, self.port, self.app, QuietHandler)
        if self._context is not None:
            # The handshake belongs to the request's own thread: a silent client must not block the others.
            server.socket = self._context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
            server.ssl_context = self._context
        self.port = server.port
        self._server = server
        self._thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop serving, and release the port."""
        if self._server and self._thread:
            self._server.shutdown()
            self._server.server_close()
            self._thread.join()
        for each in self._held:
            each.close()
        self._server = self._thread = None
        self._held.clear()

    def refuse(self) -> None:
        """Refuse connections; nobody else gets the port meanwhile."""
        self.close()
        self._bind()

    def crowd(self) -> None:
        """Let connections hang: fill the accept queue of the port and accept none."""
        self.close()
        self._bind().listen(0)
        for _number in range(_CROWD):
            waiting = socket.socket()
            waiting.setblocking(False)
            with contextlib.suppress(BlockingIOError):
                waiting.connect((LOOPBACK, self.port))
            self._held.append(waiting)

    def _bind(self) -> socket.socket:
        door = socket.socket()
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        door.bind((LOOPBACK, self.port))
        self._held.append(door)
        return door
