# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every way to log in, from options and from the environment; masks, catalog, renewal of the token."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from ansible_collections.cloudgate.operations.plugins.module_utils._auth.kinds import ENVIRONMENT, SECRETS
from ansible_collections.cloudgate.operations.plugins.module_utils._model.errors import (
    AuthError,
    InputError,
    ProtocolError,
)
from ansible_collections.cloudgate.operations.plugins.module_utils._model.reference import Reference
from simulated.helpers import (
    PASSWORD,
    Clock,
    Options,
    account,
    add,
    connect_to,
    log_in,
    logins,
    sent,
    task,
    wait_for_it,
    wait_with,
)
from simulator import Simulator


def password(sim: Simulator, provider: str) -> dict[str, str]:
    given = account(sim, provider)
    return {name: given[name] for name in PASSWORD}


def user_id(sim: Simulator, provider: str) -> dict[str, str]:
    given = account(sim, provider)
    return {name: given[name] for name in ("auth_url", "user_id", "password", "project_id")}


def credential_id(sim: Simulator, provider: str) -> dict[str, str]:
    given = account(sim, provider)
    return {name: given[name] for name in ("auth_url", "application_credential_id", "application_credential_secret")}


def credential_name(sim: Simulator, provider: str) -> dict[str, str]:
    given = account(sim, provider)
    names = ("auth_url", "application_credential_secret", "username", "user_domain_name")
    return {name: given[name] for name in names} | {"application_credential_name": "openstack-credential"}


def token(sim: Simulator, provider: str) -> dict[str, str]:
    """Return a token from somewhere else, to be exchanged for one of the project."""
    given = account(sim, provider)
    log_in(provider, task(sim, provider)).endpoint(("compute",))
    (secret,) = sim.store.clouds[sim.requests[0]["cloud"]].tokens
    sim.requests.clear()
    return {"auth_url": given["auth_url"], "token": secret, "project_id": given["project_id"]}


Login = Callable[[Simulator, str], dict[str, str]]
KEYSTONE: list[tuple[str, Login]] = [
    ("openstack", password),
    ("openstack", user_id),
    ("openstack", credential_id),
    ("openstack", credential_name),
    ("openstack", token),
    ("otc_ecs", password),
    ("otc_ecs", token),
    ("huaweicloud_ecs", user_id),
    ("fujitsu_k5", password),
    ("ecl_compute", password),
    ("ecl_vna", token),
]


@pytest.mark.parametrize("source", ["options", "environment"])
@pytest.mark.parametrize(("provider", "login"), KEYSTONE)
def test_keystone(sim: Simulator, provider: str, login: Login, source: str) -> None:
    auth = login(sim, provider)
    region = account(sim, provider)["region_name"]
    options: Options = {"auth": auth, "region_name": region}
    environ: dict[str, str] = {}
    if source == "environment":
        environ = {ENVIRONMENT[name][0]: value for name, value in auth.items()} | {"OS_REGION_NAME": region}
        options = {}
    found = connect_to(provider, options, environ).show(add(sim, provider))
    assert found.state == "succeeded"
    assert logins(sim) == 1


@pytest.mark.parametrize("source", ["options", "environment"])
def test_a_token_with_an_endpoint_is_used_as_it_is(sim: Simulator, source: str) -> None:
    given = token(sim, "otc_ecs")
    auth = {name: given[name] for name in ("token", "project_id")}
    environ: dict[str, str] = {}
    options: Options = {"endpoint": account(sim, "otc_ecs")["endpoint"]}
    if source == "environment":
        environ = {"OS_TOKEN": auth["token"], "OS_PROJECT_ID": auth["project_id"]}
        environ["CLOUDGATE_TRUSTED_HOSTS"] = urlsplit(sim.url).netloc  # without OS_AUTH_URL it names no host
    else:
        options["auth"] = auth
    assert connect_to("otc_ecs", options, environ).show(add(sim, "otc_ecs")).state == "succeeded"
    assert logins(sim) == 0
    assert {each["headers"]["X-Auth-Token"] for each in sim.requests} == {auth["token"]}


def test_a_refused_token_with_an_endpoint_ends_at_once(sim: Simulator, clock: Clock) -> None:
    options = {"endpoint": account(sim, "openstack")["endpoint"], "auth": {"token": "stale"}}
    _outcome, failure = wait_with(connect_to("openstack", options), clock, add(sim, "openstack"))
    assert failure is not None
    assert (failure["kind"], len(sim.requests)) == ("auth", 1)
    assert "stale" not in failure["message"]


KEY_VARIABLES = [
    ("HUAWEICLOUD_SDK_AK", "HUAWEICLOUD_SDK_SK", "HUAWEICLOUD_SDK_SECURITY_TOKEN"),
    ("HW_ACCESS_KEY", "HW_SECRET_KEY", "HW_SECURITY_TOKEN"),
    ("OS_ACCESS_KEY", "OS_SECRET_KEY", "OS_SECURITY_TOKEN"),
]


@pytest.mark.parametrize("variables", [None, *KEY_VARIABLES])
@pytest.mark.parametrize("temporary", [False, True])
def test_an_access_key_finds_its_project(sim: Simulator, variables: tuple[str, ...] | None, temporary: bool) -> None:
    given = account(sim, "otc_ecs")
    key = given["temporary"] if temporary else {name: given[name] for name in ("access_key", "secret_key")}
    environ: dict[str, str] = {}
    options: Options = {"endpoint": given["endpoint"], "auth": {"iam_endpoint": given["iam_endpoint"]}}
    if variables:
        names = dict(zip(("access_key", "secret_key", "security_token"), variables, strict=True))
        environ = {names[name]: value for name, value in key.items()}
        environ |= {"OS_REGION_NAME": "eu-de", "HUAWEICLOUD_SDK_IAM_ENDPOINT": given["iam_endpoint"]}
        del options["auth"]
    else:
        options["auth"] |= key
        options["region_name"] = "eu-de"
    connected = connect_to("otc_ecs", options, environ)
    assert connected.show(add(sim, "otc_ecs")).state == "succeeded"
    lookup, *others = sim.requests
    assert (lookup["path"], lookup["query"]) == ("/otc/iam/v3/projects", {"name": ["eu-de"]})
    assert all(each["headers"]["X-Project-Id"] == given["project_id"] for each in others)


def test_a_project_that_the_access_key_does_not_know(sim: Simulator) -> None:
    given = account(sim, "otc_ecs")
    auth = {name: given[name] for name in ("access_key", "secret_key", "iam_endpoint")} | {"project_name": "none"}
    with pytest.raises(InputError, match=r"0 projects are named none: give auth\.project_id"):
        connect_to("otc_ecs", {"auth": auth, "endpoint": given["endpoint"], "region_name": "eu-de"})


@pytest.fixture
def clouds_yaml(sim: Simulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Write a clouds.yaml (JSON is YAML) with these clouds, and point the SDK to it."""

    def write(**clouds: Any) -> None:
        file = tmp_path / "own" / "clouds.yaml"
        file.parent.mkdir()
        file.write_text(json.dumps({"clouds": clouds}), encoding="utf-8")
        monkeypatch.setenv("OS_CLIENT_CONFIG_FILE", str(file))

    return write


def entry(sim: Simulator, provider: str, **more: Any) -> dict[str, Any]:
    return {"auth": password(sim, provider), "region_name": account(sim, provider)["region_name"], **more}


CONFIG = {"OS_CLIENT_CONFIG_FILE": "set"}  # the SDK itself reads the real variable


@pytest.mark.parametrize(
    ("options", "environ"),
    [({"cloud": "one"}, {}), ({}, {"OS_CLOUD": "one"}), ({}, CONFIG)],
    ids=["cloud", "OS_CLOUD", "OS_CLIENT_CONFIG_FILE"],
)
@pytest.mark.parametrize("provider", ["openstack", "otc_ecs", "fujitsu_k5", "ecl_vna"])
def test_clouds_yaml(
    sim: Simulator, clouds_yaml: Any, provider: str, options: Options, environ: dict[str, str]
) -> None:
    clouds_yaml(one=entry(sim, provider))
    assert connect_to(provider, options, environ).show(add(sim, provider)).state == "succeeded"


def test_clouds_yaml_with_an_application_credential(sim: Simulator, clouds_yaml: Any) -> None:
    auth = credential_id(sim, "openstack")
    clouds_yaml(one={"auth": auth, "auth_type": "v3applicationcredential", "region_name": "RegionOne"})
    assert connect_to("openstack", {"cloud": "one"}).show(add(sim, "openstack")).state == "succeeded"


def test_the_tasks_auth_wins_over_clouds_yaml(sim: Simulator, clouds_yaml: Any) -> None:
    wrong = {**password(sim, "openstack"), "password": "wrong"}
    clouds_yaml(one=entry(sim, "openstack", auth=wrong), two=entry(sim, "openstack", auth=wrong))
    options = {"cloud": "one", "auth": {"password": account(sim, "openstack")["password"]}}
    assert connect_to("openstack", options).show(add(sim, "openstack")).state == "succeeded"


def test_the_tasks_region_wins_over_clouds_yaml(sim: Simulator, clouds_yaml: Any) -> None:
    clouds_yaml(one=entry(sim, "openstack") | {"region_name": "Elsewhere"})
    options = {"cloud": "one", "region_name": "RegionOne"}
    assert connect_to("openstack", options).show(add(sim, "openstack")).state == "succeeded"


def test_an_endpoint_of_compute_in_clouds_yaml_is_for_compute_only(sim: Simulator, clouds_yaml: Any) -> None:
    compute = account(sim, "ecl_compute")["endpoint"]
    clouds_yaml(one=entry(sim, "ecl_vna", compute_endpoint_override=compute))
    assert connect_to("ecl_compute", {"cloud": "one"}).show(add(sim, "ecl_compute")).state == "succeeded"
    assert connect_to("ecl_vna", {"cloud": "one"}).show(add(sim, "ecl_vna")).state == "succeeded"


@pytest.mark.parametrize(
    ("clouds", "options", "words"),
    [
        ({"one": {}}, {"cloud": "two"}, "has no cloud two; it has one."),
        ({"one": {}}, {"cloud": "one"}, "clouds.yaml"),
        ({"one": {"auth": {"auth_url": "http://127.0.0.1:1/v3", "username": "u"}}}, {"cloud": "one"}, "password"),
    ],
)
def test_a_mistake_in_clouds_yaml_is_reported_before_any_request(
    sim: Simulator, clouds_yaml: Any, clouds: Any, options: Options, words: str
) -> None:
    clouds_yaml(**clouds)
    with pytest.raises(InputError) as caught:
        connect_to("openstack", options)
    assert words in caught.value.message
    assert sim.requests == []


def test_two_clouds_without_a_choice_are_refused(sim: Simulator, clouds_yaml: Any) -> None:
    clouds_yaml(one=entry(sim, "openstack"), two=entry(sim, "openstack"))
    with pytest.raises(InputError, match=r"clouds\.yaml"):
        connect_to("openstack", {}, CONFIG)
    assert sim.requests == []


def without_pairs(masked: list[str]) -> set[str]:
    """Return the text without "user:password", which is masked for HTTP logins."""
    return {each for each in masked if not any(each.endswith(f":{other}") for other in masked)}


@pytest.mark.parametrize(("provider", "login"), KEYSTONE)
def test_every_secret_is_masked_also_the_token_that_was_fetched(sim: Simulator, provider: str, login: Login) -> None:
    auth = login(sim, provider)
    masked: list[str] = []
    log_in(provider, {"auth": auth}, mask=masked.append).endpoint(("compute",))
    secrets = {auth[name] for name in SECRETS if name in auth}
    assert secrets | set(sim.store.clouds[sim.requests[0]["cloud"]].tokens) == without_pairs(masked)


def test_the_secrets_of_clouds_yaml_are_masked(sim: Simulator, clouds_yaml: Any) -> None:
    clouds_yaml(one=entry(sim, "openstack"))
    masked: list[str] = []
    log_in("openstack", {"cloud": "one"}, mask=masked.append).endpoint(("compute",))
    assert without_pairs(masked) == {account(sim, "openstack")["password"], *sim.store.clouds["openstack"].tokens}


def test_the_secrets_of_an_access_key_are_masked(sim: Simulator) -> None:
    key = account(sim, "otc_ecs")["temporary"]
    masked: list[str] = []
    log_in("otc_ecs", {"auth": key, "region_name": "eu-de"}, mask=masked.append)
    assert set(masked) == {key["secret_key"], key["security_token"]}


@pytest.mark.parametrize("interface", ["public", "internal", "admin"])
def test_the_catalog_has_three_interfaces(sim: Simulator, interface: str) -> None:
    connected = connect_to("openstack", task(sim, "openstack", interface=interface))
    assert connected.client.endpoint == account(sim, "openstack")["endpoint"]


def test_an_endpoint_wins_over_the_catalog(sim: Simulator) -> None:
    connected = connect_to("openstack", task(sim, "openstack", endpoint="https://nova.invalid:8774/"))
    assert connected.client.endpoint == "https://nova.invalid:8774/v2.1"


def test_a_region_that_the_catalog_does_not_have(sim: Simulator) -> None:
    with pytest.raises(ProtocolError, match="region_name Nowhere is not in the service catalog; it has RegionOne"):
        connect_to("openstack", task(sim, "openstack", region_name="Nowhere"))


def test_a_service_that_the_catalog_does_not_have_is_where_the_vendor_has_it(sim: Simulator) -> None:
    """ModelArts is in no known catalog."""
    given = account(sim, "huaweicloud_modelarts")
    options = {"auth": password(sim, "huaweicloud_modelarts"), "region_name": "cn-north-4"}
    connected = connect_to("huaweicloud_modelarts", options)
    assert connected.client.endpoint == f"https://modelarts.cn-north-4.myhuaweicloud.com/v1/{given['project_id']}"


def test_a_wrong_password_is_reported_in_keystones_words(sim: Simulator) -> None:
    options = task(sim, "openstack")
    options["auth"]["password"] = "wrong-one"
    with pytest.raises(AuthError, match=r"The login failed: .*requires authentication") as caught:
        connect_to("openstack", options)
    assert "wrong-one" not in caught.value.message
    assert logins(sim) == 1


@pytest.mark.parametrize("provider", ["openstack", "otc_ecs", "ecl_vna", "huaweicloud_modelarts"])
def test_a_token_that_expires_during_a_wait_is_renewed_once(provider: str) -> None:
    clock = Clock()
    with Simulator(clock=clock, token_life=600) as sim:
        reference = add(sim, provider, started=0, duration=1000)
        connected = connect_to(provider, task(sim, provider))
        outcome, failure = wait_with(connected, clock, reference)
        assert (failure, outcome.tolerated_errors) == (None, 0)
        assert (logins(sim), connected.client.login.reauthentications) == (2, 1)
        assert [each["status"] for each in sim.requests].count(401) == 1


@pytest.mark.parametrize("provider", ["openstack", "otc_ecs", "ecl_vna", "huaweicloud_modelarts"])
def test_a_401_forever_ends_the_wait_after_one_renewal(sim: Simulator, clock: Clock, provider: str) -> None:
    reference: Reference = add(sim, provider, started=0, duration=1000)
    connected = connect_to(provider, task(sim, provider))
    sim.add_fault(path=f"/{reference.operation_id}$", status=401, body={"message": "no"}, times=None)
    outcome, failure = wait_with(connected, clock, reference)
    assert failure is not None
    assert (failure["kind"], outcome.elapsed) == ("auth", 0.0)
    assert (logins(sim), len(sent(sim, str(reference.operation_id)))) == (2, 2)


@pytest.mark.parametrize("fault", [{"status": 503}, {"action": "reset"}])
@pytest.mark.parametrize("by_cloud", [False, True])
def test_a_keystone_that_is_away_for_a_moment_is_waited_for(
    sim: Simulator, clouds_yaml: Any, run_module: Any, fault: dict[str, Any], by_cloud: bool
) -> None:
    clouds_yaml(one=entry(sim, "openstack"))
    reference = add(sim, "openstack")
    sim.add_fault(path="/identity", times=2, **fault)
    options = {"cloud": "one"} if by_cloud else task(sim, "openstack")
    result = wait_for_it(run_module, reference, options)
    assert (result.get("msg"), result["succeeded"], result["tolerated_errors"] > 0) == (None, True, True)
