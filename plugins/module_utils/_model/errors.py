# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Typed errors. The class tells what went wrong (C(failure.kind)) and whether a retry can succeed.

Private to this collection.
"""

from __future__ import annotations

import contextlib
from typing import Any, Dict, Iterator, Optional

from .text import printable

# Raised by code and libraries when data has an unexpected structure.
UNEXPECTED_DATA_ERRORS = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)


class GateError(Exception):
    """Base of all errors that a task reports as one sentence. transient: a retry may succeed."""

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
        """Return the sentence."""
        return self.message

    def as_dict(self) -> Dict[str, Any]:
        """Return the RV(failure) of a task result."""
        return {"kind": self.kind, "message": self.message, "code": self.code, "request_id": self.request_id}


class InputError(GateError):
    """The options cannot work. Raised before any request is sent."""

    kind = "input"


@contextlib.contextmanager
def located(place: str) -> Iterator[None]:
    """Begin the sentence of an InputError with the place of the mistake, such as C(operation 2). "" adds nothing."""
    try:
        yield
    except InputError as exc:
        exc.message = f"{place}: {exc.message}" if place else exc.message
        raise


class LibraryMissing(GateError):
    """A Python library that an option needs is not installed. library: its name."""

    kind = "input"

    def __init__(self, library: str, reason: str) -> None:
        super().__init__(f"The Python library {library} is needed {reason}: pip install {library}.")
        self.library = library
        self.reason = reason


class AuthError(GateError):
    """The credentials were refused (401), also after one renewal."""

    kind = "auth"


class ForbiddenError(GateError):
    """The credentials are valid, but do not allow this (403)."""

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
    """No usable response: connection, TLS, time-out, 5xx."""

    kind = "transport"
    transient = True


class TlsError(TransportError):
    """The server's certificate cannot be trusted. A retry does not change that."""

    transient = False


class ProtocolError(GateError):
    """A response that this API should not give: refused request, unknown API, no JSON, unexpected structure."""


class GarbledError(ProtocolError):
    """A response that cannot be read (HTML, truncated JSON): often a proxy's, so a retry may succeed."""

    transient = True


class UnsupportedVersionError(ProtocolError):
    """The API does not offer the requested microversion (406)."""
