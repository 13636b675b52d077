# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The simulated clouds: their users, projects, keys and known resources. Constants, so that runs repeat."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

KNOWN_SERVERS = 3
# Services with jobs behind Huawei's API gateway.
GATEWAY_SERVICES = "ecs evs ims rds cce dcs ddm dds elb gaussdb gaussdb-nosql sfs-turbo".split()


def stable_uuid(*names: str) -> str:
    """Return a uuid with the digits of version 4: some of these APIs check them."""
    digits = list(uuid.uuid5(uuid.NAMESPACE_DNS, "/".join(names)).hex)
    digits[12] = "4"
    return str(uuid.UUID("".join(digits)))


def stable_hex(*names: str) -> str:
    return stable_uuid(*names).replace("-", "")


@dataclass(frozen=True)
class User:
    name: str
    password: str
    user_id: str
    roles: tuple[str, ...]

    @property
    def admin(self) -> bool:
        return "admin" in self.roles


@dataclass(frozen=True)
class AccessKey:
    access_key: str
    secret_key: str
    security_token: str | None = None


@dataclass(frozen=True)
class Cloud:
    """One cloud under its own prefix on the simulator's port."""

    name: str
    region: str
    project_name: str
    domain_id: str
    domain_name: str
    compute_path: str
    max_microversion: dict[str, int | None]  # per path version; None: no microversions
    open_events: bool  # events and tracebacks for everybody, as the cloud's document shows
    whole_seconds: bool  # its database keeps no fractions
    gateway: bool  # behind Huawei's API gateway: it has its own 401 and 404
    access_keys: tuple[AccessKey, ...] = ()
    tail: str = ""  # of all its passwords and secrets of application credentials: characters that are hard to write

    @property
    def project_id(self) -> str:
        return stable_hex(self.name, "project")

    @property
    def user(self) -> User:
        return self._user("member", f"{self.name}-user")

    @property
    def admin(self) -> User:
        return self._user("admin", f"{self.name}-admin")

    @property
    def application_credential(self) -> tuple[str, str, str]:
        """id, name, secret"""
        secret = f"{self.name}-AppSecret-c41d08e5{self.tail}"
        return stable_hex(self.name, "credential"), f"{self.name}-credential", secret

    def _user(self, role: str, name: str) -> User:
        secret = f"{self.name}-Passw0rd-7f3a9c" if role == "member" else f"{self.name}-AdminPassw0rd-2b6e4d"
        return User(name, secret + self.tail, stable_hex(self.name, name), (role,))

    def server_ids(self) -> list[str]:
        return [stable_uuid(self.name, "server", str(number)) for number in range(KNOWN_SERVERS)]

    def resource_id(self, kind: str) -> str:
        if kind == "database":
            return f"{stable_hex(self.name, kind)}in01"  # the shape of the RDS's ids
        return stable_uuid(self.name, kind)

    def describe(self, url: str) -> dict[str, Any]:
        """Return what a test or playbook needs to use this cloud."""
        root = f"{url}/{self.name}"
        credential_id, _name, credential_secret = self.application_credential
        described: dict[str, Any] = {
            "auth_url": f"{root}/identity/v3",
            "endpoint": root + self.compute_path,
            "region_name": self.region,
            "username": self.user.name,
            "password": self.user.password,
            "user_id": self.user.user_id,
            "user_domain_name": self.domain_name,
            "project_name": self.project_name,
            "project_domain_name": self.domain_name,
            "project_id": self.project_id,
            "application_credential_id": credential_id,
            "application_credential_secret": credential_secret,
            "admin_username": self.admin.name,
            "admin_password": self.admin.password,
            "server_ids": self.server_ids(),
        }
        for key in self.access_keys:
            pair = {"access_key": key.access_key, "secret_key": key.secret_key}
            if key.security_token is None:
                described |= pair
            else:
                described["temporary"] = pair | {"security_token": key.security_token}
        if self.name == "openstack":
            described["heat_endpoint"] = f"{root}/orchestration/v1/{self.project_id}"
            described["image_endpoint"] = f"{root}/image"
            described |= {
                f"{kind}_id": self.resource_id(kind)
                for kind in ("stack", "volume", "node", "image", "loadbalancer", "listener")
            }
        if self.gateway:
            described["iam_endpoint"] = f"{root}/iam"
            described |= {f"{service}_endpoint": f"{root}/{service}" for service in GATEWAY_SERVICES}
            described["database_id"] = self.resource_id("database")
            described["cluster_id"] = self.resource_id("cluster")
        if self.name == "huaweicloud":
            described["modelarts_endpoint"] = f"{root}/modelarts"
            described["lite_server_id"] = self.resource_id("lite_server")
            described["hyperinstance_id"] = self.resource_id("hyperinstance")
        if self.name == "ecl":
            described["vna_endpoint"] = f"{root}/virtual-network-appliance"
            described["appliance_id"] = self.resource_id("appliance")
            described["mlb_endpoint"] = f"{root}/managed-load-balancer"
            described["load_balancer_id"] = self.resource_id("load_balancer")
        return described


def _access_keys(name: str) -> tuple[AccessKey, ...]:
    prefix = name.upper()[:6]
    return (
        AccessKey(f"{prefix}AK7Q2M4X9ZK1", f"{name}-SecretKey-58e1b0d94c2f7a36"),
        AccessKey(f"{prefix}TEMPAK5D8W3R6", f"{name}-TempSecretKey-0c9d3e7b1a5f", f"{name}-SecurityToken-e6b27c1f904d"),
    )


CLOUDS: dict[str, Cloud] = {
    cloud.name: cloud
    for cloud in (
        Cloud(
            "openstack",
            "RegionOne",
            "demo",
            "default",
            "Default",
            "/compute/v2.1",
            {"v2.1": 96},
            open_events=False,
            whole_seconds=False,
            gateway=False,
        ),
        Cloud(
            "otc",
            "eu-de",
            "eu-de",
            stable_hex("otc", "domain"),
            "OTC00000000001000000001",
            "/ecs",
            {"v2": None, "v2.1": 60},
            open_events=True,
            whole_seconds=True,
            gateway=True,
            access_keys=_access_keys("otc"),
        ),
        # Huawei publishes no maximum: assume 2.60, as of the Open Telekom Cloud.
        Cloud(
            "huaweicloud",
            "cn-north-4",
            "cn-north-4",
            stable_hex("huaweicloud", "domain"),
            "hw00000001",
            "/ecs",
            {"v2.1": 60},
            open_events=True,
            whole_seconds=True,
            gateway=True,
            access_keys=_access_keys("huaweicloud"),
        ),
        Cloud(
            "fujitsu",
            "jp-east-1",
            "fujitsu-project",
            stable_hex("fujitsu", "domain"),
            "contract-a",
            "/compute",
            {"v2": None},
            open_events=True,
            whole_seconds=True,
            gateway=False,
        ),
        # No ECL document shows events: Nova's own default policy (administrators only) is assumed.
        Cloud(
            "ecl",
            "jp1",
            stable_hex("ecl", "project"),
            "default",
            "Default",
            "/compute",
            {"v2": None},
            open_events=False,
            whole_seconds=True,
            gateway=False,
        ),
    )
}
