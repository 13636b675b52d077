# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Typed errors. The class defines C(failure.kind) and whether a retry can succeed.

Private to this collection.
"""

from __future__ import annotations

import contextlib
from typing import Any, Dict, Iterator, Optional

from .text import printable

# Raised by code and libraries when data has an unexpected structure.
UNEXPECTED_DATA_ERRORS = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)


class GateError(Exception):
    """Base class of all errors that a task reports. transient: whether a retry may succeed."""

    kind = "protocol"
    transient = False

    def __init__(
        self,
        message: str,
        code: Optional[str] = None,
        request_id: Optional[str] = None,
        status: Optional[int] = None,
        retry_after: Optional[float] = None,
    ) -> None:
        super().__init__(message)
        self.message = printable(message)
        self.code = code and printable(code)
        self.request_id = request_id and printable(request_id)
        self.status = status
        self.retry_after = retry_after  # seconds

    def __str__(self) -> str:
        """Return the message."""
        return self.message

    def as_dict(self) -> Dict[str, Any]:
        """Return the RV(failure) of a task result."""
        return {"kind": self.kind, "message": self.message, "code": self.code, "request_id": self.request_id}


class InputError(GateError):
    """The options are invalid."""

    kind = "input"


def one_of(what: str, number: int, count: int) -> str:
    """Return the position of a value, such as C(operation 2 of 3); "" for a single value."""
    return f"{what} {number} of {count}" if count > 1 else ""


@contextlib.contextmanager
def located(place: str) -> Iterator[None]:
    """Prefix the message of an InputError with the place of the mistake, such as C(operation 2), unless it is ""."""
    try:
        yield
    except InputError as exc:
        exc.message = f"{place}: {exc.message}" if place else exc.message
        raise


class LibraryMissing(GateError):
    """A Python library is not installed. library: its name. reason: what it is needed for."""

    kind = "input"

    def __init__(self, library: str, reason: str) -> None:
        super().__init__(f"The Python library {library} is needed {reason}: pip install {library}.")
        self.library = library
        self.reason = reason


class AuthError(GateError):
    """The credentials were refused (401), even after one renewal of the token."""

    kind = "auth"


class ForbiddenError(GateError):
    """The credentials are valid but do not allow the request (403)."""

    kind = "forbidden"


class MissingError(GateError):
    """The API does not know this operation or resource (404). what: C(operation) or C(resource)."""

    kind = "missing"

    def __init__(self, *args: Any, what: str = "operation", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.what = what


class ThrottledError(GateError):
    """Too many requests (429)."""

    kind = "throttled"
    transient = True


class TransportError(GateError):
    """No usable response: connection, TLS, timeout, 5xx."""

    kind = "transport"
    transient = True


class UnreachableError(TransportError):
    """The host name does not resolve, or TLS is cut off: wrong options, or a temporary network error."""


class TlsError(TransportError):
    """The server's certificate is not trusted. A retry cannot succeed."""

    transient = False


class ProtocolError(GateError):
    """An unexpected response: refused request, unknown API, no JSON, unexpected structure."""


class GarbledError(ProtocolError):
    """An unreadable response (HTML, truncated JSON), often from a proxy, so a retry may succeed."""

    transient = True


class UnsupportedVersionError(ProtocolError):
    """The API does not offer the requested microversion (406)."""
