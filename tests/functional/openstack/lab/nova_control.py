# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The control port: everything that tests need and the Compute API cannot do. Each answer describes the computes."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from nova.conf import CONF
from oslo_log import log as logging

if TYPE_CHECKING:
    from lab.nova_services import CellOutage, Computes, Drain, SlowBus

LOG = logging.getLogger(__name__)


class Control:
    """A WSGI application: POST /COMMAND or /COMMAND/HOST with a JSON body."""

    def __init__(self, computes: Computes, bus: SlowBus, drain: Drain, cell: CellOutage) -> None:
        self.computes = computes
        self.bus = bus
        self.drain = drain
        self.cell = cell
        self.commands: dict[str, Callable[[str, dict[str, Any]], None]] = {
            "": lambda host, body: None,
            "driver": lambda host, body: computes.set_driver(host, body["driver"]),
            "compute": lambda host, body: computes.add(host, body["driver"]),
            "stop": lambda host, body: computes.stop(host),
            "start": lambda host, body: computes.restart(host),
            "conf": lambda host, body: CONF.set_override(body["key"], body["value"], body.get("group")),
            "bus": self.set_bus,
            "env": self.set_environment,
            "drain": self.set_drain,
            "cell": self.set_cell,
            "periodic": lambda host, body: computes.run_periodic(host, body["task"]),
        }

    def set_bus(self, _host: str, body: dict[str, Any]) -> None:
        """Set how late RPC casts arrive."""
        self.bus.delay = float(body["delay"])

    def set_drain(self, _host: str, body: dict[str, Any]) -> None:
        """Have the API refuse all but the tests themselves, or no longer."""
        self.drain.on = bool(body["on"])

    def set_cell(self, _host: str, body: dict[str, Any]) -> None:
        """Let the database of cell1 answer no query, or answer again."""
        self.cell.down = bool(body["down"])

    def set_environment(self, _host: str, body: dict[str, Any]) -> None:
        """Set or remove (null) variables that the virt driver reads."""
        for name, value in body.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        command, _slash, host = environ["PATH_INFO"].strip("/").partition("/")
        text = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        try:
            self.commands[command](host, json.loads(text or "{}"))
        except Exception as problem:  # the test has to see every error
            LOG.exception("control port")
            start_response("500 Internal Server Error", [("Content-Type", "text/plain")])
            return [repr(problem).encode()]
        start_response("200 OK", [("Content-Type", "application/json")])
        return [json.dumps(self.computes.describe()).encode()]
