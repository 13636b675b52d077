# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The name of a reference in a sentence."""

from __future__ import annotations

import pytest
from ansible_collections.cloudgate.operations.plugins.module_utils._model.reference import Reference


@pytest.mark.parametrize(
    ("reference", "name"),
    [
        (Reference("req-1", "s1"), "req-1 of s1"),
        (Reference("o1"), "o1"),
        (Reference(resource_id="s1", latest=True), "the latest operation of s1"),
        (Reference(resource_id="s1", latest=True, action="resize"), "the latest resize of s1"),
    ],
)
def test_a_sentence_names_a_reference(reference: Reference, name: str) -> None:
    assert str(reference) == name
