# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The certificates of the TLS port: a valid one, and invalid ones."""

from __future__ import annotations

import ssl
from datetime import datetime, timedelta, timezone

import trustme

CERTIFICATES = ("good", "expired", "wrong host", "unknown authority")


class Certificates:
    """Changes what the server shows; connections that are made already keep what they were shown."""

    def __init__(self, names: tuple[str, ...]) -> None:
        self.authority = trustme.CA()
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._names = names
        self.show("good")

    def show(self, which: str) -> None:
        """Show one of CERTIFICATES from now on."""
        self._issue(which).configure_cert(self.context)

    def _issue(self, which: str) -> trustme.LeafCert:
        if which == "expired":
            now = datetime.now(timezone.utc)
            return self.authority.issue_cert(
                *self._names, not_before=now - timedelta(days=2), not_after=now - timedelta(days=1)
            )
        if which == "wrong host":
            return self.authority.issue_cert("another.example.com")
        if which == "unknown authority":
            return trustme.CA().issue_cert(*self._names)
        if which == "good":
            return self.authority.issue_cert(*self._names)
        raise ValueError(f"unknown certificate {which!r}")
