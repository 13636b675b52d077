# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Proxies and requests that cannot work: one sentence each, without any secret, on real sockets."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import trustme
from ansible_collections.cloudgate.operations.plugins.module_utils._auth import credentials as creds
from ansible_collections.cloudgate.operations.plugins.module_utils._auth import kinds
from ansible_collections.cloudgate.operations.plugins.module_utils._auth.login import log_in
from ansible_collections.cloudgate.operations.plugins.module_utils._http.client import ApiClient
from ansible_collections.cloudgate.operations.plugins.module_utils._model.errors import (
    GateError,
    InputError,
    LibraryMissing,
    ProtocolError,
    TlsError,
    TransportError,
)

SECRET = "hunter2-secret"
API = {"http": "http://127.0.0.1:1", "https": "https://127.0.0.1:1"}  # a closed port
Answering = Callable[[bytes], str]


@pytest.fixture(autouse=True)
def _proxies_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_PROXY")


@pytest.fixture
def answering() -> Iterator[Answering]:
    """Return host:port of a server that gives the same answer to each request, and then closes the connection."""
    with contextlib.ExitStack() as stack:

        def start(answer: bytes) -> str:
            listener = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
            threading.Thread(target=_accept, args=(listener, answer), daemon=True).start()
            return "{}:{}".format(*listener.getsockname())

        yield start


def _accept(listener: socket.socket, answer: bytes) -> None:
    with contextlib.suppress(OSError):
        while True:
            connection, _peer = listener.accept()
            with contextlib.suppress(OSError), connection:
                connection.recv(65536)
                connection.sendall(answer)


def ask(url: str, kind: str = kinds.NONE, secrets: dict[str, str] | None = None, **more: Any) -> GateError:
    """Send one request and return its error."""

    def request() -> None:
        login = log_in(creds.Credentials(kind, secrets or {}, timeout=10, **more), lambda _secret: None)
        ApiClient(login, url).get(("x",))

    with pytest.raises(GateError) as caught:
        request()
    assert SECRET not in str(caught.value)
    assert "\n" not in str(caught.value)
    return caught.value


@pytest.mark.parametrize("scheme", API)
@pytest.mark.parametrize(
    "proxy",
    ["http://u:{}@127.0.0.1:99999", "http://u:{}@127.0.0.1:abc", "http://", "://", "ftp://u:{}@h:1", "socks9://u:{}@h:1",
     "http://u:{}@[x", "http://u:{}\u2603@127.0.0.1:1", "http://u:{}@a..b:1", f"http://u:{{}}@{'a' * 64}.example:1",
     "http:/proxy:3128", "http:\\\\proxy"],
)  # fmt: skip
def test_a_proxy_url_that_cannot_work_ends_a_wait_and_names_its_variable(
    monkeypatch: pytest.MonkeyPatch, scheme: str, proxy: str
) -> None:
    variable = f"{scheme.upper()}_PROXY"
    monkeypatch.setenv(variable, proxy.format(SECRET))
    error = ask(API[scheme])
    assert isinstance(error, InputError)
    assert str(error).startswith(f"The proxy URL in {variable} cannot be used. Write it as http://host:port")


@pytest.mark.parametrize("proxy", ["127.0.0.1:{}", "localhost:{}", f"u:{SECRET}@localhost:{{}}", "//localhost:{}"])
def test_a_proxy_without_a_scheme_works(monkeypatch: pytest.MonkeyPatch, answering: Answering, proxy: str) -> None:
    """As with curl; requests itself refuses some of these, in each of its versions others."""
    _host, _colon, port = answering(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}").partition(":")
    monkeypatch.setenv("HTTP_PROXY", proxy.format(port))
    login = log_in(creds.Credentials(kinds.NONE, {}, timeout=10), lambda _secret: None)
    assert ApiClient(login, "http://api.example.test").get(("x",)) == {}


def test_socks_without_its_library_names_both(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("requests.adapters.SOCKSProxyManager", _no_socks)
    monkeypatch.setenv("all_proxy", f"socks5h://u:{SECRET}@127.0.0.1:1")
    error = ask(API["https"])
    assert isinstance(error, LibraryMissing)
    assert str(error) == "The Python library PySocks is needed for the SOCKS proxy in all_proxy: pip install PySocks."


def _no_socks(*_arguments: Any, **_more: Any) -> None:
    """Fail as requests does without PySocks."""
    from requests.exceptions import InvalidSchema

    raise InvalidSchema("Missing dependencies for SOCKS support.")


@pytest.mark.parametrize("scheme", API)
def test_a_proxy_that_is_down_is_retried_and_named(monkeypatch: pytest.MonkeyPatch, scheme: str) -> None:
    monkeypatch.setenv("ALL_PROXY", f"http://u:{SECRET}@127.0.0.1:1")
    error = ask(API[scheme].replace("127.0.0.1", "api.example.test"))
    assert isinstance(error, TransportError) and error.transient
    assert "the connection through the proxy in ALL_PROXY failed: [Errno 111] Connection refused" in str(error)


@pytest.mark.parametrize("scheme", API)
def test_a_proxy_that_refuses_its_login_ends_a_wait(
    monkeypatch: pytest.MonkeyPatch, answering: Answering, scheme: str
) -> None:
    """More attempts would lock the account, as with any login."""
    proxy = answering(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
    monkeypatch.setenv(f"{scheme}_proxy", f"http://u:{SECRET}@{proxy}")
    error = ask(API[scheme])
    assert isinstance(error, InputError)
    assert str(error) == f"The proxy in {scheme}_proxy refuses its login. Check the user and password in that URL."


@pytest.mark.parametrize(
    "url", ["example.com", "http://[x", "http://h:99999", "http://a..b", f"https://{'a' * 64}.example"]
)
def test_an_endpoint_that_is_no_url_is_refused(url: str) -> None:
    error = ask(url)
    assert error.__class__ is ProtocolError
    assert str(error).startswith(f"The endpoint {url} is not a valid URL.")


@pytest.mark.parametrize("url", ["http://*.x", "http://\u2603.test"])
def test_a_host_that_requests_refuses_ends_a_wait(url: str) -> None:
    error = ask(url)
    assert isinstance(error, InputError)
    assert str(error) == f"GET {url}/x: the URL is not valid. Check endpoint and auth.auth_url."


@pytest.mark.parametrize(
    "auth_url", ["keystone.example.test/v3", "http://[x/v3", "http://h:99999/v3", "http://a..b/v3"]
)
def test_an_auth_url_that_is_no_url_ends_a_wait(auth_url: str) -> None:
    given = {"auth_url": auth_url, "username": "u", "password": SECRET, "project_id": "p", "user_domain_id": "default"}
    error = ask(API["http"], kinds.PASSWORD, given)
    assert isinstance(error, InputError)
    assert str(error) == f"auth.auth_url {auth_url} is not a valid URL. Write it as https://host:port/v3."


@pytest.mark.parametrize("token", [f"{SECRET}\n", f"{SECRET}\u2603", f" {SECRET}\r\nX: y"])
@pytest.mark.parametrize("kind", [kinds.BEARER, kinds.TOKEN])
def test_a_token_that_is_invalid_in_a_header_ends_a_wait(answering: Answering, kind: str, token: str) -> None:
    url = "http://" + answering(b"")
    error = ask(url, kind, {"token": token}, endpoint=url)
    assert isinstance(error, InputError)
    assert "a header value has characters that HTTP does not allow" in str(error)


def test_a_bundle_of_certificates_that_is_gone_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/nowhere/bundle.pem")
    error = ask(API["https"])
    assert isinstance(error, TlsError)
    assert "/nowhere/bundle.pem" in str(error) and "REQUESTS_CA_BUNDLE" in str(error)


def test_a_certificate_that_is_a_folder_is_named(tmp_path: Any) -> None:
    assert str(ask(API["https"], cert=str(tmp_path))) == f"The certificate file {tmp_path} cannot be read."


def test_a_handshake_that_ends_early_is_retried(answering: Answering) -> None:
    """A load balancer that restarts closes connections so."""
    error = ask("https://" + answering(b""))
    assert isinstance(error, TransportError) and error.transient


def test_a_certificate_that_is_not_trusted_ends_a_wait() -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(context)
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            with contextlib.suppress(OSError):
                context.wrap_socket(listener.accept()[0], server_side=True)

        threading.Thread(target=serve, daemon=True).start()
        assert isinstance(ask("https://{}:{}".format(*listener.getsockname())), TlsError)
