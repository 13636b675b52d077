# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From groups with registered results to the groups of the module."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.cloudgate.operations.plugins.module_utils._model.errors import InputError
from ansible_collections.cloudgate.operations.plugins.plugin_utils._references.bounds import Bounds
from ansible_collections.cloudgate.operations.plugins.plugin_utils._references.groups import groups_from

REBOOT = {
    "url": "https://nova.example.com/v2.1/p1/servers/s1/action",
    "status": 202,
    "x_compute_request_id": "req-1",
}


def test_groups_keep_their_connection_and_whether_they_may_be_empty() -> None:
    given_groups = [
        {"provider": "openstack", "connection": {"cloud": "one"}, "operations": [], "empty": "pass"},
        {"provider": "ecl_vna", "operations": REBOOT},
    ]
    assert groups_from(given_groups) == [
        {"provider": "openstack", "cloud": "one", "operations": [], "empty": "pass"},
        {"provider": "ecl_vna", "operations": [{"operation_id": "req-1", "resource_id": "s1"}]},
    ]


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ({}, "groups must be a list"),
        (["openstack"], "group 1 must be a dict"),
        ([{"provider": "openstack", "operation": []}], "group 1: operations is missing."),
        (
            [{"provider": "openstack", "operations": [], "cloud": "one", "connection": {"cloud": "two"}}],
            "group 1: cloud must be in the group or in its connection, not in both.",
        ),
        (
            [{"provider": "openstack", "operations": [], "connection": {"provider": "otc_ecs"}}],
            "group 1: provider must be in the group or in its connection",
        ),
        ([{"operations": []}], "group 1: provider is missing."),
        ([{"provider": "openstack"}], "group 1: operations is missing."),
        ([{"provider": "openstack", "operations": None}], "group 1: operations is missing."),
        ([{"provider": "openstack", "operations": [], "connection": "one"}], "group 1: connection must be a dict"),
        ([{"provider": "openstack", "operations": {**REBOOT, "failed": True}}], "group 1: operation 1: its task"),
    ],
)
def test_an_invalid_group_is_refused_in_one_sentence(value: Any, words: str) -> None:
    with pytest.raises(InputError) as caught:
        groups_from(value)
    assert words in caught.value.message


def test_connection_options_may_be_in_the_group_itself() -> None:
    flat = {"provider": "openstack", "cloud": "one", "operations": REBOOT, "region_name": None}
    split = {**flat, "connection": {"region_name": "r"}}
    found = {"provider": "openstack", "cloud": "one", "operations": [{"operation_id": "req-1", "resource_id": "s1"}]}
    assert groups_from([flat, split]) == [found, {**found, "region_name": "r"}]


def test_a_mark_is_for_the_groups_of_its_provider() -> None:
    mark = {"provider": "openstack", "resource_id": "s1", "server": None, "since": None, "known": []}
    bounds = Bounds.of({"after": mark})
    named = {"resource_id": "s1", "latest": True}
    (group,) = groups_from([{"provider": "openstack", "operations": [named]}], bounds)
    assert group["operations"] == [{**named, "known": []}]
    with pytest.raises(InputError, match=r"group 1: operation 1: after has no record of s1\."):
        groups_from([{"provider": "otc_ecs", "operations": [named]}], bounds)
