# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Find secrets in options, files and the environment: by the names of credentials, and in URLs. Pure.

Private to this collection.
"""

from __future__ import annotations

import functools
import json
import re
from typing import Any, Iterator, List, Mapping, Optional, Tuple
from urllib.parse import unquote

from .._http.urls import without_login
from .masking import scalars

# Names of credentials, with any prefix: OS_PASSWORD, adminPass, X-Auth-Token, client-secret.
_CREDENTIAL = re.compile(
    r"(.*(passwd|password|passphrase|passcode|secret|token|apikey)"
    r"|(.*_)?(pass|pwd|otp|totp|sk|authorization|cookie|api_key|private_?key|secret_?(access_?)?key|encryption_key"
    r"|signing_key))s?[0-9]*"
)
_WORDS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|[^A-Za-z0-9]+")
_AUTH = "auth"
# Options of `auth` in tasks and in clouds.yaml (of keystoneauth1's plugins) that are not secret.
HARMLESS_IN_AUTH = frozenset(
    "auth_url username user_id user_name user_domain_name user_domain_id project_name project_id project_domain_name "
    "project_domain_id tenant_name tenant_id domain_id domain_name default_domain default_domain_id "
    "default_domain_name system_scope trust_id application_credential_id application_credential_name access_key ak "
    "iam_endpoint endpoint header prefix token_url auth_methods auth_type "
    "identity_provider identity_provider_url protocol client_id scope "
    "access_token_endpoint access_token_type discovery_endpoint device_authorization_endpoint code_challenge_method "
    "redirect_uri redirect_host redirect_port login_timeout oauth2_endpoint oauth2_client_id idp_otp_key "
    "service_provider_endpoint service_provider_entity_id consumer_key mutual_auth principal use_redirect".split()
)
_USERS = ("username", "user_name", "user_id", "user", "client_id", "oauth2_client_id")
# Name and password in a URL. A password may contain unquoted "/" and "@"; "host:8774/a@b" has no password.
_IN_URL = re.compile(
    r"(?<=//)(?P<user>[^/?#@:\s]*):(?!\d*(?:[/?#\s]|$))(?P<password>[^\s]*)@|(?<=//)(?P<name>[^/?#\s]*)@"
)
# The same if the whole value is a URL: then its password may contain spaces.
_WHOLE_URL = re.compile(r"[\w+.-]*://(?P<user>[^/?#@:]*):(?!\d*(?:[/?#\s]|$))(?P<password>.*)@(?P<name>)", re.DOTALL)
_DELIMITERS = re.compile("[/?#@]")
_MIN_TOKEN_LENGTH = 16  # characters; a shorter name without a password is a user
_QUERY = re.compile(r"(?<=[?&;])([A-Za-z_][\w.-]*)=([^&;#\s]+)")
_NAMED = re.compile(r"(?<![\w.-])([A-Za-z_][\w.-]*)[\"']?\s*[=:]\s*(?:\"((?:[^\"\\]|\\.)*)\"|'([^']*)'|([^\s,}\]]+))")
_OURS = ("OS_", "HW_", "HUAWEICLOUD_")
_PROXY = "_proxy"


def is_credential(name: Any) -> bool:
    """Return whether a value with this name is a secret."""
    return _names_credential(str(name))


@functools.lru_cache(maxsize=1000)  # thousands of operations have the same few names
def _names_credential(name: str) -> bool:
    return _CREDENTIAL.fullmatch(_plain(name)) is not None


@functools.lru_cache(maxsize=1000)
def _plain(name: Any) -> str:
    return _WORDS.sub("_", str(name)).strip("_").lower()


def secrets_in(given: Any, within_auth: bool = False) -> Iterator[str]:
    """Yield the secrets in nested data, even in misplaced options.

    These are the values of credential names, values in C(auth) except those of harmless names, and passwords in URLs.
    within_auth: the data is the value of C(auth).
    """
    open_ones: List[Tuple[Any, bool]] = [(given, within_auth)]
    while open_ones:
        value, in_auth = open_ones.pop()
        if isinstance(value, Mapping):
            yield from _pairs(value)
            for name, each in value.items():
                if is_credential(name) or (in_auth and _plain(name) not in HARMLESS_IN_AUTH):
                    yield from scalars(each)
                else:
                    open_ones.append((each, in_auth or _plain(name) == _AUTH))
        elif isinstance(value, (list, tuple, set, frozenset)):
            open_ones += [(each, in_auth) for each in value]
        elif isinstance(value, str):
            yield from secrets_in_url(value)


def _pairs(given: Mapping[Any, Any]) -> Iterator[str]:
    """Yield "user:password", which HTTP basic authentication sends in Base64."""
    plain = {_plain(name): value for name, value in given.items() if isinstance(value, (str, int))}
    users = [str(plain[name]) for name in _USERS if name in plain]
    secrets = [str(value) for name, value in plain.items() if is_credential(name)]
    yield from (f"{user}:{secret}" for user in users for secret in secrets if secret)


def secrets_in_url(text: str) -> Iterator[str]:
    """Yield passwords and tokens in the URLs of a text."""
    if "@" in text:
        for found in (*_IN_URL.finditer(text), *filter(None, [_WHOLE_URL.match(text)])):
            user, name = found["user"], found["name"]
            if name and len(name) >= _MIN_TOKEN_LENGTH:
                yield from {name, unquote(name)}
            for password in _passwords(found["password"]) if found["password"] else ():
                yield from {password, unquote(password)}
                yield from {f"{user}:{password}", f"{unquote(user)}:{unquote(password)}"}
    if "=" in text:
        for name, value in _QUERY.findall(text):
            if is_credential(name):
                yield from {value, unquote(value)}


def _passwords(text: str) -> Iterator[str]:
    """Yield all possible passwords: any of several "@" may end it, and libraries split it at a slash."""
    parts = text.split("@")
    yield from ("@".join(parts[:count]) for count in range(1, len(parts) + 1))
    yield from _DELIMITERS.split(text)


def without_userinfo(text: str, instead: str) -> str:
    """Remove user, password and credentials in the query from the URL in a text."""
    scheme, user, rest = without_login(text)
    if (scheme and user) or ":" in (user or ""):
        text = f"{scheme}{instead}@{rest}"
    if "=" in text:
        text = _QUERY.sub(lambda found: f"{found[1]}={instead}" if is_credential(found[1]) else found[0], text)
    return text


def secrets_in_text(text: str, within_auth: bool = False) -> Iterator[str]:
    """Yield the secrets in the text of a dict: JSON, YAML, or C(name=value) pairs."""
    read = _read(text)
    if read is not None:
        yield from secrets_in(read, within_auth)
    else:
        yield from secrets_in_url(text)
        for name, *values in _NAMED.findall(text):
            value = next(filter(None, values), "")
            if is_credential(name) or (within_auth and _plain(name) not in HARMLESS_IN_AUTH):
                yield value
    if within_auth:
        yield text


def _read(text: str) -> Optional[Any]:
    try:
        return json.loads(text) if text.lstrip()[:1] in ("{", "[") else None
    except (ValueError, RecursionError):
        return None


def secrets_in_environment(environ: Mapping[str, str]) -> Iterator[str]:
    """Yield the secrets of clouds and proxies in the environment."""
    ours = {name: value for name, value in environ.items() if name.startswith(_OURS)}
    yield from secrets_in(ours)
    yield from secrets_in({name[len("OS_") :]: value for name, value in ours.items() if name.startswith("OS_")})
    for name, value in environ.items():
        if name.lower().endswith(_PROXY):
            yield from secrets_in_url(value if "//" in value else f"//{value}")
