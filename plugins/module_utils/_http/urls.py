# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Validate URLs, and remove secrets from them. Pure.

Private to this collection.
"""

from __future__ import annotations

import re
from typing import Container, Optional, Tuple
from urllib.parse import urlsplit

from .._model.text import CUT

_SCHEMES = ("http", "https")
_AFTER_PATH = re.compile("[?#]")
_HAS_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:[/\\]|.*://", re.IGNORECASE | re.DOTALL)


def is_url(url: str, schemes: Container[str] = ("http", "https")) -> bool:
    """Return whether a URL has one of these schemes, a host name that is valid in DNS, and no invalid port. Pure."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        host.encode("idna")  # labels of 1 to 63 characters
        port_is_valid = parts.port != 0
    except ValueError:
        return False
    return parts.scheme in schemes and port_is_valid and bool(host) and host.isprintable() and " " not in host


def with_scheme(proxy: str) -> str:
    """Return a proxy's URL. A value without a scheme gets C(http), as in curl: C(proxy:3128), C(user:word@proxy:3128).

    requests takes the host for the scheme in some of its versions, or drops the user.
    """
    return proxy if _HAS_SCHEME.match(proxy) else "http:" + proxy if proxy.startswith("//") else "http://" + proxy


def shown_url(url: str) -> str:
    """Return a URL for messages, without user, password and query. CUT replaces parts that may belong to these."""
    scheme, user, rest = without_login(url)
    shown = _AFTER_PATH.split(rest)[0]
    if user and not rest:
        return scheme + CUT
    return f"{scheme}{CUT}@{shown}" if user and "/" in user else scheme + shown


def where(url: str, method: str = "GET") -> str:
    """Return the method and URL of a request for messages."""
    return f"{method} {shown_url(url)}"


def without_login(url: str) -> Tuple[str, Optional[str], str]:
    """Split a URL into its scheme with "://", a possible user and password, and the remainder.

    In an unquoted password, the last "@" is ambiguous. If one follows "?" or "#", the remainder is "".
    """
    scheme, mark, rest = url.partition("://")
    if not mark or ("@" in url and scheme.lower() not in _SCHEMES):
        scheme, mark, rest = "", "", url
    user, at, after = rest.rpartition("@")
    if not at or ("/" in user and ":" not in user):  # a path
        return scheme + mark, None, rest
    return scheme + mark, user, "" if _AFTER_PATH.search(user) else after
