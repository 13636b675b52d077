# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The token of a login: fetched once and renewed once for all threads, checked, counted and masked.

Private to this collection.
"""

from __future__ import annotations

import threading
import time
from typing import Any, Callable, Dict

from .._model.errors import UNEXPECTED_DATA_ERRORS, ProtocolError

_RENEW_BEFORE = 120.0  # seconds of its life that a token must have left, as in keystoneauth1
_NEVER = float("inf")


class Tokens:
    """The tokens that a plugin of keystoneauth1 gets, one after the other.

    A token is renewed by its lifetime on the monotonic clock. keystoneauth1 compares its date with the clock of this
    machine, and would log in before each request where that clock is wrong.
    """

    def __init__(self, plugin: Any, session: Any, mask: Callable[[str], None]) -> None:
        self.logins = 0
        self._plugin = plugin
        self._session = session
        self._mask = mask
        self._of_keystone = hasattr(plugin, "get_access")
        self._access: Any = None
        self._renew_at = _NEVER  # time.monotonic()
        self._lock = threading.RLock()
        if self._of_keystone:
            plugin.reauthenticate = False

    def access(self) -> Any:
        """Return Keystone's answer to the login, which is made or renewed if need be; None without Keystone.

        Raises ProtocolError and the errors of keystoneauth1.
        """
        if not self._of_keystone:
            return None
        with self._lock:
            if time.monotonic() > self._renew_at:
                self._plugin.invalidate()
            try:
                access = self._plugin.get_access(self._session)
                if access is not self._access:
                    self._take(access)
            except UNEXPECTED_DATA_ERRORS as exc:
                self._plugin.invalidate()
                raise ProtocolError("Keystone answered the login with JSON of another shape.") from exc
            return access

    def _take(self, access: Any) -> None:
        """Accept a new token after reading all that keystoneauth1 reads later: it trusts that nothing is missing."""
        self.logins += 1
        self._mask(access.auth_token)
        access.will_expire_soon()
        access.service_catalog.get_endpoints()
        self._renew_at = time.monotonic() + _seconds_until_renewal(access)
        self._access = access

    def headers(self) -> Dict[str, str]:
        """Return the header with the token; {} for a login without any. Raises what C(access) does."""
        if not self._plugin:
            return {}
        with self._lock:
            self.access()
            return self._plugin.get_headers(self._session) or {}

    def renew(self, refused: Dict[str, str]) -> bool:
        """Drop the token in refused headers, unless another thread has renewed it. False: there is no other to get."""
        if not self._plugin:
            return False
        with self._lock:
            return self.headers() != refused or self._plugin.invalidate()


def _seconds_until_renewal(access: Any) -> float:
    try:
        life = (access.expires - access.issued).total_seconds()
    except UNEXPECTED_DATA_ERRORS:  # no issued_at: the first 401 leads to the renewal
        return _NEVER
    return life - min(_RENEW_BEFORE, life / 2)
