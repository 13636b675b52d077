# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Providers of APIs that have no operations: a task names the resource and what it must become.

Private to this collection.
"""

from __future__ import annotations

import abc
from typing import Any, Mapping, NamedTuple, Optional, Tuple

from .._model.errors import MissingError
from .._model.operation import Operation, State
from .._model.reference import Reference
from .._model.times import any_time
from .base import Provider, error_or_none


class Verdict(NamedTuple):
    """State and reason of an expected change."""

    state: str
    reason: str


def split_expect(expect: Optional[str]) -> Tuple[str, str]:
    """Return name and value of an C(expect) such as C(size=20); the value of a plain status is ""."""
    name, _sign, value = (expect or "").partition("=")
    return name, value


def check_existed(reference: Reference, reason: str) -> None:
    """Refuse the end of a deletion that this wait never saw begin, without the ID of its request. Raises MissingError.

    reason: why the resource counts as deleted. An API refuses to delete what does not exist.
    """
    if not reference.operation_id:
        raise MissingError(
            f"{reason}, and may never have existed: only what this wait has seen counts as deleted. Check the ID, or "
            "give the ID of the request to delete it as operation_id.",
            what="resource",
        )


class ExpectingProvider(Provider):
    """Reads a resource, and judges whether it became what the task expects.

    Each of these APIs changes the resource before it answers a request, so a poll after the answer never sees the old
    status. That is why an idle resource that is not as expected has failed to become so.
    """

    @abc.abstractmethod
    def judged(self, reference: Reference) -> Operation:
        """Read the resource of the reference and judge it. Raises the client's errors."""

    def show(self, reference: Reference) -> Operation:
        """Read the change that C(reference.expect) names. Raises MissingError for what may never have existed."""
        found = self.judged(reference)
        was_there = self.saw(reference, found.raw_status)
        if found.raw_status is None and found.state == State.SUCCEEDED and not was_there:
            check_existed(reference, found.reason)
        return found

    @staticmethod
    def exports_state(operation: Operation) -> bool:
        """Return True if the API has shown the resource."""
        return operation.raw_status is not None

    def change(
        self, reference: Reference, kind: str, found: Verdict, body: Mapping[str, Any], **more: Any
    ) -> Operation:
        """Return the operation for a verdict.

        kind: type of the resource. body: its object in the response. more: a raw_status, unless the API lacks the
        resource. An operation ID is the ID of the request.
        """
        return Operation(
            provider=self.info.name,
            operation_id=reference.operation_id,
            resource_id=reference.resource_id,
            resource_type=kind,
            type=reference.expect,
            state=found.state,
            reason=found.reason,
            error=error_or_none(found.reason) if found.state == State.FAILED else None,
            updated_at=any_time(body.get("updated_at")),
            request_id=reference.operation_id,
            raw={kind: dict(body)},
            **more,
        )
