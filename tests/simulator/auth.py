# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Identify the caller by a token or an AK/SK signature. Each cloud refuses others in its own words."""

from __future__ import annotations

from dataclasses import dataclass

from flask import request

from .accounts import Cloud, User
from .errors import ApiError, gateway_error, keystone_unauthorized
from .signature import verify
from .state import Store, Token

WRONG_AUTH = "Incorrect IAM authentication information: "


@dataclass(frozen=True)
class Caller:
    user: User
    project_id: str


def is_signed() -> bool:
    return request.headers.get("Authorization", "").startswith("SDK-HMAC-SHA256 ")


def find_token(store: Store, cloud: Cloud, secret: str) -> Token | None:
    return store.clouds[cloud.name].tokens.get(secret)


def authenticate(store: Store, cloud: Cloud) -> Caller:
    """Return the caller. Raises that cloud's 401."""
    if cloud.gateway and is_signed():
        verify(cloud, store.signing_clock())
        return Caller(cloud.user, request.headers.get("X-Project-Id", cloud.project_id))
    secret = request.headers.get("X-Auth-Token", "")
    token = find_token(store, cloud, secret)
    if token is None or token.expires <= store.clock():
        raise _unauthorized(cloud, bool(secret), token is not None)
    return Caller(token.user, cloud.project_id if token.project_scoped else "")


def authenticate_in(store: Store, cloud: Cloud, project: str) -> Caller:
    """Return the caller of a service behind the gateway, in the project of the path."""
    caller = authenticate(store, cloud)
    if project != caller.project_id or project != cloud.project_id:
        # Inferred: the gateway's documented code for a caller without rights in that project.
        raise gateway_error(403, "APIGW.0302", "Incorrect app authentication information: forbidden project")
    return caller


def _unauthorized(cloud: Cloud, given: bool, expired: bool) -> ApiError:
    if not cloud.gateway:
        return keystone_unauthorized(f"{request.host_url}{cloud.name}/identity")
    if expired:
        return gateway_error(401, "APIGW.0307", "The token must be updated")
    reason = "decrypt token fail" if given else "x-auth-token not found"
    return gateway_error(401, "APIGW.0301", WRONG_AUTH + reason)
