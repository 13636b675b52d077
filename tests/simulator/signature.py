# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""AK/SK signatures, checked with the vendor's own signer against the request exactly as it came."""

from __future__ import annotations

import re
from datetime import datetime, timezone
from types import SimpleNamespace
from urllib.parse import parse_qsl, urlsplit

from flask import request

from .accounts import CLOUDS, AccessKey, Cloud
from .errors import ApiError, gateway_error

MAX_CLOCK_SKEW = 15 * 60
DATE_FORMAT = "%Y%m%dT%H%M%SZ"
AUTHORIZATION = re.compile(r"SDK-HMAC-SHA256 Access=(?P<ak>[^,]+), ?SignedHeaders=(?P<names>[^,]+), ?Signature=\w+")


def cloud_of_signature(authorization: str) -> str | None:
    """Return the name of the cloud that issued the access key."""
    parsed = AUTHORIZATION.fullmatch(authorization)
    for cloud in CLOUDS.values() if parsed else ():
        if parsed and parsed["ak"] in [key.access_key for key in cloud.access_keys]:
            return cloud.name
    return None


def verify(cloud: Cloud, now: float) -> None:
    """Return if the signature is right; the texts are those of the API gateway."""
    given = request.headers["Authorization"]
    parsed = AUTHORIZATION.fullmatch(given)
    if parsed is None:
        raise _refused("verify aksk signature fail")
    key = _find_key(cloud, parsed["ak"])
    _check_date(now)
    if _sign_again(key, parsed["names"].split(";")) != given.replace(", ", ","):
        raise _refused("verify aksk signature fail")


def _find_key(cloud: Cloud, access_key: str) -> AccessKey:
    token = request.headers.get("X-Security-Token")
    for key in cloud.access_keys:
        if key.access_key == access_key and key.security_token == token:
            return key
        if key.access_key == access_key and key.security_token and token:
            raise _refused("decrypt token fail")  # inferred: no document names the text for a wrong security token
    raise _refused(f"Get secretKey failed,ak:{access_key},err:ak not exist")


def _check_date(now: float) -> None:
    text = request.headers.get("X-Sdk-Date", "")
    try:
        signed = datetime.strptime(text, DATE_FORMAT).replace(tzinfo=timezone.utc)
    except ValueError:
        raise _refused("verify aksk signature fail") from None
    if abs(now - signed.timestamp()) > MAX_CLOCK_SKEW:
        server_time = datetime.fromtimestamp(now, timezone.utc).strftime(DATE_FORMAT)
        raise _refused(f"calc aksk signature fail:signature expired, signature time:{text}, server time:{server_time}")


def _sign_again(key: AccessKey, signed_headers: list[str]) -> str:
    from huaweicloudsdkcore.sdk_request import SdkRequest  # a slow import that most runs never need
    from huaweicloudsdkcore.signer.signer import Signer

    url = urlsplit(request.environ["REQUEST_URI"])
    again = SdkRequest(
        method=request.method,
        schema=request.scheme,
        host=request.host,
        resource_path=url.path,
        query_params=parse_qsl(url.query, keep_blank_values=True),
        header_params={name: request.headers.get(name, "") for name in signed_headers},
        body=request.get_data(),
    )
    signer = Signer(SimpleNamespace(ak=key.access_key, sk=key.secret_key))
    signed = signer.sign(again)
    return str(signed.header_params["Authorization"]).replace(", ", ",")


def _refused(reason: str) -> ApiError:
    return gateway_error(401, "APIGW.0301", f"Incorrect IAM authentication information: {reason}")
