# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""References that can name an operation of a provider, and those that cannot."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest
from ansible_collections.cloudgate.operations.plugins.module_utils._model.errors import InputError
from ansible_collections.cloudgate.operations.plugins.module_utils._model.reference import Reference
from ansible_collections.cloudgate.operations.plugins.module_utils._providers.naming import check_reference
from ansible_collections.cloudgate.operations.plugins.module_utils._providers.registry import PROVIDERS


@pytest.mark.parametrize(
    ("provider", "reference"),
    [
        ("openstack", Reference("req-1", "s1")),
        ("openstack", Reference(resource_id="s1", latest=True, action="resize")),
        ("ecl_vna", Reference("o1")),
        ("ecl_vna", Reference("o1", "a1")),
        ("ecl_vna", Reference(resource_id="a1", latest=True)),
        ("huaweicloud_modelarts", Reference("o1", "l1")),
        ("openstack_stack", Reference("e1", "s1")),
        ("openstack_stack", Reference("e1", "s1", action="delete")),
        ("openstack_volume", Reference(resource_id="v1", expect="size=20")),
        ("openstack_volume", Reference("req-1", "v1", expect="volume_type=a b")),
        ("openstack_baremetal", Reference(resource_id="rack-1", expect="power on")),
        ("openstack_loadbalancer", Reference(resource_id="b1", expect="active=l1")),
        ("openstack_image", Reference("t1")),
        ("openstack_image", Reference(resource_id="i1", expect="stores=a,b")),
    ],
)
def test_references_that_name_an_operation(provider: str, reference: Reference) -> None:
    assert check_reference(PROVIDERS[provider], reference) == reference


@pytest.mark.parametrize(
    ("provider", "reference", "words"),
    [
        ("openstack", Reference("req-1"), "resource_id is missing"),
        ("openstack", Reference(resource_id="s1"), "operation_id is missing: give it, or resource_id and latest"),
        ("openstack", Reference("req-1", "s1", latest=True), "latest and operation_id exclude"),
        ("openstack", Reference(latest=True), "resource_id is missing"),
        ("openstack", Reference("", "s1"), "operation_id must be an id"),
        ("openstack", Reference("req-1", "../s1"), "resource_id must be an id"),
        ("ecl_vna", Reference(latest=True), "resource_id is missing"),
        ("ecl_vna", Reference(), "operation_id is missing"),
        ("huaweicloud_modelarts", Reference("o1"), "resource_id is missing"),
        ("huaweicloud_modelarts", Reference(resource_id="l1", latest=True), "latest cannot be used"),
        ("huaweicloud_modelarts", Reference(resource_id="l1"), "give it, or resource_id and expect."),
        ("openstack", Reference("req-1", "s1", action="reboot"), "action"),
        ("openstack_stack", Reference("req-1", "s1"), "is the ID of an event"),
        ("openstack_volume", Reference("req-1", "v1"), "expect is missing: provider openstack_volume needs what"),
        ("openstack_volume", Reference(resource_id="v1"), "must become: available or in-use or deleted or size=GIB"),
        ("openstack_volume", Reference(resource_id="v1", expect="size=20G"), "expect must be available or"),
        ("openstack_volume", Reference(resource_id="v1", expect="size="), "expect must be available or"),
        ("openstack_volume", Reference(resource_id="v1", expect="size"), "expect must be available or"),
        ("openstack_volume", Reference(resource_id="v1", expect="available=1"), "expect must be available or"),
        ("openstack_volume", Reference(expect="available"), "resource_id is missing"),
        ("openstack_volume", Reference(resource_id="v1", expect="available", latest=True), "exclude each other"),
        ("openstack_baremetal", Reference(resource_id="n1", expect="deploying"), "expect must be active or"),
        ("openstack_image", Reference("t1", "i1", expect="active"), "operation_id and expect exclude each other"),
        ("openstack", Reference("req-1", "s1", since=datetime(2026, 11, 21, tzinfo=timezone.utc)), "since"),
    ],
)
def test_references_that_cannot_name_one(provider: str, reference: Reference, words: str) -> None:
    with pytest.raises(InputError) as caught:
        check_reference(PROVIDERS[provider], reference)
    assert words in caught.value.message
