# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which credentials are chosen: options first, then the environment; what is missing or contradictory is named."""

from __future__ import annotations

from typing import Any, Dict, List, Tuple

import pytest
from ansible_collections.cloudgate.operations.plugins.module_utils._auth.credentials import (
    SETTINGS_ENVIRONMENT,
    Credentials,
    check_url,
    may_be_secret,
    resolve,
)
from ansible_collections.cloudgate.operations.plugins.module_utils._auth.kinds import AUTH_TYPES, ENVIRONMENT, SECRETS
from ansible_collections.cloudgate.operations.plugins.module_utils._model.errors import InputError
from hypothesis import given
from hypothesis import strategies as st

URL = "https://keystone.example.com/v3"
USER = {"auth_url": URL, "username": "u", "password": "pw", "user_domain_name": "D", "project_name": "p"}
USER_ENVIRONMENT = {
    "OS_AUTH_URL": URL,
    "OS_USERNAME": "u",
    "OS_PASSWORD": "pw",
    "OS_USER_DOMAIN_NAME": "D",
    "OS_PROJECT_NAME": "p",
}
CREDENTIAL = {"auth_url": URL, "application_credential_id": "i", "application_credential_secret": "s"}
KEY = {"access_key": "AK", "secret_key": "SK"}
KEY_ENVIRONMENT = {"HUAWEICLOUD_SDK_AK": "AK", "HUAWEICLOUD_SDK_SK": "SK", "OS_REGION_NAME": "eu-de"}


@pytest.mark.parametrize(
    ("params", "environ", "kind", "auth"),
    [
        ({"auth": USER}, {}, "password", {**USER, "project_domain_name": "D"}),
        ({}, USER_ENVIRONMENT, "password", {**USER, "project_domain_name": "D"}),
        (
            {"auth": {"password": "other"}},
            USER_ENVIRONMENT,
            "password",
            {**USER, "password": "other", "project_domain_name": "D"},
        ),
        (
            {"auth": {**USER, "user_domain_name": None, "user_domain_id": "d"}},
            {},
            "password",
            {
                "auth_url": URL,
                "username": "u",
                "password": "pw",
                "user_domain_id": "d",
                "project_name": "p",
                "project_domain_id": "d",
            },
        ),
        ({"auth": {**USER, "project_domain_name": "E"}}, {}, "password", {**USER, "project_domain_name": "E"}),
        ({"auth": {**USER, "project_id": "pid"}}, {}, "password", {**USER, "project_id": "pid"}),
        (
            {"auth": {"auth_url": URL, "user_id": "u", "password": "pw", "project_id": "pid"}},
            {},
            "password",
            {"auth_url": URL, "user_id": "u", "password": "pw", "project_id": "pid"},
        ),
        ({"auth_type": "v3password"}, USER_ENVIRONMENT, "password", {**USER, "project_domain_name": "D"}),
        ({"auth": CREDENTIAL}, {}, "application_credential", CREDENTIAL),
        (
            {"auth": CREDENTIAL},
            USER_ENVIRONMENT,
            "application_credential",
            {**CREDENTIAL, "username": "u", "user_domain_name": "D"},
        ),
        (
            {
                "auth": {
                    "auth_url": URL,
                    "application_credential_name": "n",
                    "application_credential_secret": "s",
                    "username": "u",
                    "user_domain_id": "d",
                }
            },
            {},
            "application_credential",
            {
                "auth_url": URL,
                "application_credential_name": "n",
                "application_credential_secret": "s",
                "username": "u",
                "user_domain_id": "d",
            },
        ),
        (
            {},
            {"OS_AUTH_URL": URL, "OS_APPLICATION_CREDENTIAL_ID": "i", "OS_APPLICATION_CREDENTIAL_SECRET": "s"},
            "application_credential",
            CREDENTIAL,
        ),
        (
            {},
            {
                **USER_ENVIRONMENT,
                "OS_AUTH_TYPE": "v3applicationcredential",
                "OS_APPLICATION_CREDENTIAL_ID": "i",
                "OS_APPLICATION_CREDENTIAL_SECRET": "s",
            },
            "application_credential",
            {**CREDENTIAL, "username": "u", "user_domain_name": "D"},
        ),
        (
            {"auth": {"auth_url": URL, "token": "t", "project_id": "pid"}},
            {},
            "token",
            {"auth_url": URL, "token": "t", "project_id": "pid"},
        ),
        ({"auth": {"token": "t"}, "endpoint": "https://nova.example.com"}, {}, "token", {"token": "t"}),
        (
            {},
            {"OS_AUTH_URL": URL, "OS_AUTH_TOKEN": "t", "OS_TENANT_ID": "pid"},
            "token",
            {"auth_url": URL, "token": "t", "project_id": "pid"},
        ),
        ({"auth": KEY, "region_name": "eu-de"}, {}, "aksk", KEY),
        (
            {"auth": {**KEY, "security_token": "st"}, "endpoint": "https://ecs.example.com"},
            {},
            "aksk",
            {**KEY, "security_token": "st"},
        ),
        ({}, KEY_ENVIRONMENT, "aksk", KEY),
        ({}, {"HW_ACCESS_KEY": "AK", "HW_SECRET_KEY": "SK", "HW_REGION_NAME": "r"}, "aksk", KEY),
        (
            {},
            {"OS_ACCESS_KEY": "AK", "OS_SECRET_KEY": "SK", "OS_REGION_NAME": "r", "OS_SECURITY_TOKEN": "st"},
            "aksk",
            {**KEY, "security_token": "st"},
        ),
        (
            {"auth_type": "password"},
            {**USER_ENVIRONMENT, **KEY_ENVIRONMENT},
            "password",
            {**USER, "project_domain_name": "D"},
        ),
        ({"auth": USER}, KEY_ENVIRONMENT, "password", {**USER, "project_domain_name": "D"}),
    ],
)
def test_the_kind_of_login_is_told_from_what_is_given(
    params: Dict[str, Any], environ: Dict[str, str], kind: str, auth: Dict[str, str]
) -> None:
    chosen = resolve(params, environ, aksk=True)
    assert (chosen.kind, chosen.auth, chosen.cloud) == (kind, auth, None)


def test_an_access_key_in_the_environment_is_not_for_a_provider_that_has_none() -> None:
    assert resolve({}, {**USER_ENVIRONMENT, **KEY_ENVIRONMENT}, aksk=False).kind == "password"


@pytest.mark.parametrize(
    ("params", "environ", "cloud"),
    [
        ({"cloud": "one"}, {}, "one"),
        ({"cloud": "one"}, {"OS_CLOUD": "two", **USER_ENVIRONMENT}, "one"),
        ({}, {"OS_CLOUD": "two", **USER_ENVIRONMENT}, "two"),
        ({}, {"OS_CLIENT_CONFIG_FILE": "/clouds.yaml"}, None),
    ],
)
def test_clouds_yaml_is_chosen(params: Dict[str, Any], environ: Dict[str, str], cloud: str) -> None:
    chosen = resolve(params, environ, aksk=True)
    assert (chosen.kind, chosen.cloud) == ("cloud", cloud)


def test_credentials_in_the_task_win_over_clouds_yaml_in_the_environment() -> None:
    environ = {"OS_CLOUD": "two", "OS_CLIENT_CONFIG_FILE": "/clouds.yaml"}
    assert resolve({"auth": USER}, environ, aksk=False).kind == "password"
    assert resolve({"auth_type": "password"}, {**environ, **USER_ENVIRONMENT}, aksk=False).kind == "password"


def test_auth_in_the_task_is_laid_over_the_cloud() -> None:
    assert resolve({"cloud": "one", "auth": {"password": "pw"}}, {}, aksk=False).auth == {"password": "pw"}


@pytest.mark.parametrize(
    ("params", "environ", "words"),
    [
        ({}, {}, ["No credentials", "OS_AUTH_URL", "HUAWEICLOUD_SDK_AK"]),
        ({}, {"OS_AUTH_URL": URL}, ["No credentials"]),
        ({"auth": {"auth_url": URL}}, {}, ["auth.username or auth.user_id"]),
        ({"auth": {**USER, "password": ""}}, {}, ["auth.password", "OS_PASSWORD"]),
        ({"auth": {**USER, "username": None}}, {}, ["auth.username or auth.user_id", "OS_USERNAME"]),
        ({"auth": {**USER, "user_domain_name": None}}, {}, ["auth.user_domain_name or auth.user_domain_id"]),
        ({"auth": {**USER, "auth_url": None}}, {}, ["auth.auth_url", "OS_AUTH_URL"]),
        ({"auth": {**USER, "auth_url": "keystone.example.com"}}, {}, ["auth.auth_url", "whole URL"]),
        ({"auth": {**CREDENTIAL, "application_credential_secret": None}}, {}, ["application_credential_secret"]),
        (
            {"auth": {**CREDENTIAL, "application_credential_id": None, "application_credential_name": "n"}},
            {},
            ["auth.username or auth.user_id"],
        ),
        ({"auth": {"token": "t"}}, {}, ["auth.auth_url"]),
        ({"auth": {"token": "t", "auth_url": URL}}, {}, ["auth.project_id or auth.project_name"]),
        ({"auth": {"access_key": "AK"}, "region_name": "r"}, {}, ["auth.secret_key", "HUAWEICLOUD_SDK_SK"]),
        ({"auth": {"secret_key": "SK"}, "region_name": "r"}, {}, ["auth.access_key", "HUAWEICLOUD_SDK_AK"]),
        ({"auth": KEY}, {}, ["region_name", "endpoint"]),
        ({"auth": {**KEY, "iam_endpoint": "iam"}, "region_name": "r"}, {}, ["auth.iam_endpoint", "whole URL"]),
        ({"auth_type": "aksk"}, USER_ENVIRONMENT, ["auth.access_key"]),
        ({"cloud": "one", "auth_type": "aksk"}, {}, ["exclude"]),
        ({"cloud": "one", "auth": KEY}, {}, ["exclude"]),
        ({"cloud": "one", "auth": {"secret_key": "SK"}}, {}, ["exclude"]),
        ({"auth": USER, "client_key": "/key.pem"}, {}, ["client_key", "client_cert"]),
        ({"auth": USER, "endpoint": "nova.example.com/v2.1"}, {}, ["endpoint", "whole URL"]),
        ({"auth": USER, "endpoint": "https://"}, {}, ["endpoint", "whole URL"]),
        ({"auth": USER, "endpoint": "ftp://nova.example.com"}, {}, ["endpoint", "whole URL"]),
        ({"auth": USER, "endpoint": "https://nova.example.com/v2.1?x=1"}, {}, ["endpoint", "query"]),
        ({"auth": USER, "api_timeout": -1}, {}, ["api_timeout"]),
    ],
)
def test_what_is_missing_or_contradictory_is_named(
    params: Dict[str, Any], environ: Dict[str, str], words: List[str]
) -> None:
    with pytest.raises(InputError) as caught:
        resolve(params, environ, aksk=True)
    assert all(word in caught.value.message for word in words)


def test_an_access_key_is_refused_where_the_api_knows_none() -> None:
    with pytest.raises(InputError, match="Huawei Cloud and Open Telekom Cloud only"):
        resolve({"auth": KEY, "region_name": "r"}, {}, aksk=False)


@pytest.mark.parametrize(
    ("params", "environ", "expected"),
    [
        ({}, {}, {"verify": True, "cert": None, "interface": None, "region_name": None, "timeout": 30.0}),
        ({"region_name": "a"}, {"OS_REGION_NAME": "b"}, {"region_name": "a"}),
        ({}, {"OS_REGION_NAME": "b", "HW_REGION_NAME": "c"}, {"region_name": "b"}),
        ({"interface": "admin"}, {"OS_INTERFACE": "internal"}, {"interface": "admin"}),
        ({}, {"OS_INTERFACE": "internal"}, {"interface": "internal"}),
        ({}, {"OS_ENDPOINT_TYPE": "internalURL"}, {"interface": "internal"}),
        ({"ca_cert": "/ca.pem"}, {"OS_CACERT": "/other.pem"}, {"verify": "/ca.pem"}),
        ({}, {"OS_CACERT": "/other.pem"}, {"verify": "/other.pem"}),
        ({"validate_certs": False, "ca_cert": "/ca.pem"}, {}, {"verify": False}),
        ({}, {"OS_INSECURE": "True"}, {"verify": False}),
        ({}, {"OS_INSECURE": "0"}, {"verify": True}),
        ({"validate_certs": True}, {"OS_INSECURE": "1"}, {"verify": True}),
        ({"client_cert": "/c.pem"}, {}, {"cert": "/c.pem"}),
        ({"client_cert": "/c.pem", "client_key": "/k.pem"}, {}, {"cert": ("/c.pem", "/k.pem")}),
        ({}, {"OS_CERT": "/c.pem", "OS_KEY": "/k.pem"}, {"cert": ("/c.pem", "/k.pem")}),
        ({"endpoint": "http://127.0.0.1:1/"}, {}, {"endpoint": "http://127.0.0.1:1/"}),
        ({"api_timeout": 5}, {}, {"timeout": 5}),
    ],
)
def test_settings_come_from_options_then_from_the_environment(
    params: Dict[str, Any], environ: Dict[str, str], expected: Dict[str, Any]
) -> None:
    chosen = resolve({"auth": USER, **params}, environ, aksk=False)
    assert {name: getattr(chosen, name) for name in expected} == expected


FOREIGN_SETTINGS = {
    "OS_INSECURE": "1", "OS_CACERT": "/ca.pem", "OS_CERT": "/c.pem", "OS_KEY": "/k.pem", "OS_REGION_NAME": "r",
    "OS_INTERFACE": "admin",
}  # fmt: skip
UNTOUCHED = {"verify": True, "cert": None, "region_name": None, "interface": None}


@pytest.mark.parametrize(
    ("params", "environ"),
    [
        ({"cloud": "one"}, {}),
        ({"cloud": "envvars"}, {}),
        ({}, {"OS_CLOUD": "one"}),
        ({}, {"OS_CLIENT_CONFIG_FILE": "/clouds.yaml"}),
        ({"auth_type": "bearer", "auth": {"token": "t"}}, {}),
        ({"auth_type": "basic", "auth": {"username": "u", "password": "pw"}}, {}),
        ({"auth_type": "none"}, {}),
    ],
)
def test_settings_of_the_environment_are_not_for_a_named_cloud_nor_a_described_api(
    params: Dict[str, Any], environ: Dict[str, str]
) -> None:
    chosen = resolve(params, {**FOREIGN_SETTINGS, **environ}, aksk=True)
    assert {name: getattr(chosen, name) for name in UNTOUCHED} == UNTOUCHED
    given = {"ca_cert": "/own.pem", "client_cert": "/own-c.pem", "region_name": "own", "interface": "internal"}
    chosen = resolve({**params, **given}, {**FOREIGN_SETTINGS, **environ}, aksk=True)
    assert (chosen.verify, chosen.cert, chosen.region_name, chosen.interface) == tuple(given.values())


OTHER_KINDS = ["v3oidcpassword", "v3oidcclientcredentials", "v2password", "none", "bearer", "Password", "http_basic"]


@pytest.mark.parametrize("kind", OTHER_KINDS)
@pytest.mark.parametrize(
    "params",
    [
        {}, {"auth": {"auth_url": URL}}, {"auth": {"project_name": "p"}}, {"auth": {"password": "pw"}},
        {"auth": {"auth_url": URL, "password": "pw"}}, {"auth": {"username": "u", "password": "pw"}},
        {"auth": {"token": "t"}}, {"endpoint": "https://nova.example.com"},
    ],
)  # fmt: skip
def test_another_kind_of_login_in_the_environment_is_refused_and_never_ignored(
    kind: str, params: Dict[str, Any]
) -> None:
    for environ in (USER_ENVIRONMENT, {**USER_ENVIRONMENT, **KEY_ENVIRONMENT}, {"OS_AUTH_URL": URL}):
        with pytest.raises(InputError) as caught:
            resolve(params, {**environ, "OS_AUTH_TYPE": kind}, aksk=True)
        if "OS_AUTH_TYPE" not in caught.value.message:  # a task that gives half of a login is told so first
            assert environ == {"OS_AUTH_URL": URL}
        else:
            assert all(word in caught.value.message for word in (kind, "envvars", "clouds.yaml", "auth_type"))


@pytest.mark.parametrize(
    ("params", "kind"),
    [
        ({"auth": USER}, "password"),
        ({"auth": {**USER, "project_name": None}}, "password"),
        ({"auth_type": "password"}, "password"),
        ({"auth_type": "password", "auth": {"auth_url": URL}}, "password"),
        ({"auth": CREDENTIAL}, "application_credential"),
        ({"auth": KEY, "region_name": "eu-de"}, "aksk"),
        ({"auth_type": "aksk"}, "aksk"),
        ({"auth_type": "none"}, "none"),
        ({"cloud": "one"}, "cloud"),
        ({"cloud": "envvars"}, "cloud"),
    ],
)
def test_what_the_task_says_itself_needs_no_kind_of_the_environment(params: Dict[str, Any], kind: str) -> None:
    environ = {"OS_AUTH_TYPE": "v3oidcpassword", "OS_PROJECT_NAME": "p", **KEY_ENVIRONMENT}
    if params.get("auth_type") == "password":
        environ = {**environ, **USER_ENVIRONMENT}
    assert resolve(params, environ, aksk=True).kind == kind


def test_the_token_of_a_temporary_key_is_not_mixed_with_another_key() -> None:
    environ = {**KEY_ENVIRONMENT, "HUAWEICLOUD_SDK_SECURITY_TOKEN": "st"}
    assert resolve({}, environ, aksk=True).auth["security_token"] == "st"
    assert "security_token" not in resolve({"auth": {"access_key": "A", "secret_key": "S"}}, environ, aksk=True).auth


def test_a_token_of_the_environment_is_used_as_it_is_only_at_a_known_host() -> None:
    environ = {"OS_AUTH_URL": URL, "OS_TOKEN": "t", "OS_PROJECT_NAME": "p"}
    same = resolve({"endpoint": "https://keystone.example.com/compute"}, environ, aksk=False)
    assert same.token_as_it_is
    assert not resolve({"endpoint": "https://nova.example.com"}, environ, aksk=False).token_as_it_is
    assert resolve({"endpoint": "https://nova.example.com", "auth": {"token": "t"}}, environ, aksk=False).token_as_it_is
    for name in ("OS_AUTH_URL", "OS_PROJECT_NAME"):  # then nothing can tell whether the host is the cloud's
        with pytest.raises(InputError, match="CLOUDGATE_TRUSTED_HOSTS"):
            resolve({"endpoint": "https://nova.example.com"}, {**environ, name: ""}, aksk=False)


@pytest.mark.parametrize("url", ["http://h", "HTTPS://h:1/v2.1/p", "https://[::1]:8774/v2.1", "http://h/%7Ex"])
def test_whole_urls_are_taken(url: str) -> None:
    check_url("endpoint", url)


@pytest.mark.parametrize(
    "url", ["h", "//h", "http:/h", "http:h", "https://user:pw@h/", "http://h/a b", "http://h/#f", "http://h/\r\nX: y",
            "http://[::1", "http://h:port/", "http://h:99999/"]
)  # fmt: skip
def test_what_cannot_be_a_url_is_refused_without_showing_a_password(url: str) -> None:
    with pytest.raises(InputError) as caught:
        check_url("endpoint", url)
    assert "pw" not in caught.value.message


VARIABLES = [name for names in [*ENVIRONMENT.values(), *SETTINGS_ENVIRONMENT.values()] for name in names]
SECRET_VARIABLES = {name for leaf in SECRETS for name in ENVIRONMENT[leaf]}
SECRET = "hush-8f2c"
_words = st.sampled_from(["", "a", URL, "https://", "true", "é\n"])
_auth = st.fixed_dictionaries(
    {}, optional={leaf: st.just(SECRET) if leaf in SECRETS else st.none() | _words for leaf in ENVIRONMENT}
)
_params = st.fixed_dictionaries(
    {},
    optional={
        "auth": st.none() | _auth,
        "auth_type": st.none() | st.sampled_from(sorted(AUTH_TYPES)),
        "cloud": st.none() | _words,
        "endpoint": st.none() | _words | st.text(),
        "region_name": st.none() | _words,
        "interface": st.none() | st.sampled_from(["public", "internal", "admin"]),
        "validate_certs": st.none() | st.booleans(),
        "ca_cert": st.none() | _words,
        "client_cert": st.none() | _words,
        "client_key": st.none() | _words,
        "api_timeout": st.none() | st.integers(),
    },
)
_environ = st.fixed_dictionaries(
    {},
    optional={
        **{name: st.just(SECRET) if name in SECRET_VARIABLES else _words for name in VARIABLES},
        **dict.fromkeys(("OS_CLOUD", "OS_CLIENT_CONFIG_FILE", "OS_AUTH_TYPE", "OS_INSECURE"), _words),
    },
)


def _resolved(arguments: Tuple[Dict[str, Any], Dict[str, str], bool]) -> str:
    """What a person could see of it: the credentials' own text or the error's."""
    try:
        chosen = resolve(*arguments)
    except InputError as exc:
        return f"{exc} {exc!r}"
    assert isinstance(chosen, Credentials)
    return f"{chosen} {chosen!r}"


@given(st.tuples(_params, _environ, st.booleans()))
def test_resolve_raises_nothing_else_and_shows_no_secret(
    arguments: Tuple[Dict[str, Any], Dict[str, str], bool],
) -> None:
    seen = _resolved(arguments)
    assert SECRET not in seen
    assert "\n" not in seen


@pytest.mark.parametrize("leaf", [*SECRETS, "access_token", "client_secret", "passcode", "code", "device_code", "x"])
def test_what_is_not_known_to_be_harmless_may_be_a_secret(leaf: str) -> None:
    assert may_be_secret(leaf)


@pytest.mark.parametrize(
    "leaf",
    ["auth_url", "username", "project_id", "trust_id", "client_id", "discovery_endpoint", "identity_provider_url",
     "identity_api_version", "auth_type", "client_config_file", "region_name", "endpoint_type"],
)  # fmt: skip
def test_what_is_no_secret(leaf: str) -> None:
    assert not may_be_secret(leaf)
