# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading one instance action: what is asked, in which order, at which microversion, and what becomes of it."""

from __future__ import annotations

from typing import Any, Callable, Dict, List, Optional

import pytest
from ansible_collections.cloudgate.operations.plugins.module_utils._model.errors import (
    ForbiddenError,
    GateError,
    MissingError,
    ProtocolError,
    TransportError,
    UnsupportedVersionError,
)
from ansible_collections.cloudgate.operations.plugins.module_utils._model.reference import Reference
from ansible_collections.cloudgate.operations.plugins.module_utils._providers.nova.provider import MICROVERSIONS

ACTION = "servers/s1/os-instance-actions/req-1"
ACTIONS = "servers/s1/os-instance-actions"
SERVER = "servers/s1"
REFERENCE = Reference("req-1", "s1")
ACTIVE = {"server": {"status": "ACTIVE", "OS-EXT-STS:task_state": None}}


def event(name: str, start: int, finish: Optional[int] = None, result: Optional[str] = None, **more: Any) -> Any:
    return {
        "event": name,
        "start_time": f"2026-11-21T12:00:{start:02}.000000",
        "finish_time": None if finish is None else f"2026-11-21T12:00:{finish:02}.000000",
        "result": result,
        **more,
    }


def action(name: str, *events: Any, **more: Any) -> Dict[str, Any]:
    """An instance action; its events are given oldest first and shown newest first, as Nova does."""
    body = {
        "action": name,
        "instance_uuid": "s1",
        "request_id": "req-1",
        "user_id": "u1",
        "project_id": "p1",
        "start_time": "2026-11-21T12:00:00.000000",
        "updated_at": "2026-11-21T12:00:30.000000",
        "message": None,
        "events": list(reversed(events)),
        **more,
    }
    return {"instanceAction": body}


BUILD = "compute__do_build_and_run_instance"
ATTACH = "compute_attach_interface"  # during which the server does not show that it is busy
RUNNING = action("reboot", event("compute_reboot_instance", 1))
DONE = action("reboot", event("compute_reboot_instance", 1, 9, "Success"))
FAILED = action(
    "reboot", event("compute_reboot_instance", 1, 9, "Error", traceback="Traceback:\n  File\nBoom: no"), message="Error"
)


def test_a_running_action_is_told_without_the_server(scripted: Callable[..., Any]) -> None:
    provider = scripted("openstack", {ACTION: RUNNING})
    found = provider.show(REFERENCE)
    assert (found.state, found.reason, found.finished_at) == ("running", "compute_reboot_instance is running", None)
    assert provider.client.paths == [ACTION]


def test_what_the_events_prove_is_believed_once_the_server_was_at_rest_later(scripted: Callable[..., Any]) -> None:
    provider = scripted("openstack", {ACTION: DONE, SERVER: ACTIVE})
    found = provider.show(REFERENCE)
    assert (found.state, found.reason) == ("succeeded", "compute_reboot_instance succeeded")
    assert provider.client.paths == [ACTION, SERVER]


def test_the_event_that_ends_an_action_and_a_server_at_rest_after_it_are_enough(scripted: Callable[..., Any]) -> None:
    provider = scripted("openstack", {ACTION: action("create", event(BUILD, 1, 9, "Success")), SERVER: ACTIVE})
    found = provider.show(REFERENCE)
    assert (found.state, found.reason) == ("succeeded", f"{BUILD} succeeded")
    assert provider.client.paths == [ACTION, SERVER]


def test_what_the_server_decides_is_believed_only_if_the_action_stayed_the_same_in_the_meantime(
    scripted: Callable[..., Any],
) -> None:
    attached = action("attach_interface", event(ATTACH, 1, 9, "Success"))
    provider = scripted("openstack", {ACTION: attached, SERVER: ACTIVE})
    found = provider.show(REFERENCE)
    assert (found.state, found.reason) == ("succeeded", f"{ATTACH} succeeded")
    assert provider.client.paths == [ACTION, SERVER, ACTION]


def test_an_action_that_moves_while_the_server_is_read_is_judged_anew(scripted: Callable[..., Any]) -> None:
    good = action("attach_interface", event(ATTACH, 1, 9, "Success"))
    failed = action("attach_interface", event(ATTACH, 1, 9, "Error", details="no host"))
    provider = scripted("openstack", {ACTION: [good, failed], SERVER: ACTIVE})
    found = provider.show(REFERENCE)
    assert (found.state, found.reason) == ("failed", f"{ATTACH} failed: no host")
    assert provider.client.paths == [ACTION, SERVER, ACTION, SERVER, ACTION]


def test_an_action_that_never_rests_is_running(scripted: Callable[..., Any]) -> None:
    moving = [action("attach_interface", event(ATTACH, 1, second, "Success")) for second in range(2, 20)]
    provider = scripted("openstack", {ACTION: moving, SERVER: ACTIVE})
    found = provider.show(REFERENCE)
    assert (found.state, found.reason) == ("running", "the action is still moving")
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


def test_a_swallowed_build_failure_is_told_with_its_fault(scripted: Callable[..., Any]) -> None:
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
    with pytest.raises(ProtocolError, match="another shape"):
        scripted("openstack", {ACTION: body}).show(REFERENCE)


@pytest.mark.parametrize(
    ("message", "what"),
    [
        (f"GET https://h/v2.1/{ACTION} answered 404: Action req-1 not found", "operation"),
        (f"GET https://h/v2.1/{ACTION} answered 404: Instance s1 could not be found.", "resource"),
    ],
)
def test_it_is_told_whether_the_action_or_the_server_is_missing(
    scripted: Callable[..., Any], message: str, what: str
) -> None:
    with pytest.raises(MissingError) as caught:
        scripted("openstack", {ACTION: MissingError(message)}).show(REFERENCE)
    assert caught.value.what == what


def sent_versions(client: Any) -> List[Optional[str]]:
    """The microversion of each request; both headers must say the same."""
    for _path, _query, headers in client.asked:
        version = headers.get("X-OpenStack-Nova-API-Version")
        assert headers == (
            {"OpenStack-API-Version": f"compute {version}", "X-OpenStack-Nova-API-Version": version} if version else {}
        )
    return [headers.get("X-OpenStack-Nova-API-Version") for _path, _query, headers in client.asked]


@pytest.mark.parametrize(
    ("refused", "expected"),
    [
        (0, ["2.84"]),
        (3, ["2.84", "2.66", "2.62", "2.58"]),
        (6, [*MICROVERSIONS, None]),
    ],
)
def test_the_newest_microversion_that_the_cloud_has_is_used_and_remembered(
    scripted: Callable[..., Any], refused: int, expected: List[Optional[str]]
) -> None:
    error = UnsupportedVersionError("406", status=406)
    provider = scripted("openstack", {ACTION: [error] * refused + [RUNNING]})
    provider.show(REFERENCE)
    assert sent_versions(provider.client) == expected
    provider.show(REFERENCE)
    assert sent_versions(provider.client) == [*expected, expected[-1]]


def test_a_cloud_that_refuses_every_version_is_told(scripted: Callable[..., Any]) -> None:
    provider = scripted("openstack", {ACTION: UnsupportedVersionError("406", status=406)})
    with pytest.raises(UnsupportedVersionError):
        provider.show(REFERENCE)
    assert len(provider.client.asked) == len(MICROVERSIONS) + 1


@pytest.mark.parametrize(
    ("provider", "endpoint"),
    [
        ("otc_ecs", "https://ecs.example.com/v2/p1"),
        ("openstack", "https://h/v2/p1"),
        ("fujitsu_k5", "https://h/v2/p1"),
        ("ecl_compute", "https://h/v2/p1"),
        ("fujitsu_k5", "https://h/v2.1/p1"),
    ],
)
def test_the_old_api_is_asked_without_a_microversion(
    scripted: Callable[..., Any], provider: str, endpoint: str
) -> None:
    old = scripted(provider, {ACTION: RUNNING}, endpoint, api_version="v2")
    old.show(REFERENCE)
    assert sent_versions(old.client) == [None]


CELL_DOWN = {"server": {"id": "s1", "status": "UNKNOWN", "created": "2026-11-21T11:00:00Z"}}
UNKNOWN_STATUS = {"server": {"status": "UNKNOWN", "OS-EXT-STS:task_state": None, "updated": "2026-11-21T12:00:00Z"}}


@pytest.mark.parametrize("name", ["reboot", "create"])
def test_a_cell_that_does_not_answer_is_an_error_that_heals(scripted: Callable[..., Any], name: str) -> None:
    done = action(name, event(BUILD if name == "create" else "compute_reboot_instance", 1, 9, "Success"))
    provider = scripted("openstack", {ACTION: done, SERVER: [CELL_DOWN, ACTIVE]})
    with pytest.raises(TransportError, match="its cell does not answer"):
        provider.show(REFERENCE)
    assert provider.show(REFERENCE).state == "succeeded"


def test_a_status_that_nova_calls_unknown_is_no_cell_that_is_down(scripted: Callable[..., Any]) -> None:
    provider = scripted("openstack", {ACTION: DONE, SERVER: UNKNOWN_STATUS})
    assert provider.show(REFERENCE).state == "succeeded"


def resting(status: str, minute: int) -> Dict[str, Any]:
    """A server that has not changed since a minute of that hour."""
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
    [(resting("ERROR", 1), "failed"), (resting("ACTIVE", 1), "failed"), (resting("ACTIVE", 4), "running")],
)
def test_a_server_at_rest_behind_an_open_event_decides_after_a_minute(
    scripted: Callable[..., Any], server: Dict[str, Any], state: str
) -> None:
    provider = scripted("openstack", {ACTION: OPEN_REBUILD, SERVER: server, ACTIONS: {"instanceActions": []}})
    assert at(provider, 4, 30).show(REFERENCE).state == state


def test_an_event_that_ends_while_the_server_is_read_is_believed(scripted: Callable[..., Any]) -> None:
    ended = action("rebuild", event("compute_rebuild_instance", 1, 50, "Success"))
    answers = {ACTION: [OPEN_REBUILD, ended], SERVER: resting("ACTIVE", 1), ACTIONS: {"instanceActions": []}}
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
def test_a_create_of_a_server_that_was_deleted_later_is_told_by_its_row(
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


MODERN, LEGACY = "https://h/v2.1/p1", "https://h/v2/p1"


class TwoVersions:
    """A cloud whose catalog says /v2; missing: what it answers at /v2.1, None where it is a modern Nova."""

    def __init__(self, provider: Any, modern: Optional[GateError], legacy: Optional[GateError] = None) -> None:
        self.asked: List[Any] = []
        self.errors = {MODERN: modern, LEGACY: legacy}
        client, get = provider.client, provider.client.get

        def versioned(path: Any, query: Any = (), headers: Any = None) -> Any:
            self.asked.append((client.endpoint, dict(headers or {}).get("X-OpenStack-Nova-API-Version")))
            error = self.errors[client.endpoint]
            if error:
                raise error
            return get(path, query, headers)

        client.get = versioned


def test_a_modern_nova_behind_an_old_endpoint_of_the_catalog_is_asked_for_events(scripted: Callable[..., Any]) -> None:
    provider = scripted("openstack", {ACTION: RUNNING}, LEGACY)
    cloud = TwoVersions(provider, None)
    provider.show(REFERENCE)
    provider.show(REFERENCE)
    assert cloud.asked == [(MODERN, "2.84")] * 2


@pytest.mark.parametrize("status", [300, 404])
def test_an_old_nova_is_asked_at_its_endpoint_after_one_look(scripted: Callable[..., Any], status: int) -> None:
    provider = scripted("openstack", {ACTION: RUNNING}, LEGACY)
    cloud = TwoVersions(provider, ProtocolError("no such API", status=status))
    provider.show(REFERENCE)
    provider.show(REFERENCE)
    assert cloud.asked == [(MODERN, "2.84"), (LEGACY, None), (LEGACY, None)]


def test_an_action_that_neither_knows_says_nothing_of_the_version(scripted: Callable[..., Any]) -> None:
    provider = scripted("openstack", {ACTION: RUNNING}, LEGACY)
    missing = MissingError("GET x answered 404: Action req-1 not found")
    cloud = TwoVersions(provider, missing, missing)
    with pytest.raises(MissingError):
        provider.show(REFERENCE)
    cloud.errors[MODERN] = None
    provider.show(REFERENCE)
    assert [endpoint for endpoint, _version in cloud.asked] == [MODERN, LEGACY, MODERN]
