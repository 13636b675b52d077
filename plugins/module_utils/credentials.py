# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which credentials to use: options first, then the environment. Pure: no I/O, the environment is passed in.

Private to this collection.
"""

from __future__ import annotations

import dataclasses
import re
from typing import Any, Dict, List, Mapping, Optional, Tuple
from urllib.parse import urlsplit

from .errors import InputError

_PLAIN_URL = re.compile(r"[^\s?#@\x00-\x20\x7f]+")

PASSWORD, APPLICATION_CREDENTIAL, TOKEN, AKSK, CLOUD = "password", "application_credential", "token", "aksk", "cloud"
# Logins of one header, for an API that the user describes.
BEARER, BASIC, NONE = "bearer", "basic", "none"
HEADERS = (BEARER, BASIC, NONE)
# The neighbours' modules take the names of keystoneauth1's plugins, so both are understood.
AUTH_TYPES = {
    PASSWORD: PASSWORD,
    "v3password": PASSWORD,
    APPLICATION_CREDENTIAL: APPLICATION_CREDENTIAL,
    "v3applicationcredential": APPLICATION_CREDENTIAL,
    TOKEN: TOKEN,
    "v3token": TOKEN,
    AKSK: AKSK,
}

# Each leaf of `auth` and the environment variables that stand in for it, the most specific first.
ENVIRONMENT: Dict[str, Tuple[str, ...]] = {
    "auth_url": ("OS_AUTH_URL",),
    "username": ("OS_USERNAME",),
    "user_id": ("OS_USER_ID",),
    "password": ("OS_PASSWORD",),
    "user_domain_name": ("OS_USER_DOMAIN_NAME",),
    "user_domain_id": ("OS_USER_DOMAIN_ID",),
    "project_name": ("OS_PROJECT_NAME", "OS_TENANT_NAME"),
    "project_id": ("OS_PROJECT_ID", "OS_TENANT_ID", "HUAWEICLOUD_SDK_PROJECT_ID", "HW_PROJECT_ID"),
    "project_domain_name": ("OS_PROJECT_DOMAIN_NAME",),
    "project_domain_id": ("OS_PROJECT_DOMAIN_ID",),
    "token": ("OS_TOKEN", "OS_AUTH_TOKEN"),
    "application_credential_id": ("OS_APPLICATION_CREDENTIAL_ID",),
    "application_credential_name": ("OS_APPLICATION_CREDENTIAL_NAME",),
    "application_credential_secret": ("OS_APPLICATION_CREDENTIAL_SECRET",),
    "access_key": ("HUAWEICLOUD_SDK_AK", "HW_ACCESS_KEY", "OS_ACCESS_KEY"),
    "secret_key": ("HUAWEICLOUD_SDK_SK", "HW_SECRET_KEY", "OS_SECRET_KEY"),
    "security_token": ("HUAWEICLOUD_SDK_SECURITY_TOKEN", "HW_SECURITY_TOKEN", "OS_SECURITY_TOKEN"),
    "iam_endpoint": ("HUAWEICLOUD_SDK_IAM_ENDPOINT",),
}
SETTINGS_ENVIRONMENT: Dict[str, Tuple[str, ...]] = {
    "region_name": ("OS_REGION_NAME", "HW_REGION_NAME"),
    "interface": ("OS_INTERFACE", "OS_ENDPOINT_TYPE"),
    "ca_cert": ("OS_CACERT",),
    "client_cert": ("OS_CERT",),
    "client_key": ("OS_KEY",),
}
SECRETS = ("password", "token", "application_credential_secret", "secret_key", "security_token")

_USER = ("username", "user_id", "user_domain_name", "user_domain_id")
_PROJECT_NAMES = ("project_id", "project_name")
_PROJECT = ("project_name", "project_id", "project_domain_name", "project_domain_id")
LEAVES = {
    PASSWORD: ("auth_url", "password") + _USER + _PROJECT,
    APPLICATION_CREDENTIAL: (
        "auth_url",
        "application_credential_id",
        "application_credential_name",
        "application_credential_secret",
    )
    + _USER,
    TOKEN: ("auth_url", "token") + _PROJECT,
    AKSK: ("access_key", "secret_key", "security_token", "iam_endpoint", "project_name", "project_id"),
    BEARER: ("token",),
    BASIC: ("username", "password"),
    NONE: (),
}
_LONGEST_ANSWER = 86400  # seconds; sockets stand no more than 24 days
_NO_TEXT = re.compile(r"[\ud800-\udfff]")  # how Python reads such bytes; nothing can send them
_IN_HEADERS = ("token", "access_key", "security_token", "project_id")
_OPTIONAL = ("security_token", "iam_endpoint", "project_name", "project_id")  # of an access key
# Two ways to name the same: who gives one in the task does not want the other from the environment.
_TWINS = {
    leaf: pair
    for pair in (
        ("username", "user_id"),
        ("user_domain_name", "user_domain_id"),
        ("project_name", "project_id"),
        ("project_domain_name", "project_domain_id"),
        ("application_credential_id", "application_credential_name"),
    )
    for leaf in pair
}
_TELLING_AKSK = {"access_key", "secret_key", "security_token"}
# The leaves that only one kind of login has: who gives one of them means that kind.
_TELLING = (
    (AKSK, ("access_key", "secret_key")),
    (
        APPLICATION_CREDENTIAL,
        ("application_credential_id", "application_credential_name", "application_credential_secret"),
    ),
    (TOKEN, ("token",)),
    (PASSWORD, ("password", "username", "user_id")),
)


@dataclasses.dataclass(frozen=True)
class Credentials:
    """What to log in with. C(kind) is one of the constants above; C(auth) holds only the leaves of that kind."""

    kind: str
    auth: Dict[str, str]
    cloud: Optional[str] = None
    region_name: Optional[str] = None
    interface: Optional[str] = None
    endpoint: Optional[str] = None
    verify: Any = True
    cert: Any = None
    timeout: float = 30.0

    def __repr__(self) -> str:
        """Never shows a secret."""
        return f"Credentials({self.kind})"


def resolve(params: Mapping[str, Any], environ: Mapping[str, str], aksk: bool) -> Credentials:
    """Choose the credentials.

    params: the connection options of a task. environ: the environment variables. aksk: whether the provider's API
    accepts AK/SK signatures. Raises InputError for what is missing, half-given or contradictory.
    """
    given = {name: value for name, value in (params.get("auth") or {}).items() if value}
    cloud = params.get("cloud")
    if not given and not cloud and not params.get("auth_type"):
        cloud = environ.get("OS_CLOUD")
    settings = _settings(params, environ)
    if cloud:
        _check_cloud(params.get("auth_type"), given)
        return Credentials(CLOUD, given, cloud=cloud, **settings)
    kind = _kind(params.get("auth_type"), given, environ, aksk)
    if kind is None:
        if environ.get("OS_CLIENT_CONFIG_FILE"):
            return Credentials(CLOUD, {}, **settings)
        raise InputError(
            "No credentials are given: set cloud, or auth with what auth_type needs, "
            "or the environment variables OS_CLOUD or OS_AUTH_URL, OS_USERNAME, OS_PASSWORD and OS_PROJECT_NAME"
            + (", or HUAWEICLOUD_SDK_AK and HUAWEICLOUD_SDK_SK." if aksk else ".")
        )
    if kind == AKSK and not aksk:
        raise InputError("auth_type aksk is for the providers of Huawei Cloud and Open Telekom Cloud only.")
    return complete(Credentials(kind, _leaves(kind, given, environ), **settings))


def _check_cloud(auth_type: Optional[str], given: Mapping[str, str]) -> None:
    if auth_type in HEADERS:
        raise InputError(f"cloud (clouds.yaml) and auth_type {auth_type} exclude each other: give one of them.")
    if AUTH_TYPES.get(auth_type or "") == AKSK or _TELLING_AKSK & set(given):
        raise InputError("cloud (clouds.yaml) and AK/SK exclude each other: give one of them.")


def _leaves(kind: str, given: Mapping[str, str], environ: Mapping[str, str]) -> Dict[str, str]:
    """The leaves of this kind that are known: given in the task, else in the environment."""
    auth = {}
    for leaf in LEAVES[kind]:
        value = given.get(leaf)
        # What the environment holds is for the clouds, not for any host that a user describes.
        if not value and kind not in HEADERS and not any(twin in given for twin in _TWINS.get(leaf, ())):
            value = _first(environ, ENVIRONMENT[leaf])
        if value:
            auth[leaf] = value
    return auth


def complete(credentials: Credentials) -> Credentials:
    """The same, with the defaults filled in. Raises InputError that names the first thing that is missing."""
    kind, auth = credentials.kind, credentials.auth
    for leaves in _required(credentials):
        if not any(auth.get(leaf) for leaf in leaves):
            options = " or ".join(f"auth.{leaf}" for leaf in leaves)
            variables = " or ".join(ENVIRONMENT[leaf][0] for leaf in leaves)
            otherwise = "" if kind in HEADERS else f", or set {variables}"
            raise InputError(f"{options} is missing for auth_type {kind}: give it{otherwise}.")
    for leaf, value in auth.items():
        if _NO_TEXT.search(value):
            raise InputError(f"auth.{leaf} must be text in UTF-8; it holds bytes that are none.")
    for leaf in _IN_HEADERS:
        if not (auth.get(leaf, "").isascii() and auth.get(leaf, "").isprintable()):
            raise InputError(f"auth.{leaf} must be one line of ASCII characters, as it is sent in a header.")
    for leaf in ("auth_url", "iam_endpoint"):
        if auth.get(leaf):
            check_url(f"auth.{leaf}", auth[leaf])
    if kind == AKSK and not credentials.region_name and not credentials.endpoint:
        raise InputError("region_name is missing for auth_type aksk: give it, or endpoint, or set OS_REGION_NAME.")
    _complete_project_domain(auth)
    return credentials


def _kind(auth_type: Optional[str], given: Mapping[str, str], environ: Mapping[str, str], aksk: bool) -> Optional[str]:
    if auth_type:
        return AUTH_TYPES.get(auth_type, auth_type)
    for kind, leaves in _TELLING:
        if any(leaf in given for leaf in leaves):
            return kind
    if environ.get("OS_AUTH_TYPE") in AUTH_TYPES:
        return AUTH_TYPES[environ["OS_AUTH_TYPE"]]
    for kind, leaves in _TELLING:
        if kind == AKSK and not aksk:
            continue
        if any(_first(environ, ENVIRONMENT[leaf]) for leaf in leaves):
            return kind
    return PASSWORD if given else None


def _first(environ: Mapping[str, str], names: Tuple[str, ...]) -> Optional[str]:
    return next((environ[name] for name in names if environ.get(name)), None)


def _settings(params: Mapping[str, Any], environ: Mapping[str, str]) -> Dict[str, Any]:
    value = {name: params.get(name) or _first(environ, names) for name, names in SETTINGS_ENVIRONMENT.items()}
    if value["client_key"] and not value["client_cert"]:
        raise InputError("client_key is given without client_cert: give both, or the certificate alone.")
    verify = params.get("validate_certs")
    if verify is None and not params.get("ca_cert"):  # who names an authority wants it to be asked
        verify = environ.get("OS_INSECURE", "").lower() not in ("1", "true", "yes", "on")
    timeout = params.get("api_timeout")
    if timeout is not None and not 0 < timeout <= _LONGEST_ANSWER:
        raise InputError(f"api_timeout must be a number of seconds from 1 to {_LONGEST_ANSWER}, not {timeout}.")
    endpoint = params.get("endpoint")
    if endpoint:
        check_url("endpoint", endpoint)
    return {
        "region_name": value["region_name"],
        "interface": value["interface"] and value["interface"].replace("URL", ""),  # as in publicURL
        "endpoint": endpoint,
        "verify": False if verify is False else value["ca_cert"] or True,
        "cert": (value["client_cert"], value["client_key"]) if value["client_key"] else value["client_cert"],
        "timeout": timeout or 30.0,
    }


def check_url(name: str, url: str) -> None:
    """Refuse what is not an absolute http or https URL. Raises InputError, which shows no password."""
    try:
        parts = urlsplit(url)
        whole = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        whole = False
    if not whole:
        raise InputError(f"{name} must be a whole URL, such as https://compute.example.com/v2.1.")
    if not _PLAIN_URL.fullmatch(url):
        raise InputError(f"{name} must not hold a query, a fragment, a user, spaces or control characters.")


def _required(credentials: Credentials) -> List[Tuple[str, ...]]:
    """What a login needs: of each tuple one leaf."""
    kind, auth = credentials.kind, credentials.auth
    if kind in HEADERS or kind == AKSK:
        return [(leaf,) for leaf in LEAVES[kind] if leaf not in _OPTIONAL]
    if kind == TOKEN:  # with an endpoint the token is used as it is, and Keystone is not asked
        return [("token",)] if credentials.endpoint else [("token",), ("auth_url",), _PROJECT_NAMES]
    user: List[Tuple[str, ...]] = [("username", "user_id")]
    if not auth.get("user_id"):
        user.append(("user_domain_name", "user_domain_id"))
    if kind == PASSWORD:
        return [("auth_url",)] + user + [("password",), _PROJECT_NAMES]
    credential: List[Tuple[str, ...]] = [
        ("auth_url",),
        ("application_credential_id", "application_credential_name"),
        ("application_credential_secret",),
    ]
    return credential if auth.get("application_credential_id") else credential + user


def _complete_project_domain(auth: Dict[str, str]) -> None:
    """A project that is named without a domain is looked for in the user's."""
    if "project_name" in auth and not {"project_id", "project_domain_name", "project_domain_id"} & set(auth):
        for part in ("id", "name"):
            if "user_domain_" + part in auth:
                auth["project_domain_" + part] = auth["user_domain_" + part]
                return
