# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The verdict on instance actions, case by case; the recordings of a real Nova are in test_replay.py."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Optional

import pytest
from ansible_collections.cloudgate.operations.plugins.module_utils._model.operation import State, Step
from ansible_collections.cloudgate.operations.plugins.module_utils._providers.nova.actions import (
    ACTIONS,
    IMAGE_KEPT,
    REST,
)
from ansible_collections.cloudgate.operations.plugins.module_utils._providers.nova.evidence import (
    Evidence,
    Later,
    Server,
    latest_per_name,
)
from ansible_collections.cloudgate.operations.plugins.module_utils._providers.nova.reading import later_than
from ansible_collections.cloudgate.operations.plugins.module_utils._providers.nova.verdict import verdict
from hypothesis import given
from hypothesis import strategies as st

START = datetime(2026, 11, 21, 8, 0, 0, tzinfo=timezone.utc)
IDLE = Server(status="ACTIVE")
WORDS = {None: State.RUNNING, "Success": State.SUCCEEDED, "Error": State.FAILED, "Odd": State.UNKNOWN}


def at(seconds):
    return None if seconds is None else START + timedelta(seconds=seconds)


def step(name, start=0.0, finish=None, result=None, error=None):
    """A step by the seconds of its start and finish."""
    return Step(name, WORDS[result], result, at(start), at(finish), error)


def judge(action, steps, server=None, message=None, **more):
    """The verdict; what is not given was read, and does not help."""
    known = {"later": Later(), "deleted": Server("gone"), "image": "unreadable", **more}
    return verdict(Evidence(action, steps, message, server=server, **known))


BUILD = "compute__do_build_and_run_instance"


@pytest.mark.parametrize(
    "action, steps, server, state",
    [
        # The terminal event and a server at rest open; each of the two alone does not.
        ("reboot", [step("compute_reboot_instance", 0, 5, "Success")], IDLE, State.SUCCEEDED),
        ("reboot", [step("compute_reboot_instance", 0)], IDLE, State.RUNNING),
        ("reboot", [], IDLE, State.PENDING),
        (
            "createImage",
            [step("compute_snapshot_instance", 0, 1, "Success")],
            Server("read", "ACTIVE", "image_uploading"),
            State.RUNNING,
        ),
        # All events are good, but the next step has not begun.
        ("resize", [step("cold_migrate", 0, 1, "Success")], Server("read", "RESIZE", "resize_prep"), State.RUNNING),
        # The event of a build that gave up says Success; only the server knows.
        ("create", [step(BUILD, 0, 5, "Success")], Server("read", "ERROR", None, "No space"), State.FAILED),
        ("create", [step(BUILD, 0, 5, "Success")], Server("read", "BUILD"), State.RUNNING),
        ("create", [step(BUILD, 0, 5, "Success")], Server("gone"), State.FAILED),
        ("create", [step(BUILD, 0, 5, "Success")], Server("unreadable"), State.SUCCEEDED),
        ("create", [step("compute_build_and_run_instance", 0, 5, "Success")], IDLE, State.SUCCEEDED),
        ("create", [], Server("read", "ERROR"), State.FAILED),
        # A resize that ended on its source, seen without any Error.
        ("resize", [step("cold_migrate", 0, 1, "Success")], IDLE, State.FAILED),
        # A live migration that stayed shows nothing but good events.
        ("live-migration", [step("compute_live_migration", 0, 1, "Success")], IDLE, State.FAILED),
        (
            "live-migration",
            [
                step("compute_live_migration", 0, 1, "Success"),
                step("compute_rollback_live_migration_at_destination", 2, 3, "Success"),
            ],
            IDLE,
            State.FAILED,
        ),
        # Cross-cell resize ends with another event.
        (
            "resize",
            [step("compute_finish_snapshot_based_resize_at_dest", 0, 9, "Success")],
            Server(status="VERIFY_RESIZE"),
            State.SUCCEEDED,
        ),
        # Unknown names of the future: the status decides where it can, else nobody knows.
        ("resize", [step("compute_resize_of_2030", 0, 9, "Success")], Server(status="VERIFY_RESIZE"), State.SUCCEEDED),
        ("rebuild", [step("compute_rebuild_of_2030", 0, 9, "Success")], IDLE, State.UNKNOWN),
        ("teleport", [step("compute_teleport", 0, 9, "Success")], IDLE, State.SUCCEEDED),
        ("teleport", [step("compute_teleport", 0, 9, "Error")], IDLE, State.FAILED),
        ("reboot", [step("compute_reboot_instance", 0, 5, "Odd")], IDLE, State.UNKNOWN),
        # A result that nobody knows is no success, whatever the server's status is.
        ("start", [step("compute_start_instance", 0, 5, "Odd")], IDLE, State.UNKNOWN),
        ("teleport", [step("compute_teleport", 0, 9, "Odd")], IDLE, State.UNKNOWN),
        ("start", [step("compute_start_instance", 0, 5, "Odd")], Server(status="ERROR"), State.FAILED),
        ("delete", [step("compute_terminate_instance", 0, 5, "Odd")], Server("gone"), State.SUCCEEDED),
        # An answer without a status tells nothing.
        ("teleport", [step("compute_teleport", 0, 9, "Success")], Server(), State.UNKNOWN),
        # Actions that never have an event.
        ("resetState", [], None, State.SUCCEEDED),
        ("delete", [], Server("gone"), State.SUCCEEDED),
        ("delete", [], Server("read", "SOFT_DELETED", "deleting"), State.PENDING),
    ],
)
def test_state(action, steps, server, state):
    assert judge(action, steps, server).state == state


REBOOTED = Later((("reboot", at(100)),))
LOCKED = Later((("lock", at(100)),))
CONFIRMED = Later((("confirmResize", at(100)),))
REBUILT = Later((("rebuild", at(100)),))
BUSY = Server("read", "REBOOT", "rebooting")
BROKEN = Server("read", "ERROR", None, "a later fault")


@pytest.mark.parametrize(
    "action, steps, server, later, state",
    [
        # What a later action did to the server says nothing of this one.
        ("reboot", [step("compute_reboot_instance", 0, 5, "Success")], BUSY, REBOOTED, State.SUCCEEDED),
        ("reboot", [step("compute_reboot_instance", 0, 5, "Success")], BUSY, Later(), State.RUNNING),
        ("reboot", [step("compute_reboot_instance", 0, 5, "Success")], BUSY, LOCKED, State.RUNNING),
        ("reboot", [step("compute_reboot_instance", 0, 5, "Error")], BUSY, REBOOTED, State.FAILED),
        ("resize", [step("cold_migrate", 0, 1, "Success")], BROKEN, REBOOTED, State.UNKNOWN),
        ("resize", [step("cold_migrate", 0, 1, "Success")], IDLE, CONFIRMED, State.SUCCEEDED),
        ("resize", [step("cold_migrate", 0, 1, "Success")], IDLE, LOCKED, State.FAILED),
        ("resize", None, IDLE, CONFIRMED, State.SUCCEEDED),
        ("resize", None, IDLE, REBOOTED, State.UNKNOWN),
        ("resize", None, IDLE, LOCKED, State.FAILED),
        ("start", None, IDLE, REBOOTED, State.UNKNOWN),
        ("createImage", None, BROKEN, REBUILT, State.UNKNOWN),
        # A create is proven by launched_at, or by what needs a guest.
        ("create", [step(BUILD, 0, 5, "Success")], BROKEN._replace(launched=True), REBUILT, State.SUCCEEDED),
        ("create", [step(BUILD, 0, 5, "Success")], BROKEN._replace(launched=False), LOCKED, State.FAILED),
        ("create", [step(BUILD, 0, 5, "Success")], BUSY._replace(launched=True), REBOOTED, State.SUCCEEDED),
        ("create", [step(BUILD, 0, 5, "Success")], BUSY, REBOOTED, State.SUCCEEDED),
        ("create", [step(BUILD, 0, 5, "Success")], BROKEN, REBUILT, State.UNKNOWN),
        ("create", [step(BUILD, 0, 5, "Success")], BROKEN, LOCKED, State.FAILED),
        ("create", None, BUSY._replace(launched=True), REBOOTED, State.SUCCEEDED),
        ("create", None, BUSY, Later((("", at(9)),)), State.RUNNING),
        ("create", None, BUSY, Later((("nameOfNextYear", at(9)),)), State.RUNNING),
        ("create", None, BROKEN._replace(launched=True), REBUILT, State.SUCCEEDED),
        ("create", None, Server("read", "BUILD", "spawning", launched=False), Later(), State.RUNNING),
    ],
)
def test_a_later_action_is_not_held_against_an_earlier_one(action, steps, server, later, state):
    assert judge(action, steps, server, later=later).state == state


@pytest.mark.parametrize(
    "row, state",
    [(Server("gone", launched=True), State.SUCCEEDED), (Server("gone", launched=False), State.FAILED)],
)
@pytest.mark.parametrize("steps", [[step(BUILD, 0, 5, "Success")], None])
def test_the_row_of_a_deleted_server_tells_whether_it_was_built(steps, row, state):
    assert judge("create", steps, Server("gone"), deleted=row).state == state


OPEN = [step("compute_step", 0)]
LONG = REST + 1


@pytest.mark.parametrize(
    "later, state",
    [
        (Later((("delete", at(9)),), deleted_by_same=True), State.SUCCEEDED),
        (Later((("delete", at(9)),)), State.UNKNOWN),
        (Later(), State.UNKNOWN),
    ],
)
def test_a_confirmation_whose_events_another_action_of_its_request_hides(later, state):
    assert judge("confirmResize", None, Server("gone"), later=later).state == state


@pytest.mark.parametrize(
    "names, state",
    [
        (("delete",), State.UNKNOWN),
        (("resetState", "lock", "delete"), State.UNKNOWN),
        (("invented", "delete"), State.UNKNOWN),
        (("reboot", "delete"), State.SUCCEEDED),
    ],
)
def test_an_image_was_over_when_nova_accepted_what_needs_a_server_at_rest(names, state):
    later = Later(tuple((name, at(9)) for name in names))
    steps = [step("compute_snapshot_instance", 0, 1, "Success")]
    assert judge("createImage", steps, Server("gone"), later=later).state == state


@pytest.mark.parametrize("steps", [None, [], [step("compute_terminate_instance", 0)]])
def test_a_deletion_in_verify_resize_clears_the_task_before_the_server_is_gone(steps):
    server = Server(status="ACTIVE", idle=2 * REST)
    assert judge("delete", steps, server, open_for=2 * REST).state not in State.TERMINAL


@pytest.mark.parametrize("idle, state", [(REST - 1, State.RUNNING), (REST, State.FAILED), (None, State.RUNNING)])
def test_a_failure_that_left_its_task_on_a_server_in_error_is_told_after_a_minute(idle, state):
    steps = [step("compute_prep_resize", 0, 1, "Success"), step("compute_resize_instance", 1, 2, "Error")]
    assert judge("resize", steps, Server("read", "ERROR", "resize_migrating", idle=idle)).state == state


NOTHING_LATER = Later()


def stopped(action, server, idle=LONG, later=NOTHING_LATER):
    """The verdict on an action with an event that is open for an hour."""
    return judge(action, OPEN, server._replace(idle=idle), later=later, open_for=3600.0)


@pytest.mark.parametrize(
    "action, server, state, words",
    [
        ("rebuild", BROKEN, State.FAILED, "a later fault"),
        ("rebuild", Server(status="ERROR"), State.FAILED, "compute_step never ended"),
        ("rebuild", IDLE, State.FAILED, "the compute service stopped in the middle"),
        ("resize", IDLE, State.FAILED, "the compute service stopped in the middle"),
        ("resize", Server(status="VERIFY_RESIZE"), State.SUCCEEDED, "although compute_step never ended"),
        ("stop", Server(status="SHUTOFF"), State.SUCCEEDED, "the server is SHUTOFF"),
        ("create", IDLE._replace(launched=True), State.SUCCEEDED, "the server was built"),
        ("delete", Server("gone"), State.SUCCEEDED, "the server is gone"),
        ("rebuild", Server("gone"), State.FAILED, "deleted before compute_step ended"),
        ("attach_volume", IDLE, State.UNKNOWN, "does not show whether attach_volume goes on"),
        ("createBackup", IDLE, State.UNKNOWN, "does not show whether createBackup goes on"),
        ("confirmResize", Server(status="VERIFY_RESIZE"), State.UNKNOWN, "does not show"),
        ("rebuild", Server("unreadable"), State.RUNNING, "compute_step is running"),
        ("rebuild", Server("read", "REBUILD", "rebuild_spawning"), State.RUNNING, "compute_step is running"),
    ],
)
def test_an_event_that_a_dead_compute_service_left_open(action, server, state, words):
    found = stopped(action, server)
    assert (found.state, words in found.reason) == (state, True), found.reason


@pytest.mark.parametrize("idle", [None, 0.0, REST - 1])
def test_a_server_that_has_just_come_to_rest_decides_nothing(idle):
    assert stopped("rebuild", IDLE, idle).state == State.RUNNING


def test_an_event_that_has_just_begun_is_running_whatever_the_server_shows():
    assert judge("rebuild", OPEN, IDLE._replace(idle=LONG), open_for=REST - 1).state == State.RUNNING


def test_a_later_action_on_a_server_whose_event_is_open_leaves_the_outcome_open():
    assert stopped("rebuild", IDLE, later=REBOOTED).state == State.UNKNOWN
    assert stopped("create", IDLE._replace(launched=True), later=REBOOTED).state == State.SUCCEEDED


@pytest.mark.parametrize(
    "action, name",
    [
        ("rebuild", "compute_rebuild_instance"),
        ("evacuate", "compute_rebuild_instance"),
        ("createBackup", "compute_backup_instance"),
    ],
)
@pytest.mark.parametrize(
    "later, state",
    [
        (Later((("delete", at(3)),)), State.FAILED),
        (Later((("delete", at(9)),)), State.SUCCEEDED),
        (Later((("stop", at(9)),)), State.UNKNOWN),
        (Later(readable=False), State.UNKNOWN),
    ],
)
def test_a_server_that_was_deleted_under_an_action(action, name, later, state):
    assert judge(action, [step(name, 0, 5, "Success")], Server("gone"), later=later).state == state


SNAPSHOT = [step("compute_snapshot_instance", 0, 1, "Success")]


@pytest.mark.parametrize(
    "server, image, state",
    [
        (IDLE, "active", State.SUCCEEDED),
        (IDLE, "saving", State.RUNNING),
        (IDLE._replace(idle=LONG), "saving", State.FAILED),
        (IDLE, "killed", State.FAILED),
        (IDLE, "deleted", State.FAILED),
        (IDLE, "none", State.FAILED),
        (IDLE._replace(idle=IMAGE_KEPT + 1), "none", State.UNKNOWN),  # its owner may have deleted it since
        (IDLE, "gone", State.UNKNOWN),
        (Server("gone"), "left", State.FAILED),
        (IDLE, "deactivated", State.SUCCEEDED),  # by an administrator, when it was there
        (IDLE, "STATUS_OF_2030", State.UNKNOWN),
        (IDLE, "unreadable", State.SUCCEEDED),
        (Server("gone"), "active", State.SUCCEEDED),
        (Server("gone"), "saving", State.RUNNING),  # an upload outlasts its server
        (Server("gone"), "none", State.FAILED),
        (Server("gone"), "unreadable", State.UNKNOWN),
    ],
)
@pytest.mark.parametrize("steps", [SNAPSHOT, None])
def test_the_image_tells_what_became_of_an_image(server, image, state, steps):
    found = judge(
        "createImage", steps, server, later=Later((("delete", at(9)),) if server.view == "gone" else ()), image=image
    )
    assert found.state == state
    if image == "unreadable" and state == State.SUCCEEDED:
        assert "image could not be read" in found.reason


def test_a_backup_that_a_later_one_has_rotated_out_was_made():
    steps = [step("compute_backup_instance", 0, 1, "Success")]
    later = Later((("createBackup", at(9)),))
    assert judge("createBackup", steps, IDLE, later=later, image="rotated").state == State.SUCCEEDED
    assert judge("createBackup", None, IDLE, later=later, image="rotated").state == State.UNKNOWN


def test_an_image_is_asked_for_before_a_deletion_decides():
    steps = [step("compute_backup_instance", 0, 5, "Success")]
    deleted = Later((("delete", at(3)),))  # after the upload, while old backups were deleted
    assert judge("createBackup", steps, Server("gone"), later=deleted, image=None).ask == "image"
    assert judge("createBackup", steps, Server("gone"), later=deleted, image="active").state == State.SUCCEEDED


@pytest.mark.parametrize(
    "image, state",
    [("active", State.SUCCEEDED), ("saving", State.FAILED), ("none", State.FAILED), ("unreadable", State.UNKNOWN)],
)
@pytest.mark.parametrize(
    "action, name", [("createBackup", "compute_backup_instance"), ("createImage", "compute_snapshot_instance")]
)
def test_the_image_tells_what_a_dead_compute_service_left(action, name, image, state):
    rests = IDLE._replace(idle=LONG)
    assert judge(action, [step(name, 0)], rests, open_for=LONG, image=None).ask == "image"
    assert judge(action, [step(name, 0)], rests, open_for=LONG, image=image).state == state


def test_a_snapshot_of_a_server_on_a_volume_has_no_image_that_names_it():
    assert (
        judge("createImage", [step("api_snapshot_instance", 0, 1, "Success")], IDLE, image=None).state
        == State.SUCCEEDED
    )


@pytest.mark.parametrize(
    "action, message, server, state",
    [
        ("stop", None, Server(status="SHUTOFF"), State.SUCCEEDED),
        ("stop", None, Server(status="ACTIVE"), State.FAILED),
        ("stop", None, Server("read", "ACTIVE", "powering-off"), State.RUNNING),
        ("create", "Error", IDLE, State.SUCCEEDED),  # sticky after a retry that went well
        ("reboot", None, IDLE, State.SUCCEEDED),
        ("reboot", "Error", IDLE, State.FAILED),
        ("reboot", None, Server("unreadable"), State.UNKNOWN),
        ("reboot", None, Server(status=None), State.UNKNOWN),
        ("reboot", None, Server(status="STATUS_OF_2030"), State.UNKNOWN),
        ("live-migration", None, IDLE, State.UNKNOWN),  # a migration that stayed looks the same
        ("attach_volume", None, IDLE, State.UNKNOWN),
        ("confirmResize", None, Server(status="VERIFY_RESIZE"), State.UNKNOWN),
        ("delete", None, Server("gone"), State.SUCCEEDED),
        ("teleport", None, IDLE, State.UNKNOWN),
    ],
)
def test_a_cloud_that_hides_the_events(action, message, server, state):
    found = judge(action, None, server, message)
    assert found.state == state
    assert "shows no events" in found.reason


@pytest.mark.parametrize("status", ["BUILD", "REBOOT", "HARD_REBOOT", "REBUILD", "RESIZE", "MIGRATING", "PASSWORD"])
def test_a_server_is_busy_where_only_its_status_says_so(status):
    assert judge("reboot", None, Server(status=status)).state == State.RUNNING


def test_a_twin_that_stays_open_does_not_block():
    steps = [step(BUILD, 0, 9, "Success"), step(BUILD, 4)]
    assert [each.result for each in latest_per_name(steps)] == ["Success"]
    assert judge("create", steps, IDLE).state == State.SUCCEEDED


def test_a_second_try_that_runs_is_running():
    steps = [step(BUILD, 0, 3, "Success"), step(BUILD, 4)]
    assert judge("create", steps, IDLE).state == State.RUNNING


def test_the_failing_step_is_named_with_its_reason():
    steps = [step("cold_migrate", 0, 3, "Error"), step("compute_prep_resize", 1, 2, "Error", "No memory left")]
    found = judge("resize", steps, IDLE)
    assert (found.state, found.reason) == (State.FAILED, "compute_prep_resize failed: No memory left")
    assert found.step is not None
    assert found.step.name == "compute_prep_resize"


def test_without_details_the_fault_of_the_server_is_the_reason():
    found = judge(
        "resize", [step("compute_finish_resize", 0, 3, "Error")], Server(status="ERROR", fault="Port is gone")
    )
    assert found.reason == "compute_finish_resize failed: Port is gone"


def test_an_unfinished_action_does_not_ask_for_the_server():
    assert judge("resize", [step("compute_prep_resize", 0)]).ask is None
    assert judge("reboot", []).ask is None
    assert judge("resize", [step("compute_finish_resize", 0, 1, "Success")]).ask == "server"


names = st.sampled_from(sorted({end for rule in ACTIONS.values() for end in rule.ends}) + ["new_in_2030"])
seconds = st.one_of(st.none(), st.integers(0, 20))
any_step = st.builds(step, names, seconds, seconds, st.sampled_from(list(WORDS)))
any_server = st.one_of(
    st.none(),
    st.builds(
        Server,
        st.sampled_from(["read", "gone", "unreadable"]),
        st.one_of(st.none(), st.sampled_from(["ACTIVE", "ERROR", "BUILD", "VERIFY_RESIZE", "DELETED", "NEW"])),
        st.one_of(st.none(), st.sampled_from(["rebooting", "deleting"])),
        launched=st.sampled_from([None, True, False]),
        idle=st.sampled_from([None, 1.0, 999.0]),
    ),
)
any_later = st.builds(
    Later,
    st.lists(st.tuples(st.sampled_from(sorted(ACTIONS)), st.just(at(50))), max_size=2).map(tuple),
    st.booleans(),
)
any_evidence = st.builds(
    Evidence,
    st.sampled_from([*sorted(ACTIONS), "resetState", "teleport"]),
    st.one_of(st.none(), st.lists(any_step, max_size=6)),
    st.sampled_from([None, "Error"]),
    st.sampled_from([None, 1.0, 999.0]),
    any_server,
    st.one_of(st.none(), any_later),
    st.one_of(st.none(), st.builds(Server, st.just("gone"), launched=st.sampled_from([None, True, False]))),
    st.sampled_from([None, "active", "saving", "killed", "none", "gone", "rotated", "left", "NEW", "unreadable"]),
)


@given(any_evidence)
def test_a_verdict_asks_only_for_what_is_not_known_and_is_final_only_when_it_asks_for_nothing(evidence):
    found = verdict(evidence)
    assert found.state in (State.PENDING, State.RUNNING, State.SUCCEEDED, State.FAILED, State.UNKNOWN)
    assert found.reason or found.ask
    if found.ask:
        assert getattr(evidence, found.ask) is None
        assert found.state not in State.TERMINAL


@given(any_evidence)
def test_never_terminal_while_something_runs(evidence):
    found, server = verdict(evidence), evidence.server
    if found.state not in State.TERMINAL or evidence.action == "resetState":
        return
    assert server is not None
    left_there = server.status == "ERROR" and (server.idle or 0) >= REST
    if server.busy and not server.launched and not left_there:
        assert evidence.later is not None, "only a later action can be what it works on"
        assert evidence.later.actions
    steps = latest_per_name(evidence.steps or [])
    ends = ACTIONS[evidence.action].ends if evidence.action in ACTIONS else ()
    running = [each for each in steps if each.state == State.RUNNING]
    done = [each for each in steps if each.name in ends and each.state == State.SUCCEEDED]
    if running and not done:
        assert (evidence.open_for or 0) >= REST
        assert server.view == "gone" or (server.idle or 0) >= REST


def _on_a_volume(evidence):
    return any(each.name == "api_snapshot_instance" for each in evidence.steps)


@given(any_evidence)
def test_no_image_and_no_deletion_under_it_is_ever_a_success(evidence):
    row = ACTIONS.get(evidence.action)
    if verdict(evidence).state == State.SUCCEEDED and row and row.makes_image and evidence.steps:
        assert evidence.image not in ("saving", "killed", "none", "gone", "left", "NEW") or _on_a_volume(evidence)


@given(st.lists(any_step, max_size=8))
def test_it_has_each_name_once_and_keeps_its_latest_word(steps):
    folded = latest_per_name(steps)
    assert sorted(each.name for each in folded) == sorted({each.name for each in steps})
    assert all(each in steps for each in folded)


@pytest.mark.parametrize(
    ("request_id", "name", "proves"),
    [
        ("req-1", "delete", True),
        ("req-1", "reboot", False),
        ("req-1", None, False),
        ("req-2", "delete", False),
    ],
)
def test_only_a_deletion_by_the_same_request_proves_a_confirmation(
    request_id: str, name: Optional[str], proves: bool
) -> None:
    action = {"action": "confirmResize", "request_id": "req-1", "start_time": "2026-11-21T12:00:00"}
    row = {"action": name, "request_id": request_id, "start_time": "2026-11-21T12:00:05"}
    assert later_than(action, [row, action]).deleted_by_same is proves
