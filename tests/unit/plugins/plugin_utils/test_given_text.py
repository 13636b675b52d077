# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lists and dicts from text, as surveys and the command line give them."""

from __future__ import annotations

import json
from typing import Any

import pytest
import yaml
from ansible_collections.cloudgate.operations.plugins.module_utils._model.errors import InputError
from ansible_collections.cloudgate.operations.plugins.plugin_utils.given_text import structured
from hypothesis import given
from hypothesis import strategies as st

_words = st.from_regex(r"[a-z][a-z0-9 -]{0,8}[a-z]", fullmatch=True)
_plain = st.none() | st.booleans() | st.integers(-(10**6), 10**6) | _words
_names = st.text("abcxyz_", min_size=1, max_size=5)


def _within(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.lists(inner, max_size=3) | st.dictionaries(_names, inner, max_size=3)


_values = st.recursive(_within(_plain), _within, max_leaves=8)


@given(_values, st.sampled_from([json.dumps, repr, yaml.safe_dump]))
def test_json_python_and_yaml_are_read_alike(value: Any, write: Any) -> None:
    assert structured("operation_gate_operations", write(value)) == value


@pytest.mark.parametrize("text", ["", " ", "\n", "null", "None", "~"])
def test_text_of_nothing_is_nothing(text: str) -> None:
    assert structured("operation_gate_operations", text) is None


@pytest.mark.parametrize("value", [None, [], {}, ["req-1"], 7, False])
def test_a_value_that_is_no_text_is_unchanged(value: Any) -> None:
    assert structured("operation_gate_operations", value) is value


def test_indented_yaml_is_read() -> None:
    assert structured("operation_gate_operations", "  - resource_id: s1\n  - resource_id: s2\n") == [
        {"resource_id": "s1"},
        {"resource_id": "s2"},
    ]


def test_a_time_stays_text() -> None:
    read = structured("operation_gate_operations", "- resource_id: s1\n  since: 2026-11-28T05:00:00Z\n")
    assert read == [{"resource_id": "s1", "since": "2026-11-28T05:00:00Z"}]


@pytest.mark.parametrize(
    "text",
    [
        "req-hush",
        "7",
        "true",
        "[1, 2",
        "{a: b: c}",
        "a:\n\t- b",
        "[&a [1], *a]",
        "'" + "[" * 100_000,
        "[" * 5_000,
        "!!python/object:os.system {}",
        "x" * 2_000_000,
        '{"a": 1, "a": 2} x',
    ],
)
def test_other_text_is_refused_and_not_shown(text: str) -> None:
    with pytest.raises(InputError) as caught:
        structured("operation_gate_connection", text)
    says = "operation_gate_connection is text without a list or a dictionary. Give JSON or YAML."
    assert caught.value.message == says


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        found = structured("operation_gate_groups", text)
    except InputError:
        return
    assert found is None or isinstance(found, (dict, list))
