# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One simulated cloud for all cells, no way to any real one, and the matrix at the end."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from typing import Any

import pytest
from faults.matrix import MATRIX
from scripted import run_module
from simulated.conftest import _bare_environment, clock, shared, sim

__all__ = ["_bare_environment", "clock", "run_module", "shared", "sim"]  # fixtures
_LOOPBACK = ("127.0.0.1", "localhost")


@pytest.fixture(autouse=True)
def _loopback_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """If the catalog lacks a service, the module would ask the real cloud's host."""
    real = socket.getaddrinfo

    def look_up(host: Any, *more: Any, **others: Any) -> Any:
        if host not in _LOOPBACK:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return real(host, *more, **others)

    monkeypatch.setattr(socket, "getaddrinfo", look_up)


@pytest.fixture
def _mended(sim: Any) -> Iterator[None]:
    """Repair the cloud before each cell."""
    yield
    sim.clear_faults()
    sim.certificates.show("good")
    sim.port.open()


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Print the matrix."""
    if MATRIX:
        terminalreporter.section("faults")
        for line in MATRIX.lines():
            terminalreporter.write_line(line)
