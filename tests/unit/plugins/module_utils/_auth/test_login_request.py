# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Logins by any header and by a login request: what is sent where, renewed when, and refused."""

from __future__ import annotations

import io
import json
from types import SimpleNamespace
from typing import Any, Dict, List, Optional, Tuple
from urllib.parse import parse_qs

import pytest
import requests
from ansible_collections.cloudgate.operations.plugins.module_utils._auth import login_request as requests_module
from ansible_collections.cloudgate.operations.plugins.module_utils._auth.credentials import resolve
from ansible_collections.cloudgate.operations.plugins.module_utils._auth.login import Login, log_in
from ansible_collections.cloudgate.operations.plugins.module_utils._auth.login_request import LoginRequest, filled
from ansible_collections.cloudgate.operations.plugins.module_utils._http.session import BoundedSession
from ansible_collections.cloudgate.operations.plugins.module_utils._model.errors import (
    AuthError,
    GateError,
    InputError,
    ProtocolError,
    TransportError,
)
from ansible_collections.cloudgate.operations.plugins.module_utils._providers.described.custom import description_of
from hypothesis import given
from hypothesis import strategies as st
from requests.adapters import BaseAdapter

USER = {"username": "root", "password": 'pw"{username}'}
PLAIN = {"show": "/{operation_id}", "state": "s", "states": {"succeeded": ["ok"]}}
REDFISH = {
    "path": "/redfish/v1/SessionService/Sessions",
    "json": {"UserName": "{username}", "Password": "{password}"},
    "token": "header:X-Auth-Token",
    "header": "X-Auth-Token",
}


class Server(BaseAdapter):
    """Answers the requests of a session, and keeps them. answers: for each POST, the last one is repeated."""

    url = "http://127.0.0.1:8006"

    def __init__(self) -> None:
        super().__init__()
        self.seen: List[Tuple[str, str, Dict[str, str], str]] = []
        self.answers: List[Tuple[int, Dict[str, str], Any]] = []
        self.good: Optional[str] = None  # the token that is valid, if not every one is

    def send(self, request: Any, **_more: Any) -> requests.Response:  # type: ignore[override]
        body = request.body.decode() if isinstance(request.body, bytes) else request.body or ""
        self.seen.append((request.method, request.path_url, dict(request.headers), body))
        assert request.url.startswith(self.url + "/")
        if request.method == "POST":
            return self._answer(request, *(self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]))
        refused = self.good is not None and self.good not in request.headers.values()
        return self._answer(request, 401 if refused else 200, {}, {})

    @staticmethod
    def _answer(request: Any, status: int, headers: Dict[str, str], body: Any) -> requests.Response:
        answer = requests.Response()
        answer.status_code, answer.url, answer.request = status, request.url, request
        answer.headers.update(headers)
        answer.raw = io.BytesIO(body if isinstance(body, bytes) else json.dumps(body).encode())
        return answer

    def close(self) -> None:
        """Close nothing."""

    def sent(self, method: str) -> List[Tuple[str, Dict[str, str], str]]:
        return [(path, headers, body) for verb, path, headers, body in self.seen if verb == method]


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Server:
    found = Server()
    monkeypatch.setattr(BoundedSession, "get_adapter", lambda _session, url: found)
    return found


def login(
    server: Server, auth_type: str, auth: Dict[str, str], request: Any = None, masked: Optional[List[str]] = None
) -> Login:
    params = {"auth_type": auth_type, "auth": auth, "endpoint": server.url, "definition": PLAIN}
    described = description_of({**PLAIN, "login": request}).login if request else None
    return log_in(resolve(params, {}, True), (masked if masked is not None else []).append, described)


def test_a_secret_goes_into_any_header_with_any_prefix(server: Server) -> None:
    auth = {"header": "Authorization", "prefix": "PVEAPIToken=root@pam!t=", "token": "s3cr3t-uuid"}
    login(server, "header", auth).send(f"{server.url}/x", {})
    login(server, "header", {"token": "other-secret"}, {"header": "PRIVATE-TOKEN"}).send(f"{server.url}/x", {})
    (_path, first, _body), (_path, second, _body) = server.sent("GET")
    assert first["Authorization"] == "PVEAPIToken=root@pam!t=s3cr3t-uuid"
    assert second["PRIVATE-TOKEN"] == "other-secret"


def test_a_login_request_gets_a_token_once_and_again_after_a_401(server: Server) -> None:
    masked: List[str] = []
    server.answers = [(201, {"X-Auth-Token": token}, {}) for token in ("first-token", "second-token")]
    bmc = login(server, "login", USER, REDFISH, masked)
    assert server.seen == []
    for _poll in range(2):
        assert bmc.send(f"{server.url}/x", {}).status_code == 200
    assert (bmc.logins, len(server.sent("POST"))) == (1, 1)
    server.good = "second-token"
    assert bmc.send(f"{server.url}/x", {}).status_code == 200
    assert (bmc.logins, bmc.reauthentications) == (2, 1)
    path, headers, body = server.sent("POST")[0]
    assert (path, json.loads(body)) == (REDFISH["path"], {"UserName": "root", "Password": USER["password"]})
    assert "X-Auth-Token" not in headers
    assert [headers["X-Auth-Token"] for _path, headers, _body in server.sent("GET")][:2] == ["first-token"] * 2
    assert {"first-token", "second-token", USER["password"]} <= set(masked)


@pytest.mark.parametrize(
    ("request_of", "answer", "sent"),
    [
        ({"path": "/api/session", "header": "vmware-api-session-id"}, "5ad1", {"vmware-api-session-id": "5ad1"}),
        ({"path": "/auth", "token": "Token", "header": "X-Auth-Token"}, {"Token": "t0k"}, {"X-Auth-Token": "t0k"}),
        (
            {"path": "/t", "form": {"u": "{username}"}, "token": "data.ticket", "header": "Cookie", "prefix": "PVE="},
            {"data": {"ticket": "PVE:root"}},
            {"Cookie": "PVE=PVE:root"},
        ),
    ],
)
def test_the_token_is_read_where_the_api_puts_it(
    server: Server, request_of: Dict[str, Any], answer: Any, sent: Dict[str, str]
) -> None:
    server.answers = [(200, {}, answer)]
    login(server, "login", USER, request_of).send(f"{server.url}/x", {})
    assert sent.items() <= server.sent("GET")[0][1].items()
    has_basic = server.sent("POST")[0][1].get("Authorization", "").startswith("Basic ")
    assert has_basic == ("form" not in request_of)


def test_oauth2_asks_the_token_url_and_only_that(server: Server) -> None:
    server.answers = [(200, {}, {"access_token": "acc3ss", "expires_in": 3600, "token_type": "Bearer"})]
    auth = {
        "token_url": f"{server.url}/tenant/token",
        "client_id": "c",
        "client_secret": "hush&=",
        "scope": "a/.default",
    }
    login(server, "oauth2", auth).send(f"{server.url}/x", {})
    ((path, _headers, body),) = server.sent("POST")
    assert (path, parse_qs(body)) == (
        "/tenant/token",
        {
            "grant_type": ["client_credentials"],
            "client_id": ["c"],
            "client_secret": ["hush&="],
            "scope": ["a/.default"],
        },
    )
    assert server.sent("GET")[0][1]["Authorization"] == "Bearer acc3ss"


@pytest.mark.parametrize(("request_of", "answer"), [({"lifetime": 1200.0}, {}), ({}, {"expires_in": 1200})])
def test_a_token_is_renewed_before_it_expires(
    server: Server, monkeypatch: pytest.MonkeyPatch, request_of: Dict[str, Any], answer: Dict[str, Any]
) -> None:
    now = [1000.0]
    monkeypatch.setattr(requests_module, "time", SimpleNamespace(monotonic=lambda: now[0]))
    server.answers = [(200, {}, {"token": "abcdef", **answer})]
    found = login(server, "login", USER, {"path": "/login", "token": "token", **request_of})
    for seconds, logins in ((0, 1), (1079, 1), (2, 2)):
        now[0] += seconds
        found.send(f"{server.url}/x", {})
        assert found.logins == logins


@pytest.mark.parametrize(
    ("answer", "error", "said"),
    [
        ((401, {}, {"message": "wrong password"}), AuthError, "answered 401: wrong password. Check the user and the"),
        ((400, {}, {"error": "invalid_client", "error_description": "no"}), AuthError, "answered 400: no."),
        ((503, {}, {}), TransportError, "The login failed: POST"),
        ((200, {}, b"<html>"), ProtocolError, "did not answer with JSON"),
        ((200, {}, {"other": 1}), ProtocolError, "has no token. Check definition.login.token."),
        ((200, {}, {"token": "two\nlines"}), ProtocolError, "has no token"),
        ((302, {"Location": "https://evil.example/"}, {}), ProtocolError, "redirects to evil.example"),
    ],
)
def test_a_login_that_fails_says_why(server: Server, answer: Any, error: type, said: str) -> None:
    server.answers = [answer]
    with pytest.raises(GateError) as caught:
        login(server, "login", USER, {"path": "/login", "token": "token"}).send(f"{server.url}/x", {})
    assert isinstance(caught.value, error)
    assert said in caught.value.message
    assert server.sent("GET") == []


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"endpoint": "http://api.example.com"}, "endpoint has no TLS"),
        ({"endpoint": "http://127.0.0.1.example.com"}, "endpoint has no TLS"),
        ({"auth": {"token": "t" * 9, "header": "X-Auth: x"}}, "auth.header must be the name of a header"),
        ({"auth": {"token": "t" * 9, "header": "Host"}}, "auth.header must be the name of a header"),
        ({"auth": {"token": "t" * 9, "prefix": "a\nb"}}, "auth.prefix must be one line"),
        ({"auth": {"header": "X-Auth"}}, "auth.token is missing for auth_type header"),
        ({"auth_type": "oauth2", "auth": {"client_id": "c"}}, "auth.token_url is missing for auth_type oauth2"),
        (
            {"auth_type": "oauth2", "auth": {"token_url": "http://x.example", "client_id": "c", "client_secret": "s"}},
            "auth.token_url has no TLS",
        ),
    ],
)
def test_a_header_login_that_would_leak_is_refused(more: Dict[str, Any], said: str) -> None:
    params = {"auth_type": "header", "auth": {"token": "t" * 9}, "endpoint": "https://api.example.com", **more}
    with pytest.raises(InputError) as caught:
        resolve(params, {}, True)
    assert said in caught.value.message


@pytest.mark.parametrize(
    "endpoint", ["http://127.0.0.7:8006", "http://[::1]:1", "http://localhost", "https://a.example"]
)
def test_a_loopback_address_needs_no_tls(endpoint: str) -> None:
    assert resolve({"auth_type": "header", "auth": {"token": "t" * 9}, "endpoint": endpoint}, {}, True).kind == "header"


def test_http_can_be_allowed() -> None:
    params = {"auth_type": "header", "auth": {"token": "t" * 9}, "endpoint": "http://a.example", "allow_http": True}
    assert resolve(params, {}, True).endpoint == "http://a.example"


@pytest.mark.parametrize(
    ("request_of", "said"),
    [
        ({"path": "https://evil.example/login"}, "definition.login.path must be a path below endpoint"),
        ({"path": "/login", "json": {}, "form": {}}, "exclude each other"),
        (
            {"path": "/login", "json": {"a": {"Password": "hunter2"}}},
            "definition.login.json.Password must be {password}",
        ),
        ({"path": "/login", "header": "X: y"}, "is not a valid header"),
        ({"path": "/login", "token": "a == true"}, "definition.login.token has true without backticks"),
    ],
)
def test_a_login_request_that_cannot_work_is_refused(request_of: Dict[str, Any], said: str) -> None:
    with pytest.raises(InputError) as caught:
        description_of({**PLAIN, "login": request_of})
    assert said in caught.value.message
    assert "hunter2" not in caught.value.message


def test_a_login_needs_its_path() -> None:
    with pytest.raises(InputError, match=r"definition\.login\.path is missing"):
        log_in(resolve({"auth_type": "login", "auth": USER, "endpoint": "https://a.example"}, {}, True), print)


@given(st.text(), st.text())
def test_a_value_is_filled_in_as_it_is(username: str, password: str) -> None:
    body = {"a": "{username}", "b": ["x{password}y{other}"], "c": 7}
    auth = {"username": username, "password": password}
    assert filled(body, auth) == {"a": username, "b": [f"x{password}y{{other}}"], "c": 7}


def test_a_request_of_a_definition_has_the_default_header() -> None:
    assert (LoginRequest().header, LoginRequest().prefix) == ("Authorization", "")
