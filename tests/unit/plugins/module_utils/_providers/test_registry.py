# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The table of providers, and how a login leads to one of them."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, Dict, Optional, Tuple

import pytest
from ansible_collections.cloudgate.operations.plugins.module_utils._auth.credentials import Credentials
from ansible_collections.cloudgate.operations.plugins.module_utils._model.errors import InputError, ProtocolError
from ansible_collections.cloudgate.operations.plugins.module_utils._providers import registry
from ansible_collections.cloudgate.operations.plugins.module_utils._providers.registry import (
    PROVIDERS,
    check_options,
    connect,
    info_for,
)


class FakeLogin:
    """A login that knows a catalog and a project, or neither (AK/SK)."""

    def __init__(
        self, catalog: Optional[Dict[str, str]] = None, project_id: Optional[str] = None, **settings: Any
    ) -> None:
        self.catalog, self.project_id = catalog or {}, project_id
        auth = settings.pop("auth", {})
        self.signer = SimpleNamespace(project_id=None) if settings.pop("aksk", False) else None
        self.credentials = Credentials("token", auth, **settings)

    def endpoint(self, service_types: Tuple[str, ...]) -> Optional[str]:
        return next((self.catalog[name] for name in service_types if name in self.catalog), None)

    def why_no_endpoint(self, service_type: str) -> str:
        return f"no {service_type} in {sorted(self.catalog)}"


class FakeIam:
    """Replaces the client that finds the project."""

    asked: Tuple[Any, ...] = ()
    answer: Dict[str, Any] = {}

    def __init__(self, login: Any, endpoint: str, *_more: Any) -> None:
        self.host = self.endpoint = endpoint

    def get(self, path: Tuple[str, ...], query: Tuple[Tuple[str, str], ...]) -> Dict[str, Any]:
        FakeIam.asked = (self.host, path, query)
        return FakeIam.answer

    def now(self) -> None:
        """Exist: the provider refers to it, and never calls it."""


def url_of(name: str, login: FakeLogin, **options: Any) -> str:
    info = info_for({"provider": name, **options})
    return connect(info, login, options).client.endpoint  # type: ignore[arg-type]


def test_which_providers_take_an_access_key() -> None:
    assert {name for name, info in PROVIDERS.items() if info.aksk} == {
        "custom",
        "huaweicloud_ecs",
        "huaweicloud_job",
        "huaweicloud_modelarts",
        "otc_ecs",
        "otc_job",
    }


@pytest.mark.parametrize(
    ("provider", "login", "options", "url"),
    [
        ("openstack", FakeLogin({"compute": "https://h/compute/v2.1"}), {}, "https://h/compute/v2.1"),
        ("openstack", FakeLogin({"compute": "https://h/v2.1"}, endpoint="https://other"), {}, "https://other/v2.1"),
        ("otc_ecs", FakeLogin({"compute": "https://h/v2.1/p"}, "p"), {}, "https://h/v2.1/p"),
        ("otc_ecs", FakeLogin({"compute": "https://h/v2.1/p"}, "p"), {"api_version": "v2"}, "https://h/v2/p"),
        ("fujitsu_k5", FakeLogin({"compute": "https://h"}, "p"), {}, "https://h/v2/p"),
        ("ecl_vna", FakeLogin({"virtual-network-appliance": "https://h"}, "p"), {}, "https://h/v1.0"),
        (
            "huaweicloud_ecs",
            FakeLogin(project_id="p", region_name="cn-north-4", aksk=True),
            {},
            "https://ecs.cn-north-4.myhuaweicloud.com/v2.1/p",
        ),
        (
            "huaweicloud_modelarts",
            FakeLogin(project_id="p", region_name="r"),
            {},
            "https://modelarts.r.myhuaweicloud.com/v1/p",
        ),
        (
            "otc_ecs",
            FakeLogin(project_id="p", region_name="eu-de", aksk=True),
            {},
            "https://ecs.eu-de.otc.t-systems.com/v2.1/p",
        ),
        ("otc_ecs", FakeLogin(endpoint="https://h/v2.1/p"), {}, "https://h/v2.1/p"),
        (
            "otc_job",
            FakeLogin(project_id="p", region_name="eu-de", aksk=True),
            {},
            "https://ecs.eu-de.otc.t-systems.com/v1/p",
        ),
        (
            "huaweicloud_job",
            FakeLogin(project_id="p", region_name="r", aksk=True),
            {"service": "evs"},
            "https://evs.r.myhuaweicloud.com/v1/p",
        ),
        (
            "huaweicloud_job",
            FakeLogin(project_id="p", region_name="r", aksk=True),
            {"service": "rds"},
            "https://rds.r.myhuaweicloud.com/v3/p",
        ),
        (
            "huaweicloud_job",
            FakeLogin(project_id="p", region_name="r", aksk=True),
            {"service": "cce"},
            "https://cce.r.myhuaweicloud.com/api/v3/projects/p",
        ),
        ("otc_job", FakeLogin({"ecs": "https://h/v1/p"}, "p"), {}, "https://h/v1/p"),
        ("otc_job", FakeLogin({"evsv1": "https://h/v2/p"}, "p"), {"service": "evs"}, "https://h/v1/p"),
        ("otc_job", FakeLogin({"rdsv3": "https://h/rds/v3"}, "p"), {"service": "rds"}, "https://h/rds/v3/p"),
        (
            "otc_job",
            FakeLogin({"ccev2.0": "https://h/api/v3/projects/p"}, "p"),
            {"service": "cce"},
            "https://h/api/v3/projects/p",
        ),
        ("otc_job", FakeLogin({"cce": "https://h"}, "p"), {"service": "cce"}, "https://h/api/v3/projects/p"),
        ("otc_job", FakeLogin({"cce": "https://h/api/v1"}, "p"), {"service": "cce"}, "https://h/api/v3/projects/p"),
        ("otc_job", FakeLogin({"rds": "https://h/rds/v1"}, "p"), {"service": "rds"}, "https://h/v3/p"),
        ("otc_job", FakeLogin({"rds": "https://h/rds"}, "p"), {"service": "rds"}, "https://h/rds/v3/p"),
        (
            "otc_job",
            FakeLogin({"rds": "https://h/rds/v1", "rdsv3": "https://h/v3/p"}, "p"),
            {"service": "rds"},
            "https://h/v3/p",
        ),
        (
            "huaweicloud_job",
            FakeLogin({"elb": "https://h/v2.0", "elbv3": "https://g/v3/p"}, "p"),
            {"service": "elb"},
            "https://g/v3/p",
        ),
        ("huaweicloud_job", FakeLogin({"dcs": "https://h/v1.0/p"}, "p"), {"service": "dcs"}, "https://h/v2/p"),
        ("otc_job", FakeLogin({"image": "https://ims"}, "p"), {"service": "ims"}, "https://ims/v1/p"),
        ("otc_job", FakeLogin(project_id="p", endpoint="https://h/v2"), {"service": "evs"}, "https://h/v2/p"),
        ("otc_job", FakeLogin(endpoint="https://h/v2/q"), {"service": "evs"}, "https://h/v2/q"),
        (
            "otc_job",
            FakeLogin(project_id="p", endpoint="https://h"),
            {"service": "evs", "api_version": "v2"},
            "https://h/v2/p",
        ),
        ("otc_job", FakeLogin(endpoint="https://h/v2/q"), {"service": "evs", "api_version": "v1"}, "https://h/v1/q"),
        (
            "otc_job",
            FakeLogin(endpoint="https://h/api/v2/projects/q"),
            {"service": "cce"},
            "https://h/api/v2/projects/q",
        ),
        ("otc_job", FakeLogin(project_id="p", endpoint="https://h/rds/v1"), {"service": "rds"}, "https://h/rds/v1/p"),
        (
            "otc_job",
            FakeLogin(project_id="p", region_name="eu-ch2", aksk=True),
            {"service": "rds"},
            "https://rds.eu-ch2.sc.otc.t-systems.com/v3/p",
        ),
        (
            "otc_ecs",
            FakeLogin(project_id="p", region_name="eu-ch2", aksk=True),
            {},
            "https://ecs.eu-ch2.sc.otc.t-systems.com/v2.1/p",
        ),
        (
            "huaweicloud_job",
            FakeLogin(project_id="p", region_name="r", aksk=True),
            {"service": "eip"},
            "https://vpc.r.myhuaweicloud.com/v1/p",
        ),
        (
            "otc_job",
            FakeLogin({"compute": "https://h"}, "p", region_name="eu-de"),
            {"service": "bms"},
            "https://bms.eu-de.otc.t-systems.com/v1/p",
        ),
    ],
)
def test_the_url_of_a_provider(provider: str, login: FakeLogin, options: Dict[str, Any], url: str) -> None:
    assert url_of(provider, login, **options) == url


@pytest.mark.parametrize(
    ("provider", "login", "error", "words"),
    [
        ("openstack", FakeLogin(), ProtocolError, "no compute in []"),
        ("openstack", FakeLogin({"image": "https://h"}), ProtocolError, "no compute in ['image']"),
        ("otc_ecs", FakeLogin(region_name="eu-be"), ProtocolError, "no compute in []"),
        ("otc_ecs", FakeLogin(region_name="evil.example.net/", aksk=True), InputError, "region_name must be an id"),
        ("huaweicloud_modelarts", FakeLogin(project_id="p"), InputError, "region_name is missing"),
        ("otc_ecs", FakeLogin(endpoint="https://h"), InputError, "so give it, or set OS_PROJECT_ID."),
        ("otc_ecs", FakeLogin(endpoint="https://h", cloud="otc"), InputError, "so set it for cloud otc in clouds.yaml"),
        ("otc_ecs", FakeLogin(endpoint="https://h", project_id="../p"), InputError, "auth.project_id must be an id"),
        ("fujitsu_k5", FakeLogin(endpoint="https://h", aksk=True), InputError, "auth.project_id is missing"),
        ("otc_ecs", FakeLogin(endpoint="https://h", aksk=True), InputError, "or region_name to look it up"),
    ],
)
def test_an_unknown_value_is_named(provider: str, login: FakeLogin, error: type, words: str) -> None:
    with pytest.raises(error) as caught:
        url_of(provider, login)
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("login", "host", "name"),
    [
        (FakeLogin(region_name="eu-de", aksk=True), "https://iam.eu-de.otc.t-systems.com", "eu-de"),
        (
            FakeLogin(region_name="eu-de", aksk=True, auth={"project_name": "eu-de_x"}),
            "https://iam.eu-de.otc.t-systems.com",
            "eu-de_x",
        ),
        (FakeLogin(region_name="eu-de", aksk=True, auth={"iam_endpoint": "https://iam"}), "https://iam", "eu-de"),
        (FakeLogin(region_name="eu-ch2", aksk=True), "https://iam-pub.eu-ch2.sc.otc.t-systems.com", "eu-ch2"),
    ],
)
def test_the_project_of_an_access_key_is_found(
    monkeypatch: pytest.MonkeyPatch, login: FakeLogin, host: str, name: str
) -> None:
    monkeypatch.setattr(registry, "ApiClient", FakeIam)
    FakeIam.answer = {"projects": [{"id": "found", "name": name}]}
    connect(PROVIDERS["otc_ecs"], login, {})  # type: ignore[arg-type]
    assert login.signer is not None and login.signer.project_id == "found"
    assert FakeIam.asked == (host, ("v3", "projects"), (("name", name),))


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ({"projects": []}, "0 projects are named eu-de: give auth.project_id"),
        ({"projects": [{"id": "a"}, {"id": "b"}]}, "2 projects are named eu-de"),
        ({"projects": [{"id": "../evil"}]}, "project id must be an id"),
        ({}, "projects is not a list"),
    ],
)
def test_a_project_that_is_not_found_is_named(
    monkeypatch: pytest.MonkeyPatch, answer: Dict[str, Any], words: str
) -> None:
    monkeypatch.setattr(registry, "ApiClient", FakeIam)
    FakeIam.answer = answer
    login: Any = FakeLogin(region_name="eu-de", aksk=True)
    with pytest.raises((InputError, ProtocolError)) as caught:
        connect(PROVIDERS["otc_ecs"], login, {})
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("provider", "options"),
    [
        ("otc_ecs", {"api_version": "v2"}),
        ("otc_ecs", {"api_version": "v2.1"}),
        ("openstack", {}),
        ("ecl_vna", {"api_version": "v1.0"}),
        ("huaweicloud_modelarts", {"hyperinstance": True}),
    ],
)
def test_options_that_fit_a_provider(provider: str, options: Dict[str, Any]) -> None:
    check_options(PROVIDERS[provider], options)


@pytest.mark.parametrize(
    ("provider", "options", "words"),
    [
        ("fujitsu_k5", {"api_version": "v2.1"}, "api_version of provider fujitsu_k5 must be v2, not v2.1."),
        ("otc_ecs", {"api_version": "v1"}, "must be v2.1 or v2, not v1."),
        ("openstack", {"hyperinstance": True}, "hyperinstance is for provider huaweicloud_modelarts only."),
    ],
)
def test_options_that_do_not(provider: str, options: Dict[str, Any], words: str) -> None:
    with pytest.raises(InputError) as caught:
        check_options(PROVIDERS[provider], options)
    assert words in caught.value.message


@pytest.mark.parametrize(
    ("provider", "options"),
    [
        ("huaweicloud_modelarts", {"hyperinstance": True}),
        ("huaweicloud_job", {"service": "rds"}),
        ("otc_job", {"service": "cce"}),
        (
            "custom",
            {"endpoint": "https://a.example.com", "definition": {"state": "s", "states": {"succeeded": ["ok"]}}},
        ),
    ],
)
def test_options_choose_another_description_and_never_another_class(provider: str, options: Dict[str, Any]) -> None:
    first, second = (info_for({"provider": provider, **options}) for _time in range(2))
    assert first == second
    assert first.provider_class is PROVIDERS[provider].provider_class
    assert first.description != PROVIDERS[provider].description
