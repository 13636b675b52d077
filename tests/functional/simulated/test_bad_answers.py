# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every wrong answer of a cloud leads to one sentence with the cloud's message, code and request id."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from simulated.helpers import BY_ID, LOGIN_PATH, account, add, sent, task, wait_for_it
from simulator import Simulator

HTML = "<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>"
REQUEST_ID = {"X-Compute-Request-Id": "req-support-1"}


def nova(kind: str, code: int, message: str) -> dict[str, Any]:
    return {kind: {"code": code, "message": message}}


def gateway(code: str, message: str) -> dict[str, Any]:
    return {"error_code": code, "error_msg": message, "request_id": "req-support-1"}


ANSWERS = [
    ("openstack", 400, nova("badRequest", 400, "Marker gone"), "protocol", "400", "Marker gone"),
    ("otc_ecs", 401, gateway("APIGW.0307", "The token must be updated"), "auth", "APIGW.0307", "must be updated"),
    ("openstack", 401, nova("error", 401, "requires authentication"), "auth", "401", "requires authentication"),
    ("openstack", 403, nova("forbidden", 403, "Policy doesn't allow"), "forbidden", "403", "Policy doesn't allow"),
    ("openstack", 404, nova("itemNotFound", 404, "Action req-1 not found"), "missing", "404", "Action req-1 not found"),
    ("ecl_vna", 404, {"cause": "Not Found"}, "missing", "404", "Not Found"),
    ("otc_ecs", 404, gateway("APIGW.0101", "The API does not exist"), "protocol", "APIGW.0101", "Check the endpoint"),
    ("huaweicloud_modelarts", 400, gateway("ModelArts.6404", "No server"), "missing", "ModelArts.6404", "No server"),
    ("huaweicloud_modelarts", 400, gateway("ModelArts.0104", "Bad id"), "protocol", "ModelArts.0104", "Bad id"),
    ("fujitsu_k5", 406, nova("computeFault", 406, "Version x"), "protocol", "406", "Version x"),
    ("openstack", 429, nova("overLimit", 429, "Slow down"), "throttled", "429", "Slow down"),
    ("huaweicloud_ecs", 429, gateway("APIGW.0308", "limit:XX"), "throttled", "APIGW.0308", "limit:XX"),
    ("openstack", 500, nova("computeFault", 500, "Unexpected"), "transport", "500", "Unexpected"),
    ("ecl_vna", 500, {"cause": "Internal Server Error"}, "transport", "500", "Internal Server Error"),
    ("ecl_vna", 503, {"fault": {"faultstring": "Quota"}}, "transport", "503", "Quota"),
    ("openstack", 502, HTML, "transport", "502", "with an HTML page"),
    ("openstack", 503, "", "transport", "503", "without a message"),
    ("openstack", 404, HTML, "protocol", "404", "Check the endpoint"),
]


def show(sim: Simulator, run_module: Any, provider: str, **fault: Any) -> dict[str, Any]:
    """Return the result of operation_info for an operation that always gets this answer."""
    reference = add(sim, provider)
    sim.add_fault(path=f"/({reference.operation_id}|{reference.resource_id})(/tasks)?$", times=None, **fault)
    names = {"operation_id": reference.operation_id, "resource_id": reference.resource_id}
    return dict(run_module("operation_info", provider=provider, **names, **task(sim, provider)))


def check_sentence(sim: Simulator, result: dict[str, Any], kind: str, words: str) -> None:
    assert (result["failed"], result["failure"]["kind"]) == (True, kind)
    assert result["failure"]["message"] == result["msg"]
    assert words in result["msg"]
    assert "\n" not in result["msg"]
    assert len(result["msg"]) < 400
    shown = str(result)
    assert "Traceback" not in shown
    for cloud in sim.store.clouds.values():
        assert cloud.cloud.user.password not in shown
        assert all(token not in shown for token in cloud.tokens)


@pytest.mark.parametrize(("provider", "status", "body", "kind", "code", "words"), ANSWERS)
def test_an_error_is_reported(
    sim: Simulator, run_module: Any, provider: str, status: int, body: Any, kind: str, code: str, words: str
) -> None:
    result = show(sim, run_module, provider, status=status, body=body, headers=REQUEST_ID)
    check_sentence(sim, result, kind, words)
    assert (result["failure"]["code"], result["failure"]["request_id"]) == (code, "req-support-1")
    assert (result["operations"], result["requests"] > 0) == ([], True)


@pytest.mark.parametrize("provider", BY_ID)
@pytest.mark.parametrize(
    ("body", "words"),
    [
        (HTML, "an HTML page instead of JSON"),
        ("", "an empty body instead of JSON"),
        ('{"cut": ', "other content instead of JSON"),
        ("null", "answered with nothing in JSON instead of an object"),
        ("[]", "answered with a list in JSON instead of an object"),
        ({}, "unexpected structure"),
        ({"error": "no"}, "unexpected structure"),
    ],
)
def test_a_200_that_is_no_operation(sim: Simulator, run_module: Any, provider: str, body: Any, words: str) -> None:
    result = show(sim, run_module, provider, status=200, body=body, headers=REQUEST_ID)
    check_sentence(sim, result, "protocol", words)


@pytest.mark.parametrize(
    "body",
    [
        {"instanceAction": None},
        {"instanceAction": "reboot"},
        {"instanceAction": {"action": "reboot", "events": {"event": "x"}}},
        {"instanceAction": {"action": "reboot", "events": [None]}},
    ],
)
def test_an_action_of_another_shape(sim: Simulator, run_module: Any, body: Any) -> None:
    check_sentence(sim, show(sim, run_module, "openstack", status=200, body=body), "protocol", "unexpected structure")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"instanceActions": None},
        {"instanceActions": [7]},
        {"instanceActions": [{"action": "reboot", "events": "none"}]},
    ],
)
def test_a_list_of_another_shape(sim: Simulator, run_module: Any, body: Any) -> None:
    sim.add_fault(path="os-instance-actions$", status=200, body=body)
    server = account(sim, "openstack")["server_ids"][0]
    result = run_module(
        "instance_action_info", provider="openstack", resource_id=server, details=False, **task(sim, "openstack")
    )
    check_sentence(sim, result, "protocol", "unexpected structure")


def test_a_cut_connection(sim: Simulator, run_module: Any) -> None:
    check_sentence(sim, show(sim, run_module, "openstack", action="reset"), "transport", "the connection failed")


def test_an_answer_that_takes_too_long(sim: Simulator, run_module: Any) -> None:
    reference = add(sim, "ecl_vna")
    sim.add_fault(path=f"/{reference.operation_id}$", delay=1.5, times=1, status=200)
    result = run_module(
        "operation_info", provider="ecl_vna", operation_id=reference.operation_id, api_timeout=1, **task(sim, "ecl_vna")
    )
    check_sentence(sim, result, "transport", "GET ")


@pytest.mark.parametrize("provider", ["openstack", "otc_ecs"])
@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (401, {"error": {"code": 401, "message": "Wrong password.", "title": "Unauthorized"}}, "auth"),
        (403, {"error": {"code": 403, "message": "Locked.", "title": "Forbidden"}}, "forbidden"),
        (404, HTML, "protocol"),
        (429, {"error_code": "APIGW.0308", "error_msg": "limit"}, "throttled"),
        (500, "", "transport"),
        (503, HTML, "transport"),
        (201, HTML, None),
        (201, "", None),
        (201, {}, None),
        (201, [], None),
        (201, {"token": None}, None),
        (201, {"token": {"catalog": 7}}, None),
        (201, {"token": {"catalog": [{"type": "compute"}]}}, None),
        (200, {"token": {}}, None),
    ],
)
def test_a_keystone_that_does_not_log_in(
    sim: Simulator, run_module: Any, provider: str, status: int, body: Any, kind: str | None
) -> None:
    sim.add_fault(path=LOGIN_PATH, status=status, body=body, headers={"X-Subject-Token": "odd"}, times=None)
    result = run_module(
        "operation_info", provider=provider, operation_id="req-1", resource_id="s1", **task(sim, provider)
    )
    check_sentence(sim, result, kind or result["failure"]["kind"], "")
    assert result["failure"]["kind"] != "input"
    assert sent(sim, "os-instance-actions") == []


@pytest.mark.parametrize("body", [{}, {"projects": {}}, {"projects": [7]}, {"projects": [{"name": "eu-de"}]}, HTML])
def test_an_iam_that_does_not_find_the_project(sim: Simulator, run_module: Any, body: Any) -> None:
    given = account(sim, "otc_ecs")
    auth = {name: given[name] for name in ("access_key", "secret_key", "iam_endpoint")}
    sim.add_fault(path="/v3/projects", status=200, body=body)
    result = run_module(
        "operation_info",
        provider="otc_ecs",
        operation_id="req-1",
        resource_id="s1",
        auth=auth,
        region_name="eu-de",
        endpoint=given["endpoint"],
    )
    check_sentence(sim, result, result["failure"]["kind"], "")
    assert len(sim.requests) == 1


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ({"status": 429, "headers": {"Retry-After": "0"}}, "answered 429"),
        ({"status": 503, "headers": {"Retry-After": "Mon, 01 Jan 2001 00:00:00 +9999999999999999999"}}, "answered 503"),
        ({"status": 200, "body": HTML}, "an HTML page"),
        ({"action": "reset"}, "the connection failed"),
    ],
)
def test_a_wait_continues_after_transient_errors(
    sim: Simulator, run_module: Any, fault: dict[str, Any], words: str
) -> None:
    reference = add(sim, "openstack")
    sim.add_fault(path=f"/{reference.operation_id}$", times=2, **fault)
    result = wait_for_it(run_module, reference, task(sim, "openstack"))
    assert (result["succeeded"], result["tolerated_errors"], result["changed"]) == (True, 2, False)
    assert words in result["last_error"]


@pytest.mark.parametrize(
    "catalog", [["x"], [{"type": "compute", "endpoints": [7]}], [{"type": "compute", "endpoints": "none"}], {"a": 1}]
)
def test_a_catalog_of_another_shape(sim: Simulator, run_module: Any, catalog: Any) -> None:
    token = {"catalog": catalog, "expires_at": "2099-01-01T00:00:00Z", "issued_at": "2026-01-01T00:00:00Z"}
    sim.add_fault(path=LOGIN_PATH, status=201, body={"token": token}, headers={"X-Subject-Token": "odd"}, times=None)
    result = run_module(
        "operation_info", provider="openstack", operation_id="req-1", resource_id="s1", **task(sim, "openstack")
    )
    check_sentence(sim, result, "protocol", "")


@pytest.mark.parametrize(
    "file", ["clouds: x", "clouds: {one: [1]}", "clouds: {one: {auth: 7}}", "clouds: {one: {region_name: {}}}", "[1]"]
)
def test_a_clouds_yaml_of_another_shape(
    sim: Simulator, run_module: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, file: str
) -> None:
    path = tmp_path / "clouds.yaml"
    path.write_text(file, encoding="utf-8")
    monkeypatch.setenv("OS_CLIENT_CONFIG_FILE", str(path))
    result = run_module("operation_info", provider="openstack", operation_id="req-1", resource_id="s1", cloud="one")
    check_sentence(sim, result, "input", "clouds.yaml")
