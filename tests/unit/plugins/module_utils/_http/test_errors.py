# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which error each exception of the libraries becomes, and what a sentence shows of a URL."""

from __future__ import annotations

import socket
import ssl
from typing import Any, NoReturn, Optional, Type

import pytest
import requests
import urllib3
from ansible_collections.cloudgate.operations.plugins.module_utils._http.errors import (
    cause,
    chain,
    error_of,
    proxy_variable,
    tls_error,
    translated,
    unsendable,
)
from ansible_collections.cloudgate.operations.plugins.module_utils._http.urls import where
from ansible_collections.cloudgate.operations.plugins.module_utils._model import errors
from keystoneauth1 import exceptions
from requests import exceptions as of_requests

SECRET = "hunter2-secret"
PLACE = "GET https://api.example.com/x"
TUNNEL = OSError("Tunnel connection failed: 407 Proxy Authentication Required")


@pytest.mark.parametrize(
    ("raised", "kind", "transient"),
    [
        (ValueError(f"Invalid header value b'{SECRET}\\n'"), errors.InputError, False),
        (UnicodeEncodeError("latin-1", SECRET, 0, 1, "ordinal not in range"), errors.InputError, False),
        (UnicodeError("encoding with 'idna' codec failed"), errors.InputError, False),
        (
            ValueError("server_hostname cannot be an empty string or start with a leading dot."),
            errors.InputError,
            False,
        ),
        (urllib3.exceptions.LocationParseError("a..b"), errors.InputError, False),
        (of_requests.InvalidURL("a..b"), errors.InputError, False),
        (of_requests.InvalidProxyURL(f"http://u:{SECRET}@"), errors.InputError, False),
        (of_requests.InvalidHeader("Content-Length: 2, 3"), errors.GarbledError, True),
        (of_requests.ProxyError(OSError("Connection refused")), errors.TransportError, True),
        (of_requests.ProxyError(TUNNEL), errors.InputError, False),
        (OSError("Could not find a suitable TLS CA certificate bundle, invalid path: /nope"), errors.TlsError, False),
    ],
)
def test_each_exception_is_one_sentence(raised: Exception, kind: Type[errors.GateError], transient: bool) -> None:
    error = error_of(raised, PLACE, "HTTPS_PROXY")
    assert error.__class__ is kind
    assert error.transient == transient
    assert SECRET not in str(error)
    assert str(error).endswith(".") or transient


@pytest.mark.parametrize(
    "raised",
    [
        of_requests.ConnectionError("refused"),
        of_requests.ReadTimeout("late"),
        of_requests.SSLError("certificate"),
        errors.ThrottledError("429"),
        KeyError("a defect"),
    ],
)
def test_other_exceptions_stay_as_they_are(raised: Exception) -> None:
    assert error_of(raised, PLACE, "HTTPS_PROXY") is raised


def test_errors_that_requests_forgets_to_wrap_are_connection_errors() -> None:
    assert isinstance(error_of(urllib3.exceptions.DecodeError("odd"), PLACE), requests.ConnectionError)


@pytest.mark.parametrize(
    ("raised", "words"),
    [
        (of_requests.MissingSchema("no scheme"), "the URL is not valid"),
        (of_requests.InvalidSchema("ftp"), "the URL is not valid"),
        (of_requests.InvalidURL("label"), "the URL is not valid"),
        (of_requests.InvalidHeader(SECRET), "a header value has characters that HTTP does not allow"),
        (of_requests.ConnectionError("refused"), None),
        (ValueError("odd"), None),
    ],
)
def test_urls_that_requests_refuses_before_it_connects(raised: Exception, words: Optional[str]) -> None:
    error = unsendable(raised, PLACE)
    assert (error is None) == (words is None)
    assert words is None or (words in str(error) and SECRET not in str(error))


@pytest.mark.parametrize(
    ("environ", "url", "name"),
    [
        ({"HTTPS_PROXY": "p"}, "https://h/", "HTTPS_PROXY"),
        ({"https_proxy": "p", "HTTPS_PROXY": "q"}, "HTTPS://h/", "https_proxy"),
        ({"HTTP_PROXY": "p", "ALL_PROXY": "q"}, "https://h/", "ALL_PROXY"),
        ({"http_proxy": "", "all_proxy": "q"}, "http://h/", "all_proxy"),
        ({}, "http://h/", "the system settings"),
    ],
)
def test_the_variable_of_a_proxy(environ: dict, url: str, name: str) -> None:  # type: ignore[type-arg]
    assert proxy_variable(url, environ) == name


def test_a_request_is_shown_without_its_query() -> None:
    assert where("https://u:p@h/x?secret=1", "POST") == "POST https://h/x"
    assert where("no url") == "GET no url"


def test_the_cause_is_the_innermost_and_not_what_was_handled_on_the_way() -> None:
    def fail() -> None:
        try:
            raise KeyError("handled")
        except KeyError:
            raise ValueError("the reason") from None

    with pytest.raises(ValueError, match="the reason") as caught:
        fail()
    outer = requests.ConnectionError(urllib3.exceptions.ProtocolError("outer", caught.value))
    assert cause(outer) == "the reason"
    outer.__cause__ = outer
    assert list(chain(outer)) == [outer]


@pytest.mark.parametrize(
    ("reason", "cut"), [(ssl.SSLEOFError(8, "EOF occurred"), True), (ssl.SSLCertVerificationError("expired"), False)]
)
def test_an_interrupted_handshake_is_transient(reason: Exception, cut: bool) -> None:
    error = tls_error(of_requests.SSLError(urllib3.exceptions.SSLError(reason)), PLACE)
    assert error.transient == isinstance(error, errors.UnreachableError) == cut
    assert ("cannot be trusted" in str(error)) != cut


@pytest.mark.parametrize(("reason", "unreachable"), [(socket.EAI_NONAME, True), (socket.EAI_AGAIN, False)])
def test_a_name_that_does_not_exist_is_not_a_name_server_that_is_down(
    monkeypatch: pytest.MonkeyPatch, reason: int, unreachable: bool
) -> None:
    def look_up(*_arguments: Any, **_more: Any) -> NoReturn:
        raise socket.gaierror(reason, "said the resolver")

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    with pytest.raises(errors.TransportError, match=r"failed: .*said the resolver") as caught, translated("GET x"):
        requests.get("http://nova.eu-dee.test", timeout=5)
    assert caught.value.transient
    assert isinstance(caught.value, errors.UnreachableError) == unreachable


@pytest.mark.parametrize(
    ("name", "words"), [("SOCKS5AuthError", "refuses its login"), ("SOCKS5Error", "failed: no way")]
)
def test_a_socks_proxy_is_named_too(name: str, words: str) -> None:
    """The optional PySocks raises these; requests takes them for failed connections."""
    of_socks = type(name, (IOError,), {"__module__": "socks"})
    error = error_of(requests.ConnectionError(of_socks("no way")), PLACE, "ALL_PROXY")
    assert "the proxy in ALL_PROXY" in str(error).replace("The", "the") and words in str(error)
    assert isinstance(error, errors.InputError) == (name == "SOCKS5AuthError")


def test_a_refused_login_says_what_keystone_said() -> None:
    response = requests.Response()
    response.status_code, response.url = 401, "https://keystone.example.com/v3/auth/tokens"
    response._content = b'{"error": {"code": 401, "message": "Wrong password.", "title": "Unauthorized"}}'
    with pytest.raises(errors.AuthError) as caught, translated(PLACE):
        raise exceptions.from_response(response, "POST", response.url)
    assert caught.value.message.startswith("The login failed: ")
    assert caught.value.message.endswith("answered 401: Wrong password.")
    assert "GET" not in caught.value.message, "a login is a POST"


def test_the_innermost_cause_is_reported() -> None:
    outer = exceptions.SSLError("outer")
    outer.__cause__ = ssl.SSLCertVerificationError("self-signed certificate")
    with pytest.raises(errors.TlsError, match="self-signed certificate") as caught, translated(PLACE):
        raise outer
    assert not caught.value.transient
