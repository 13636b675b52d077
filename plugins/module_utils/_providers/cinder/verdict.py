# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The verdict on a change of a volume, snapshot, backup or group. Pure.

The status alone does not tell: an extend without space and each failed retype return to C(available), and a volume is
C(available) during its whole migration. The field that had to change tells. The API sets the status of work before it
answers (cinder/volume/api.py), so an idle volume without the change has failed.
Private to this collection.
"""

from __future__ import annotations

from typing import Any, Mapping

from ..._model.operation import State
from ..expecting import Verdict, split_expect
from ..paths import text

AVAILABLE, IN_USE, DELETED, MIGRATED = "available", "in-use", "deleted", "migrated"
SIZE, VOLUME_TYPE = "size", "volume_type"
EXPECTS = (AVAILABLE, IN_USE, DELETED, "size=GIB", "volume_type=NAME", MIGRATED)
IDLE = (AVAILABLE, IN_USE)
# Statuses of work (cinder/objects/fields.py VolumeStatus, SnapshotStatus, BackupStatus, GroupStatus). Others but errors
# are unknown.
_BUSY = frozenset(
    "creating attaching detaching reserved deleting extending retyping reverting uploading downloading maintenance"
    " awaiting-transfer backing-up restoring-backup managing unmanaging restoring updating".split()
)
_MIGRATING = ("starting", "migrating", "completing")


def verdict(expect: str, volume: Mapping[str, Any]) -> Verdict:
    """Return the verdict on a change of a resource that exists. volume: its object in the response.

    Never raises.
    """
    status = (text(volume, "status") or "").lower()
    name, value = split_expect(expect)
    if name == MIGRATED:
        return _migrated(volume, status)
    if status.startswith("error"):
        return Verdict(State.FAILED, f"the status is {status}")
    if status in _BUSY:
        return Verdict(State.RUNNING, f"the status is {status}")
    if status not in IDLE:
        return Verdict(State.UNKNOWN, f"the status is {status}, an unknown value")
    if name == DELETED:
        return Verdict(State.FAILED, f"the status is {status}, so the deletion was refused or ended")
    if name in (SIZE, VOLUME_TYPE):
        return _changed(name, value, volume, status)
    if status == name:
        return Verdict(State.SUCCEEDED, f"the status is {status}")
    return Verdict(State.RUNNING, f"the status is {status}, not yet {name}")


def _changed(name: str, wanted: str, volume: Mapping[str, Any], status: str) -> Verdict:
    """Judge an idle volume by the field that had to change. A later extension counts too: no volume shrinks."""
    shown = text(volume, name)
    if shown is None:
        return Verdict(State.UNKNOWN, f"the status is {status}, and the API shows no {name}")
    if shown == wanted or (name == SIZE and shown.isdecimal() and wanted.isdecimal() and int(shown) >= int(wanted)):
        return Verdict(State.SUCCEEDED, f"the status is {status}, and {name} is {shown}")
    return Verdict(State.FAILED, f"the status is {status} again, but {name} is {shown}, not {wanted}")


def _migrated(volume: Mapping[str, Any], status: str) -> Verdict:
    """Judge a migration by migration_status, which the API shows to administrators only."""
    if "migration_status" not in volume:
        return Verdict(State.UNKNOWN, "the API does not show migration_status: only administrators see it")
    shown = text(volume, "migration_status")
    said = f"migration_status is {shown}"
    if shown in _MIGRATING:
        return Verdict(State.RUNNING, said)
    if shown == "error":
        return Verdict(State.FAILED, said)
    if shown != "success":
        return Verdict(State.UNKNOWN, f"{said}, so no migration is recorded")
    if status in IDLE:
        return Verdict(State.SUCCEEDED, said)
    if status.startswith("error"):
        return Verdict(State.FAILED, f"{said}, but the status is {status}")
    return Verdict(State.RUNNING, f"{said}, and the status is {status}")
