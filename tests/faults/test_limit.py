# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""In real time, with real threads: a look that never ends does not keep a wait beyond its limit."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

import pytest
from ansible_collections.cloudgate.operations.plugins.module_utils.connection import Connection
from ansible_collections.cloudgate.operations.plugins.module_utils.gate import WaitOptions
from ansible_collections.cloudgate.operations.plugins.module_utils.providers.base import Reference
from ansible_collections.cloudgate.operations.plugins.module_utils.waiter import LAST_LOOKS, Group, Waiter
from faults.injections import API
from faults.subjects import SUBJECTS
from simulator import Simulator

LIMIT, BUSY = 2.0, 1.0  # seconds; the second for a machine that has other work to do
OPENSTACK = SUBJECTS[0]


@pytest.mark.usefixtures("_mended")
@pytest.mark.parametrize("action", ["silence", "drip", "drip_body"])
def test_the_limit_holds_though_an_answer_never_ends(sim: Simulator, action: str) -> None:
    reference = OPENSTACK.add(sim, OPENSTACK.provider, started=0, duration=1e6)
    connection = Connection(OPENSTACK.task(sim, secure=False) | {"api_timeout": 30}, {}, mask=lambda _secret: None)
    looks = 0

    def look(references: Sequence[Reference]) -> Any:
        nonlocal looks
        looks += 1
        if looks == 2:
            sim.add_fault(path=API, times=None, action=action)  # a byte a second
        return connection.look(references)

    group = Group(connection.facts.name, look, connection.now)
    group.add(reference)
    options = WaitOptions(timeout=LIMIT, poll_min=0.2, poll_max=0.2)
    began = time.monotonic()
    outcome = Waiter(options, patience=90).wait([group])
    assert time.monotonic() - began < LIMIT + LAST_LOOKS + BUSY
    failure = outcome.failure(options)
    assert failure is not None
    assert failure["kind"] == "timeout"
    assert LIMIT <= outcome.elapsed < LIMIT + LAST_LOOKS + BUSY
    assert (outcome.operations[0].terminal, looks) == (False, 2)
