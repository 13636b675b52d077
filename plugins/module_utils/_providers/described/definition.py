# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The option C(definition) of a task: its keys, and the Description that it stands for. Pure.

Private to this collection.
"""

from __future__ import annotations

import dataclasses
import re
from datetime import timedelta
from typing import Any, Callable, Dict, Iterator, Mapping, Optional, Tuple

from ..._model.errors import InputError, located
from ..._model.operation import State
from ..._model.times import offset_of
from ..paths import reader
from .definitions.ready import READY, complete
from .description import FIELDS, STEP_FIELDS, Description, Follow, StepFields, option_of
from .expressions import checked
from .links import with_values
from .reading import field
from .request_options import check_path, headers_of, login_of, posted, query_of
from .words import ABSENT, Words, meaning, normal_word

_TEXT = {"type": "str"}
_TEXTS = {"type": "list", "elements": "str"}
_NEEDED = {"type": "str", "required": True}
DEFINITION_SPEC: Dict[str, Any] = {
    "name": {"type": "str", "choices": sorted(READY)},
    "show": _TEXT,
    "root": _TEXT,
    "link_path": _TEXT,
    "list": _TEXT,
    "find": _TEXT,
    "batch": _TEXT,
    "items": _TEXT,
    "next": _TEXT,
    "next_parameter": _TEXT,
    "query": {"type": "dict"},
    "post": {"type": "dict", "options": {"show": {"type": "dict"}, "list": {"type": "dict"}}},
    "headers": {"type": "dict"},
    "login": {
        "type": "dict",
        "options": {
            "path": _TEXT,
            "json": {"type": "dict"},
            "form": {"type": "dict"},
            "token": {"type": "str", "no_log": False},
            "header": _TEXT,
            "prefix": _TEXT,
            "lifetime": {"type": "float"},
        },
    },
    "missing_codes": _TEXTS,
    "id": _TEXT,
    "resource_id": _TEXT,
    "type": _TEXT,
    "state": _TEXT,
    "states": {
        "type": "dict",
        "options": {
            "pending": _TEXTS,
            "running": _TEXTS,
            "succeeded": _TEXTS,
            "failed": _TEXTS,
            "absent": {"type": "str", "choices": [State.PENDING, State.RUNNING, State.SUCCEEDED, State.FAILED]},
        },
    },
    "error_message": _TEXT,
    "error_code": _TEXT,
    "detail": _TEXT,
    "warning": _TEXT,
    "percent": _TEXT,
    "started_at": _TEXT,
    "updated_at": _TEXT,
    "finished_at": _TEXT,
    "utc_offset": _TEXT,
    "changes_at_once": {"type": "bool"},
    "moved_to": _TEXT,
    "follow": {"type": "dict", "options": {"link": _NEEDED, "path": _TEXT, "definition": {"type": "dict"}}},
    "steps": {
        "type": "dict",
        "options": {
            "items": _NEEDED,
            "name": _NEEDED,
            "state": _NEEDED,
            "error": _TEXT,
            "started_at": _TEXT,
            "finished_at": _TEXT,
            "path": _TEXT,
            "next": _TEXT,
            "on_failure": {"type": "str", "choices": ["fail", "warn"]},
        },
    },
}
# The allowed placeholders of each URL, and the required one. A path without {operation_id} reads a resource.
_PLACES = {
    "show": (("operation_id", "resource_id"), None),
    "list": (("resource_id",), None),
    "find": (("client_request_id",), "client_request_id"),
    "batch": (("operation_id", "operation_ids"), None),
    "steps.path": (("operation_id", "resource_id"), "operation_id"),
}
_SAME = tuple(name for name in FIELDS if name in DEFINITION_SPEC)  # fields whose option has the same name
_OFFSET = re.compile(r"[+-](0\d|1[0-4]):?[0-5]\d", re.ASCII)
_NOT_FOLLOWED = (
    "name",
    "show",
    "link_path",
    "list",
    "find",
    "batch",
    "login",
    "headers",
    "query",
    "post",
    "changes_at_once",
    "moved_to",
    "follow",
)
_OF_OPERATIONS = ("list", "find", "batch", "moved_to", "follow", "link_path")


def description_of(definition: Mapping[str, Any]) -> Description:
    """Check a definition, and return its Description. Raises the same errors as C(custom)."""
    given = complete(definition)
    for name in _PLACES:
        if name in given:
            _check_url(name, given[name])
    _check_listing(given)
    steps = given.get("steps")
    headers = headers_of(given.get("headers") or {})
    api = Description(
        show_path=given.get("show", ""),
        root=given.get("root", ""),
        link_path=given.get("link_path", ""),
        list_path=given.get("list", ""),
        find_path=given.get("find", ""),
        batch_path=given.get("batch", ""),
        items=given.get("items", ""),
        next=given.get("next", ""),
        next_parameter=given.get("next_parameter", ""),
        changes_at_once=bool(given.get("changes_at_once")),
        query=query_of(given.get("query") or {}),
        post_show=posted(given, "show", _PLACES["show"][0]),
        post_list=posted(given, "list", _PLACES["list"][0]),
        headers=headers,
        login=login_of(given["login"], with_values(headers, {})) if given.get("login") else None,
        utc_offset=_utc_offset(given.get("utc_offset")),
        moved_to=given.get("moved_to", ""),
        follow=_follow(given["follow"]) if given.get("follow") else None,
        missing_codes=tuple(given.get("missing_codes", ())),
        states=_words(given.get("states") or {}, only_http=not given.get("state")),
        operation_id=given.get("id", ""),
        steps=StepFields(**{name: value for name, value in steps.items() if value is not None}) if steps else None,
        **{name: given.get(name, "") for name in _SAME},
    )
    if api.of_resource:
        api = dataclasses.replace(api, expects=tuple(map(str, given["states"].get("succeeded") or ())))
    if api.moved_to and api.follow:
        raise InputError("definition.moved_to and definition.follow exclude each other: give one of them.")
    _check_fields(api, absent=ABSENT in api.states)
    _check_resource(api, given)
    if api.steps:
        _check_steps(api, api.steps)
    return api


def _check_steps(api: Description, steps: StepFields) -> None:
    """Check what a separate request for the steps needs."""
    if steps.next and not steps.path:
        raise InputError("definition.steps.path is missing: definition.steps.next needs it.")
    if steps.path:
        _check_url("steps.path", steps.path)
        if not api.operation_id:
            raise InputError("definition.id is missing: definition.steps.path needs it, for the ID in the path.")


def _check_resource(api: Description, given: Mapping[str, Any]) -> None:
    """Check what a path of a resource needs, instead of one of an operation."""
    if not api.of_resource:
        if api.changes_at_once:
            raise InputError("definition.changes_at_once needs a definition.show without {operation_id}.")
        return
    if not api.shows_by("resource_id"):
        raise InputError(
            "definition.show must contain the placeholder {operation_id}, or {resource_id} for a resource without "
            "operations."
        )
    if not api.expects:
        raise InputError("definition.states.succeeded is missing: without it, no operation can succeed.")
    for name in _OF_OPERATIONS:
        if given.get(name):
            raise InputError(
                f"definition.show must contain the placeholder {{operation_id}}: definition.{name} needs it."
            )


def _check_url(name: str, template: str) -> None:
    places, needed = _PLACES[name]
    check_path(template, f"definition.{name}", places)
    if needed and f"{{{needed}}}" not in template:
        raise InputError(f"definition.{name} must contain the placeholder {{{needed}}}.")


def _check_listing(given: Mapping[str, Any]) -> None:
    """Require the fields that identify the latest operation of a resource."""
    for name in ("list", "find", "batch"):
        if name in given and not given.get("items"):
            raise InputError(f"definition.items is missing: definition.{name} needs it.")
    if "batch" in given and not given.get("id"):
        raise InputError("definition.id is missing: definition.batch needs it, to know which operation is which.")
    if (
        "batch" in given
        and "{operation_id}" not in given["batch"].partition("?")[2]
        and "{operation_ids}" not in given["batch"]
    ):
        raise InputError("definition.batch must contain {operation_ids}, or a parameter such as ?id={operation_id}.")
    if "list" in given and not given.get("started_at"):
        raise InputError("definition.started_at is missing: definition.list needs it to find the latest operation.")
    by_post = (given.get("post") or {}).get("list")
    if by_post is not None and given.get("next") and not given.get("next_parameter"):
        raise InputError("definition.next_parameter is missing: a URL in an answer is never read by POST.")
    filtered = "{resource_id}" in f"{given.get('list')} {by_post}"
    if "list" in given and not filtered and not given.get("resource_id"):
        raise InputError(
            "definition.resource_id is missing: definition.list needs it, because it does not contain {resource_id}."
        )


def _check_fields(api: Description, absent: bool) -> None:
    if not api.state and (api.of_resource or not api.statuses):
        raise InputError("definition.state is missing: give the JMESPath of the status value.")
    if absent and not api.operation_id and meaning(api.states, None)[0] == State.SUCCEEDED:
        raise InputError(
            "definition.id is missing: definition.states.absent needs it, so that an answer about nothing is no "
            "success."
        )
    for expression, option, read in _expressions(api):
        if expression:
            checked(expression, option, read)


def _expressions(api: Description) -> Iterator[Tuple[str, str, Callable[[str, str], Any]]]:
    """Yield the expressions of a definition, with the option and the reader of each."""
    for name in FIELDS:
        yield getattr(api, name), option_of(name), field
    yield api.items, "definition.items", reader
    yield api.next, "definition.next", field
    yield api.moved_to, "definition.moved_to", field
    yield api.follow.link if api.follow else "", "definition.follow.link", field
    for name in STEP_FIELDS if api.steps else ():
        yield getattr(api.steps, name), f"definition.steps.{name}", reader
    yield api.steps.next if api.steps else "", "definition.steps.next", field


def _utc_offset(given: Optional[str]) -> timedelta:
    if given is None:
        return timedelta()
    if not _OFFSET.fullmatch(given):
        raise InputError("definition.utc_offset must be the offset of the API's local time, such as +02:00 or -07:00.")
    return offset_of(given)


def _follow(given: Mapping[str, Any]) -> Follow:
    """Return the operation to go on with. Raises InputError for a mistake in its definition."""
    from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

    inner = given.get("definition") or {}
    others = [name for name in inner if name in _NOT_FOLLOWED]
    others += ["steps.path"] * bool((inner.get("steps") or {}).get("path"))
    if others:
        raise InputError(f"definition.follow.definition must not contain {others[0]}: it describes answers only.")
    result = ArgumentSpecValidator(DEFINITION_SPEC).validate(dict(inner))
    if result.error_messages:
        raise InputError(f"definition.follow.definition cannot be read: {result.error_messages[0]}.")
    with located("definition.follow"):
        return Follow(given["link"], given.get("path") or "", description_of(result.validated_parameters))


def _words(states: Mapping[str, Any], only_http: bool) -> Words:
    """Return the status values by state. only_http: whether the values are HTTP statuses, without definition.state."""
    known: Dict[str, Tuple[str, str]] = {}
    for state in (State.PENDING, State.RUNNING, State.SUCCEEDED, State.FAILED):
        for given in map(str, states.get(state) or ()):
            word = normal_word(given, only_http)
            other = known.get(word, (state, ""))[0]
            if not word or other != state:
                wrong = f"has {given!r} for {other} and for {state}" if word else f"has an empty value for {state}"
                raise InputError(f"definition.states {wrong}.")
            known[word] = (state, "")
    if states.get("absent"):
        known[ABSENT] = (states["absent"], "")
    if State.SUCCEEDED not in {state for state, _advice in known.values()}:
        raise InputError("definition.states.succeeded is missing: without it, no operation can succeed.")
    return known
