# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check a login that sends its secret in a header: the header, and the hosts that may get it. Pure.

Private to this collection.
"""

from __future__ import annotations

import re
from typing import Optional

from .._model.errors import InputError
from . import trust
from .kinds import NEED_TLS

_HEADER = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+", re.ASCII)
_OF_HTTP = ("host", "content-length", "transfer-encoding", "connection", "accept-encoding")


def check_header(name: Optional[str]) -> None:
    """Refuse a header that cannot have a secret. Raises InputError."""
    if name and (not _HEADER.fullmatch(name) or name.lower() in _OF_HTTP):
        raise InputError("auth.header must be the name of a header for the secret, such as X-Auth-Token.")


def check_tls(kind: str, endpoint: Optional[str], token_url: Optional[str], allow_http: bool) -> None:
    """Refuse URLs to which a secret would go without encryption. Raises InputError. kind: of the login."""
    if kind not in NEED_TLS or allow_http:
        return
    for option, url in (("endpoint", endpoint), ("auth.token_url", token_url)):
        host = trust.host_of(url)
        if host and host.scheme == "http" and not trust.is_loopback(host.name):
            raise InputError(
                f"auth_type {kind} sends a secret, and {option} has no TLS, so anybody on the network could read it. "
                "Write https://, or set allow_http to true."
            )
