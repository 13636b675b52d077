# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The HTTP and TLS servers, and the Simulator that tests use."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any

from .accounts import CLOUDS
from .app import Gatekeeper, create_app
from .certificates import Certificates
from .listener import LOOPBACK, Listener
from .operations import add_operation
from .plain_services import PLAIN_SERVICES
from .state import Store


class Simulator:
    """`with Simulator() as sim:` serves all clouds on loopback until the block ends."""

    def __init__(
        self,
        token_life: float = 3600,
        speed: float = 1.0,
        clock: Callable[[], float] = time.time,
        signing_clock: Callable[[], float] = time.time,
        port: int = 0,
        tls_port: int = 0,
    ) -> None:
        self.store = Store(clock, speed, token_life, signing_clock)
        self.gatekeeper = Gatekeeper(create_app(self.store), self.store)
        self.certificates = Certificates((LOOPBACK, "localhost"))
        self.port = Listener(self.gatekeeper, port)
        self.tls_port = Listener(self.gatekeeper, tls_port, self.certificates.context)
        self._directory = tempfile.TemporaryDirectory(prefix="simulator-")
        self.ca_cert = str(Path(self._directory.name) / "ca.pem")
        self.certificates.authority.cert_pem.write_to_path(self.ca_cert)
        self.url = self.tls_url = ""

    def __enter__(self) -> Simulator:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def put_in_front(self, app: Any) -> None:
        """Before the start: let another application have each request first; it passes them on to the gatekeeper."""
        self.gatekeeper = self.port.app = self.tls_port.app = app

    def start(self) -> None:
        self.port.open()
        self.tls_port.open()
        self.url = f"http://{LOOPBACK}:{self.port.port}"
        self.tls_url = f"https://{LOOPBACK}:{self.tls_port.port}"

    def stop(self) -> None:
        self.port.close()
        self.tls_port.close()
        self._directory.cleanup()

    @property
    def clouds(self) -> dict[str, dict[str, Any]]:
        return {name: cloud.describe(self.url) for name, cloud in CLOUDS.items()}

    @property
    def services(self) -> dict[str, dict[str, Any]]:
        """Return the APIs that belong to no cloud."""
        return {name: service.describe(self.url) for name, service in PLAIN_SERVICES.items()}

    @property
    def requests(self) -> list[dict[str, Any]]:
        return self.gatekeeper.requests

    def describe(self) -> dict[str, Any]:
        """Return the content of the --env-file."""
        return {
            "url": self.url,
            "tls_url": self.tls_url,
            "ca_cert": self.ca_cert,
            "clouds": self.clouds,
            "services": self.services,
        }

    def set_page_size(self, size: int) -> None:
        """Set the maximum number of actions on one page of Nova's list."""
        with self.store.lock:
            self.store.page_size = size

    def add_operation(self, cloud: str, kind: str, resource_id: str | None = None, **options: Any) -> dict[str, str]:
        with self.store.lock:
            return add_operation(self.store, cloud, kind, resource_id, **options)

    def add_fault(self, **rule: Any) -> None:
        with self.store.lock:
            self.gatekeeper.faults.add(**rule)

    def clear_faults(self) -> None:
        with self.store.lock:
            self.gatekeeper.faults.clear()

    def reset(self) -> None:
        self.gatekeeper.reset()
