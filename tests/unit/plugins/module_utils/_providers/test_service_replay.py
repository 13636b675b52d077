# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each recording of a real service, replayed at every moment: never finished too early, and the truth at the end."""

from __future__ import annotations

from collections import Counter
from typing import Dict, Optional

import pytest
from ansible_collections.cloudgate.operations.tests.unit.replayed_cinder import CINDER
from ansible_collections.cloudgate.operations.tests.unit.replayed_glance import GLANCE
from ansible_collections.cloudgate.operations.tests.unit.replayed_heat import HEAT
from ansible_collections.cloudgate.operations.tests.unit.replayed_ironic import IRONIC
from ansible_collections.cloudgate.operations.tests.unit.service_replay import Service, begins, fault_of, naive, ours
from hypothesis import given, settings
from hypothesis import strategies as st

SERVICES = {"cinder": CINDER, "glance": GLANCE, "heat": HEAT, "ironic": IRONIC}
CASES = sorted((service, name) for service, each in SERVICES.items() for name in each.recordings)


@pytest.mark.parametrize(("service", "name"), CASES)
def test_polled_from_each_change_on(service: str, name: str) -> None:
    replayed = SERVICES[service]
    recording = replayed.recordings[name]
    for reference in replayed.references(recording):
        for start in begins(recording):
            said = ours(replayed, recording, reference, start)
            assert fault_of(recording, said) is None, (str(reference), start, said)


@settings(max_examples=300)
@given(st.sampled_from(CASES), st.floats(0, 3), st.floats(0.01, 2), st.integers(0, 9))
def test_polled_at_any_moment(case: str, after: float, period: float, which: int) -> None:
    replayed = SERVICES[case[0]]
    recording = replayed.recordings[case[1]]
    ways = replayed.references(recording)
    said = ours(replayed, recording, ways[which % len(ways)], recording["answered"] + after, period)
    assert fault_of(recording, said) is None, said


def _faults(service: Service) -> Counter[Optional[str]]:
    return Counter(fault_of(each, naive(service, each, each["answered"])) for each in service.recordings.values())


# early, wrong and never of the naive rule: the recordings contain what it gets wrong
NAIVE: Dict[str, Dict[str, int]] = {
    "cinder": {"early": 5, "wrong": 9},
    "glance": {"early": 10, "never": 3},
    "heat": {"early": 5, "wrong": 11},
    "ironic": {"never": 2},
}


@pytest.mark.parametrize("service", sorted(SERVICES))
def test_the_naive_rule_is_wrong(service: str) -> None:
    counted = _faults(SERVICES[service])
    assert {fault: number for fault, number in counted.items() if fault} == NAIVE[service]
