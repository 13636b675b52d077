# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filter has both formats, and raises Ansible's own error."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest
from ansible.errors import AnsibleFilterError
from ansible_collections.cloudgate.operations.plugins.filter.report import FilterModule
from ansible_collections.cloudgate.operations.tests.unit.reported import operation, wait


def test_the_filter_is_found_and_writes_both_formats() -> None:
    (name, function), *others = FilterModule().filters().items()
    waited = wait([operation("succeeded")])

    assert (name, others) == ("report", [])
    assert "<title>Gate open: Tonight</title>" in function(waited, title="Tonight")
    assert function(waited, format="markdown", title="Tonight").startswith("# Tonight\n\n**Gate open**\n")
    assert f"{datetime.now(timezone.utc):%Y-%m-%d}" in function(waited)


@pytest.mark.parametrize(
    ("value", "format", "said"),
    [
        ("req-1", "html", "A report needs a registered result or a list of operations, not text."),
        ([], "pdf", "format must be html or markdown, not pdf."),
    ],
)
def test_an_error_is_ansibles_own_with_our_sentence(value: object, format: str, said: str) -> None:
    with pytest.raises(AnsibleFilterError) as caught:
        FilterModule().filters()["report"](value, format)
    assert str(caught.value) == said
