# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Watch operations without a time limit, and report changes. Clock, randomness and threads are injected.

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

LONGEST_RUN = 60.0  # seconds; a run lasts longer only if a single poll may
log = logging.getLogger("cloudgate.operations")


class SourceError(GateError):
    """A permanent error, which ends the watch."""


class Watch:
    """Poll repeatedly. A change counts as reported only after C(report).

    The memory has all that a restart needs.
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
        self._given: List[str] = []  # keys of the references in the arguments
        earlier = memory.state
        self._clock, self._origin = clock, clock() - earlier.elapsed
        self._in_trouble = False
        self.has_news = False  # whether the last poll found something that must be saved
        self._watched = watched
        self._state = memory.state = PollState([self._group(each, earlier) for each in watched], earlier.elapsed)

    def _group(self, watched: Watched, earlier: PollState) -> GroupState:
        """Return the state of a watch group, with the state that an earlier process saved."""
        provider = watched.connection.info.name
        groups = [each for each in earlier.groups if each.provider == provider]
        known = [each for group in groups for each in group.operations]
        resources = {each.resource_id: each for group in groups for each in group.resources}
        group = GroupState(provider)
        for reference in watched.references:
            self._add_given(group, reference, known)
        for name in watched.resources:
            new = ResourceState(name, watched_from=earlier.elapsed, since=self._options.changes_since)
            # A resource that was gone may exist again.
            group.resources.append(dataclasses.replace(resources.get(name, new), gone=False, missing_since=None))
            group.operations += [each for each in known if not each.given and each.reference.resource_id == name]
        watched.connection.import_states(group)
        for each in group.operations:  # the saved state may be older than the reported one, so poll it first
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
        """Whether the source shall end: all given operations are finished and reported."""
        return self._options.end_when_finished and self._idle

    @property
    def _idle(self) -> bool:
        return not any(each.open or each.operations for each in self._state.groups)

    @property
    def pause(self) -> float:
        """Seconds to sleep; more than 0 only if nothing is left to poll."""
        return LONGEST_RUN if self._idle else 0.0

    @property
    def _listed(self) -> int:
        """Number of resources that were listed at least once."""
        return sum(each.cursor is not None for group in self._state.groups for each in group.resources)

    def poll(self) -> List[Change]:
        """Poll until something changes or a minute passes. Raises SourceError for a permanent error.

        Report all changes of the previous poll before.
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
        # Only new operations must be saved: for others, a restart with an older state polls and lists again.
        self.has_news = self._listed != listed or any(change.previous is None for change in changes)
        return changes

    def report(self, change: Change) -> None:
        """Record that this change was reported."""
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
        """List the operations of a resource that were not reported as finished. Runs in its own thread."""
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
        """Log one line when errors begin and one when they end."""
        if self._state.last_error and not self._in_trouble:
            self._in_trouble = True
            log.warning("The watch continues after an error: %s", self._state.last_error)
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
        """Forget an operation that disappeared. Raises SourceError for a given one that never appeared."""
        if state.given and self._key(state) not in self._memory.reported:
            raise SourceError(state.operation.reason)
        state.operation = dataclasses.replace(state.operation, state=State.UNKNOWN, missing=False, error=None)
        state.given_up, state.missing_since = True, None

    def _now(self) -> float:
        """Return the seconds since the watch began, including earlier processes."""
        return self._clock() - self._origin

    def _key(self, state: OperationState) -> str:
        """Return the key in the memory. For a given operation, an earlier run may have set it."""
        known = self._memory.given.get(state.given) if state.given else None
        return known or key_of(state.operation, state.reference)

    def _cloud_time(self) -> datetime:
        """Return the earliest of the APIs' clocks."""
        return min(each.connection.now() for each in self._watched)
