# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An SDK that starts and reads an operation, and the options with which a module reads it as well."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, ClassVar
from unittest import mock

from ansible_collections.cloudgate.operations.plugins.filter.references import references
from scripted import Answer, Api

SECRET, USER, PASSWORD = "planted-secret-4f2e", "planted-user-22", "planted-password-91"
RUNNING, SUCCEEDED, FAILED, UNKNOWN = "running", "succeeded", "failed", "unknown"
BEARER = {"auth_type": "bearer", "auth": {"token": SECRET}}
BASIC = {"auth_type": "basic", "auth": {"username": USER, "password": PASSWORD}}


@dataclass(frozen=True)
class Case:
    """An answer, and its state.

    sdk: what the SDK makes of the answer, if it is known to be wrong. An empty text means the same as state.
    """

    name: str
    body: Any
    state: str
    sdk: str = ""
    status: int = 200

    @property
    def answer(self) -> Answer:
        """Return the answer of the server."""
        return self.status, {}, self.body


class Oracle:
    """An SDK on a scripted server.

    base: the path of the endpoint. tls: whether the SDK refuses plain HTTP. login: what the module logs in with.
    credential: the header with the credential. given: arguments of the filter `references`.
    unlike: parameters of a query that only the SDK or only the definition sends, because they do not change the state.
    started: the answer to the request that starts the operation.
    """

    definition: str
    base = ""
    tls = False
    login: dict[str, Any] = BEARER
    credential = "Authorization"
    given: ClassVar[dict[str, Any]] = {}
    unlike: frozenset[str] = frozenset()
    cases: tuple[Case, ...] = ()

    def __init__(self, api: Api, ca: str) -> None:
        self.api = api
        self.ca = ca
        self.url = api.url + self.base

    def started(self) -> Answer:
        """Return the answer to the request that starts the operation."""
        raise NotImplementedError

    def start(self) -> None:
        """Start the operation with the SDK."""
        raise NotImplementedError

    def verdict(self) -> str:
        """Return the state of the operation according to the SDK, which reads it once."""
        raise NotImplementedError

    def stop(self) -> None:
        """Let the SDK end its session while the server still answers."""

    def script(self, *cases: Case) -> None:
        """Let the server show these answers."""
        self.api.others = [each.answer for each in cases]

    def options(self) -> dict[str, Any]:
        """Return the options that tell a module where the API is."""
        more = {"ca_cert": self.ca} if self.tls else {}
        return {"provider": "custom", "definition": self.definition, "endpoint": self.url, **self.login, **more}

    def references(self) -> list[dict[str, Any]]:
        """Return the operation as the filter `references` finds it in the last answer."""
        found: list[dict[str, Any]] = references(registered(self.api, self.started()), **self.given)
        return found

    def __repr__(self) -> str:
        return self.definition


def registered(api: Api, answer: Answer) -> dict[str, Any]:
    """Return what ansible.builtin.uri registers for the last request."""
    status, headers, body = answer
    text = {} if body is None else {"json": body}
    lower = {name.lower().replace("-", "_"): value for name, value in headers.items()}
    return {"changed": False, "failed": False, "url": api.url + api.sent[-1].target, "status": status, **text, **lower}


class _WouldSleep(Exception):
    """The SDK would sleep, so the operation is running."""


@contextmanager
def _no_sleep(allowed: int) -> Iterator[None]:
    left = iter(range(allowed))

    def count(_seconds: float) -> None:
        if next(left, None) is None:
            raise _WouldSleep

    with mock.patch("time.sleep", count):
        yield


def waited(wait: Callable[[], object], failures: tuple[type[Exception], ...], sleeps: int = 0) -> str:
    """Return the verdict of an SDK's waiter: it sleeps more often than so many times, returns, or raises an error.

    failures: the errors that mean a failure.
    """
    try:
        with _no_sleep(sleeps):
            wait()
    except _WouldSleep:
        return RUNNING
    except failures:
        return FAILED
    return SUCCEEDED
