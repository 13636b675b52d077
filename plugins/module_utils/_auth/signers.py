# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Auth objects of requests: AK/SK signatures of Huawei Cloud and Open Telekom Cloud, and bearer tokens.

The vendor's signer makes the signatures (SDK-HMAC-SHA256). It is imported only when it is used.
Private to this collection.
"""

from __future__ import annotations

from datetime import datetime, timezone
from types import SimpleNamespace
from typing import Any, Callable, Optional
from urllib.parse import parse_qsl, urlsplit

from .._model.errors import LibraryMissing

# Only headers that the gateway checks are signed, because a proxy may change others.
_SIGNED = ("content-type", "x-project-id", "x-security-token")


def _now() -> datetime:
    return datetime.now(timezone.utc)


class AkSkAuth:
    """An auth object of requests that signs each request, because a signature is valid for 15 minutes only."""

    def __init__(
        self,
        access_key: str,
        secret_key: str,
        security_token: Optional[str] = None,
        project_id: Optional[str] = None,
        now: Callable[[], datetime] = _now,
    ) -> None:
        try:
            from huaweicloudsdkcore.sdk_request import SdkRequest
            from huaweicloudsdkcore.signer.signer import Signer
        except ImportError as exc:
            raise LibraryMissing("huaweicloudsdkcore", "for auth_type aksk") from exc
        self._sdk_request = SdkRequest
        self._signer = Signer(SimpleNamespace(ak=access_key, sk=secret_key))
        self._security_token = security_token
        self.project_id = project_id
        self._now = now

    def __call__(self, request: Any) -> Any:
        """Sign a prepared request: method, host, path, query and body."""
        url = urlsplit(request.url)
        request.headers["Host"] = url.netloc
        request.headers["X-Sdk-Date"] = self._now().strftime("%Y%m%dT%H%M%SZ")
        if self.project_id:
            request.headers["X-Project-Id"] = self.project_id
        if self._security_token:
            request.headers["X-Security-Token"] = self._security_token
        signed = {"Host": url.netloc, "X-Sdk-Date": request.headers["X-Sdk-Date"]}
        signed.update({name: value for name, value in request.headers.items() if name.lower() in _SIGNED})
        to_sign = self._sdk_request(
            method=request.method,
            schema=url.scheme,
            host=url.netloc,
            resource_path=url.path or "/",
            query_params=parse_qsl(url.query, keep_blank_values=True),
            header_params=signed,
            body=request.body or "",
        )
        request.headers["Authorization"] = self._signer.sign(to_sign).header_params["Authorization"]
        return request


class HeaderAuth:
    """An auth object of requests that adds a secret in a header."""

    def __init__(self, header: str, value: str) -> None:
        self._header = header
        self._value = value

    def __call__(self, request: Any) -> Any:
        """Add the header to a prepared request."""
        request.headers[self._header] = self._value
        return request
