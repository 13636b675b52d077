# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Mistakes in the login, the network and TLS."""

from __future__ import annotations

from simulated.mistakes.kinds import (
    INFO,
    PASSWORD,
    Mistake,
    info_mistake,
)

NO_CREDENTIALS = "No credentials are given: set cloud, or the options in auth, or the environment variables …."
LOGIN: list[Mistake] = [
    info_mistake("no login at all", lambda _scene: {}, NO_CREDENTIALS, "auth", "set cloud"),
    info_mistake(
        "no `clouds.yaml`",
        lambda _scene: {"cloud": "production"},
        "clouds.yaml: There is no clouds.yaml, so cloud production was not found. The module searches … "
        "on the host where it runs. OS_CLIENT_CONFIG_FILE can name another file.",
        "clouds.yaml",
        "OS_CLIENT_CONFIG_FILE can name",
    ),
    info_mistake(
        "a misspelled `cloud`",
        lambda scene: {**scene.cloud(), "cloud": "prodution"},
        "clouds.yaml: …/clouds.yaml has no cloud prodution; it has production.",
        "cloud prodution",
        "it has production",
    ),
    info_mistake(
        "a tab in `clouds.yaml`",
        lambda scene: scene.cloud("clouds:\n\tproduction:\n"),
        "clouds.yaml: …/clouds.yaml is not YAML: see line 2, column 1. So cloud production was not found.",
        "clouds.yaml",
        "see line 2, column 1",
    ),
    info_mistake(
        "no password in `clouds.yaml`",
        lambda scene: scene.cloud(auth={**scene.login["auth"], "password": ""}),
        "clouds.yaml: auth.password is missing for auth_type password: set it for cloud production in clouds.yaml or "
        "secure.yaml, or in the task.",
        "auth.password",
        "set it for cloud production in clouds.yaml",
    ),
    info_mistake(
        "no password in the task",
        lambda scene: scene.auth(password=""),
        "auth.password is missing for auth_type password: give it, or set OS_PASSWORD.",
        "auth.password",
        "set OS_PASSWORD",
    ),
    info_mistake(
        "a wrong password",
        lambda scene: scene.auth(password=PASSWORD),
        "The login failed: POST …/auth/tokens answered 401: … Check the user, the password and the project in auth.",
        "auth",
        "Check the user, the password",
    ),
    info_mistake(
        "a wrong password in `clouds.yaml`",
        lambda scene: scene.cloud(auth={**scene.login["auth"], "password": PASSWORD}),
        "The login failed: POST …/auth/tokens answered 401: … Check the user, the password and the project of cloud "
        "production of clouds.yaml.",
        "cloud production",
        "Check the user, the password",
    ),
    info_mistake(
        "an expired token",
        lambda scene: {"auth_type": "token", "auth": {"token": PASSWORD}, "endpoint": scene.nova},
        "GET … answered 401: … Check the token, which may have expired, in auth.",
        "auth",
        "Check the token, which may have expired",
    ),
    info_mistake(
        "a misspelled option in `auth`",
        lambda scene: scene.auth(pasword=PASSWORD),
        "pasword is not an option of auth. Perhaps you meant password. Known options are ….",
        "auth",
        "Perhaps you meant password.",
    ),
    info_mistake(
        "`auth` is no dictionary",
        lambda scene: {**scene.login, "auth": [PASSWORD]},
        "auth must be a dictionary, not a list.",
        "auth",
        "must be a dictionary",
    ),
    info_mistake(
        "`cloud` and an access key",
        lambda scene: {**scene.cloud(), "auth": {"access_key": "a", "secret_key": PASSWORD}},
        "cloud (clouds.yaml) and AK/SK exclude each other: give one of them.",
        "cloud",
        "give one of them",
    ),
]

ENDPOINT: list[Mistake] = [
    info_mistake(
        "a misspelled host",
        lambda scene: scene.auth(auth_url="http://keystone.invalid/v3"),
        "The login at http://keystone.invalid/v3: the connection failed: … Check the host name in auth.auth_url, "
        "endpoint or region_name.",
        "auth.auth_url",
        "Check the host name",
    ),
    info_mistake(
        "a wrong port",
        lambda scene: scene.auth(auth_url="http://127.0.0.1:9/v3"),
        "The login at http://127.0.0.1:9/v3: the connection failed: … Check the host and the port in auth.auth_url or "
        "endpoint.",
        "auth.auth_url",
        "Check the host and the port",
    ),
    info_mistake(
        "`auth_url` without `https://`",
        lambda scene: scene.auth(auth_url="keystone.example.com/v3"),
        "auth.auth_url must be a full URL, such as https://compute.example.com/v2.1.",
        "auth.auth_url",
        "such as https://",
    ),
    info_mistake(
        "`https` for a port of `http`",
        lambda scene: scene.at("http:", "https:"),
        "The login at https://…: the server does not speak TLS on this port. Correct the port, or write http://.",
        "The login at https://",
        "write http://",
    ),
    info_mistake(
        "`http` for a port of `https`",
        lambda scene: scene.at(scene.sim.url, scene.sim.tls_url.replace("https:", "http:")),
        "The login at http://…: the connection failed: … If this port expects TLS, write https:// in auth.auth_url or "
        "endpoint.",
        "auth.auth_url",
        "write https://",
    ),
    info_mistake(
        "a certificate that this host does not trust",
        lambda scene: scene.at(scene.sim.url, scene.sim.tls_url),
        "The login at https://…: the TLS connection cannot be trusted: … See ca_cert and validate_certs.",
        "ca_cert",
        "See ca_cert",
    ),
    info_mistake(
        "a file of certificates that is not there",
        lambda scene: {**scene.login, "ca_cert": "/none.pem"},
        "The certificate file /none.pem does not exist.",
        "/none.pem",
        "does not exist",
    ),
    info_mistake(
        "`auth_url` is that of the web page",
        lambda scene: scene.auth(auth_url=f"{scene.sim.url}/dashboard"),
        "The login failed: POST …/dashboard/v3/auth/tokens answered 404, with an HTML page. The API does "
        "not exist at this URL. Check auth.auth_url.",
        "auth.auth_url",
        "Check auth.auth_url",
    ),
    info_mistake(
        "a wrong path in `endpoint`",
        lambda scene: {**scene.login, "endpoint": f"{scene.sim.url}/openstack/compot/v2.1"},
        "GET …/compot/… answered 404, with an HTML page. The API does not exist at this URL. Check the "
        "endpoint and api_version.",
        "endpoint",
        "Check the endpoint",
    ),
    info_mistake(
        "a misspelled `region_name`",
        lambda scene: {**scene.login, "region_name": "regionone"},
        "region_name regionone is not in the service catalog; it has RegionOne. Correct it, or give endpoint.",
        "region_name",
        "it has RegionOne",
    ),
    Mistake(
        "a provider that the cloud does not have",
        INFO,
        lambda scene: {"provider": "ecl_vna", "operation_id": "7", **scene.login},
        "The service catalog has no service virtual-network-appliance; it has …, compute, …. Check cloud or auth, or "
        "give endpoint.",
        "service virtual-network-appliance",
        "compute",
    ),
]
