# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A secret whose characters occur in an ID: masked in the state of a slice, the ID would be of another resource."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.cloudgate.operations.plugins.plugin_utils._wait.slices import SlicedWait
from simulated.helpers import task
from simulator import Simulator

SHORT = 0.05  # seconds of a slice


def test_a_slice_does_not_hand_over_a_masked_id(
    sim: Simulator, run_module: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else the next slice reads an ID that does not exist, which is the success of a deletion."""
    volume = sim.add_operation("openstack", "volume_delete", duration=1000)["resource_id"]
    monkeypatch.setenv("HW_SECRET_KEY", volume[9:13])
    slices: list[dict[str, Any]] = []

    def run_slice(part: dict[str, Any]) -> dict[str, Any]:
        slices.append(
            run_module(
                "wait_for_operation",
                provider="openstack_volume",
                operations=[{"resource_id": volume, "expect": "deleted"}],
                poll_min=0.01,
                timeout=3 * SHORT,
                _slice={**part, "seconds": SHORT, "early": SHORT},
                **task(sim, "openstack"),
            )
        )
        return slices[-1]

    moments = (SHORT * number for number in range(100))
    result = SlicedWait(run_slice, lambda *_seen: None, moments.__next__, lambda _seconds: None).run()
    assert (result["failure"]["kind"], result["operations"][0]["state"]) == ("timeout", "running")
    assert len(slices) == 1
    assert volume not in str(slices[0])
