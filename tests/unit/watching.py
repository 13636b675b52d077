# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Watches in simulated time, which can be interrupted and started again."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, Dict, List, Optional, Sequence, Tuple

from ansible_collections.cloudgate.operations.plugins.module_utils._model.errors import MissingError
from ansible_collections.cloudgate.operations.plugins.module_utils._model.operation import Operation, State
from ansible_collections.cloudgate.operations.plugins.module_utils._model.reference import Query, Reference
from ansible_collections.cloudgate.operations.plugins.module_utils._polling.plan import GroupIO
from ansible_collections.cloudgate.operations.plugins.module_utils._polling.state import GroupState
from ansible_collections.cloudgate.operations.plugins.plugin_utils._watch.change import Change
from ansible_collections.cloudgate.operations.plugins.plugin_utils._watch.memory import Memory
from ansible_collections.cloudgate.operations.plugins.plugin_utils._watch.options import Watched, checked, watch_options
from ansible_collections.cloudgate.operations.plugins.plugin_utils._watch.source import SAVE_EVERY
from ansible_collections.cloudgate.operations.plugins.plugin_utils._watch.watch import Watch

from .simulated_time import LATENCY, Clock, Cloud, SimulatedWorkers

SERVER = "server-1"
RUNNING, SUCCEEDED, FAILED, UNKNOWN = State.RUNNING, State.SUCCEEDED, State.FAILED, State.UNKNOWN
GIVEN = [{"operation_id": "op-1", "resource_id": SERVER}]


def given(*names: str) -> list:
    return [{"operation_id": name, "resource_id": SERVER} for name in names]


class ListingCloud(Cloud):
    """A cloud that can also list; an operation is there from its start on, which is 0 where none is set."""

    def __init__(self, clock: Clock, ends: Dict[str, Tuple[float, str]]) -> None:
        super().__init__(clock, ends)
        self.lists: List[float] = []
        self.vanished: List[str] = []
        self.resource_missing = False
        self.imported: List[str] = []

    def seen(self, reference: Reference) -> Any:
        if reference.latest:
            return next((each for each in self.list(Query(SERVER)) if each), None)
        name = str(reference.operation_id)
        if name in self.vanished or self.starts.get(name, 0.0) > self.clock.age:
            return MissingError(f"404: {name} not found.")
        return super().seen(reference)

    def show(self, name: str) -> Operation:
        self.starts.setdefault(name, 0.0)
        return super().show(name)

    def list(self, query: Query) -> List[Operation]:
        """Return the operations as a provider does, newest first."""
        self.lists.append(self.clock.age)
        for begin, end, error in self.faults:
            if begin <= self.clock.age < end:
                raise error
        if self.resource_missing:
            raise MissingError("404: server-1 not found.", what="resource")
        began = [name for name in self.ends if self.starts.get(name, 0.0) <= self.clock.age]
        changed = {name: self.ends[name][0] for name in began if self.ends[name][0] <= self.clock.age}
        covered = [name for name in began if query.covers(self.now(changed.get(name, self.starts.get(name, 0.0))))]
        newest = sorted(covered, key=lambda name: -self.starts.get(name, 0.0))
        return [self.show(name) for name in newest][: query.limit]

    def import_state(self, reference: Reference, _operation: Operation) -> None:
        """Import the state as a provider does."""
        self.imported.append(str(reference.operation_id))

    def provider(self) -> ListingCloud:
        """Return the provider as a connection does."""
        return self

    @property
    def io(self) -> GroupIO:
        """Return the requests as a connection has them."""
        return GroupIO(self.poll, self.now)

    def import_states(self, group: GroupState) -> None:
        """Import the states as a connection does."""
        for each in group.operations:
            if each.answered and self.info.provider_class.exports_state(each.operation):
                self.import_state(each.reference, each.operation)

    @property
    def info(self) -> Any:
        """Return the provider's information as a connection has it."""
        provider_class = SimpleNamespace(exports_state=lambda operation: operation.type == "delete")
        return SimpleNamespace(name="openstack", provider_class=provider_class)


class Crash(Exception):
    """The process ends."""


class Watching:
    """A source that is run again and again on one clock. events: (operation, previous state, state) of all runs."""

    def __init__(self, ends: Dict[str, Tuple[float, str]], path: Optional[str] = None, **arguments: Any) -> None:
        self.clock = Clock()
        self.cloud = ListingCloud(self.clock, ends)
        self.path = path
        self.given = checked({"provider": "openstack", **arguments})
        self.latency = LATENCY
        self.events: List[Tuple[str, Optional[str], str]] = []
        self.ids: List[str] = []
        self.ages: List[float] = []
        self.memory = Memory()
        self.watch: Optional[Watch] = None
        self._saved = 0.0

    def start(self) -> Watch:
        """Start a new process."""
        self.memory.close()
        self.memory = Memory(self.path)
        self.memory.open()
        references = [
            Reference(each["operation_id"], each["resource_id"] or SERVER, latest=each["latest"])
            for each in self.given["operations"] or []
        ]
        watched = Watched(self.cloud, references, list(self.given["resources"] or []))  # type: ignore[arg-type]
        workers = SimulatedWorkers(self.clock, lambda: self.latency)
        self.watch = Watch([watched], watch_options(self.given), self.memory, workers, self.clock, lambda: 0.5)
        return self.watch

    def run(self, until: float, crash: Sequence[str] = ()) -> None:
        """Watch until this age. crash: the moment of the first change at which the process ends."""
        watch = self.watch or self.start()
        while self.clock.age < until:
            changes = watch.poll()
            if watch.has_news or self.clock.age > self._saved + SAVE_EVERY:
                self.memory.save()
                self._saved = self.clock.age
            for change in changes:
                self._put(watch, change, crash)
            if not changes and watch.pause:
                self.clock.sleep(watch.pause)

    def _put(self, watch: Watch, change: Change, crash: Sequence[str]) -> None:
        if "before it is put" in crash:
            raise Crash
        event = change.event()
        operation = event["operation"]
        self.events.append((operation["operation_id"], event["previous_state"], operation["state"]))
        self.ids.append(event["meta"]["uuid"])
        self.ages.append(self.clock.age)
        if "before it is noted" in crash:
            raise Crash
        watch.report(change)
        self.memory.save(with_state=False)
        if "after it was noted" in crash:
            raise Crash

    def reported(self, name: str) -> List[Tuple[Optional[str], str]]:
        """Return the events of an operation."""
        return [(before, state) for each, before, state in self.events if each == name]
