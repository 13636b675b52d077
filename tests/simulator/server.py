# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The HTTP and TLS servers, and the Simulator that tests hold in their hands."""
from __future__ import annotations

import ssl
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any

import trustme
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from .accounts import CLOUDS
from .app import Gatekeeper, create_app
from .operations import add_operation
from .plain_services import PLAIN_SERVICES
from .state import Store

LOOPBACK = "127.0.0.1"


class QuietHandler(WSGIRequestHandler):
    """The requests are kept in `Simulator.requests`; nothing is printed."""

    def log(self, type: str, message: str, *args: Any) -> None:
        """Say nothing."""

    def connection_dropped(self, error: BaseException, environ: Any = None) -> None:
        """A cut connection (see faults.py) must not wait for the next request."""
        self.close_connection = True


class Simulator:
    """`with Simulator() as sim:` serves all clouds on loopback until the block ends."""

    def __init__(self, token_life: float = 3600, speed: float = 1.0, clock: Callable[[], float] = time.time,
                 signing_clock: Callable[[], float] = time.time, port: int = 0, tls_port: int = 0) -> None:
        self.store = Store(clock, speed, token_life, signing_clock)
        self.gatekeeper = Gatekeeper(create_app(self.store), self.store)
        self._ports = (port, tls_port)
        self._directory = tempfile.TemporaryDirectory(prefix="simulator-")
        self._servers: list[BaseWSGIServer] = []
        self._threads: list[threading.Thread] = []
        self.ca_cert = str(Path(self._directory.name) / "ca.pem")
        self.url = self.tls_url = ""

    def __enter__(self) -> Simulator:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:
        self.stop()

    def start(self) -> None:
        port, tls_port = self._ports
        self.url = f"http://{LOOPBACK}:{self._serve(port, None)}"
        self.tls_url = f"https://{LOOPBACK}:{self._serve(tls_port, self._certify())}"

    def stop(self) -> None:
        for server in self._servers:
            server.shutdown()
            server.server_close()
        for thread in self._threads:
            thread.join()
        self._servers.clear()
        self._threads.clear()
        self._directory.cleanup()

    @property
    def clouds(self) -> dict[str, dict[str, Any]]:
        return {name: cloud.describe(self.url) for name, cloud in CLOUDS.items()}

    @property
    def services(self) -> dict[str, dict[str, Any]]:
        """The APIs that belong to no cloud."""
        return {name: service.describe(self.url) for name, service in PLAIN_SERVICES.items()}

    @property
    def requests(self) -> list[dict[str, Any]]:
        return self.gatekeeper.requests

    def describe(self) -> dict[str, Any]:
        """What the --env-file holds."""
        return {"url": self.url, "tls_url": self.tls_url, "ca_cert": self.ca_cert, "clouds": self.clouds,
                "services": self.services}

    def set_page_size(self, size: int) -> None:
        """The most actions that one page of Nova's list has."""
        with self.store.lock:
            self.store.page_size = size

    def add_operation(self, cloud: str, kind: str, resource_id: str | None = None, **options: Any) -> dict[str, str]:
        with self.store.lock:
            return add_operation(self.store, cloud, kind, resource_id, **options)

    def add_fault(self, **rule: Any) -> None:
        with self.store.lock:
            self.gatekeeper.faults.add(**rule)

    def reset(self) -> None:
        self.gatekeeper.reset()

    def _serve(self, port: int, context: ssl.SSLContext | None) -> int:
        server = make_server(LOOPBACK, port, self.gatekeeper, threaded=True, request_handler=QuietHandler)
        if context is not None:
            # The handshake belongs to the request's own thread: a silent client must not block the others.
            server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
            server.ssl_context = context
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        self._servers.append(server)
        self._threads.append(thread)
        return server.port

    def _certify(self) -> ssl.SSLContext:
        authority = trustme.CA()
        authority.cert_pem.write_to_path(self.ca_cert)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert(LOOPBACK, "localhost").configure_cert(context)
        return context
