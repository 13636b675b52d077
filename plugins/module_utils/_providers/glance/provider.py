# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tasks of OpenStack Glance, and imports into images.

Private to this collection.
"""

from __future__ import annotations

import dataclasses
from typing import Any, Dict, List, Optional

from ..._model.errors import ForbiddenError, GateError, InputError, MissingError, ProtocolError
from ..._model.operation import Operation, State
from ..._model.reference import Query, Reference
from ..._model.times import any_time, timestamp
from ..base import Capabilities, error_or_none, same_as_asked, section, word_in
from ..expecting import ExpectingProvider, Verdict
from ..paths import text
from .verdict import EXPECTS, failed_stores, is_locked, judge_image, judge_task

_REQUEST = "req-"
_NO_SUCH_URL = " The API does not exist"  # in the error for an HTML page, which is no reason here
Row = Dict[str, Any]


class GlanceProvider(ExpectingProvider):
    """Reads the tasks of an image, a task by its ID, or an image that must have data."""

    capabilities = Capabilities(needs_resource=False, expects=EXPECTS)

    def show(self, reference: Reference) -> Operation:
        """Read the task of the reference, by its ID or by the ID of the request that began it."""
        if reference.expect:
            return self.judged(reference)
        asked, image_id = str(reference.operation_id), reference.resource_id
        if image_id is None:
            return self._of(self._task(asked), None)
        field = "request_id" if asked.startswith(_REQUEST) else "id"
        found = next((each for each in self._tasks(image_id) if each.get(field) == asked), None)
        if found is None:
            raise MissingError(f"The image {image_id} has no task {asked} (any more).")
        return self._of(found, image_id)

    def judged(self, reference: Reference) -> Operation:
        """Read the image that must have data."""
        image_id = str(reference.resource_id)
        image = self._image(image_id)
        found = judge_image(str(reference.expect), image, None)
        if found.state != State.SUCCEEDED and not is_locked(image):  # the task shows more
            found = judge_image(str(reference.expect), image, self._newest(image_id))
        operation = self.change(reference, "image", found, image, raw_status=text(image, "status"))
        operation.warning = _warning(image)
        return operation

    def list(self, query: Query) -> List[Operation]:
        """List the tasks of an image, newest first."""
        image_id = str(query.resource_id)
        found = [self._of(task, image_id) for task in self._tasks(image_id)]
        since = query.changes_since and query.changes_since.replace(microsecond=0)  # tasks have whole seconds
        bounds = dataclasses.replace(query, changes_since=since)
        found = [each for each in found if query.action in (None, each.type) and bounds.covers(each.updated_at)]
        return found[: query.limit]

    def _of(self, task: Row, image_id: Optional[str]) -> Operation:
        found = judge_task(task, None)
        image_id = image_id or text(task, "image_id")
        image = self._image_or_none(image_id) if found.state == State.SUCCEEDED and image_id else None
        return self._operation(task, judge_task(task, image), image, image_id)

    def _operation(self, task: Row, found: Verdict, image: Optional[Row], image_id: Optional[str]) -> Operation:
        over = found.state in State.TERMINAL
        return Operation(
            provider=self.info.name,
            operation_id=word_in(task, "id"),
            resource_id=image_id,
            resource_type="image",
            type=text(task, "type"),
            state=found.state,
            reason=found.reason,
            raw_status=text(task, "status"),
            error=error_or_none(found.reason) if found.state == State.FAILED else None,
            warning=_warning(image) if image else None,
            started_at=any_time(task.get("created_at")),
            updated_at=any_time(task.get("updated_at")),
            finished_at=any_time(task.get("updated_at")) if over else None,
            project_id=text(task, "owner"),
            user_id=text(task, "user_id"),
            request_id=text(task, "request_id"),
            raw={"task": task},
        )

    def _task(self, task_id: str) -> Row:
        """Read a task, which most clouds allow to administrators only. Raises the client's errors."""
        if task_id.startswith(_REQUEST):
            raise InputError(
                "resource_id is missing: the ID of a request names a task only together with its image. Give its ID."
            )
        try:
            task = self._get("tasks", task_id)
        except ForbiddenError as exc:
            exc.message += " Members can read the tasks of an image: give resource_id."
            raise
        same_as_asked("operation", task_id, word_in(task, "id"))
        return task

    def _tasks(self, image_id: str) -> List[Row]:
        """Read the tasks of an image, newest first. Raises MissingError, also for Glance before 22 (API 2.17)."""
        try:
            rows = section(self._get("images", image_id, "tasks"), "tasks", list)
        except MissingError as exc:
            exc.what = "resource"
            exc.message += " There is no such image in this project, or this Glance does not show the tasks of images."
            raise
        for row in rows:
            same_as_asked("image", image_id, text(row, "image_id"))
        return sorted(rows, key=lambda row: timestamp(any_time(row.get("created_at"))), reverse=True)

    def _get(self, *path: str) -> Row:
        """GET an object. Raises MissingError also for a 404 with an HTML page, which is how Glance answers."""
        try:
            return self.client.get(path)
        except ProtocolError as exc:
            if exc.status != 404:
                raise
            said = exc.message.partition(_NO_SUCH_URL)[0]
            raise MissingError(said, exc.code, exc.request_id, exc.status) from exc

    def _newest(self, image_id: str) -> Optional[Row]:
        """Return the newest task of an image; None if they cannot be read. Raises transient errors."""
        try:
            return next(iter(self._tasks(image_id)), None)
        except GateError as exc:
            if exc.transient:
                raise
            return None

    def _image(self, image_id: str) -> Row:
        try:
            image = self._get("images", image_id)
        except MissingError as exc:
            exc.what = "resource"
            exc.message += " There is no such image in this project."
            raise
        same_as_asked("image", image_id, word_in(image, "id"))
        word_in(image, "status")
        return image

    def _image_or_none(self, image_id: str) -> Optional[Row]:
        try:
            return self._image(image_id)
        except (MissingError, ForbiddenError):
            return None


def _warning(image: Row) -> Optional[str]:
    failed = failed_stores(image)
    return f"the import into these stores failed: {','.join(failed)}" if failed else None
