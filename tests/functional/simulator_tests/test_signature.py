# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""AK/SK requests, sent by the vendor's own HTTP client and by its signer."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests
from huaweicloudsdkcore.auth.credentials import BasicCredentials
from huaweicloudsdkcore.client import Client, ClientBuilder
from huaweicloudsdkcore.region.region import Region
from huaweicloudsdkcore.sdk_request import SdkRequest
from huaweicloudsdkcore.signer.signer import Signer
from simulator import Simulator
from simulator_tests.helpers import Clock

Account = dict[str, Any]


@pytest.fixture(params=["otc", "huaweicloud"])
def account(sim: Simulator, request: pytest.FixtureRequest) -> Account:
    return dict(sim.clouds[request.param])


def send(
    account: Account,
    path: str = "",
    query: list[tuple[str, str]] | None = None,
    method: str = "GET",
    body: str = "",
    **headers: str,
) -> requests.Response:
    """One request to the compute API, signed with the SDK."""
    url = f"{account['endpoint']}/v2.1/{account['project_id']}{path or '/servers'}"
    parts = urlsplit(url)
    unsigned = SdkRequest(
        method=method,
        schema="http",
        host=parts.netloc,
        resource_path=parts.path,
        query_params=query or [],
        body=body,
        header_params={"Content-Type": "application/json"}
        | {name.replace("_", "-"): value for name, value in headers.items()},
    )
    keys = SimpleNamespace(ak=account["access_key"], sk=account["secret_key"])
    signed = Signer(keys).sign(unsigned)
    return requests.request(
        method, f"http://{parts.netloc}{signed.uri}", data=body, timeout=5, headers=signed.header_params
    )


def refusal(answer: requests.Response) -> str:
    assert answer.status_code == 401, answer.text
    assert answer.json()["error_code"] == "APIGW.0301"
    return str(answer.json()["error_msg"]).removeprefix("Incorrect IAM authentication information: ")


def test_a_signed_request_is_let_in(account: Account) -> None:
    assert send(account).status_code == 200


def test_query_and_body_are_part_of_the_signature(account: Account) -> None:
    server = f"/servers/{account['server_ids'][0]}"
    listed = send(
        account,
        f"{server}/os-instance-actions",
        [("limit", "2"), ("changes-since", "2018-01-17T03:03:32Z")],
        OpenStack_API_Version="compute 2.58",
    )
    assert listed.status_code == 200, listed.text
    started = send(account, f"{server}/action", method="POST", body='{"reboot": {"type": "SOFT"}}')
    assert started.status_code == 202, started.text


def test_a_wrong_secret_key(account: Account) -> None:
    assert refusal(send(account | {"secret_key": "wrong"})) == "verify aksk signature fail"


def test_an_unknown_access_key(account: Account) -> None:
    assert refusal(send(account | {"access_key": "NOBODY"})) == "Get secretKey failed,ak:NOBODY,err:ak not exist"


@pytest.mark.parametrize(
    "change",
    [
        lambda request: request.replace("GET", "POST"),
        lambda request: request.replace("/servers", "/servers/detail"),
        lambda request: request + "?limit=1",
    ],
)
def test_a_signature_is_good_for_its_own_request_only(account: Account, change: Callable[[str], str]) -> None:
    url = f"{account['endpoint']}/v2.1/{account['project_id']}/servers"
    signed = send(account).request
    method, changed = change(f"GET {url}").split(" ")
    assert refusal(requests.request(method, changed, headers=signed.headers, timeout=5)) == "verify aksk signature fail"


def test_a_signature_lives_for_15_minutes(clock: Clock) -> None:
    with Simulator(clock=clock, signing_clock=clock) as sim:
        account = sim.clouds["otc"]
        signed = send(account).request
        url = str(signed.url)
        clock.advance(14 * 60)
        assert requests.get(url, headers=signed.headers, timeout=5).status_code == 200
        clock.advance(2 * 60)
        text = refusal(requests.get(url, headers=signed.headers, timeout=5))
        assert text.startswith("calc aksk signature fail:signature expired, signature time:")


def test_temporary_keys_need_their_token(account: Account) -> None:
    temporary = account | account["temporary"]
    assert send(temporary, X_Security_Token=temporary["security_token"]).status_code == 200
    assert refusal(send(temporary)).endswith("err:ak not exist")
    assert refusal(send(temporary, X_Security_Token="wrong")) == "decrypt token fail"


def test_another_project_is_refused(account: Account) -> None:
    assert send(account | {"project_id": "0" * 32}).status_code == 400


def test_the_sdk_finds_the_project_and_reads_an_operation(sim: Simulator) -> None:
    account = sim.clouds["huaweicloud"]
    ids = sim.add_operation("huaweicloud", "node_attach_volume", duration=60)
    credentials = BasicCredentials(account["access_key"], account["secret_key"])
    credentials.with_iam_endpoint(account["iam_endpoint"])
    region = Region(account["region_name"], account["modelarts_endpoint"])
    client = ClientBuilder(Client, "BasicCredentials").with_credentials(credentials).with_region(region).build()
    assert credentials.project_id == account["project_id"]
    path = f"/v1/{credentials.project_id}/dev-servers/{ids['resource_id']}/operation/{ids['operation_id']}"
    assert get_with_sdk(sim, client, credentials, path)["operation_status"] == "pending"


@pytest.mark.parametrize(
    ("kind", "path"),
    [
        ("rebootServer", "/v1/{project}/jobs/{id}"),
        ("RestartMysqlInstance", "/v3/{project}/jobs?id={id}"),
        ("ResizeCluster", "/api/v3/projects/{project}/jobs/{id}"),
    ],
)
def test_the_sdk_reads_a_job_of_each_service(sim: Simulator, account: Account, kind: str, path: str) -> None:
    cloud = "otc" if account["region_name"] == "eu-de" else "huaweicloud"
    ids = sim.add_operation(cloud, kind, started=60)
    credentials = BasicCredentials(account["access_key"], account["secret_key"], account["project_id"])
    client = ClientBuilder(Client, "BasicCredentials").with_credentials(credentials).with_endpoint(sim.url).build()
    body = get_with_sdk(sim, client, credentials, path.format(project=account["project_id"], id=ids["operation_id"]))
    assert ids["operation_id"] in str(body)


def get_with_sdk(sim: Simulator, client: Client, credentials: BasicCredentials, path: str) -> dict[str, Any]:
    """The SDK keeps only the host of an endpoint, so the simulator must recognize the service by the path."""
    url = urlsplit(path)
    request = SdkRequest(
        method="GET",
        schema="http",
        host=urlsplit(sim.url).netloc,
        resource_path=url.path,
        body="",
        header_params={"Content-Type": "application/json"},
        query_params=parse_qsl(url.query),
    )
    http = client.get_http_client()
    return dict(http.do_request_sync(credentials.process_auth_request(request, http).result()).json())


@pytest.mark.parametrize(
    "changes", [{"Authorization": "SDK-HMAC-SHA256 nonsense"}, {"X-Sdk-Date": "yesterday"}, {"X-Sdk-Date": None}]
)
def test_a_signature_out_of_shape(account: Account, changes: dict[str, str | None]) -> None:
    signed = send(account).request
    headers = {name: value for name, value in (dict(signed.headers) | changes).items() if value is not None}
    assert refusal(requests.get(str(signed.url), headers=headers, timeout=5)) == "verify aksk signature fail"
