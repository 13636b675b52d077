# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every login of clouds.yaml, at a cloud whose error repeats everything that it received: no secret is shown."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote_plus

import pytest

MARK = "7d20f6c1a94b"
ISSUED = f"Issued-access-token-{MARK}"
ACTION = {"provider": "openstack", "operation_id": "req-1", "resource_id": "server-1"}
PROJECT = {"auth_url": "{url}/v3", "project_name": "demo", "project_domain_name": "Default"}
USER = {**PROJECT, "username": "alice", "user_domain_name": "Default"}
FEDERATION = {**PROJECT, "identity_provider": "idp", "protocol": "openid"}
OIDC = {**FEDERATION, "client_id": "gate", "access_token_endpoint": "{url}/idp/token"}


def secret(name: str) -> str:
    return f"Own-{name}-{MARK}"


# By the name of the plugin: the auth of clouds.yaml, its secrets, and whether a secret reaches the cloud.
LOGINS: dict[str, tuple[dict[str, Any], list[str], bool]] = {
    "password": (USER, ["password"], True),
    "v3password": (USER, ["password"], True),
    "v3token": (PROJECT, ["token"], True),
    "v3applicationcredential": (
        {"auth_url": "{url}/v3", "application_credential_id": "id"},
        ["application_credential_secret"],
        True,
    ),
    "v3totp": (USER, ["passcode"], True),
    "v3multifactor": ({**USER, "auth_methods": ["v3password", "v3totp"]}, ["password", "passcode"], True),
    "v3oidcpassword": ({**OIDC, "username": "alice"}, ["client_secret", "password"], True),
    "v3oidcclientcredentials": (OIDC, ["client_secret"], True),
    "v3oidcaccesstoken": (FEDERATION, ["access_token"], True),
    "v3oidcauthcode": ({**OIDC, "redirect_uri": "https://me"}, ["client_secret", "code"], True),
    "v3oauth2clientcredential": (
        {"auth_url": "{url}/v3", "oauth2_client_id": "gate", "oauth2_endpoint": "{url}/v3/oauth"},
        ["oauth2_client_secret"],
        True,
    ),
    "http_basic": ({"username": "alice", "endpoint": "{url}/v3"}, ["password"], True),
    "admin_token": ({"endpoint": "{url}/v3"}, ["token"], True),
    "no such plugin": (USER, ["password", "access_secret", "anything"], False),
}


class Echo:
    """A host that answers 401, with all that the request held. heard: the requests."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        heard = self.heard

        class Handler(BaseHTTPRequestHandler):
            def _answer(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
                sent = f"{self.path} {' '.join(self.headers.values())} {body}"
                heard.append(sent)
                if self.path == "/idp/token":
                    status, answer = 200, {"access_token": ISSUED, "token_type": "Bearer", "expires_in": 60}
                else:
                    status, answer = 401, {"error": {"code": 401, "title": "Unauthorized", "message": f"no: {sent}"}}
                text = json.dumps(answer).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

            do_GET = do_POST = _answer  # noqa: N815 - names that http.server requires

            def log_message(self, format: str, *args: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"


@pytest.fixture
def echo() -> Iterator[Echo]:
    made = Echo()
    thread = threading.Thread(target=made.server.serve_forever, daemon=True)
    thread.start()
    yield made
    made.server.shutdown()
    made.server.server_close()
    thread.join()


def found_in(text: str, searched: str) -> bool:
    """Return whether a text is shown, plain or in Base64, at any offset."""
    if searched in text:
        return True
    encoded = [base64.b64encode(b"\0" * before + searched.encode()).decode().rstrip("=") for before in range(3)]
    return any(each[start:-1] in text for each, start in zip(encoded, (0, 2, 3), strict=True))


@pytest.mark.parametrize("secure", [False, True], ids=["clouds.yaml", "secure.yaml"])
@pytest.mark.parametrize("auth_type", LOGINS)
def test_no_login_of_clouds_yaml_shows_its_secrets(
    echo: Echo, run_module: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, auth_type: str, secure: bool
) -> None:
    plain, names, sent = LOGINS[auth_type]
    auth = json.loads(json.dumps(plain).replace("{url}", echo.url))
    hidden = {name: secret(name) for name in names}
    files: list[dict[str, Any]] = [{"auth_type": auth_type, "region_name": "here", "auth": auth | hidden}]
    if secure:
        files = [{"auth_type": auth_type, "region_name": "here", "auth": auth}, {"auth": hidden}]
    for file, cloud in zip(("CLIENT_CONFIG", "CLIENT_SECURE"), files, strict=False):
        path = tmp_path / f"{file}.yaml"
        path.write_text(json.dumps({"clouds": {"one": cloud}}), encoding="utf-8")
        monkeypatch.setenv(f"OS_{file}_FILE", str(path))

    result = run_module("operation_info", cloud="one", endpoint=f"{echo.url}/v2.1", **ACTION)

    assert result["failed"] is True
    heard = unquote_plus(" ".join(echo.heard))
    for each in hidden.values():
        assert not sent or found_in(heard, each), "what is not sent proves nothing"
        assert not found_in(json.dumps(result), each)
    assert not found_in(json.dumps(result), ISSUED)


@pytest.mark.parametrize("name", ["HTTP_PROXY", "http_proxy", "ALL_PROXY"])
@pytest.mark.parametrize(
    "form",
    [
        "http://alice:{}@127.0.0.1:9",
        "alice:{}@127.0.0.1:9",
        "http://alice:{}@127.0.0.1:x",
        "http://alice:{}/#@127.0.0.1:9",
    ],
)
def test_the_password_of_a_proxy_is_not_shown(
    run_module: Any, monkeypatch: pytest.MonkeyPatch, name: str, form: str
) -> None:
    monkeypatch.delenv("NO_PROXY")
    monkeypatch.setenv(name, form.format(secret("proxy")))
    auth = {
        "auth_url": "http://keystone.invalid/v3",
        "username": "alice",
        "password": "x",
        "user_domain_id": "d",
        "project_id": "p",
    }
    result = run_module("operation_info", auth=auth, **ACTION)
    assert result["failed"] is True
    assert not found_in(json.dumps(result), secret("proxy"))
