# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every recording, replayed over HTTP, has the structure that the real Nova showed to each role."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from simulator import Simulator
from simulator.timelines import playable
from simulator_tests.helpers import Clock, Nova

RECORDED_AT = "2.95"
LONG_AFTER = 100.0
ALL_RECORDINGS = playable()
NOT_REPEATED = {
    "instance_uuid",
    "request_id",
    "user_id",
    "project_id",
    "start_time",
    "updated_at",
    "finish_time",
    "hostId",
}


@pytest.fixture(scope="module")
def cloud() -> Iterator[tuple[Simulator, Clock]]:
    clock = Clock()
    with Simulator(clock=clock) as sim:
        yield sim, clock


def comparable(value: Any) -> Any:
    """Ids, users and times are those of the simulation: only their presence is compared."""
    if isinstance(value, dict):
        return {key: key if key in NOT_REPEATED and inner else comparable(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [comparable(inner) for inner in value]
    return value


def test_there_are_recordings() -> None:
    assert len(ALL_RECORDINGS) > 100


@pytest.mark.parametrize("path", ALL_RECORDINGS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_both_roles_see_what_they_saw(cloud: tuple[Simulator, Clock], path: Path) -> None:
    sim, clock = cloud
    recording = json.loads(path.read_text(encoding="utf-8"))
    sim.reset()
    ids = sim.add_operation("openstack", "reboot", replay=f"{path.parent.name}/{path.stem}")
    clock.advance(LONG_AFTER)
    member, admin = Nova(sim, "openstack"), Nova(sim, "openstack", admin=True)
    text = json.dumps(recording).replace(recording["server_id"], ids["resource_id"])
    recorded = json.loads(text)
    seen = member.action(ids["operation_id"], RECORDED_AT)
    assert comparable(seen) == comparable(recorded["member_view"]["body"]["instanceAction"])
    last = [entry["instanceAction"] for entry in recorded["trace"] if entry["instanceAction"]][-1]
    assert comparable(admin.action(ids["operation_id"], RECORDED_AT)) == comparable(last)
    answer = admin.nova("GET", f"/{ids['resource_id']}")
    if recorded["truth"]["last_server"].get("http") == 404:
        assert answer.status_code == 404
    elif recorded["truth"]["last_server"]["status"] == "ERROR" and recorded["fault"]:
        assert answer.json()["server"]["fault"]["message"] == recorded["fault"]["message"]
        assert answer.json()["server"]["fault"]["code"] == recorded["fault"]["code"]
    else:
        assert "fault" not in answer.json()["server"]
