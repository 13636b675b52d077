# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Shared by the tests of the simulator: a clock moved by hand and clients of its clouds."""

from __future__ import annotations

import time
from typing import Any

import requests
from simulator import Simulator

REBOOT = {"reboot": {"type": "SOFT"}}


class Clock:
    def __init__(self) -> None:
        self.now = time.time()

    def __call__(self) -> float:
        return self.now

    def advance(self, seconds: float) -> None:
        self.now += seconds


class Client:
    """One logged-in user of one cloud; paths are relative to the cloud's prefix."""

    def __init__(self, sim: Simulator, cloud: str, admin: bool = False) -> None:
        self.account = sim.clouds[cloud]
        self.root = f"{sim.url}/{cloud}"
        self.headers: dict[str, str] = {}
        prefix = "admin_" if admin else ""
        user = {
            "name": self.account[f"{prefix}username"],
            "password": self.account[f"{prefix}password"],
            "domain": {"name": self.account["user_domain_name"]},
        }
        answer = self.login({"methods": ["password"], "password": {"user": user}})
        assert answer.status_code == 201, answer.text
        self.headers["X-Auth-Token"] = answer.headers["X-Subject-Token"]

    def login(self, identity: dict[str, Any]) -> requests.Response:
        scope = {"project": {"id": self.account["project_id"]}}
        return requests.post(
            f"{self.root}/identity/v3/auth/tokens", json={"auth": {"identity": identity, "scope": scope}}, timeout=5
        )

    def call(
        self,
        method: str,
        path: str,
        simulate: str = "",
        version: str = "",
        json: Any = None,
        headers: dict[str, str] | None = None,
    ) -> requests.Response:
        sent = self.headers | (headers or {})
        if simulate:
            sent["X-Simulate"] = simulate
        if version:
            sent["OpenStack-API-Version"] = f"compute {version}"
        return requests.request(method, self.root + path, json=json, headers=sent, timeout=5)

    def get(self, path: str, version: str = "", **more: Any) -> requests.Response:
        return self.call("GET", path, version=version, **more)


class Nova(Client):
    """The compute API of the simulated OpenStack, at the newest microversion by default."""

    @property
    def server_id(self) -> str:
        return str(self.account["server_ids"][0])

    def nova(self, method: str, path: str, version: str = "2.96", **more: Any) -> requests.Response:
        return self.call(method, f"/compute/v2.1/servers{path}", version=version, **more)

    def act(self, body: dict[str, Any], simulate: str = "", server_id: str = "") -> str:
        answer = self.nova("POST", f"/{server_id or self.server_id}/action", json=body, simulate=simulate)
        assert answer.status_code in (200, 202, 204), answer.text
        return answer.headers["X-Compute-Request-Id"]

    def action(self, request_id: str, version: str = "2.96", server_id: str = "") -> dict[str, Any]:
        answer = self.nova("GET", f"/{server_id or self.server_id}/os-instance-actions/{request_id}", version)
        assert answer.status_code == 200, answer.text
        return dict(answer.json()["instanceAction"])

    def server(self, server_id: str = "") -> dict[str, Any]:
        answer = self.nova("GET", f"/{server_id or self.server_id}")
        assert answer.status_code == 200, answer.text
        return dict(answer.json()["server"])
