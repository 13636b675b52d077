# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The verdict on createImage and createBackup."""

from __future__ import annotations

import pytest
from ansible_collections.cloudgate.operations.plugins.module_utils._model.operation import State
from ansible_collections.cloudgate.operations.plugins.module_utils._providers.nova.actions import (
    IMAGE_KEPT,
)
from ansible_collections.cloudgate.operations.plugins.module_utils._providers.nova.evidence import (
    Later,
    Server,
)
from ansible_collections.cloudgate.operations.tests.unit.nova_evidence import IDLE, LONG, at, judge, step


@pytest.mark.parametrize(
    "names, state",
    [
        (("delete",), State.UNKNOWN),
        (("resetState", "lock", "delete"), State.UNKNOWN),
        (("invented", "delete"), State.UNKNOWN),
        (("reboot", "delete"), State.SUCCEEDED),
    ],
)
def test_an_image_had_finished_when_nova_accepted_an_action_that_needs_an_idle_server(names, state):
    later = Later(tuple((name, at(9)) for name in names))
    steps = [step("compute_snapshot_instance", 0, 1, "Success")]
    assert judge("createImage", steps, Server("gone"), later=later).state == state


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
def test_the_image_decides_about_an_image_action(server, image, state, steps):
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


def test_an_image_is_read_before_a_deletion_decides():
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
def test_the_image_decides_after_a_dead_compute_service(action, name, image, state):
    idle = IDLE._replace(idle=LONG)
    assert judge(action, [step(name, 0)], idle, open_for=LONG, image=None).ask == "image"
    assert judge(action, [step(name, 0)], idle, open_for=LONG, image=image).state == state


def test_a_snapshot_of_a_server_on_a_volume_has_no_image_that_names_it():
    assert (
        judge("createImage", [step("api_snapshot_instance", 0, 1, "Success")], IDLE, image=None).state
        == State.SUCCEEDED
    )
