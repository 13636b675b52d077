# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A scenario: the preparation of a server, and the one request whose operation is recorded."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from lab.bench import GO_ON, Bench, Metadata
from lab.client import Answer

# Called after each poll with (server, observation, seconds since the request); returns the next function to call.
During = Callable[[str, dict[str, Any], float], Any]


@dataclass(frozen=True)
class Prepared:
    """A server that is ready (None: the request creates it) and the request to be sent."""

    server: str | None
    send: Callable[[], Answer]
    during: During | None = None


Prepare = Callable[[Bench], Prepared]


@dataclass(frozen=True)
class Scenario:
    """One operation, its story, and how long to poll it."""

    name: str
    what: str
    prepare: Prepare
    quiet: float = 1.5  # seconds without a change after which nothing more is expected
    limit: float = 60
    restart: bool = False  # the compute was stopped
    evacuated: bool = False
    images: bool = False  # the images of the server are polled, too
    named: str | None = None  # the action that a user names where Nova records none, or two by one request
    killed_in: str | None = None  # the task or the open event in which Nova is killed
    outcome: str | None = None  # the outcome, if the scenario's name does not show it
    shown_by: str = "api"  # C(nothing): the API never shows the outcome; C(events): only the events do

    def clean_up(self, bench: Bench) -> None:
        """Leave the lab as it was found."""
        bench.clean_up(self.restart, self.evacuated)


def action(
    body: dict[str, Any],
    metadata: Metadata | None = None,
    as_admin: bool = False,
    before: Callable[[Bench, str], None] | None = None,
) -> Prepare:
    """Ask for a server action on an active server."""

    def prepare(bench: Bench) -> Prepared:
        server = bench.boot(metadata)
        if before:
            before(bench, server)
        return Prepared(server, lambda: bench.act(server, body, bench.admin if as_admin else bench.demo))

    return prepare


def in_turn(bench: Bench, *steps: tuple[Callable[[dict[str, Any]], bool], Callable[[Bench, str], Any]]) -> During:
    """Do one thing after the other, each as soon as what was seen of the action and the server allows it."""

    def during(server: str, seen: dict[str, Any], _seconds: float) -> Any:
        ready, act = steps[0]
        if not ready(seen):
            return during
        act(bench, server)
        return in_turn(bench, *steps[1:]) if steps[1:] else None

    return during


def task(*names: str) -> Callable[[dict[str, Any]], bool]:
    """Return a condition: the server has one of these tasks."""
    return lambda seen: seen["server"]["task_state"] in names


def is_idle(*statuses: str) -> Callable[[dict[str, Any]], bool]:
    """Return a condition: the server has one of these statuses and no task."""
    return lambda seen: seen["server"]["status"] in statuses and seen["server"]["task_state"] is None


def is_gone(seen: dict[str, Any]) -> bool:
    """Return whether the server was deleted."""
    return seen["server"]["status"] in (None, "DELETED")


def delete_it(bench: Bench, server: str) -> None:
    """Delete the server as its owner."""
    bench.demo.delete(f"/servers/{server}")


def let_go(_bench: Bench, _server: str) -> None:
    """Let a method continue that is held up."""
    GO_ON.touch()


def after(*steps: tuple[dict[str, Any], str]) -> Callable[[Bench, str], None]:
    """Bring the server through these states first."""
    return lambda bench, server: bench.step(server, *steps)
