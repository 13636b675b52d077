# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Faults on demand: answers, delays and broken connections in front of the real app."""

from __future__ import annotations

import json
import re
import time
from dataclasses import dataclass, field
from typing import Any

from .wire import ACTIONS


@dataclass
class FaultRule:
    """`path` is searched in the request's path; `times` None means until the next reset.

    With a `status`, this is the answer. Without one the app answers; `headers` replace its own, and `replace` changes
    words of its body. `action` is one of wire.ACTIONS: how the answer is sent, if at all.
    """

    path: str
    method: str | None = None
    times: int | None = 1
    status: int | None = None
    headers: dict[str, str] = field(default_factory=dict)
    body: Any = ""
    replace: dict[str, str] = field(default_factory=dict)
    action: str | None = None
    delay: float = 0.0  # real seconds; alone, the request is then served as usual
    interval: float = 1.0  # real seconds from one byte to the next of an answer that drips

    def __post_init__(self) -> None:
        try:
            re.compile(self.path)
        except re.error as error:
            raise ValueError(f"path: {error}") from error
        if self.action not in (None, *ACTIONS):
            raise ValueError(f"unknown action {self.action!r}")

    def matches(self, method: str, path: str) -> bool:
        right_method = self.method is None or self.method.upper() == method
        return right_method and self.times != 0 and re.search(self.path, path) is not None

    def wait(self) -> None:
        if self.delay:
            time.sleep(self.delay)

    def payload(self) -> tuple[bytes, str]:
        if isinstance(self.body, str):
            return self.body.encode(), "text/plain"
        return json.dumps(self.body).encode(), "application/json"


class Faults:
    """The rules, oldest first; the first that matches is used."""

    def __init__(self) -> None:
        self._rules: list[FaultRule] = []

    def add(self, **rule: Any) -> None:
        self._rules.append(FaultRule(**rule))

    def clear(self) -> None:
        self._rules.clear()

    def take(self, method: str, path: str) -> FaultRule | None:
        for rule in self._rules:
            if rule.matches(method, path):
                if rule.times is not None:
                    rule.times -= 1
                return rule
        return None
