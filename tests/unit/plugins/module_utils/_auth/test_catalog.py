# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""If the catalog lacks an endpoint, the sentence lists what it has instead."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, Dict, List

import pytest
from ansible_collections.cloudgate.operations.plugins.module_utils._auth.catalog import why_missing


def at(region: str, interface: str = "public") -> Any:
    return SimpleNamespace(region_name=region, interface=interface)


CATALOG: Dict[str, List[Any]] = {
    "compute": [at("eu-de"), at("eu-de", "admin"), at("eu-nl")],
    "image": [at("eu-nl"), at("eu-ch2")],
}


@pytest.mark.parametrize(
    ("service", "region", "interface", "sentence"),
    [
        (
            "compute",
            "eu-dee",
            "public",
            "region_name eu-dee is not in the service catalog; it has eu-ch2, eu-de, eu-nl. Correct it, or give "
            "endpoint.",
        ),
        (
            "compute",
            "eu-ch2",
            "public",
            "The service catalog has no endpoint for compute in region eu-ch2; it has eu-de, eu-nl. Correct "
            "region_name.",
        ),
        (
            "ecs",
            "eu-de",
            "public",
            "The service catalog has no service ecs; it has compute, image. Check cloud or auth, or give endpoint.",
        ),
        (
            "compute",
            "eu-de",
            "internal",
            "The service catalog has no endpoint for compute with interface internal in region eu-de; it has admin, "
            "public. Correct interface, or give endpoint.",
        ),
        (
            "image",
            None,
            "admin",
            "The service catalog has no endpoint for image with interface admin; it has public. Correct interface, or "
            "give endpoint.",
        ),
    ],
)
def test_the_sentence_lists_what_the_catalog_has(service: str, region: str, interface: str, sentence: str) -> None:
    wanted = {"service_type": service, "region_name": region, "interface": interface}

    assert why_missing(CATALOG, wanted) == sentence


def test_a_login_without_a_catalog() -> None:
    wanted = {"service_type": "compute", "region_name": "eu-de", "interface": "public"}

    assert why_missing({}, wanted) == (
        "The service catalog has no service compute. Check cloud or auth, or give endpoint."
    )


def test_many_regions_stay_one_sentence() -> None:
    said = why_missing(
        {"compute": [at(f"r{number:02}") for number in range(30)]},
        {"service_type": "compute", "region_name": "x", "interface": "public"},
    )

    assert "r00, r01" in said and "r19 and others. " in said and "r20" not in said
