# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The verdict on a task of Glance, and on an import into an image. Pure.

Before it answers an import request, Glance stores the task and locks the image with the property
C(os_glance_import_task) (glance/api/v2/images.py import_image). It removes the lock last, after a success and after a
failure (glance/async_/flows/api_image_import.py). The status alone is wrong: with several stores, an image may be
C(active) after the first one, a copy leaves it C(active), and a failed import leaves it C(importing) or C(queued).
Private to this collection.
"""

from __future__ import annotations

from typing import Any, List, Mapping, Optional

from ..._model.operation import State
from ..expecting import Verdict, split_expect
from ..paths import text

ACTIVE, STORES = "active", "stores"
EXPECTS = (ACTIVE, "stores=NAMES")
# Task statuses (glance/domain/__init__.py Task).
TASK_STATES = {
    "pending": State.PENDING,
    "processing": State.RUNNING,
    "success": State.SUCCEEDED,
    "failure": State.FAILED,
}
_LOCK, _IMPORTING, _FAILED = "os_glance_import_task", "os_glance_importing_to_stores", "os_glance_failed_import"
_WORKING = ("queued", "saving", "uploading", "importing")  # image statuses before the data is complete
_LOST = ("killed", "deleted", "pending_delete")


def judge_task(task: Mapping[str, Any], image: Optional[Mapping[str, Any]]) -> Verdict:
    """Return the verdict on a task. image: the image of a successful import, if it can be read. Never raises."""
    status, said = text(task, "status") or "", text(task, "message")
    state = TASK_STATES.get(status.lower(), State.UNKNOWN)
    if state == State.SUCCEEDED and image is not None and text(image, _LOCK) == text(task, "id"):
        return Verdict(State.RUNNING, "the task is success, and Glance still holds the image")
    known = "" if state != State.UNKNOWN else ", an unknown value"
    return Verdict(state, f"the task is {status or 'without a status'}{known}" + (f": {said}" if said else ""))


def judge_image(expect: str, image: Mapping[str, Any], task: Optional[Mapping[str, Any]]) -> Verdict:
    """Return the verdict on an import into an image. task: the newest task of the image, if it can be read.

    Never raises.
    """
    status = (text(image, "status") or "").lower()
    name, value = split_expect(expect)
    if status in _LOST:
        return Verdict(State.FAILED, f"the image is {status}")
    if text(image, _LOCK) or stores_in(image, _IMPORTING):
        return Verdict(State.RUNNING, f"the image is {status}, and an import runs")
    if status == ACTIVE and name == STORES:
        return _stored(value, image, task)
    if status == ACTIVE:
        return Verdict(State.SUCCEEDED, "the image is active")
    if status not in _WORKING:
        return Verdict(State.UNKNOWN, f"the image is {status}, an unknown value")
    if status in ("saving", "importing") and not failed_stores(image) and not _is_over(task):
        return Verdict(State.RUNNING, f"the image is {status}")
    return _not_active(status, image, task)


def is_locked(image: Mapping[str, Any]) -> bool:
    """Return whether an import holds the image."""
    return text(image, _LOCK) is not None


def stores_in(image: Mapping[str, Any], name: str) -> List[str]:
    """Return the stores that a property of an image lists."""
    return [each.strip() for each in (text(image, name) or "").split(",") if each.strip()]


def failed_stores(image: Mapping[str, Any]) -> List[str]:
    """Return the stores into which an import failed. An import of one store that works removes it from the list."""
    return stores_in(image, _FAILED)


def _stored(wanted: str, image: Mapping[str, Any], task: Optional[Mapping[str, Any]]) -> Verdict:
    """Judge a copy into more stores, which leaves the image active."""
    present = stores_in(image, "stores")
    missing = [each.strip() for each in wanted.split(",") if each.strip() and each.strip() not in present]
    if not missing:
        return Verdict(State.SUCCEEDED, f"the image is active in {wanted}")
    said = f"the image is active, but not in {','.join(missing)}"
    if set(missing) & set(failed_stores(image)) or _is_over(task):
        return Verdict(State.FAILED, _with_message(said, task))
    return Verdict(State.UNKNOWN, f"{said}, and nothing shows whether an import began")


def _not_active(status: str, image: Mapping[str, Any], task: Optional[Mapping[str, Any]]) -> Verdict:
    """Judge an image without data and without an import that runs."""
    if failed_stores(image) or _is_over(task):
        return Verdict(State.FAILED, _with_message(f"the image is {status}, and its import has ended", task))
    return Verdict(State.UNKNOWN, f"the image is {status}, and nothing shows whether an import began")


def _is_failed(task: Optional[Mapping[str, Any]]) -> bool:
    return task is not None and (text(task, "status") or "").lower() == "failure"


def _is_over(task: Optional[Mapping[str, Any]]) -> bool:
    return task is not None and (text(task, "status") or "").lower() in ("success", "failure")


def _with_message(said: str, task: Optional[Mapping[str, Any]]) -> str:
    message = text(task, "message") if task is not None and _is_failed(task) else None
    return f"{said}: {message}" if message else said
