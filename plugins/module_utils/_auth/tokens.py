# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The token of a login, which all threads share.

Private to this collection.
"""

from __future__ import annotations

import threading
import time
from typing import Any, Callable, Dict

from .._model.errors import UNEXPECTED_DATA_ERRORS, ProtocolError

_RENEW_BEFORE = 120.0  # seconds before the token expires, as in keystoneauth1
_NEVER = float("inf")


class Tokens:
    """Fetches, renews, counts and masks the tokens of a keystoneauth1 plugin.

    Tokens expire by lifetime on the monotonic clock. keystoneauth1 uses the system clock, and would log in before each
    request if that clock is wrong.
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
        """Return Keystone's response to the login, after a login or renewal if needed; None without Keystone.

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
                raise ProtocolError("Keystone's answer to the login has an unexpected structure.") from exc
            return access

    def _take(self, access: Any) -> None:
        """Accept a new token. First read all fields that keystoneauth1 reads later without checks."""
        self.logins += 1
        self._mask(access.auth_token)
        access.will_expire_soon()
        access.service_catalog.get_endpoints()
        self._renew_at = time.monotonic() + _seconds_until_renewal(access)
        self._access = access

    def headers(self) -> Dict[str, str]:
        """Return the header with the token; {} for a login without a token. Raises the same errors as C(access)."""
        if not self._plugin:
            return {}
        with self._lock:
            self.access()
            return self._plugin.get_headers(self._session) or {}

    def renew(self, refused: Dict[str, str]) -> bool:
        """Drop a refused token, unless another thread renewed it. Return whether a new token is possible."""
        if not self._plugin:
            return False
        with self._lock:
            return self.headers() != refused or self._plugin.invalidate()


def _seconds_until_renewal(access: Any) -> float:
    try:
        life = (access.expires - access.issued).total_seconds()
    except UNEXPECTED_DATA_ERRORS:  # without issued_at, the first 401 causes the renewal
        return _NEVER
    return life - min(_RENEW_BEFORE, life / 2)
