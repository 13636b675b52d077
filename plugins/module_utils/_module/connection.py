# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From connection options to a provider that can be asked, by many threads at once.

Private to this collection.
"""

from __future__ import annotations

import threading
from datetime import datetime, timezone
from typing import AbstractSet, Any, Callable, List, Mapping, Optional, Sequence, Tuple

from .._auth import credentials, login
from .._model.operation import Operation
from .._model.reference import Found, Reference
from .._polling.feed import Change
from .._polling.plan import GroupIO
from .._polling.state import GroupState
from .._providers.base import Provider, ProviderInfo
from .._providers.registry import check_options, connect, info_for
from . import garbage


class Connection:
    """One provider with one login, which is made when it is first needed.

    options: the connection options of a task, or of a group of it. mask: called with each secret that is learned.
    rate_limit: called before each request to the API. set_by_task: variables that the task's own C(environment) sets.
    """

    def __init__(
        self,
        options: Mapping[str, Any],
        environ: Mapping[str, str],
        mask: Callable[[str], None],
        rate_limit: Callable[[], None] = lambda: None,
        set_by_task: AbstractSet[str] = frozenset(),
    ) -> None:
        self._options = options
        self._set_by_task = set_by_task
        self._environ = environ
        self._mask = mask
        self._rate_limit = rate_limit
        self._lock = threading.Lock()
        self._info: Optional[ProviderInfo] = None
        self._login: Optional[login.Login] = None
        self._provider: Optional[Provider] = None
        self._imported: List[Tuple[Reference, Operation]] = []

    @property
    def info(self) -> ProviderInfo:
        """What is known of the provider before anything is sent. Raises InputError for options that make none."""
        if self._info is None:
            self._info = info_for(self._options)
        return self._info

    def log_in(self) -> login.Login:
        """Check options and credentials; nothing is sent. Raises InputError and LibraryMissing."""
        info = self.info
        check_options(info, self._options)
        chosen = credentials.resolve(self._options, self._environ, info.aksk, info.domains, self._set_by_task)
        self._login = login.log_in(chosen, mask=self._mask)
        garbage.resume()
        return self._login

    def provider(self) -> Provider:
        """The provider, connected at the first call. Raises GateError; a transient one may be tried again."""
        with self._lock:
            logged_in = self._login or self.log_in()
            if self._provider is None:
                self._provider = connect(self.info, logged_in, self._options, self._rate_limit)
                for reference, operation in self._imported:
                    self._provider.import_state(reference, operation)
            return self._provider

    def poll(self, references: Sequence[Reference]) -> List[Found]:
        """Poll the operations. Raises GateError."""
        return self.provider().poll_many(references)

    @property
    def io(self) -> GroupIO:
        """How the engine reads operations."""
        provider_class = self.info.provider_class
        changes = self.changes if self.info.change_feed else None
        return GroupIO(self.poll, self.now, self.info.capabilities.batch, changes, provider_class.in_feed)

    def changes(self, since: datetime) -> List[Change]:
        """Read the change feed. Raises GateError."""
        return self.provider().changes(since)

    def import_states(self, group: GroupState) -> None:
        """Import what an earlier run has seen into the provider."""
        for each in group.operations:
            if each.answered and self.info.provider_class.exports_state(each.operation):
                self.import_state(each.reference, each.operation)

    def import_state(self, reference: Reference, operation: Operation) -> None:
        """Import what an earlier process has seen into the provider, once it is connected."""
        self._imported.append((reference, operation))

    def now(self) -> datetime:
        """The time on the API's clock."""
        return self._provider.client.now() if self._provider else datetime.now(timezone.utc)

    @property
    def requests(self) -> int:
        """How many requests were sent to the API."""
        return self._provider.client.requests if self._provider else 0

    @property
    def reauthentications(self) -> int:
        """How often the token was renewed."""
        return self._login.reauthentications if self._login else 0
