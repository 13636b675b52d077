# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Raw calls to the lab: Compute API, Keystone's token, control port. Needs nothing but requests."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any

import requests

IMAGE = "155d900f-4e14-4e4c-a73d-069cbf4541e6"
OTHER_IMAGE = "a2459075-d96c-40d5-893e-577ff92e721c"
MICROVERSION = "2.95"
SECONDS = 60


@dataclass(frozen=True)
class Answer:
    """One answer of the API together with its request."""

    status: int
    body: Any
    request_id: str | None
    request: requests.PreparedRequest


def direct_session() -> requests.Session:
    """Return a session without the proxies and certificates of the environment."""
    session = requests.Session()
    session.trust_env = False
    return session


class Client:
    """The Compute API as one user."""

    def __init__(self, user: str, password: str, project: str = "demo") -> None:
        self._session = direct_session()
        domain = {"id": "default"}
        identity = {
            "methods": ["password"],
            "password": {"user": {"name": user, "password": password, "domain": domain}},
        }
        response = self._session.post(
            os.environ["OS_AUTH_URL"] + "/auth/tokens",
            json={"auth": {"identity": identity, "scope": {"project": {"name": project, "domain": domain}}}},
            timeout=SECONDS,
        )
        response.raise_for_status()
        token = response.json()["token"]
        self._headers = {
            "X-Auth-Token": response.headers["X-Subject-Token"],
            "OpenStack-API-Version": f"compute {MICROVERSION}",
            "X-Lab": "1",
        }
        urls = {service["type"]: service["endpoints"][0]["url"] for service in token["catalog"] if service["endpoints"]}
        self._url = f"{urls['compute']}/{token['project']['id']}"
        self._image_url = urls["image"]

    def call(self, method: str, path: str, body: Any = None) -> Answer:
        """Send one request."""
        response = self._session.request(method, self._url + path, json=body, headers=self._headers, timeout=SECONDS)
        try:
            content = response.json()
        except ValueError:
            content = response.text or None
        return Answer(response.status_code, content, response.headers.get("x-compute-request-id"), response.request)

    def images(self, server: str) -> list[dict[str, Any]]:
        """List the images that were made of a server, newest first."""
        url = f"{self._image_url}/v2/images"
        response = self._session.get(url, params={"instance_uuid": server}, headers=self._headers, timeout=SECONDS)
        response.raise_for_status()
        return response.json()["images"]

    def get(self, path: str) -> Answer:
        """GET."""
        return self.call("GET", path)

    def post(self, path: str, body: Any) -> Answer:
        """POST."""
        return self.call("POST", path, body)

    def delete(self, path: str) -> Answer:
        """DELETE."""
        return self.call("DELETE", path)


def control(path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
    """Send a command to the control port; the answer describes the computes."""
    response = direct_session().post(os.environ["LAB_CONTROL_URL"] + path, json=body or {}, timeout=SECONDS)
    response.raise_for_status()
    return response.json()
