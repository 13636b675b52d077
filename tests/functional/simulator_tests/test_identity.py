# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Logins, catalogs and expiry; keystoneauth1 is the independent client."""

from __future__ import annotations

from typing import Any

import pytest
import requests
from keystoneauth1.exceptions import Unauthorized
from keystoneauth1.identity import v3
from keystoneauth1.session import Session
from simulator import Simulator
from simulator_tests.helpers import Client, Clock

CLOUDS = ("openstack", "otc", "huaweicloud", "fujitsu", "ecl")
EXPIRED_AT_THE_GATEWAY = ("APIGW.0307", "The token must be updated")


def password(account: dict[str, Any], **changes: Any) -> v3.Password:
    options = {
        key: account[key]
        for key in ("auth_url", "username", "password", "user_domain_name", "project_name", "project_domain_name")
    }
    return v3.Password(**(options | changes))


@pytest.mark.parametrize("name", CLOUDS)
def test_the_catalog_leads_to_the_servers(sim: Simulator, name: str) -> None:
    account = sim.clouds[name]
    session = Session(auth=password(account))
    answer = session.get("/servers", endpoint_filter={"service_type": "compute", "region_name": account["region_name"]})
    assert {server["id"] for server in answer.json()["servers"]} == set(account["server_ids"])
    assert session.get_project_id() == account["project_id"]


@pytest.mark.parametrize("name", CLOUDS)
def test_a_wrong_password_is_401(sim: Simulator, name: str) -> None:
    with pytest.raises(Unauthorized):
        Session(auth=password(sim.clouds[name], password="wrong")).get_token()


def test_an_application_credential_works_by_id_and_by_name(sim: Simulator) -> None:
    account = sim.clouds["openstack"]
    secret = account["application_credential_secret"]
    by_id = v3.ApplicationCredential(
        account["auth_url"],
        application_credential_secret=secret,
        application_credential_id=account["application_credential_id"],
    )
    by_name = v3.ApplicationCredential(
        account["auth_url"],
        application_credential_secret=secret,
        application_credential_name="openstack-credential",
        username=account["username"],
        user_domain_name="Default",
    )
    for auth in (by_id, by_name):
        assert Session(auth=auth).get_project_id() == account["project_id"]


def test_a_token_buys_a_token_that_lives_no_longer(sim: Simulator, clock: Clock) -> None:
    account = sim.clouds["openstack"]
    first = password(account).get_access(Session())
    clock.advance(1000)
    bought = v3.Token(account["auth_url"], str(first.auth_token), project_id=account["project_id"])
    second = bought.get_access(Session())
    assert second.auth_token != first.auth_token
    assert second.expires == first.expires


@pytest.mark.parametrize("name", CLOUDS)
def test_an_expired_token_is_refused_in_the_words_of_the_cloud(sim: Simulator, clock: Clock, name: str) -> None:
    client = Client(sim, name)
    url = f"{client.account['endpoint']}/v2.1/{client.account['project_id']}/servers"
    if name in ("fujitsu", "ecl"):
        url = url.replace("/v2.1/", "/v2/")
    if name == "openstack":
        url = f"{client.account['endpoint']}/servers"
    assert requests.get(url, headers=client.headers, timeout=5).status_code == 200
    clock.advance(3601)
    answer = requests.get(url, headers=client.headers, timeout=5)
    assert answer.status_code == 401
    body = answer.json()
    if name in ("otc", "huaweicloud"):
        assert (body["error_code"], body["error_msg"]) == EXPIRED_AT_THE_GATEWAY
    else:
        assert body["error"]["title"] == "Unauthorized"
        assert answer.headers["WWW-Authenticate"].startswith("Keystone uri=")


def test_keystoneauth_logs_in_again_after_expiry(sim: Simulator, clock: Clock) -> None:
    session = Session(auth=password(sim.clouds["openstack"]))
    for _round in range(2):
        assert session.get("/servers", endpoint_filter={"service_type": "compute"}).status_code == 200
        clock.advance(3601)
    logins = [entry for entry in sim.requests if entry["path"].endswith("/auth/tokens")]
    assert len(logins) == 2


def test_the_catalog_can_be_left_out(sim: Simulator) -> None:
    session = Session()
    assert password(sim.clouds["otc"]).get_access(session).has_service_catalog()
    without = password(sim.clouds["otc"], include_catalog=False)
    assert not without.get_access(session).has_service_catalog()


def test_an_ecl_token_is_hexadecimal_and_its_catalog_has_no_version(sim: Simulator) -> None:
    session = Session(auth=password(sim.clouds["ecl"]))
    assert len(str(session.get_token())) == 32
    endpoint = session.get_endpoint(service_type="virtual-network-appliance")
    assert endpoint == sim.clouds["ecl"]["vna_endpoint"]


def test_a_token_of_another_cloud_is_unknown(sim: Simulator) -> None:
    headers = Client(sim, "fujitsu").headers
    answer = requests.get(f"{sim.clouds['openstack']['endpoint']}/servers", headers=headers, timeout=5)
    assert answer.status_code == 401


def test_tls_is_verified_with_the_own_authority(sim: Simulator) -> None:
    for url in (sim.tls_url, sim.tls_url.replace("127.0.0.1", "localhost")):
        answer = requests.get(f"{url}/openstack/identity/v3", verify=sim.ca_cert, timeout=5)
        assert answer.json()["version"]["id"].startswith("v3")
    with pytest.raises(requests.exceptions.SSLError):
        requests.get(f"{sim.tls_url}/openstack/identity/v3", timeout=5)


def test_the_catalog_follows_the_way_in(sim: Simulator) -> None:
    account = sim.clouds["openstack"]
    auth_url = account["auth_url"].replace(sim.url, sim.tls_url)
    session = Session(auth=password(account, auth_url=auth_url), verify=sim.ca_cert)
    assert str(session.get_endpoint(service_type="compute")).startswith(sim.tls_url)


def test_discovery_finds_the_microversions(sim: Simulator) -> None:
    for name, newest in (("openstack", (2, 96)), ("otc", (2, 60)), ("fujitsu", None)):
        session = Session(auth=password(sim.clouds[name]))
        found = session.get_endpoint_data(service_type="compute", discover_versions=True)
        assert found is not None
        assert found.max_microversion == newest


def test_a_token_is_validated(sim: Simulator) -> None:
    client = Client(sim, "openstack")
    known = client.get("/identity/v3/auth/tokens", headers={"X-Subject-Token": client.headers["X-Auth-Token"]})
    assert known.json()["token"]["user"]["name"] == client.account["username"]
    assert client.get("/identity/v3/auth/tokens", headers={"X-Subject-Token": "nothing"}).status_code == 404


def test_the_projects_are_found_by_name(sim: Simulator) -> None:
    client = Client(sim, "otc")
    assert [project["id"] for project in client.get("/iam/v3/projects?name=eu-de").json()["projects"]] == [
        client.account["project_id"]
    ]
    assert client.get("/iam/v3/projects?name=eu-nl").json()["projects"] == []


@pytest.mark.parametrize("auth", [None, {}, {"identity": "x"}])
def test_a_login_without_sense_is_400(sim: Simulator, auth: Any) -> None:
    answer = requests.post(f"{sim.url}/openstack/identity/v3/auth/tokens", json={"auth": auth}, timeout=5)
    assert (answer.status_code, answer.json()["error"]["title"]) == (400, "Bad Request")


@pytest.mark.parametrize(
    ("login", "status"),
    [
        ({"methods": ["token"], "token": {"id": "unknown"}}, 401),
        ({"methods": ["totp"], "totp": {}}, 401),
        ({"methods": ["application_credential"], "application_credential": {"id": "x", "secret": "y"}}, 401),
    ],
)
def test_logins_that_fail(sim: Simulator, login: dict[str, Any], status: int) -> None:
    assert Client(sim, "openstack").login(login).status_code == status


def test_a_foreign_project_is_refused(sim: Simulator) -> None:
    with pytest.raises(Unauthorized):
        Session(auth=password(sim.clouds["openstack"], project_name="other")).get_token()


def test_unknown_identity_paths_are_404(sim: Simulator) -> None:
    assert Client(sim, "openstack").get("/identity/v3/nothing").json()["error"]["code"] == 404
    assert Client(sim, "openstack").get("/identity/").status_code == 300


@pytest.mark.parametrize(("token", "reason"), [("", "x-auth-token not found"), ("garbage", "decrypt token fail")])
def test_the_gateway_says_what_is_wrong_with_a_token(sim: Simulator, token: str, reason: str) -> None:
    account = sim.clouds["otc"]
    headers = {"X-Auth-Token": token} if token else {}
    answer = requests.get(f"{account['endpoint']}/v2.1/{account['project_id']}/servers", headers=headers, timeout=5)
    assert answer.status_code == 401
    assert answer.json()["error_msg"] == f"Incorrect IAM authentication information: {reason}"
