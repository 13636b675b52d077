# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run placement, conductor, scheduler, the computes and the Compute API in this process."""

from __future__ import annotations

import os
import re
import socket
import sys
import threading
import time
from typing import Any

import nova.virt
import oslo_db.exception
import sqlalchemy.event
import waitress
from nova import context, service
from nova.api.openstack import wsgi_app
from nova.compute import rpcapi
from nova.conf import CONF
from nova.objects import host_mapping
from nova.virt import driver as virt_loader
from oslo_messaging._drivers import impl_fake
from paste import deploy as paste
from placement import deploy as placement

from lab import nova_config, nova_control, nova_stand_ins, settings, virt_driver

ACTION_READ = re.compile(r"/servers/([^/]+)/os-instance-actions")


class Computes:
    """The nova-compute services of the process."""

    def __init__(self) -> None:
        self.services: dict[str, service.Service] = {}

    def add(self, host: str, driver: str) -> None:
        """Start a compute; one of the same name is replaced."""
        CONF.set_override("host", host)
        CONF.set_override("compute_driver", driver)
        self.services[host] = start_service("compute", host, topic=rpcapi.RPC_TOPIC, topic_alt=rpcapi.RPC_TOPIC_ALT)
        CONF.set_override("host", "ctl")
        host_mapping.discover_hosts(context.get_admin_context())

    def restart(self, host: str) -> None:
        """Start a stopped compute again with the driver it had."""
        self.add(host, f"lab.{type(self.services[host].manager.driver).__name__}")

    def stop(self, host: str) -> None:
        """Stop a compute; messages for it stay in its queue."""
        self.services[host].stop()

    def set_driver(self, host: str, name: str) -> None:
        """Swap the virt driver of a running compute; its guests are kept."""
        manager = self.services[host].manager
        CONF.set_override("host", host)
        driver = virt_loader.load_compute_driver(manager.virtapi, name)
        CONF.set_override("host", "ctl")
        driver.init_host(host)
        for attribute in ("instances", "_mounts", "_interfaces", "resources"):
            setattr(driver, attribute, getattr(manager.driver, attribute))
        manager.driver = driver
        manager.rt.driver = driver

    def run_periodic(self, host: str, task: str) -> None:
        """Run a periodic task of a compute once."""
        CONF.set_override("host", host)
        try:
            getattr(self.services[host].manager, task)(context.get_admin_context())
        finally:
            CONF.set_override("host", "ctl")

    def describe(self) -> dict[str, Any]:
        """Name the driver and the guests of each compute."""
        drivers = {host: entry.manager.driver for host, entry in self.services.items()}
        return {
            host: {"driver": type(driver).__name__, "instances": list(driver.instances)}
            for host, driver in drivers.items()
        }


class SlowBus:
    """Lets RPC casts arrive `delay` seconds late, as on a loaded message bus."""

    def __init__(self) -> None:
        self.delay = float(os.environ.get("LAB_CAST_DELAY", "0"))
        deliver = impl_fake.FakeDriver._send

        def send(
            driver: Any,
            target: Any,
            ctxt: Any,
            message: Any,
            wait_for_reply: bool | None = None,
            timeout: float | None = None,
            **_unused: Any,
        ) -> Any:
            if self.delay and not wait_for_reply:
                late = threading.Timer(self.delay, deliver, (driver, target, ctxt, message), {"timeout": timeout})
                return late.start()
            return deliver(driver, target, ctxt, message, wait_for_reply, timeout=timeout)

        impl_fake.FakeDriver.send = send


class CellOutage:
    """Lets each query to the database of cell1 fail, while it is down, as when the database server is gone."""

    def __init__(self) -> None:
        self.down = False
        sqlalchemy.event.listen(sqlalchemy.engine.Engine, "before_cursor_execute", self._refuse)

    def _refuse(self, connection: Any, *_query: Any) -> None:
        if self.down and str(connection.engine.url).endswith("nova_cell1.sqlite"):
            raise oslo_db.exception.DBConnectionError("the lab has cut it off")


class Drain:
    """A layer before the Compute API that counts reads of actions; while it is on, only the tests are answered.

    All others get 503.
    """

    def __init__(self) -> None:
        self.on = False
        self.application: Any = None

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        if self.on and "HTTP_X_LAB" not in environ:
            start_response("503 Service Unavailable", [("Content-Type", "text/plain")])
            return [b"drained"]
        found = ACTION_READ.search(environ["PATH_INFO"])
        if found and "HTTP_X_LAB" not in environ:
            virt_driver.reads[found[1]] += 1
        return self.application(environ, start_response)


def start_service(name: str, host: str, **options: Any) -> service.Service:
    """Start one of nova's services in its own threads."""
    started = service.Service.create(binary=f"nova-{name}", host=host, **options)
    started.start()
    return started


def answer(application: Any, port: int, threads: int, name: str) -> None:
    """Serve a WSGI application from a background thread."""
    server = waitress.create_server(application, host="127.0.0.1", port=port, threads=threads, ident=name)
    threading.Thread(target=server.run, daemon=True, name=name).start()


def wait_for_port(port: int, seconds: float = 60) -> None:
    """Return when a server listens on the port."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
        else:
            return


def start_compute_api(drain: Drain) -> None:
    """Serve osapi_compute with its shipped pipeline."""
    os.environ["OS_NOVA_CONFIG_DIR"] = str(settings.STATE / "etc")
    wsgi_app._setup_service(CONF.host, "osapi_compute")
    drain.application = paste.loadapp(f"config:{settings.STATE}/etc/api-paste.ini", name="osapi_compute")
    answer(drain, settings.NOVA_PORT, 8, "nova-api")


def serve() -> None:
    """Start everything and stay until the process is ended."""
    # Nova finds virt drivers by name below nova.virt only.
    nova.virt.lab = sys.modules["nova.virt.lab"] = virt_driver
    nova_stand_ins.use_sqlite_pool()
    nova_config.load_nova()
    nova_stand_ins.install()
    virt_driver.hook_manager()
    wait_for_port(settings.KEYSTONE_PORT)
    answer(placement.loadapp(nova_config.load_placement()), settings.PLACEMENT_PORT, 4, "placement")
    bus = SlowBus()
    for name in ("conductor", "scheduler"):
        start_service(name, "ctl")
    computes = Computes()
    for host, driver in settings.COMPUTES.items():
        computes.add(host, driver)
    drain = Drain()
    start_compute_api(drain)
    answer(nova_control.Control(computes, bus, drain, CellOutage()), settings.CONTROL_PORT, 1, "control")
    (settings.STATE / "nova.ready").touch()
    threading.Event().wait()
