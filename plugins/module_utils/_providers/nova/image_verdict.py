# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Judge an action that makes an image by the status of the image. Pure.

Private to this collection.
"""

from __future__ import annotations

from typing import Optional

from ..._model.operation import State
from .actions import IMAGE_KEPT, REST
from .evidence import Case, Server, Verdict

_NOT_MADE = ("left", "none", "gone")  # set by the provider for an image without a status
# Image statuses (C(glance/domain/__init__.py) Image.valid_state_targets). Only an active image can be deactivated.
UPLOADING = ("queued", "saving", "importing", "uploading")
MADE = {"active": "the image is active", "deactivated": "the image is deactivated"}
LOST = ("killed", "deleted", "pending_delete", *_NOT_MADE)


def by_image(case: Case, server: Server) -> Optional[Verdict]:
    """Return the verdict by the image; None if the image does not decide.

    An upload continues after the server was deleted, and the image is kept (manager.py _snapshot_instance,
    InstanceNotFound). It ends with the compute service, which drops it at its next start (_init_instance,
    IMAGE_UPLOADING).
    """
    image = str(case.evidence.image)
    if image in MADE:
        return case.found(State.SUCCEEDED, MADE[image])
    if image in UPLOADING:
        return _uploading(case, server, image)
    if image in LOST:
        return _lost(case, server, image)
    if image == "rotated" and case.final:
        return case.found(State.SUCCEEDED, f"{case.final.name} succeeded, and later backups followed")
    if image in ("rotated", "unreadable"):
        return None
    return case.found(State.UNKNOWN, f"the image is {image}, an unknown value")


def _uploading(case: Case, server: Server, image: str) -> Verdict:
    if server.view == "read" and (server.idle or 0.0) >= REST:
        return case.found(State.FAILED, f"the image is {image}, and the server is idle")
    return case.found(State.RUNNING, f"the image is {image}")


def _lost(case: Case, server: Server, image: str) -> Verdict:
    if image == "left":
        return case.found(State.FAILED, "the image is queued, and nobody will upload it")
    if image == "none" and (server.idle or 0.0) <= IMAGE_KEPT:
        return case.found(State.FAILED, "the image does not exist")
    if image in ("none", "gone"):
        return case.found(State.UNKNOWN, "the image does not exist (any more)")
    return case.found(State.FAILED, f"the image is {image}")
