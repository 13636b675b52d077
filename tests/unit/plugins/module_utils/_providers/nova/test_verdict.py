# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The verdict on instance actions, case by case; the recordings of a real Nova are in test_replay.py."""

from __future__ import annotations

import pytest
from ansible_collections.cloudgate.operations.plugins.module_utils._model.operation import State
from ansible_collections.cloudgate.operations.plugins.module_utils._providers.nova.actions import (
    REST,
)
from ansible_collections.cloudgate.operations.plugins.module_utils._providers.nova.evidence import (
    Later,
    Server,
    latest_per_name,
)
from ansible_collections.cloudgate.operations.tests.unit.nova_evidence import (
    BROKEN,
    BUILD,
    IDLE,
    LONG,
    REBOOTED,
    judge,
    step,
)


@pytest.mark.parametrize(
    "action, steps, server, state",
    [
        # The terminal event and an idle server open; each of the two alone does not.
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
        # A live migration without a move shows only successful events.
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
        # Unknown names of the future: the status decides if it can, otherwise the state is unknown.
        ("resize", [step("compute_resize_of_2030", 0, 9, "Success")], Server(status="VERIFY_RESIZE"), State.SUCCEEDED),
        ("rebuild", [step("compute_rebuild_of_2030", 0, 9, "Success")], IDLE, State.UNKNOWN),
        ("teleport", [step("compute_teleport", 0, 9, "Success")], IDLE, State.SUCCEEDED),
        ("teleport", [step("compute_teleport", 0, 9, "Error")], IDLE, State.FAILED),
        ("reboot", [step("compute_reboot_instance", 0, 5, "Odd")], IDLE, State.UNKNOWN),
        # An unknown result is no success, whatever the server's status is.
        ("start", [step("compute_start_instance", 0, 5, "Odd")], IDLE, State.UNKNOWN),
        ("teleport", [step("compute_teleport", 0, 9, "Odd")], IDLE, State.UNKNOWN),
        ("start", [step("compute_start_instance", 0, 5, "Odd")], Server(status="ERROR"), State.FAILED),
        ("delete", [step("compute_terminate_instance", 0, 5, "Odd")], Server("gone"), State.SUCCEEDED),
        # Treat a server without a status as unreadable.
        ("teleport", [step("compute_teleport", 0, 9, "Success")], Server(), State.UNKNOWN),
        # Actions that never have an event.
        ("resetState", [], None, State.SUCCEEDED),
        ("delete", [], Server("gone"), State.SUCCEEDED),
        ("delete", [], Server("read", "SOFT_DELETED", "deleting"), State.PENDING),
    ],
)
def test_state(action, steps, server, state):
    assert judge(action, steps, server).state == state


OPEN = [step("compute_step", 0)]


@pytest.mark.parametrize("idle, state", [(REST - 1, State.RUNNING), (REST, State.FAILED), (None, State.RUNNING)])
def test_a_failure_that_left_its_task_on_a_server_in_error_is_reported_after_a_minute(idle, state):
    steps = [step("compute_prep_resize", 0, 1, "Success"), step("compute_resize_instance", 1, 2, "Error")]
    assert judge("resize", steps, Server("read", "ERROR", "resize_migrating", idle=idle)).state == state


NOTHING_LATER = Later()


def stopped(action, server, idle=LONG, later=NOTHING_LATER):
    """Return the verdict on an action with an event that is open for an hour."""
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
        ("attach_volume", IDLE, State.UNKNOWN, "does not show whether attach_volume continues"),
        ("createBackup", IDLE, State.UNKNOWN, "does not show whether createBackup continues"),
        ("confirmResize", Server(status="VERIFY_RESIZE"), State.UNKNOWN, "does not show"),
        ("rebuild", Server("unreadable"), State.RUNNING, "compute_step is running"),
        ("rebuild", Server("read", "REBUILD", "rebuild_spawning"), State.RUNNING, "compute_step is running"),
    ],
)
def test_an_event_that_a_dead_compute_service_left_open(action, server, state, words):
    found = stopped(action, server)
    assert (found.state, words in found.reason) == (state, True), found.reason


@pytest.mark.parametrize("idle", [None, 0.0, REST - 1])
def test_a_server_that_has_just_become_idle_decides_nothing(idle):
    assert stopped("rebuild", IDLE, idle).state == State.RUNNING


def test_an_event_that_has_just_begun_is_running_whatever_the_server_shows():
    assert judge("rebuild", OPEN, IDLE._replace(idle=LONG), open_for=REST - 1).state == State.RUNNING


def test_a_later_action_on_a_server_whose_event_is_open_leaves_the_outcome_open():
    assert stopped("rebuild", IDLE, later=REBOOTED).state == State.UNKNOWN
    assert stopped("create", IDLE._replace(launched=True), later=REBOOTED).state == State.SUCCEEDED


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
        ("live-migration", None, IDLE, State.UNKNOWN),  # a migration that stayed has the same status
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
