# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Inject faults: each is a context manager that begins the fault and ends it."""

from __future__ import annotations

import datetime as datetime_module
import os
import socket
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from email.utils import format_datetime
from types import SimpleNamespace
from typing import Any
from unittest import mock

from ansible_collections.cloudgate.operations.plugins.module_utils._auth import signers
from ansible_collections.cloudgate.operations.plugins.module_utils._http import dates, session
from faults.scene import Scene
from simulated.helpers import LOGIN_PATH
from simulator.accounts import stable_hex, stable_uuid
from simulator.wire import bomb

Fault = Callable[[Scene], AbstractContextManager[None]]

API = f"^(?!.*{LOGIN_PATH})"
MEMORY = 64 * 2**20  # bytes that an answer may cost, however large it is
ELSEWHERE = "/somewhere/else"


def answers(path: str = API, **rule: Any) -> Fault:
    """Answer every request to the API, or to this path, in this way."""

    @contextmanager
    def fault(scene: Scene) -> Iterator[None]:
        scene.sim.add_fault(**{"path": path, "times": None, "interval": 0.05, **rule})
        yield
        scene.sim.clear_faults()

    return fault


def once(**rule: Any) -> Fault:
    """Answer the next request to the API in this way."""
    return answers(times=1, **rule)


def both(*faults: Fault) -> Fault:
    """All of these."""

    @contextmanager
    def fault(scene: Scene) -> Iterator[None]:
        with ExitStack() as stack:
            for each in faults:
                stack.enter_context(each(scene))
            yield

    return fault


@contextmanager
def refused(scene: Scene) -> Iterator[None]:
    """Close the server's port, and open the same port again at the end."""
    scene.sim.port.refuse()
    yield
    scene.sim.port.open()


@contextmanager
def no_way_in(scene: Scene) -> Iterator[None]:
    """Connections are neither taken nor refused."""
    scene.sim.port.crowd()
    yield
    scene.sim.port.open()


@contextmanager
def no_names(_scene: Scene) -> Iterator[None]:
    """Make host names unresolvable."""
    error = socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")
    with mock.patch.object(socket, "getaddrinfo", side_effect=error):
        yield


def proxy(url: str) -> Fault:
    """Put a proxy into the environment of the next slice. {closed}: host:port with a closed port."""

    @contextmanager
    def fault(scene: Scene) -> Iterator[None]:
        with socket.create_server(("127.0.0.1", 0)) as listener:
            closed = "{}:{}".format(*listener.getsockname())
        with mock.patch.dict(os.environ, {"HTTP_PROXY": url.format(closed=closed), "NO_PROXY": ""}):
            scene.connect()
            yield
        scene.connect()

    return fault


@contextmanager
def proxy_login(scene: Scene) -> Iterator[None]:
    """Let the proxy refuse the login."""
    with answers("", status=407)(scene), proxy(f"http://user:wrong@127.0.0.1:{scene.sim.port.port}")(scene):
        yield


@contextmanager
def revoked(scene: Scene) -> Iterator[None]:
    """Revoke every token issued so far."""
    for cloud in scene.sim.store.clouds.values():
        cloud.tokens.clear()
    yield


@contextmanager
def revoked_again_and_again(scene: Scene) -> Iterator[None]:
    """Revoke the tokens before each poll."""

    def revoke() -> None:
        for cloud in scene.sim.store.clouds.values():
            cloud.tokens.clear()

    scene.before_each_look = revoke
    yield
    scene.before_each_look = lambda: None


@contextmanager
def expired(scene: Scene) -> Iterator[None]:
    """Let the API reject tokens as expired, although their own date is in the future."""
    for cloud in scene.sim.store.clouds.values():
        for token in cloud.tokens.values():
            token.expires = scene.clock.now
    yield


@contextmanager
def next_slice(scene: Scene) -> Iterator[None]:
    """Let the next slice log in again."""
    scene.connect()
    yield


def certificate(which: str) -> Fault:
    """Let the server present another certificate."""

    @contextmanager
    def fault(scene: Scene) -> Iterator[None]:
        scene.sim.certificates.show(which)
        yield
        scene.sim.certificates.show("good")

    return fault


def redirects(host: str) -> Fault:
    """Redirect requests to a host that must not receive any."""

    @contextmanager
    def fault(scene: Scene) -> Iterator[None]:
        port = scene.sim.port.port
        with answers(status=302, headers={"Location": f"http://{host}:{port}{ELSEWHERE}"})(scene):
            yield
        assert not [each for each in scene.sim.requests if each["path"] == ELSEWHERE], "followed"

    return fault


def another(name: str) -> Fault:
    """Answer about another operation, or another resource, than requested."""

    @contextmanager
    def fault(scene: Scene) -> Iterator[None]:
        asked = str(getattr(scene.reference, name)).removeprefix("operations/")
        other = stable_hex(name, "another") if asked.isalnum() else stable_uuid(name, "another")
        with answers(replace={asked: f"req-{other}" if asked.startswith("req-") else other})(scene):
            yield

    return fault


def too_large(action: str) -> Fault:
    """Answer with a body that the client must not keep in memory."""

    @contextmanager
    def fault(scene: Scene) -> Iterator[None]:
        bomb(1), bomb(2)  # made before its cost is counted
        tracemalloc.start()
        try:
            with answers(action=action)(scene):
                yield
            used = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
        assert used < MEMORY, f"{used} bytes were needed"

    return fault


def endless_framing(action: str) -> Fault:
    """Send endless framing around a body. The limit is lowered, as http.client takes long to read so many lines."""

    @contextmanager
    def fault(scene: Scene) -> Iterator[None]:
        small = mock.patch.multiple(session, MAX_BODY=2**18, MAX_FRAMING=2**18)
        with small, answers(action=action)(scene):
            yield

    return fault


def throttles_until(seconds: float) -> Fault:
    """Answer 429 with a date in Retry-After."""

    @contextmanager
    def fault(scene: Scene) -> Iterator[None]:
        moment = datetime_module.datetime.now(datetime_module.timezone.utc) + datetime_module.timedelta(seconds=seconds)
        with answers(status=429, headers={"Retry-After": format_datetime(moment, usegmt=True)})(scene):
            yield

    return fault


def wall_clock(**shift: float) -> Fault:
    """Change this machine's wall clock; the monotonic clock continues."""
    offset = datetime_module.timedelta(**shift)

    class Shifted(datetime_module.datetime):
        @classmethod
        def now(cls, tz: Any = None) -> Any:
            return datetime_module.datetime.now(tz) + offset

    @contextmanager
    def fault(_scene: Scene) -> Iterator[None]:
        from keystoneauth1 import _utils

        theirs = SimpleNamespace(**{**vars(datetime_module), "datetime": Shifted})
        with (
            mock.patch.object(dates, "datetime", Shifted),
            mock.patch.object(signers, "datetime", Shifted),
            mock.patch.object(_utils, "datetime", theirs),
        ):
            yield

    return fault
