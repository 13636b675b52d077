# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading one instance action: the requests, their order and microversions, and the result."""

from __future__ import annotations

from typing import Any, Callable, Dict, Optional

import pytest
from ansible_collections.cloudgate.operations.plugins.module_utils._model.errors import (
    ForbiddenError,
    GateError,
    MissingError,
    ProtocolError,
    TransportError,
)
from ansible_collections.cloudgate.operations.tests.unit.nova_answers import (
    ACTION,
    ACTIONS,
    ACTIVE,
    BUILD,
    DONE,
    REFERENCE,
    RUNNING,
    SERVER,
    action,
    event,
)

ATTACH = "compute_attach_interface"  # during which the server does not show that it is busy
FAILED = action(
    "reboot", event("compute_reboot_instance", 1, 9, "Error", traceback="Traceback:\n  File\nBoom: no"), message="Error"
)


def test_a_running_action_is_reported_without_the_server(scripted: Callable[..., Any]) -> None:
    provider = scripted("openstack", {ACTION: RUNNING})
    found = provider.show(REFERENCE)
    assert (found.state, found.reason, found.finished_at) == ("running", "compute_reboot_instance is running", None)
    assert provider.client.paths == [ACTION]


def test_success_by_events_counts_once_the_server_was_idle_later(scripted: Callable[..., Any]) -> None:
    provider = scripted("openstack", {ACTION: DONE, SERVER: ACTIVE})
    found = provider.show(REFERENCE)
    assert (found.state, found.reason) == ("succeeded", "compute_reboot_instance succeeded")
    assert provider.client.paths == [ACTION, SERVER]


def test_the_final_event_and_an_idle_server_after_it_are_enough(scripted: Callable[..., Any]) -> None:
    provider = scripted("openstack", {ACTION: action("create", event(BUILD, 1, 9, "Success")), SERVER: ACTIVE})
    found = provider.show(REFERENCE)
    assert (found.state, found.reason) == ("succeeded", f"{BUILD} succeeded")
    assert provider.client.paths == [ACTION, SERVER]


def test_the_server_decides_only_if_the_action_has_not_changed_meanwhile(
    scripted: Callable[..., Any],
) -> None:
    attached = action("attach_interface", event(ATTACH, 1, 9, "Success"))
    provider = scripted("openstack", {ACTION: attached, SERVER: ACTIVE})
    found = provider.show(REFERENCE)
    assert (found.state, found.reason) == ("succeeded", f"{ATTACH} succeeded")
    assert provider.client.paths == [ACTION, SERVER, ACTION]


def test_an_action_that_moves_while_the_server_is_read_is_judged_again(scripted: Callable[..., Any]) -> None:
    good = action("attach_interface", event(ATTACH, 1, 9, "Success"))
    failed = action("attach_interface", event(ATTACH, 1, 9, "Error", details="no host"))
    provider = scripted("openstack", {ACTION: [good, failed], SERVER: ACTIVE})
    found = provider.show(REFERENCE)
    assert (found.state, found.reason) == ("failed", f"{ATTACH} failed: no host")
    assert provider.client.paths == [ACTION, SERVER, ACTION, SERVER, ACTION]


def test_an_action_that_keeps_changing_is_running(scripted: Callable[..., Any]) -> None:
    moving = [action("attach_interface", event(ATTACH, 1, second, "Success")) for second in range(2, 20)]
    provider = scripted("openstack", {ACTION: moving, SERVER: ACTIVE})
    found = provider.show(REFERENCE)
    assert (found.state, found.reason) == ("running", "the action is still changing")
    assert len(provider.client.asked) == 7


def test_everything_of_an_action_reaches_the_operation(scripted: Callable[..., Any]) -> None:
    body = action(
        "resize",
        event("cold_migrate", 1, 2, "Success", hostId="h0"),
        event("compute_prep_resize", 3, 5, "Success"),
        event("compute_prep_resize", 4),
        event("compute_finish_resize", 6, 9, "Error", details="no port", host="cmp1", hostId="h1", traceback="x"),
        message="Error",
    )
    found = scripted("otc_ecs", {ACTION: body, SERVER: ACTIVE}).show(REFERENCE).as_dict(raw=True)
    assert {name: found[name] for name in ("provider", "operation_id", "resource_id", "resource_type", "type")} == {
        "provider": "otc_ecs",
        "operation_id": "req-1",
        "resource_id": "s1",
        "resource_type": "server",
        "type": "resize",
    }
    assert (found["state"], found["raw_status"], found["retries"]) == ("failed", "Error", 1)
    assert (found["user_id"], found["project_id"], found["request_id"]) == ("u1", "p1", "req-1")
    assert (found["started_at"], found["updated_at"]) == ("2026-11-21T12:00:00Z", "2026-11-21T12:00:30Z")
    assert (found["finished_at"], found["duration"]) == ("2026-11-21T12:00:09Z", 9.0)
    assert found["error"] == {"code": None, "message": "compute_finish_resize failed: no port"}
    names = [step["name"] for step in found["steps"]]
    assert names == ["cold_migrate", "compute_prep_resize", "compute_prep_resize", "compute_finish_resize"]
    last = found["steps"][-1]
    assert (last["state"], last["result"], last["error"]) == ("failed", "Error", "no port")
    assert (last["host"], last["host_id"], last["duration"]) == ("cmp1", "h1", 3.0)
    assert found["raw"] == body


def test_without_events_the_server_decides(scripted: Callable[..., Any]) -> None:
    hidden = {"instanceAction": {key: value for key, value in DONE["instanceAction"].items() if key != "events"}}
    busy = {"server": {"status": "REBOOT", "OS-EXT-STS:task_state": "rebooting"}}
    found = scripted("ecl_compute", {ACTION: hidden, SERVER: busy}, "https://h/v2/p1").show(REFERENCE)
    assert (found.state, found.steps, found.retries) == ("running", [], 0)
    found = scripted("ecl_compute", {ACTION: hidden, SERVER: ACTIVE}, "https://h/v2/p1").show(REFERENCE)
    assert found.state == "succeeded"


@pytest.mark.parametrize(
    ("answer", "state", "words"),
    [
        (MissingError("GET x answered 404: Instance s1 could not be found."), "succeeded", "succeeded"),
        (ForbiddenError("no"), "succeeded", "the server could not be read"),
        (ProtocolError("this API does not exist", status=404), "succeeded", "the server could not be read"),
    ],
)
def test_a_server_that_cannot_be_read_does_not_hide_an_end(
    scripted: Callable[..., Any], answer: GateError, state: str, words: str
) -> None:
    found = scripted("openstack", {ACTION: DONE, SERVER: answer}).show(REFERENCE)
    assert found.state == state
    assert words in found.reason


def test_a_created_server_that_is_gone_did_not_succeed(scripted: Callable[..., Any]) -> None:
    created = action("create", event("compute__do_build_and_run_instance", 1, 9, "Success"))
    found = scripted("openstack", {ACTION: created, ACTIONS: {"instanceActions": []}}).show(REFERENCE)
    assert (found.state, found.reason) == ("failed", "the server does not exist any more")


def test_a_hidden_build_failure_is_reported_with_its_fault(scripted: Callable[..., Any]) -> None:
    created = action("create", event("compute__do_build_and_run_instance", 1, 9, "Success"))
    broken = {"server": {"status": "ERROR", "OS-EXT-STS:task_state": None, "fault": {"message": "No valid host"}}}
    listed = {"instanceActions": [created["instanceAction"]]}
    found = scripted("openstack", {ACTION: created, SERVER: broken, ACTIONS: listed}).show(REFERENCE)
    assert (found.state, found.error) == ("failed", {"code": None, "message": "No valid host"})


def test_a_server_that_is_at_a_later_action_does_not_unmake_a_success(scripted: Callable[..., Any]) -> None:
    later = {"instanceActions": [dict(DONE["instanceAction"], request_id="req-2")]}
    busy = {"server": {"status": "ACTIVE", "OS-EXT-STS:task_state": "powering-off"}}
    assert scripted("openstack", {ACTION: DONE, SERVER: busy, ACTIONS: later}).show(REFERENCE).state == "succeeded"
    own = {"instanceActions": [DONE["instanceAction"]]}
    assert scripted("openstack", {ACTION: DONE, SERVER: busy, ACTIONS: own}).show(REFERENCE).state == "running"


@pytest.mark.parametrize("error", [TransportError("502"), ProtocolError("400", status=400)])
def test_an_error_of_the_server_read_is_not_swallowed(scripted: Callable[..., Any], error: GateError) -> None:
    with pytest.raises(type(error)):
        scripted("openstack", {ACTION: DONE, SERVER: error}).show(REFERENCE)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"instanceAction": []},
        {"instanceAction": {"action": "reboot", "events": "none"}},
        {"instanceAction": {"action": "reboot", "events": ["compute_reboot_instance"]}},
        {"instanceActions": []},
    ],
)
def test_another_shape_is_a_protocol_error(scripted: Callable[..., Any], body: Dict[str, Any]) -> None:
    with pytest.raises(ProtocolError, match="unexpected structure"):
        scripted("openstack", {ACTION: body}).show(REFERENCE)


@pytest.mark.parametrize(
    ("message", "what"),
    [
        (f"GET https://h/v2.1/{ACTION} answered 404: Action req-1 not found", "operation"),
        (f"GET https://h/v2.1/{ACTION} answered 404: Instance s1 could not be found.", "resource"),
    ],
)
def test_a_missing_action_and_a_missing_server_are_distinguished(
    scripted: Callable[..., Any], message: str, what: str
) -> None:
    with pytest.raises(MissingError) as caught:
        scripted("openstack", {ACTION: MissingError(message)}).show(REFERENCE)
    assert caught.value.what == what


CELL_DOWN = {"server": {"id": "s1", "status": "UNKNOWN", "created": "2026-11-21T11:00:00Z"}}
UNKNOWN_STATUS = {"server": {"status": "UNKNOWN", "OS-EXT-STS:task_state": None, "updated": "2026-11-21T12:00:00Z"}}


@pytest.mark.parametrize("name", ["reboot", "create"])
def test_a_cell_that_does_not_answer_is_a_transient_error(scripted: Callable[..., Any], name: str) -> None:
    done = action(name, event(BUILD if name == "create" else "compute_reboot_instance", 1, 9, "Success"))
    provider = scripted("openstack", {ACTION: done, SERVER: [CELL_DOWN, ACTIVE]})
    with pytest.raises(TransportError, match="its cell does not answer"):
        provider.show(REFERENCE)
    assert provider.show(REFERENCE).state == "succeeded"


def test_a_status_that_nova_calls_unknown_is_no_cell_that_is_down(scripted: Callable[..., Any]) -> None:
    provider = scripted("openstack", {ACTION: DONE, SERVER: UNKNOWN_STATUS})
    assert provider.show(REFERENCE).state == "succeeded"


def idle_server(status: str, minute: int) -> Dict[str, Any]:
    """Return a server that has not changed since a minute of that hour."""
    return {"server": {"status": status, "OS-EXT-STS:task_state": None, "updated": f"2026-11-21T12:{minute:02}:00Z"}}


def at(provider: Any, minute: int, second: int = 0) -> Any:
    """Move the API's clock."""
    provider.client.time = provider.client.time.replace(minute=minute, second=second)
    return provider


OPEN_REBUILD = action("rebuild", event("rebuild_server", 0, 0, "Success"), event("compute_rebuild_instance", 1))


def test_behind_an_event_that_is_open_for_long_the_server_is_read_now_and_then(scripted: Callable[..., Any]) -> None:
    busy = {"server": {"status": "REBUILD", "OS-EXT-STS:task_state": "rebuild_spawning"}}
    provider = scripted("openstack", {ACTION: OPEN_REBUILD, SERVER: busy, ACTIONS: {"instanceActions": []}})
    for minute in range(60):
        for second in range(0, 60, 10):
            found = at(provider, minute, second).show(REFERENCE)
            assert found.state == "running"
    assert 60 <= provider.client.paths.count(SERVER) <= 120


@pytest.mark.parametrize(
    ("server", "state"),
    [(idle_server("ERROR", 1), "failed"), (idle_server("ACTIVE", 1), "failed"), (idle_server("ACTIVE", 4), "running")],
)
def test_an_idle_server_with_an_open_event_decides_after_a_minute(
    scripted: Callable[..., Any], server: Dict[str, Any], state: str
) -> None:
    provider = scripted("openstack", {ACTION: OPEN_REBUILD, SERVER: server, ACTIONS: {"instanceActions": []}})
    assert at(provider, 4, 30).show(REFERENCE).state == state


def test_an_event_that_ends_while_the_server_is_read_is_believed(scripted: Callable[..., Any]) -> None:
    ended = action("rebuild", event("compute_rebuild_instance", 1, 50, "Success"))
    answers = {ACTION: [OPEN_REBUILD, ended], SERVER: idle_server("ACTIVE", 1), ACTIONS: {"instanceActions": []}}
    assert at(scripted("openstack", answers), 4, 30).show(REFERENCE).state == "succeeded"


def gone_after(name: str, *events: Any, rows: Any = (), deleted: Any = ()) -> Dict[str, Any]:
    """Answers about a server that does not exist any more."""
    return {
        ACTION: action(name, *events),
        ACTIONS: {"instanceActions": [*rows, action(name)["instanceAction"]]},
        SERVER: MissingError("GET x answered 404: Instance s1 could not be found."),
        "servers/detail": {"servers": list(deleted)},
    }


@pytest.mark.parametrize(("launched", "state"), [("2026-11-21T12:00:09.000000", "succeeded"), (None, "failed")])
def test_the_row_of_a_deleted_server_decides_about_its_create(
    scripted: Callable[..., Any], launched: Optional[str], state: str
) -> None:
    row = {"id": "s1", "status": "DELETED", "OS-SRV-USG:launched_at": launched}
    provider = scripted("openstack", gone_after("create", event(BUILD, 1, 9, "Success"), deleted=[{"id": "x"}, row]))
    assert provider.show(REFERENCE).state == state
    (query,) = [dict(query) for path, query, _headers in provider.client.asked if path == "servers/detail"]
    assert query == {"changes-since": "2026-11-21T11:59:00Z"}


@pytest.mark.parametrize(("second", "state"), [(5, "failed"), (20, "succeeded")])
def test_a_rebuild_of_a_server_that_was_deleted_meanwhile_has_failed(
    scripted: Callable[..., Any], second: int, state: str
) -> None:
    delete = dict(action("delete")["instanceAction"], request_id="req-2", start_time=f"2026-11-21T12:00:{second:02}.0")
    answers = gone_after("rebuild", event("compute_rebuild_instance", 1, 9, "Success"), rows=[delete])
    assert scripted("openstack", answers).show(REFERENCE).state == state
