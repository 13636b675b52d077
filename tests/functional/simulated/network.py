# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A network in which every host answers, also example.com and over TLS."""

from __future__ import annotations

import io
import json
from typing import Any

import requests
from ansible_collections.cloudgate.operations.plugins.module_utils._auth.trust import host_of
from requests.adapters import HTTPAdapter
from urllib3 import HTTPResponse

ISSUED = "planted-issued-token"
TOKEN: dict[str, Any] = {
    "expires_at": "2999-01-01T00:00:00Z", "methods": [], "user": {"id": "user-1"}, "project": {"id": "project-1"},
}  # fmt: skip


def text_of(body: str | bytes) -> str:
    return body if isinstance(body, str) else body.decode()


class Network:
    """All hosts. Each of them answers and keeps what was sent to it."""

    def __init__(self, catalog: list[dict[str, Any]]) -> None:
        self.sent: dict[str, list[str]] = {}
        self.logins: list[dict[str, Any]] = []  # the bodies of the requests to Keystone
        self.urls: list[str] = []
        self.catalog = catalog

    def answer(self, request: requests.PreparedRequest) -> requests.Response:
        """Answer as Keystone, IAM and Nova do."""
        url = str(request.url)
        body = request.body or b""
        text = f"{url} {dict(request.headers)} {text_of(body)}"
        self.sent.setdefault(str(host_of(url)), []).append(text)
        answer: Any = {"projects": [{"id": "p"}]} if "/projects" in url else {"ok": True}
        status, headers = 200, {"Content-Type": "application/json"}
        self.urls.append(url)
        if request.method == "POST":
            self.logins.append(json.loads(text_of(body) or "{}"))
            status, answer = 201, {"token": {**TOKEN, "catalog": self.catalog}}
            headers["X-Subject-Token"] = ISSUED
        raw = HTTPResponse(io.BytesIO(json.dumps(answer).encode()), headers, status, preload_content=False)
        return HTTPAdapter().build_response(request, raw)

    def to(self, url: str) -> list[str]:
        """Return what was sent to the host of a URL."""
        return self.sent.get(str(host_of(url)), [])
