# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The URLs of the APIs."""

from __future__ import annotations

from typing import Optional

import pytest
from ansible_collections.cloudgate.operations.plugins.module_utils._providers.described.job_services import SERVICES
from ansible_collections.cloudgate.operations.plugins.module_utils._providers.endpoint import (
    domains_of,
    host_in,
    parse_endpoint,
)
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("endpoint", "default", "project", "forced", "expected"),
    [
        ("https://h", "v2.1", None, None, "https://h/v2.1"),
        ("https://h/", "v2.1", "p", None, "https://h/v2.1/p"),
        ("https://h:8774/v2.1", "v2.1", None, None, "https://h:8774/v2.1"),
        ("https://h/compute/v2.1/", "v2.1", None, None, "https://h/compute/v2.1"),
        ("https://h/v2/p", "v2.1", None, None, "https://h/v2/p"),
        ("https://h/v2/p", "v2.1", "other", None, "https://h/v2/p"),
        ("https://h/v2", "v2.1", "p", None, "https://h/v2/p"),
        ("https://h/v2.1/p", "v2.1", None, "v2", "https://h/v2/p"),
        ("https://h", "v2.1", "p", "v2", "https://h/v2/p"),
        ("https://h/v1/vna", "v1.0", None, None, "https://h/v1/vna"),
        ("https://h/v3/compute/v2.1/p", "v2.1", None, None, "https://h/v3/compute/v2.1/p"),
        ("https://h//v2.1//p/", "v2.1", None, None, "https://h/v2.1/p"),
        ("https://[::1]:8774", "v2", None, None, "https://[::1]:8774/v2"),
        ("https://h/v2.1/p?x=1#f", "v2.1", None, None, "https://h/v2.1/p"),
    ],
)
def test_version_and_project_are_added_where_they_are_missing(
    endpoint: str, default: str, project: Optional[str], forced: Optional[str], expected: str
) -> None:
    assert parse_endpoint(endpoint).url(default, forced, project) == expected
    assert parse_endpoint(expected).url(default, forced, project) == expected


ROOTS = st.sampled_from(["https://h", "https://h:8443", "https://h/proxy", "https://h/rds", "https://h/api"])


@given(st.sampled_from(sorted(SERVICES)), ROOTS, st.sampled_from(["v1", "v1.1", "v2", "v3"]))
def test_the_url_of_a_service_is_an_endpoint_that_leads_to_the_same_url(name: str, root: str, version: str) -> None:
    base = SERVICES[name].base
    url = parse_endpoint(root).at(base, version, "p")
    again = parse_endpoint(url)
    assert again.at(base, again.version or "", (again.project_id or "").rpartition("/")[2]) == url
    assert url.endswith(f"/{base.format(version=version, project_id='p')}")


@pytest.mark.parametrize(
    ("endpoint", "old_path", "url"),
    [
        ("https://h/rds/v1", "rds/v1", "https://h/v3/p"),
        ("https://h/rds/v1/p", "rds/v1", "https://h/v3/p"),
        ("https://h/x/rds/v1", "rds/v1", "https://h/x/v3/p"),
        ("https://h/rds/v3", "rds/v1", "https://h/rds/v3/p"),
        ("https://h/rds", "rds/v1", "https://h/rds/v3/p"),
        ("https://h/birds/v1", "rds/v1", "https://h/birds/v3/p"),
        ("https://h/rds/v1", "", "https://h/rds/v3/p"),
    ],
)
def test_the_path_of_an_older_version_is_dropped(endpoint: str, old_path: str, url: str) -> None:
    assert parse_endpoint(endpoint).at("{version}/{project_id}", "v3", "p", old_path) == url


@pytest.mark.parametrize(
    ("template", "region", "host"),
    [
        ("https://ecs.{region}.otc.t-systems.com", "eu-de", "https://ecs.eu-de.otc.t-systems.com"),
        ("https://ecs.{region}.otc.t-systems.com", "eu-ch2", "https://ecs.eu-ch2.sc.otc.t-systems.com"),
        ("https://iam.{region}.otc.t-systems.com", "eu-ch2", "https://iam-pub.eu-ch2.sc.otc.t-systems.com"),
        ("https://iam.{region}.myhuaweicloud.com", "eu-ch2", "https://iam.eu-ch2.myhuaweicloud.com"),
    ],
)
def test_a_region_may_have_a_domain_of_its_own(template: str, region: str, host: str) -> None:
    assert host_in(template, region) == host
    assert any(host.endswith(f".{region}.{domain}") for domain in domains_of(template))
