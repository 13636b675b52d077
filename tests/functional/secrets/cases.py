# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The runs: every kind of login, and every outcome of a task."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import requests
from misplaced import LOGIN, TASK, Plant
from planted import API_KEY, LOGINS, SLIPS, plant_text
from simulator import Simulator
from talkative import BROKEN, ECHO, ISSUER, KEY, MOVED, SESSION, SESSIONS, TOKEN

Options = dict[str, Any]
NOTHING: Mapping[str, Any] = MappingProxyType({})
_PASSWORD = ("auth_url", "username", "password", "user_domain_name", "project_id")
_DONE: Options = {"started": 100}
_FAILED: Options = {"started": 100, "fail": True}
_RUNNING: Options = {"duration": 36000}
_TIMEOUT = 60  # seconds in which immediate work ends, also on a busy machine
_STATES = {"running": ["running"], "succeeded": ["done"], "failed": ["failed"]}
GOOGLE = {
    "show": "/v1/operations/{operation_id}",
    "id": "name",
    "states": _STATES,
    "error_message": "error.message",
    "state": "done == `true` && (error && 'failed' || 'done') || 'running'",
}
_AZURE_PLACE = "subscriptions/0b1f6471-1bf0-4dda-aec3-cb9272f09590/providers/Microsoft.Compute/locations/westeurope"
AZURE = {
    "show": f"/{_AZURE_PLACE}/operations/{{operation_id}}?api-version=2024-07-01",
    "id": "name",
    "state": "status",
    "error_message": "error.message",
    "states": {"running": ["InProgress"], "succeeded": ["Succeeded"], "failed": ["Failed", "Canceled"]},
}
SESSION_LOGIN = {
    "path": SESSIONS,
    "json": {"auth": {"user": "{username}", "password": "{password}"}},
    "token": f"header:{SESSION}",
    "header": SESSION,
}


class Kind(NamedTuple):
    """A kind of login. options: of the task. environ: of Ansible. begin: what begins an operation."""

    name: str
    cloud: str
    operation: str
    options: Options
    environ: Mapping[str, str] = NOTHING

    def begin(self, simulator: Simulator, plan: Options) -> Options:
        """Return an operation, as options name it."""
        # A running operation has its own server: on a busy one, no failed operation counts as finished.
        servers = simulator.clouds[self.cloud]["server_ids"] if self.operation == "reboot" else [None, None]
        begun = simulator.add_operation(self.cloud, self.operation, servers[plan is _RUNNING], **plan)
        needs_none = self.options.get("provider") in ("custom", "huaweicloud_job", "ecl_vna")
        return {name: begun[name] for name in ("operation_id", "resource_id")[: 1 if needs_none else 2]}


def _password(account: Options) -> Options:
    return {name: account[name] for name in _PASSWORD}


def _key(account: Options, pair: Options) -> Options:
    names = ("access_key", "secret_key", "security_token")
    return {**{name: pair[name] for name in names if name in pair}, "iam_endpoint": account["iam_endpoint"]}


def log_in(account: Options) -> str:
    """Return a token, as a user gets it elsewhere."""
    user = {
        "name": account["username"],
        "password": account["password"],
        "domain": {"name": account["user_domain_name"]},
    }
    body = {
        "auth": {
            "identity": {"methods": ["password"], "password": {"user": user}},
            "scope": {"project": {"id": account["project_id"]}},
        }
    }
    return str(requests.post(f"{account['auth_url']}/auth/tokens", json=body, timeout=10).headers["X-Subject-Token"])


def option_kinds(simulator: Simulator) -> list[Kind]:
    """Return the kinds of login with secrets in options or in clouds.yaml, which one process can run."""
    cloud, plain = simulator.clouds, simulator.services
    nova, otc, huawei, ecl = (cloud[name] for name in ("openstack", "otc", "huaweicloud", "ecl"))
    credential = {
        name: nova[name] for name in ("auth_url", "application_credential_id", "application_credential_secret")
    }
    region = {"region_name": huawei["region_name"]}
    return [
        Kind("password", "ecl", "Action", {"provider": "ecl_vna", "auth": _password(ecl)}),
        Kind("application_credential", "openstack", "reboot", {"provider": "openstack", "auth": credential}),
        Kind(
            "token",
            "openstack",
            "reboot",
            {"provider": "openstack", "endpoint": nova["endpoint"], "auth": {"token": log_in(nova)}},
        ),
        Kind(
            "aksk",
            "huaweicloud",
            "rebootServer",
            {"provider": "huaweicloud_job", "endpoint": huawei["ecs_endpoint"], "auth": _key(huawei, huawei), **region},
        ),
        Kind(
            "security_token",
            "otc",
            "reboot",
            {
                "provider": "otc_ecs",
                "endpoint": otc["endpoint"],
                "region_name": otc["region_name"],
                "auth": _key(otc, otc["temporary"]),
            },
        ),
        Kind(
            "basic",
            "azure",
            "restart",
            {
                "provider": "custom",
                "endpoint": plain["azure"]["endpoint"],
                "definition": AZURE,
                "auth_type": "basic",
                "auth": {name: plain["azure"][name] for name in ("username", "password")},
            },
        ),
        Kind(
            "bearer",
            "google",
            "restart",
            {
                "provider": "custom",
                "endpoint": plain["google"]["endpoint"],
                "definition": GOOGLE,
                "auth_type": "bearer",
                "auth": {"token": plain["google"]["token"]},
            },
        ),
        Kind("clouds.yaml", "fujitsu", "reboot", {"provider": "fujitsu_k5", "cloud": "planted"}),
        *_described_kinds(plain, simulator.url),
    ]


def _described_kinds(plain: Mapping[str, Options], url: str) -> Iterator[Kind]:
    """Yield the kinds of login that only an API has which the user describes."""
    logins: Mapping[str, tuple[str, Options, Options]] = {
        "header": ("google", {}, {"token": API_KEY.text, "header": KEY, "prefix": "key="}),
        "login": ("azure", {"login": SESSION_LOGIN}, {"username": "me", "password": LOGINS["azure"].text}),
        "oauth2": (
            "google",
            {},
            {
                "token_url": f"{url}/google/{TOKEN}",
                "client_id": "me",
                "client_secret": LOGINS["google"].text,
                "scope": "all",
            },
        ),
    }
    for auth_type, (service, more, auth) in logins.items():
        definition = {**(AZURE if service == "azure" else GOOGLE), **more}
        options = {"endpoint": plain[service]["endpoint"], "definition": definition, "auth": auth}
        yield Kind(auth_type, service, "restart", {"provider": "custom", "auth_type": auth_type, **options})


def environment_kinds(simulator: Simulator) -> list[Kind]:
    """Return the kinds of login with secrets in the environment of Ansible."""
    nova, otc, huawei = (simulator.clouds[name] for name in ("openstack", "otc", "huaweicloud"))
    user = {f"OS_{name.upper()}": nova[name] for name in _PASSWORD}
    credential = {
        f"OS_{name.upper()}": nova[name]
        for name in ("auth_url", "application_credential_id", "application_credential_secret")
    }
    temporary = otc["temporary"]
    trusted = {"CLOUDGATE_TRUSTED_HOSTS": urlsplit(simulator.url).netloc}  # where the environment names no host itself
    return [
        Kind("OS_PASSWORD", "openstack", "reboot", {"provider": "openstack"}, user),
        Kind("OS_APPLICATION_…", "openstack", "reboot", {"provider": "openstack"}, credential),
        Kind(
            "OS_TOKEN",
            "openstack",
            "reboot",
            {"provider": "openstack", "endpoint": nova["endpoint"]},
            {"OS_TOKEN": log_in(nova), **trusted},
        ),
        Kind(
            "HUAWEICLOUD_SDK_…",
            "huaweicloud",
            "reboot",
            {"provider": "huaweicloud_ecs", "endpoint": huawei["endpoint"]},
            {
                "HUAWEICLOUD_SDK_AK": huawei["access_key"],
                "HUAWEICLOUD_SDK_SK": huawei["secret_key"],
                "HUAWEICLOUD_SDK_IAM_ENDPOINT": huawei["iam_endpoint"],
                "HW_REGION_NAME": huawei["region_name"],
            },
        ),
        Kind(
            "HW_…",
            "otc",
            "rebootServer",
            {"provider": "otc_job", "endpoint": otc["ecs_endpoint"]},
            {
                "HW_ACCESS_KEY": temporary["access_key"],
                "HW_SECRET_KEY": temporary["secret_key"],
                "HW_SECURITY_TOKEN": temporary["security_token"],
                "HW_PROJECT_ID": otc["project_id"],
                "HW_REGION_NAME": otc["region_name"],
                **trusted,
            },
        ),
        Kind("OS_CLOUD", "fujitsu", "reboot", {"provider": "fujitsu_k5"}, {"OS_CLOUD": "planted"}),
    ]


def cloud_name(plant: Plant) -> str:
    """Return the name of a cloud of clouds.yaml."""
    return f"login-{plant.name}"


def planted_cloud(plant: Plant, secret: str, url: str) -> Options:
    """Return a cloud of clouds.yaml, whose Keystone refuses the login and repeats everything it received."""
    keystone = f"{url}/{ECHO}/openstack/identity/v3"
    text = json.dumps(plant.make(secret)).replace("{keystone}", keystone)
    return dict(json.loads(text.replace("{issuer}", f"{url}/{ISSUER}/openstack/token")))


def clouds_yaml(simulator: Simulator, plants: list[Plant]) -> tuple[Options, Options]:
    """clouds.yaml and secure.yaml, in which every second login has its secret; JSON is YAML."""
    account = simulator.clouds["fujitsu"]
    auth = {name: account[name] for name in _PASSWORD if name != "password"}
    open_part = {"planted": {"auth": auth, "region_name": account["region_name"]}}
    secure_part: Options = {"planted": {"auth": {"password": account["password"]}}}
    for number, plant in enumerate(each for each in plants if each.kind == LOGIN):
        cloud = planted_cloud(plant, plant_text(plant), simulator.url)
        if number % 2:
            name = next(name for name, value in cloud["auth"].items() if value == plant_text(plant))
            secure_part[cloud_name(plant)] = {"auth": {name: cloud["auth"].pop(name)}}
        open_part[cloud_name(plant)] = cloud
    return {"clouds": open_part}, {"clouds": secure_part}


Change = Callable[["Kind", str], Options]


def _endpoint(manner: str) -> Change:
    def change(kind: Kind, url: str) -> Options:
        path = urlsplit(kind.options.get("endpoint") or "").path or f"/{kind.cloud}"
        return {"endpoint": f"{url}/{manner}{path}", "timeout": 1}

    return change


def _login(manner: str) -> Change:
    """Return the fault rule for the host that issues tokens, or that knows the project of an access key."""

    def change(kind: Kind, url: str) -> Options:
        auth = dict(kind.options.get("auth") or {})
        if kind.name == "login":
            login = {**SESSION_LOGIN, "path": f"{manner}/{SESSIONS}"}
            return {"definition": {**AZURE, "login": login}, "timeout": 1}
        given = {name: auth[name] for name in ("auth_url", "iam_endpoint", "token_url") if name in auth}
        given = given or ({} if auth else {"auth_url": f"/{kind.cloud}/identity/v3"})
        return {
            "auth": {**auth, **{name: f"{url}/{manner}{urlsplit(old).path}" for name, old in given.items()}},
            "timeout": 1,
        }

    return change


class Outcome(NamedTuple):
    """An outcome of a task. plan: of the operation. change: of the options. ends: the failure.kind."""

    name: str
    plan: Options = _DONE
    change: Change = lambda _kind, _url: {}
    ends: str | None = None
    keywords: Mapping[str, Any] = NOTHING


CRASH = "crash"  # how a task ends that has no result of ours
OUTCOMES = (
    Outcome("opens"),
    Outcome("refused", change=_endpoint(ECHO), ends="auth"),
    Outcome("login refused", change=_login(ECHO), ends="auth"),
    Outcome("failed", _FAILED, ends="failed"),
    Outcome("timed out", _RUNNING, lambda _kind, _url: {"timeout": 1}, "timeout"),
    Outcome("redirected", change=_endpoint(MOVED), ends="protocol"),
    Outcome("login redirected", change=_login(MOVED), ends="protocol"),
    Outcome("broken", change=_endpoint(BROKEN), ends="timeout"),
    Outcome("login broken", change=_login(BROKEN), ends="timeout"),
    Outcome("unreachable", change=lambda _kind, _url: {"endpoint": "http://127.0.0.1:1", "timeout": 1}, ends="timeout"),
    Outcome("bad input", change=lambda _kind, _url: {"poll_min": -1}, ends="input"),
    Outcome("crash", ends=CRASH, keywords={"environment": {"SECRETS_CRASH": "1"}}),
    Outcome("asynchronous", keywords={"async": 60, "poll": 1}),
    Outcome("check mode", _RUNNING, keywords={"check_mode": True}),
)
FIRST_SLICE = 5.0  # seconds
SLICED = Outcome(
    "in slices",
    _RUNNING,
    lambda _kind, _url: {"timeout": FIRST_SLICE + 1},
    "timeout",
    {"connection": "elsewhere"},
)


def fits(kind: Kind, outcome: Outcome) -> bool:
    """Return whether the case exists: not every kind of login requests a token."""
    changed = {**outcome.change(kind, ""), "timeout": None}
    return not outcome.name.startswith("login") or any(kind.options.get(name) != changed[name] for name in changed)


def task_of(kind: Kind, outcome: Outcome, simulator: Simulator) -> Options:
    """Return the options of a task."""
    changed = outcome.change(kind, simulator.url)
    limits = {"poll_min": 0.5, "timeout": _TIMEOUT}
    return copy.deepcopy({**limits, **kind.options, **kind.begin(simulator, outcome.plan), **changed})


def in_groups(kinds: list[Kind], outcome: Outcome, simulator: Simulator) -> Options:
    """Return the task with the same options for several clouds, in `groups`."""
    groups = []
    of_all: Options = {}
    for kind in kinds:
        task = task_of(kind, outcome, simulator)
        named = {name: task.pop(name) for name in ("operation_id", "resource_id") if name in task}
        of_all |= {name: task.pop(name) for name in ("poll_min", "timeout") if name in task}
        groups.append({**task, "operations": [named]})
    return {**of_all, "groups": groups}


BROKEN_YAML = {
    name: f"clouds:\n  planted:\n    auth:\n      password: {sign}{SLIPS[name]}\n"
    for name, sign in (("alias", "*"), ("tag", "!"))
}


def planted_tasks(plants: list[Plant]) -> Iterator[tuple[Plant, Options]]:
    """A task for each plant in an option or in a login of clouds.yaml."""
    for plant in plants:
        if plant.kind == TASK:
            yield plant, plant.make(plant_text(plant))
        elif plant.kind == LOGIN:
            yield (
                plant,
                {
                    "provider": "openstack",
                    "operation_id": "req-1",
                    "resource_id": "server-1",
                    "timeout": 1,
                    "cloud": cloud_name(plant),
                },
            )


def slips(simulator: Simulator) -> Iterator[tuple[str, Options]]:
    """Return common mistakes that contain a secret. Those of BROKEN_YAML have it in clouds.yaml."""
    nova, google = simulator.clouds["openstack"], simulator.services["google"]
    auth = {**_password(nova), "password": ""}
    plain = {"provider": "openstack", "operation_id": "req-1", "resource_id": nova["server_ids"][0]}
    custom = {
        "provider": "custom",
        "endpoint": google["endpoint"],
        "definition": GOOGLE,
        "operation_id": "operations",
        "timeout": 1,
    }
    yield "misspelled", {**plain, "auth": {**auth, "pasword": SLIPS["misspelled"]}}
    yield "in-url", {**plain, "auth": auth, "endpoint": f"http://user:{SLIPS['in-url']}@127.0.0.1:1/v2.1"}
    headers = {"Authorization": f"Bearer {SLIPS['in-header']}"}
    yield "in-header", {**custom, "auth_type": "none", "definition": {**GOOGLE, "headers": headers}}
    yield "newline", {**custom, "auth_type": "bearer", "auth": {"token": f"{SLIPS['newline']}\n"}}
    yield "odd-token", {**custom, "auth_type": "bearer", "auth": {"token": f"{SLIPS['odd-token']}\u20ac"}}
    yield "in-list", {**plain, "auth": {**auth, "password": [SLIPS["in-list"]]}}
    group = {"provider": "none", "auth": {"password": SLIPS["broken-group"]}, "operations": [{"operation_id": "a"}]}
    yield "broken-group", {"groups": [group]}
    yield "as-text", {**plain, "auth": f"username=me password={SLIPS['as-text']} auth_url=none"}
    for name in BROKEN_YAML:
        yield name, {**plain, "cloud": "planted"}
