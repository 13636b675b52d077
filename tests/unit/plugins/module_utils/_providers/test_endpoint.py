# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The URLs of the APIs."""

from __future__ import annotations

from typing import Optional

import pytest
from ansible_collections.cloudgate.operations.plugins.module_utils._providers.endpoint import parse_endpoint


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
