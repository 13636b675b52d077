# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The settings of clouds.yaml for a login and a service are used, and the environment does not change them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.cloudgate.operations.plugins.module_utils._auth.login import Login
from ansible_collections.cloudgate.operations.plugins.module_utils._model.errors import AuthError, InputError
from simulated.helpers import Options, connect_to, log_in
from simulated.network import Network

KEYSTONE = "https://keystone.example.com:5000/v3"
USER = {"auth_url": KEYSTONE, "username": "alice", "password": "pw-1", "user_domain_name": "Default"}
AUTH = {**USER, "project_name": "demo"}


@pytest.fixture
def cloud(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Write a clouds.yaml with one cloud."""

    def write(auth: dict[str, Any] | None = None, **settings: Any) -> None:
        file = tmp_path / "clouds.yaml"
        one = {"auth": AUTH if auth is None else auth, **settings}
        file.write_text(json.dumps({"clouds": {"one": one}}), encoding="utf-8")
        monkeypatch.setenv("OS_CLIENT_CONFIG_FILE", str(file))

    return write


def endpoint_of(provider: str = "openstack", environ: dict[str, str] | None = None, **options: Any) -> str:
    return connect_to(provider, {"cloud": "one", **options}, environ).client.endpoint


@pytest.mark.parametrize("place", ["%(project_id)s", "%(tenant_id)s", "$(project_id)s", "$(tenant_id)s"])
def test_the_project_is_filled_in(network: Network, cloud: Any, place: str) -> None:
    cloud(compute_endpoint_override=f"https://nova.example.com/v2.1/{place}")
    assert endpoint_of() == "https://nova.example.com/v2.1/project-1"


def test_a_project_that_the_file_names_by_its_id_is_filled_in(network: Network, cloud: Any) -> None:
    cloud({**USER, "project_id": "project-7"}, compute_endpoint_override="https://nova.example.com/v2/$(project_id)s")
    assert endpoint_of("fujitsu_k5") == "https://nova.example.com/v2/project-7"


def test_the_user_is_filled_in(network: Network, cloud: Any) -> None:
    cloud(compute_endpoint_override="https://nova.example.com/%(user_id)s/v2.1")
    assert endpoint_of() == "https://nova.example.com/user-1/v2.1"


@pytest.mark.parametrize("place", ["%(region)s", "$(domain_id)s"])
def test_a_placeholder_that_cannot_be_filled_is_named_and_not_sent(network: Network, cloud: Any, place: str) -> None:
    cloud(compute_endpoint_override=f"https://nova.example.com/v2.1/{place}")
    with pytest.raises(InputError) as caught:
        endpoint_of()
    assert place in caught.value.message
    assert network.to("https://nova.example.com") == []


def services() -> list[dict[str, Any]]:
    """Return a catalog with two regions, two interfaces, two names and two types."""
    names = [("compute", "nova"), ("compute", "old"), ("computev9", "nova")]
    return [
        {"type": kind, "name": name, "endpoints": [
            {"interface": interface, "region": region, "region_id": region,
             "url": f"https://{interface}-{region}-{name}-{kind}.example.com/v2.1"}
            for region in ("One", "Two") for interface in ("public", "internal")
        ]}
        for kind, name in names
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("settings", "options", "host"),
    [
        ({}, {}, "public-One-nova-compute"),
        ({"interface": "internal"}, {}, "internal-One-nova-compute"),
        ({"compute_interface": "internal"}, {}, "internal-One-nova-compute"),
        ({"compute_interface": "internal", "interface": "public"}, {}, "internal-One-nova-compute"),
        ({"compute_interface": "internal"}, {"interface": "public"}, "public-One-nova-compute"),
        ({"image_interface": "internal"}, {}, "public-One-nova-compute"),
        ({"region_name": "Two"}, {}, "public-Two-nova-compute"),
        ({"compute_region_name": "Two"}, {}, "public-Two-nova-compute"),
        ({"compute_region_name": "Two", "region_name": "One"}, {}, "public-Two-nova-compute"),
        ({"compute_region_name": "Two"}, {"region_name": "One"}, "public-One-nova-compute"),
        ({"compute_service_name": "old"}, {}, "public-One-old-compute"),
        ({"compute_service_type": "computev9"}, {}, "public-One-nova-computev9"),
    ],
)
def test_settings_of_the_service_are_obeyed(
    network: Network, cloud: Any, settings: Options, options: Options, host: str
) -> None:
    network.catalog = services()
    cloud(**settings)
    assert endpoint_of(**options) == f"https://{host}.example.com/v2.1"


@pytest.mark.parametrize(
    ("scope", "sent"),
    [
        ({"trust_id": "trust-1"}, {"OS-TRUST:trust": {"id": "trust-1"}}),
        ({"system_scope": "all"}, {"system": {"all": True}}),
        ({"domain_id": "d-1"}, {"domain": {"id": "d-1"}}),
        ({"domain_name": "D"}, {"domain": {"name": "D"}}),
    ],
)
@pytest.mark.parametrize("auth_type", ["password", "v3password", "token", "v3token"])
def test_a_login_for_something_else_than_a_project(
    network: Network, cloud: Any, scope: Options, sent: Options, auth_type: str
) -> None:
    login = {"auth_url": KEYSTONE, "token": "tok-1"} if "token" in auth_type else USER
    cloud({**login, **scope}, auth_type=auth_type)
    assert endpoint_of() == "https://nova.example.com:8774/v2.1"
    assert network.logins[0]["auth"]["scope"] == sent


def test_a_project_from_a_trust_is_part_of_the_url(network: Network, cloud: Any) -> None:
    cloud({**USER, "trust_id": "trust-1"})
    assert endpoint_of("fujitsu_k5") == "https://nova.example.com:8774/v2.1/project-1"


def test_a_login_for_two_things_is_refused_before_it_is_sent(network: Network, cloud: Any) -> None:
    cloud({**AUTH, "trust_id": "trust-1"})
    with pytest.raises(AuthError, match="multiple targets"):
        endpoint_of()
    assert network.sent == {}


def test_the_default_domain_is_that_of_user_and_project(network: Network, cloud: Any) -> None:
    auth = {name: value for name, value in AUTH.items() if name != "user_domain_name"}
    cloud({**auth, "default_domain_id": "default"})
    assert endpoint_of()
    login = network.logins[0]["auth"]
    assert login["identity"]["password"]["user"]["domain"] == {"id": "default"}
    assert login["scope"]["project"]["domain"] == {"id": "default"}


FOREIGN = {
    "OS_INSECURE": "true", "OS_CACERT": "/nonexistent/ca.pem", "OS_CERT": "/nonexistent/cert.pem",
    "OS_KEY": "/nonexistent/key.pem", "OS_REGION_NAME": "Elsewhere", "HW_REGION_NAME": "Elsewhere",
    "OS_INTERFACE": "admin", "OS_ENDPOINT_TYPE": "adminURL", "OS_AUTH_TYPE": "v3oidcpassword",
    "OS_AUTH_URL": "https://other.test/v3", "OS_USERNAME": "bob", "OS_PASSWORD": "pw-2", "OS_PROJECT_NAME": "other",
}  # fmt: skip


@pytest.mark.parametrize("by", ["option", "OS_CLOUD"])
def test_the_environment_does_not_touch_a_named_cloud(
    network: Network, cloud: Any, monkeypatch: pytest.MonkeyPatch, by: str
) -> None:
    cloud(region_name="RegionOne")
    for name, value in FOREIGN.items():
        monkeypatch.setenv(name, value)
    environ = {**FOREIGN, "OS_CLOUD": "one"}
    login = log_in("openstack", {"cloud": "one"} if by == "option" else {}, environ)
    assert (login.credentials.verify, login.credentials.cert) == (True, None)
    assert login.endpoint(("compute",)) == "https://nova.example.com:8774/v2.1"
    assert list(network.sent) == ["keystone.example.com:5000"]
    assert network.logins[0]["auth"]["identity"]["password"]["user"]["name"] == "alice"


@pytest.mark.parametrize(
    ("settings", "options", "verify"),
    [
        ({}, {}, True),
        ({"verify": False}, {}, False),
        ({"verify": False}, {"validate_certs": True}, True),
        ({}, {"validate_certs": False}, False),
        ({"insecure": True}, {}, False),
    ],
)
def test_who_says_whether_certificates_are_verified(
    cloud: Any, settings: Options, options: Options, verify: bool
) -> None:
    cloud(**settings)
    assert log_in("openstack", {"cloud": "one", **options}).credentials.verify is verify


def elsewhere(options: Options, environ: dict[str, str] | None = None) -> Login:
    return log_in("openstack", {"cloud": "one", "auth": {"auth_url": "https://other.test/v3", **options}}, environ)


@pytest.mark.parametrize(
    ("auth_type", "auth"),
    [
        (
            "v3oidcpassword",
            {
                "identity_provider": "i",
                "protocol": "p",
                "client_id": "c",
                "client_secret": "s",
                "access_token_endpoint": "https://idp.test/token",
                "username": "u",
                "password": "pw",
            },
        ),
        ("v3oidcaccesstoken", {"identity_provider": "i", "protocol": "p", "access_token": "at"}),
        ("v3totp", {"username": "u", "user_domain_name": "D", "passcode": "123456"}),
        ("v3applicationcredential", {"application_credential_id": "i", "application_credential_secret": "s"}),
        ("v3token", {"token": "t"}),
    ],
)
def test_no_login_of_the_file_is_made_elsewhere(network: Network, cloud: Any, auth_type: str, auth: Options) -> None:
    scope = {} if auth_type == "v3applicationcredential" else {"project_id": "p"}
    cloud({"auth_url": KEYSTONE, **auth, **scope}, auth_type=auth_type)
    for options in ({}, {"username": "bob", "user_domain_name": "D"}):
        with pytest.raises(InputError, match=r"cloud one of clouds\.yaml .* other\.test, which auth\.auth_url"):
            elsewhere(options)
    elsewhere({}, {"CLOUDGATE_TRUSTED_HOSTS": "other.test"})
    assert network.sent == {}


@pytest.mark.parametrize("auth_type", ["http_basic", "admin_token"])
def test_a_login_without_keystone_stays_at_its_endpoint(network: Network, cloud: Any, auth_type: str) -> None:
    secret = {"username": "u", "password": "pw"} if auth_type == "http_basic" else {"token": "tok-1"}
    cloud({"endpoint": "https://nova.example.com/v2.1", **secret}, auth_type=auth_type)
    connect_to("openstack", {"cloud": "one", "endpoint": "https://nova.example.com/"}).client.get(("x",))
    with pytest.raises(InputError, match=r"other\.test"):
        connect_to("openstack", {"cloud": "one", "endpoint": "https://other.test/"})
    assert list(network.sent) == ["nova.example.com"]


def test_the_cloud_of_the_environment_ignores_what_its_plugin_does_not_take(
    network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    environ = {
        "OS_AUTH_TYPE": "v3oidcaccesstoken", "OS_AUTH_URL": KEYSTONE, "OS_IDENTITY_PROVIDER": "corp",
        "OS_PROTOCOL": "openid", "OS_ACCESS_TOKEN": "at-1", "OS_PROJECT_NAME": "demo", "OS_USER_DOMAIN_NAME": "Default",
        "OS_USERNAME": "alice", "OS_PROJECT_DOMAIN_NAME": "Default",
    }  # fmt: skip
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    assert endpoint_of(environ=environ, cloud="envvars") == "https://nova.example.com:8774/v2.1"
    assert "/OS-FEDERATION/identity_providers/corp/protocols/openid/auth" in network.urls[0]
