# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An API as data: URLs of operations, paths of fields, meaning of status values. Pure.

Private to this collection.
"""

from __future__ import annotations

import dataclasses
import json
from datetime import timedelta
from typing import Any, FrozenSet, Mapping, Optional, Tuple

from ..._auth.login_request import LoginRequest
from .words import Words, statuses_in, words

__all__ = ("FIELDS", "STEP_FIELDS", "Description", "Follow", "StepFields", "Words", "option_of", "words")


@dataclasses.dataclass(frozen=True)
class StepFields:
    """JMESPath of the steps (items), and of the fields in each step.

    path: of another request that lists the steps of a finished operation. next: its next page. on_failure: C(fail) if a
    failed step makes a success a failure, C(warn) if it is a warning.
    """

    items: str
    name: str = "name"
    state: str = "status"
    error: str = ""
    started_at: str = ""
    finished_at: str = ""
    path: str = ""
    next: str = ""
    on_failure: str = "fail"


@dataclasses.dataclass(frozen=True)
class Follow:
    """The operation that a link in an answer names, such as the build of a queue item.

    link: JMESPath of its URL. path: after this URL. description: of its answers.
    """

    link: str
    path: str
    description: Description


@dataclasses.dataclass(frozen=True)
class Description:
    """An API that shows asynchronous operations. Paths of URLs are below the endpoint, paths of fields are JMESPath.

    show_path, list_path, find_path: with the placeholders C({operation_id}), C({resource_id}), C({client_request_id}).
    root: key of the operation in a response, "" if it is the response itself; items: key of the operations in a list.
    batch: the unfiltered list shows each operation as completely as its own URL does. batch_path: reads several
    operations by their IDs. next: in a page, the next one or the value of the query parameter next_parameter.
    query: parameters of every request. post_show, post_list: JSON bodies with the placeholders of the path, if the API
    is read by POST.
    detail: text about the state, used as the error of a failed operation.
    missing_codes: error codes of the API that mean 404, whatever the HTTP status.
    expects: statuses of a resource that can be waited for instead of an operation.
    changes_at_once: the API changes the status of a resource before it answers a request, so the first poll counts.
    endpoint: base of operation URLs, if the API returns URLs instead of IDs.
    utc_offset: of times without a zone. moved_to: in an answer, the URL of the next poll. link_path: after an ID that
    is a URL. follow: the operation that continues this one. login: header and login request of the API.
    """

    show_path: str
    state: str
    states: Words
    root: str = ""
    list_path: str = ""
    find_path: str = ""
    batch: bool = False
    items: str = ""
    next: str = ""
    next_parameter: str = ""
    batch_path: str = ""
    query: Tuple[Tuple[str, str], ...] = ()
    post_show: Optional[Mapping[str, Any]] = None
    post_list: Optional[Mapping[str, Any]] = None
    filters: Tuple[str, ...] = ()
    expects: Tuple[str, ...] = ()
    changes_at_once: bool = False
    endpoint: str = ""
    headers: Mapping[str, str] = dataclasses.field(default_factory=dict)
    missing_codes: Tuple[str, ...] = ()
    missing: str = "operation"
    operation_id: str = "id"
    resource_id: str = ""
    resource_type: str = ""
    type: str = ""
    error_message: str = ""
    error_code: str = ""
    detail: str = ""
    warning: str = ""
    started_at: str = ""
    updated_at: str = ""
    finished_at: str = ""
    request_id: str = ""
    project_id: str = ""
    user_id: str = ""
    steps: Optional[StepFields] = None
    percent: str = ""
    utc_offset: timedelta = timedelta()
    moved_to: str = ""
    link_path: str = ""
    follow: Optional[Follow] = None
    login: Optional[LoginRequest] = None

    @property
    def statuses(self) -> FrozenSet[int]:
        """The HTTP statuses that have a meaning of their own."""
        return statuses_in(self.states)

    @property
    def of_resource(self) -> bool:
        """Whether the request that shows an operation shows a resource, because the API has no operations."""
        return bool(self.show_path) and not self.shows_by("operation_id")

    def shows_by(self, place: str) -> bool:
        """Return whether the request that shows an operation has this placeholder, in its path or its body."""
        return f"{{{place}}}" in self.show_path + json.dumps(self.post_show)


FIELDS = (
    "state operation_id resource_id resource_type type error_message error_code detail warning started_at updated_at "
    "finished_at request_id project_id user_id percent"
).split()
STEP_FIELDS = "items name state error started_at finished_at".split()


def option_of(field: str) -> str:
    """Return the option for a field."""
    return "definition.id" if field == "operation_id" else f"definition.{field}"
