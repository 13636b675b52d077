# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every way to name no operation, and its result. Data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

MODULE, ROLE = "module", "role"
SKIPPED = {"changed": False, "skipped": True, "skip_reason": "Conditional result was False"}
NO_ITEMS = {"changed": False, "results": [], "skipped": True, "skipped_reason": "No items in the list"}
ALL_SKIPPED = {"changed": False, "results": [SKIPPED] * 3, "skipped": True, "msg": "All items skipped"}
STARTED = {"operation_id": "req-1", "resource_id": "server-1"}
NO_VALUE = "Nothing to wait for: operations, groups and operation_id have no value."
NOT_GIVEN = "Nothing to wait for: give operation_gate_provider and operation_gate_operations, or operation_gate_groups."
NO_ID = "operation_id is missing: give it, or resource_id and latest."


@dataclass(frozen=True)
class Way:
    """A way to name no operation.

    by: MODULE or ROLE. given: the options of the module without the connection, or the variables of the role without
    their prefix. says: the begin of the sentence, or words of it. optional: whether empty=pass opens the gate, as does
    check mode; a list that was not given at all is a mistake in any case.
    """

    name: str
    by: str
    given: dict[str, Any]
    says: str
    optional: bool = True

    @property
    def whole(self) -> dict[str, Any]:
        """Return the options or variables with the provider."""
        return self.given if "groups" in self.given else {"provider": "openstack", **self.given}


def _group(operations: Any) -> dict[str, Any]:
    return {"provider": "openstack", "operations": operations}


WAYS = [
    Way("`operations: []`", MODULE, {"operations": []}, "operations is empty: "),
    Way(
        "`operations: []` with `wait_for: any`", MODULE, {"operations": [], "wait_for": "any"}, "operations is empty: "
    ),
    Way("`groups: []`", MODULE, {"groups": []}, "groups is empty: "),
    Way(
        "the second group has `operations: []`",
        MODULE,
        {"groups": [_group([STARTED]), _group([])]},
        "group 2: operations is empty: ",
    ),
    Way("the only group has `operations: []`", MODULE, {"groups": [_group([])]}, "group 1: operations is empty: "),
    Way(
        "the only group has `operations: null`",
        MODULE,
        {"groups": [_group(None)]},
        "group 1: operations is missing.",
        False,
    ),
    Way("`operations: null`", MODULE, {"operations": None}, NO_VALUE, False),
    Way("`groups: null`", MODULE, {"groups": None}, NO_VALUE, False),
    Way("`operations: [{}]`", MODULE, {"operations": [{}]}, NO_ID, False),
    Way('`operations: ""`', MODULE, {"operations": ""}, NO_VALUE, False),
    Way('`operations: "[]"`, text', MODULE, {"operations": "[]"}, "operations is empty: "),
    Way(
        "the result of a loop of three, all skipped",
        MODULE,
        {"operations": ALL_SKIPPED},
        "operations has 3 results, all skipped: ",
    ),
    Way(
        "none of `operations`, `groups`, `operation_id`",
        MODULE,
        {},
        "one of the following is required: operations, operation_id, groups",
        False,
    ),
    Way("`operation_gate_operations: []`", ROLE, {"operations": []}, "operation_gate_operations is empty: "),
    Way('the same as text, `"[]"`', ROLE, {"operations": "[]"}, "operation_gate_operations is empty: "),
    Way(
        "`operation_gate_operations: []` with `operation_gate_wait_for: any`",
        ROLE,
        {"operations": [], "wait_for": "any"},
        "operation_gate_operations is empty: ",
    ),
    Way(
        "the result of a task that was skipped",
        ROLE,
        {"operations": SKIPPED},
        "operation_gate_operations has 1 result, which was skipped: ",
    ),
    Way(
        "the result of a loop of three, all skipped",
        ROLE,
        {"operations": ALL_SKIPPED},
        "operation_gate_operations has 3 results, all skipped: ",
    ),
    Way(
        "a list of two results, both skipped",
        ROLE,
        {"operations": [SKIPPED, SKIPPED]},
        "operation_gate_operations has 2 results, all skipped: ",
    ),
    Way(
        "the result of a loop without items",
        ROLE,
        {"operations": NO_ITEMS},
        "operation_gate_operations has the result of a loop without items: ",
    ),
    Way("`operation_gate_groups: []`", ROLE, {"groups": []}, "operation_gate_groups is empty: "),
    Way('the same as text, `"[]"`', ROLE, {"groups": "[]"}, "operation_gate_groups is empty: "),
    Way(
        "a group has the result of a loop of three, all skipped",
        ROLE,
        {"groups": [_group(ALL_SKIPPED)]},
        "group 1: operations has 3 results, all skipped: ",
    ),
    Way(
        "the second group has `operations: []`",
        ROLE,
        {"groups": [_group([STARTED]), _group([])]},
        "group 2: operations is empty: ",
    ),
    Way("a group has `operations: null`", ROLE, {"groups": [_group(None)]}, "group 1: operations is missing.", False),
    Way("`operation_gate_operations` is null", ROLE, {"operations": None}, NOT_GIVEN, False),
    Way("`operation_gate_operations` is an empty text", ROLE, {"operations": ""}, NOT_GIVEN, False),
    Way("neither `operation_gate_operations` nor `operation_gate_groups`", ROLE, {}, NOT_GIVEN, False),
    Way("`operation_gate_operations: [{}]`", ROLE, {"operations": [{}]}, NO_ID, False),
]
