# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Print how often three rules are wrong about the recordings of a real Nova; 1 if ours ever is."""

from __future__ import annotations

import sys
from collections import Counter

from ansible_collections.cloudgate.operations.tests.unit.replay import (
    RECORDINGS,
    Rule,
    all_events_success,
    as_recorded,
    fault_of,
    oldest_version,
    ours,
    server_status,
    whole_seconds,
    without_reasons,
)

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


def table() -> int:
    """Print a line a rule and view; the number of faults of ours."""
    bad = 0
    print(f"{len(RECORDINGS)} recordings of a real Nova, polled every 0.1 s")
    print(f"{'rule':28}{'seen by':26}{'early':>7}{'wrong':>7}{'never':>7}")
    for rule_name, rule in RULES.items():
        for view_name, view in VIEWS.items():
            faults = Counter(fault_of(each, rule(each, view, 0.0, 0.1)) for each in RECORDINGS.values())
            print(f"{rule_name:28}{view_name:26}{faults['early']:7}{faults['wrong']:7}{faults['never']:7}")
            if rule is ours:
                bad += len(RECORDINGS) - faults[None]
    return bad


if __name__ == "__main__":
    sys.exit(1 if table() else 0)
