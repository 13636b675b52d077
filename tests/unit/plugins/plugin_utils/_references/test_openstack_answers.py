# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Answers of OpenStack's other services, as ansible.builtin.uri registers them."""

from __future__ import annotations

from typing import Any, Dict

import pytest
from ansible_collections.cloudgate.operations.plugins.plugin_utils._references.registered import references_from

HEAT = "https://heat.example.com/v1/p/stacks"
ANSWER = {"date": "Sat, 28 Nov 2026 05:00:10 GMT", "x_openstack_request_id": "req-1"}
LATEST = {"latest": True, "since": "2026-11-28T05:00:05Z"}


@pytest.mark.parametrize(
    ("answer", "reference"),
    [
        ({"url": HEAT, "status": 201, "json": {"stack": {"id": "s1"}}}, {"resource_id": "s1", "action": "create"}),
        ({"url": f"{HEAT}/web/s1", "status": 202}, {"resource_id": "s1"}),
        ({"url": f"{HEAT}/web/s1", "status": 204}, {"resource_id": "s1", "action": "delete"}),
        ({"url": f"{HEAT}/web/s1/actions", "status": 200, "json": None}, {"resource_id": "s1"}),
    ],
)
def test_an_action_of_a_stack_is_the_latest_one(answer: Dict[str, Any], reference: Dict[str, Any]) -> None:
    """Heat sends the ID of the request, but does not record it."""
    assert references_from({**ANSWER, **answer}) == [{**LATEST, **reference}]


def test_an_import_is_named_by_its_request_and_its_image() -> None:
    answer = {**ANSWER, "url": "https://glance.example.com/v2/images/i1/import", "status": 202}
    assert references_from(answer) == [{"operation_id": "req-1", "resource_id": "i1"}]
