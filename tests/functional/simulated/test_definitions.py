# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ready-made definitions against a server with scripted answers: waits, renewed logins, and no secret shown."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from scripted import Answer
from simulated.scripted_api import PASSWORD, SECRET, TOKENS, Api, wait

UPID = "UPID:pve:000A5B3C:01234567:65A1B2C3:qmstart:100:root@pam!ansible:"


@pytest.fixture
def api() -> Iterator[Api]:
    with Api() as found:
        yield found


def test_a_task_of_proxmox_with_a_token(api: Api, run_module: Any) -> None:
    running = {"data": {"upid": UPID, "status": "running", "node": "pve", "type": "qmstart"}}
    stopped = {"data": {**running["data"], "status": "stopped", "exitstatus": "OK"}}
    path = f"/api2/json/nodes/pve/tasks/{UPID.replace(':', '%3A').replace('@', '%40').replace('!', '%21')}/status"
    api.answers[f"GET {path}"] = [(200, {}, running), (200, {}, stopped)]
    auth = {"header": "Authorization", "prefix": "PVEAPIToken=root@pam!ansible=", "token": SECRET}
    options = {"auth_type": "header", "auth": auth, "operation_id": UPID, "resource_id": "pve"}
    result = wait(run_module, api, definition="proxmox", **options)
    assert (result["succeeded"], result["operations"][0]["type"]) == (True, "qmstart")
    assert {each.headers["Authorization"] for each in api.sent} == {auth["prefix"] + SECRET}


def test_a_task_of_redfish_outlives_its_session(api: Api, run_module: Any) -> None:
    task = {"Id": "42", "TaskState": "Running", "PercentComplete": 30}
    done = {**task, "TaskState": "Completed", "TaskStatus": "OK"}
    api.answers["POST /redfish/v1/SessionService/Sessions"] = [(201, {"X-Auth-Token": each}, {}) for each in TOKENS]
    api.answers["GET /redfish/v1/TaskService/Tasks/42"] = [(202, {}, None), (401, {}, {}), (200, {}, done)]
    auth = {"username": "root", "password": PASSWORD}
    result = wait(run_module, api, definition="redfish", auth_type="login", auth=auth, operation_id="42")
    assert (result["succeeded"], result["reauthentications"]) == (True, 1)
    bodies = [json.loads(each.body) for each in api.sent if each.method == "POST"]
    assert bodies == [{"UserName": "root", "Password": PASSWORD}] * 2
    asked = [each.headers["X-Auth-Token"] for each in api.sent if each.method == "GET"]
    assert asked == [TOKENS[0], TOKENS[0], TOKENS[1]]


def test_the_login_request_has_the_headers_of_the_definition(api: Api, run_module: Any) -> None:
    api.answers["POST /sessions"] = [(200, {"X-Token": TOKENS[0]}, {})]
    api.answers["GET /tasks/7"] = [(200, {}, {"status": "success", "details": "  "})]
    accept = "application/*+json;version=38.0"
    definition = {
        "show": "/tasks/{operation_id}",
        "state": "status",
        "states": {"succeeded": ["success"]},
        "error_message": "details",  # blank, so no error
        "headers": {"Accept": accept, "X-Filter": "{resource_id}"},
        "login": {"path": "/sessions", "token": "header:X-Token", "prefix": "Bearer "},
    }
    auth = {"auth_type": "login", "auth": {"username": "root", "password": PASSWORD}}
    assert wait(run_module, api, definition=definition, operation_id="7", **auth)["succeeded"] is True
    assert [each.headers["Accept"] for each in api.sent] == [accept, accept]
    assert [each.headers.get("X-Filter") for each in api.sent] == [None, None]


def test_client_credentials_get_a_token_for_azure(api: Api, run_module: Any) -> None:
    api.token = ("Authorization", f"Bearer {TOKENS[0]}")
    api.answers["POST /tenant/token"] = [(200, {}, {"access_token": TOKENS[0], "expires_in": 3599})]
    api.answers["GET /a/1"] = [(202, {"Location": f"{api.url}/a/2"}, None)]
    api.answers["GET /a/2"] = [(202, {}, None), (204, {}, None)]
    auth = {"token_url": f"{api.url}/tenant/token", "client_id": "me", "client_secret": SECRET}
    options = {"auth_type": "oauth2", "auth": auth, "operation_id": f"{api.url}/a/1"}
    result = wait(run_module, api, definition="azure_location", **options)
    assert (result["succeeded"], result["operations"][0]["operation_id"]) == (True, f"{api.url}/a/2")
    assert api.paths("GET") == ["/a/1", "/a/2", "/a/2"]


def test_a_queue_item_of_jenkins_becomes_a_build(api: Api, run_module: Any) -> None:
    left = {"executable": {"number": 7, "url": f"{api.url}/job/a/7/"}}
    gone: Answer = (404, {}, {"message": "gone"})
    api.answers["GET /queue/item/25/api/json"] = [(200, {}, {"why": "busy"}), (200, {}, left), gone]
    builds = [{"building": True}, {"building": False, "result": "UNSTABLE"}]
    api.answers["GET /job/a/7/api/json"] = [(200, {}, each) for each in builds]
    auth = {"username": "u", "password": PASSWORD}
    options = {"auth_type": "basic", "auth": auth, "operation_id": f"{api.url}/queue/item/25/"}
    result = wait(run_module, api, definition="jenkins", **options)
    assert (result["failed"], result["operations"][0]["raw_status"]) == (True, "UNSTABLE")


def test_actions_of_hetzner_are_read_together(api: Api, run_module: Any) -> None:
    first = [{"id": 1, "status": "success"}, {"id": 13, "status": "running", "progress": 40}]
    both = [{"id": 1, "status": "success"}, {"id": 13, "status": "success"}]
    api.answers["GET /actions?id=1&id=13&per_page=50"] = [(200, {}, {"actions": each}) for each in (first, both)]
    api.answers["GET /actions/13"] = [(200, {}, {"action": both[1]})]
    options = {
        "auth_type": "bearer",
        "auth": {"token": SECRET},
        "operations": [{"operation_id": "1"}, {"operation_id": "13"}],
    }
    result = wait(run_module, api, definition="hetzner", **options)
    assert result["succeeded"]
    assert api.paths("GET")[0] == "/actions?id=1&id=13&per_page=50"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"definition": "hetzer"}, "definition.name must be one of"),
        (
            {"definition": {"name": "redfish", "stats": {}}},
            "stats is not an option of definition. Perhaps you meant state",
        ),
        ({"definition": "redfish", "endpoint": "http://bmc.example.com"}, "allow_http"),
        (
            {"definition": {"name": "redfish", "login": {"path": "https://evil.example/x"}}},
            "definition.login.path must be",
        ),
        (
            {"definition": {"name": "redfish", "login": {"json": {"Password": PASSWORD}}}},
            "must be {password} or {username}",
        ),
        (
            {"definition": {"name": "redfish", "states": {"running": ["*"], "failed": ["*"]}}},
            "has '*' for running and for",
        ),
    ],
)
def test_a_mistake_is_one_sentence_and_nothing_is_sent(
    api: Api, run_module: Any, options: dict[str, Any], said: str
) -> None:
    auth = {"auth_type": "login", "auth": {"username": "root", "password": PASSWORD}, "operation_id": "42"}
    result = wait(run_module, api, **{**auth, **options})
    assert (result["failed"], said in result["msg"], result["msg"].count("\n")) == (True, True, 0), result["msg"]
    assert api.sent == []
