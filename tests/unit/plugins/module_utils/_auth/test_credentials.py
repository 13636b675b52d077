# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which credentials are chosen: options first, then the environment; what is missing or contradictory is named."""

from __future__ import annotations

from typing import Any, Dict, List

import pytest
from ansible_collections.cloudgate.operations.plugins.module_utils._auth.credentials import (
    may_be_secret,
    resolve,
)
from ansible_collections.cloudgate.operations.plugins.module_utils._auth.kinds import SECRETS
from ansible_collections.cloudgate.operations.plugins.module_utils._model.errors import InputError

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
def test_the_kind_of_login_is_detected_from_the_options(
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


def test_credentials_in_the_task_override_clouds_yaml_in_the_environment() -> None:
    environ = {"OS_CLOUD": "two", "OS_CLIENT_CONFIG_FILE": "/clouds.yaml"}
    assert resolve({"auth": USER}, environ, aksk=False).kind == "password"
    assert resolve({"auth_type": "password"}, {**environ, **USER_ENVIRONMENT}, aksk=False).kind == "password"


def test_auth_in_the_task_overrides_the_cloud() -> None:
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
        ({"auth": {**USER, "auth_url": "keystone.example.com"}}, {}, ["auth.auth_url", "full URL"]),
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
        ({"auth": {**KEY, "iam_endpoint": "iam"}, "region_name": "r"}, {}, ["auth.iam_endpoint", "full URL"]),
        ({"auth_type": "aksk"}, USER_ENVIRONMENT, ["auth.access_key"]),
        ({"cloud": "one", "auth_type": "aksk"}, {}, ["exclude"]),
        ({"cloud": "one", "auth": KEY}, {}, ["exclude"]),
        ({"cloud": "one", "auth": {"secret_key": "SK"}}, {}, ["exclude"]),
        ({"auth": USER, "client_key": "/key.pem"}, {}, ["client_key", "client_cert"]),
        ({"auth": USER, "endpoint": "nova.example.com/v2.1"}, {}, ["endpoint", "full URL"]),
        ({"auth": USER, "endpoint": "https://"}, {}, ["endpoint", "full URL"]),
        ({"auth": USER, "endpoint": "ftp://nova.example.com"}, {}, ["endpoint", "full URL"]),
        ({"auth": USER, "endpoint": "https://nova.example.com/v2.1?x=1"}, {}, ["endpoint", "query"]),
        ({"auth": USER, "api_timeout": -1}, {}, ["api_timeout"]),
    ],
)
def test_missing_and_contradictory_options_are_named(
    params: Dict[str, Any], environ: Dict[str, str], words: List[str]
) -> None:
    with pytest.raises(InputError) as caught:
        resolve(params, environ, aksk=True)
    assert all(word in caught.value.message for word in words)


def test_an_access_key_is_refused_where_the_api_knows_none() -> None:
    with pytest.raises(InputError, match="Huawei Cloud and Open Telekom Cloud only"):
        resolve({"auth": KEY, "region_name": "r"}, {}, aksk=False)


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
        if "OS_AUTH_TYPE" not in caught.value.message:  # a half-given login of a task is reported first
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
def test_options_of_the_task_need_no_auth_type_of_the_environment(params: Dict[str, Any], kind: str) -> None:
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
    for name in ("OS_AUTH_URL", "OS_PROJECT_NAME"):  # then the hosts of the cloud are unknown
        with pytest.raises(InputError, match="CLOUDGATE_TRUSTED_HOSTS"):
            resolve({"endpoint": "https://nova.example.com"}, {**environ, name: ""}, aksk=False)


@pytest.mark.parametrize("option", [*SECRETS, "access_token", "client_secret", "passcode", "code", "device_code", "x"])
def test_an_option_not_known_to_be_harmless_may_be_a_secret(option: str) -> None:
    assert may_be_secret(option)


@pytest.mark.parametrize(
    "option",
    ["auth_url", "username", "project_id", "trust_id", "client_id", "discovery_endpoint", "identity_provider_url",
     "identity_api_version", "auth_type", "client_config_file", "region_name", "endpoint_type"],
)  # fmt: skip
def test_options_that_are_no_secret(option: str) -> None:
    assert not may_be_secret(option)
