# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Valid answers for the fuzzer to change: of the simulated clouds, and from the recordings of a real Nova."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest import mock

from ansible_collections.cloudgate.operations.plugins.module_utils._model.errors import MissingError
from ansible_collections.cloudgate.operations.plugins.module_utils._model.operation import Operation
from ansible_collections.cloudgate.operations.plugins.module_utils._model.reference import Query, Reference
from ansible_collections.cloudgate.operations.plugins.module_utils._providers.base import Provider
from fuzz.language import LANGUAGE, Reply
from simulated import helpers
from simulated.test_custom import AZURE, GOOGLE, JOB
from simulator import Simulator
from simulator_tests.helpers import Clock

RECORDINGS = Path(__file__).resolve().parents[2] / "recordings"
PICTURE = {  # an API with steps, all of whose fields are more than names with dots
    "show": "/jobs/{operation_id}",
    "list": "/jobs?server={resource_id}",
    "items": "jobs[]",
    "id": "to_string(job_id)",
    "resource_id": "entities.*.id | [0] || entities.server_id",
    "type": "join(':', [job_type, status])",
    "state": "to_string(status)",
    "states": {"running": ["RUNNING", "INIT"], "succeeded": ["SUCCESS"], "failed": ["FAIL"]},
    "error_message": "fail_reason",
    "started_at": "begin_time",
    "steps": {"items": "entities.sub_jobs[?status]", "name": "job_type", "state": "status"},
}
NOVA = ("reboot", "create", "delete", "os-stop", "resize", "os-start")
# The kinds of operations of each provider; a name behind a colon chooses one of its APIs.
KINDS = {
    **dict.fromkeys(("openstack", "otc_ecs", "huaweicloud_ecs", "fujitsu_k5", "ecl_compute"), NOVA),
    "openstack_stack": ("stack_update", "stack_delete", "stack_suspend"),
    "openstack_volume": ("volume_extend", "volume_retype", "volume_delete"),
    "openstack_baremetal": ("node_deploy", "node_power_on"),
    "openstack_image": ("image_import",),
    "openstack_loadbalancer": ("balancer_update", "balancer_listener"),
    "huaweicloud_modelarts": ("node_attach_volume", "node_detach_volume"),
    "huaweicloud_modelarts:expect": ("REBOOTING", "STOPPING"),
    "huaweicloud_job": ("rebootServer", "createServer"),
    "huaweicloud_job:rds": ("RestartMysqlInstance",),
    "huaweicloud_job:gaussdb-nosql": ("RestartNosqlInstance",),
    "otc_job": ("rebootServer", "createServer"),
    "otc_job:cce": ("ResizeCluster",),
    "otc_job:elb": ("cloneLoadbalancer",),
    "ecl_vna": ("Action", "Create", "Delete"),
    "ecl_mlb": ("Action::apply-configurations", "Action::system-update"),
    "custom:google": ("restart",),
    "custom:azure": ("restart",),
    "custom:job": ("rebootServer",),
    "custom:picture": ("createServer",),
    **{f"custom:{name}": () for name in LANGUAGE},
}
EXPECTED = {
    "volume_extend": "size=2",
    "volume_retype": "volume_type=slow",
    "volume_delete": "deleted",
    "node_deploy": "active",
    "node_power_on": "power on",
    "balancer_update": "active",
    "balancer_listener": "active={listener_id}",
}
LISTED = 10  # requested operations
POLLS = 5
PHASES: tuple[Mapping[str, Any], ...] = (
    {"duration": 100, "started": 0}, {"duration": 100, "started": 40}, {"started": 500},
    {"started": 500, "fail": True},
)  # fmt: skip


@dataclass
class Scene:
    """One question to a provider, and all answers to it. ask: show, list, find, batch or polls.

    replies: status and headers of the answers that need them, by path.
    """

    provider: str
    endpoint: str
    ask: str
    references: list[Reference]
    options: Mapping[str, Any] = field(default_factory=dict)
    answers: dict[str, str] = field(default_factory=dict)
    replies: Mapping[str, Reply] = field(default_factory=dict)

    def put(self, provider: Provider) -> Any:
        """Return the provider's answer to the question."""
        first = self.references[0]
        if self.ask == "polls":
            return _polled(provider, first)
        if self.ask == "list":
            return provider.list(Query(resource_id=first.resource_id, limit=LISTED))
        if self.ask == "find":
            return provider.find(str(first.client_request_id))
        return provider.poll_many(self.references)


def _polled(provider: Provider, reference: Reference) -> list[Any]:
    """Poll until the end, each second time in a new process. Return the results of all polls."""
    found: list[Any] = []
    for number in range(POLLS):
        found += provider.poll_many([reference])
        if not isinstance(found[-1], Operation) or found[-1].terminal:
            break
        if number % 2:
            handed_over = Operation.from_dict(json.loads(json.dumps(found[-1].as_dict())))
            provider = type(provider)(provider.client, provider.info, provider.options)
            if provider.exports_state(handed_over):
                provider.import_state(reference, handed_over)
    return found


class _Noted:
    """A client that keeps the answers of another."""

    def __init__(self, client: Any, answers: dict[str, str]) -> None:
        self._client = client
        self._answers = answers
        self.endpoint = client.endpoint
        self.login = client.login
        self.now = client.now

    def get(self, path: tuple[str, ...], *more: Any) -> Any:
        answer = self._client.get(path, *more)
        self._answers.setdefault("/".join(path), json.dumps(answer))
        return answer

    def read(self, path: tuple[str, ...], *more: Any) -> Any:
        reply = self._client.read(path, *more)
        self._answers.setdefault("/".join(path), json.dumps(reply.body))
        return reply


def scenes(name: str, few: bool = False) -> list[Scene]:
    """Return the scenes under one name of KINDS, each with at least one answer."""
    found = list(_recorded())[:: 10 if few else 1] if name == "openstack" else []
    for endpoint, ask, references, definition, answers in LANGUAGE.get(name.partition(":")[2], ()):
        bodies = {path: json.dumps(answer.body) for path, answer in answers.items()}
        found.append(Scene("custom", endpoint, ask, references, {"definition": definition}, bodies, answers))
    clock = Clock()  # a fixed clock, for the same scenes each time
    with mock.patch.dict(os.environ, NO_PROXY="*"), Simulator(clock=clock) as simulator:
        for kind in KINDS[name][: 1 if few else None]:
            for phase in PHASES:
                found += _simulated(simulator, name, kind, phase)
    if not found or not all(scene.answers for scene in found):
        raise LookupError(f"no answers of {name} to begin with")
    return found


def _simulated(simulator: Simulator, name: str, kind: str, phase: Mapping[str, Any]) -> Iterator[Scene]:
    provider, _colon, api = name.partition(":")
    if provider.startswith("openstack_"):
        simulator.reset()  # else the one resource is busy with the operation of another phase
    login, options = _options(simulator, provider, api)
    references = _references(simulator, name, kind, phase)
    for ask, asked in references:
        connected = helpers.connect_to(provider, {**login, **options})
        scene = Scene(provider, connected.client.endpoint, ask, asked, options)
        noted: Any = _Noted(connected.client, scene.answers)
        try:
            scene.put(connected.info.provider_class(noted, connected.info, connected.options))
        except MissingError:
            continue  # the simulated cloud shows some only later
        if scene.answers:
            yield scene


def _options(simulator: Simulator, provider: str, api: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return how to log in to the simulated cloud, and the task's other options."""
    if provider != "custom":
        options = {"service": api} if provider in ("huaweicloud_job", "otc_job") and api else {}
        return helpers.task(simulator, provider, **options), options
    definition = {"google": GOOGLE, "azure": AZURE, "job": JOB, "picture": PICTURE}[api]
    if api in ("google", "azure"):
        given = simulator.services[api]
        return {"endpoint": given["endpoint"], "auth_type": "bearer", "auth": {"token": given["token"]}}, {
            "definition": definition
        }
    endpoint = helpers.connect_to("otc_job", helpers.task(simulator, "otc_job")).client.endpoint
    return helpers.task(simulator, "otc_job", endpoint=endpoint), {"definition": definition}


def _references(
    simulator: Simulator, name: str, kind: str, phase: Mapping[str, Any]
) -> list[tuple[str, list[Reference]]]:
    """Return the ways to request a new operation."""
    provider, _colon, api = name.partition(":")
    cloud = api if api in ("google", "azure") else helpers.CLOUDS.get(provider, helpers.CLOUDS["otc_job"])[0]
    named = simulator.add_operation(cloud, kind, **phase)
    operation_id, resource_id = named["operation_id"], named["resource_id"]
    if api == "google":
        return [("show", [Reference(f"operations/{operation_id}")]), ("list", [Reference(resource_id=resource_id)])]
    if api == "azure":
        given = simulator.services["azure"]
        folder = f"{given['resource'].split('/resourceGroups/')[0]}/providers/Microsoft.Compute/locations/westeurope"
        place = f"{folder}/operations/{operation_id}?api-version=2024-07-01"
        return [("show", [Reference(given["endpoint"] + place)])]
    if kind in EXPECTED:
        expect = EXPECTED[kind].format_map(simulator.clouds["openstack"])
        return [("show", [Reference(resource_id=resource_id, expect=expect)])]
    if provider == "openstack_image":
        imported = Reference(resource_id=resource_id, expect="active")
        return [("show", [Reference(operation_id, resource_id)]), ("show", [imported]), ("list", [imported])]
    if api == "expect":
        wanted = "STOPPED" if kind == "STOPPING" else "RUNNING"
        return [("show", [Reference(resource_id=resource_id, expect=wanted)])]
    shown = ("show", [Reference(operation_id, resource_id)])
    if provider in ("openstack", "otc_ecs", "huaweicloud_ecs", "fujitsu_k5", "ecl_compute", "openstack_stack"):
        latest = Reference(resource_id=resource_id, latest=True)
        return [shown, ("show", [latest]), ("list", [Reference(resource_id=resource_id)])]
    if provider in ("ecl_vna", "ecl_mlb"):
        other = Reference(resource_id=resource_id, latest=True)
        asked = Reference(client_request_id=named["request_id"] or "none")
        return [shown, ("batch", [*shown[1], other]), ("list", [other]), ("find", [asked])]
    return [shown]


def _recorded() -> Iterator[Scene]:
    """Return the answers of a real Nova: some moments of each recording, the last one included."""
    for file in sorted(RECORDINGS.glob("*/*.json")):
        recording = json.loads(file.read_text(encoding="utf-8"))
        frames = [frame for frame in recording["trace"] if frame.get("instanceAction")]
        for frame in frames[:: max(1, len(frames) // 3)] + frames[-1:]:
            action, server_id = frame["instanceAction"], recording["server_id"]
            path = f"servers/{server_id}/os-instance-actions"
            answers = {
                f"{path}/{action['request_id']}": json.dumps({"instanceAction": action}),
                path: json.dumps({"instanceActions": [action]}),
            }
            if frame.get("server"):
                server = {**frame["server"], "OS-EXT-STS:task_state": frame["server"].get("task_state")}
                answers[f"servers/{server_id}"] = json.dumps({"server": server})
            yield Scene(
                "openstack", "http://127.0.0.1/v2.1", "show", [Reference(action["request_id"], server_id)], {}, answers
            )
