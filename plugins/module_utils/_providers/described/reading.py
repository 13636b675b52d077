# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Turn a response into an operation, by a Description. Pure.

Private to this collection.
"""

from __future__ import annotations

import dataclasses
import json
import re
from datetime import datetime
from typing import Any, Callable, Dict, List, Mapping, Optional, Tuple

from ..._http.client import Reply
from ..._http.error_body import fault_of
from ..._model.errors import GateError, MissingError, ProtocolError
from ..._model.operation import Operation, State, Step
from ..._model.reference import Reference
from ..._model.text import shortened
from ..._model.times import any_time, timestamp
from ..base import error_or_none
from ..paths import reader
from .description import FIELDS, STEP_FIELDS, Description, option_of
from .expressions import why_absent
from .words import ABSENT, http_word, meaning, together

AND = ", "
HEADER = "header:"
NO_STATUS = 0  # of an item in a list: the HTTP status of the list says nothing about it
_NUMBER = re.compile(r"\d{1,12}(\.\d{1,12})?", re.ASCII)
_FIRST_ERROR = 400  # from this HTTP status on, the body is an error without the fields of an operation
_NAMED = 3  # failed steps that a reason names
_ERROR = ("error_message", "error_code")
_WORD_LENGTH = 60  # characters of an unlisted status value
MOST_UNLISTED = 10  # status values; an API could show a new one in each answer
_ERROR_LENGTH = 500  # characters of an error that is an object or a list
_NO_SUCCESS = "so it did not succeed"
_Error = Optional[Dict[str, Optional[str]]]


def field(expression: str, name: str) -> Callable[[Any, Mapping[str, str]], Any]:
    """Return a function that reads a field of a body, or a header of the response: C(header:X-State).

    name: the option with the expression. Raises InputError for invalid JMESPath, and LibraryMissing.
    """
    if expression.startswith(HEADER):
        header = expression[len(HEADER) :].strip()
        return lambda _body, headers: headers.get(header)
    read = reader(expression, name)
    return lambda body, _headers: read(body)


class AnswerReader:
    """Reads the operations in responses of one API.

    provider: its name. custom: whether the user describes the API, so that messages name the options.
    """

    def __init__(self, api: Description, provider: str, custom: bool = False) -> None:
        self.api = api
        self._provider = provider
        self._custom = custom
        self._fields = {name: field(getattr(api, name), option_of(name)) for name in FIELDS if getattr(api, name)}
        self._step_fields = {
            name: reader(getattr(api.steps, name), f"definition.steps.{name}")
            for name in STEP_FIELDS
            if getattr(api.steps, name, "")
        }

    def operation(self, body: Any, reply: Reply, reference: Reference) -> Operation:
        """Return the operation in a body, which is the response or an item of its list.

        Raises ProtocolError for an answer without a state, or without the ID that it must have.
        """
        read = {name: each(body, reply.headers) for name, each in self._fields.items()}
        words = {name: _error_text(value) if name in _ERROR else as_text(value) for name, value in read.items()}
        word, state, advice = self._state(read.get("state"), reply)
        own_steps = self.api.steps and not self.api.steps.path
        steps = self._sorted(self.step_items(body)) if own_steps else []
        error = error_or_none(words.get("error_message"), words.get("error_code"))
        state, reason = self._judge(state, word, advice, error, words.get("detail"), steps)
        if state == State.FAILED and error is None:
            error = error_or_none(words.get("detail")) or _fault(reply)
        if reply.body is not None and reply.status < _FIRST_ERROR:
            self._check_id(words, state, reference)
        return Operation(
            provider=self._provider,
            operation_id=words.get("operation_id") or reference.operation_id,
            resource_id=words.get("resource_id") or reference.resource_id,
            resource_type=words.get("resource_type"),
            type=words.get("type"),
            state=state,
            reason=reason,
            raw_status=word,
            error=error,
            warning=self._warning(words.get("warning"), steps),
            started_at=self._time(read.get("started_at")),
            updated_at=self._time(read.get("updated_at")),
            finished_at=self._time(read.get("finished_at")),
            project_id=words.get("project_id"),
            user_id=words.get("user_id"),
            request_id=words.get("request_id"),
            steps=steps,
            unlisted=self._unlisted(read.get("state"), reply) if self._custom else (),
            percent=as_percent(read.get("percent")),
            retry_after=reply.retry_after,
            raw=reply.body if isinstance(reply.body, dict) else {"body": reply.body},
        )

    def _time(self, value: Any) -> Optional[datetime]:
        return any_time(value, self.api.utc_offset)

    def _state(self, value: Any, reply: Reply) -> Tuple[Optional[str], str, str]:
        """Return status value, state and advice. The HTTP status decides if the table has it."""
        if reply.status in self.api.statuses:
            by_status = http_word(reply.status)
            return (by_status, *meaning(self.api.states, by_status))
        if reply.body is None:
            return _of_empty(reply)
        if isinstance(value, list) and "[" in self.api.state and not any(map(_is_nested, value)):
            return self._state_of_parts(value)
        word = None if _is_nested(value) else as_text(value)
        if word is None and (self._custom or not self.api.root):
            may_be_absent = ABSENT in self.api.states and not _is_nested(value)
            if not may_be_absent or fault_of(reply.body)[0]:
                raise self.no_state(reply.body)
        return (word, *meaning(self.api.states, word))

    def _state_of_parts(self, values: List[Any]) -> Tuple[Optional[str], str, str]:
        found = [meaning(self.api.states, as_text(each)) for each in values]
        state = together([each for each, _advice in found])
        return as_text(values), state, next((advice for each, advice in found if each == state), "")

    def _unlisted(self, value: Any, reply: Reply) -> List[str]:
        """Return the status values of an answer that the definition does not list."""
        if reply.status in self.api.statuses or reply.body is None:
            return []
        found = [as_text(each) for each in (value if isinstance(value, list) else [value])]
        unlisted = [each for each in found if each and meaning(self.api.states, each)[0] == State.UNKNOWN]
        return [shortened(each, _WORD_LENGTH) for each in unlisted][:MOST_UNLISTED]

    def no_state(self, answer: Any) -> GateError:
        """Return the error for a response without a state: an error with HTTP 200, or another API."""
        message, code = fault_of(answer)
        if message is None:
            name = self.api.state
            hint = f" {why_absent(name, answer)}" if self._custom else ""
            return ProtocolError(f"The API's answer has an unexpected structure: {name} is missing.{hint.rstrip()}")
        exc = ProtocolError(f"The API answered with an error: {message}", code)
        return missing_error(self.api, exc) or exc

    def _check_id(self, words: Mapping[str, Optional[str]], state: str, reference: Reference) -> None:
        """Refuse a response without an operation ID, which may come from another API or a cache."""
        asked = reference.operation_id or reference.client_request_id
        path = self.api.operation_id
        if not path or words["operation_id"] or (asked and state not in State.TERMINAL):
            return
        name = f"{option_of('operation_id')} ({path})" if self._custom else path
        if asked is None:
            raise ProtocolError(f"The API listed an operation without {name}: it may be the latest one.")
        raise ProtocolError(f"The API's answer for {asked} has no {name}: it may be about another operation.")

    def with_steps(self, found: Operation, items: List[Dict[str, Any]]) -> Operation:
        """Return a finished operation with the steps of another response, which may be why it did not succeed."""
        steps = self._sorted(items)
        state, reason, error = found.state, found.reason, found.error
        failed = [step for step in steps if step.state == State.FAILED]
        doubt = next((step for step in steps if step.result and step.state == State.UNKNOWN), None)
        if failed:
            state, reason = self._judge(state, found.raw_status, "", error, None, steps)
            error = error or error_or_none(_describe(failed[0]) if state == State.FAILED else None)
        elif doubt and state == State.SUCCEEDED and self._fails:
            state = State.UNKNOWN
            reason = f"{reason}, but {_describe(doubt)}, which definition.states does not list"
        warning = self._warning(found.warning, steps)
        return dataclasses.replace(found, state=state, reason=reason, error=error, steps=steps, warning=warning)

    @property
    def _fails(self) -> bool:
        """Whether a failed step makes a success a failure."""
        return not self.api.steps or self.api.steps.on_failure == "fail"

    def _warning(self, own: Optional[str], steps: List[Step]) -> Optional[str]:
        failed = [] if self._fails else [_describe(step) for step in steps if step.state == State.FAILED]
        return AND.join([each for each in (own, *failed[:_NAMED]) if each]) or None

    def _sorted(self, items: List[Dict[str, Any]]) -> List[Step]:
        return sorted(map(self._step, items), key=lambda step: timestamp(step.started_at))

    def step_items(self, body: Any) -> List[Dict[str, Any]]:
        """Return the objects of an operation that are its steps."""
        found = self._step_fields["items"](body)
        return [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []

    def _step(self, item: Dict[str, Any]) -> Step:
        read = {name: each(item) for name, each in self._step_fields.items() if name != "items"}
        word = as_text(read.get("state"))
        state = meaning(self.api.states, word)[0]
        return Step(
            name=as_text(read.get("name")) or "",
            state=state,
            result=word,
            started_at=self._time(read.get("started_at")),
            finished_at=self._time(read.get("finished_at")),
            error=as_text(read.get("error")) if state == State.FAILED else None,
        )

    def _judge(
        self, state: str, word: Optional[str], advice: str, error: _Error, detail: Optional[str], steps: List[Step]
    ) -> Tuple[str, str]:
        """Return state and reason. A success with an error, or with a failed step, is a failure."""
        failed = [step for step in steps if step.state == State.FAILED]
        said = " ".join(part for part in (error or {}).values() if part)
        if state == State.SUCCEEDED and (error or (failed and self._fails)):
            state = State.FAILED
            advice = _NO_SUCCESS
        heading = f"the API says {word or 'nothing'}"
        if self._custom and state == State.UNKNOWN and word:
            heading += ", which definition.states does not list"
        if self._custom and error and advice == _NO_SUCCESS:
            advice += ". Use definition.detail for a text that is always present"
        more = f"and {len(failed) - _NAMED} more" if len(failed) > _NAMED else ""
        said_parts = [said, *(_describe(step) for step in failed[:_NAMED]), more, "" if said else detail, advice]
        parts = "; ".join(part for part in said_parts if part).replace(".; ", "; ")
        return state, heading + (f": {parts}" if parts else "")


def missing_error(api: Description, exc: GateError) -> Optional[MissingError]:
    """Return a MissingError if an error means "not found" by its code; else None."""
    if exc.code not in api.missing_codes:
        return None
    return MissingError(exc.message, exc.code, exc.request_id, exc.status, what=api.missing)


def as_text(value: Any) -> Optional[str]:
    """Return a field as text: None if blank, booleans as in JSON, whole numbers without a fraction, lists joined."""
    if isinstance(value, list):
        return AND.join(part for part in map(as_text, value) if part) or None
    if value is None or isinstance(value, dict) or (isinstance(value, str) and not value.strip()):
        return None
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).lower() if isinstance(value, bool) else str(value)


def as_percent(value: Any) -> Optional[float]:
    """Return how much is done, from 0 to 100: of a number, of text such as 55%, or of two numbers, done and total."""
    if isinstance(value, list):
        numbers = [each for each in map(_number, value) if each is not None]
        done, total = numbers if len(numbers) == len(value) == 2 else (0.0, 0.0)
        percent = 100 * done / total if total > 0 else None
    else:
        percent = _number(value)
    return round(percent, 1) if percent is not None and 0 <= percent <= 100 else None


def _number(value: Any) -> Optional[float]:
    text = str(value).strip().rstrip("%").strip()
    return float(text) if not isinstance(value, bool) and _NUMBER.fullmatch(text) else None


def _is_nested(value: Any) -> bool:
    return isinstance(value, (dict, list))


def _error_text(value: Any) -> Optional[str]:
    """Return an error as text. An object or a list is an error as well; 0 and false are not."""
    if isinstance(value, (dict, list)) and value:
        return as_text(value) or shortened(json.dumps(value), _ERROR_LENGTH)
    return as_text(value) if value else None


def _of_empty(reply: Reply) -> Tuple[Optional[str], str, str]:
    """Return the state of an empty response whose status has no meaning: only 202 tells that the work continues."""
    word = http_word(reply.status)
    if reply.status == 202:
        return word, State.RUNNING, ""
    raise ProtocolError(
        f"The API answered {reply.status} with an empty body. Add {word} to definition.states, if this means the end "
        "of the operation.",
        status=reply.status,
    )


def _fault(reply: Reply) -> _Error:
    """Return the error in the body of an HTTP status that means a failure."""
    return error_or_none(*fault_of(reply.body)) if reply.status >= _FIRST_ERROR else None


def _describe(step: Step) -> str:
    return f"{step.name or 'a step'} is {step.result}" + (f" ({step.error})" if step.error else "")
