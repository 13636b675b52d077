# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The verdict on instance actions, case by case; the recordings of a real Nova are in test_replay.py."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from ansible_collections.cloudgate.operations.plugins.module_utils.nova_actions import RULES, Server, fold, verdict
from ansible_collections.cloudgate.operations.plugins.module_utils.operation import State, Step
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


def judge(action, steps, server=None, message=None):
    return verdict(action, steps, message, server)


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
        # What a later action did to the server says nothing of this one.
        ("reboot", [step("compute_reboot_instance", 0, 5, "Success")], Server("superseded"), State.SUCCEEDED),
        ("create", [step(BUILD, 0, 5, "Success")], Server("superseded"), State.UNKNOWN),
        ("resize", [step("cold_migrate", 0, 1, "Success")], Server("superseded"), State.UNKNOWN),
    ],
)
def test_state(action, steps, server, state):
    assert judge(action, steps, server).state == state


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
    assert [each.result for each in fold(steps)] == ["Success"]
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
    assert not judge("resize", [step("compute_prep_resize", 0)]).ask_server
    assert not judge("reboot", []).ask_server
    assert judge("resize", [step("compute_finish_resize", 0, 1, "Success")]).ask_server


names = st.sampled_from(sorted({end for rule in RULES.values() for end in rule.ends}) + ["new_in_2030"])
seconds = st.one_of(st.none(), st.integers(0, 20))
any_step = st.builds(step, names, seconds, seconds, st.sampled_from(list(WORDS)))
any_server = st.one_of(
    st.none(),
    st.builds(
        Server,
        st.sampled_from(["read", "gone", "unreadable", "superseded"]),
        st.one_of(st.none(), st.sampled_from(["ACTIVE", "ERROR", "BUILD", "VERIFY_RESIZE", "DELETED", "NEW"])),
        st.one_of(st.none(), st.sampled_from(["rebooting", "deleting"])),
    ),
)
any_action = st.sampled_from(sorted(RULES) + ["resetState", "teleport"])


@given(any_action, st.one_of(st.none(), st.lists(any_step, max_size=6)), any_server, st.sampled_from([None, "Error"]))
def test_never_terminal_while_something_runs(action, steps, server, message):
    found = judge(action, steps, server, message)
    assert found.state in (State.PENDING, State.RUNNING, State.SUCCEEDED, State.FAILED, State.UNKNOWN)
    assert found.reason
    if found.state in State.TERMINAL and action != "resetState":
        assert server is not None
        assert not server.busy
    if found.state == State.SUCCEEDED and steps and action in RULES:
        running = [each for each in fold(steps) if each.state == State.RUNNING]
        done = [each for each in fold(steps) if each.name in RULES[action].ends and each.state == State.SUCCEEDED]
        assert not running or done


@given(st.lists(any_step, max_size=8))
def test_fold_has_each_name_once_and_keeps_its_latest_word(steps):
    folded = fold(steps)
    assert sorted(each.name for each in folded) == sorted({each.name for each in steps})
    assert all(each in steps for each in folded)
