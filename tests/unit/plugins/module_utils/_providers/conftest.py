# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A provider on a client that answers from a script."""

from __future__ import annotations

import copy
from datetime import datetime, timezone
from types import SimpleNamespace
from typing import AbstractSet, Any, Callable, Dict, List, Mapping, Optional, Tuple

import pytest
from ansible_collections.cloudgate.operations.plugins.module_utils._http.client import Reply
from ansible_collections.cloudgate.operations.plugins.module_utils._model.errors import MissingError
from ansible_collections.cloudgate.operations.plugins.module_utils._providers.base import Provider
from ansible_collections.cloudgate.operations.plugins.module_utils._providers.registry import info_for


class ScriptedClient:
    """Answers each path from its own list, repeats the last answer of a list, and records the requests."""

    def __init__(self, answers: Mapping[str, Any], endpoint: str) -> None:
        self.endpoint = endpoint
        self.answers = {
            path: list(answer) if isinstance(answer, list) else [answer] for path, answer in answers.items()
        }
        self.login = SimpleNamespace(endpoint=lambda _types: None)
        self.time = datetime(2026, 11, 21, 12, 0, 40, tzinfo=timezone.utc)
        self.bodies: List[Optional[Mapping[str, Any]]] = []  # sent by POST
        self.asked: List[Tuple[str, Tuple[Tuple[str, str], ...], Dict[str, str]]] = []

    @property
    def paths(self) -> List[str]:
        """The paths of the requests, in order."""
        return [path for path, _query, _headers in self.asked]

    def now(self) -> datetime:
        """Return the time as the real client does."""
        return self.time

    def get(
        self,
        path: Tuple[str, ...],
        query: Tuple[Tuple[str, str], ...] = (),
        headers: Optional[Mapping[str, str]] = None,
    ) -> Dict[str, Any]:
        """Return the scripted answer as the real client would."""
        return dict(self._next("/".join(path), query, headers))

    def read(
        self,
        path: Tuple[str, ...],
        query: Tuple[Tuple[str, str], ...] = (),
        headers: Optional[Mapping[str, str]] = None,
        statuses: AbstractSet[int] = frozenset(),
        slash: bool = False,
        body: Optional[Mapping[str, Any]] = None,
    ) -> Reply:
        """Return the scripted answer with any body. A Reply with an error that is not accepted is a mistake."""
        self.bodies.append(body)
        answer = self._next("/".join(path) + "/" * slash, query, headers)
        if isinstance(answer, Reply):
            assert answer.status in {200, 201, 202} | statuses
            return answer
        return Reply(answer)

    def _next(self, name: str, query: Tuple[Tuple[str, str], ...], headers: Optional[Mapping[str, str]]) -> Any:
        self.asked.append((name, query, dict(headers or {})))
        script = self.answers.get(name, [MissingError(f"{name} answered 404: not found")])
        answer = script.pop(0) if len(script) > 1 else script[0]
        if isinstance(answer, Exception):
            raise copy.copy(answer)
        return answer


@pytest.fixture(scope="session")
def scripted() -> Callable[..., Provider]:
    """Make a provider; its client is a ScriptedClient."""

    def make(
        name: str, answers: Mapping[str, Any], endpoint: str = "https://api.example.com/v2.1", **options: Any
    ) -> Provider:
        client: Any = ScriptedClient(answers, endpoint)
        info = info_for({"provider": name, "endpoint": endpoint, **options})
        return info.provider_class(client, info, options)

    return make
