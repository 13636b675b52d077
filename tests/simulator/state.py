# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Everything the simulated clouds remember, under one lock and one clock."""

from __future__ import annotations

import secrets
import string
import threading
import uuid
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from .accounts import CLOUDS, Cloud, User
from .plan import Plan
from .scripts import choose_script, perform
from .timelines import Timeline, load_recording

HOSTS = ("cmp1", "cmp2")
NEW_SERVER: dict[str, Any] = {
    "status": "BUILD",
    "task_state": "scheduling",
    "vm_state": "building",
    "power_state": 0,
    "host": None,
}
CREATED_AGO = 3600.0
# Services of ECL that keep their operations: the initial resource, and the operation that made it.
ECL_SERVICES = {"vna": ("appliance", "Create"), "mlb": ("load_balancer", "Action::apply-configurations")}


def new_reservation_id() -> str:
    return "r-" + "".join(secrets.choice(string.ascii_lowercase + string.digits) for _place in range(8))


@dataclass
class Action:
    """One instance action: a timeline that began at a moment of the clock."""

    request_id: str
    user_id: str
    begun: float
    timeline: Timeline
    before: dict[str, Any]


@dataclass
class Server:
    server_id: str
    name: str
    user_id: str
    created: float
    actions: list[Action] = field(default_factory=list)  # oldest first
    locked: bool = False
    flavor: str = "1"
    image: str = "155d900f-4e14-4e4c-a73d-069cbf4541e6"
    reservation_id: str = field(default_factory=new_reservation_id)


@dataclass
class Token:
    user: User
    project_scoped: bool
    expires: float
    issued: float
    method: str


@dataclass
class PlannedOperation:
    """An operation of any API but Nova: one status after the other."""

    service: str  # whose it is: no other service shows it
    operation_id: str
    resource_id: str
    kind: str
    begun: float
    plan: Plan
    request_id: str = ""
    request_body: Any = None
    user_id: str = ""
    parts: tuple[str, ...] = ()  # the resources of its sub-jobs


@dataclass
class Resource:
    """An appliance or a load balancer of ECL."""

    resource_id: str
    fields: dict[str, Any]


class CloudState:
    """The resources of one cloud."""

    def __init__(self, cloud: Cloud, now: float) -> None:
        self.cloud = cloud
        self.servers: dict[str, Server] = {}
        self.tokens: dict[str, Token] = {}
        self.operations: dict[str, PlannedOperation] = {}
        self.resources: dict[str, dict[str, Resource]] = {service: {} for service in ECL_SERVICES}
        for number, server_id in enumerate(cloud.server_ids()):
            begun = now - CREATED_AGO
            server = Server(server_id, f"server-{number}", cloud.user.user_id, begun)
            script = choose_script("create", None, {})
            timeline = perform(script, 1.0, NEW_SERVER, False, (HOSTS[1], HOSTS[0]), server_id)
            server.actions.append(Action(new_request_id(), cloud.user.user_id, begun, timeline, dict(NEW_SERVER)))
            self.servers[server_id] = server
        if cloud.name == "openstack":
            stack = cloud.resource_id("stack")
            self.begin(PlannedOperation("heat", f"{stack}-create", stack, "stack_create", now - CREATED_AGO, Plan()))
        if cloud.name == "ecl":
            for service, (name, kind) in ECL_SERVICES.items():
                self._add_resource(service, name, kind, now - CREATED_AGO)

    def begin(self, operation: PlannedOperation) -> PlannedOperation:
        self.operations[operation.operation_id] = operation
        return operation

    def _add_resource(self, service: str, name: str, kind: str, begun: float) -> None:
        """A resource that was made long ago, and the operation that made it."""
        resource_id = self.cloud.resource_id(name)
        self.resources[service][resource_id] = Resource(resource_id, {"name": f"{name}-0"})
        self.begin(
            PlannedOperation(
                service,
                self.cloud.resource_id(f"creation of the {name}"),
                resource_id,
                kind,
                begun,
                Plan(),
                request_body={},
            )
        )


class Store:
    """The clouds, the clock and its speed. Callers hold `lock` while they read or change it."""

    def __init__(
        self, clock: Callable[[], float], speed: float, token_life: float, signing_clock: Callable[[], float]
    ) -> None:
        self.lock = threading.RLock()
        self.clock = clock
        self.signing_clock = signing_clock
        self.speed = speed
        self.token_life = token_life
        self.page_size = 1000
        self.clouds: dict[str, CloudState] = {}
        self.plain_operations: defaultdict[str, dict[str, PlannedOperation]] = defaultdict(dict)  # by service
        self.reset()

    def reset(self) -> None:
        with self.lock:
            self.page_size = 1000
            self.clouds = {name: CloudState(cloud, self.clock()) for name, cloud in CLOUDS.items()}
            self.plain_operations.clear()

    def elapsed(self, begun: float) -> float:
        """Simulated seconds since then."""
        return (self.clock() - begun) * self.speed

    def moment(self, begun: float, offset: float) -> float:
        """Return the clock's time of an offset in a timeline."""
        return begun + offset / self.speed

    def server_view(self, server: Server) -> dict[str, Any]:
        latest = server.actions[-1]
        return {**latest.before, **latest.timeline.view_at(self.elapsed(latest.begun))}

    def updated(self, server: Server) -> float:
        """When what a server shows has last changed."""
        latest = server.actions[-1]
        past = [moment for moment, _view in latest.timeline.views if moment <= self.elapsed(latest.begun)]
        return self.moment(latest.begun, max(past, default=0.0))

    def was_launched(self, server: Server) -> bool:
        """Return whether the guest ever started: Nova then sets launched_at, and never clears it."""
        seen = (
            view.get("vm_state", "building")
            for action in server.actions
            for moment, view in action.timeline.views
            if moment <= self.elapsed(action.begun)
        )
        return any(vm_state not in ("building", "error") for vm_state in seen)

    def add_action(
        self, server: Server, kind: str, body: Any, plan: Plan, request_id: str, user_id: str, started: float = 0.0
    ) -> Action:
        """Begin an action on a server, `started` seconds ago."""
        before = self.server_view(server) if server.actions else dict(NEW_SERVER)
        if plan.replay:
            timeline = load_recording(plan.replay, server.server_id, request_id)
            if plan.duration is not None:
                timeline = timeline.scaled(plan.duration / timeline.end)
        else:
            source = str(before["host"] or HOSTS[0])
            destination = next(host for host in HOSTS if host != source)
            script = choose_script(kind, body, before)
            timeline = perform(script, plan.seconds, before, bool(plan.fail), (source, destination), server.server_id)
        action = Action(request_id, user_id, self.clock() - started, timeline, before)
        server.actions.append(action)
        return action


def new_request_id() -> str:
    return f"req-{uuid.uuid4()}"
