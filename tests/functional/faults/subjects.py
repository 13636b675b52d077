# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The providers under test: each with Keystone, and those that accept an access key also with one."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ansible_collections.cloudgate.operations.plugins.module_utils._model.reference import Reference
from ansible_collections.cloudgate.operations.plugins.module_utils._providers.registry import PROVIDERS
from simulated.helpers import CLOUDS, Options, account, add, task
from simulated.test_custom import JOB, google
from simulator import Simulator

KEYSTONE, ACCESS_KEY, BEARER = "Keystone token", "access key", "bearer token"
CUSTOM = "custom"
# Which endpoint an access key is used at; there is no catalog then.
_ENDPOINTS = {
    "otc_ecs": "endpoint",
    "huaweicloud_ecs": "endpoint",
    "huaweicloud_modelarts": "modelarts_endpoint",
    "huaweicloud_job": "ecs_endpoint",
    "otc_job": "ecs_endpoint",
    CUSTOM: "ecs_endpoint",
}
_JOBS = "huaweicloud_job"  # the API that is described once more for an access key


@dataclass(frozen=True)
class Subject:
    """A provider with a kind of login."""

    provider: str
    login: str
    options: Callable[[Simulator, str], Options]
    add: Callable[..., Reference]

    def __str__(self) -> str:
        """Return the name of the column."""
        return self.provider if self.login != ACCESS_KEY else f"{self.provider}, {ACCESS_KEY}"

    def task(self, sim: Simulator, secure: bool) -> Options:
        """Return the options of the task: no randomness, and short limits for each answer."""
        options: Options = {"provider": self.provider, **self.options(sim, self.provider)}
        if secure:
            options = json.loads(json.dumps(options).replace(sim.url, sim.tls_url)) | {"ca_cert": sim.ca_cert}
        return options


def _key_task(sim: Simulator, provider: str) -> Options:
    given = account(sim, _JOBS if provider == CUSTOM else provider)
    options: Options = {
        "auth_type": "aksk",
        "auth": {name: given[name] for name in ("access_key", "secret_key", "project_id")},
        "endpoint": given[_ENDPOINTS[provider]],
        "region_name": given["region_name"],
    }
    if provider == CUSTOM:
        options |= {"definition": JOB, "endpoint": f"{options['endpoint']}/v1/{given['project_id']}"}
    return options


def _add_job(sim: Simulator, _provider: str, **plan: Any) -> Reference:
    return add(sim, _JOBS, **plan)


def _google(sim: Simulator, _provider: str) -> Options:
    return google(sim)


def _add_google(sim: Simulator, _provider: str, **plan: Any) -> Reference:
    names = sim.add_operation("google", "restart", **plan)
    return Reference(f"operations/{names['operation_id']}", names["resource_id"])


SUBJECTS = (
    *(Subject(provider, KEYSTONE, task, add) for provider in CLOUDS),
    *(Subject(provider, ACCESS_KEY, _key_task, add) for provider in _ENDPOINTS if provider != CUSTOM),
    Subject(CUSTOM, ACCESS_KEY, _key_task, _add_job),
    Subject(CUSTOM, BEARER, _google, _add_google),
)
assert {each.provider for each in SUBJECTS} == set(PROVIDERS), "each provider has a column"
assert {each.provider for each in SUBJECTS if each.login == ACCESS_KEY} == {
    name for name, info in PROVIDERS.items() if info.aksk
}, "and a second one where it takes an access key"
