# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finds the new operations of resources, by listing again and again what has changed there.

Private to this collection.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Any, Callable, List, Optional, Tuple

from ansible_collections.cloudgate.operations.plugins.module_utils._model.errors import (
    GateError,
    MissingError,
    TransportError,
)
from ansible_collections.cloudgate.operations.plugins.module_utils._model.operation import Operation
from ansible_collections.cloudgate.operations.plugins.module_utils._model.reference import Query
from ansible_collections.cloudgate.operations.plugins.module_utils._module.connection import Connection
from ansible_collections.cloudgate.operations.plugins.module_utils._polling.backoff import Backoff
from ansible_collections.cloudgate.operations.plugins.module_utils._polling.outcome import seconds
from ansible_collections.cloudgate.operations.plugins.plugin_utils.watch_memory import Listed
from ansible_collections.cloudgate.operations.plugins.plugin_utils.watch_options import WatchOptions

# A list reaches back so far before the last one: a change can be written down late, by a clock that is behind.
OVERLAP = timedelta(minutes=5)
_SECOND = timedelta(seconds=1)  # the API's clock tells no less
log = logging.getLogger("cloudgate.operations")

Found = Tuple[Listed, List[Operation]]


class Resource:
    """A resource whose new operations are watched.

    listed: how far its operations are known and told. found: what the last list has shown; asked: when that was.
    rate_limited: seconds for which requests of its list waited for their turn, which are no delay of the API.
    """

    def __init__(self, connection: Connection, resource_id: str, listed: Optional[Listed]) -> None:
        self.connection = connection
        self.resource_id = resource_id
        self.listed = listed
        self.asked: Optional[datetime] = None
        self.found: List[Operation] = []
        self.next_list = 0.0
        self.rate_limited = 0.0
        self.missing_since: Optional[float] = None
        self.gone = False

    def read(self, since: Optional[datetime], began: float, clock: Callable[[], float]) -> Found:
        """List what has changed. since: what is new by the arguments; else what changed after the watch began."""
        provider = self.connection.provider()
        listed = self.listed
        if listed is None:
            if since is None:  # which is told on the API's clock, so that clock is read first
                provider.list(Query(self.resource_id, limit=1, details=False))
                since = self.connection.now() - timedelta(seconds=clock() - began) - _SECOND
            listed = Listed(since, since)
        asked = clock()
        after = max(listed.since, listed.asked - OVERLAP)
        found = provider.list(Query(self.resource_id, changes_since=after, details=False))
        answered = self.connection.now() - timedelta(seconds=clock() - asked)
        return Listed(listed.since, max(answered, listed.asked)), found


class Lists:
    """Reads the lists that are due, of all resources behind one login."""

    def __init__(self, options: WatchOptions, workers: Callable[[], Any], clock: Callable[[], float]) -> None:
        self._options = options
        self._make_workers = workers
        self._clock = clock
        self._began = clock()

    def read(self, resources: List[Resource], backoff: Backoff) -> Tuple[bool, Optional[str]]:
        """Read what is due: whether anything was, and the last error that waiting may heal. Raises the other ones.

        backoff: of the cloud, whose Retry-After goes for polls and lists alike.
        """
        due = [each for each in resources if each.next_list <= self._clock()]
        if not due:
            return False, None
        error = self._read(due[:1])  # one goes ahead: a cloud that is down is not asked for all of them
        if error is None and due[1:]:
            error = self._read(due[1:])
        now = self._clock()
        if error and error.retry_after:
            backoff.until = max(backoff.until, now + error.retry_after)
        for each in due:
            each.next_list = max(now + self._options.resources_interval, backoff.until)
        return True, error.message if error else None

    def _read(self, due: List[Resource]) -> Optional[GateError]:
        workers = self._make_workers()
        waiting, error = list(due), None
        under_way: List[Resource] = []
        heard = self._clock()
        while waiting or under_way:
            while waiting and len(under_way) < self._options.looks.max_concurrency:
                resource = waiting.pop(0)
                under_way.append(resource)
                resource.rate_limited = 0.0
                workers.start(resource, lambda resource=resource: self._list(resource))
            lost = heard + self._options.poll_deadline + max(each.rate_limited for each in under_way)
            done = workers.finished(lost - self._clock())
            if done is None and self._clock() < lost:
                continue
            if done is None:
                return TransportError(f"A list had no whole answer within {seconds(self._options.poll_deadline)}.")
            heard = self._clock()
            if done[0] in under_way:
                under_way.remove(done[0])
                error = self._land(*done) or error
        return error

    def _list(self, resource: Resource) -> Found:
        return resource.read(self._options.changes_since, self._began, self._clock)

    def _land(self, resource: Resource, result: Any) -> Optional[GateError]:
        if isinstance(result, MissingError):
            self._miss(resource, result)
        elif isinstance(result, GateError) and result.transient:
            return result
        elif isinstance(result, Exception):
            raise result
        else:
            listed, resource.found = result
            resource.missing_since, resource.asked = None, listed.asked
            if resource.listed is None:
                resource.listed = Listed(listed.since, listed.since)
        return None

    def _miss(self, resource: Resource, error: MissingError) -> None:
        """A resource that was there may go; one that never came is a mistake."""
        now = self._clock()
        if resource.missing_since is None:
            resource.missing_since = now
        if now - resource.missing_since < self._options.missing_grace:
            return
        if resource.listed is None:
            raise MissingError(f"{error.message} It did not appear within {seconds(self._options.missing_grace)}.")
        resource.gone = True
        log.warning("Resource %s is gone and no longer watched: %s", resource.resource_id, error.message)
