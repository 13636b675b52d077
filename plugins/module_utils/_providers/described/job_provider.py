# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Providers huaweicloud_job and otc_job: jobs in a list, jobs in jobs, and resources that only a sub-job names.

Private to this collection.
"""

from __future__ import annotations

import dataclasses
from collections import deque
from typing import Any, Dict, List, Optional

from ..._http.client import Reply
from ..._http.error_body import fault_of
from ..._model.errors import MissingError
from ..._model.operation import Operation, State
from ..._model.reference import Reference
from .provider import DescribedProvider
from .reading import AnswerReader

_PLACES = ("entities", "spec")  # objects of a job that contain its parts; a few jobs contain them directly
_PARTS = ("sub_jobs", "sub_jobs_result", "results", "subJobs")  # an image job can have several of these lists


class JobReader(AnswerReader):
    """Reads the job in a response, with its sub-jobs of all levels as steps."""

    def operation(self, body: Any, reply: Reply, reference: Reference) -> Operation:
        """Return the job, whose success needs parts with known statuses. Raises ProtocolError."""
        found = super().operation(body, reply, reference)
        doubt = next((step for step in found.steps if step.result and step.state == State.UNKNOWN), None)
        if found.state == State.SUCCEEDED and doubt:  # the word may mean a failure
            reason = f"{found.reason}, but {doubt.name or 'a part'} is {doubt.result}, which may be a failure"
            found = dataclasses.replace(found, state=State.UNKNOWN, reason=reason)
        resource_id = found.resource_id or self._resource_of_parts(body)
        return found if resource_id is None else dataclasses.replace(found, resource_id=resource_id)

    def step_items(self, body: Any) -> List[Dict[str, Any]]:
        """Return the sub-jobs of all levels."""
        return parts_of(body)

    def _resource_of_parts(self, body: Dict[str, Any]) -> Optional[str]:
        """Return the resource of a job whose parts all have the same one, such as the creation of one server."""
        read = self._fields.get("resource_id")
        found = [read(part, {}) for part in parts_of(body)] if read else []
        only = found[0] if found and all(each == found[0] for each in found) else None
        return only if isinstance(only, str) and only else None


class JobProvider(DescribedProvider):
    """Reads a job from the place where its service has it."""

    reader_class = JobReader

    def body_of(self, answer: Any, reference: Reference) -> Any:
        """Return the job in an answer: below C(root), or the requested one in the list C(items).

        Raises MissingError if the list lacks the job, and ProtocolError for another answer.
        """
        api = self.description
        listed = answer.get(api.items) if api.items else None
        if isinstance(listed, list):
            return _job_in(listed, api.operation_id, str(reference.operation_id))
        if api.root and not isinstance(answer.get(api.root), dict) and fault_of(answer)[0]:
            raise self._reader.no_state(answer)
        return super().body_of(answer, reference)


def parts_of(job: Dict[str, Any]) -> List[Dict[str, Any]]:
    """Return the parts of a job and their parts, in the order of the answer, level by level."""
    found: List[Dict[str, Any]] = []
    waiting = deque([job])
    while waiting:
        each = waiting.popleft()
        inside = [place for place in map(each.get, _PLACES) if isinstance(place, dict)]
        lists = [place.get(name) for place in (each, *inside) for name in _PARTS]
        parts = [part for parts in lists if isinstance(parts, list) for part in parts if isinstance(part, dict)]
        found += parts
        waiting += parts
    return found


def _job_in(listed: List[Any], id_field: str, wanted: str) -> Dict[str, Any]:
    jobs = [each for each in listed if isinstance(each, dict)]
    named = [each for each in jobs if str(each.get(id_field)).casefold() == wanted.casefold()]
    found = named or (jobs if len(jobs) == 1 else [])  # the only job is compared with the requested one later
    if not found:
        raise MissingError(f"The API lists no job {wanted}.")
    return found[0]
