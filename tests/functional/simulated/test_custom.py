# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""APIs that the task describes, in the styles of Google and Azure, and a built-in provider described in YAML."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.cloudgate.operations.plugins.module_utils._model.errors import (
    AuthError,
    InputError,
    MissingError,
)
from ansible_collections.cloudgate.operations.plugins.module_utils._model.reference import Query, Reference
from simulated.helpers import Clock, Options, account, add, connect_to, sent, task, wait_with
from simulator import Simulator

GOOGLE = {
    "show": "/v1/{operation_id}",
    "list": "/v1/operations",
    "items": "operations",
    "id": "name",
    "type": "metadata.verb",
    "resource_id": "metadata.target",
    "state": "done == `true` && (error && 'failed' || 'done') || 'running'",
    "states": {"running": ["running"], "succeeded": ["done"], "failed": ["failed"]},
    "error_message": "error.message",
    "error_code": "error.code",
    "started_at": "metadata.createTime",
    "finished_at": "metadata.endTime",
}
AZURE = {
    "id": "name",
    "state": "status",
    "states": {"running": ["InProgress"], "succeeded": ["Succeeded"], "failed": ["Failed", "Canceled"]},
    "error_message": "error.message",
    "error_code": "error.code",
    "started_at": "startTime",
    "finished_at": "endTime",
}
JOB = {
    "show": "/jobs/{operation_id}",
    "id": "job_id",
    "type": "job_type",
    "resource_id": "entities.server_id",
    "state": "status",
    "states": {"pending": ["INIT"], "running": ["RUNNING"], "succeeded": ["SUCCESS"], "failed": ["FAIL"]},
    "error_message": "fail_reason",
    "error_code": "error_code",
    "missing_codes": ["Common.0011"],
    "started_at": "begin_time",
    "finished_at": "end_time",
    "steps": {
        "items": "entities.sub_jobs",
        "name": "job_type",
        "state": "status",
        "error": "entities.errorcode_message || fail_reason",
        "started_at": "begin_time",
        "finished_at": "end_time",
    },
}


def google(sim: Simulator, **more: Any) -> Options:
    given = sim.services["google"]
    auth = {"auth_type": "bearer", "auth": {"token": given["token"]}}
    return {"endpoint": given["endpoint"], "definition": GOOGLE, **auth, **more}


def azure(sim: Simulator, **more: Any) -> Options:
    given = sim.services["azure"]
    auth = {"auth_type": "basic", "auth": {name: given[name] for name in ("username", "password")}}
    return {"endpoint": given["endpoint"], "definition": AZURE, **auth, **more}


def azure_url(sim: Simulator, folder: str = "operations", **plan: Any) -> str:
    """Return the URL that the answer to a request would name."""
    begun = sim.add_operation("azure", "restart", **plan)["operation_id"]
    given = sim.services["azure"]
    subscription = given["resource"].split("/resourceGroups/")[0]
    place = f"{subscription}/providers/Microsoft.Compute/locations/westeurope/{folder}/{begun}"
    return f"{given['endpoint']}{place}?api-version=2024-07-01"


def test_an_operation_in_googles_style(sim: Simulator, clock: Clock) -> None:
    begun = sim.add_operation("google", "restart", duration=100)["operation_id"]
    connected = connect_to("custom", google(sim))
    found = connected.show(Reference(f"operations/{begun}"))
    assert (found.state, found.operation_id, found.type) == ("running", f"operations/{begun}", "restart")
    outcome, failure = wait_with(connected, clock, Reference(f"operations/{begun}"))
    (finished,) = outcome.operations
    assert (failure, finished.state, finished.as_dict()["duration"]) == (None, "succeeded", 100.0)
    assert [each.operation_id for each in connected.list(Query())] == [f"operations/{begun}"]
    assert {each["headers"].get("X-Auth-Token") for each in sent(sim)} == {None}


@pytest.mark.parametrize(("fail", "code"), [("error", "13"), ("canceled", "1")])
def test_done_with_an_error_is_a_failure(sim: Simulator, fail: str, code: str) -> None:
    begun = sim.add_operation("google", "restart", started=100, fail=fail)["operation_id"]
    found = connect_to("custom", google(sim)).show(Reference(f"operations/{begun}"))
    assert found.state == "failed"
    assert found.error is not None
    assert (found.error["code"], str(found.error["message"]) in found.reason) == (code, True)


@pytest.mark.parametrize("folder", ["operations", "operationResults"])
def test_an_operation_in_azures_style(sim: Simulator, clock: Clock, folder: str) -> None:
    url = azure_url(sim, folder, duration=100)
    connected = connect_to("custom", azure(sim))
    found = connected.show(Reference(url))
    assert (found.state, found.retry_after) == ("running", 2.0)
    assert "retry_after" not in found.as_dict()
    assert sent(sim)[-1]["status"] == (200 if folder == "operations" else 202)
    assert sent(sim)[-1]["query"] == {"api-version": ["2024-07-01"]}
    outcome, failure = wait_with(connected, clock, Reference(url))
    assert (failure, outcome.operations[0].state) == (None, "succeeded")


@pytest.mark.parametrize(("fail", "word"), [("error", "Failed"), ("canceled", "Canceled")])
def test_each_bad_end_of_azures_is_a_failure(sim: Simulator, fail: str, word: str) -> None:
    found = connect_to("custom", azure(sim)).show(Reference(azure_url(sim, started=100, fail=fail)))
    assert (found.state, found.raw_status) == ("failed", word)


def test_the_credentials_go_nowhere_else(sim: Simulator, run_module: Any) -> None:
    with Simulator() as elsewhere:
        result = run_module(
            "wait_for_operation", provider="custom", operation_id=azure_url(elsewhere, started=100), **azure(sim)
        )
        assert elsewhere.requests == []
    assert result["failure"]["kind"] == "input"
    assert "is not below endpoint" in result["msg"]
    assert sim.requests == []


@pytest.mark.parametrize(
    "login",
    [{"auth_type": "none", "auth": None}, {"auth": {"token": "wrong"}}, {"auth_type": "basic", "auth": {
        "username": "somebody", "password": "wrong"}}],
)  # fmt: skip
def test_refused_credentials_end_the_wait_at_once(sim: Simulator, clock: Clock, login: Options) -> None:
    begun = sim.add_operation("google", "restart", duration=100)["operation_id"]
    outcome, failure = wait_with(connect_to("custom", google(sim, **login)), clock, Reference(f"operations/{begun}"))
    assert failure is not None
    assert (failure["kind"], outcome.polls) == ("auth", 1)
    with pytest.raises(AuthError):
        connect_to("custom", google(sim, **login)).show(Reference(f"operations/{begun}"))


def test_without_credentials_nothing_is_taken_from_netrc(
    sim: Simulator, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password from-netrc\n", encoding="utf-8")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    with pytest.raises(AuthError):
        connect_to("custom", google(sim, auth_type="none", auth=None)).show(Reference("operations/1"))
    assert "Authorization" not in sent(sim)[-1]["headers"]


def test_an_operation_that_is_not_there(sim: Simulator) -> None:
    with pytest.raises(MissingError, match="Operation not found"):
        connect_to("custom", google(sim)).show(Reference("operations/none"))


@pytest.mark.parametrize("login", ["password", "aksk"])
@pytest.mark.parametrize("plan", [{"duration": 1000, "started": 500}, {}, {"fail": "error"}])
def test_a_built_in_table_said_in_yaml_reads_the_same(sim: Simulator, login: str, plan: Options) -> None:
    """With Keystone's token and with an access key."""
    given = account(sim, "otc_job")
    options = task(sim, "otc_job", endpoint=f"{given['ecs_endpoint']}/v1/{given['project_id']}", definition=JOB)
    if login == "aksk":
        names = ("access_key", "secret_key", "project_id")
        options |= {"auth_type": "aksk", "auth": {name: given[name] for name in names}}
    reference = add(sim, "otc_job", kind="createServer", parts=2, **plan)
    built_in = connect_to("otc_job", task(sim, "otc_job")).show(reference).as_dict(raw=True)
    said = connect_to("custom", options).show(reference).as_dict(raw=True)
    assert said == built_in | {"provider": "custom"}
    with pytest.raises(MissingError):
        connect_to("custom", options).show(Reference("none"))


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"auth_type": "bearer", "auth": {}}, "auth.token is missing for auth_type bearer: give it."),
        ({"auth_type": "basic", "auth": {"username": "a"}}, "auth.password is missing for auth_type basic: give it."),
        ({"cloud": "one"}, "cloud (clouds.yaml) and auth_type bearer exclude each other"),
        ({"api_version": "v1"}, "api_version cannot be used with provider custom"),
        ({"service": "rds"}, "service is for providers huaweicloud_job and otc_job only"),
        ({"endpoint": None}, "endpoint is required"),
        ({"definition": None}, "definition is required"),
    ],
)
def test_bad_options_are_named(sim: Simulator, options: Options, words: str) -> None:
    """No environment variable is used for a host that a user describes."""
    with pytest.raises(InputError) as caught:
        connect_to("custom", google(sim, **options), {"OS_TOKEN": "secret", "OS_PASSWORD": "secret"})
    assert words in caught.value.message


@pytest.mark.parametrize("auth_type", ["bearer", "basic", "none"])
def test_the_logins_of_one_header_are_for_custom_only(sim: Simulator, auth_type: str) -> None:
    with pytest.raises(InputError, match=f"auth_type {auth_type} is for provider custom only"):
        connect_to("openstack", {**task(sim, "openstack"), "auth_type": auth_type})


@pytest.mark.parametrize(
    ("definition", "words"),
    [
        ({"states": {"succeeded": ["done"]}}, "definition.state is missing: give the JMESPath"),
        ({"state": "x", "states": {}}, "definition.states.succeeded is missing: without"),
        ({"state": "x[", "states": {"succeeded": ["done"]}}, "definition.state is not JMESPath"),
        ({"state": "x", "states": {"succeeded": ["done"]}, "colour": "red"}, "colour"),
    ],
)
def test_a_bad_definition_is_one_sentence(sim: Simulator, run_module: Any, definition: Options, words: str) -> None:
    result = run_module("operation_info", provider="custom", operation_id="1", **google(sim, definition=definition))
    assert result["failed"]
    assert words in result["msg"]
    assert sim.requests == []
