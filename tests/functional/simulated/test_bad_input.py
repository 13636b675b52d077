# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Invalid input fails with one sentence before any request is sent; the real modules, run in this process."""

from __future__ import annotations

from typing import Any

import pytest
from simulated.helpers import Options, account, task
from simulator import Simulator

NOWHERE = "http://127.0.0.1:9"
USER = {
    "auth_url": f"{NOWHERE}/v3",
    "username": "u",
    "password": "hush-5d1e",
    "user_domain_id": "default",
    "project_name": "p",
}
KEY = {"access_key": "a", "secret_key": "hush-5d1e"}
ACTION = {"operation_id": "req-1", "resource_id": "s1"}
SINCE = {"changes_since": "2026-11-21T12:00:00Z", "changes_before": "2026-11-20T12:00:00Z"}
BAD_IDS = ["", "/", "a/b", "..", "a..b", "../a", "?", "a?b", "a#b", " ", "a b", "a\nb", "a\x00b", "a\x7f", "a%2Fb", "é"]


def without(option: str, **more: Any) -> Options:
    return {"auth": {name: value for name, value in USER.items() if name != option} | more}


def check_refused(sim: Simulator, result: dict[str, Any], words: str) -> None:
    """One sentence with these words, nothing sent, no secret shown."""
    assert (result["failed"], sim.requests) == (True, [])
    assert words in result["msg"]
    assert "\n" not in result["msg"]
    assert "hush-5d1e" not in str(result)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({}, "No credentials are given"),
        ({"auth": {}}, "No credentials are given"),
        (without("password"), "auth.password is missing"),
        (without("username"), "auth.username or auth.user_id is missing"),
        (without("auth_url"), "auth.auth_url is missing"),
        (without("project_name"), "auth.project_id or auth.project_name is missing"),
        (without("user_domain_id"), "auth.user_domain_name or auth.user_domain_id is missing"),
        (without("auth_url", auth_url="keystone.example.com"), "auth.auth_url must be a full URL"),
        ({"auth": {"application_credential_id": "i", "auth_url": NOWHERE}}, "application_credential_secret is missing"),
        ({"auth": {"token": "hush-5d1e"}}, "auth.auth_url is missing"),
        ({"auth": KEY, "region_name": "r"}, "Huawei Cloud and Open Telekom Cloud"),
        ({"auth_type": "aksk"}, "Huawei Cloud and Open Telekom Cloud"),
        ({"cloud": "none"}, "clouds.yaml: There is no clouds.yaml, so cloud none was not found."),
        ({"cloud": "none", "auth": {"access_key": "a"}}, "exclude each other"),
        ({"auth": USER, "client_key": "/k.pem"}, "client_key is given without client_cert"),
        ({"auth": USER, "ca_cert": "/none.pem"}, "/none.pem does not exist"),
        ({"auth": USER, "endpoint": "nova.example.com/v2.1"}, "endpoint must be a full URL"),
        ({"auth": USER, "endpoint": "//nova.example.com"}, "endpoint must be a full URL"),
        ({"auth": USER, "endpoint": "file:///etc/passwd"}, "endpoint must be a full URL"),
        ({"auth": USER, "endpoint": "http://[::1"}, "endpoint"),
        ({"auth": USER, "endpoint": "http://h:99999"}, "endpoint"),
        ({"auth": USER, "endpoint": "https://u:hush-5d1e@h/"}, "endpoint must not contain"),
        ({"auth": USER, "api_version": "v2"}, "api_version of provider openstack must be v2.1"),
        ({"auth": USER, "hyperinstance": True}, "hyperinstance is for provider huaweicloud_modelarts only"),
        ({"auth": USER, "api_timeout": -1}, "api_timeout"),
    ],
)
@pytest.mark.parametrize("module", ["operation_info", "instance_action_info", "wait_for_operation"])
def test_the_connection(sim: Simulator, run_module: Any, module: str, options: Options, words: str) -> None:
    result = run_module(module, provider="openstack", **ACTION, **options)
    check_refused(sim, result, words)
    assert result["failure"] == {
        "kind": "input",
        "message": result["failure"]["message"],
        "code": None,
        "request_id": None,
        "operation": None,
    }
    assert (result["operations"], result["requests"]) == ([], 0)


@pytest.mark.parametrize(
    ("auth", "words"),
    [
        ({"access_key": "a"}, "auth.secret_key is missing"),
        ({"secret_key": "hush-5d1e"}, "auth.access_key is missing"),
        (KEY, "region_name is missing"),
        ({**KEY, "iam_endpoint": "iam"}, "auth.iam_endpoint must be a full URL"),
    ],
)
def test_a_half_given_access_key(sim: Simulator, run_module: Any, auth: dict[str, str], words: str) -> None:
    check_refused(sim, run_module("operation_info", provider="otc_ecs", auth=auth, **ACTION), words)


@pytest.mark.parametrize("module", ["operation_info", "instance_action_info", "wait_for_operation"])
@pytest.mark.parametrize("name", ["operation_id", "resource_id"])
@pytest.mark.parametrize("value", BAD_IDS)
def test_an_id_that_leads_elsewhere(sim: Simulator, run_module: Any, module: str, name: str, value: str) -> None:
    result = run_module(module, provider="openstack", **{**ACTION, name: value}, **task(sim, "openstack"))
    check_refused(sim, result, name)
    assert result["failure"]["kind"] == "input"


@pytest.mark.parametrize("name", ["operation_id", "resource_id"])
@pytest.mark.parametrize("value", BAD_IDS)
def test_an_id_that_leads_elsewhere_among_operations(sim: Simulator, run_module: Any, name: str, value: str) -> None:
    operations = [ACTION, {**ACTION, name: value}]
    result = run_module("wait_for_operation", provider="openstack", operations=operations, **task(sim, "openstack"))
    check_refused(sim, result, name)


@pytest.mark.parametrize(
    ("provider", "item", "words"),
    [
        ("openstack", {}, "operation_id is missing"),
        ("openstack", {"operation_id": "req-1"}, "resource_id is missing"),
        ("openstack", {"resource_id": "s1"}, "operation_id is missing"),
        ("openstack", {"latest": True}, "resource_id is missing"),
        ("openstack", {**ACTION, "latest": True}, "latest and operation_id exclude each other"),
        ("openstack", {**ACTION, "action": "reboot"}, "action"),
        ("openstack", {**ACTION, "since": "2026-11-21T12:00:00Z"}, "since"),
        ("openstack", {"resource_id": "s1", "latest": True, "since": "yesterday"}, "since must be a time"),
        ("fujitsu_k5", {"operation_id": "req-1"}, "resource_id is missing"),
        ("ecl_vna", {"resource_id": "a1"}, "operation_id is missing"),
        ("huaweicloud_modelarts", {"operation_id": "o1"}, "resource_id is missing"),
        ("huaweicloud_modelarts", {"resource_id": "l1", "latest": True}, "does not list operations"),
    ],
)
def test_an_item_without_what_its_provider_needs(
    sim: Simulator, run_module: Any, provider: str, item: dict[str, Any], words: str
) -> None:
    result = run_module("wait_for_operation", provider=provider, operations=[item], **task(sim, provider))
    check_refused(sim, result, words)
    assert result["failure"]["kind"] == "input"


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"timeout": -1}, "timeout must be a number of seconds from 0 to 1000000000, not -1"),
        ({"timeout": 1e300}, "timeout must be a number of seconds"),
        ({"api_timeout": 0}, "api_timeout must be more than 0 and at most 86400 seconds, not 0."),
        ({"api_timeout": 10**400}, "api_timeout must be more than 0 and at most"),
        ({"timeout": float("inf")}, "timeout must be a number of seconds from 0 to 1000000000, not inf."),
        (
            {"progress_interval": 10**400},
            "progress_interval must be a number of seconds from 0 to 1000000000, not inf.",
        ),
        ({"timeout": "10 minutes"}, "timeout must be seconds, or a duration such as 10m or 1h30m, not 10 minutes."),
        ({"delay": "hush-5d1e"}, "delay must be seconds, or a duration such as 10m or 1h30m, not other text."),
        ({"api_timeout": "2d"}, "api_timeout must be more than 0 and at most 86400 seconds, not 172800."),
        ({"max_requests_per_second": 1e-300}, "max_requests_per_second must be more than 0"),
        ({"delay": -0.5}, "delay must be a number of seconds"),
        ({"poll_min": float("inf")}, "poll_min must be a number of seconds"),
        ({"poll_max": "nan"}, "poll_max must be seconds, or a duration such as 10m or 1h30m, not nan."),
        ({"missing_grace": -1}, "missing_grace must be a number of seconds"),
        ({"progress_interval": float("nan")}, "progress_interval must be a number of seconds"),
        ({"progress_interval": float("inf")}, "progress_interval must be a number of seconds"),
        ({"progress_interval": -1}, "progress_interval must be a number of seconds"),
        ({"poll_min": 10, "poll_max": 5}, "poll_min (10 s) is larger than poll_max (5 s)"),
    ],
)
def test_how_to_wait(sim: Simulator, run_module: Any, options: Options, words: str) -> None:
    result = run_module("wait_for_operation", provider="openstack", **ACTION, **task(sim, "openstack"), **options)
    check_refused(sim, result, words)


@pytest.mark.parametrize(
    ("module", "provider", "options", "words"),
    [
        ("operation_info", "huaweicloud_modelarts", {"resource_id": "l1"}, "does not list operations"),
        ("operation_info", "openstack", {"resource_id": "s1", "filters": {"status": "x"}}, "filters cannot be used"),
        ("operation_info", "openstack", {"filters": {}}, "resource_id is missing"),
        ("operation_info", "openstack", {"operation_id": "req-1"}, "resource_id is missing"),
        ("operation_info", "ecl_vna", {"resource_id": ""}, "resource_id"),
        ("instance_action_info", "openstack", {"resource_id": "s1", "limit": 0}, "limit must be 1 or more"),
        ("instance_action_info", "openstack", {"resource_id": "s1", "limit": -3}, "limit must be 1 or more"),
        ("instance_action_info", "openstack", {"resource_id": "s1", "changes_since": "now"}, "changes_since must be a"),
        ("instance_action_info", "openstack", {"resource_id": "s1", **SINCE}, "later than changes_before"),
        ("instance_action_info", "openstack", {**ACTION, "limit": 3}, "operation_id and limit exclude each other"),
        ("instance_action_info", "openstack", {**ACTION, "action": "x"}, "operation_id and action exclude each other"),
        ("operation_info", "ecl_vna", {**ACTION, "filters": {"latest": True}}, "filters exclude each other"),
    ],
)
def test_the_filters_of_a_list_are_checked(
    sim: Simulator, run_module: Any, module: str, provider: str, options: Options, words: str
) -> None:
    result = run_module(module, provider=provider, **options, **task(sim, provider))
    check_refused(sim, result, words)
    assert result["failure"]["kind"] == "input"


@pytest.mark.parametrize(
    ("module", "options", "words"),
    [
        ("operation_info", {"provider": "aws", **ACTION}, "value of provider must be one of"),
        ("instance_action_info", {"provider": "ecl_vna", "resource_id": "a1"}, "value of provider must be one of"),
        ("operation_info", ACTION, "missing required arguments: provider"),
        ("operation_info", {"provider": "openstack"}, "one of the following is required"),
        ("wait_for_operation", {"provider": "openstack"}, "one of the following is required"),
        ("wait_for_operation", {"provider": "openstack", "operations": [ACTION], **ACTION}, "mutually exclusive"),
        ("wait_for_operation", {"provider": "openstack", "operations": [{"id": "x"}]}, "id is not an option of op"),
        ("wait_for_operation", {"provider": "openstack", **ACTION, "auth_type": "saml"}, "value of auth_type must be"),
    ],
)
def test_options_that_ansible_itself_refuses(
    sim: Simulator, run_module: Any, module: str, options: Options, words: str
) -> None:
    check_refused(sim, run_module(module, **options), words)


@pytest.mark.parametrize("wait_for", ["all", "any"])
def test_nothing_to_wait_for_is_no_crash(sim: Simulator, run_module: Any, wait_for: str) -> None:
    result = run_module(
        "wait_for_operation", provider="openstack", operations=[], wait_for=wait_for, **task(sim, "openstack")
    )
    assert result["operations"] == []
    assert sim.requests == []


@pytest.mark.parametrize(
    ("text", "words"), [("clouds: [", "clouds.yaml"), ("clouds: 7", "clouds.yaml"), ("", "clouds.yaml")]
)
def test_a_clouds_yaml_that_is_broken(
    sim: Simulator, run_module: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch, text: str, words: str
) -> None:
    file = tmp_path / "broken.yaml"
    file.write_text(text, encoding="utf-8")
    monkeypatch.setenv("OS_CLIENT_CONFIG_FILE", str(file))
    check_refused(sim, run_module("operation_info", provider="openstack", cloud="one", **ACTION), words)


@pytest.mark.parametrize(
    "option", ["password", "token", "application_credential_secret", "secret_key", "security_token"]
)
def test_a_secret_in_an_option_is_never_shown(sim: Simulator, run_module: Any, option: str) -> None:
    auth = {**USER, option: "hush-5d1e", "username": None}
    result = run_module("operation_info", provider="otc_ecs", auth_type="password", auth=auth, **ACTION)
    check_refused(sim, result, "auth.username or auth.user_id is missing")


def test_the_id_of_a_project_must_not_lead_elsewhere_either(sim: Simulator, run_module: Any) -> None:
    given = account(sim, "otc_ecs")
    auth = {"access_key": given["access_key"], "secret_key": given["secret_key"], "project_id": "../../other"}
    result = run_module("operation_info", provider="otc_ecs", auth=auth, endpoint=given["endpoint"], **ACTION)
    check_refused(sim, result, "auth.project_id must be an id")
