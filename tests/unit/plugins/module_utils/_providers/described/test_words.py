# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The meaning of status values: words, patterns, numbers, HTTP statuses, absent values."""

from __future__ import annotations

import fnmatch
from typing import Any, Dict, List, Optional

import pytest
from ansible_collections.cloudgate.operations.plugins.module_utils._model.errors import InputError
from ansible_collections.cloudgate.operations.plugins.module_utils._providers.described.custom import description_of
from ansible_collections.cloudgate.operations.plugins.module_utils._providers.described.words import meaning, together
from hypothesis import given
from hypothesis import strategies as st

HEAT = {"running": ["*_IN_PROGRESS"], "succeeded": ["*_COMPLETE"], "failed": ["*_FAILED", "ROLLBACK_COMPLETE"]}
IRONIC = {"running": ["*"], "succeeded": ["active", "available"], "failed": ["* failed", "error"]}
PROXMOX = {"running": ["running"], "succeeded": ["OK", "WARNINGS: *"], "failed": ["*"]}
OME = {"running": [2020, "203*", 2050], "succeeded": [2060], "failed": [2070, "21*"]}
WORDS = st.text("ab_ ", min_size=1, max_size=6)


def states(given_states: Dict[str, Any], **more: Any) -> Any:
    return description_of({"show": "/{operation_id}", "state": "status", "states": given_states, **more}).states


@pytest.mark.parametrize(
    ("table", "word", "state"),
    [
        (HEAT, "CREATE_IN_PROGRESS", "running"),
        (HEAT, "update_complete", "succeeded"),
        (HEAT, "ROLLBACK_COMPLETE", "failed"),
        (HEAT, "INIT", "unknown"),
        (HEAT, " CREATE_COMPLETE ", "unknown"),
        (IRONIC, "wait call-back", "running"),
        (IRONIC, "deploy failed", "failed"),
        (IRONIC, "active", "succeeded"),
        (PROXMOX, "WARNINGS: 3", "succeeded"),
        (PROXMOX, "command 'x' failed: exit code 1", "failed"),
        (OME, "2030", "running"),
        (OME, "2103", "failed"),
        (OME, "2060", "succeeded"),
        (OME, "20300", "running"),
        ({"running": ["a*"], "succeeded": ["*b"]}, "ab", "unknown"),
        ({"running": ["a*"], "succeeded": ["*bb"]}, "abb", "succeeded"),
        ({"running": ["*"], "succeeded": ["ok"]}, None, "unknown"),
        ({"running": ["a"], "succeeded": ["ok"], "absent": "running"}, None, "running"),
        ({"running": [0], "succeeded": [1], "failed": [-1]}, "-1", "failed"),
        ({"running": [False], "succeeded": [True]}, "true", "succeeded"),
    ],
)
def test_meaning(table: Dict[str, Any], word: Optional[str], state: str) -> None:
    assert meaning(states(table), word)[0] == state


@given(st.lists(WORDS | WORDS.map(lambda each: each[:3] + "*" + each[3:]), min_size=1, max_size=5), WORDS)
def test_only_a_pattern_that_fits_gives_a_state(patterns: List[str], word: str) -> None:
    try:
        table = states({"succeeded": patterns})
    except InputError:
        return
    fits = any(fnmatch.fnmatchcase(word.lower(), each.lower()) for each in patterns)
    assert (meaning(table, word)[0] == "succeeded") == fits


@pytest.mark.parametrize(
    ("given_states", "said"),
    [
        ({"succeeded": ["ok", "*"], "failed": ["*"]}, "has '*' for succeeded and for failed"),
        ({"succeeded": ["*"], "failed": ["**"]}, "has '**' for succeeded and for failed"),
        ({"succeeded": ["HTTP 503"]}, "HTTP 503 cannot be a status value"),
        ({"succeeded": ["ok"], "failed": ["HTTP 401"]}, "HTTP 401 cannot be a status value"),
        ({"succeeded": ["HTTP 2*"]}, "HTTP 2* cannot be a status value"),
        ({"succeeded": ["HTTP 204"], "failed": ["http 204"]}, "has 'http 204' for succeeded and for failed"),
        ({"succeeded": ["ok"], "absent": "succeeded"}, "definition.id is missing"),
    ],
)
def test_a_table_that_cannot_be_right_is_refused(given_states: Dict[str, Any], said: str) -> None:
    with pytest.raises(InputError) as caught:
        states(given_states)
    assert said in caught.value.message


def test_without_a_field_numbers_are_http_statuses() -> None:
    api = description_of({"states": {"running": [202], "succeeded": [200, 204], "failed": ["HTTP 410"]}})
    assert api.statuses == {200, 202, 204, 410}
    assert meaning(api.states, "HTTP 204")[0] == "succeeded"


@pytest.mark.parametrize(
    ("parts", "state"),
    [
        (["succeeded", "running", "failed"], "running"),
        (["succeeded", "failed"], "failed"),
        (["succeeded", "unknown", "failed"], "unknown"),
        (["succeeded", "succeeded"], "succeeded"),
        ([], "unknown"),
    ],
)
def test_parts_are_finished_together(parts: List[str], state: str) -> None:
    assert together(parts) == state
