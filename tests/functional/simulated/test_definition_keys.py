# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Keys of a definition, through the real modules, against a server with scripted answers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from requests.structures import CaseInsensitiveDict
from scripted import Answer
from simulated.helpers import account, add, task
from simulated.scripted_api import SECRET, Api, wait
from simulated.test_aksk import signature_by_the_book
from simulator import Simulator

LOGIN = {"auth_type": "bearer", "auth": {"token": SECRET}}
SERVER = {
    "show": "/servers/{resource_id}",
    "id": "id",
    "state": "state",
    "states": {
        "running": ["starting", "stopping"],
        "succeeded": ["running", "stopped", "HTTP 404"],
        "failed": ["error"],
    },
}
GONE: Answer = (404, {}, {"message": "no such server"})


@pytest.fixture
def api() -> Iterator[Api]:
    with Api() as found:
        yield found


def expecting(word: str, **more: Any) -> dict[str, Any]:
    return {**LOGIN, "definition": SERVER, "operations": [{"resource_id": "s1", "expect": word}], **more}


def shows(api: Api, *words: str) -> None:
    api.answers["GET /servers/s1"] = [(200, {}, {"id": "s1", "state": each}) for each in words]


def test_a_reboot_has_succeeded_when_the_server_is_running_again(api: Api, run_module: Any) -> None:
    shows(api, "running", "running", "stopping", "running")
    result = wait(run_module, api, **expecting("running"))
    assert (result["succeeded"], result["operations"][0]["type"]) == (True, "running")
    assert len(api.paths("GET")) == 4


def test_the_status_from_before_the_request_opens_no_gate(api: Api, run_module: Any) -> None:
    shows(api, "running")
    result = wait(run_module, api, **expecting("running", timeout=0.5))
    assert (result["failed"], result["failure"]["kind"]) == (True, "timeout")
    assert "as it may have before: no other status was seen yet" in result["msg"]


def test_a_deleted_server_was_seen_before(api: Api, run_module: Any) -> None:
    shows(api, "running")
    api.answers["GET /servers/s1"] += [GONE]
    assert wait(run_module, api, **expecting("HTTP 404"))["succeeded"]
    api.answers["GET /servers/s1"] = [GONE]
    result = wait(run_module, api, **expecting("HTTP 404", missing="fail"))
    assert (result["failure"]["kind"], "may never have existed" in result["msg"]) == ("missing", True)


def test_operation_info_judges_as_the_first_poll_does(api: Api, run_module: Any) -> None:
    shows(api, "running")
    options = {"provider": "custom", "endpoint": api.url, "resource_id": "s1", **LOGIN}
    found = {}
    for at_once in (False, True):
        definition = {**SERVER, "changes_at_once": at_once}
        found[at_once] = run_module("operation_info", definition=definition, expect="running", **options)
    assert [each["operations"][0]["state"] for each in found.values()] == ["running", "succeeded"]
    result = run_module("operation_info", definition=SERVER, **options)
    assert "expect is missing: provider custom needs what the resource must become" in result["msg"]


def test_a_wait_names_all_values_that_states_lacks(api: Api, run_module: Any) -> None:
    shows(api, "frozen", "thawing", "starting")
    result = wait(run_module, api, **expecting("running", timeout=1.5))
    said = "the API says starting; before, the API said frozen, thawing, which definition.states does not list"
    assert said in result["msg"]
    assert result["operations"][0]["unlisted"] == ["frozen", "thawing"]


@pytest.mark.parametrize(("word", "opens"), [("successful", True), ("failed", False)])
def test_a_workflow_of_awx_succeeds_with_its_nodes(api: Api, run_module: Any, word: str, opens: bool) -> None:
    workflow = {"id": 16, "name": "release", "failed": False, "started": "2026-11-21T08:00:00Z"}
    path, nodes = "GET /api/v2/workflow_jobs/16/", "GET /api/v2/workflow_jobs/16/workflow_nodes/?page_size=200"
    api.answers[path] = [(200, {}, {**workflow, "status": each}) for each in ("running", "running", "successful")]
    job = {"summary_fields": {"job": {"name": "deploy", "status": word}}}
    busy: Answer = (503, {}, {"detail": "restarting"})
    api.answers[nodes] = [busy, (200, {}, {"results": [job, {"summary_fields": {}}], "next": None})]
    url = "/api/v2/workflow_jobs/16/"
    result = wait(run_module, api, definition="awx_workflow", operation_id=url, **LOGIN)
    assert result["succeeded"] == opens
    assert result["operations"][0]["steps"][0]["name"] == "deploy"
    assert api.paths("GET")[:3] == [url] * 3 and "deploy is failed" in result.get("msg", "deploy is failed")


def test_an_api_is_read_by_post_and_a_link_is_not(api: Api, run_module: Any) -> None:
    definition = {
        "show": "/progress",
        "post": {"show": {"TaskId": "{operation_id}"}},
        "state": "status",
        "states": {"running": ["busy"], "succeeded": ["ok"], "failed": ["bad"]},
        "moved_to": "next",
    }
    api.answers["POST /progress"] = [(200, {}, {"status": "busy"}), (200, {}, {"status": "busy", "next": "/tasks/7"})]
    api.answers["GET /tasks/7"] = [(200, {}, {"status": "busy"}), (200, {}, {"status": "ok"})]
    result = wait(run_module, api, definition=definition, operation_id="7", **LOGIN)
    assert result["succeeded"]
    assert (api.paths("POST"), api.paths("GET")) == (["/progress"] * 2, ["/tasks/7"] * 2)
    posted = [each for each in api.sent if each.method == "POST"]
    assert [json.loads(each.body) for each in posted] == [{"TaskId": "7"}] * 2
    assert posted[0].headers["Content-Type"] == "application/json"


def test_an_error_of_a_post_names_the_method(api: Api, run_module: Any) -> None:
    states = {"succeeded": ["ok"]}
    definition = {"show": "/progress/{operation_id}", "state": "status", "states": states, "post": {"show": {}}}
    result = wait(run_module, api, definition=definition, operation_id="7", missing="fail", **LOGIN)
    assert "POST http://127.0.0.1" in result["msg"] and "/progress/7 answered 404: not scripted" in result["msg"]


def test_operation_info_judges_the_services_of_openstack_without_operations(sim: Simulator, run_module: Any) -> None:
    reference = add(sim, "openstack_volume")
    options = {**task(sim, "openstack_volume"), "provider": "openstack_volume", "resource_id": reference.resource_id}
    result = run_module("operation_info", expect=reference.expect, **options)
    assert (result["operations"][0]["state"], result["operations"][0]["type"]) == ("succeeded", reference.expect)
    assert "expect is missing: provider openstack_volume needs" in run_module("operation_info", **options)["msg"]
    refused = run_module("operation_info", expect=reference.expect, limit=1, **options)
    assert refused["msg"] == "expect and limit exclude each other: limit is for lists."


def test_a_post_is_signed_with_its_body(sim: Simulator, api: Api, run_module: Any) -> None:
    given = account(sim, "otc_job")
    auth = {name: given[name] for name in ("access_key", "secret_key", "project_id")}
    api.answers["POST /find"] = [(200, {}, {"status": "ok"})]
    definition = {"show": "/find", "post": {"show": {"id": "{operation_id}"}}, "state": "status"}
    definition["states"] = {"succeeded": ["ok"]}
    result = wait(run_module, api, definition=definition, auth_type="aksk", auth=auth, operation_id="7")
    (sent,) = api.sent
    shown = SimpleNamespace(method="POST", path_url="/find", body=sent.body, headers=CaseInsensitiveDict(sent.headers))
    assert (result["succeeded"], json.loads(sent.body)) == (True, {"id": "7"})
    assert sent.headers["Authorization"].endswith("Signature=" + signature_by_the_book(shown, auth["secret_key"]))
