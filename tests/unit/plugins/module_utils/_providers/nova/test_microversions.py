# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The microversion and the API version that an instance action is read with."""

from __future__ import annotations

from typing import Any, Callable, List, Optional

import pytest
from ansible_collections.cloudgate.operations.plugins.module_utils._model.errors import (
    GateError,
    MissingError,
    ProtocolError,
    UnsupportedVersionError,
)
from ansible_collections.cloudgate.operations.plugins.module_utils._providers.nova.provider import MICROVERSIONS
from ansible_collections.cloudgate.operations.tests.unit.nova_answers import ACTION, REFERENCE, RUNNING


def sent_versions(client: Any) -> List[Optional[str]]:
    """Return the microversion of each request; both headers must have the same."""
    for _path, _query, headers in client.asked:
        version = headers.get("X-OpenStack-Nova-API-Version")
        assert headers == (
            {"OpenStack-API-Version": f"compute {version}", "X-OpenStack-Nova-API-Version": version} if version else {}
        )
    return [headers.get("X-OpenStack-Nova-API-Version") for _path, _query, headers in client.asked]


@pytest.mark.parametrize(
    ("refused", "expected"),
    [
        (0, ["2.84"]),
        (3, ["2.84", "2.66", "2.62", "2.58"]),
        (6, [*MICROVERSIONS, None]),
    ],
)
def test_the_newest_microversion_that_the_cloud_has_is_used_and_remembered(
    scripted: Callable[..., Any], refused: int, expected: List[Optional[str]]
) -> None:
    error = UnsupportedVersionError("406", status=406)
    provider = scripted("openstack", {ACTION: [error] * refused + [RUNNING]})
    provider.show(REFERENCE)
    assert sent_versions(provider.client) == expected
    provider.show(REFERENCE)
    assert sent_versions(provider.client) == [*expected, expected[-1]]


def test_a_cloud_that_refuses_every_version_is_an_error(scripted: Callable[..., Any]) -> None:
    provider = scripted("openstack", {ACTION: UnsupportedVersionError("406", status=406)})
    with pytest.raises(UnsupportedVersionError):
        provider.show(REFERENCE)
    assert len(provider.client.asked) == len(MICROVERSIONS) + 1


@pytest.mark.parametrize(
    ("provider", "endpoint"),
    [
        ("otc_ecs", "https://ecs.example.com/v2/p1"),
        ("openstack", "https://h/v2/p1"),
        ("fujitsu_k5", "https://h/v2/p1"),
        ("ecl_compute", "https://h/v2/p1"),
        ("fujitsu_k5", "https://h/v2.1/p1"),
    ],
)
def test_the_old_api_gets_no_microversion(scripted: Callable[..., Any], provider: str, endpoint: str) -> None:
    old = scripted(provider, {ACTION: RUNNING}, endpoint, api_version="v2")
    old.show(REFERENCE)
    assert sent_versions(old.client) == [None]


MODERN, LEGACY = "https://h/v2.1/p1", "https://h/v2/p1"


class TwoVersions:
    """A cloud whose catalog says /v2; missing: what it answers at /v2.1, None where it is a modern Nova."""

    def __init__(self, provider: Any, modern: Optional[GateError], legacy: Optional[GateError] = None) -> None:
        self.asked: List[Any] = []
        self.errors = {MODERN: modern, LEGACY: legacy}
        client, get = provider.client, provider.client.get

        def versioned(path: Any, query: Any = (), headers: Any = None) -> Any:
            self.asked.append((client.endpoint, dict(headers or {}).get("X-OpenStack-Nova-API-Version")))
            error = self.errors[client.endpoint]
            if error:
                raise error
            return get(path, query, headers)

        client.get = versioned


def test_a_modern_nova_behind_an_old_catalog_endpoint_shows_events(scripted: Callable[..., Any]) -> None:
    provider = scripted("openstack", {ACTION: RUNNING}, LEGACY)
    cloud = TwoVersions(provider, None)
    provider.show(REFERENCE)
    provider.show(REFERENCE)
    assert cloud.asked == [(MODERN, "2.84")] * 2


@pytest.mark.parametrize("status", [300, 404])
def test_an_old_nova_is_read_at_its_endpoint_after_one_attempt(scripted: Callable[..., Any], status: int) -> None:
    provider = scripted("openstack", {ACTION: RUNNING}, LEGACY)
    cloud = TwoVersions(provider, ProtocolError("no such API", status=status))
    provider.show(REFERENCE)
    provider.show(REFERENCE)
    assert cloud.asked == [(MODERN, "2.84"), (LEGACY, None), (LEGACY, None)]


def test_an_action_that_neither_knows_does_not_decide_the_version(scripted: Callable[..., Any]) -> None:
    provider = scripted("openstack", {ACTION: RUNNING}, LEGACY)
    missing = MissingError("GET x answered 404: Action req-1 not found")
    cloud = TwoVersions(provider, missing, missing)
    with pytest.raises(MissingError):
        provider.show(REFERENCE)
    cloud.errors[MODERN] = None
    provider.show(REFERENCE)
    assert [endpoint for endpoint, _version in cloud.asked] == [MODERN, LEGACY, MODERN]
