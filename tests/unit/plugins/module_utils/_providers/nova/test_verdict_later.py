# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The verdict on an action whose server was changed or deleted by a later action."""

from __future__ import annotations

from typing import Optional

import pytest
from ansible_collections.cloudgate.operations.plugins.module_utils._model.operation import State
from ansible_collections.cloudgate.operations.plugins.module_utils._providers.nova.actions import (
    REST,
)
from ansible_collections.cloudgate.operations.plugins.module_utils._providers.nova.evidence import (
    Later,
    Server,
)
from ansible_collections.cloudgate.operations.plugins.module_utils._providers.nova.reading import later_than
from ansible_collections.cloudgate.operations.tests.unit.nova_evidence import (
    BROKEN,
    BUILD,
    BUSY,
    IDLE,
    REBOOTED,
    at,
    judge,
    step,
)

LOCKED = Later((("lock", at(100)),))
CONFIRMED = Later((("confirmResize", at(100)),))
REBUILT = Later((("rebuild", at(100)),))


@pytest.mark.parametrize(
    "action, steps, server, later, state",
    [
        # The effect of a later action on the server does not decide about this one.
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
        # A create is proven by launched_at, or by an action that needs a guest.
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
def test_the_row_of_a_deleted_server_shows_whether_it_was_built(steps, row, state):
    assert judge("create", steps, Server("gone"), deleted=row).state == state


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


@pytest.mark.parametrize("steps", [None, [], [step("compute_terminate_instance", 0)]])
def test_a_deletion_in_verify_resize_clears_the_task_before_the_server_is_gone(steps):
    server = Server(status="ACTIVE", idle=2 * REST)
    assert judge("delete", steps, server, open_for=2 * REST).state not in State.TERMINAL


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
