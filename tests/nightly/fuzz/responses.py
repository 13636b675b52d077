# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Read what a server sent: HTTP, proxies and Keystone's answers."""

from __future__ import annotations

import gzip
import json
import os
import zlib
from typing import Any
from unittest import mock

from ansible_collections.cloudgate.operations.plugins.module_utils._auth import credentials, kinds
from ansible_collections.cloudgate.operations.plugins.module_utils._auth.login import log_in
from ansible_collections.cloudgate.operations.plugins.module_utils._http.client import ApiClient
from ansible_collections.cloudgate.operations.plugins.module_utils._model.errors import GateError
from ansible_collections.cloudgate.operations.plugins.module_utils._model.reference import Reference
from ansible_collections.cloudgate.operations.plugins.module_utils._providers.registry import (
    connect,
    info_for,
)
from fuzz.choices import Choices
from fuzz.hostile import TEXTS, damaged, spoiled
from fuzz.network import JSON, answered, unreachable, wired
from fuzz.truth import check_operation, demand

ENDPOINT = "http://api.example.test/v2.1"
OPERATION = {"operation": {"id": "o1", "status": "COMPLETE", "resource_id": "r1"}}
ACTION = {"instanceAction": {"action": "reboot", "request_id": "req-1", "instance_uuid": "s1", "events": []}}
TOKEN = {
    "token": {
        "methods": ["password"],
        "expires_at": "2036-11-21T12:00:00.000000Z",
        "issued_at": "2026-11-21T12:00:00.000000Z",
        "project": {"id": "p1", "name": "demo", "domain": {"id": "default", "name": "Default"}},
        "user": {"id": "u1", "name": "demo", "domain": {"id": "default", "name": "Default"}},
        "roles": [{"id": "r1", "name": "member"}],
        "catalog": [
            {
                "type": "compute",
                "name": "nova",
                "id": "c1",
                "endpoints": [
                    {"id": "e1", "interface": "public", "region": "r", "region_id": "r", "url": ENDPOINT},
                    {"id": "e2", "interface": "internal", "region": "r", "region_id": "r", "url": ENDPOINT},
                ],
            }
        ],
    }
}
_LINES = ("200 OK", "202 Accepted", "204 No Content", "302 Found", "401 No", "403 No", "404 No", "406 No", "429 Slow",
          "500 Oh", "503 Oh", "100 Continue", "999 ?", "2000 ?", "abc", "")  # fmt: skip
_HEADERS = ("Date", "Retry-After", "Content-Encoding", "Content-Length", "Content-Type", "Location",
            "Transfer-Encoding",
            "X-Request-Id", "X-Compute-Request-Id", "Set-Cookie", "WWW-Authenticate", "Connection")  # fmt: skip
HEADER_VALUES = (
    "Fri, 31 Dec 9999 23:59:59 GMT", "Fri, 31 Dec 9999 23:59:59 -2359", "Mon, 01 Jan 0001 00:00:00 +2359",
    "0", "-1",
    "gzip", "deflate", "br", "gzip, gzip", "identity", "chunked", "99999999999999999999", "3", "\u0663", "1e3",
    "application/json; charset=utf-99", "text/html", "Sat, 21 Nov 2026 12:00:00", "0x10", "10 000",
)  # fmt: skip


_SIZES = (b"-1", b"-5", b"-0", b"+1", b"0_2", b"", b" ", b"zz", b"f" * 20, b"F" * 70_000, b"1;" + b"x" * 70_000, b"0x1",
          b"1\x00", b"\xff")  # fmt: skip
_ENDS = (b"0\r\n\r\n", b"0\r\nA: b\r\n\r\n", b"0\r\n" + b"A: b\r\n" * 200 + b"\r\n", b"0\r\n" + b"A" * 70_000, b"0\r\n",
         b"")  # fmt: skip
_INTERIM = (b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/1.1 102 Processing\r\nA: b\r\n\r\n", b"HTTP/1.1 100 C\r\n" * 200)
_PROXY_PASSWORD = "hunter2-of-the-proxy"


def wire(choices: Choices) -> str:
    """Read a whole HTTP answer, from its first line on."""
    body = json.dumps(OPERATION).encode() if choices.below(2) else spoiled(json.dumps(OPERATION), choices)
    headers = [(choices.pick(_HEADERS), choices.pick(HEADER_VALUES + TEXTS)) for _header in range(choices.below(5))]
    packed = choices.below(6)
    if packed < 2:
        body = gzip.compress(body) if packed else zlib.compress(body)
        headers.append(("Content-Encoding", "gzip" if packed else "deflate"))
    lines = [f"HTTP/1.1 {choices.pick(_LINES)}", *(f"{name}: {said}" for name, said in headers)]
    framing = choices.below(4)
    if framing == 1:
        lines.append("Transfer-Encoding: chunked")
        body = _in_chunks(body, choices)
    elif framing:
        lines.append(f"Content-Length: {len(body)}")
    said = "\r\n".join([*lines, "", ""]).encode("utf-8", "surrogatepass") + body
    said = choices.pick(_INTERIM) * choices.below(3) + said if choices.once_in(8) else said
    return _asked(damaged(said, choices) if choices.once_in(8) else said)


def _in_chunks(body: bytes, choices: Choices) -> bytes:
    """Return the body in chunks, some of which have a wrong size, and trailers."""
    half = choices.below(len(body) + 1)
    chunks = b""
    for part in (body[:half], body[half:]):
        size = choices.pick(_SIZES) if choices.once_in(8) else b"%x" % len(part)
        chunks += size + b"\r\n" + part + b"\r\n" if part else b""
    return chunks + choices.pick(_ENDS)


def proxies(choices: Choices) -> str:
    """Use the proxies of the environment; none answers, and no sentence shows their password."""
    parts = ("http", "https", "socks5", "ftp", ":", "//", "/", "@", "[", "]", "%", "user", _PROXY_PASSWORD, "127.0.0.1",
             "h", "..", ":1", ":99999", "x" * 70, "\u2603", *TEXTS)  # fmt: skip
    made = "".join(choices.pick(parts) for _part in range(choices.below(9)))
    proxy = choices.pick((made, f"http://user:{_PROXY_PASSWORD}@{made}")).replace("\x00", "")
    proxy = proxy.encode("utf-8", "replace").decode()
    scheme = choices.pick(("http", "https"))
    variable = choices.pick((f"{scheme}_proxy", f"{scheme.upper()}_PROXY", "all_proxy", "ALL_PROXY"))
    login = log_in(credentials.Credentials(kinds.NONE, {}), lambda _secret: None)
    with mock.patch.dict(os.environ, {variable: proxy, "no_proxy": "", "NO_PROXY": ""}), unreachable():
        try:
            ApiClient(login, ENDPOINT.replace("http", scheme)).get(("operations", "o1"))
        except GateError as exc:
            demand(_PROXY_PASSWORD not in str(exc), "the password of a proxy is shown")
            raise
    return "answer"


def _asked(said: bytes) -> str:
    """One request, and the time on the API's clock after it."""
    login = log_in(credentials.Credentials(kinds.NONE, {}), lambda _secret: None)
    client = ApiClient(login, ENDPOINT)
    with wired(said):
        try:
            answer = client.get(("operations", "o1"))
        finally:
            demand(client.now().tzinfo, "a clock without a zone")
    demand(isinstance(answer, dict), "an answer that is no object")
    wait = answer.retry_after
    demand(wait is None or 0 <= wait < float("inf"), f"Retry-After of {wait}")
    json.dumps(answer, allow_nan=False, ensure_ascii=False).encode()
    return "answer"


def keystone(choices: Choices) -> str:
    """Log in with a name and a password, and send a request with the token."""
    token = spoiled(json.dumps(TOKEN), choices)
    issued = choices.pick(("token-1", *TEXTS)).encode("latin-1", "replace").decode("latin-1")
    status = choices.pick((201, 201, 201, 201, 200, 300, 401, 404, 500))
    given = {"auth_url": "http://keystone.example.test/v3", "username": "u", "password": "p", "project_id": "p1"}
    given["user_domain_id"] = "default"

    def answer(method: str, _url: str) -> Any:
        if method == "POST":
            return status, [*JSON, ("X-Subject-Token", issued)] if choices.below(8) else JSON, token
        return 200, JSON, json.dumps(ACTION).encode()

    options = {"provider": "openstack", "auth": given}
    with answered(answer):
        chosen = credentials.resolve(options, {}, aksk=False)
        provider = connect(info_for(options), log_in(chosen, lambda _secret: None), options)
        check_operation(provider.show(Reference("req-1", "s1")))
    return "operation"


def login_requests(choices: Choices) -> str:
    """Log in with a login request or with OAuth2, and send a request with the token."""
    token = spoiled(json.dumps({"data": {"token": "t0ken"}, "access_token": "acc3ss", "expires_in": 3600}), choices)
    issued = choices.pick(("t0ken-1", *TEXTS)).encode("latin-1", "replace").decode("latin-1")
    path = choices.pick(("data.token", "header:X-Token", "access_token", "@", "data"))
    status, refused = choices.pick((200, 201, 200, 204, 302, 400, 401, 429, 500)), choices.once_in(8)
    secrets = {"username": "u", "password": "p4ssword", "client_id": "c", "client_secret": "p4ssword"}
    kind = choices.pick((kinds.LOGIN, kinds.OAUTH2))
    auth = {name: secrets[name] for name in kinds.OPTIONS[kind] if name in secrets}
    login = {"path": "/login", "token": path, "json": {"password": "{password}"}}
    definition = {"show": "/operations/{operation_id}", "state": "s", "states": {"succeeded": ["x"]}, "login": login}
    options = {"provider": "custom", "endpoint": ENDPOINT, "auth_type": kind, "auth": auth, "definition": definition}
    auth.update({"token_url": f"{ENDPOINT}/login"} if kind == kinds.OAUTH2 else {})
    masked: list[str] = []

    def answer(method: str, url: str) -> Any:
        demand(url == f"{ENDPOINT}/{'login' if method == 'POST' else 'operations/o1'}", f"a {method} to {url}")
        if method == "POST":
            return status, [*JSON, ("X-Token", issued)], token
        return 401 if refused else 200, JSON, b'{"s": "x"}'

    info = info_for(options)
    with answered(answer):
        chosen = credentials.resolve({**options, "allow_http": True}, {}, aksk=False)
        found = log_in(chosen, masked.append, info.description.login if info.description else None)
        check_operation(connect(info, found, options).show(Reference("o1")))
    demand({"p4ssword"} < set(masked), "a token that is not masked")
    return "operation"
