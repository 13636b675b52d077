# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The kinds of login: their names, options and environment variables. Pure.

Private to this collection.
"""

from __future__ import annotations

from typing import Dict, Tuple

PASSWORD, APPLICATION_CREDENTIAL, TOKEN, AKSK, CLOUD = "password", "application_credential", "token", "aksk", "cloud"
# Logins by a header, for an API that the user describes.
BEARER, BASIC, HEADER, LOGIN, OAUTH2, NONE = "bearer", "basic", "header", "login", "oauth2", "none"
HEADERS = (BEARER, BASIC, HEADER, LOGIN, OAUTH2, NONE)
NEED_TLS = (HEADER, LOGIN, OAUTH2)
# Modules of openstack.cloud accept the names of keystoneauth1's plugins, so accept both.
AUTH_TYPES = {
    PASSWORD: PASSWORD,
    "v3password": PASSWORD,
    APPLICATION_CREDENTIAL: APPLICATION_CREDENTIAL,
    "v3applicationcredential": APPLICATION_CREDENTIAL,
    TOKEN: TOKEN,
    "v3token": TOKEN,
    AKSK: AKSK,
}

# Each `auth` option and its environment variables, the most specific first.
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
WITHOUT_ENVIRONMENT = ("header", "prefix", "token_url", "client_id", "client_secret", "scope")
OWN_SECRETS = ("client_secret",)  # of those
SECRETS = ("password", "token", "application_credential_secret", "secret_key", "security_token")
USER = ("username", "user_id", "user_domain_name", "user_domain_id")
_PROJECT = ("project_name", "project_id", "project_domain_name", "project_domain_id")
OPTIONS = {
    PASSWORD: ("auth_url", "password") + USER + _PROJECT,
    APPLICATION_CREDENTIAL: (
        "auth_url",
        "application_credential_id",
        "application_credential_name",
        "application_credential_secret",
    )
    + USER,
    TOKEN: ("auth_url", "token") + _PROJECT,
    AKSK: ("access_key", "secret_key", "security_token", "iam_endpoint", "project_name", "project_id"),
    BEARER: ("token",),
    BASIC: ("username", "password"),
    HEADER: ("token", "header", "prefix"),
    LOGIN: ("username", "password", "header", "prefix"),
    OAUTH2: ("token_url", "client_id", "client_secret", "scope"),
    NONE: (),
}
SCOPES = ("trust_id", "system_scope", "domain_id", "domain_name")  # in clouds.yaml, instead of a project
