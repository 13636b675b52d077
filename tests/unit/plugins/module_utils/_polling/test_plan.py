# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which operations a plan knows. The engine's tests cover the order of the polls."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest
from ansible_collections.cloudgate.operations.plugins.module_utils._model.reference import Reference
from ansible_collections.cloudgate.operations.plugins.module_utils._polling.plan import GroupIO, Plan
from ansible_collections.cloudgate.operations.plugins.module_utils._polling.state import GroupState


@pytest.mark.parametrize(
    ("found", "new"), [(Reference("a", "s"), False), (Reference("b", "s"), True), (Reference("a", "t"), True)]
)
def test_an_operation_that_a_list_shows_is_the_one_that_is_known(found: Reference, new: bool) -> None:
    """This also holds with C(verify): a second entry without it would succeed too early."""
    group = GroupState.of("openstack", [Reference("a", "s", verify="ACTIVE")])
    plan = Plan(group, GroupIO(lambda _references: [], lambda: datetime.now(timezone.utc)), 100.0)
    assert (plan.add_new(found, 0.0) is not None) is new
    assert len(group.operations) == plan.open == 1 + new
