# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""APIs whose state is the HTTP status or a header, and IDs and paths that other APIs do not have."""

from __future__ import annotations

from typing import Any, Callable, Dict

import pytest
from ansible_collections.cloudgate.operations.plugins.module_utils._http.client import Reply
from ansible_collections.cloudgate.operations.plugins.module_utils._model.errors import (
    ForbiddenError,
    GateError,
    InputError,
    MissingError,
    ProtocolError,
)
from ansible_collections.cloudgate.operations.plugins.module_utils._model.operation import Operation
from ansible_collections.cloudgate.operations.plugins.module_utils._model.reference import Reference
from ansible_collections.cloudgate.operations.plugins.module_utils._providers.naming import check_reference
from ansible_collections.cloudgate.operations.plugins.module_utils._providers.registry import info_for

AZURE_LOCATION = {"states": {"running": [202], "succeeded": [200, 201, 204], "failed": [400, 409, 410]}}
BROKER = {
    "show": "/last/{operation_id}",
    "state": "state",
    "states": {"running": ["in progress"], "succeeded": ["succeeded", "HTTP 410", "HTTP 404"], "failed": ["failed"]},
}
PLAIN = {"show": "/last/{operation_id}", "state": "state", "states": {"running": ["busy"], "succeeded": ["done"]}}
ENDPOINT = "https://api.example.com/v2.1"


def read(scripted: Callable[..., Any], definition: Dict[str, Any], answer: Any, operation_id: str = "o1") -> Operation:
    provider = scripted("custom", {"last/o1": answer, "last/": answer}, definition=definition)
    found: Operation = provider.show(Reference(operation_id))
    return found


@pytest.mark.parametrize(
    ("reply", "state", "word"),
    [
        (Reply(None, 202), "running", "HTTP 202"),
        (Reply(None, 204), "succeeded", "HTTP 204"),
        (Reply({"any": "result"}, 200), "succeeded", "HTTP 200"),
        (Reply(None, 410), "failed", "HTTP 410"),
        (Reply(["a", "list"], 200), "succeeded", "HTTP 200"),
        (Reply({"error": {"code": "Conflict", "message": "busy"}}, 409), "failed", "HTTP 409"),
    ],
)
def test_the_http_status_is_the_state(scripted: Callable[..., Any], reply: Reply, state: str, word: str) -> None:
    found = read(scripted, AZURE_LOCATION, reply, f"{ENDPOINT}/last/")
    assert (found.state, found.raw_status) == (state, word)


def test_a_failure_by_status_has_the_error_of_the_body(scripted: Callable[..., Any]) -> None:
    reply = Reply({"error": {"code": "Conflict", "message": "busy"}}, 409)
    found = read(scripted, AZURE_LOCATION, reply, f"{ENDPOINT}/last/")
    assert found.error == {"code": "Conflict", "message": "busy"}


def test_a_status_that_is_not_in_the_table_leaves_the_body_to_decide(scripted: Callable[..., Any]) -> None:
    assert read(scripted, BROKER, Reply({"state": "in progress"}, 200)).state == "running"
    assert read(scripted, BROKER, Reply(None, 410)).state == "succeeded"
    assert read(scripted, PLAIN, Reply({"state": "done"}, 201)).state == "succeeded"


def test_an_empty_202_is_running_and_an_empty_204_needs_a_meaning(scripted: Callable[..., Any]) -> None:
    assert read(scripted, PLAIN, Reply(None, 202)).state == "running"
    with pytest.raises(ProtocolError, match=r"204 with an empty body\. Add HTTP 204 to definition\.states"):
        read(scripted, PLAIN, Reply(None, 204))


def test_a_404_is_a_success_only_of_an_operation_that_was_there(scripted: Callable[..., Any]) -> None:
    with pytest.raises(MissingError, match="only after it has shown the operation"):
        read(scripted, BROKER, Reply(None, 404))
    answers = [Reply({"state": "in progress"}), Reply(None, 404)]
    provider = scripted("custom", {"last/o1": answers}, definition=BROKER)
    assert [provider.show(Reference("o1")).state for _poll in range(2)] == ["running", "succeeded"]
    later = scripted("custom", {"last/o1": Reply(None, 404)}, definition=BROKER)
    later.import_state(Reference("o1"), read(scripted, BROKER, Reply({"state": "in progress"})))
    assert later.show(Reference("o1")).state == "succeeded"


def test_any_field_can_be_a_header(scripted: Callable[..., Any]) -> None:
    definition = dict(PLAIN, state="header:X-Job-State", id="header:X-Job")
    reply = Reply({}, 200, {"X-Job-State": "done", "X-Job": "o1"})
    found = read(scripted, definition, reply)
    assert (found.state, found.operation_id) == ("succeeded", "o1")


@pytest.mark.parametrize("kind", [ForbiddenError, ProtocolError])
def test_a_missing_code_means_missing_with_any_status(
    scripted: Callable[..., Any], kind: Callable[..., GateError]
) -> None:
    definition = dict(PLAIN, missing_codes=["NO_SUCH_TASK"])
    with pytest.raises(MissingError):
        read(scripted, definition, [kind("no access to the task", "NO_SUCH_TASK")])
    with pytest.raises(kind):
        read(scripted, definition, [kind("no access to the task", "NO_RIGHT")])


@pytest.mark.parametrize("blank", ["", " ", "\t \n"])
def test_a_blank_text_is_no_text(scripted: Callable[..., Any], blank: str) -> None:
    found = read(scripted, dict(PLAIN, error_message="error"), {"state": "done", "error": blank})
    assert (found.state, found.error) == ("succeeded", None)


@pytest.mark.parametrize(
    ("show", "operation_id", "asked"),
    [
        ("/api/v2/jobs/{operation_id}/", "15", "api/v2/jobs/15/"),
        ("/tasks/{operation_id}/status", "UPID:pve:0A:1B:65A1:qmstart:100:root@pam!t:", None),
        ("/ops/{operation_id}", "a+b=c,(d)*'e;$&f", "ops/a+b=c,(d)*'e;$&f"),
        ("/projects/{operation_id}/latest", "group%2Fproject", "projects/group/project/latest"),
        ("/x/{operation_id}", "/v2.1/queue/item/25/", "queue/item/25/"),
        ("/x/{operation_id}", f"{ENDPOINT}/queue/item/25/", "queue/item/25/"),
    ],
)
def test_any_id_and_a_final_slash_are_sent(
    scripted: Callable[..., Any], show: str, operation_id: str, asked: Any
) -> None:
    definition = dict(PLAIN, show=show)
    check_reference(
        info_for({"provider": "custom", "endpoint": ENDPOINT, "definition": definition}), Reference(operation_id)
    )
    path = asked or f"tasks/{operation_id}/status"
    provider = scripted("custom", {path: {"state": "done"}}, definition=definition)
    assert provider.show(Reference(operation_id)).state == "succeeded"


@pytest.mark.parametrize("operation_id", ["a b?c", "a\nb", "..", "a/../b", "x#y", "", " a", "a\\b", "//evil.example/x"])
def test_other_ids_are_refused(operation_id: str) -> None:
    info = info_for({"provider": "custom", "endpoint": ENDPOINT, "definition": PLAIN})
    with pytest.raises(InputError):
        check_reference(info, Reference(operation_id))


def test_a_resource_may_have_any_id() -> None:
    definition = dict(PLAIN, show="/projects/{resource_id}/pipelines/{operation_id}")
    info = info_for({"provider": "custom", "endpoint": ENDPOINT, "definition": definition})
    assert check_reference(info, Reference("7", "group%2Fmy project")).resource_id == "group%2Fmy project"
