# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Turn exceptions of keystoneauth1, requests, urllib3 and the standard library into typed errors.

Private to this collection. The functions import these libraries, because a host may lack them.
"""

from __future__ import annotations

import contextlib
import socket
import ssl
from http.client import RemoteDisconnected
from typing import Any, Iterator, Mapping, Optional

from .._model.errors import (
    AuthError,
    GarbledError,
    GateError,
    InputError,
    ProtocolError,
    TlsError,
    TransportError,
    UnreachableError,
)
from .error_body import error_from

PROXY_LOGIN = 407
_NO_TLS = ("WRONG_VERSION_NUMBER", "RECORD_LAYER_FAILURE", "HTTP_REQUEST")  # OpenSSL's reasons, old and new
_NO_SUCH_NAME = tuple(getattr(socket, name, 0) for name in ("EAI_NONAME", "EAI_NODATA"))  # macOS lacks the latter
_NO_HOST = ". Check the host name in auth.auth_url, endpoint or region_name."
_NO_SERVER = ". Check the host and the port in auth.auth_url or endpoint."
_MAYBE_TLS = ". If this port expects TLS, write https:// in auth.auth_url or endpoint."
_WRONG_URL = "the URL is not valid. Check endpoint and auth.auth_url."
_WRONG_HEADER = "a header value has characters that HTTP does not allow. Check auth and definition.headers."


def proxy_variable(url: str, environ: Mapping[str, str]) -> str:
    """Return the environment variable from which requests takes the proxy of a URL. Pure."""
    for name in (f"{url.split(':')[0].lower()}_proxy", "all_proxy"):
        for each in (name, name.upper()):
            if environ.get(each):
                return each
    return "the system settings"  # macOS and Windows have some


def wrong_proxy(variable: str) -> InputError:
    """Return the error for an invalid proxy URL. It does not quote the URL, which may contain a password."""
    return InputError(
        f"The proxy URL in {variable} cannot be used. Write it as http://host:port, with %XX for special characters "
        "in its user or password."
    )


def proxy_refuses(variable: str) -> InputError:
    """Return the error for a refused proxy login. It is permanent, because retries could lock the account."""
    return InputError(f"The proxy in {variable} refuses its login. Check the user and password in that URL.")


def chain(exc: BaseException) -> Iterator[BaseException]:
    """Yield an exception and its causes, outermost first. urllib3 has some causes only in args."""
    seen = set()
    inner: Optional[BaseException] = exc
    while inner is not None and id(inner) not in seen:
        seen.add(id(inner))
        yield inner
        in_args = next((each for each in inner.args if isinstance(each, BaseException)), None)
        inner = inner.__cause__ or (None if inner.__suppress_context__ else inner.__context__) or in_args


def cause(exc: BaseException) -> str:
    """Return the innermost reason of an exception on one line, because urllib3 wraps it several times."""
    innermost = list(chain(exc))[-1]
    return " ".join(str(innermost).split()) or type(innermost).__name__


def tls_error(exc: BaseException, place: str) -> TransportError:
    """Return the error for failed TLS. It is transient if the server cut off the handshake, as in a restart."""
    cut_off = (ssl.SSLEOFError, ssl.SSLZeroReturnError, ssl.SSLSyscallError)
    if any(isinstance(each, cut_off) for each in chain(exc)):
        return UnreachableError(f"{place}: the connection failed: {cause(exc)}")
    if any(getattr(each, "reason", None) in _NO_TLS for each in chain(exc) if isinstance(each, ssl.SSLError)):
        return TlsError(f"{place}: the server does not speak TLS on this port. Correct the port, or write http://.")
    return TlsError(f"{place}: the TLS connection cannot be trusted: {cause(exc)}. See ca_cert and validate_certs.")


def garbled(place: str) -> GarbledError:
    """Return the error for a response that violates HTTP."""
    return GarbledError(f"{place} answered with HTTP that cannot be read.")


def unsendable(exc: BaseException, place: str) -> Optional[InputError]:
    """Return the error for a request that requests refuses to send; None for any other exception.

    It does not contain the original text, which may quote a secret header value.
    """
    from requests.exceptions import InvalidHeader, InvalidSchema, InvalidURL, MissingSchema

    if isinstance(exc, (InvalidURL, MissingSchema, InvalidSchema)):
        return InputError(f"{place}: {_WRONG_URL}")
    return InputError(f"{place}: {_WRONG_HEADER}") if isinstance(exc, InvalidHeader) else None


def error_of(exc: Exception, place: str, variable: Optional[str] = None) -> Exception:
    """Return a typed error, or an exception of requests that keystoneauth1 handles, for an exception of an adapter.

    variable: the environment variable of the proxy, if any.
    """
    from requests import ConnectionError as RequestFailed
    from requests import RequestException
    from requests.exceptions import InvalidHeader, InvalidProxyURL, ProxyError
    from urllib3.exceptions import HTTPError, LocationValueError

    if isinstance(exc, GateError):
        return exc
    if variable and (isinstance(exc, (InvalidProxyURL, ProxyError)) or _is_of_socks(exc)):
        return _error_of_proxy(exc, place, variable)
    if isinstance(exc, InvalidHeader):  # of the response; request headers are checked before
        return garbled(place)
    if isinstance(exc, LocationValueError) or _is_about_the_host(exc):
        return InputError(f"{place}: {_WRONG_URL}")
    if isinstance(exc, RequestException):
        return unsendable(exc, place) or exc
    if isinstance(exc, HTTPError):
        return RequestFailed(exc)
    return _error_of_python(exc, place)


def _error_of_python(exc: Exception, place: str) -> Exception:
    if isinstance(exc, ValueError):  # http.client refuses a header
        return InputError(f"{place}: {_WRONG_HEADER}")
    if isinstance(exc, OSError):  # requests checks certificate files before it connects
        return TlsError(f"{place}: {' '.join(str(exc).split())}. See ca_cert, client_cert and REQUESTS_CA_BUNDLE.")
    return exc


def _error_of_proxy(exc: Exception, place: str, variable: str) -> GateError:
    if isinstance(exc, ValueError):  # InvalidProxyURL
        return wrong_proxy(variable)
    names = [type(each).__name__ for each in chain(exc)]
    if "SOCKS5AuthError" in names or f"Tunnel connection failed: {PROXY_LOGIN}" in cause(exc):
        return proxy_refuses(variable)
    return TransportError(f"{place}: the connection through the proxy in {variable} failed: {cause(exc)}")


def _is_of_socks(exc: Exception) -> bool:
    """Return whether the optional PySocks raised it; requests shows it only as a failed connection."""
    return any(type(each).__module__ == "socks" for each in chain(exc))


def _is_about_the_host(exc: Exception) -> bool:
    """Return whether Python refuses the host name, in its idna codec or before the TLS handshake."""
    return isinstance(exc, ValueError) and ("idna" in str(exc) or "server_hostname" in str(exc))


@contextlib.contextmanager
def translated(tried: str, url: str = "") -> Iterator[None]:
    """Turn exceptions of keystoneauth1 and requests into typed errors. tried: the action, for messages."""
    from keystoneauth1 import exceptions
    from requests import RequestException

    try:
        yield
    except (exceptions.ClientException, RequestException) as exc:
        raise _typed(exc, tried, url) from exc


def _typed(exc: Exception, tried: str, url: str) -> GateError:
    from keystoneauth1 import exceptions

    if isinstance(exc, exceptions.SSLError):
        return tls_error(exc, tried)
    if isinstance(exc, exceptions.ConnectTimeout):
        return TransportError(f"{tried}: no answer within api_timeout.")
    if isinstance(exc, exceptions.ConnectionError) or not isinstance(exc, exceptions.ClientException):
        no_such_name = any(isinstance(each, socket.gaierror) and each.errno in _NO_SUCH_NAME for each in chain(exc))
        kind = UnreachableError if no_such_name else TransportError
        said = f"{tried}: the connection failed: {cause(exc)}{_remedy(exc, tried)}"
        return unsendable(getattr(exc, "original", exc), tried) or kind(said)
    if isinstance(exc, exceptions.CatalogException):
        return ProtocolError(f"The service catalog cannot be used: {exc}")
    return _failed_login(exc, url)


def _remedy(exc: Exception, tried: str) -> str:
    """Return what to check after a failed connection, to complete the message."""
    if any(isinstance(each, socket.gaierror) for each in chain(exc)):
        return _NO_HOST
    if any(isinstance(each, ConnectionRefusedError) for each in chain(exc)):
        return _NO_SERVER
    return _MAYBE_TLS if "http://" in tried and any(isinstance(each, RemoteDisconnected) for each in chain(exc)) else ""


def _failed_login(exc: Any, url: str) -> GateError:
    """Return the error for an exception that keystoneauth1 raises only during a login."""
    from keystoneauth1 import exceptions

    response = getattr(exc, "response", None)
    if isinstance(exc, exceptions.HttpError):
        headers, body = getattr(response, "headers", {}), getattr(response, "text", "")
        error = error_from(exc.http_status, headers, body, getattr(response, "url", url), "POST", login=True)
        error.message = f"The login failed: {error.message}"
        return error
    if isinstance(exc, exceptions.DiscoveryFailure):  # also raised while Keystone is down
        return TransportError(f"The login failed: {' '.join(str(exc).split())}")
    if isinstance(exc, exceptions.InvalidResponse):
        if response is not None and 300 <= response.status_code < 400:
            return error_from(response.status_code, response.headers, "", response.url, "POST", login=True)
        # Usually a proxy's error page; the login was not refused.
        return GarbledError("The login failed: Keystone's answer has no token.")
    return AuthError(f"The login failed: {' '.join(str(exc).split())}")
