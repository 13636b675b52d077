# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""TLS on real connections: trusted and refused certificates, and the client's certificate."""

from __future__ import annotations

import json
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import trustme
from ansible_collections.cloudgate.operations.plugins.module_utils._model.errors import (
    InputError,
    TlsError,
    TransportError,
)
from ansible_collections.cloudgate.operations.plugins.module_utils._model.reference import Reference
from simulated.helpers import Clock, Options, add, connect_to, task, wait_with
from simulator import Simulator


def over_tls(sim: Simulator, **more: Any) -> Options:
    options = task(sim, "openstack", **more)
    options["auth"]["auth_url"] = options["auth"]["auth_url"].replace(sim.url, sim.tls_url)
    return options


@pytest.mark.parametrize(
    ("by_option", "variable", "value"),
    [
        ("ca_cert", None, None),
        (None, "OS_CACERT", None),
        ("validate_certs", None, False),
        (None, "OS_INSECURE", "true"),
    ],
)
def test_a_trusted_server_gets_the_request(
    sim: Simulator, by_option: str | None, variable: str | None, value: Any
) -> None:
    trusted = sim.ca_cert if value is None else value
    options = over_tls(sim, **({by_option: trusted} if by_option else {}))
    connected = connect_to("openstack", options, {variable: trusted} if variable else {})
    assert connected.client.endpoint.startswith(sim.tls_url)
    assert connected.show(add(sim, "openstack")).state == "succeeded"


@pytest.mark.parametrize("more", [{}, {"validate_certs": True}])
def test_an_untrusted_server_receives_nothing(sim: Simulator, more: Options) -> None:
    with pytest.raises(TlsError, match=r"cannot be trusted.*ca_cert and validate_certs") as caught:
        connect_to("openstack", over_tls(sim, **more), {"OS_INSECURE": "1"} if more else {})
    assert not caught.value.transient
    assert sim.requests == []


def test_an_untrusted_endpoint_ends_a_wait_at_once(sim: Simulator, clock: Clock) -> None:
    reference = add(sim, "openstack")
    endpoint = f"{sim.tls_url}/openstack/compute/v2.1"
    outcome, failure = wait_with(connect_to("openstack", task(sim, "openstack", endpoint=endpoint)), clock, reference)
    assert failure is not None
    assert (failure["kind"], outcome.elapsed) == ("transport", 0.0)


def test_https_to_a_port_of_http_is_reported(sim: Simulator) -> None:
    options = task(sim, "openstack")
    options["auth"]["auth_url"] = options["auth"]["auth_url"].replace("http://", "https://")
    with pytest.raises(
        TlsError, match=r"does not speak TLS on this port\. Correct the port, or write http://\."
    ) as caught:
        connect_to("openstack", options)
    assert not caught.value.transient
    assert sim.requests == []


@pytest.mark.parametrize("options", [{"ca_cert": "/none.pem"}, {"client_cert": "/none.pem"}])
def test_a_missing_certificate_file_is_reported_before_any_request(sim: Simulator, options: Options) -> None:
    with pytest.raises(InputError, match=r"/none\.pem does not exist"):
        connect_to("openstack", over_tls(sim, **options))
    assert sim.requests == []


def test_a_file_that_is_no_certificate_is_reported(sim: Simulator, tmp_path: Path) -> None:
    junk = tmp_path / "junk.pem"
    junk.write_text("no certificate", encoding="utf-8")
    with pytest.raises(TransportError) as caught:
        connect_to("openstack", over_tls(sim, ca_cert=str(junk)))
    assert "\n" not in caught.value.message
    assert sim.requests == []


@dataclass
class MutualServer:
    """A server that wants its clients to show a certificate."""

    url: str
    ca_cert: str
    client_cert: str
    client_key: str
    client_both: str


class Handler(BaseHTTPRequestHandler):
    """Answer everything with a finished operation."""

    def do_GET(self) -> None:
        body = json.dumps({"operation": {"id": "o1", "status": "COMPLETE"}}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args: Any) -> None:
        """Log nothing."""


@pytest.fixture
def mutual(tmp_path: Path) -> Iterator[MutualServer]:
    authority = trustme.CA()
    client = authority.issue_cert("client.example.com")
    files = {name: str(tmp_path / f"{name}.pem") for name in ("ca_cert", "client_cert", "client_key", "client_both")}
    authority.cert_pem.write_to_path(files["ca_cert"])
    client.cert_chain_pems[0].write_to_path(files["client_cert"])
    client.private_key_pem.write_to_path(files["client_key"])
    client.private_key_and_cert_chain_pem.write_to_path(files["client_both"])
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.verify_mode = ssl.CERT_REQUIRED
    authority.configure_trust(context)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield MutualServer(f"https://127.0.0.1:{server.server_port}", **files)
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.mark.parametrize("names", [("client_both",), ("client_cert", "client_key")])
@pytest.mark.parametrize("source", ["options", "environment"])
def test_the_clients_certificate_is_shown(mutual: MutualServer, names: tuple[str, ...], source: str) -> None:
    values = [getattr(mutual, name) for name in names]
    environ: dict[str, str] = {}
    options: Options = {"endpoint": mutual.url, "auth": {"token": "t"}, "ca_cert": mutual.ca_cert}
    if source == "options":
        options |= dict(zip(("client_cert", "client_key"), values, strict=False))
    else:
        environ = dict(zip(("OS_CERT", "OS_KEY"), values, strict=False))
    assert connect_to("ecl_vna", options, environ).show(Reference("o1")).state == "succeeded"


def test_without_a_certificate_there_is_no_answer(mutual: MutualServer) -> None:
    options = {"endpoint": mutual.url, "auth": {"token": "t"}, "ca_cert": mutual.ca_cert}
    with pytest.raises(TransportError):
        connect_to("ecl_vna", options).show(Reference("o1"))
