# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Shared by these tests: a clock moved by hand, the accounts as task options, and connections to providers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ansible_collections.cloudgate.operations.plugins.module_utils._auth import credentials, login
from ansible_collections.cloudgate.operations.plugins.module_utils._auth.login import Login
from ansible_collections.cloudgate.operations.plugins.module_utils._model.reference import Reference
from ansible_collections.cloudgate.operations.plugins.module_utils._polling.engine import Engine
from ansible_collections.cloudgate.operations.plugins.module_utils._polling.outcome import Outcome, WaitOptions
from ansible_collections.cloudgate.operations.plugins.module_utils._polling.plan import GroupIO
from ansible_collections.cloudgate.operations.plugins.module_utils._polling.state import GroupState, PollState
from ansible_collections.cloudgate.operations.plugins.module_utils._providers.base import Provider
from ansible_collections.cloudgate.operations.plugins.module_utils._providers.registry import (
    check_options,
    connect,
    info_for,
)
from ansible_collections.cloudgate.operations.tests.unit.simulated_time import (
    API_TIMEOUT,
    POLL_DEADLINE,
    SimulatedWorkers,
)
from simulator import Simulator
from simulator_tests.helpers import Clock

Options = dict[str, Any]
# Which simulated cloud a provider talks to, and an operation of it.
CLOUDS = {
    "openstack": ("openstack", "reboot"),
    "openstack_stack": ("openstack", "stack_update"),
    "openstack_volume": ("openstack", "volume_extend"),
    "openstack_baremetal": ("openstack", "node_deploy"),
    "openstack_image": ("openstack", "image_import"),
    "openstack_loadbalancer": ("openstack", "balancer_update"),
    "otc_ecs": ("otc", "reboot"),
    "huaweicloud_ecs": ("huaweicloud", "reboot"),
    "fujitsu_k5": ("fujitsu", "reboot"),
    "ecl_compute": ("ecl", "reboot"),
    "huaweicloud_modelarts": ("huaweicloud", "node_attach_volume"),
    "huaweicloud_job": ("huaweicloud", "rebootServer"),
    "otc_job": ("otc", "rebootServer"),
    "ecl_vna": ("ecl", "Action"),
    "ecl_mlb": ("ecl", "Action::apply-configurations"),
}
# The expected result for providers without operations.
EXPECTED = {"openstack_volume": "size=2", "openstack_baremetal": "active", "openstack_loadbalancer": "active"}
BY_ID = [provider for provider in CLOUDS if provider not in EXPECTED]
PASSWORD = ("auth_url", "username", "password", "user_domain_name", "project_name", "project_domain_name")
LOGIN_PATH = "/auth/tokens"


def account(sim: Simulator, provider: str) -> dict[str, Any]:
    return sim.clouds[CLOUDS[provider][0]]


def task(sim: Simulator, provider: str, **more: Any) -> Options:
    """Return the options of a task that logs in with a password."""
    given = account(sim, provider)
    options: Options = {"auth": {name: given[name] for name in PASSWORD}, "region_name": given["region_name"]}
    if provider == "huaweicloud_modelarts":  # not in any catalog
        options["endpoint"] = given["modelarts_endpoint"]
    return options | more


def add(sim: Simulator, provider: str, **plan: Any) -> Reference:
    """Begin an operation; by default it has finished long ago."""
    cloud, kind = CLOUDS[provider]
    kind = plan.pop("kind", kind)
    names = sim.add_operation(cloud, kind, **{"started": 100, **plan})
    return Reference(names["operation_id"], names["resource_id"], expect=EXPECTED.get(provider))


def log_in(
    provider: str, options: Options, environ: Mapping[str, str] | None = None, mask: Callable[[str], None] | None = None
) -> Login:
    """Log in as the modules do, with this environment."""
    info = info_for({"provider": provider, **options})
    check_options(info, options)
    chosen = credentials.resolve(options, environ or {}, info.aksk, info.domains)
    return login.log_in(chosen, mask or (lambda _secret: None))


def connect_to(provider: str, options: Options, environ: Mapping[str, str] | None = None) -> Provider:
    return connect(info_for({"provider": provider, **options}), log_in(provider, options, environ), options)


def wait_with(
    provider: Provider, clock: Clock, *references: Reference, **options: Any
) -> tuple[Outcome, dict[str, Any] | None]:
    """Wait on the simulator's own clock; nothing sleeps. Returns the outcome and its failure."""
    settings = WaitOptions(**{"poll_min": 10, "poll_max": 60, "timeout": 7200, **options})
    state = PollState([GroupState.of(provider.info.name, references)])
    workers = SimulatedWorkers(clock, latency=lambda: 0.0)
    changes = provider.changes if provider.info.change_feed else None
    io = GroupIO(provider.poll_many, provider.client.now, provider.info.capabilities.batch, changes, provider.in_feed)
    Engine(settings, POLL_DEADLINE, API_TIMEOUT, workers, clock, chance=lambda: 0.5).run(state, [io])
    return state.outcome(), state.outcome().failure(settings)


def wait_for_it(run_module: Callable[..., dict[str, Any]], reference: Reference, login: Options) -> dict[str, Any]:
    """Run the module wait_for_operation for an operation of Nova, with polls that do not wait for each other."""
    return run_module(
        "wait_for_operation",
        provider="openstack",
        operation_id=reference.operation_id,
        resource_id=reference.resource_id,
        poll_min=0.01,
        poll_max=0.01,
        timeout=20,
        **login,
    )


def sent(sim: Simulator, path: str = "", method: str | None = None) -> list[dict[str, Any]]:
    """Return the requests that arrived, in order."""
    return [each for each in sim.requests if path in each["path"] and method in (None, each["method"])]


def logins(sim: Simulator) -> int:
    return len(sent(sim, LOGIN_PATH, "POST"))
