# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Connection settings from the options and the environment."""

from __future__ import annotations

from typing import Any, Dict

import pytest
from ansible_collections.cloudgate.operations.plugins.module_utils._auth.credentials import (
    check_url,
    resolve,
)
from ansible_collections.cloudgate.operations.plugins.module_utils._model.errors import InputError

USER = {
    "auth_url": "https://keystone.example.com/v3",
    "username": "u",
    "password": "pw",
    "user_domain_name": "D",
    "project_name": "p",
}


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


@pytest.mark.parametrize("url", ["http://h", "HTTPS://h:1/v2.1/p", "https://[::1]:8774/v2.1", "http://h/%7Ex"])
def test_whole_urls_are_taken(url: str) -> None:
    check_url("endpoint", url)


@pytest.mark.parametrize(
    "url", ["h", "//h", "http:/h", "http:h", "https://user:pw@h/", "http://h/a b", "http://h/#f", "http://h/\r\nX: y",
            "http://[::1", "http://h:port/", "http://h:99999/"]
)  # fmt: skip
def test_an_invalid_url_is_refused_without_showing_a_password(url: str) -> None:
    with pytest.raises(InputError) as caught:
        check_url("endpoint", url)
    assert "pw" not in caught.value.message
