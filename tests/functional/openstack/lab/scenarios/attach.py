# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Images, backups, volumes and ports."""

from __future__ import annotations

import uuid
from typing import Any

from lab.bench import Bench, Metadata, expect, held
from lab.client import control
from lab.scenario import Prepare, Prepared, Scenario, action, delete_it, in_turn, is_gone, let_go

IMAGE = {"createImage": {"name": "snap"}}
BACKUP = {"createBackup": {"name": "b", "backup_type": "daily", "rotation": 1}}
SNAPSHOT_FAILS = {"lab_snapshot": "fail=InternalError"}
UPLOAD_FAILS = {"lab_upload": "sleep=1,fail=InternalError"}


def image_of_deleted(held_up: str, task: str, image: str) -> Prepare:
    """Delete the server under its createImage, when it has this task and its image this status."""

    def is_there(seen: dict[str, Any]) -> bool:
        return (seen["server"]["task_state"], [each["status"] for each in seen["images"]]) == (task, [image])

    def prepare(bench: Bench) -> Prepared:
        server = bench.boot(held(held_up))
        during = in_turn(bench, (is_there, delete_it), (is_gone, let_go))
        return Prepared(server, lambda: bench.act(server, IMAGE), during)

    return prepare


def backup_rotated(bench: Bench) -> Prepared:
    """Make a backup that takes the place of an earlier one."""
    server = bench.boot()
    answer = expect(bench.act(server, BACKUP), 202)
    bench.wait_for_events(server, answer.request_id)
    bench.set_metadata(server, {"lab_upload": "sleep=1"})
    return Prepared(server, lambda: bench.act(server, BACKUP))


def attach_volume(metadata: Metadata | None = None) -> Prepare:
    """Attach a volume."""

    def prepare(bench: Bench) -> Prepared:
        server = bench.boot(metadata)
        volume = str(uuid.uuid4())
        return Prepared(server, lambda: bench.attach_volume(server, volume))

    return prepare


def attached(bench: Bench, metadata: Metadata | None = None) -> tuple[str, str]:
    """Return a server and the volume that is attached to it."""
    server, volume = bench.boot(metadata), str(uuid.uuid4())
    answer = expect(bench.attach_volume(server, volume), 200)
    bench.wait_for_events(server, answer.request_id)
    return server, volume


def detach_volume(metadata: Metadata | None = None) -> Prepare:
    """Detach a volume."""

    def prepare(bench: Bench) -> Prepared:
        server, volume = attached(bench, metadata)
        return Prepared(server, lambda: bench.demo.delete(f"/servers/{server}/os-volume_attachments/{volume}"))

    return prepare


def extend_volume(bench: Bench) -> Prepared:
    """Inform nova that an attached volume has grown."""
    server, volume = attached(bench)
    event = {"name": "volume-extended", "tag": volume, "server_uuid": server}
    return Prepared(server, lambda: bench.admin.post("/os-server-external-events", {"events": [event]}))


def attach_interface(metadata: Metadata | None = None) -> Prepare:
    """Attach a port."""

    def prepare(bench: Bench) -> Prepared:
        server = bench.boot(metadata)
        path = f"/servers/{server}/os-interface"
        return Prepared(server, lambda: bench.demo.post(path, {"interfaceAttachment": {}}))

    return prepare


def detach_interface(bench: Bench) -> Prepared:
    """Detach a port."""
    server = bench.boot()
    path = f"/servers/{server}/os-interface"
    port = expect(bench.demo.post(path, {"interfaceAttachment": {}}), 200).body["interfaceAttachment"]["port_id"]
    return Prepared(server, lambda: bench.demo.delete(f"{path}/{port}"))


def attach_interface_rpc_timeout(bench: Bench) -> Prepared:
    """Attach a port while no compute service runs."""
    server = bench.boot(host="cmp1")
    bench.set_option("rpc_response_timeout", 5)
    control("/stop/cmp1")
    path = f"/servers/{server}/os-interface"
    return Prepared(server, lambda: bench.demo.post(path, {"interfaceAttachment": {}}))


SCENARIOS = (
    Scenario("create_image", "createImage", action(IMAGE), images=True),
    Scenario("create_image_slow", "createImage, 2 s", action(IMAGE, {"lab_snapshot": "sleep=2"}), images=True),
    Scenario("create_image_upload", "createImage, uploads 2 s", action(IMAGE, {"lab_upload": "sleep=2"}), images=True),
    Scenario("create_image_fail", "createImage fails", action(IMAGE, SNAPSHOT_FAILS), images=True),
    Scenario("create_image_upload_fail", "createImage fails in its upload", action(IMAGE, UPLOAD_FAILS), images=True),
    Scenario(
        "create_image_deleted_meanwhile",
        "createImage; the server is deleted before the upload begins",
        image_of_deleted("snapshot", "image_snapshot", "queued"),
        quiet=3,
        images=True,
    ),
    Scenario(
        "create_image_outlasts_server",
        "createImage; the server is deleted during the upload, which goes on",
        image_of_deleted("upload", "image_uploading", "saving"),
        quiet=3,
        images=True,
    ),
    Scenario("create_backup", "createBackup", action(BACKUP), images=True),
    Scenario("create_backup_fail", "createBackup fails", action(BACKUP, SNAPSHOT_FAILS), images=True),
    Scenario("create_backup_rotated", "createBackup; the one before is deleted", backup_rotated, images=True),
    Scenario("attach_volume", "attach a volume", attach_volume()),
    Scenario("attach_volume_slow", "attach, 2 s", attach_volume({"lab_attach_volume": "sleep=2"})),
    Scenario("attach_volume_fail", "attach fails", attach_volume({"lab_attach_volume": "fail=InternalError"})),
    Scenario("detach_volume", "detach a volume", detach_volume()),
    Scenario("detach_volume_fail", "detach fails", detach_volume({"lab_detach_volume": "fail=InternalError"})),
    Scenario("extend_volume", "extend an attached volume (external event)", extend_volume),
    Scenario("attach_interface", "attach a port", attach_interface()),
    Scenario(
        "attach_interface_fail",
        "attach a port fails",
        attach_interface({"lab_attach_interface": "fail=InternalError"}),
    ),
    Scenario("detach_interface", "detach a port", detach_interface),
    Scenario(
        "attach_interface_rpc_timeout",
        "attach a port while the compute service is stopped (RPC call times out after rpc_response_timeout=5)",
        attach_interface_rpc_timeout,
        quiet=7,
        limit=14,
        restart=True,
    ),
)
