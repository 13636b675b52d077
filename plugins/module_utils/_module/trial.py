# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Try a definition on saved answers, without a request.

Private to this collection.
"""

from __future__ import annotations

import dataclasses
from typing import Any, Dict, List, Mapping, Sequence

from .._http.client import Reply
from .._model.errors import InputError, MissingError, ProtocolError, located, one_of
from .._model.operation import Operation
from .._model.reference import Reference
from .._providers.base import ProviderInfo
from .._providers.described.provider import DescribedProvider
from .._providers.registry import info_for
from .base import GateModule, reference_from

_ENDPOINT = "https://api.example.com"  # a definition needs one, but nothing is sent
_CHECKED = ("resource_id", "type", "warning", "percent", "started_at", "updated_at", "finished_at", "steps")


class SavedHeaders(Dict[str, str]):
    """The headers in a registered result of M(ansible.builtin.uri), which writes Retry-After as retry_after."""

    def get(self, name: str, default: Any = None) -> Any:
        """Return a header by its name in upper or lower case."""
        return super().get(name.lower().replace("-", "_"), default)


def tried(module: GateModule) -> Dict[str, Any]:
    """Return the result of operation_info for saved answers. Raises InputError, ProtocolError and LibraryMissing."""
    given, answers = module.params, module.params["answers"]
    info = info_for(dict(given, endpoint=given["endpoint"] or _ENDPOINT))
    if not (info.description and issubclass(info.provider_class, DescribedProvider)):
        raise InputError(f"answers cannot be used with provider {info.name}: its operations have no definition.")
    client: Any = None  # no request is sent
    provider = info.provider_class(client, info, given)
    resource = _resource(info, given) if info.description.of_resource or given["expect"] else None
    operations: List[Operation] = []
    for number, answer in enumerate(answers, start=1):
        with located(one_of("answer", number, len(answers))):
            name = given["operation_id"] or f"answer {number}"
            operations += _read(provider, reply_of(answer), resource or Reference(name))
    elsewhere = info.description.steps and info.description.steps.path
    checked = [name for name in _CHECKED if name != "steps" or not elsewhere]
    empty = [name for name in checked if getattr(info.description, name) and not _any_has(name, operations)]
    unlisted = list(dict.fromkeys(word for each in operations for word in each.unlisted))
    warnings = [f"These parts of definition are empty in all answers: {', '.join(empty)}."] if empty else []
    warnings += [f"definition.states does not list these values of the answers: {', '.join(unlisted)}."] * bool(
        unlisted
    )
    return dict(module.result(operations), warnings=warnings)


def _resource(info: ProviderInfo, given: Mapping[str, Any]) -> Reference:
    """Return the reference to the one resource of all answers. Raises InputError if what it must become is missing."""
    named = reference_from(info, {"resource_id": given["resource_id"] or "any", "expect": given["expect"]})
    return dataclasses.replace(named, resource_id=given["resource_id"])


def reply_of(answer: Any) -> Reply:
    """Return the response for a JSON value, or for a registered result of M(ansible.builtin.uri)."""
    if isinstance(answer, Mapping) and "url" in answer and isinstance(answer.get("status"), int):
        headers = SavedHeaders({name: each for name, each in answer.items() if isinstance(each, str)})
        return Reply(answer.get("json"), answer["status"], headers)
    return Reply(answer)


def _any_has(name: str, operations: Sequence[Operation]) -> bool:
    return any(getattr(each, name) not in (None, []) for each in operations)


def _read(provider: DescribedProvider, reply: Reply, reference: Reference) -> List[Operation]:
    try:
        return provider.saved(reply, reference)
    except (MissingError, ProtocolError) as exc:
        raise InputError(exc.message) from exc  # with the number of the answer
