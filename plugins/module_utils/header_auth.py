# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A login that is one header: a bearer token, a name with a password, or nothing at all.

Private to this collection.
"""

from __future__ import annotations

import base64
from typing import Any, Optional


class HeaderAuth:
    """A requests auth object. Without a value it sends nothing, and keeps requests from looking into ~/.netrc."""

    def __init__(self, value: Optional[str]) -> None:
        self._value = value
        self.project_id: Optional[str] = None

    def __call__(self, request: Any) -> Any:
        """Let a prepared request carry the header."""
        if self._value is not None:
            request.headers["Authorization"] = self._value
        return request

    def __repr__(self) -> str:
        """Never shows a secret."""
        return "HeaderAuth()"


def bearer(token: str) -> str:
    """The header of a bearer token."""
    return f"Bearer {token}"


def basic(username: str, password: str) -> str:
    """The header of a name and a password."""
    return "Basic " + base64.b64encode(f"{username}:{password}".encode()).decode("ascii")
