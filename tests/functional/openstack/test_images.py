# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The outcome of images with a real Glance: also while it is down, and without permission to read it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from ansible_collections.cloudgate.operations.plugins.module_utils._model.errors import TransportError
from ansible_collections.cloudgate.operations.plugins.module_utils._model.operation import Operation
from ansible_collections.cloudgate.operations.plugins.module_utils._model.reference import Reference
from conftest import Playing
from lab.bench import Bench, Metadata, expect
from lab.scenarios.attach import BACKUP, IMAGE
from test_outage import LONG, PATIENCE, lab
from test_verdicts import Watcher

FAILS = {"lab_snapshot": "fail=InternalError"}
WORKS = {"lab_snapshot": "", "lab_upload": "sleep=1.2"}  # an image within a second of the next action could be either's
TWO_MINUTES = 120.0


@pytest.fixture(autouse=True)
def _cleaned_up(bench: Bench) -> Iterator[None]:
    yield
    bench.clean_up()


def ask(bench: Bench, server: str, body: dict, metadata: Metadata | None = None) -> Reference:
    """Ask for an image."""
    if metadata:
        bench.set_metadata(server, metadata)
    return Reference(expect(bench.act(server, body), 202).request_id, server)


def until_finished(bench: Bench, reference: Reference) -> None:
    """Return when the action has finished."""
    bench.wait_for_events(str(reference.resource_id), reference.operation_id)
    bench.wait(str(reference.resource_id), "ACTIVE", PATIENCE)


def seen(user: str, reference: Reference) -> Operation:
    """Return what a user sees now."""
    found = Watcher(user, reference, time.time()).provider.read(reference)
    assert found is not None
    return found


def seen_at_last(user: str, reference: Reference, seconds: float = TWO_MINUTES) -> Operation:
    """Return what a user sees when it has finished."""
    provider, deadline = Watcher(user, reference, time.time()).provider, time.monotonic() + seconds
    while True:
        found = provider.read(reference)
        assert found is not None
        if found.terminal or time.monotonic() > deadline:
            return found
        time.sleep(1)


@pytest.mark.parametrize("user", ["demo", "admin"])
@pytest.mark.parametrize(
    ("metadata", "state", "reason"),
    [({}, "succeeded", "the image is active"), (FAILS, "failed", "the image does not exist")],
)
def test_the_reason_names_the_image(bench: Bench, user: str, metadata: Metadata, state: str, reason: str) -> None:
    image = ask(bench, bench.boot(), IMAGE, metadata)
    until_finished(bench, image)
    found = seen(user, image)
    assert (found.state, found.reason) == (state, reason)


def test_missing_permission_to_read_images_is_reported(bench: Bench) -> None:
    image = ask(bench, bench.boot(), IMAGE)
    until_finished(bench, image)
    found = seen("demo_blind", image)
    assert found.state == "succeeded"
    assert "the image could not be read" in found.reason


def test_two_images_in_a_row_are_not_mixed_up(bench: Bench) -> None:
    """A failed image, and a second one requested immediately that succeeds; and the other way round."""
    server = bench.boot()
    images = []
    for metadata in (FAILS, WORKS, FAILS, WORKS):
        images.append(ask(bench, server, IMAGE, metadata))
        until_finished(bench, images[-1])
    assert [seen("demo", image).state for image in images] == ["failed", "succeeded"] * 2


def test_a_backup_that_a_later_one_has_rotated_out_was_made(bench: Bench) -> None:
    server = bench.boot()
    backups = []
    for _backup in range(2):
        backups.append(ask(bench, server, BACKUP))
        until_finished(bench, backups[-1])
    assert len(bench.images(server)) == 1
    assert [seen("demo", backup).state for backup in backups] == ["succeeded", "succeeded"]


def test_an_image_by_an_administrator_of_another_project_is_seen_by_the_owner(bench: Bench) -> None:
    """An image that is shared with the owner of the server, who has not accepted it."""
    server = bench.boot()
    elsewhere = type(bench.admin)("admin", "admin", "admin")
    image = Reference(expect(bench.act(server, IMAGE, elsewhere), 202).request_id, server)
    until_finished(bench, image)
    assert bench.images(server)[0]["visibility"] == "shared"
    assert seen("demo", image).reason == "the image is active"


def test_an_image_service_that_is_down_is_waited_for(bench: Bench, tmp_path: Path) -> None:
    server = bench.boot()
    image = ask(bench, server, IMAGE)
    until_finished(bench, image)
    lab("kill", "glance")
    try:
        with pytest.raises(TransportError):
            seen("demo", image)
        named = {"server_id": server, "request_id": image.operation_id}
        gate = Playing(
            tmp_path,
            "wait.yml",
            None,
            {"operation_gate_poll_min": 1, "operation_gate_poll_max": 1, "operation_gate_timeout": LONG}
            | {"operation_gate_operations": [named]},
        )
        time.sleep(5)  # several polls meet the killed service
        assert gate.goes_on()
    finally:
        lab("start", "glance")
    (result,) = gate.end(LONG).succeeded()
    assert result["operations"][0]["reason"] == "the image is active"
    assert result["tolerated_errors"] > 0


def test_an_upload_that_ended_with_the_compute_service_has_failed(bench: Bench) -> None:
    """A restarted Nova has lost the task, and the image keeps its status."""
    server = bench.boot()
    image = ask(bench, server, IMAGE, {"lab_upload": "sleep=600"})
    bench.wait_until(lambda: bench.images(server)[0]["status"] == "saving", "nothing is uploaded", PATIENCE)
    lab("kill", "nova")
    lab("start", "nova")
    found = seen_at_last("demo", image)
    assert found.state == "failed"
    assert found.reason in [f"the image is {word}, and the server is idle" for word in ("saving", "queued")]


@pytest.mark.usefixtures("slow_bus")
def test_a_server_that_was_deleted_before_the_compute_service_heard_of_the_image(bench: Bench) -> None:
    """Nova leaves an image that stays queued."""
    server = bench.boot()
    image = ask(bench, server, IMAGE)
    expect(bench.demo.delete(f"/servers/{server}"), 204)
    bench.wait_until(lambda: bench.server(server)["status"] is None, "the server stays", PATIENCE)
    found = seen_at_last("demo", image)
    assert found.state == "failed"
    assert bench.images(server)[0]["status"] == "queued"
