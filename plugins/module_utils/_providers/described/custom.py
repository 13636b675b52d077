# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Provider custom: a JSON API that the user describes.

Private to this collection.
"""

from __future__ import annotations

import dataclasses
from typing import Any, Dict, List, Mapping, Optional, Sequence, cast

from ..._http.client import Reply
from ..._http.urls import shown_url
from ..._model.errors import ForbiddenError, InputError, MissingError, ProtocolError
from ..._model.operation import Operation, State
from ..._model.reference import Found, Reference
from ..base import ProviderInfo, same_as_asked
from ..paths import Location, fill
from .definition import DEFINITION_SPEC, description_of
from .description import Description
from .expected import GONE, expected
from .links import below, check_any_id, ends_with, is_link, last_part, linked, url_of, with_path, with_values
from .lists import batches
from .reading import MOST_UNLISTED, AnswerReader, field
from .user_api import MAY_BE_EMPTY, UserApi, body_of

__all__ = ("DEFINITION_SPEC", "CustomProvider", "below", "custom", "description_of")


class CustomProvider(UserApi):
    """Accepts as operation_id an ID, a name such as C(operations/7), or a URL, also one that begins with a slash."""

    user_describes = True

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self._unlisted: Dict[Reference, Sequence[str]] = {}  # status values that definition.states does not list
        self._links: Dict[Reference, str] = {}  # URLs that answers have named for the next polls
        api = self.description
        self._following = AnswerReader(api.follow.description, self.info.name, True) if api.follow else None
        link = api.follow.link if api.follow else api.moved_to
        self._read_link = field(link, "definition.moved_to") if link else None

    @staticmethod
    def check_operation_id(info: ProviderInfo, value: str) -> None:
        """Refuse an invalid ID, and a URL that is not below the endpoint. Raises InputError."""
        api = cast(Description, info.description)
        if api.of_resource:
            check_any_id("operation_id", value)  # of the request
        elif is_link(value):
            below(api.endpoint, value)
        elif not api.show_path:
            raise InputError("definition.show is missing: without it, operation_id must be a full URL.")
        else:
            check_any_id("operation_id", value)

    @staticmethod
    def check_resource_id(value: str) -> str:
        """Return a valid ID. Raises InputError for one that could change the URL."""
        return check_any_id("resource_id", value)

    def where(self, reference: Reference) -> Location:
        """Return path and query of the operation."""
        name = self._links.get(reference)
        if name is None:
            name = str(reference.operation_id)
            if not is_link(name):
                return super().where(reference)
            name = with_path(name, self.description.link_path)
        return below(self.description.endpoint, name)

    def reply_to(self, reference: Reference) -> Reply:
        """Return the response for one operation. A URL that an API has named is never read by POST."""
        own = reference not in self._links and not is_link(str(reference.operation_id))
        return self._read(self.where(reference), self._posted(reference) if own else None)

    def _posted(self, reference: Reference) -> Optional[Mapping[str, Any]]:
        values = {"operation_id": reference.operation_id, "resource_id": reference.resource_id}
        return body_of(self.description.post_show, values)

    def body_of(self, answer: Any, reference: Reference) -> Any:
        """Return the operation in an answer, which may be empty. Raises ProtocolError if it is missing."""
        return super().body_of(answer, reference) if isinstance(answer, dict) else answer

    def show(self, reference: Reference) -> Operation:
        """Read one operation, or the one that an earlier answer has named, or a resource that must change."""
        if reference.expect:
            return self._expected(reference)
        if self._following and reference in self._links:
            return self._linked_operation(reference, self._links[reference])
        return super().show(reference)

    def _expected(self, reference: Reference) -> Operation:
        """Read the resource of a reference and judge it. Raises MissingError for one that may never have existed."""
        where = fill(self.description.show_path, {"resource_id": reference.resource_id})
        return self._judged(self._read(where, self._posted(reference)), reference)

    def _judged(self, reply: Reply, reference: Reference) -> Operation:
        resource = Reference(reference.resource_id, reference.resource_id)
        found = self._reader.operation(self.body_of(reply.body, resource), reply, resource)
        self.check_identity(resource, found)
        moved = self.saw(reference, _shown(found))
        return expected(found, reference, moved, self.description.changes_at_once)

    def one_saved(self, reply: Reply, reference: Reference) -> Operation:
        """Return the operation in a saved response. The responses of a resource count as the polls of one wait."""
        if reference.expect:
            return self._judged(reply, reference)
        found = super().one_saved(reply, reference)
        self._check_was_there(reference, found)
        link = self._link_in(reply, found)
        return self._undecided(found) if link is None else self._continued(found, reference, link)

    def _continued(self, found: Operation, reference: Reference, link: str) -> Operation:
        """Return a saved operation whose reason names the URL that a wait reads next.

        Raises ProtocolError for a URL that is not below the endpoint, if the task gives an endpoint.
        """
        url = shown_url(self._url_of(reference, link) if self.options.get("endpoint") else link)
        if self._following:
            said = f"{found.reason}; the operation at {url} decides"
            return dataclasses.replace(found, state=State.RUNNING, reason=said, error=None)
        return dataclasses.replace(found, reason=f"{found.reason}; the next poll reads {url}")

    def followed(self, reference: Reference, reply: Reply, found: Operation) -> Operation:
        """Return the operation that the answer names instead, if it does; the answer may only name its next URL."""
        self._check_was_there(reference, found)
        found = self.with_steps(reference, found)
        api = self.description
        known = self._links.get(reference)
        like_a_link = self._read_link and "://" in str(found.operation_id)  # a later process would take it for one
        if known or like_a_link:
            found = dataclasses.replace(found, operation_id=known or reference.operation_id)
        link = self._link_in(reply, found)
        if link is None:
            return self._undecided(found)
        url = self._url_of(reference, link)
        if self._following:
            return self._linked_operation(reference, url)
        if url == url_of(api.endpoint, self.where(reference)):
            return found
        self._links[reference] = url
        return dataclasses.replace(found, operation_id=url)

    def _link_in(self, reply: Reply, found: Operation) -> Optional[str]:
        """Return the URL that an answer names for the next poll, or of the operation that decides; None without one."""
        follow = self.description.follow
        if not self._read_link or (found.terminal and not follow):
            return None
        link = self._read_link(reply.body, reply.headers)
        if not isinstance(link, str) or not link:
            return None
        return with_path(link, follow.path) if follow else link

    def _url_of(self, reference: Reference, link: str) -> str:
        api = self.description
        option = "definition.follow.link" if api.follow else "definition.moved_to"
        return url_of(api.endpoint, linked(api.endpoint, self.where(reference), link, option))

    def _undecided(self, found: Operation) -> Operation:
        """Return an operation without a link as running, if only the operation at the link can succeed."""
        return _not_yet(found) if self._following and found.state == State.SUCCEEDED else found

    def _linked_operation(self, reference: Reference, url: str) -> Operation:
        """Read the operation that a link names, from now on instead of the first one, which may disappear."""
        reader_of = cast(AnswerReader, self._following)
        where = below(self.description.endpoint, url)
        reply = self._ask(where, with_values(self.description.headers, {}), reader_of.api.statuses | MAY_BE_EMPTY)
        itself = dataclasses.replace(reference, operation_id=url)
        found = reader_of.operation(reply.body, reply, itself)
        self._check_was_there(itself, found)
        self._links[reference] = url
        return dataclasses.replace(found, operation_id=url)

    def _check_was_there(self, reference: Reference, found: Operation) -> None:
        """Refuse a 404 as a success without another answer before: else the operation may never have been."""
        was_there = self.saw(reference, _shown(found))
        if found.raw_status == GONE and found.state == State.SUCCEEDED and not was_there:
            raise MissingError(
                f"The API does not know {reference.operation_id} (404), which definition.states counts as a success "
                "only after it has shown the operation.",
                status=404,
            )

    @staticmethod
    def exports_state(operation: Operation) -> bool:
        """Return True for an operation that the API has shown."""
        return operation.raw_status not in (None, GONE)

    def import_state(self, reference: Reference, operation: Operation) -> None:
        """Record what an earlier process has read."""
        name = str(operation.operation_id)
        linked = bool(self._read_link) and "://" in name and name != reference.operation_id
        if linked:
            self._links[reference] = name
        itself = dataclasses.replace(reference, operation_id=name) if linked and self._following else reference
        super().import_state(itself, operation)
        self._unlisted[reference] = operation.unlisted

    def check_identity(self, reference: Reference, found: Operation) -> None:
        """Refuse a response for another operation. Only the last part of a name or URL is compared."""
        asked, answered = (last_part(each) for each in (reference.operation_id, found.operation_id))
        if not ends_with(asked, answered) and not ends_with(answered, asked):
            same_as_asked("operation", asked, answered)

    def poll_many(self, references: Sequence[Reference]) -> List[Found]:
        """Poll each operation. If the API reads several by their IDs, one request reads up to 50."""
        found = self._polled(references)
        return [self._with_earlier_words(*each) for each in zip(references, found)]

    def _with_earlier_words(self, reference: Reference, found: Found) -> Found:
        """Add the unlisted status values of earlier polls to an operation, and to its reason unless it succeeded."""
        if not isinstance(found, Operation):
            return found
        key = reference.resolved_to(found.operation_id)
        known = self._unlisted.get(key, ())
        earlier = [each for each in known if each not in found.unlisted]
        self._unlisted[key] = every = list(dict.fromkeys([*known, *found.unlisted]))[:MOST_UNLISTED]
        reason = found.reason
        if earlier and found.state != State.SUCCEEDED:
            reason += f"; before, the API said {', '.join(earlier)}, which definition.states does not list"
        return dataclasses.replace(found, reason=reason, unlisted=every)

    def _polled(self, references: Sequence[Reference]) -> List[Found]:
        by_id = [each for each in references if self._is_plain(each)]
        if not self._listable or not self.description.batch_path or len(by_id) < 2 or self._read_link:
            return [self._poll_one(each) for each in references]
        known: Dict[str, Operation] = {}
        try:
            for where in batches(self.description.batch_path, [str(each.operation_id) for each in by_id]):
                known.update((str(each.operation_id).casefold(), each) for each in self._listed(where, Reference()))
        except (ForbiddenError, MissingError, ProtocolError) as exc:
            if exc.transient:
                raise
            self._listable = False  # not allowed, or one of them is unknown: one request per operation
            return [self._poll_one(each) for each in references]
        plain = set(by_id)
        return [self._of_batch(each, known) if each in plain else self._poll_one(each) for each in references]

    def _operations(self, items: Sequence[Any], reference: Reference) -> List[Operation]:
        """Return the operations in a list. With C(follow), none has succeeded: a poll reads the one that decides."""
        found = super()._operations(items, reference)
        return [self._undecided(each) for each in found]

    def _of_batch(self, reference: Reference, known: Mapping[str, Operation]) -> Found:
        """Return an operation of a batch. One that the answer lacks is missing: it did not succeed by that."""
        found = known.get(str(reference.operation_id).casefold())
        if found is None:
            return MissingError(f"The API's answer to definition.batch lacks {reference.operation_id}.")
        self.saw(reference, _shown(found))
        return self.with_steps(reference, found)

    def _poll_one(self, reference: Reference) -> Found:
        try:
            return self.poll(reference)
        except MissingError as exc:
            return exc

    @staticmethod
    def _is_plain(reference: Reference) -> bool:
        return bool(reference.operation_id) and not is_link(str(reference.operation_id)) and reference.known is None


def _shown(found: Operation) -> Optional[str]:
    """Return the status of what the API has shown, None for a 404."""
    return None if found.raw_status == GONE else found.raw_status or ""


def _not_yet(found: Operation) -> Operation:
    """Return an operation as running, because the one that decides was not read yet."""
    said = f"{found.reason}; the operation at definition.follow.link decides"
    return dataclasses.replace(found, state=State.RUNNING, reason=said)


def custom(options: Mapping[str, Any]) -> Description:
    """Return the API that a task describes. Raises InputError and LibraryMissing with the name of the option."""
    if not options.get("definition"):
        raise InputError("definition is required for provider custom.")
    if not options.get("endpoint"):
        raise InputError("endpoint is required for provider custom.")
    return dataclasses.replace(description_of(options["definition"]), endpoint=options["endpoint"])
