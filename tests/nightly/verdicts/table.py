# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""table.py [LIVE-FILE]: print how often rules are wrong about a real Nova and other services; 1 if ours ever is.

The recordings are replayed here. LIVE-FILE is what tests/functional/openstack/test_verdicts.py has counted.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path

from ansible_collections.cloudgate.operations.tests.unit.replay import (
    RECORDINGS,
    Rule,
    all_events_success,
    as_recorded,
    fault_of,
    oldest_version,
    ours,
    server_status,
    steadily,
    whole_seconds,
    without_reasons,
)
from ansible_collections.cloudgate.operations.tests.unit.replayed_cinder import CINDER
from ansible_collections.cloudgate.operations.tests.unit.replayed_glance import GLANCE
from ansible_collections.cloudgate.operations.tests.unit.replayed_heat import HEAT
from ansible_collections.cloudgate.operations.tests.unit.replayed_ironic import IRONIC
from ansible_collections.cloudgate.operations.tests.unit.service_replay import Service
from ansible_collections.cloudgate.operations.tests.unit.service_replay import fault_of as fault_of_service
from ansible_collections.cloudgate.operations.tests.unit.service_replay import naive as naive_rule
from ansible_collections.cloudgate.operations.tests.unit.service_replay import ours as ours_of_service

SERVICES: dict[str, Service] = {"Heat": HEAT, "Cinder": CINDER, "Ironic": IRONIC, "Glance": GLANCE}
RULES: dict[str, Rule] = {
    "all events are Success": all_events_success,
    "the server has the status": server_status,
    "cloudgate.operations": ours,
}
VIEWS = {
    "administrator, 2.84": as_recorded,
    "times in whole seconds": whole_seconds,
    "member, without reasons": without_reasons,
    "administrator, 2.1": oldest_version,
}


FAULTS = ("early", "wrong", "never")


def line(rule: str, view: str, cases: int, faults: Counter[str | None]) -> str:
    """One line of the table."""
    return f"{rule:28}{view:26}{cases:7}" + "".join(f"{faults[fault]:7}" for fault in FAULTS)


def of_recordings() -> int:
    """Print the lines about the recordings; how often ours is wrong."""
    bad = 0
    for rule_name, rule in RULES.items():
        for view_name, view in VIEWS.items():
            faults = Counter(fault_of(each, rule(each, view, 0.0, steadily(each))) for each in RECORDINGS.values())
            print(line(rule_name, view_name, len(RECORDINGS), faults))
            bad += len(RECORDINGS) - faults[None] if rule is ours else 0
    return bad


def of_services() -> int:
    """Print the lines about the recordings of other services; how often ours is wrong."""
    bad = 0
    for name, service in SERVICES.items():
        naive: Counter[str | None] = Counter()
        mine: Counter[str | None] = Counter()
        for each in service.recordings.values():
            start = each["answered"]
            naive[fault_of_service(each, naive_rule(service, each, start))] += 1
            for way in service.references(each):
                mine[fault_of_service(each, ours_of_service(service, each, way, start))] += 1
        print(line("the resource has the status", name, naive.total(), naive))
        print(line("cloudgate.operations", name, mine.total(), mine))
        bad += mine.total() - mine[None]
    return bad


def of_live(file: Path) -> int:
    """Print the lines about what was just watched; how often ours is wrong."""
    counted: dict[str, Counter[str | None]] = {name: Counter() for name in RULES}
    for rule_name, fault, number in json.loads(file.read_text(encoding="utf-8")):
        counted[rule_name][fault] += number
    for rule_name, faults in counted.items():
        view = "live, member and admin" if RULES[rule_name] is ours else "live"
        print(line(rule_name, view, faults.total(), faults))
    mine = counted["cloudgate.operations"]
    return mine.total() - mine[None] + (not mine.total())


def main() -> int:
    """Print the table."""
    print(f"{'rule':28}{'seen by':26}{'cases':>7}" + "".join(f"{fault:>7}" for fault in FAULTS))
    bad = of_recordings() + of_services()
    for file in sys.argv[1:]:
        bad += of_live(Path(file))
    return int(bad > 0)


if __name__ == "__main__":
    sys.exit(main())
