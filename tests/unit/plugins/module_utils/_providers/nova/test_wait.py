# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Operations that need more than one poll: an expected status, a deletion that disappears, a latest action."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any, Callable, Dict, Optional

import pytest
from ansible_collections.cloudgate.operations.plugins.module_utils._model.errors import (
    ForbiddenError,
    InputError,
    MissingError,
)
from ansible_collections.cloudgate.operations.plugins.module_utils._model.operation import Operation
from ansible_collections.cloudgate.operations.plugins.module_utils._model.reference import Query, Reference
from ansible_collections.cloudgate.operations.plugins.module_utils._providers.naming import check_reference
from ansible_collections.cloudgate.operations.plugins.module_utils._providers.registry import PROVIDERS

ACTIONS = "servers/s1/os-instance-actions"
GONE = MissingError("GET … answered 404: Instance s1 could not be found.", "404", status=404)
BUILD = "compute__do_build_and_run_instance"


def action(
    request_id: str, name: str, event: str, result: Optional[str] = "Success", minute: int = 0
) -> Dict[str, Any]:
    """Return an action with one event."""
    start, end = f"2026-11-21T12:{minute:02}:00.000000", f"2026-11-21T12:{minute:02}:09.000000"
    events = [{"event": event, "start_time": start, "finish_time": result and end, "result": result}]
    return {
        "instanceAction": {
            "action": name, "instance_uuid": "s1", "request_id": request_id, "start_time": start, "message": None,
            "events": events,
        }
    }  # fmt: skip


def server(status: str, task_state: Optional[str] = None) -> Dict[str, Any]:
    return {"server": {"status": status, "OS-EXT-STS:task_state": task_state}}


REBOOT = action("req-1", "reboot", "compute_reboot_instance")


@pytest.mark.parametrize(
    ("seen", "verify", "state", "reason"),
    [
        ([server("ACTIVE")], "ACTIVE", "succeeded", "compute_reboot_instance succeeded"),
        ([server("ACTIVE")], "active", "succeeded", "compute_reboot_instance succeeded"),
        ([server("SHUTOFF")], "ACTIVE", "failed", "but the server is SHUTOFF, not ACTIVE as verify asks"),
        ([server("ACTIVE"), GONE], "ACTIVE", "failed", "but the server is gone"),
        ([server("ACTIVE"), server("ACTIVE", "pausing")], "ACTIVE", "running", "the server is busy (pausing)"),
    ],
)
def test_an_expectation_must_be_met_too(
    scripted: Callable[..., Any], seen: Any, verify: str, state: str, reason: str
) -> None:
    provider = scripted("openstack", {f"{ACTIONS}/req-1": REBOOT, "servers/s1": seen})
    found = provider.read(Reference("req-1", "s1", verify=verify))
    assert found.state == state
    assert reason in found.reason


def test_an_expectation_does_not_mend_a_failure(scripted: Callable[..., Any]) -> None:
    failed = action("req-1", "reboot", "compute_reboot_instance", "Error")
    provider = scripted("openstack", {f"{ACTIONS}/req-1": failed, "servers/s1": server("ACTIVE")})
    assert provider.read(Reference("req-1", "s1", verify="ACTIVE")).state == "failed"


def test_an_expectation_is_about_servers() -> None:
    with pytest.raises(InputError, match="verify cannot be used with provider ecl_vna"):
        check_reference(PROVIDERS["ecl_vna"], Reference("o1", verify="ACTIVE"))


def test_a_delete_that_was_seen_and_vanished_is_done(scripted: Callable[..., Any]) -> None:
    running = action("req-1", "delete", "compute_terminate_instance", None)
    provider = scripted("fujitsu_k5", {f"{ACTIONS}/req-1": [running, GONE]})
    reference = Reference("req-1", "s1")
    assert provider.read(reference).state == "running"
    found = provider.read(reference)
    assert (found.state, found.type, found.reason) == ("succeeded", "delete", "the server is gone")


def test_the_latest_delete_is_known_by_its_id_once_it_was_seen(scripted: Callable[..., Any]) -> None:
    running = action("req-1", "delete", "compute_terminate_instance", None)
    listed = {"instanceActions": [running["instanceAction"]]}
    provider = scripted("fujitsu_k5", {ACTIONS: listed, f"{ACTIONS}/req-1": [running, GONE]})
    reference = Reference(resource_id="s1", latest=True, action="delete")
    found = provider.read(reference)
    assert provider.read(reference.resolved_to(found.operation_id)).reason == "the server is gone"


def test_a_delete_that_an_earlier_process_has_seen_and_that_vanished_is_done(scripted: Callable[..., Any]) -> None:
    running = action("req-1", "delete", "compute_terminate_instance", None)
    reference = Reference("req-1", "s1")
    seen = scripted("fujitsu_k5", {f"{ACTIONS}/req-1": running}).read(reference)
    later = scripted("fujitsu_k5", {f"{ACTIONS}/req-1": GONE})
    later.import_state(reference, Operation.from_dict(seen.as_dict()))
    found = later.read(reference)
    assert (found.state, found.type, found.started_at) == ("succeeded", "delete", seen.started_at)


def test_nothing_but_a_delete_is_imported(scripted: Callable[..., Any]) -> None:
    reference = Reference("req-1", "s1")
    running = action("req-1", "reboot", "compute_reboot_instance", None)
    seen = scripted("fujitsu_k5", {f"{ACTIONS}/req-1": running}).read(reference)
    later = scripted("fujitsu_k5", {f"{ACTIONS}/req-1": GONE})
    later.import_state(reference, seen)
    with pytest.raises(MissingError):
        later.read(reference)


@pytest.mark.parametrize("first", [None, action("req-1", "reboot", "compute_reboot_instance", None)])
def test_whatever_else_vanished_is_missing(scripted: Callable[..., Any], first: Any) -> None:
    provider = scripted("fujitsu_k5", {f"{ACTIONS}/req-1": [first, GONE] if first else GONE})
    reference = Reference("req-1", "s1")
    if first:
        provider.read(reference)
    with pytest.raises(MissingError, match="no such server") as caught:
        provider.read(reference)
    assert caught.value.what == "resource"


@pytest.mark.parametrize(
    ("later", "event", "state"),
    [("stop", "compute_stop_instance", "succeeded"), ("lock", "api_lock", "failed")],
)
def test_a_build_is_proven_by_what_was_done_to_the_server_later(
    scripted: Callable[..., Any], later: str, event: str, state: str
) -> None:
    create, after = action("req-1", "create", BUILD), action("req-2", later, event, minute=5)
    listed = {"instanceActions": [after["instanceAction"], create["instanceAction"]]}
    status = "SHUTOFF" if later == "stop" else "ERROR"
    provider = scripted(
        "openstack",
        {ACTIONS: listed, f"{ACTIONS}/req-1": create, f"{ACTIONS}/req-2": after, "servers/s1": server(status)},
    )
    assert [each.state for each in provider.list(Query(resource_id="s1"))] == ["succeeded", state]


STARTED = [{"request_id": "req-2", "action": "start"}]


@pytest.mark.parametrize(("newest", "state"), [([], "failed"), (STARTED, "unknown")])
def test_without_events_a_status_that_a_later_action_has_made_proves_nothing(
    scripted: Callable[..., Any], newest: Any, state: str
) -> None:
    resize = action("req-1", "resize", "compute_finish_resize")
    del resize["instanceAction"]["events"]
    answers = {f"{ACTIONS}/req-1": resize, ACTIONS: {"instanceActions": newest}}
    provider = scripted("ecl_compute", {**answers, "servers/s1": server("ACTIVE")})
    assert provider.read(Reference("req-1", "s1")).state == state


def of_three(second: Any, third: Any) -> Dict[str, Any]:
    """Answers of a cloud where one request created three servers, and names one; a fourth has such a name by chance."""
    names = {"s1": "web-1", "s2": "web-2", "s3": "web-3", "s4": "web-4"}
    created = dict.fromkeys(names, "2026-11-21T12:00:00Z")
    rows = [{"id": each, "name": names[each], "created": created[each]} for each in names]
    rows.append({"id": "s5", "name": "web-5", "created": "2026-11-20T12:00:00Z"})
    answers: Dict[str, Any] = {"servers/detail": {"servers": rows}}
    for each, result in (("s1", "Success"), ("s2", second), ("s3", third)):
        made = action("req-1", "create", BUILD, result)
        made["instanceAction"]["instance_uuid"] = each
        answers[f"servers/{each}/os-instance-actions/req-1"] = made
        shown = {"status": "ACTIVE", "name": names[each], "OS-EXT-STS:task_state": None}
        answers[f"servers/{each}"] = {"server": shown}
    return answers


@pytest.mark.parametrize(
    ("second", "third", "state"),
    [
        ("Success", "Success", "succeeded"),
        ("Success", None, "running"),
        (None, "Error", "failed"),
        ("Odd", "Success", "unknown"),
    ],
)
def test_a_request_for_several_servers_is_judged_by_all_of_them(
    scripted: Callable[..., Any], second: Any, third: Any, state: str
) -> None:
    provider = scripted("openstack", of_three(second, third))
    found = provider.read(Reference("req-1", "s1"))
    assert (found.state, found.resource_id) == (state, "s1")
    assert ("created 3 servers" in found.reason) is (state != "succeeded")
    provider.read(Reference("req-1", "s1"))
    assert provider.client.paths.count("servers/detail") == 1


@pytest.mark.parametrize("name", ["web", "web-2", "web-10", None])
def test_a_server_that_is_not_the_first_of_its_request_is_only_itself(
    scripted: Callable[..., Any], name: Optional[str]
) -> None:
    answers = of_three(None, None)
    answers["servers/s1"]["server"]["name"] = name
    provider = scripted("openstack", answers)
    assert provider.read(Reference("req-1", "s1")).state == "succeeded"
    assert "servers/detail" not in provider.client.paths


def test_a_cloud_that_does_not_let_list_servers_shows_no_others(scripted: Callable[..., Any]) -> None:
    provider = scripted("openstack", {**of_three(None, None), "servers/detail": ForbiddenError("no")})
    assert provider.read(Reference("req-1", "s1")).state == "succeeded"


NO_ACTION = MissingError("GET … answered 404: Action req-9 not found", "404", status=404)
BROKEN = {"server": {"status": "ERROR", "OS-EXT-STS:task_state": None, "fault": {"message": "Quota exceeded"}}}


@pytest.mark.parametrize(
    ("seen", "state", "words"),
    [
        (BROKEN, "failed", "Quota exceeded"),
        (server("ERROR"), "failed", "recorded no action"),
        (server("BUILD", "scheduling"), "pending", "waits to be scheduled"),
        (GONE, "failed", "does not exist any more"),
    ],
)
@pytest.mark.parametrize("named", ["create", None])
def test_a_create_that_nova_does_not_record_is_judged_by_its_server(
    scripted: Callable[..., Any], seen: Any, state: str, words: str, named: Optional[str]
) -> None:
    provider = scripted(
        "openstack", {f"{ACTIONS}/req-9": NO_ACTION, ACTIONS: {"instanceActions": []}, "servers/s1": seen}
    )
    found = provider.read(Reference("req-9", "s1", action=named))
    assert (found.state, found.type, found.operation_id) == (state, "create", "req-9")
    assert words in found.reason


@pytest.mark.parametrize(
    ("seen", "state"),
    [
        (GONE, "succeeded"),
        (server("DELETED"), "succeeded"),
        (server("SOFT_DELETED"), "succeeded"),
        (server("ACTIVE", "deleting"), "running"),
    ],
)
def test_a_deletion_that_nova_does_not_record_has_succeeded_once_the_server_is_gone(
    scripted: Callable[..., Any], seen: Any, state: str
) -> None:
    provider = scripted("openstack", {f"{ACTIONS}/req-9": NO_ACTION, "servers/s1": seen})
    found = provider.read(Reference("req-9", "s1", action="delete"))
    assert (found.state, found.type) == (state, "delete")


@pytest.mark.parametrize(
    ("seen", "named"), [(server("ACTIVE"), "delete"), (server("ACTIVE"), "create"), (GONE, None), (BROKEN, None)]
)
def test_an_action_that_neither_nova_nor_the_server_shows_is_missing(
    scripted: Callable[..., Any], seen: Any, named: Optional[str]
) -> None:
    rows = {"instanceActions": [REBOOT["instanceAction"]]}
    provider = scripted("openstack", {f"{ACTIONS}/req-9": NO_ACTION, ACTIONS: rows, "servers/s1": seen})
    with pytest.raises(MissingError):
        provider.read(Reference("req-9", "s1", action=named))


@pytest.mark.parametrize("action_name", ["create", "delete", "reboot"])
def test_only_a_create_and_a_delete_may_be_named_together_with_an_id(action_name: str) -> None:
    reference = Reference("req-1", "s1", action=action_name)
    if action_name == "reboot":
        with pytest.raises(InputError, match="action can be used only with latest"):
            check_reference(PROVIDERS["openstack"], reference)
    else:
        assert check_reference(PROVIDERS["openstack"], reference) == reference


def test_the_latest_since_a_time_began_then_and_did_not_only_change(scripted: Callable[..., Any]) -> None:
    old = action("req-1", "reboot", "compute_reboot_instance")
    old["instanceAction"]["updated_at"] = "2026-11-21T12:05:00.000000"
    provider = scripted("openstack", {ACTIONS: {"instanceActions": [old["instanceAction"]]}, f"{ACTIONS}/req-1": old,
                                      "servers/s1": server("ACTIVE")})  # fmt: skip
    start = datetime(2026, 11, 21, 12, 0, 0, 400000, tzinfo=timezone.utc)  # some clouds keep whole seconds
    assert provider.read(Reference(resource_id="s1", latest=True, since=start)).operation_id == "req-1"
    later = datetime(2026, 11, 21, 12, 0, 1, tzinfo=timezone.utc)
    assert provider.read(Reference(resource_id="s1", latest=True, since=later)) is None


def test_the_latest_is_the_newest_of_its_type_since_a_time(scripted: Callable[..., Any]) -> None:
    old, new = action("req-1", "reboot", "compute_reboot_instance"), action("req-2", "lock", "api_lock", minute=5)
    answers = {
        ACTIONS: {"instanceActions": [new["instanceAction"], old["instanceAction"]]},
        f"{ACTIONS}/req-1": old,
        f"{ACTIONS}/req-2": new,
        "servers/s1": server("ACTIVE"),
    }
    provider = scripted("openstack", answers)
    since = datetime(2026, 11, 21, 12, 3, tzinfo=timezone.utc)
    assert provider.read(Reference(resource_id="s1", latest=True)).operation_id == "req-2"
    assert provider.read(Reference(resource_id="s1", latest=True, action="reboot")).operation_id == "req-1"
    assert provider.read(Reference(resource_id="s1", latest=True, action="reboot", since=since)) is None
