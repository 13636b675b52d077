# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Choose the credentials: options first, then the environment. Pure: the environment is an argument.

Private to this collection.
"""

from __future__ import annotations

import dataclasses
import re
from typing import AbstractSet, Any, Dict, List, Mapping, Optional, Tuple

from .._model.errors import InputError
from . import trust
from .header_rules import check_header, check_tls
from .kinds import (
    AKSK,
    APPLICATION_CREDENTIAL,
    AUTH_TYPES,
    CLOUD,
    ENVIRONMENT,
    HEADERS,
    OPTIONS,
    PASSWORD,
    SCOPES,
    SECRETS,
    TOKEN,
    USER,
)
from .remedies import refuse_nothing, remedy
from .settings import SETTINGS_ENVIRONMENT, check_url, first_set, first_value, settings_of

_PROJECT_NAMES = ("project_id", "project_name")
_HARMLESS = re.compile(
    r"default_domain_(id|name)|identity_provider|protocol|client_id|openid_scope|access_token_type|auth_type|cloud"
    r"|cloud_name|client_(config|secure|vendor)_file|insecure|.*(_url|_endpoint|_override|_api_version|_type)"
)  # options of other logins, and variables of openstacksdk
_OF_OS_AUTH_TYPE = ("auth_url",) + SECRETS + USER  # options of the login itself, not of its scope
_NO_TEXT = re.compile(r"[\ud800-\udfff]")  # Python's surrogates for bytes that are not UTF-8
_URLS = ("auth_url", "iam_endpoint", "token_url")
_IN_HEADERS = ("token", "access_key", "security_token", "project_id", "prefix")
_OPTIONAL = ("security_token", "iam_endpoint", "project_name", "project_id", "header", "prefix", "scope")
# Alternatives: if the task sets one, the environment's other is ignored.
_ALTERNATIVES = {
    option: pair
    for pair in (
        ("username", "user_id"),
        ("user_domain_name", "user_domain_id"),
        ("project_name", "project_id"),
        ("project_domain_name", "project_domain_id"),
        ("application_credential_id", "application_credential_name"),
    )
    for option in pair
}
# The security token of a temporary key is useless with another key.
_KEY = {"access_key", "secret_key"}
_IDENTIFY_AKSK = {"access_key", "secret_key", "security_token"}
# Options that identify the auth type.
_IDENTIFY = (
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
    """A login. C(kind) is one of C(kinds); C(auth) has only options of that kind.

    source: of secrets that are not options of the task; None without any. For a cloud of clouds.yaml, it is incomplete
    until the file is read. verify_given: whether the task sets validate_certs.
    """

    kind: str
    auth: Dict[str, str]
    cloud: Optional[str] = None
    region_name: Optional[str] = None
    interface: Optional[str] = None
    endpoint: Optional[str] = None
    verify: Any = True
    verify_given: bool = False
    cert: Any = None
    timeout: float = 30.0
    source: Optional[trust.Source] = None

    @property
    def token_as_it_is(self) -> bool:
        """Whether the token goes to the endpoint without a request to Keystone."""
        if self.kind != TOKEN or not self.endpoint:
            return False
        scoped = self.auth.get("auth_url") and any(self.auth.get(option) for option in _PROJECT_NAMES + SCOPES)
        return not (self.source and scoped and not self.source.allows(self.endpoint))

    def __repr__(self) -> str:
        """Return a text without secrets."""
        return f"Credentials({self.kind})"


def resolve(
    params: Mapping[str, Any],
    environ: Mapping[str, str],
    aksk: bool,
    domains: Tuple[str, ...] = (),
    set_by_task: AbstractSet[str] = frozenset(),
) -> Credentials:
    """Choose the credentials.

    params: the connection options of a task. environ: the environment variables. aksk: whether the provider's API
    accepts AK/SK signatures. domains: documented for the provider. set_by_task: variables that the task's
    C(environment) sets. Raises InputError for missing, incomplete or contradictory options, and for hosts that must
    not get the environment's secrets.
    """
    given = {name: value for name, value in (params.get("auth") or {}).items() if value}
    auth_type, cloud = params.get("auth_type"), params.get("cloud")
    if not given and not cloud and not auth_type:
        cloud = environ.get("OS_CLOUD")
    if cloud:
        _check_cloud(auth_type, given)
        if "auth_url" in given:
            check_url("auth.auth_url", given["auth_url"])
        of_file = trust.of_cloud(cloud, environ, _secret_variables(environ), set_by_task, domains)
        return Credentials(CLOUD, given, cloud=cloud, source=of_file, **settings_of(params, {}))
    kind = _kind(auth_type, given, environ, aksk)
    if kind is None:
        if environ.get("OS_CLIENT_CONFIG_FILE"):
            of_file = trust.of_cloud(None, environ, (), set_by_task, domains)
            return Credentials(CLOUD, {}, source=of_file, **settings_of(params, {}))
        refuse_nothing(aksk, custom=bool(params.get("definition")))
    if kind == AKSK and not aksk:
        raise InputError("auth_type aksk is for the providers of Huawei Cloud and Open Telekom Cloud only.")
    auth = _auth_options(kind, given, environ)
    if kind != AKSK and not auth_type and any(option in auth and option not in given for option in _OF_OS_AUTH_TYPE):
        _check_environments_kind(environ)
    secrets = [option for option in SECRETS if option in auth and option not in given]
    variables = [first_set(environ, ENVIRONMENT[option]) for option in secrets]
    source = trust.of_environment(environ, variables, set_by_task, domains) if variables else None
    settings = settings_of(params, {} if kind in HEADERS else environ)
    check_tls(kind, settings["endpoint"], auth.get("token_url"), bool(params.get("allow_http")))
    chosen = Credentials(kind, auth, source=source, **settings)
    return check_targets(_described(chosen) if params.get("definition") and not auth_type else complete(chosen))


def _described(credentials: Credentials) -> Credentials:
    """Complete a login to an API that the user describes, which may not use Keystone. Raises InputError."""
    try:
        return complete(credentials)
    except InputError as exc:
        exc.message += " Or set auth_type to bearer or basic, if the API itself accepts the login."
        raise


def check_targets(credentials: Credentials) -> Credentials:
    """Return the credentials. Raises InputError if they name a host that must not get their secrets.

    The endpoint of a Keystone login is checked after the login, with the hosts in the catalog.
    """
    source, auth = credentials.source, credentials.auth
    if source:
        for option in _URLS:
            if auth.get(option):
                source.check(f"auth.{option}", auth[option])
        if credentials.endpoint and (credentials.kind == AKSK or credentials.token_as_it_is):
            source.check("endpoint", credentials.endpoint)
    return credentials


def may_be_secret(option: str) -> bool:
    """Return whether an option of any keystoneauth1 plugin can be a secret: all options except known harmless ones."""
    known = option in ENVIRONMENT or option in SETTINGS_ENVIRONMENT or option in SCOPES or _HARMLESS.fullmatch(option)
    return option in SECRETS or not known


def _secret_variables(environ: Mapping[str, str]) -> List[str]:
    """Return the variables that openstacksdk reads and that may contain a secret."""
    harmless = {name for names in SETTINGS_ENVIRONMENT.values() for name in names}
    harmless.update(name for option, names in ENVIRONMENT.items() if option not in SECRETS for name in names)
    found = [name for name in environ if name.startswith("OS_") and name not in harmless]
    return [name for name in found if may_be_secret(name[3:].lower())]


def _check_environments_kind(environ: Mapping[str, str]) -> None:
    kind = environ.get("OS_AUTH_TYPE")
    if kind and kind not in AUTH_TYPES:
        raise InputError(
            f"OS_AUTH_TYPE is {kind}, an auth_type that this collection does not support. Set cloud to envvars, to log "
            "in with openstacksdk and the environment, or to a cloud of clouds.yaml, or set auth_type."
        )


def _check_cloud(auth_type: Optional[str], given: Mapping[str, str]) -> None:
    if auth_type in HEADERS:
        raise InputError(f"cloud (clouds.yaml) and auth_type {auth_type} exclude each other: give one of them.")
    if AUTH_TYPES.get(auth_type or "") == AKSK or _IDENTIFY_AKSK & set(given):
        raise InputError("cloud (clouds.yaml) and AK/SK exclude each other: give one of them.")


def _auth_options(kind: str, given: Mapping[str, str], environ: Mapping[str, str]) -> Dict[str, str]:
    """Return the options of this kind from the task, else from the environment."""
    auth = {}
    for option in OPTIONS[kind]:
        value = given.get(option)
        of_another_key = option == "security_token" and set(given) >= _KEY
        # Credentials in the environment are for clouds, not for an API that a user describes.
        if not (
            value or of_another_key or kind in HEADERS or any(other in given for other in _ALTERNATIVES.get(option, ()))
        ):
            value = first_value(environ, ENVIRONMENT[option])
        if value:
            auth[option] = value
    return auth


def complete(credentials: Credentials) -> Credentials:
    """Return the credentials with defaults. Raises InputError for the first missing option."""
    kind, auth = credentials.kind, credentials.auth
    _check_nothing_is_missing(credentials)
    _check_values(auth)
    if kind == AKSK and not credentials.region_name and not credentials.endpoint:
        raise InputError("region_name is missing for auth_type aksk: give it, or endpoint, or set OS_REGION_NAME.")
    _complete_project_domain(auth)
    return credentials


def _check_nothing_is_missing(credentials: Credentials) -> None:
    kind, auth = credentials.kind, credentials.auth
    for options in _required(credentials):
        if not any(auth.get(option) for option in options):
            names = " or ".join(f"auth.{option}" for option in options)
            raise InputError(f"{names} is missing for auth_type {kind}: {remedy(kind, credentials.cloud, options)}.")


def _check_values(auth: Mapping[str, str]) -> None:
    for option, value in auth.items():
        if _NO_TEXT.search(value):
            raise InputError(f"auth.{option} must be text in UTF-8, but contains other bytes.")
    for option in _IN_HEADERS:
        if not (auth.get(option, "").isascii() and auth.get(option, "").isprintable()):
            raise InputError(f"auth.{option} must be one line of ASCII characters, because it is sent in a header.")
    for option in _URLS:
        if auth.get(option):
            check_url(f"auth.{option}", auth[option])
    check_header(auth.get("header"))


def _kind(auth_type: Optional[str], given: Mapping[str, str], environ: Mapping[str, str], aksk: bool) -> Optional[str]:
    if auth_type:
        return AUTH_TYPES.get(auth_type, auth_type)
    for kind, options in _IDENTIFY:
        if any(option in given for option in options):
            return kind
    _check_environments_kind(environ)
    if environ.get("OS_AUTH_TYPE"):
        return AUTH_TYPES[environ["OS_AUTH_TYPE"]]
    for kind, options in _IDENTIFY:
        if kind == AKSK and not aksk:
            continue
        if any(first_value(environ, ENVIRONMENT[option]) for option in options):
            return kind
    return PASSWORD if given else None


def _required(credentials: Credentials) -> List[Tuple[str, ...]]:
    """Return what a login needs: at least one option of each tuple."""
    kind, auth = credentials.kind, credentials.auth
    project: List[Tuple[str, ...]] = [] if any(auth.get(option) for option in SCOPES) else [_PROJECT_NAMES]
    if kind in HEADERS or kind == AKSK:
        return [(option,) for option in OPTIONS[kind] if option not in _OPTIONAL]
    if kind == TOKEN:  # with an endpoint, the token goes to it without a request to Keystone
        return [("token",)] if credentials.endpoint else [("token",), ("auth_url",), *project]
    user: List[Tuple[str, ...]] = [("username", "user_id")]
    if not auth.get("user_id"):
        user.append(("user_domain_name", "user_domain_id"))
    if kind == PASSWORD:
        return [("auth_url",)] + user + [("password",)] + project
    credential: List[Tuple[str, ...]] = [
        ("auth_url",),
        ("application_credential_id", "application_credential_name"),
        ("application_credential_secret",),
    ]
    return credential if auth.get("application_credential_id") else credential + user


def _complete_project_domain(auth: Dict[str, str]) -> None:
    """Use the user's domain for a project name without a domain."""
    if "project_name" in auth and not {"project_id", "project_domain_name", "project_domain_id"} & set(auth):
        for part in ("id", "name"):
            if "user_domain_" + part in auth:
                auth["project_domain_" + part] = auth["user_domain_" + part]
                return
