# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Connect to a provider with the connection options of a task or group.

Private to this collection.
"""

from __future__ import annotations

import threading
from datetime import datetime, timezone
from typing import AbstractSet, Any, Callable, List, Mapping, Optional, Sequence, Tuple

from .._auth import credentials, login
from .._model.errors import GateError
from .._model.operation import Operation
from .._model.reference import Found, Reference
from .._polling.feed import Change
from .._polling.plan import GroupIO
from .._polling.state import GroupState
from .._providers.base import Provider, ProviderInfo
from .._providers.registry import check_options, connect, info_for
from . import garbage
from .argspec import GROUP_SPEC
from .own_words import in_words_of


class Connection:
    """A provider with a login, which is made on first use. Threads may share it.

    options: the connection options of a task or of a group. mask: called with each new secret. rate_limit: called
    before each request to the API. set_by_task: variables that the task's C(environment) sets. place: of the options
    in the task, such as C(group 2), to prefix the errors of C(poll).
    """

    def __init__(
        self,
        options: Mapping[str, Any],
        environ: Mapping[str, str],
        mask: Callable[[str], None],
        rate_limit: Callable[[], None] = lambda: None,
        set_by_task: AbstractSet[str] = frozenset(),
        place: str = "",
    ) -> None:
        self._options = options
        self._place = place
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
        """The provider info for the options, without a request. Raises InputError."""
        if self._info is None:
            with in_words_of(self._options, GROUP_SPEC):
                self._info = info_for(self._options)
        return self._info

    def log_in(self) -> login.Login:
        """Check options and credentials, without sending a request. Raises InputError and LibraryMissing."""
        info = self.info
        with in_words_of(self._options, GROUP_SPEC):
            check_options(info, self._options)
            chosen = credentials.resolve(self._options, self._environ, info.aksk, info.domains, self._set_by_task)
            described = info.description.login if info.description else None
            self._login = login.log_in(chosen, mask=self._mask, described=described)
        garbage.resume()
        return self._login

    def provider(self) -> Provider:
        """Return the provider, and connect on the first call. Raises GateError; after a transient one, call again."""
        with self._lock:
            logged_in = self._login or self.log_in()
            if self._provider is None:
                self._provider = connect(self.info, logged_in, self._options, self._rate_limit)
                for reference, operation in self._imported:
                    self._provider.import_state(reference, operation)
            return self._provider

    def poll(self, references: Sequence[Reference]) -> List[Found]:
        """Poll the operations. Raises GateError with the group in its message."""
        try:
            with in_words_of(self._options, GROUP_SPEC):
                return self.provider().poll_many(references)
        except GateError as exc:
            exc.message = f"{self._place}: {exc.message}" if self._place else exc.message
            raise

    @property
    def io(self) -> GroupIO:
        """The requests of this connection, for the engine."""
        provider_class = self.info.provider_class
        changes = self.changes if self.info.change_feed else None
        return GroupIO(self.poll, self.now, self.info.capabilities.batch, changes, provider_class.in_feed)

    def changes(self, since: datetime) -> List[Change]:
        """Read the change feed. Raises GateError."""
        return self.provider().changes(since)

    def import_states(self, group: GroupState) -> None:
        """Import the state of an earlier run into the provider."""
        for each in group.operations:
            if each.answered and self.info.provider_class.exports_state(each.operation):
                self.import_state(each.reference, each.operation)

    def import_state(self, reference: Reference, operation: Operation) -> None:
        """Import the state of an earlier process into the provider once it is connected."""
        self._imported.append((reference, operation))

    def now(self) -> datetime:
        """Return the time on the API's clock."""
        return self._provider.client.now() if self._provider else datetime.now(timezone.utc)

    @property
    def requests(self) -> int:
        """Number of requests to the API."""
        return self._provider.client.requests if self._provider else 0

    @property
    def reauthentications(self) -> int:
        """Number of token renewals."""
        return self._login.reauthentications if self._login else 0
