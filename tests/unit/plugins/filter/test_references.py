# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filter returns what the reader returns, and raises Ansible's own error."""

from __future__ import annotations

import pytest
from ansible.errors import AnsibleFilterError
from ansible_collections.cloudgate.operations.plugins.filter.references import FilterModule


def test_the_filter_is_found_and_works() -> None:
    (name, function), *others = FilterModule().filters().items()
    assert (name, others) == ("references", [])
    assert function([{"operation_id": "req-1"}]) == [{"operation_id": "req-1"}]


def test_an_error_is_ansibles_own_with_our_sentence() -> None:
    with pytest.raises(AnsibleFilterError, match="operations must be a list, not text"):
        FilterModule().filters()["references"]("req-1")
