# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Explain where to set a missing or refused credential. Pure.

Private to this collection.
"""

from __future__ import annotations

from typing import NoReturn, Optional, Tuple

from .._model.errors import InputError
from .kinds import (
    AKSK,
    APPLICATION_CREDENTIAL,
    BASIC,
    BEARER,
    ENVIRONMENT,
    HEADER,
    HEADERS,
    LOGIN,
    NONE,
    OAUTH2,
    PASSWORD,
    TOKEN,
)

_ENVIRONMENT_AS_CLOUD = "envvars"  # openstacksdk's name


def remedy(kind: str, cloud: Optional[str], options: Tuple[str, ...]) -> str:
    """Return where to set one of these options. A named cloud ignores the environment.

    kind: of the login. cloud: in clouds.yaml; None without one.
    """
    if cloud not in (None, _ENVIRONMENT_AS_CLOUD):
        return f"set it for cloud {cloud} in clouds.yaml or secure.yaml, or in the task"
    if kind in HEADERS:
        return "give it"
    return f"give it, or set {' or '.join(ENVIRONMENT[option][0] for option in options)}"


_REFUSED = {
    PASSWORD: "the user, the password and the project",
    APPLICATION_CREDENTIAL: "the application credential, which may have expired,",
    TOKEN: "the token, which may have expired,",
    AKSK: "the access key and the secret key",
    BEARER: "the token, which may have expired,",
    BASIC: "the user and the password",
    HEADER: "the token, which may have expired, and its header and prefix",
    LOGIN: "the user and the password",
    OAUTH2: "the client and its secret",
}


def after_401(kind: str, source: Optional[str], custom: bool = False) -> str:
    """Return the advice that ends the message of a 401, with a leading space.

    kind: of the login. source: of its secrets, None for the task. custom: whether the user describes the API, and so
    chooses how to log in.
    """
    if kind == NONE:
        return (
            " No credential was sent, because auth_type is none. Set auth_type to bearer and give auth.token, "
            "or set it to basic and give auth.username and auth.password."
        )
    other = " Set auth_type to bearer or basic if the API expects the header Authorization."
    return f" Check {_REFUSED.get(kind, 'the login')} {_place(source)}." + (
        other if custom and kind not in HEADERS else ""
    )


def _place(source: Optional[str]) -> str:
    return f"of {source}" if source else "in auth"


def refuse_nothing(aksk: bool, custom: bool) -> NoReturn:
    """Raise InputError for a task without any credential.

    aksk: whether the API accepts AK/SK signatures. custom: whether the user describes the API.
    """
    if custom:
        raise InputError(
            "No credentials are given: set auth_type to bearer and give auth.token, or set it to basic and give "
            "auth.username and auth.password, or set it to none if the API needs no login."
        )
    raise InputError(
        "No credentials are given: set cloud, or the options in auth, "
        "or the environment variables OS_CLOUD or OS_AUTH_URL, OS_USERNAME, OS_PASSWORD and OS_PROJECT_NAME"
        + (", or HUAWEICLOUD_SDK_AK and HUAWEICLOUD_SDK_SK." if aksk else ".")
    )
