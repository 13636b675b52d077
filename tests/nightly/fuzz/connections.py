# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Read connection options, the environment and clouds.yaml, and connect with them."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from unittest import mock

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.cloudgate.operations.plugins.module_utils._auth import credentials, kinds
from ansible_collections.cloudgate.operations.plugins.module_utils._auth.login import log_in
from ansible_collections.cloudgate.operations.plugins.module_utils._model.errors import InputError
from ansible_collections.cloudgate.operations.plugins.module_utils._module.argspec import (
    CONNECTION_SPEC,
)
from ansible_collections.cloudgate.operations.plugins.module_utils._module.number_options import read_durations
from ansible_collections.cloudgate.operations.plugins.module_utils._providers.registry import (
    PROVIDERS,
    check_options,
    connect,
    info_for,
)
from fuzz import values
from fuzz.choices import Choices
from fuzz.hostile import TEXTS, spoiled
from fuzz.network import JSON, answered, wired
from fuzz.responses import ENDPOINT, TOKEN

CLOUDS = {
    "clouds": {
        "one": {
            "auth": {
                "auth_url": "http://keystone.example.test/v3",
                "username": "demo",
                "password": "p",
                "project_name": "demo",
                "user_domain_name": "Default",
            },
            "region_name": "r",
            "interface": "public",
            "auth_type": "password",
            "verify": True,
            "compute_endpoint_override": ENDPOINT + "/%(project_id)s",
            "compute_interface": "internal",
            "compute_region_name": "r",
            "compute_service_type": "compute",
            "compute_service_name": "nova",
        }
    }
}
DEFINITION = {"show": "/{operation_id}", "state": "s", "states": {"succeeded": ["x"]}, "login": {"path": "/login"}}
LARGEST_FILE = 256 * 1024  # bytes of clouds.yaml, which is the user's own: PyYAML takes 2.5 s for each megabyte


def validated(spec: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """Options as Ansible gives them to a module. Raises InputError for what Ansible refuses."""
    try:
        checked = ArgumentSpecValidator(dict(spec)).validate(dict(given))
    except (TypeError, OverflowError) as exc:  # it fails on a number instead of a dict, and on .inf
        raise InputError("Ansible refuses it.") from exc
    if checked.error_messages:
        raise InputError("Ansible refuses it.")
    return dict(checked.validated_parameters)


def logins(choices: Choices) -> str:
    """Connection options and the environment, and a request with what they give."""
    names = tuple(
        name for name in CONNECTION_SPEC if name not in ("cloud", "auth", "ca_cert", "client_cert", "client_key")
    )
    provider = choices.pick((*PROVIDERS, "custom", "custom", "huaweicloud_ecs"))
    given: dict[str, Any] = {choices.pick(names): values.text(choices) for _name in range(choices.below(2))}
    kind = choices.pick(("password", "token", "application_credential", "aksk", *kinds.HEADERS))
    given["auth"] = {option: _word(choices) for option in kinds.OPTIONS[kind] if choices.below(8)}
    given["endpoint"] = choices.pick((*[ENDPOINT + "/p1"] * 30, *TEXTS))
    given["auth_type"] = kind if choices.below(8) else None
    given["allow_http"] = choices.below(8) > 0
    variables = [name for each in kinds.ENVIRONMENT.values() for name in each] + [
        "OS_REGION_NAME",
        "OS_AUTH_TYPE",
        "CLOUDGATE_TRUSTED_HOSTS",
    ]
    environ = {choices.pick(variables): _word(choices) for _name in range(choices.below(6))}
    task = validated(dict(CONNECTION_SPEC, provider={"type": "str"}), {**given, "provider": provider})
    read_durations(task, CONNECTION_SPEC)
    info = info_for({**task, "definition": DEFINITION})
    check_options(info, task)
    said = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
    with wired(said):
        described = info.description.login if info.description else None
        login = log_in(credentials.resolve(task, environ, info.aksk), lambda _secret: None, described)
        connect(info, login, task).client.get(("operations", "o1"))
    return "answer"


def _word(choices: Choices) -> str:
    return choices.pick((*["http://keystone.example.test/v3"] * 4, values.text(choices)))


def clouds_yaml(choices: Choices) -> str:
    """Read a file with clouds, and log in with it."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "clouds.yaml")
        file.write_bytes(spoiled(json.dumps(CLOUDS), choices)[:LARGEST_FILE])
        with mock.patch.dict(os.environ, {"OS_CLIENT_CONFIG_FILE": str(file), "HOME": folder}):
            options = {"provider": "openstack", "cloud": "one"}
            login = log_in(credentials.resolve(options, {}, aksk=False), lambda _secret: None)
    with answered(lambda method, _url: (201 if method == "POST" else 200, JSON, json.dumps(TOKEN).encode())):
        connect(info_for(options), login, options)
    return "login"
