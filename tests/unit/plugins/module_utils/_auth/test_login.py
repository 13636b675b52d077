# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The login: missing libraries and files, masks, the count of logins, and requests of many threads."""

from __future__ import annotations

import io
import json
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Callable, Dict, List, Optional

import pytest
import requests
from ansible_collections.cloudgate.operations.plugins.module_utils._auth.credentials import Credentials
from ansible_collections.cloudgate.operations.plugins.module_utils._auth.login import Login, log_in
from ansible_collections.cloudgate.operations.plugins.module_utils._http.session import BoundedSession
from ansible_collections.cloudgate.operations.plugins.module_utils._model.errors import (
    InputError,
    LibraryMissing,
)
from keystoneauth1.access import AccessInfoV3
from keystoneauth1.identity import v3
from requests.adapters import BaseAdapter

PASSWORD = {"auth_url": "https://keystone.example.com/v3", "username": "u", "password": "pw", "project_id": "p"}
KEY = {"access_key": "AK", "secret_key": "SK", "security_token": "ST"}


@pytest.mark.parametrize(
    ("module", "credentials", "library"),
    [
        ("keystoneauth1", Credentials("password", PASSWORD), "keystoneauth1"),
        ("keystoneauth1.identity", Credentials("password", PASSWORD), "keystoneauth1"),
        ("openstack.config", Credentials("cloud", {}, cloud="one"), "openstacksdk"),
        ("huaweicloudsdkcore.sdk_request", Credentials("aksk", KEY), "huaweicloudsdkcore"),
    ],
)
def test_a_missing_library_is_named(
    monkeypatch: pytest.MonkeyPatch, module: str, credentials: Credentials, library: str
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(LibraryMissing, match=f"The Python library {library} is needed") as caught:
        log_in(credentials, mask=lambda _secret: None)
    assert (caught.value.library, caught.value.kind, caught.value.transient) == (library, "input", False)


@pytest.mark.parametrize(
    "settings",
    [{"verify": "/nonexistent.pem"}, {"cert": "/nonexistent.pem"}, {"cert": ("/nonexistent.pem", "/other.pem")}],
)
def test_a_certificate_file_that_is_not_there_is_named(settings: Dict[str, Any]) -> None:
    with pytest.raises(InputError, match=r"/nonexistent\.pem does not exist"):
        log_in(Credentials("password", PASSWORD, **settings), mask=lambda _secret: None)


def test_secrets_are_masked_before_anything_is_sent() -> None:
    masked: List[str] = []
    log_in(Credentials("password", PASSWORD), masked.append)
    assert set(masked) == {"pw", f"{PASSWORD['username']}:pw"}


def test_a_login_without_a_catalog_has_no_endpoint_and_no_project() -> None:
    login = Login(Credentials("aksk", KEY), None, lambda _secret: None)
    assert login.endpoint(("compute",)) is None
    assert login.project_id is None


URL = "https://api.example.com/v1/operations"
THREADS = 20
SOON = 30.0  # seconds until a thread that hangs fails the test


class Network(BaseAdapter):
    """Answers in place of the network. seen: the requests with their proxies; answer: status of a request."""

    def __init__(self, answer: Callable[[Any], int] = lambda _request: 200) -> None:
        super().__init__()
        self.answer = answer
        self.seen: List[Any] = []
        self.proxies: List[Dict[str, str]] = []

    def send(self, request: Any, **settings: Any) -> requests.Response:  # type: ignore[override]
        self.seen.append(request)
        self.proxies.append(dict(settings["proxies"]))
        response = requests.Response()
        response.request, response.url, body = request, request.url, {}
        response.status_code = self.answer(request)
        if request.method == "POST":
            response.status_code = 201
            response.headers["X-Subject-Token"] = f"token-{len(self.seen)}"
            body = {"token": {"expires_at": "2999-01-01T00:00:00Z", "methods": [], "catalog": [], "user": {}}}
        elif not request.url.startswith(URL):
            links = [{"rel": "self", "href": PASSWORD["auth_url"]}]
            body = {"version": {"id": "v3.14", "status": "stable", "links": links}}
        response.raw = io.BytesIO(json.dumps(body).encode())
        return response

    def close(self) -> None:
        """Close nothing."""


Connected = Callable[[Login, Network], Login]


@pytest.fixture
def connected(monkeypatch: pytest.MonkeyPatch) -> Connected:
    """Have a login send to a network."""

    def connect(login: Login, network: Network) -> Login:
        monkeypatch.setattr(BoundedSession, "get_adapter", lambda _session, url: network)
        return login

    return connect


def giving(*tokens: str) -> Login:
    """Return a login that gets these tokens, one each time."""
    plugin = v3.Password(**PASSWORD)
    left = iter(tokens)
    plugin.get_auth_ref = lambda _session, **_more: AccessInfoV3(
        {"token": {"expires_at": "2999-01-01T00:00:00Z", "catalog": []}}, auth_token=next(left)
    )
    return Login(Credentials("password", PASSWORD), plugin, lambda _secret: None)


def send_from_threads(login: Login) -> List[int]:
    with ThreadPoolExecutor(THREADS) as pool:
        waiting = [pool.submit(login.send, URL, {}) for _each in range(THREADS)]
        return [each.result(timeout=SOON).status_code for each in waiting]


def test_many_threads_that_are_refused_at_once_renew_the_token_once(connected: Connected) -> None:
    refused = threading.Barrier(THREADS)

    def answer(request: Any) -> int:
        if request.headers["X-Auth-Token"] == "new":
            return 200
        refused.wait(SOON)  # all of them have the old token before the first one can renew it
        return 401

    login = connected(giving("old", "new"), Network(answer))
    assert send_from_threads(login) == [200] * THREADS
    assert (login.logins, login.reauthentications) == (2, 1)


def test_many_threads_fetch_the_first_token_once(connected: Connected) -> None:
    login = connected(giving("only"), Network())
    assert send_from_threads(login) == [200] * THREADS
    assert login.logins == 1


def test_a_new_token_that_is_refused_too_is_not_renewed_again(connected: Connected) -> None:
    network = Network(lambda _request: 401)
    login = connected(giving("old", "new"), network)
    assert login.send(URL, {}).status_code == 401
    assert [each.headers["X-Auth-Token"] for each in network.seen] == ["old", "new"]


def test_a_token_that_cannot_be_renewed_is_sent_once(connected: Connected) -> None:
    network = Network(lambda _request: 401)
    given = Credentials("token", {"token": "given"}, endpoint="https://api.example.com/v1")
    login = connected(log_in(given, lambda _secret: None), network)
    assert login.send(URL, {"X-Version": "1"}).status_code == 401
    ((sent),) = network.seen
    assert (sent.headers["X-Auth-Token"], sent.headers["X-Version"]) == ("given", "1")


@pytest.mark.parametrize("kind", ["token", "aksk", "password", "none"])
def test_a_password_of_netrc_is_never_sent(
    connected: Connected, kind: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    if kind == "aksk":
        pytest.importorskip("huaweicloudsdkcore")
    netrc = tmp_path / "netrc"
    lines = [f"machine {host}.example.com login someone password secret" for host in ("api", "keystone")]
    netrc.write_text("\n".join(lines), encoding="utf-8")
    monkeypatch.setenv("NETRC", str(netrc))
    assert requests.utils.get_netrc_auth(URL) == ("someone", "secret"), "else this test would show nothing"
    given = {
        "token": Credentials("token", {"token": "given"}, endpoint="https://api.example.com/v1"),
        "aksk": Credentials("aksk", {"access_key": "AK", "secret_key": "SK"}),
        "password": Credentials("password", PASSWORD),
        "none": Credentials("none", {}),
    }[kind]
    network = Network()
    connected(log_in(given, lambda _secret: None), network).send(URL, {})
    assert network.seen
    assert not any("Basic" in each.headers.get("Authorization", "") for each in network.seen)


@pytest.mark.parametrize(
    ("credentials", "header"),
    [
        (Credentials("basic", {"username": "jos\u00e9", "password": "p\u00e4ss"}), "Basic am9zw6k6cMOkc3M="),  # UTF-8
        (Credentials("bearer", {"token": "tok-1"}), "Bearer tok-1"),
        (Credentials("none", {}), None),
    ],
)
def test_a_login_of_one_header_sends_it(connected: Connected, credentials: Credentials, header: Optional[str]) -> None:
    network = Network()
    login = connected(log_in(credentials, lambda _secret: None), network)
    assert login.send(URL, {}).status_code == 200
    ((sent),) = network.seen
    assert sent.headers.get("Authorization") == header
    assert (login.signer, login.endpoint(("compute",)), login.project_id) == (None, None, None)


@pytest.mark.parametrize(
    ("no_proxy", "expected"), [("", "http://proxy.example.com:3128"), ("api.example.com", None), ("*", None)]
)
def test_the_proxies_of_the_environment_are_used(
    connected: Connected, monkeypatch: pytest.MonkeyPatch, no_proxy: str, expected: Optional[str]
) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example.com:3128")
    monkeypatch.setenv("NO_PROXY", no_proxy)
    network = Network()
    given = Credentials("token", {"token": "given"}, endpoint="https://api.example.com/v1")
    login = connected(log_in(given, lambda _secret: None), network)
    for _request in range(2):
        login.send(URL, {})
    assert [proxies.get("https") for proxies in network.proxies] == [expected] * 2
