# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""AK/SK: the signature covers the request as requests sends it. Two independent signers agree."""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import datetime, timedelta, timezone
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, unquote_plus, urlencode, urlsplit

import pytest
import requests
from ansible_collections.cloudgate.operations.plugins.module_utils._auth.signers import AkSkAuth
from ansible_collections.cloudgate.operations.plugins.module_utils._model.errors import AuthError, MissingError
from ansible_collections.cloudgate.operations.plugins.module_utils._model.reference import Reference
from huaweicloudsdkcore.sdk_request import SdkRequest
from huaweicloudsdkcore.signer.signer import Signer
from hypothesis import given, settings
from hypothesis import strategies as st
from simulated.helpers import account, add, connect_to, sent
from simulator import Simulator

DATE = "%Y%m%dT%H%M%SZ"
VECTORS = json.loads(Path(__file__).with_name("aksk_vectors.json").read_text(encoding="utf-8"))
FIXED = datetime(2019, 11, 15, 3, 36, 55, tzinfo=timezone.utc)


def prepared(
    method: str, url: str, auth: AkSkAuth, headers: dict[str, str] | None = None, body: str | None = None
) -> requests.PreparedRequest:
    """Return the request as requests would send it."""
    request = requests.Request(method, url, headers=headers, data=body, auth=auth)
    return requests.Session().prepare_request(request)


def parts(request: requests.PreparedRequest) -> tuple[list[str], str]:
    """Return the names of the signed headers, and the signature."""
    scheme, _space, fields = request.headers["Authorization"].partition(" ")
    assert scheme == "SDK-HMAC-SHA256"
    named = dict(field.strip().split("=", 1) for field in fields.split(","))
    assert list(named) == ["Access", "SignedHeaders", "Signature"]
    return named["SignedHeaders"].split(";"), named["Signature"]


def signature_by_the_book(request: requests.PreparedRequest, secret_key: str) -> str:
    """Return the signature by the documented algorithm, with the standard library only."""
    names, _signature = parts(request)
    path, _mark, query = str(request.path_url).partition("?")
    uri = "/".join(quote(part, safe="-_.~") for part in unquote(path).split("/"))  # the vendor takes %2F for a slash
    pairs = sorted(tuple(unquote_plus(half) for half in pair.partition("=")[::2]) for pair in query.split("&") if pair)
    body = request.body or b""
    canonical = "\n".join(
        [
            str(request.method),
            uri if uri.endswith("/") else uri + "/",
            "&".join(f"{quote(name, safe='-_.~')}={quote(value, safe='-_.~')}" for name, value in pairs),
            "".join(f"{name}:{request.headers[name].strip()}\n" for name in sorted(names)),
            ";".join(sorted(names)),
            hashlib.sha256(body.encode() if isinstance(body, str) else body).hexdigest(),
        ]
    )
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    to_sign = f"SDK-HMAC-SHA256\n{request.headers['X-Sdk-Date']}\n{digest}"
    return hmac.new(secret_key.encode(), to_sign.encode(), hashlib.sha256).hexdigest()


def signature_by_the_vendor(request: requests.PreparedRequest, key: tuple[str, str]) -> str:
    """Return the signature by the vendor's signer."""
    names, _signature = parts(request)
    path, _mark, query = str(request.path_url).partition("?")
    again = SdkRequest(
        method=str(request.method),
        schema="https",
        host=request.headers["Host"],
        resource_path=path,
        query_params=parse_qsl(query, keep_blank_values=True),
        header_params={name: request.headers[name] for name in names},
        body=request.body or "",
    )
    signed = Signer(SimpleNamespace(ak=key[0], sk=key[1])).sign(again)
    return str(signed.header_params["Authorization"].rpartition("=")[2])


def test_the_published_vector() -> None:
    """From the vendor's signing guide."""
    secret = "MFyfvK41ba2giqM7Uio6PznpdUKGpownRZlmVmHc"
    url = (
        "https://service.region.example.com/v1/77b6a44cba5143ab91d13ab9a8ff44fd/vpcs"
        "?limit=2&marker=13551d6b-755d-4757-b956-536f674975c0"
    )
    auth = AkSkAuth("QTWAOYTTINDUT2QVKYUC", secret, now=lambda: FIXED)
    request = prepared("GET", url, auth, {"content-type": "application/json"})
    names, signature = parts(request)
    assert names == ["content-type", "host", "x-sdk-date"]
    assert signature == "7be6668032f70418fcc22abc52071e57aff61b84a1d2381bb430d6870f4f6ebe"
    assert signature_by_the_book(request, secret) == signature


@pytest.mark.parametrize("vector", VECTORS, ids=[vector["name"] for vector in VECTORS])
def test_the_vendors_vectors(vector: dict[str, Any]) -> None:
    given_headers = vector["headers"]
    auth = AkSkAuth(
        vector["ak"],
        vector["sk"],
        given_headers.get("X-Security-Token"),
        given_headers.get("X-Project-Id"),
        now=lambda: datetime.strptime(vector["date"], DATE).replace(tzinfo=timezone.utc),
    )
    query = "?" + urlencode([tuple(pair) for pair in vector["query"]]) if vector["query"] else ""
    own = {name: value for name, value in given_headers.items() if name == "Content-Type"}
    request = prepared(vector["method"], f"https://{vector['host']}{vector['path']}{query}", auth, own, vector["body"])
    assert request.headers["Authorization"] == vector["authorization"]
    assert signature_by_the_book(request, vector["sk"]) == parts(request)[1]


_segment = st.text(min_size=1, max_size=12).filter(lambda part: part not in (".", "..") and "/" not in part)
_token = st.from_regex(r"[!-~]{1,40}", fullmatch=True)
_name = st.from_regex(r"[a-z][a-z0-9._-]{0,8}", fullmatch=True)
_host = st.sampled_from(["ecs.eu-de.otc.t-systems.com", "modelarts.example.com:8443", "127.0.0.1:80", "[::1]:8774"])


@settings(max_examples=1000)
@given(
    host=_host,
    path=st.lists(_segment, max_size=6),
    query=st.dictionaries(_name, st.text(max_size=12), max_size=4),
    key=st.tuples(_token, _token),
    token=st.none() | _token,
    project=st.none() | _token,
    moment=st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(timezone.utc)),
)
def test_the_sent_request_is_the_signed_one(
    host: str,
    path: list[str],
    query: dict[str, str],
    key: tuple[str, str],
    token: str | None,
    project: str | None,
    moment: datetime,
) -> None:
    url = "/".join([f"https://{host}"] + [quote(part, safe="") for part in path])
    access_key = key[0].replace(",", "").replace("=", "") or "AK"
    auth = AkSkAuth(access_key, key[1], token, project, now=lambda: moment)
    request = prepared("GET", url + ("?" + urlencode(query) if query else ""), auth, {"Accept": "application/json"})
    names, signature = parts(request)
    optional = {"x-project-id": project, "x-security-token": token}
    assert set(names) == {"host", "x-sdk-date"} | {name for name, value in optional.items() if value}
    assert request.headers["X-Sdk-Date"] == moment.strftime(DATE)
    assert request.headers["Host"] == urlsplit(str(request.url)).netloc
    assert signature == signature_by_the_book(request, key[1])
    assert signature == signature_by_the_vendor(request, (access_key, key[1]))


def test_each_request_is_signed_with_the_time_of_its_own() -> None:
    moments = iter([FIXED, FIXED + timedelta(minutes=20)])
    auth = AkSkAuth("AK", "SK", now=lambda: next(moments))
    first, second = (prepared("GET", "https://h/", auth) for _number in range(2))
    assert (first.headers["X-Sdk-Date"], second.headers["X-Sdk-Date"]) == ("20191115T033655Z", "20191115T035655Z")
    assert parts(first)[1] != parts(second)[1]


def key_task(sim: Simulator, provider: str = "otc_ecs", **auth: Any) -> dict[str, Any]:
    given_account = account(sim, provider)
    key = {name: given_account[name] for name in ("access_key", "secret_key", "project_id")}
    endpoint = given_account["modelarts_endpoint" if provider == "huaweicloud_modelarts" else "endpoint"]
    return {"auth": key | auth, "endpoint": endpoint, "region_name": given_account["region_name"]}


@pytest.mark.parametrize("provider", ["otc_ecs", "huaweicloud_ecs", "huaweicloud_modelarts"])
@pytest.mark.parametrize("temporary", [False, True])
def test_the_simulated_gateway_takes_the_signature(sim: Simulator, provider: str, temporary: bool) -> None:
    key = account(sim, provider)["temporary"] if temporary else {}
    reference = add(sim, provider)
    assert connect_to(provider, key_task(sim, provider, **key)).show(reference).state == "succeeded"
    assert all("X-Auth-Token" not in request["headers"] for request in sim.requests)
    assert all(("X-Security-Token" in request["headers"]) == temporary for request in sim.requests)


def test_a_query_is_signed_as_it_is_sent(sim: Simulator) -> None:
    provider = connect_to("otc_ecs", key_task(sim))
    reference = add(sim, "otc_ecs")
    found = provider.read(
        Reference(resource_id=reference.resource_id, latest=True, since=datetime(2020, 1, 1, tzinfo=timezone.utc))
    )
    assert found is not None
    assert found.operation_id == reference.operation_id
    assert sent(sim, "os-instance-actions")[0]["query"]["changes-since"] == ["2020-01-01T00:00:00Z"]


@pytest.mark.parametrize("request_id", ["req-a+b", "req~1", "a:b@c=d", "A.b_c-d"])
def test_odd_ids_are_signed_as_they_are_sent(sim: Simulator, request_id: str) -> None:
    server = account(sim, "otc_ecs")["server_ids"][0]
    with pytest.raises(MissingError, match="not found"):
        connect_to("otc_ecs", key_task(sim)).show(Reference(request_id, server))


@pytest.mark.parametrize(
    "wrong",
    [{"secret_key": "wrong"}, {"access_key": "UNKNOWN"}, {"security_token": "not-temporary"}],
)
def test_a_refused_key_is_not_tried_again(sim: Simulator, wrong: dict[str, str]) -> None:
    """Five refusals in a row lock the key."""
    with pytest.raises(AuthError, match=r"401 APIGW\.0301") as caught:
        connect_to("otc_ecs", key_task(sim, **wrong)).show(add(sim, "otc_ecs"))
    assert len(sim.requests) == 1
    assert "wrong" not in caught.value.message
    assert caught.value.request_id


def test_a_wrong_clock_is_reported() -> None:
    with Simulator(signing_clock=lambda: datetime.now(timezone.utc).timestamp() + 3600) as skewed:
        with pytest.raises(AuthError, match="signature expired"):
            connect_to("otc_ecs", key_task(skewed)).show(add(skewed, "otc_ecs"))
        assert len(skewed.requests) == 1
