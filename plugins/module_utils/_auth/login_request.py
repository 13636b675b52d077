# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tokens of a login request: one POST, whose answer has a token that a header sends.

Private to this collection.
"""

from __future__ import annotations

import dataclasses
import threading
import time
from typing import Any, Callable, Dict, Mapping, Optional

from .._http.error_body import error_from
from .._http.json import parse
from .._http.urls import where
from .._model.errors import AuthError, GarbledError, ProtocolError

AUTHORIZATION = "Authorization"
_GOOD = (200, 201)
_REFUSED = (400, 401, 403)  # OAuth2 answers 400 for a wrong secret
_RENEW_BEFORE = 120.0  # seconds before the token expires, as for Keystone's tokens
_NEVER = float("inf")


def _whole_answer(body: Any, _headers: Mapping[str, str]) -> Any:
    return body


@dataclasses.dataclass(frozen=True)
class LoginRequest:
    """How an API takes its token, and how a login request gets one.

    path: of the request, below the endpoint; "" if the API has no login request. json, form: the body, with the
    placeholders C({username}) and C({password}); without both, the request has HTTP basic authentication. headers: of
    the request. token: reads the token from body and headers of the answer. header, prefix: of later requests.
    lifetime: of a token in seconds.
    """

    path: str = ""
    json: Optional[Mapping[str, Any]] = None
    form: Optional[Mapping[str, Any]] = None
    headers: Mapping[str, str] = dataclasses.field(default_factory=dict)
    token: Callable[[Any, Mapping[str, str]], Any] = _whole_answer
    header: str = AUTHORIZATION
    prefix: str = ""
    lifetime: Optional[float] = None


def oauth2(auth: Mapping[str, str]) -> LoginRequest:
    """Return the login request of OAuth2 with client credentials (RFC 6749, section 4.4)."""
    form = {"grant_type": "client_credentials", "client_id": auth["client_id"], "client_secret": auth["client_secret"]}
    if auth.get("scope"):
        form["scope"] = auth["scope"]
    return LoginRequest(form=form, token=_access_token, prefix="Bearer ")


def _access_token(body: Any, _headers: Mapping[str, str]) -> Any:
    return body.get("access_token") if isinstance(body, dict) else None


def filled(template: Any, auth: Mapping[str, str]) -> Any:
    """Return a body with the values of C(auth) instead of their placeholders."""
    if isinstance(template, Mapping):
        return {name: filled(each, auth) for name, each in template.items()}
    if isinstance(template, list):
        return [filled(each, auth) for each in template]
    if not isinstance(template, str):
        return template
    first, *others = template.split("{")  # a value may contain braces, so replace in one pass
    text = first
    for part in others:
        name, brace, rest = part.partition("}")
        text += auth[name] + rest if brace and name in auth else "{" + part
    return text


class RequestedTokens:
    """Fetches and renews the token of a login request. Threads may share it. It has the interface of Tokens.

    post: sends the request with this body, and returns the response of requests. url: for messages.
    """

    def __init__(
        self,
        request: LoginRequest,
        url: str,
        post: Callable[[], Any],
        mask: Callable[[str], None],
        advice: str,
    ) -> None:
        self.logins = 0
        self._request = request
        self._url = url
        self._post = post
        self._mask = mask
        self._advice = advice
        self._headers: Dict[str, str] = {}
        self._renew_at = _NEVER  # time.monotonic()
        self._lock = threading.RLock()

    def access(self) -> Any:
        """Return None, because there is no response of Keystone."""
        return None

    def headers(self) -> Dict[str, str]:
        """Return the header with the token. Logs in if needed. Raises AuthError and other errors of the request."""
        with self._lock:
            if not self._headers or time.monotonic() > self._renew_at:
                self._fetch()
            return dict(self._headers)

    def renew(self, refused: Dict[str, str]) -> bool:
        """Drop a refused token, unless another thread renewed it. Return True, because a new one is possible."""
        with self._lock:
            if self._headers == refused:
                self._headers = {}
            return True

    def _fetch(self) -> None:
        response = self._post()
        text = response.content.decode("utf-8", errors="replace")
        if response.status_code not in _GOOD:
            raise self._error(response, text)
        try:
            body = parse(text) if text.strip() else None
        except ValueError as exc:
            raise GarbledError(f"The login failed: {where(self._url, 'POST')} did not answer with JSON.") from exc
        token = self._request.token(body, response.headers)
        if not isinstance(token, str) or not token or not (token.isascii() and token.isprintable()):
            raise ProtocolError(
                f"The login failed: the answer of {where(self._url, 'POST')} has no token. "
                "Check definition.login.token."
            )
        self._mask(token)
        self.logins += 1
        self._headers = {self._request.header: self._request.prefix + token}
        life = _lifetime(self._request, body)
        self._renew_at = time.monotonic() + life - min(_RENEW_BEFORE, life / 2) if life else _NEVER

    def _error(self, response: Any, text: str) -> Exception:
        error = error_from(response.status_code, response.headers, text, self._url, "POST", login=True)
        said = f"The login failed: {error.message}"
        if response.status_code in _REFUSED:
            return AuthError(said + self._advice, error.code, error.request_id, error.status)
        error.message = said
        return error


def _lifetime(request: LoginRequest, body: Any) -> Optional[float]:
    """Return the seconds that a token is valid; None if only a 401 shows its end."""
    stated = body.get("expires_in") if isinstance(body, dict) else None
    if isinstance(stated, (int, float)) and not isinstance(stated, bool) and stated > 0:
        return float(min(stated, request.lifetime or stated))
    return request.lifetime
