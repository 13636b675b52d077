# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Recordings of real Heat, Cinder and Ironic services, replayed to their providers and to the naive rules.

A recording holds the views of a resource at each change; C(truth) is the result of the request and when it finished.
tests/recordings/README.md describes how they were made.
"""

from __future__ import annotations

import copy
import json
from datetime import datetime, timedelta, timezone
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Callable, Dict, List, NamedTuple, Optional, Tuple

from ansible_collections.cloudgate.operations.plugins.module_utils._model.operation import Operation, State
from ansible_collections.cloudgate.operations.plugins.module_utils._model.reference import Members, Reference
from ansible_collections.cloudgate.operations.plugins.module_utils._providers.naming import check_reference
from ansible_collections.cloudgate.operations.plugins.module_utils._providers.registry import PROVIDERS
from ansible_collections.cloudgate.operations.tests.unit.replay import BLUR, REQUEST, Said, poll_until

Recording = Dict[str, Any]
Views = Dict[str, Any]
Query = Tuple[Tuple[str, str], ...]
FOLDER = Path(__file__).resolve().parents[1] / "recordings" / "services"


class Service(NamedTuple):
    """How to replay a service.

    answer: the body of a GET by the views of the moment; it may raise a GateError. references: the ways in which a task
    can name the request. naive: the state that the obvious rule concludes from the views.
    """

    provider: str
    recordings: Dict[str, Recording]
    answer: Callable[[Recording, Views, Tuple[str, ...], Dict[str, str]], Dict[str, Any]]
    references: Callable[[Recording], List[Reference]]
    naive: Callable[[Recording, Views], str]


class RecordedService:
    """Answers as the recorded service did at C(moment), which each request moves on."""

    endpoint = "http://service/v1"

    def __init__(self, service: Service, recording: Recording) -> None:
        self.service, self.recording = service, recording
        self.moment = 0.0
        self.login = SimpleNamespace(endpoint=lambda _types: None, project_id=None)
        self._began = datetime.strptime(recording["begun"], "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=timezone.utc)

    def now(self) -> datetime:
        """Take the place of ApiClient.now."""
        return self._began + timedelta(seconds=self.moment)

    def get(self, path: Tuple[str, ...], query: Query = (), headers: Any = None) -> Dict[str, Any]:
        """Take the place of ApiClient.get."""
        self.moment += REQUEST
        return copy.deepcopy(self.service.answer(self.recording, self.views(), path, dict(query)))

    def views(self) -> Views:
        """Return what the API shows now."""
        samples = self.recording["samples"]
        seen: Views = dict(samples[0])
        for sample in samples:
            if sample["t"] <= self.moment:
                seen.update(sample)
        return seen


def read_recordings(pattern: str) -> Dict[str, Recording]:
    """Return the recordings of a service by file and name."""
    found = {}
    for file in sorted(FOLDER.glob(pattern)):
        for name, recording in json.loads(file.read_text(encoding="utf-8")).items():
            found[f"{file.stem}/{name}"] = dict(recording, name=name)
    return found


def begins(recording: Recording) -> List[float]:
    """Return the moments at which a client may begin to poll: after the answer, at each change, an hour after it."""
    answered = recording["answered"]
    changes = [sample["t"] for sample in recording["samples"] if sample["t"] > answered]
    return [answered, *changes, changes[-1] + 3600 if changes else answered + 3600]


def _poll(service: Service, recording: Recording, start: float, period: float, judge: Any) -> Said:
    end = max(start, recording["samples"][-1]["t"]) + 3 * period + 1
    return poll_until(end, RecordedService(service, recording), start, period, judge)


def ours(service: Service, recording: Recording, reference: Reference, start: float, period: float = 0.1) -> Said:
    """Return the verdict of this collection on a request that a task names with this reference."""
    info = PROVIDERS[service.provider]
    named = [check_reference(info, reference)]
    made: Dict[int, Any] = {}

    def judge(client: RecordedService) -> Said:
        provider = made.setdefault(id(client), info.provider_class(client, info, {}))
        found = [provider.poll(each) for each in named]
        if isinstance(found[0], Members):
            named[:] = found[0].references
            found = [provider.poll(each) for each in named]
        operations = [each for each in found if isinstance(each, Operation)]
        if not operations:
            return Said(None, None, "none was found")
        named[:] = [each.resolved_to(operation.operation_id) for each, operation in zip(named, operations)]
        for operation in operations:
            json.dumps(operation.as_dict())
            assert operation.reason
        return _of_all(operations)

    return _poll(service, recording, start, period, judge)


def _of_all(operations: List[Operation]) -> Said:
    """Return what a gate concludes from several operations."""
    for state in (State.FAILED, State.UNKNOWN, State.RUNNING, State.PENDING):
        found = next((each for each in operations if each.state == state), None)
        if found:
            return Said(None, found.state, found.reason)
    return Said(None, State.SUCCEEDED, operations[0].reason)


def naive(service: Service, recording: Recording, start: float, period: float = 0.1) -> Said:
    """Return the verdict of the obvious rule."""

    def judge(client: RecordedService) -> Said:
        client.moment += REQUEST
        return Said(None, service.naive(recording, client.views()), "")

    return _poll(service, recording, start, period, judge)


def fault_of(recording: Recording, said: Said) -> Optional[str]:
    """Return what is wrong with a decision: C(early), C(wrong) or C(never); None if it is true and in time."""
    truth = recording["truth"]
    if truth["outcome"] not in State.TERMINAL:  # nothing shows it
        return None if said.moment is None else "wrong"
    if said.moment is None:
        return "never"
    if said.state != truth["outcome"]:
        return "wrong" if said.moment >= truth["over_at"] - BLUR else "early"
    return "early" if said.moment < truth["over_at"] - BLUR else None
