# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Faults below HTTP: each appears on the wire, and ends when it is removed."""

from __future__ import annotations

import http.client
import socket
import ssl
import time
from collections.abc import Iterator

import pytest
import requests
from simulator import Simulator
from simulator.wire import HUGE, MIB, bomb

VERSION = "/openstack/identity/v3"


def ask(sim: Simulator, seconds: float = 5.0) -> http.client.HTTPConnection:
    """Return a raw request."""
    connection = http.client.HTTPConnection(sim.url.removeprefix("http://"), timeout=seconds)
    connection.request("GET", VERSION)
    return connection


def get(sim: Simulator) -> requests.Response:
    return requests.get(sim.url + VERSION, timeout=5)


@pytest.fixture
def whole(sim: Simulator) -> bytes:
    return get(sim).content


@pytest.mark.parametrize(
    ("action", "error"),
    [
        ("reset", http.client.RemoteDisconnected),
        ("abort", ConnectionResetError),
        ("silence", TimeoutError),
        ("drip", TimeoutError),
    ],
)
def test_no_answer(sim: Simulator, whole: bytes, action: str, error: type[Exception]) -> None:
    sim.add_fault(path=VERSION, action=action, interval=60)
    connection = ask(sim, 0.2)
    with pytest.raises(error) as caught:
        connection.getresponse()
    assert caught.type is error, "a reset is no goodbye"
    connection.close()
    assert get(sim).content == whole


@pytest.mark.parametrize(
    ("action", "error"),
    [
        ("cut_body", http.client.IncompleteRead),
        ("abort_body", ConnectionResetError),
        ("drip_body", TimeoutError),
    ],
)
def test_a_part_of_the_body(sim: Simulator, action: str, error: type[Exception]) -> None:
    sim.add_fault(path=VERSION, action=action, interval=60)
    connection = ask(sim, 0.2)
    response = connection.getresponse()
    assert response.status == 200
    with pytest.raises(error):
        response.read()
    connection.close()


def test_half_of_the_body_as_if_it_were_all(sim: Simulator, whole: bytes) -> None:
    sim.add_fault(path=VERSION, action="half")
    assert get(sim).content == whole[: len(whole) // 2]


@pytest.mark.parametrize("action", ["drip", "drip_body"])
def test_a_dripped_answer_arrives_completely(sim: Simulator, whole: bytes, action: str) -> None:
    sim.add_fault(path=VERSION, action=action, interval=0.0001)
    assert get(sim).content == whole


@pytest.mark.parametrize(("action", "dropped"), [("idle", True), ("stale", False)])
def test_a_connection_that_is_not_kept(sim: Simulator, action: str, dropped: bool) -> None:
    sim.add_fault(path=VERSION, action=action)
    with requests.Session() as session:
        first = session.get(sim.url + VERSION, timeout=5)
        assert first.headers["Connection"] == "keep-alive"
        time.sleep(0.05)
        if dropped:
            assert session.get(sim.url + VERSION, timeout=5).ok
        else:
            with pytest.raises(requests.ConnectionError):
                session.get(sim.url + VERSION, timeout=5)
            assert session.get(sim.url + VERSION, timeout=5).ok


@pytest.mark.parametrize(("action", "layers"), [("bomb", 1), ("nested_bomb", 2)])
def test_a_bomb(sim: Simulator, action: str, layers: int) -> None:
    sim.add_fault(path=VERSION, action=action)
    answer = ask(sim).getresponse()
    assert answer.headers["Content-Encoding"].count("gzip") == layers
    assert answer.read() == bomb(layers)
    assert len(bomb(2)) < len(bomb()) < MIB


@pytest.fixture
def parts(sim: Simulator, request: pytest.FixtureRequest) -> Iterator[int]:
    """Return how many bytes of a too large body arrive, up to slightly more than its Content-Length."""
    sim.add_fault(path=VERSION, action=request.param)
    connection = ask(sim)
    response = connection.getresponse()
    yield sum(len(response.read(MIB)) for _part in range(HUGE // MIB + 5))
    connection.close()


@pytest.mark.parametrize("parts", ["huge"], indirect=True)
def test_a_hundred_megabytes(parts: int) -> None:
    assert parts == HUGE


@pytest.mark.parametrize("parts", ["endless"], indirect=True)
def test_a_body_without_end(parts: int) -> None:
    assert parts > HUGE


def test_headers_and_words_are_changed(sim: Simulator, whole: bytes) -> None:
    sim.add_fault(path=VERSION, headers={"Content-Type": "text/html"}, replace={"stable": "shaky"})
    answer = get(sim)
    assert answer.headers["Content-Type"] == "text/html"
    assert answer.content == whole.replace(b"stable", b"shaky")


def test_a_port_is_closed_and_opened_again(sim: Simulator, whole: bytes) -> None:
    sim.port.refuse()
    with pytest.raises(ConnectionRefusedError):
        ask(sim)
    sim.port.open()
    assert get(sim).content == whole


def test_a_port_that_accepts_no_connection(sim: Simulator, whole: bytes) -> None:
    sim.port.crowd()
    with pytest.raises(TimeoutError):
        ask(sim, 0.2)
    sim.port.open()
    assert get(sim).content == whole


@pytest.mark.parametrize(
    ("which", "words"),
    [
        ("expired", "expired"),
        ("wrong host", "IP address mismatch"),
        ("unknown authority", "unable to get local issuer"),
    ],
)
def test_an_untrusted_certificate(sim: Simulator, which: str, words: str) -> None:
    context = ssl.create_default_context(cafile=sim.ca_cert)
    host, port = sim.tls_url.removeprefix("https://").split(":")
    sim.certificates.show(which)
    with (
        socket.create_connection((host, int(port)), timeout=5) as plain,
        pytest.raises(ssl.SSLCertVerificationError, match=words),
    ):
        context.wrap_socket(plain, server_hostname=host)
    sim.certificates.show("good")
    assert requests.get(sim.tls_url + VERSION, verify=sim.ca_cert, timeout=5).ok
    with pytest.raises(ValueError, match="unknown certificate"):
        sim.certificates.show("golden")
