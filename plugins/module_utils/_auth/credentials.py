# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which credentials to use: options first, then the environment. Pure: no I/O, the environment is passed in.

Private to this collection.
"""

from __future__ import annotations

import dataclasses
import re
from typing import AbstractSet, Any, Dict, List, Mapping, Optional, Tuple

from .._model.errors import InputError
from . import trust
from .kinds import (
    AKSK,
    APPLICATION_CREDENTIAL,
    AUTH_TYPES,
    CLOUD,
    ENVIRONMENT,
    HEADERS,
    LEAVES,
    PASSWORD,
    SCOPES,
    SECRETS,
    TOKEN,
    USER,
)
from .settings import SETTINGS_ENVIRONMENT, check_url, first_set, first_value, settings_of

_ENVIRONMENT_AS_CLOUD = "envvars"  # how openstacksdk calls it
_PROJECT_NAMES = ("project_id", "project_name")
_HARMLESS = re.compile(
    r"default_domain_(id|name)|identity_provider|protocol|client_id|openid_scope|access_token_type|auth_type|cloud"
    r"|cloud_name|client_(config|secure|vendor)_file|insecure|.*(_url|_endpoint|_override|_api_version|_type)"
)  # of the leaves of other logins, and of the variables that openstacksdk reads
_OF_OS_AUTH_TYPE = ("auth_url",) + SECRETS + USER  # the login itself, and not what it is scoped to
_NO_TEXT = re.compile(r"[\ud800-\udfff]")  # how Python reads such bytes; nothing can send them
_URLS = ("auth_url", "iam_endpoint")
_IN_HEADERS = ("token", "access_key", "security_token", "project_id")
_OPTIONAL = ("security_token", "iam_endpoint", "project_name", "project_id")  # of an access key
# Alternatives: if the task sets one, the environment's other is ignored.
_ALTERNATIVES = {
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
# The three belong together: a temporary key's token is useless with another key.
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
    """What to log in with. C(kind) is one of C(kinds); C(auth) holds only the leaves of that kind.

    source: where secrets come from that are no options of the task; None if there are none. Of a cloud of clouds.yaml,
    what is known of it before the file is read. verify_given: the task itself says whether to verify certificates.
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
        """Whether the token is sent to the endpoint without a request to Keystone."""
        if self.kind != TOKEN or not self.endpoint:
            return False
        scoped = self.auth.get("auth_url") and any(self.auth.get(leaf) for leaf in _PROJECT_NAMES + SCOPES)
        return not (self.source and scoped and not self.source.allows(self.endpoint))

    def __repr__(self) -> str:
        """Never shows a secret."""
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
    accepts AK/SK signatures. domains: documented for the provider. set_by_task: variables that the task's own
    C(environment) sets. Raises InputError for what is missing, half-given or contradictory, and for hosts that the
    environment's secrets are not for.
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
        raise InputError(
            "No credentials are given: set cloud, or auth with what auth_type needs, "
            "or the environment variables OS_CLOUD or OS_AUTH_URL, OS_USERNAME, OS_PASSWORD and OS_PROJECT_NAME"
            + (", or HUAWEICLOUD_SDK_AK and HUAWEICLOUD_SDK_SK." if aksk else ".")
        )
    if kind == AKSK and not aksk:
        raise InputError("auth_type aksk is for the providers of Huawei Cloud and Open Telekom Cloud only.")
    auth = _leaves(kind, given, environ)
    if kind != AKSK and not auth_type and any(leaf in auth and leaf not in given for leaf in _OF_OS_AUTH_TYPE):
        _check_environments_kind(environ)
    variables = [first_set(environ, ENVIRONMENT[leaf]) for leaf in SECRETS if leaf in auth and leaf not in given]
    source = trust.of_environment(environ, variables, set_by_task, domains) if variables else None
    settings = settings_of(params, {} if kind in HEADERS else environ)
    return check_targets(complete(Credentials(kind, auth, source=source, **settings)))


def check_targets(credentials: Credentials) -> Credentials:
    """Return the credentials. Raises InputError if their secrets are not for a host that they name.

    The endpoint of a Keystone login is checked after the login, as the catalog tells the hosts of the cloud.
    """
    source, auth = credentials.source, credentials.auth
    if source:
        for leaf in _URLS:
            if auth.get(leaf):
                source.check(f"auth.{leaf}", auth[leaf])
        if credentials.endpoint and (credentials.kind == AKSK or credentials.token_as_it_is):
            source.check("endpoint", credentials.endpoint)
    return credentials


def may_be_secret(leaf: str) -> bool:
    """Return whether a leaf of any login of keystoneauth1 can be a secret: all but what is known to be harmless."""
    known = leaf in ENVIRONMENT or leaf in SETTINGS_ENVIRONMENT or leaf in SCOPES or _HARMLESS.fullmatch(leaf)
    return leaf in SECRETS or not known


def _secret_variables(environ: Mapping[str, str]) -> List[str]:
    """The variables that openstacksdk reads and that can hold a secret."""
    harmless = {name for names in SETTINGS_ENVIRONMENT.values() for name in names}
    harmless.update(name for leaf, names in ENVIRONMENT.items() if leaf not in SECRETS for name in names)
    found = [name for name in environ if name.startswith("OS_") and name not in harmless]
    return [name for name in found if may_be_secret(name[3:].lower())]


def _check_environments_kind(environ: Mapping[str, str]) -> None:
    kind = environ.get("OS_AUTH_TYPE")
    if kind and kind not in AUTH_TYPES:
        raise InputError(
            f"OS_AUTH_TYPE is {kind}, an auth_type that this collection does not have: set cloud to envvars, so that "
            "openstacksdk logs in as the environment says, or to a cloud of clouds.yaml, or set auth_type."
        )


def _check_cloud(auth_type: Optional[str], given: Mapping[str, str]) -> None:
    if auth_type in HEADERS:
        raise InputError(f"cloud (clouds.yaml) and auth_type {auth_type} exclude each other: give one of them.")
    if AUTH_TYPES.get(auth_type or "") == AKSK or _IDENTIFY_AKSK & set(given):
        raise InputError("cloud (clouds.yaml) and AK/SK exclude each other: give one of them.")


def _leaves(kind: str, given: Mapping[str, str], environ: Mapping[str, str]) -> Dict[str, str]:
    """The leaves of this kind that are known: given in the task, else in the environment."""
    auth = {}
    for leaf in LEAVES[kind]:
        value = given.get(leaf)
        of_another_key = leaf == "security_token" and set(given) >= _KEY
        # What the environment holds is for the clouds, not for any host that a user describes.
        if not (
            value or of_another_key or kind in HEADERS or any(other in given for other in _ALTERNATIVES.get(leaf, ()))
        ):
            value = first_value(environ, ENVIRONMENT[leaf])
        if value:
            auth[leaf] = value
    return auth


def complete(credentials: Credentials) -> Credentials:
    """The same, with the defaults filled in. Raises InputError that names the first thing that is missing."""
    kind, auth = credentials.kind, credentials.auth
    _check_nothing_is_missing(credentials)
    _check_values(auth)
    if kind == AKSK and not credentials.region_name and not credentials.endpoint:
        raise InputError("region_name is missing for auth_type aksk: give it, or endpoint, or set OS_REGION_NAME.")
    _complete_project_domain(auth)
    return credentials


def _check_nothing_is_missing(credentials: Credentials) -> None:
    kind, auth = credentials.kind, credentials.auth
    for leaves in _required(credentials):
        if not any(auth.get(leaf) for leaf in leaves):
            options = " or ".join(f"auth.{leaf}" for leaf in leaves)
            raise InputError(f"{options} is missing for auth_type {kind}: {_remedy(credentials, leaves)}.")


def _remedy(credentials: Credentials, leaves: Tuple[str, ...]) -> str:
    """Say where a missing leaf may be given: a named cloud takes nothing from the environment."""
    if credentials.cloud not in (None, _ENVIRONMENT_AS_CLOUD):
        return f"give it to cloud {credentials.cloud} in clouds.yaml or secure.yaml, or in the task"
    if credentials.kind in HEADERS:
        return "give it"
    return f"give it, or set {' or '.join(ENVIRONMENT[leaf][0] for leaf in leaves)}"


def _check_values(auth: Mapping[str, str]) -> None:
    for leaf, value in auth.items():
        if _NO_TEXT.search(value):
            raise InputError(f"auth.{leaf} must be text in UTF-8; it holds bytes that are none.")
    for leaf in _IN_HEADERS:
        if not (auth.get(leaf, "").isascii() and auth.get(leaf, "").isprintable()):
            raise InputError(f"auth.{leaf} must be one line of ASCII characters, as it is sent in a header.")
    for leaf in _URLS:
        if auth.get(leaf):
            check_url(f"auth.{leaf}", auth[leaf])


def _kind(auth_type: Optional[str], given: Mapping[str, str], environ: Mapping[str, str], aksk: bool) -> Optional[str]:
    if auth_type:
        return AUTH_TYPES.get(auth_type, auth_type)
    for kind, leaves in _IDENTIFY:
        if any(leaf in given for leaf in leaves):
            return kind
    _check_environments_kind(environ)
    if environ.get("OS_AUTH_TYPE"):
        return AUTH_TYPES[environ["OS_AUTH_TYPE"]]
    for kind, leaves in _IDENTIFY:
        if kind == AKSK and not aksk:
            continue
        if any(first_value(environ, ENVIRONMENT[leaf]) for leaf in leaves):
            return kind
    return PASSWORD if given else None


def _required(credentials: Credentials) -> List[Tuple[str, ...]]:
    """What a login needs: of each tuple one leaf."""
    kind, auth = credentials.kind, credentials.auth
    project: List[Tuple[str, ...]] = [] if any(auth.get(leaf) for leaf in SCOPES) else [_PROJECT_NAMES]
    if kind in HEADERS or kind == AKSK:
        return [(leaf,) for leaf in LEAVES[kind] if leaf not in _OPTIONAL]
    if kind == TOKEN:  # with an endpoint the token is used as it is, and Keystone is not asked
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
    """A project that is named without a domain is looked for in the user's."""
    if "project_name" in auth and not {"project_id", "project_domain_name", "project_domain_id"} & set(auth):
        for part in ("id", "name"):
            if "user_domain_" + part in auth:
                auth["project_domain_" + part] = auth["user_domain_" + part]
                return
