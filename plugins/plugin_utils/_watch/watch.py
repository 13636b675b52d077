# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Watches operations without an end, and says what has changed. Time, chance and threads are passed in.

Private to this collection.
"""

from __future__ import annotations

import dataclasses
import functools
import logging
import random
import time
from datetime import datetime, timedelta
from typing import Any, Callable, Dict, List, Optional

from ansible_collections.cloudgate.operations.plugins.module_utils._model.errors import GateError
from ansible_collections.cloudgate.operations.plugins.module_utils._model.operation import Operation, State
from ansible_collections.cloudgate.operations.plugins.module_utils._model.reference import Query, Reference
from ansible_collections.cloudgate.operations.plugins.module_utils._polling.engine import Engine, Limits
from ansible_collections.cloudgate.operations.plugins.module_utils._polling.outcome import describe
from ansible_collections.cloudgate.operations.plugins.module_utils._polling.plan import GroupIO
from ansible_collections.cloudgate.operations.plugins.module_utils._polling.state import (
    GroupState,
    OperationState,
    PollState,
    ResourceState,
)
from ansible_collections.cloudgate.operations.plugins.plugin_utils._watch.change import Change
from ansible_collections.cloudgate.operations.plugins.plugin_utils._watch.memory import (
    Memory,
    Reported,
    key_of,
    name_of,
)
from ansible_collections.cloudgate.operations.plugins.plugin_utils._watch.options import Watched, WatchOptions

LONGEST_RUN = 60.0  # seconds, or as long as a poll may take, which would never come back otherwise
log = logging.getLogger("cloudgate.operations")


class SourceError(GateError):
    """What ends the watch and no waiting heals."""


class Watch:
    """Polls, again and again. A change counts as reported only when C(report) says that it was.

    All that a restart needs is in the memory.
    """

    def __init__(
        self,
        watched: List[Watched],
        options: WatchOptions,
        memory: Memory,
        workers: Any = None,
        clock: Callable[[], float] = time.monotonic,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._options = options
        self._memory = memory
        self._new_engine = functools.partial(
            Engine, options.polls, options.poll_deadline, options.api_timeout, workers, clock, chance
        )
        self._given: List[str] = []  # what the arguments name
        earlier = memory.state
        self._clock, self._origin = clock, clock() - earlier.elapsed
        self._in_trouble = False
        self.has_news = False  # whether the last poll has found what a restart must know
        self._watched = watched
        self._state = memory.state = PollState([self._group(each, earlier) for each in watched], earlier.elapsed)

    def _group(self, watched: Watched, earlier: PollState) -> GroupState:
        """Return what is polled behind one login, with what an earlier process knew of it."""
        provider = watched.connection.info.name
        groups = [each for each in earlier.groups if each.provider == provider]
        known = [each for group in groups for each in group.operations]
        resources = {each.resource_id: each for group in groups for each in group.resources}
        group = GroupState(provider)
        for reference in watched.references:
            self._add_given(group, reference, known)
        for name in watched.resources:
            new = ResourceState(name, watched_from=earlier.elapsed, since=self._options.changes_since)
            # One that is said to be gone may have been on a way that is open again.
            group.resources.append(dataclasses.replace(resources.get(name, new), gone=False, missing_since=None))
            group.operations += [each for each in known if not each.given and each.reference.resource_id == name]
        watched.connection.import_states(group)
        for each in group.operations:  # what was saved of it can be older than what was reported: it is polled first
            each.answered = each.answered and not each.open
        return group

    def _add_given(self, group: GroupState, reference: Reference, known: List[OperationState]) -> None:
        given = name_of(group.provider, reference)
        self._given.append(given)
        reported = self._memory.reported.get(self._memory.given.get(given, ""))
        if reported and reported.finished:
            return
        state = next((each for each in known if each.given == given), None)
        if state is None:
            state = OperationState.of(group.provider, reference, self._now())
        state.reference, state.given = reference.resolved_to(state.reference.operation_id), given
        group.operations.append(state)

    @property
    def finished(self) -> bool:
        """Whether all that was given is finished and reported, and the source shall end then."""
        return self._options.end_when_finished and self._idle

    @property
    def _idle(self) -> bool:
        return not any(each.open or each.operations for each in self._state.groups)

    @property
    def pause(self) -> float:
        """Seconds until there is something to do, for a watch that has nothing left to poll."""
        return LONGEST_RUN if self._idle else 0.0

    @property
    def _listed(self) -> int:
        """How many resources have been listed: only then is it known what is new there."""
        return sum(each.cursor is not None for group in self._state.groups for each in group.resources)

    def poll(self) -> List[Change]:
        """Poll until something has changed or a minute has passed. Raises SourceError for what no waiting heals.

        All changes of the poll before must have been reported.
        """
        self._forget()
        listed = self._listed
        self._state.elapsed, self._state.last_error, self._state.warnings = self._now(), None, []
        limits = Limits(max(LONGEST_RUN, self._options.poll_deadline), change=0.0)
        self._new_engine().run(self._state, [self._io(each) for each in self._watched], limits)
        self._log()
        if self._state.error:
            raise SourceError(self._state.error["message"])
        changes = self._changes()
        # An older state polls and lists again what is reported already; but what is new must not be forgotten.
        self.has_news = self._listed != listed or any(change.previous is None for change in changes)
        return changes

    def report(self, change: Change) -> None:
        """Remember that this was reported."""
        self._memory.reported[change.key] = Reported(change.operation.state, change.changes, self._cloud_time())
        if change.given:
            self._memory.given[change.given] = change.key
        for group in self._state.groups:
            group.operations = [each for each in group.operations if each.open or self._key(each) != change.key]
        log.info("%s, before: %s", describe(change.operation), change.previous)

    def _io(self, watched: Watched) -> GroupIO:
        new = functools.partial(self._new_operations, watched)
        return watched.connection.io._replace(list=new, list_interval=self._options.resources_interval)

    def _new_operations(self, watched: Watched, query: Query) -> List[Operation]:
        """List the operations of a resource that are not known to be finished. Runs in a thread of its own."""
        provider = watched.connection.provider()
        found = []
        for operation in provider.list(query):
            reference = Reference(operation.operation_id, operation.resource_id or query.resource_id)
            reported = self._memory.reported.get(key_of(operation, reference))
            if operation.operation_id and not (reported and reported.finished):
                provider.import_state(reference, operation)
                found.append(operation)
        return found

    def _forget(self) -> None:
        cursors = [each.cursor for group in self._state.groups for each in group.resources if each.cursor]
        kept = {self._key(each) for each in self._state.operations}
        kept |= {self._memory.given.get(name, "") for name in self._given}
        self._memory.forget(kept, min([*cursors, self._cloud_time()]) - timedelta(seconds=self._options.remember))

    def _log(self) -> None:
        """Write one line when something goes wrong, and one when it is over, however long it takes."""
        if self._state.last_error and not self._in_trouble:
            self._in_trouble = True
            log.warning("The watch goes on after an error: %s", self._state.last_error)
        elif self._in_trouble and not self._state.last_error and not self._backs_off:
            self._in_trouble = False
            log.warning("The cloud answers again.")
        for sentence in self._state.warnings:
            log.warning("%s", sentence)

    @property
    def _backs_off(self) -> bool:
        return any(each.backoff.fraction for each in self._state.groups)

    def _changes(self) -> List[Change]:
        found: Dict[str, Change] = {}
        for group in self._state.groups:
            kept = []
            for state in group.operations:
                change = self._change(state)
                if change:
                    found.setdefault(change.key, change)
                if change or state.open:
                    kept.append(state)
            group.operations = kept
        return list(found.values())

    def _change(self, state: OperationState) -> Optional[Change]:
        if state.operation.missing:
            self._give_up(state)
        elif not state.answered or state.missing_since is not None:
            return None
        key = self._key(state)
        past = self._memory.reported.get(key)
        if past and state.given:
            self._memory.given[state.given] = key
        if past and (past.finished or past.state == state.operation.state):
            return None
        changes = past.changes + 1 if past else 1
        return Change(state.operation, past.state if past else None, key, changes, state.given)

    def _give_up(self, state: OperationState) -> None:
        """What was seen and is gone is not known any more; what never came is a mistake, or nobody's operation."""
        if state.given and self._key(state) not in self._memory.reported:
            raise SourceError(state.operation.reason)
        state.operation = dataclasses.replace(state.operation, state=State.UNKNOWN, missing=False, error=None)
        state.given_up, state.missing_since = True, None

    def _now(self) -> float:
        """Return the seconds since the watch began, its earlier processes included."""
        return self._clock() - self._origin

    def _key(self, state: OperationState) -> str:
        """The name in the memory, which for what was given may be known from an earlier run of the source."""
        known = self._memory.given.get(state.given) if state.given else None
        return known or key_of(state.operation, state.reference)

    def _cloud_time(self) -> datetime:
        """The time on the clouds' clocks, the one that is most behind."""
        return min(each.connection.now() for each in self._watched)
