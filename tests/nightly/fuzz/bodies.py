# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Spoiled answers to every provider, through all layers of a request."""

from __future__ import annotations

import collections
import signal
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import unquote, urlsplit

from ansible_collections.cloudgate.operations.plugins.module_utils._auth import credentials, kinds
from ansible_collections.cloudgate.operations.plugins.module_utils._auth.login import Login, log_in
from ansible_collections.cloudgate.operations.plugins.module_utils._model.errors import GateError
from ansible_collections.cloudgate.operations.plugins.module_utils._model.operation import Operation
from ansible_collections.cloudgate.operations.plugins.module_utils._providers.registry import connect, info_for
from fuzz.choices import Choices
from fuzz.hostile import spoiled
from fuzz.language import Reply, spoiled_replies
from fuzz.network import JSON, Answer, answered
from fuzz.scenes import Scene
from fuzz.truth import Broken, check_error, check_operation, check_success, demand

LIMIT = 3.0  # seconds of the processor for one input: some are megabytes
HANGS = 20.0  # seconds of the processor after which one is not waited for any more
REQUESTS = 100  # for one question, at most: LISTED operations, and the requests of each
NOT_FOUND = b'{"itemNotFound": {"message": "Instance s1 could not be found.", "code": 404}}'


@dataclass
class Tally:
    """The outcomes of the inputs to one target."""

    inputs: int = 0
    outcomes: collections.Counter[str] = field(default_factory=collections.Counter)
    slowest: float = 0.0

    def time(self, work: Callable[[], None]) -> None:
        """Do the work of one input. Raises Broken when it takes too long."""
        signal.signal(signal.SIGVTALRM, _hangs)
        signal.setitimer(signal.ITIMER_VIRTUAL, HANGS)
        began = time.process_time()
        try:
            work()
        finally:
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        took = time.process_time() - began
        self.inputs += 1
        self.slowest = max(self.slowest, took)
        demand(took < LIMIT, f"it took {took:.1f} s")


def _hangs(_signal: int, _frame: Any) -> None:
    raise Broken(f"not finished after {HANGS:.0f} s")


class Bodies:
    """One provider, and the answers that it gets instead of the good ones."""

    def __init__(self, scenes: list[Scene]) -> None:
        self.scenes = scenes
        self.tally = Tally()
        self._logins: dict[str, Login] = {}

    def run(self, data: bytes) -> None:
        """Ask a question whose answers are spoiled as the bytes choose."""
        choices = Choices(data)
        scene = choices.pick(self.scenes)
        served = {path: text.encode() for path, text in scene.answers.items()}
        for path in served if choices.once_in(4) else [choices.pick(list(served))]:
            served[path] = spoiled(scene.answers[path], choices)
        if scene.replies:
            scene = replace(scene, replies=spoiled_replies(scene.replies, choices))
            served = served if choices.below(3) else {path: text.encode() for path, text in scene.answers.items()}
        self.tally.time(lambda: self.put(scene, served, short=not choices.once_in(16)))

    def put(self, scene: Scene, served: Mapping[str, bytes], short: bool = False) -> None:
        """Ask a question, and check the result."""
        asked: list[str] = []
        with answered(lambda _method, url: _answer(scene, served, url, asked), short):
            try:
                found = _listed(scene.put(self._provider(scene)))
            except GateError as exc:
                check_error(exc)
                self.tally.outcomes[exc.kind] += 1
                return
        for each in found:
            if isinstance(each, GateError):
                check_error(each)
                self.tally.outcomes[each.kind] += 1
                continue
            demand(isinstance(each, Operation), f"{type(each).__name__} instead of an operation")
            check_operation(each)
            check_success(scene, each, served, unquote(_below(scene, asked[-1])))
            self.tally.outcomes[each.state] += 1
        if not found:
            self.tally.outcomes["none"] += 1

    def _provider(self, scene: Scene) -> Any:
        options = {"provider": scene.provider, "endpoint": scene.endpoint, **scene.options}
        if scene.endpoint not in self._logins:
            chosen = credentials.Credentials(kinds.TOKEN, {"token": "t"}, endpoint=scene.endpoint)
            self._logins[scene.endpoint] = log_in(chosen, lambda _secret: None)
        provider = connect(info_for(options), self._logins[scene.endpoint], options)
        demand(provider.client.endpoint == scene.endpoint, "another endpoint than that of the scene")
        return provider


def _answer(scene: Scene, served: Mapping[str, bytes], url: str, asked: list[str]) -> Answer:
    """Return the answer at a URL: one of the scene, or of its neighbor, as ids may have changed."""
    asked.append(url)
    demand(len(asked) <= REQUESTS, "requests without end")
    demand(url.startswith(scene.endpoint + "/"), f"a request to {url}")
    below = _below(scene, url)
    demand(not {"", ".", ".."} & set(below.split("/")), f"a request to {url}")  # dots, which requests would remove
    path = unquote(below)
    folder = path.rpartition("/")[0]
    near = [known for known in served if known == path] or [
        known for known in served if known.rpartition("/")[0] == folder and folder.endswith("os-instance-actions")
    ]
    if not near:
        return 404, JSON, NOT_FOUND
    reply = scene.replies.get(near[0], Reply(None))
    return reply.status, [*JSON, *reply.headers.items()], served[near[0]]


def _below(scene: Scene, url: str) -> str:
    """Return the path of a URL below the endpoint as it is sent, without a slash at its end."""
    return urlsplit(url).path[len(urlsplit(scene.endpoint).path) + 1 :].removesuffix("/")


def _listed(found: Any) -> list[Any]:
    return [each for each in (found if isinstance(found, list) else [found]) if each is not None]
