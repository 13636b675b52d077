# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Try a definition on saved answers, without a request.

Private to this collection.
"""

from __future__ import annotations

import dataclasses
import json
from typing import Any, Dict, List, Mapping, NamedTuple, Optional, Sequence, Tuple

from .._http.client import ApiClient
from .._model.errors import GateError, InputError, MissingError, ProtocolError, located, one_of
from .._model.operation import Operation, State
from .._model.reference import Reference
from .._providers.base import ProviderInfo
from .._providers.described.links import last_part
from .._providers.described.provider import DescribedProvider
from .._providers.registry import info_for
from .base import GateModule, reference_from

_ENDPOINT = "https://api.example.com"  # a definition needs one, but nothing is sent
_UNNAMED = "the operation"  # all answers are about one, unless the task gives its ID
_CHECKED = ("resource_id", "type", "warning", "percent", "started_at", "updated_at", "finished_at", "steps")


class SavedHeaders(Dict[str, str]):
    """The headers in a registered result of M(ansible.builtin.uri), which writes Retry-After as retry_after."""

    def __getitem__(self, name: str) -> str:
        """Return a header by its name in upper or lower case. Raises KeyError."""
        return super().__getitem__(name.lower().replace("-", "_"))

    def get(self, name: str, default: Any = None) -> Any:
        """Return a header by its name in upper or lower case."""
        return super().get(name.lower().replace("-", "_"), default)


class SavedResponse(NamedTuple):
    """A saved answer with the attributes of a response of requests."""

    status_code: int
    content: bytes
    headers: SavedHeaders
    url: str


class SavedLogin:
    """A login that sends nothing: the answer to each request is one saved response."""

    signer = None
    project_id = None

    def __init__(self, response: SavedResponse) -> None:
        self._response = response

    def endpoint(self, _service_types: Tuple[str, ...]) -> Optional[str]:
        """Return None, because there is no catalog."""
        return None

    def send(self, _url: str, _headers: Mapping[str, str], _body: Optional[Mapping[str, Any]] = None) -> SavedResponse:
        """Return the response."""
        return self._response


def client_of(response: SavedResponse) -> ApiClient:
    """Return a client that reads one saved response as it reads those of an API."""
    return ApiClient(SavedLogin(response), _ENDPOINT)


def tried(module: GateModule) -> Dict[str, Any]:
    """Return the result of operation_info for saved answers. Raises InputError, ProtocolError and LibraryMissing."""
    given, answers = module.params, module.params["answers"]
    info = info_for(dict(given, endpoint=given["endpoint"] or _ENDPOINT))
    if not (info.description and issubclass(info.provider_class, DescribedProvider)):
        raise InputError(f"answers cannot be used with provider {info.name}: its operations have no definition.")
    client: Any = None  # each answer has its own
    provider = info.provider_class(client, info, given)
    of_resource = info.description.of_resource or given["expect"]
    named = Reference(given["operation_id"] or _UNNAMED, given["resource_id"])
    reference = _resource(info, given) if of_resource else named
    url = (given["endpoint"] or "") + (info.description.show_path or "/")
    operations: List[Operation] = []
    for number, answer in enumerate(answers, start=1):
        with located(one_of("answer", number, len(answers))):
            provider.client = client_of(response_of(answer, url))
            operations += [_named(each, number) for each in _read(provider, reference)]
    return dict(module.result(operations), warnings=_warnings(provider, operations, given))


def _resource(info: ProviderInfo, given: Mapping[str, Any]) -> Reference:
    """Return the reference to the one resource of all answers. Raises InputError if what it must become is missing."""
    named = reference_from(info, {"resource_id": given["resource_id"] or "any", "expect": given["expect"]})
    return dataclasses.replace(named, resource_id=given["resource_id"])


def response_of(answer: Any, url: str) -> SavedResponse:
    """Return the response for a JSON value, or for a dictionary such as a registered result of M(ansible.builtin.uri).

    Such a dictionary has an HTTP C(status), and C(json) or C(url). url: for messages, if the answer has none.
    """
    status: Any = answer.get("status") if isinstance(answer, Mapping) else None
    is_response = isinstance(status, int) and 100 <= status <= 599 and ("json" in answer or "url" in answer)
    if not is_response:
        return SavedResponse(200, json.dumps(answer).encode(), SavedHeaders(), url)
    texts = {name: each for name, each in answer.items() if isinstance(each, str)}
    headers = SavedHeaders({name.lower().replace("-", "_"): each for name, each in texts.items()})
    body = answer.get("json")
    text = str(answer.get("content") or "") if body is None else json.dumps(body)
    return SavedResponse(status, text.encode(errors="replace"), headers, str(answer.get("url") or url))


def _read(provider: DescribedProvider, reference: Reference) -> List[Operation]:
    """Return the operations in an answer. One that cannot be read is unknown; its reason tells what a wait does.

    Raises InputError for a mistake in the definition.
    """
    try:
        reply = provider.saved_reply()
    except InputError:
        raise
    except GateError as exc:
        return [_unread(provider, reference, exc)]
    try:
        return provider.saved(reply, reference)
    except MissingError as exc:
        return [_unread(provider, reference, exc)]
    except ProtocolError as exc:
        raise InputError(exc.message) from exc  # with the number of the answer


def _unread(provider: DescribedProvider, reference: Reference, exc: GateError) -> Operation:
    if isinstance(exc, MissingError):
        then = "A wait polls again for missing_grace, and then fails."
    else:
        then = "A wait polls again until its timeout." if exc.transient else "A wait ends with this error."
    reason = f"{exc.message.rstrip('.')}. {then}"
    return Operation(provider.info.name, reference.operation_id, reference.resource_id, State.UNKNOWN, reason)


def _named(found: Operation, number: int) -> Operation:
    """Return an operation whose ID names its answer, if the answer has no ID."""
    return dataclasses.replace(found, operation_id=f"answer {number}") if found.operation_id == _UNNAMED else found


def _warnings(provider: DescribedProvider, operations: Sequence[Operation], given: Mapping[str, Any]) -> List[str]:
    api = provider.description
    read = [each for each in operations if each.raw is not None]
    elsewhere = api.steps and api.steps.path
    checked = [name for name in _CHECKED if name != "steps" or not elsewhere]
    empty = [name for name in checked if read and getattr(api, name) and not _any_has(name, read)]
    unlisted = list(dict.fromkeys(word for each in read for word in each.unlisted))
    warnings = [f"These parts of definition are empty in all answers: {', '.join(empty)}."] if empty else []
    if unlisted:
        warnings.append(f"definition.states does not list these values of the answers: {', '.join(unlisted)}.")
    if elsewhere:
        warnings.append("answers have no steps of definition.steps.path, which a wait reads before a success.")
    if provider.user_describes and api.operation_id and not (api.of_resource or given["operation_id"]):
        ids = [str(each.operation_id) for each in read]
        warnings += [_of_long_id(each) for each in ids if _short(each) != each][:1]
    return warnings


def _of_long_id(found: str) -> str:
    return f"definition.id gives {found}. A wait accepts only this ID or {_short(found)} as operation_id."


def _short(found: str) -> str:
    """Return the last part of an ID, which a poll compares."""
    part = last_part(found)
    return part.rpartition(":")[2] or part


def _any_has(name: str, operations: Sequence[Operation]) -> bool:
    return any(getattr(each, name) not in (None, []) for each in operations)
