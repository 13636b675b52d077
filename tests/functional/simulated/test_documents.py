# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The sample answers of the five API documents, sent by the simulator: every field arrives, with the right state."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.cloudgate.operations.plugins.module_utils._model.reference import Reference
from simulated.helpers import connect_to, sent, task
from simulator import Simulator

DOCUMENTS = Path(__file__).parents[2] / "unit" / "documents"
# Each field of the documents' tables, and its place in the result; None: it may contain secrets and is only in `raw`.
ACTION_FIELDS = {
    "action": "type",
    "instance_uuid": "resource_id",
    "message": "raw_status",
    "project_id": "project_id",
    "request_id": "operation_id",
    "start_time": "started_at",
    "user_id": "user_id",
    "events": "steps",
}
EVENT_FIELDS = {
    "event": "name",
    "result": "result",
    "traceback": "error",
    "start_time": "started_at",
    "finish_time": "finished_at",
}
APPLIANCE_FIELDS = {
    "id": "operation_id",
    "resource_id": "resource_id",
    "resource_type": "resource_type",
    "request_id": "request_id",
    "request_type": "type",
    "request_body": None,
    "status": "raw_status",
    "reception_datetime": "started_at",
    "commit_datetime": "finished_at",
    "warning": "warning",
    "error": "error",
    "tenant_id": "project_id",
}
LITE_SERVER_FIELDS = {
    "operation_id": "operation_id",
    "operation_status": "raw_status",
    "operation_type": "type",
    "operation_error": "error",
}
TIMES = ("start_time", "finish_time", "reception_datetime", "commit_datetime")
# The server after the documented action.
AFTER = {
    "reboot": "ACTIVE",
    "rebuild": "ACTIVE",
    "resize": "VERIFY_RESIZE",
    "confirmResize": "ACTIVE",
    "revertResize": "ACTIVE",
    "shelve": "SHELVED_OFFLOADED",
    "unshelve": "ACTIVE",
    "start": "ACTIVE",
    "stop": "SHUTOFF",
    "create": "ACTIVE",
}
SAMPLES = sorted(path.stem for path in DOCUMENTS.glob("*.json"))
ACTION_SAMPLES = [name for name in SAMPLES if name.startswith(("fujitsu", "otc", "huaweicloud_ecs"))]


def document(name: str) -> dict[str, Any]:
    return dict(json.loads((DOCUMENTS / f"{name}.json").read_text(encoding="utf-8")))


def provider_of(sample: str) -> str:
    return sample.rpartition("_")[0]


def as_shown(name: str, value: Any) -> Any:
    """Return a field as a task result shows it: times in ISO 8601 with a Z, nothing for an empty text."""
    if name in TIMES and value:
        return value.replace(" ", "T").removesuffix(".000000") + "Z"
    return value if value != "" else None


def read(sim: Simulator, sample: str, reference: Reference) -> dict[str, Any]:
    """Return the result of a task with `raw` when the cloud answers with the sample."""
    body = document(sample)
    server = {"status": AFTER.get(body.get("instanceAction", {}).get("action")), "OS-EXT-STS:task_state": None}
    sim.add_fault(path=f"/{reference.operation_id}$", status=200, body=body, times=None)
    sim.add_fault(path="/servers/[^/]+$", status=200, body={"server": server}, times=None)
    provider = connect_to(provider_of(sample), task(sim, provider_of(sample)))
    return provider.show(reference).as_dict(raw=True)


def test_no_sample_is_forgotten() -> None:
    assert len(SAMPLES) == 13
    assert sum(name.startswith("fujitsu") for name in SAMPLES) == 9


@pytest.mark.parametrize("sample", ACTION_SAMPLES)
def test_instance_actions(sim: Simulator, sample: str) -> None:
    action = document(sample)["instanceAction"]
    found = read(sim, sample, Reference(action["request_id"], action["instance_uuid"]))
    assert found["raw"] == document(sample)
    assert (found["state"], found["resource_type"], found["error"]) == ("succeeded", "server", None)
    assert set(action) == set(ACTION_FIELDS)
    for field, key in ACTION_FIELDS.items():
        if field != "events":
            assert found[key] == as_shown(field, action[field]), field
    events = sorted(action["events"], key=lambda event: event["start_time"])
    assert len(found["steps"]) == len(events)
    for step, event in zip(found["steps"], events, strict=True):
        assert set(event) == set(EVENT_FIELDS)
        assert {key: step[key] for key in EVENT_FIELDS.values()} == {
            key: as_shown(field, event[field]) for field, key in EVENT_FIELDS.items()
        }
        assert step["state"] == "succeeded"
    last = max(event["finish_time"] for event in events)
    assert found["finished_at"] == as_shown("finish_time", last)
    assert (found["duration"] is not None, found["retries"]) == (True, 0)


@pytest.mark.parametrize(
    ("sample", "version"),
    [("fujitsu_k5_reboot", "v2"), ("huaweicloud_ecs_create", "v2.1"), ("otc_ecs_create", "v2.1")],
)
def test_instance_actions_are_requested_at_the_documented_url(sim: Simulator, sample: str, version: str) -> None:
    action = document(sample)["instanceAction"]
    read(sim, sample, Reference(action["request_id"], action["instance_uuid"]))
    project = sim.clouds[{"f": "fujitsu", "h": "huaweicloud", "o": "otc"}[sample[0]]]["project_id"]
    request = sent(sim, "os-instance-actions")[0]
    assert request["path"].endswith(
        f"/{version}/{project}/servers/{action['instance_uuid']}/os-instance-actions/{action['request_id']}"
    )
    assert request["headers"]["X-Auth-Token"] in sim.store.clouds[request["cloud"]].tokens


def test_a_traceback_reaches_the_step_and_the_raw_answer(sim: Simulator) -> None:
    body = document("otc_ecs_create")
    action = body["instanceAction"]
    action["message"] = "Error"
    action["events"][0].update(result="Error", traceback="Traceback (most recent call last):\n  x\nNoValidHost: none\n")
    sim.add_fault(path=f"/{action['request_id']}$", status=200, body=body, times=None)
    sim.add_fault(path="/servers/[^/]+$", status=200, body={"server": {"status": "ERROR"}}, times=None)
    provider = connect_to("otc_ecs", task(sim, "otc_ecs"))
    found = provider.show(Reference(action["request_id"], action["instance_uuid"])).as_dict(raw=True)
    assert (found["state"], found["steps"][0]["error"]) == ("failed", "NoValidHost: none")
    assert found["raw"] == body
    assert "Traceback" not in json.dumps({key: value for key, value in found.items() if key != "raw"})


def test_the_appliance_operation(sim: Simulator) -> None:
    operation = document("ecl_vna_create")["operation"]
    found = read(sim, "ecl_vna_create", Reference(operation["id"]))
    assert (found["state"], found["duration"]) == ("succeeded", 643.0)
    assert set(operation) == set(APPLIANCE_FIELDS)
    for field, key in APPLIANCE_FIELDS.items():
        if key:
            assert found[key] == as_shown(field, operation[field]), field
    assert found["raw"] == document("ecl_vna_create")
    assert "default_gateway" not in json.dumps({key: value for key, value in found.items() if key != "raw"})
    assert sent(sim, "operations")[0]["path"].endswith(f"/v1.0/operations/{operation['id']}")


def test_the_appliances_example_error_message(sim: Simulator, run_module: Any) -> None:
    sim.add_fault(path="/operations/", status=500, body={"cause": "Internal Server Error"})
    result = run_module("operation_info", provider="ecl_vna", operation_id="o1", **task(sim, "ecl_vna"))
    assert result["msg"].endswith("/v1.0/operations/o1 answered 500: Internal Server Error.")
    assert result["failure"]["kind"] == "transport"


@pytest.mark.parametrize("error", [None, {"code": "ModelArts.6500", "message": "no disk"}])
def test_the_lite_server_operation(sim: Simulator, error: dict[str, str] | None) -> None:
    body = document("huaweicloud_modelarts_detach")
    found = read(sim, "huaweicloud_modelarts_detach", Reference("UUID", "l1"))
    assert (found["state"], found["resource_id"], found["raw"]) == ("running", "l1", body)
    body |= {"operation_error": error, "operation_status": "failed"} if error else {"operation_error": None}
    sim.reset()
    sim.add_fault(path="/UUID$", status=200, body=body)
    options = task(sim, "huaweicloud_modelarts")
    found = connect_to("huaweicloud_modelarts", options).show(Reference("UUID", "l1")).as_dict(raw=True)
    assert set(body) == set(LITE_SERVER_FIELDS)
    assert {key: found[key] for key in LITE_SERVER_FIELDS.values()} == {
        key: body[field] for field, key in LITE_SERVER_FIELDS.items()
    }
    assert found["state"] == ("failed" if error else "running")
    project = sim.clouds["huaweicloud"]["project_id"]
    assert sent(sim, "dev-servers")[0]["path"].endswith(f"/v1/{project}/dev-servers/l1/operation/UUID")
