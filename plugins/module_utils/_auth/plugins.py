# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Make the object that authenticates requests: a plugin of keystoneauth1, or an auth object of requests.

Private to this collection.
"""

from __future__ import annotations

import dataclasses
from typing import Any, Mapping

from .._http.urls import is_url, shown_url
from .._model.errors import InputError
from . import kinds
from .credentials import Credentials
from .login_request import AUTHORIZATION, LoginRequest
from .signers import HeaderAuth


def header_auth(credentials: Credentials, described: LoginRequest) -> Any:
    """Return the auth object of requests that adds the header of this kind of login; None for auth_type none.

    described: the header that the API's definition names.
    """
    auth = credentials.auth
    if credentials.kind == kinds.BEARER:
        return HeaderAuth(AUTHORIZATION, f"Bearer {auth['token']}")
    if credentials.kind == kinds.HEADER:
        used = header_of(auth, described)
        return HeaderAuth(used.header, used.prefix + auth["token"])
    return basic_auth(auth) if credentials.kind == kinds.BASIC else None


def basic_auth(auth: Mapping[str, str]) -> Any:
    """Return the auth object of requests for user and password."""
    from requests.auth import HTTPBasicAuth

    return HTTPBasicAuth(auth["username"].encode(), auth["password"].encode())  # it encodes text as Latin-1


def header_of(auth: Mapping[str, str], described: LoginRequest) -> LoginRequest:
    """Return the login request with the header of the task. A header of its own has no prefix of the definition."""
    header = auth.get("header", described.header)
    prefix = auth.get("prefix", "" if "header" in auth else described.prefix)
    return dataclasses.replace(described, header=header, prefix=prefix)


def keystone_plugin(credentials: Credentials) -> Any:
    """Return the plugin that logs in to Keystone. Raises InputError for an invalid auth_url."""
    if credentials.token_as_it_is:
        from keystoneauth1 import token_endpoint

        return token_endpoint.Token(str(credentials.endpoint), credentials.auth["token"])
    auth_url = credentials.auth.get("auth_url", "")
    if auth_url and not is_url(auth_url):
        raise InputError(f"auth.auth_url {shown_url(auth_url)} is not a valid URL. Write it as https://host:port/v3.")
    from keystoneauth1.identity import v3

    plugin = {
        kinds.PASSWORD: v3.Password,
        kinds.APPLICATION_CREDENTIAL: v3.ApplicationCredential,
        kinds.TOKEN: v3.Token,
    }[credentials.kind]
    return plugin(**credentials.auth)
