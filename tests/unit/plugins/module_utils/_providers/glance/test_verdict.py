# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The verdict on tasks and imports of Glance, as its source describes them."""

from __future__ import annotations

from typing import Any, Callable, Dict, List, Optional

import pytest
from ansible_collections.cloudgate.operations.plugins.module_utils._model.errors import (
    ForbiddenError,
    InputError,
    MissingError,
    ProtocolError,
    TransportError,
)
from ansible_collections.cloudgate.operations.plugins.module_utils._model.operation import State
from ansible_collections.cloudgate.operations.plugins.module_utils._model.reference import Reference
from ansible_collections.cloudgate.operations.plugins.module_utils._providers.glance.verdict import (
    EXPECTS,
    judge_image,
    judge_task,
)
from hypothesis import given
from hypothesis import strategies as st

ID = "155d900f-4e14-4e4c-a73d-069cbf4541e6"
STATES = {State.PENDING, State.RUNNING, State.SUCCEEDED, State.FAILED, State.UNKNOWN}
LOCK, IMPORTING, FAILED = "os_glance_import_task", "os_glance_importing_to_stores", "os_glance_failed_import"
OVER, WRONG = {"status": "success"}, {"status": "failure", "message": "full"}
IMAGES = [
    ("active", {"status": "importing", LOCK: "t1"}, None, State.RUNNING),
    ("active", {"status": "active", LOCK: "t1"}, None, State.RUNNING),  # the second store is not done yet
    ("active", {"status": "active", IMPORTING: "b"}, None, State.RUNNING),  # Glance without the lock
    ("active", {"status": "active", IMPORTING: ""}, None, State.SUCCEEDED),
    ("active", {"status": "active", FAILED: "b"}, None, State.SUCCEEDED),  # all_stores_must_succeed is false
    ("active", {"status": "queued"}, None, State.UNKNOWN),
    ("active", {"status": "queued", FAILED: "a"}, None, State.FAILED),
    ("active", {"status": "queued"}, WRONG, State.FAILED),
    ("active", {"status": "uploading"}, {"status": "pending"}, State.UNKNOWN),
    ("active", {"status": "importing"}, None, State.RUNNING),
    ("active", {"status": "importing"}, WRONG, State.FAILED),  # some failures leave the status
    ("active", {"status": "killed"}, None, State.FAILED),
    ("active", {"status": "deactivated"}, None, State.UNKNOWN),
    ("stores=a,b", {"status": "active", "stores": "a,b"}, None, State.SUCCEEDED),
    ("stores=a,b", {"status": "active", "stores": "a", LOCK: "t1"}, None, State.RUNNING),
    ("stores=a,b", {"status": "active", "stores": "a", FAILED: "b"}, None, State.FAILED),
    ("stores=a,b", {"status": "active", "stores": "a"}, WRONG, State.FAILED),
    ("stores=a,b", {"status": "active", "stores": "a"}, None, State.UNKNOWN),
]


@pytest.mark.parametrize(("expect", "image", "task", "state"), IMAGES)
def test_state_of_an_image(expect: str, image: Dict[str, Any], task: Optional[Dict[str, Any]], state: str) -> None:
    found = judge_image(expect, image, task)
    assert found.state == state
    assert found.reason


TASKS = [
    ({"id": "t1", "status": "pending"}, None, State.PENDING),
    ({"id": "t1", "status": "processing"}, None, State.RUNNING),
    ({"id": "t1", "status": "success"}, None, State.SUCCEEDED),
    ({"id": "t1", "status": "success"}, {LOCK: "t1"}, State.RUNNING),
    ({"id": "t1", "status": "success"}, {LOCK: "t2"}, State.SUCCEEDED),
    ({"id": "t1", "status": "failure", "message": "full"}, None, State.FAILED),
    ({"id": "t1", "status": "odd"}, None, State.UNKNOWN),
    ({"id": "t1"}, None, State.UNKNOWN),
]


@pytest.mark.parametrize(("task", "image", "state"), TASKS)
def test_state_of_a_task(task: Dict[str, Any], image: Optional[Dict[str, Any]], state: str) -> None:
    found = judge_task(task, image)
    assert found.state == state
    assert str(task.get("message", "")) in found.reason


JSON = st.none() | st.booleans() | st.text(max_size=5) | st.lists(st.none()) | st.just({})
WORD = st.sampled_from(["active", "queued", "importing", "success", "failure", "a,b"]) | JSON
ANY = st.fixed_dictionaries({}, optional=dict.fromkeys(["id", "status", LOCK, IMPORTING, FAILED, "stores"], WORD))


@given(st.sampled_from(["active", "stores=a", "stores=a,b"]), ANY, st.none() | ANY)
def test_any_image_has_a_verdict(expect: str, image: Dict[str, Any], task: Optional[Dict[str, Any]]) -> None:
    found = judge_image(expect, image, task)
    assert found.state in STATES and found.reason
    assert found.state != State.SUCCEEDED or (image["status"] == "active" and not isinstance(image.get(LOCK), bool))
    assert judge_task(task or {}, image).state in STATES
    assert EXPECTS


def task(name: str, status: str, when: int) -> Dict[str, Any]:
    created = f"2026-11-21T08:00:{when:02}Z"
    return {"id": name, "request_id": f"req-{name}", "image_id": ID, "status": status, "created_at": created,
            "updated_at": created, "type": "api_image_import"}  # fmt: skip


def answers(*tasks: Dict[str, Any], **image: Any) -> Dict[str, Any]:
    rows: List[Dict[str, Any]] = list(tasks)
    return {f"images/{ID}": {"id": ID, "status": "active", **image}, f"images/{ID}/tasks": {"tasks": rows}}


@pytest.mark.parametrize("name", ["t1", "req-t1"])
def test_a_task_of_an_image_is_found_by_its_id_and_by_its_request(scripted: Callable[..., Any], name: str) -> None:
    provider = scripted("openstack_image", answers(task("t1", "success", 1), task("t2", "failure", 2)))
    found = provider.read(Reference(name, ID))
    assert (found.operation_id, found.request_id, found.state) == ("t1", "req-t1", State.SUCCEEDED)
    with pytest.raises(MissingError, match="has no task req-t9"):
        provider.read(Reference("req-t9", ID))


def test_the_latest_task_of_an_image(scripted: Callable[..., Any]) -> None:
    provider = scripted("openstack_image", answers(task("t1", "success", 1), task("t2", "failure", 2)))
    found = provider.read(Reference(resource_id=ID, latest=True))
    assert (found.operation_id, found.state) == ("t2", State.FAILED)


def test_the_id_of_a_request_needs_its_image(scripted: Callable[..., Any]) -> None:
    with pytest.raises(InputError, match="resource_id is missing"):
        scripted("openstack_image", {}).read(Reference("req-t1"))


def test_a_member_cannot_read_a_task_without_its_image(scripted: Callable[..., Any]) -> None:
    with pytest.raises(ForbiddenError, match="give resource_id"):
        scripted("openstack_image", {"tasks/t1": ForbiddenError("no.")}).read(Reference("t1"))
    found = scripted("openstack_image", {"tasks/t1": task("t1", "failure", 1)}).read(Reference("t1"))
    assert (found.state, found.resource_id) == (State.FAILED, ID)


def test_the_message_of_the_task_is_the_reason(scripted: Callable[..., Any]) -> None:
    failed = {**task("t1", "failure", 1), "message": "the store is full"}
    provider = scripted("openstack_image", answers(failed, status="queued", **{FAILED: "a"}))
    found = provider.read(Reference(resource_id=ID, expect="active"))
    assert (found.state, found.warning) == (State.FAILED, "the import into these stores failed: a")
    assert found.reason.endswith("the store is full")


def test_a_404_with_an_html_page_is_missing(scripted: Callable[..., Any]) -> None:
    page = ProtocolError("GET … answered 404, with an HTML page.", status=404)
    for reference in (Reference("req-t1", ID), Reference("t1"), Reference(resource_id=ID, expect="active")):
        provider = scripted("openstack_image", dict.fromkeys([f"images/{ID}", f"images/{ID}/tasks", "tasks/t1"], page))
        with pytest.raises(MissingError, match="answered 404"):
            provider.read(reference)


def test_tasks_that_cannot_be_read_leave_the_image_to_decide(scripted: Callable[..., Any]) -> None:
    image = {f"images/{ID}": {"id": ID, "status": "queued"}}
    assert scripted("openstack_image", image).read(Reference(resource_id=ID, expect="active")).state == State.UNKNOWN
    with pytest.raises(TransportError):
        scripted("openstack_image", {**image, f"images/{ID}/tasks": TransportError("no")}).read(
            Reference(resource_id=ID, expect="active")
        )
