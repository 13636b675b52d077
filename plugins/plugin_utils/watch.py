# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Watches operations without an end, and says what has changed. Time, chance and threads are passed in.

Private to this collection.
"""

from __future__ import annotations

import dataclasses
import logging
import random
import time
from datetime import datetime, timedelta
from typing import Any, Callable, Dict, List, Optional

from ansible_collections.cloudgate.operations.plugins.module_utils._model.errors import GateError
from ansible_collections.cloudgate.operations.plugins.module_utils._model.operation import Operation, State
from ansible_collections.cloudgate.operations.plugins.module_utils._model.reference import Reference
from ansible_collections.cloudgate.operations.plugins.module_utils._polling.engine import Engine, Limits
from ansible_collections.cloudgate.operations.plugins.module_utils._polling.outcome import seconds, told
from ansible_collections.cloudgate.operations.plugins.module_utils._polling.state import (
    GroupState,
    OperationState,
    PollState,
)
from ansible_collections.cloudgate.operations.plugins.module_utils._polling.threads import Threads
from ansible_collections.cloudgate.operations.plugins.plugin_utils.watch_change import Change
from ansible_collections.cloudgate.operations.plugins.plugin_utils.watch_lists import Lists, Resource
from ansible_collections.cloudgate.operations.plugins.plugin_utils.watch_memory import Memory, Told, key_of
from ansible_collections.cloudgate.operations.plugins.plugin_utils.watch_options import Plan, WatchOptions

LONGEST = 60.0  # seconds of a look around
_SHORTEST = 0.001  # a shorter pause may be none for the clock
log = logging.getLogger("cloudgate.operations")


class SourceError(GateError):
    """What ends the watch and no waiting heals."""


@dataclasses.dataclass
class Watched:
    """An operation that is watched. given: what of the arguments it was found for; None for a new one of a resource."""

    state: OperationState
    given: Optional[str] = None


class Cloud:
    """What is watched behind one login."""

    def __init__(self, plan: Plan, memory: Memory) -> None:
        self.connection = plan.connection
        self.name = plan.connection.info.name
        self.provider_class = plan.connection.info.provider_class
        self.state = GroupState(self.name)
        self.resources = [
            Resource(self.connection, each, memory.listed.get(f"{self.name} {each}")) for each in plan.resources
        ]
        self.watched: List[Watched] = []

    def add(self, reference: Reference, now: float, given: Optional[str] = None) -> None:
        """Watch one more."""
        self.watched.append(Watched(self.state.add(reference, now), given))

    def drop_what_is_finished(self) -> None:
        """Watch no longer what has nothing more to tell."""
        self.watched = [each for each in self.watched if each.state.open]
        self.state.operations = [each.state for each in self.watched]


class Watch:
    """Looks around, again and again. What was told is remembered only when C(tell) says that it was."""

    def __init__(
        self,
        plans: List[Plan],
        options: WatchOptions,
        memory: Memory,
        workers: Callable[[], Any] = Threads,
        clock: Callable[[], float] = time.monotonic,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._options = options
        self._memory = memory
        self._workers = workers
        self._began, self._monotonic = clock(), clock
        self._chance = chance
        self._trouble: Optional[str] = None
        self._given: List[str] = []
        self.clouds = [Cloud(plan, memory) for plan in plans]
        self._state = PollState([cloud.state for cloud in self.clouds])
        self._lists = Lists(options, workers, self._clock)
        for cloud, plan in zip(self.clouds, plans):
            for reference in plan.references:
                self._add_given(cloud, reference)
            for known in list(memory.told.values()):
                self._add_again(cloud, known)

    def _add_given(self, cloud: Cloud, reference: Reference) -> None:
        name = f"{cloud.name} {reference!r}"
        self._given.append(name)
        known = self._memory.told.get(self._memory.given.get(name, ""))
        if known and known.over:
            return
        if known:
            reference = reference.resolved_to(known.operation_id)
            _import_state(cloud, reference, known)
        cloud.add(reference, self._clock(), name)

    def _add_again(self, cloud: Cloud, known: Told) -> None:
        """Go on watching what an earlier run of the source has found at a resource."""
        found_by_list = known.resource_id in [each.resource_id for each in cloud.resources]
        if known.over or known.provider != cloud.name or not (found_by_list and known.operation_id):
            return
        reference = Reference(known.operation_id, known.resource_id)
        if not any(each.state.reference == reference for each in cloud.watched):
            _import_state(cloud, reference, known)
            cloud.add(reference, self._clock())

    @property
    def over(self) -> bool:
        """Whether all that was given is over, and the source shall end then."""
        return self._options.end_when_finished and not any(each.watched or each.resources for each in self.clouds)

    @property
    def pause(self) -> float:
        """Seconds until something is due, as far as that is not known by a look."""
        if any(cloud.watched for cloud in self.clouds):
            return 0.0
        due = [each.next_list for cloud in self.clouds for each in cloud.resources]
        return min(max(_SHORTEST, min(due) - self._clock()), LONGEST) if due else LONGEST

    def look(self) -> List[Change]:
        """Look until something has changed or a minute is over. Raises SourceError for what no waiting heals.

        All changes of the look before must have been told.
        """
        self._note_how_far_lists_are_told()
        try:
            for cloud in self.clouds:
                self._look_for_new(cloud)
            self._look_at_watched()
        except GateError as exc:
            raise SourceError(exc.message) from exc
        return self._changes()

    def tell(self, change: Change) -> None:
        """Remember that this was told."""
        operation = change.operation
        exported = not operation.terminal and any(
            cloud.provider_class.exports_state(operation) for cloud in self.clouds if cloud.name == operation.provider
        )
        self._memory.told[change.key] = Told(
            operation.provider,
            operation.operation_id,
            operation.resource_id,
            operation.state,
            change.changes,
            self._now(),
            operation.as_dict() if exported else None,
        )
        if change.given:
            self._memory.given[change.given] = change.key
        log.info("%s, before: %s", told(operation), change.previous)

    def _note_how_far_lists_are_told(self) -> None:
        """What a list has shown and was not told must be listed again after a crash."""
        for cloud in self.clouds:
            if all(each.given or self._key(each) in self._memory.told for each in cloud.watched):
                for resource in cloud.resources:
                    if resource.listed and resource.asked:
                        resource.listed.asked = resource.asked
        self._forget()

    def _forget(self) -> None:
        asked = [each.listed.asked for cloud in self.clouds for each in cloud.resources if each.listed]
        watched = {self._key(each) for cloud in self.clouds for each in cloud.watched}
        watched |= {self._memory.given.get(name, "") for name in self._given}
        self._memory.forget(watched, min([*asked, self._now()]) - timedelta(seconds=self._options.remember))

    def _look_for_new(self, cloud: Cloud) -> None:
        asked, error = self._lists.read(cloud.resources, cloud.state.backoff)
        known = {each.state.reference for each in cloud.watched}
        for resource in cloud.resources:
            if resource.listed:
                self._memory.listed[f"{cloud.name} {resource.resource_id}"] = resource.listed
            for operation in resource.found:
                reference = Reference(operation.operation_id, operation.resource_id or resource.resource_id)
                past = self._memory.told.get(key_of(operation, reference))
                if (past and past.over) or reference in known or not operation.operation_id:
                    continue
                cloud.connection.provider().import_state(reference, operation)
                cloud.add(reference, self._clock())
            resource.found = []
        cloud.resources = [each for each in cloud.resources if not each.gone]
        if asked:
            self._tell_of_trouble(error)

    def _look_at_watched(self) -> None:
        due = [each.next_list for cloud in self.clouds for each in cloud.resources]
        limit = max(_SHORTEST, min([LONGEST] + [moment - self._clock() for moment in due]))
        self._state.elapsed, self._state.polls, self._state.last_error = self._clock(), 0, None
        engine = Engine(
            self._options.looks,
            self._options.poll_deadline,
            self._options.api_timeout,
            self._workers(),
            self._monotonic,
            self._chance,
        )
        engine.run(self._state, [cloud.connection.io for cloud in self.clouds], Limits(limit, change=0.0))
        for cloud in self.clouds:
            for resource in cloud.resources:
                resource.next_list = max(resource.next_list, cloud.state.backoff.until)
        for sentence in self._state.warnings:
            log.warning("%s", sentence)
        self._state.warnings = []
        if self._state.error:
            raise SourceError(self._state.error["message"])
        if self._state.polls:
            self._tell_of_trouble(self._state.last_error)

    def _tell_of_trouble(self, message: Optional[str]) -> None:
        """One line when something goes wrong, and one when it is over, however long it takes."""
        if message and message != self._trouble:
            log.warning("The watch goes on after an error: %s", message)
        elif self._trouble and not message:
            log.warning("The cloud answers again.")
        self._trouble = message

    def _changes(self) -> List[Change]:
        found: Dict[str, Change] = {}
        for cloud in self.clouds:
            for watched in cloud.watched:
                change = self._change(watched)
                if change:
                    found.setdefault(change.key, change)
            cloud.drop_what_is_finished()
        return list(found.values())

    def _change(self, watched: Watched) -> Optional[Change]:
        state = watched.state
        if state.missing_since is not None:
            if self._clock() - state.missing_since < self._options.missing_grace:
                return None
            self._give_up(watched)
        elif not state.answered:
            return None
        key = self._key(watched)
        past = self._memory.told.get(key)
        if past and watched.given:
            self._memory.given[watched.given] = key
        if past and (past.over or past.state == state.operation.state):
            return None
        changes = past.changes + 1 if past else 1
        return Change(state.operation, past.state if past else None, key, changes, watched.given)

    def _give_up(self, watched: Watched) -> None:
        """What was seen and is gone is not known any more; what never came is a mistake, or nobody's operation."""
        state = watched.state
        reason = state.operation.reason
        if watched.given and self._key(watched) not in self._memory.told:
            raise SourceError(f"{reason} It did not appear within {seconds(self._options.missing_grace)}.")
        state.operation = dataclasses.replace(state.operation, state=State.UNKNOWN, reason=reason)
        state.given_up = True

    def _clock(self) -> float:
        """Return the seconds since the watch began."""
        return self._monotonic() - self._began

    def _key(self, watched: Watched) -> str:
        """The name in the memory, which for what was given may be known from an earlier run of the source."""
        known = self._memory.given.get(watched.given) if watched.given else None
        return known or key_of(watched.state.operation, watched.state.reference)

    def _now(self) -> datetime:
        """The time on the clouds' clocks, the one that is most behind."""
        return min(cloud.connection.now() for cloud in self.clouds)


def _import_state(cloud: Cloud, reference: Reference, known: Told) -> None:
    if known.operation:
        cloud.connection.import_state(reference, Operation.from_dict(known.operation))
