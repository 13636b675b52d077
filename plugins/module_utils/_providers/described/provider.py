# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Provider for APIs that a Description describes. A new one needs a Description and a row in the registry.

Private to this collection.
"""

from __future__ import annotations

import json
from typing import Any, ClassVar, Dict, List, Optional, Sequence, Tuple, cast

from ..._http.error_body import fault_of
from ..._model.errors import ForbiddenError, GateError, MissingError, ProtocolError
from ..._model.operation import Operation, State, Step
from ..._model.reference import Found, Query, Reference
from ..._model.text import shortened
from ..._model.times import any_time, timestamp
from ..base import Provider, error_or_none, same_as_asked, section
from ..paths import Location, fill, reader
from .description import FIELDS, STEP_FIELDS, Description, Words, option_of

_AND = ", "
_NAMED = 3  # failed steps that a reason names
_ERROR = ("error_message", "error_code")
_ERROR_LENGTH = 500  # characters of an error that is an object or a list


class DescribedProvider(Provider):
    """Reads an API by its Description."""

    id_option: ClassVar[str] = ""  # option with the path of the ID, if the user describes the API

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.description = cast(Description, self.info.description)
        self._listable = self.info.capabilities.batch
        self._readers = {
            name: reader(getattr(self.description, name), option_of(name))
            for name in FIELDS
            if getattr(self.description, name)
        }
        steps = self.description.steps
        self._step_readers = {
            name: reader(getattr(steps, name), f"definition.steps.{name}")
            for name in STEP_FIELDS
            if getattr(steps, name, "")
        }

    def show(self, reference: Reference) -> Operation:
        """Read one operation."""
        answer = self._get(self.where(reference))
        found = self._operation(self.body_of(answer, reference), answer, reference)
        self.check_identity(reference, found)
        return found

    def body_of(self, answer: Dict[str, Any], reference: Reference) -> Dict[str, Any]:
        """Return the operation in an answer. Raises ProtocolError if it is missing."""
        root = self.description.root
        return section(answer, root, dict) if root else answer

    def check_identity(self, reference: Reference, found: Operation) -> None:
        """Refuse a response for another operation. Raises ProtocolError."""
        same_as_asked("operation", reference.operation_id, found.operation_id)

    def where(self, reference: Reference) -> Location:
        """Return path and query of the operation."""
        return fill(self.description.show_path, _names(reference))

    def list(self, query: Query) -> List[Operation]:
        """List operations, newest first."""
        if not self.info.capabilities.lists:
            return super().list(query)
        path, parameters = fill(self.description.list_path, {"resource_id": query.resource_id})
        found = self._listed((path, parameters + tuple(query.filters.items())), Reference())
        return [each for each in found if _matches(each, query)][: query.limit]

    def find(self, client_request_id: str) -> Optional[Operation]:
        """Read the operation of the request with this client request ID."""
        reference = Reference(client_request_id=client_request_id)
        found = self._listed(fill(self.description.find_path, _names(reference)), reference)
        return next((each for each in found if each.request_id in (None, client_request_id)), None)

    def poll_many(self, references: Sequence[Reference]) -> List[Found]:
        """Poll each operation. If the list is complete enough, one request reads many operations."""
        if len(references) == 1 or not self._listable:
            return super().poll_many(references)
        try:
            listed = self.list(Query())
        except (ForbiddenError, ProtocolError) as exc:
            if exc.transient:
                raise
            self._listable = False  # not allowed, or too long: fall back to one request per operation
            return super().poll_many(references)
        found: List[Found] = []
        for reference in references:
            marked = reference.known is not None  # it may stand for several operations
            seen = None if marked else next((each for each in listed if _is_meant(each, reference)), None)
            found += [seen] if seen or (reference.latest and not marked) else super().poll_many([reference])
        return found

    def _listed(self, where: Location, reference: Reference) -> List[Operation]:
        items, root = self.description.items, self.description.root
        body = {items: reader(items, "definition.items")(self._get(where))}
        found = [
            self._operation(item, {root: item} if root else item, reference) for item in section(body, items, list)
        ]
        return sorted(found, key=lambda each: timestamp(each.started_at), reverse=True)

    def _get(self, where: Location) -> Dict[str, Any]:
        path, query = where
        try:
            return self.client.get(path, query, self.description.headers)
        except ProtocolError as exc:
            missing = self._missing(exc)
            if missing is None:
                raise
            raise missing from exc

    def _missing(self, exc: ProtocolError) -> Optional[MissingError]:
        """Return a MissingError if an error means "not found" by its code; else None."""
        if exc.code not in self.description.missing_codes:
            return None
        return MissingError(exc.message, exc.code, exc.request_id, exc.status, what=self.description.missing)

    def _operation(self, body: Dict[str, Any], answer: Dict[str, Any], reference: Reference) -> Operation:
        read = {name: each(body) for name, each in self._readers.items()}
        words = {name: _error_text(value) if name in _ERROR else _text(value) for name, value in read.items()}
        word = None if isinstance(read["state"], (dict, list)) else words["state"]
        if word is None and not self.description.root:
            raise self._no_state(answer)
        steps = self._steps(body)
        error = error_or_none(words.get("error_message"), words.get("error_code"))
        state, reason = _judge(self.description.states, word, error, words.get("detail"), steps)
        if state == State.FAILED and error is None:
            error = error_or_none(words.get("detail"))
        listed = not (reference.operation_id or reference.client_request_id)
        if self.description.operation_id and not words["operation_id"] and (listed or state in State.TERMINAL):
            raise self._no_id(reference)
        return Operation(
            provider=self.info.name,
            operation_id=words.get("operation_id") or reference.operation_id,
            resource_id=words.get("resource_id") or reference.resource_id,
            resource_type=words.get("resource_type"),
            type=words.get("type"),
            state=state,
            reason=reason,
            raw_status=word,
            error=error,
            warning=words.get("warning"),
            started_at=any_time(read.get("started_at")),
            updated_at=any_time(read.get("updated_at")),
            finished_at=any_time(read.get("finished_at")),
            project_id=words.get("project_id"),
            user_id=words.get("user_id"),
            request_id=words.get("request_id"),
            steps=steps,
            retry_after=getattr(answer, "retry_after", None),
            raw=answer,
        )

    def _no_state(self, answer: Dict[str, Any]) -> GateError:
        """Return the error for a response without a state: an error with HTTP 200, or another API."""
        message, code = fault_of(answer)
        if message is None:
            name = self.description.state
            return ProtocolError(f"The API's answer has an unexpected structure: {name} is missing.")
        exc = ProtocolError(f"The API answered with an error: {message}", code)
        return self._missing(exc) or exc

    def _no_id(self, reference: Reference) -> ProtocolError:
        """Return the error for a response without an operation ID, which may come from another API or a cache."""
        path = self.description.operation_id
        name = f"{self.id_option} ({path})" if self.id_option else path
        asked = reference.operation_id or reference.client_request_id
        if asked is None:
            return ProtocolError(f"The API listed an operation without {name}: it may be the latest one.")
        return ProtocolError(f"The API's answer for {asked} has no {name}: it may be about another operation.")

    def _steps(self, body: Dict[str, Any]) -> List[Step]:
        if not self._step_readers:
            return []
        found = self._step_readers["items"](body)
        items = found if isinstance(found, list) else []
        steps = [self._step(item) for item in items if isinstance(item, dict)]
        return sorted(steps, key=lambda step: timestamp(step.started_at))

    def _step(self, item: Dict[str, Any]) -> Step:
        read = {name: each(item) for name, each in self._step_readers.items() if name != "items"}
        word = _text(read.get("state"))
        state = _state_of(self.description.states, word)
        return Step(
            name=_text(read.get("name")) or "",
            state=state,
            result=word,
            started_at=any_time(read.get("started_at")),
            finished_at=any_time(read.get("finished_at")),
            error=_text(read.get("error")) if state == State.FAILED else None,
        )


def _names(reference: Reference) -> Dict[str, Optional[str]]:
    return {name: getattr(reference, name) for name in ("operation_id", "resource_id", "client_request_id")}


def _text(value: Any) -> Optional[str]:
    """Return a field as text: None if empty, booleans as in JSON, lists joined."""
    if isinstance(value, list):
        return _AND.join(part for part in map(_text, value) if part) or None
    if value is None or value == "" or isinstance(value, dict):
        return None
    return str(value).lower() if isinstance(value, bool) else str(value)


def _error_text(value: Any) -> Optional[str]:
    """Return an error as text. An object or a list is an error as well; 0 and false are not."""
    if isinstance(value, (dict, list)) and value:
        return _text(value) or shortened(json.dumps(value), _ERROR_LENGTH)
    return _text(value) if value else None


def _state_of(states: Words, word: Optional[str]) -> str:
    return states.get((word or "").lower(), (State.UNKNOWN, ""))[0]


def _judge(
    states: Words,
    word: Optional[str],
    error: Optional[Dict[str, Optional[str]]],
    detail: Optional[str],
    steps: List[Step],
) -> Tuple[str, str]:
    """Return state and reason. A success with an error, or with a failed step, is a failure."""
    state, advice = states.get((word or "").lower(), (State.UNKNOWN, ""))
    failed = [step for step in steps if step.state == State.FAILED]
    said = " ".join(part for part in (error or {}).values() if part)
    if state == State.SUCCEEDED and (error or failed):
        state = State.FAILED
        advice = "so it did not succeed"
    more = f"and {len(failed) - _NAMED} more" if len(failed) > _NAMED else ""
    said_parts = [said, *(_describe(step) for step in failed[:_NAMED]), more, "" if said else detail, advice]
    parts = "; ".join(part for part in said_parts if part).replace(".; ", "; ")
    return state, f"the API says {word}" + (f": {parts}" if parts else "")


def _describe(step: Step) -> str:
    return f"{step.name or 'a step'} is {step.result}" + (f" ({step.error})" if step.error else "")


def _is_meant(operation: Operation, reference: Reference) -> bool:
    if reference.client_request_id:
        return operation.request_id == reference.client_request_id
    if not reference.latest:
        return operation.operation_id == reference.operation_id
    query = Query(action=reference.action, changes_since=reference.since)
    return operation.resource_id == reference.resource_id and _matches(operation, query)


def _matches(operation: Operation, query: Query) -> bool:
    if query.resource_id and operation.resource_id not in (None, query.resource_id):
        return False
    kinds = (operation.type or "").lower().split(_AND)  # one request can be of several
    if query.action and query.action.lower() not in kinds:
        return False
    return query.covers(operation.finished_at or operation.updated_at or operation.started_at)
