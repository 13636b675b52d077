# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plants in misplaced or misspelled options, in variables of the role, and in every login of clouds.yaml."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import Any, NamedTuple

Options = dict[str, Any]
TASK, ROLE, LOGIN, SOURCE = "task", "role", "clouds.yaml", "event source"
_NAMESPACE = "cloudgate.operations"
WAIT, INFO, ACTIONS = (
    f"{_NAMESPACE}.{name}" for name in ("wait_for_operation", "operation_info", "instance_action_info")
)
_ACTION: Options = {"operation_id": "req-1", "resource_id": "server-1"}
_PLAIN: Options = {"provider": "openstack", **_ACTION}
_STATES = {"succeeded": ["done"]}


class Plant(NamedTuple):
    """A secret in a misplaced position. make: builds the option from the secret. module: runs with it."""

    kind: str
    name: str
    make: Callable[[str], Options]
    module: str = WAIT

    def text(self, prefix: str = "Plant") -> str:
        """Return the secret without its suffix."""
        mark = hashlib.sha256(self.name.encode()).hexdigest()[:12]
        return f"{prefix}-{self.kind.replace(' ', '-')}-{mark}"


def _group(**more: Any) -> Options:
    return {"groups": [{"provider": "openstack", "operations": [_ACTION], **more}]}


def _login_of(login: Options) -> Options:
    definition = {"show": "/{operation_id}", "state": "s", "states": _STATES, "login": {"path": "/login", **login}}
    return {
        "provider": "custom",
        "operation_id": "1",
        "endpoint": "https://127.0.0.1:1",
        "definition": definition,
        "auth_type": "login",
        "auth": {"username": "me", "password": "other-password"},
        "timeout": 1,
    }


_FOR_ALL: dict[str, Callable[[str], Options]] = {
    "password at the top": lambda secret: {**_PLAIN, "password": secret},
    "client secret at the top": lambda secret: {**_PLAIN, "client-secret": secret},
    "misspelled auth": lambda secret: {**_PLAIN, "auht": {"password": secret}},
    "misspelled auth and password": lambda secret: {**_PLAIN, "auht": {"pasword": secret}},
    "misspelled option": lambda secret: {**_PLAIN, "pasword": secret},
    "nested in auth": lambda secret: {**_PLAIN, "auth": {"login": [{"passwort": secret}]}},
    "auth in auth": lambda secret: {**_PLAIN, "auth": {"auth": {"token": secret}}},
    "text as auth": lambda secret: {**_PLAIN, "auth": json.dumps({"username": "me", "password": secret})[:-1]},
    "list as auth": lambda secret: {**_PLAIN, "auth": [[secret]]},
    "auth_type": lambda secret: {**_PLAIN, "auth_type": secret},
    "provider": lambda secret: {**_PLAIN, "provider": secret},
    "api_timeout": lambda secret: {**_PLAIN, "api_timeout": secret},
    "resource as a dict": lambda secret: {**_PLAIN, "resource_id": {"id": "server-1", "adminPass": secret}},
    "endpoint": lambda secret: {**_PLAIN, "endpoint": f"https://me:{secret}@127.0.0.1:1/v2.1"},
    "filters": lambda secret: {**_PLAIN, "filters": {"token": secret}},
    "own internal name": lambda secret: {**_PLAIN, "_ansible_own": {"token": secret}},
}
_FOR_WAITS: dict[str, Callable[[str], Options]] = {
    "password in a group": lambda secret: _group(password=secret),
    "misspelled auth in a group": lambda secret: _group(auht={"pasword": secret}),
    "connection in a group": lambda secret: _group(connection={"auth": {"password": secret}}),
    "provider of a group": lambda secret: _group(provider=secret),
    "text as a group": lambda secret: {"groups": [f"password={secret} x"]},
    "token in an operation": lambda secret: {"provider": "openstack", "operations": [{**_ACTION, "token": secret}]},
    "misspelled in an operation": lambda secret: {"provider": "openstack", "operations": [{**_ACTION, "tokn": secret}]},
    "password in a group's operation": lambda secret: {
        "groups": [{"provider": "openstack", "operations": [{**_ACTION, "password": secret}]}]
    },
    "password in definition": lambda secret: {
        **_PLAIN,
        "provider": "custom",
        "definition": {"password": secret, "state": "s", "states": _STATES},
    },
    "header in definition": lambda secret: {
        **_PLAIN,
        "provider": "custom",
        "definition": {"headers": {"PRIVATE-TOKEN": secret}, "tokn": secret},
    },
    "password in a list of definition.login": lambda secret: _login_of({"json": {"users": [{"password": secret}]}}),
    "secret in definition.login.form": lambda secret: _login_of({"form": {"client_secret": secret}}),
    "unknown in definition.login": lambda secret: _login_of({"pasword": secret}),
    "token_url": lambda secret: {
        **_login_of({}),
        "auth_type": "oauth2",
        "auth": {
            "token_url": f"https://me:{secret}@127.0.0.1:1/token?api_key={secret}",
            "client_id": "me",
            "client_secret": "other-secret",
        },
    },
    "own slice": lambda secret: {**_PLAIN, "_slice": {"elapsed": 0, "token": secret}},
    "own progress": lambda secret: {**_PLAIN, "_progress": secret},
}
_OF_ROLE: dict[str, Callable[[str], Options]] = {
    "password in the connection": lambda secret: {"operation_gate_connection": {"password": secret}},
    "misspelled in the connection": lambda secret: {"operation_gate_connection": {"auth": {"pasword": secret}}},
    "text as auth of the connection": lambda secret: {"operation_gate_connection": {"auth": secret}},
    "misspelled variable": lambda secret: {"operation_gate_conection": {"auth": {"password": secret}}},
    "password in an operation": lambda secret: {"operation_gate_operations": [{**_ACTION, "password": secret}]},
    "connection of a group": lambda secret: {
        "operation_gate_provider": "",
        "operation_gate_operations": [],
        "operation_gate_groups": [
            {"provider": "openstack", "operations": [_ACTION], "connection": {"password": secret}}
        ],
    },
}


def _login(auth_type: str, name: str, **more: Any) -> Callable[[str], Options]:
    return lambda secret: {"auth_type": auth_type, "region_name": "RegionOne", "auth": {**more, name: secret}}


_URL = "{keystone}"
_PROJECT = {"auth_url": _URL, "project_name": "demo", "project_domain_name": "Default"}
_USER = {**_PROJECT, "username": "alice", "user_domain_name": "Default"}
_OIDC = {
    **_PROJECT,
    "identity_provider": "idp",
    "protocol": "openid",
    "client_id": "gate",
    "access_token_endpoint": "{issuer}",
}
_OF_CLOUDS: dict[str, Callable[[str], Options]] = {
    "v3password": _login("v3password", "password", **_USER),
    "v3token": _login("v3token", "token", **_PROJECT),
    "v3applicationcredential": _login(
        "v3applicationcredential", "application_credential_secret", auth_url=_URL, application_credential_id="id"
    ),
    "v3totp": _login("v3totp", "passcode", **_USER),
    "v3multifactor": _login("v3multifactor", "passcode", **_USER, auth_methods=["v3totp"]),
    "v3oidcpassword": _login("v3oidcpassword", "password", **_OIDC, username="alice", client_secret="other"),
    "v3oidcclientcredentials": _login("v3oidcclientcredentials", "client_secret", **_OIDC),
    "v3oidcaccesstoken": _login(
        "v3oidcaccesstoken", "access_token", **_PROJECT, identity_provider="idp", protocol="openid"
    ),
    "v3oauth2clientcredential": _login(
        "v3oauth2clientcredential",
        "oauth2_client_secret",
        auth_url=_URL,
        oauth2_client_id="gate",
        oauth2_endpoint="{keystone}/oauth",
    ),
    "http_basic": _login("http_basic", "password", username="alice", endpoint=_URL),
    "admin_token": _login("admin_token", "token", endpoint=_URL),
    "v3oauth1": _login("v3oauth1", "access_secret", **_PROJECT, consumer_key="key", access_key="key"),
    "unknown": _login("no_such_plugin", "anything", **_USER),
    "nested": _login("v3password", "password", **_USER, more={"passcode": "Nested-other-5b1d"}),
}
_OF_SOURCE = {
    name: make
    for name, make in {**_FOR_ALL, **_FOR_WAITS}.items()
    if name not in ("resource as a dict", "filters", "own internal name", "own slice", "own progress")
}


def plants(quick: bool = False) -> list[Plant]:
    """Return all of them, or those of wait_for_operation and of the event source, and some of the others."""
    others = [
        Plant(TASK, f"{name}, {module}", make, module) for name, make in _FOR_ALL.items() for module in (INFO, ACTIONS)
    ]
    logins = [Plant(LOGIN, name, make) for name, make in _OF_CLOUDS.items()]
    return [
        *(Plant(TASK, name, make) for name, make in {**_FOR_ALL, **_FOR_WAITS}.items()),
        *others[:: 7 if quick else 1],
        *(Plant(ROLE, name, make) for name, make in list(_OF_ROLE.items())[: 4 if quick else None]),
        *logins[:: 2 if quick else 1],
        *(Plant(SOURCE, name, make) for name, make in _OF_SOURCE.items()),
    ]


def role_variables(made: Options) -> Options:
    """Return the variables of a run of the role, one of which holds a secret."""
    return {
        "operation_gate_provider": "openstack",
        "operation_gate_operations": [_ACTION],
        "operation_gate_timeout": 1,
        **made,
    }


def source_arguments(made: Options) -> Options:
    """Return the options as the event source has them: a list of operations instead of one."""
    arguments = dict(made)
    named = {name: arguments.pop(name) for name in _ACTION if name in arguments}
    return {**({"operations": [named]} if named else {}), **arguments}
