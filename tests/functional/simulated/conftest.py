# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One simulator for all tests, reset for each, and a function that runs modules in this process."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from openstack.config import loader
from requests.adapters import HTTPAdapter
from scripted import run_module
from simulated import playbook_runs
from simulated.helpers import Clock
from simulated.network import Network
from simulator import Simulator

settings.register_profile("simulated", database=None, deadline=None, derandomize=True)
settings.load_profile("simulated")

__all__ = ("run_module",)  # a fixture


def pytest_collection_modifyitems(items: list[pytest.Function]) -> None:
    """Mark what starts Ansible, so that it can run beside the other tests."""
    for item in items:
        imported = {getattr(value, "__module__", None) for value in vars(item.module).values()}
        if playbook_runs.__name__ in imported:
            item.add_marker("playbook")


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Hide the environment of the machine's own user from the tests."""
    for name in os.environ:
        if name.startswith(("OS_", "HW_", "HUAWEICLOUD_", "REQUESTS_", "CURL_")) or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    monkeypatch.setattr(loader, "CONFIG_FILES", [*loader.CONFIG_FILES])  # openstacksdk adds OS_CLIENT_CONFIG_FILE to it
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("NO_PROXY", "*")
    monkeypatch.chdir(tmp_path)


@pytest.fixture(scope="session")
def shared() -> Iterator[tuple[Simulator, Clock]]:
    clock = Clock()
    with Simulator(clock=clock) as simulator:
        yield simulator, clock


@pytest.fixture
def clock(shared: tuple[Simulator, Clock]) -> Clock:
    return shared[1]


@pytest.fixture
def sim(shared: tuple[Simulator, Clock]) -> Simulator:
    """On `clock`, with nothing left of the test before."""
    simulator, its_clock = shared
    its_clock.now = Clock().now
    simulator.reset()
    return simulator


@pytest.fixture
def network(monkeypatch: pytest.MonkeyPatch) -> Network:
    """In place of the real one. Its catalog has one Nova."""
    endpoints = [{"interface": "public", "url": "https://nova.example.com:8774/v2.1", "region": "RegionOne"}]
    network = Network([{"type": "compute", "name": "nova", "endpoints": endpoints}])
    monkeypatch.setattr(HTTPAdapter, "send", lambda _self, request, **_settings: network.answer(request))
    return network
