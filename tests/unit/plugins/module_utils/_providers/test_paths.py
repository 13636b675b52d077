# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fields of answers, with the library as the oracle, and URLs with names to fill in."""

from __future__ import annotations

import builtins
from typing import Any, Dict, Tuple

import jmespath
import pytest
from ansible_collections.cloudgate.operations.plugins.module_utils._model.errors import (
    InputError,
    LibraryMissing,
    ProtocolError,
)
from ansible_collections.cloudgate.operations.plugins.module_utils._providers.paths import check_template, fill, reader
from hypothesis import given
from hypothesis import strategies as st

NAMES = st.sampled_from(["a", "b", "c_1"])
DOTTED = st.lists(NAMES, min_size=1, max_size=3).map(".".join)
WAYS = st.lists(DOTTED | st.sampled_from(["'word'", "''"]), min_size=1, max_size=3).map(" || ".join)
BODIES = st.recursive(
    st.none() | st.booleans() | st.integers(0, 1) | st.sampled_from(["", "x"]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=8,
)


@given(WAYS, BODIES)
def test_paths_read_without_the_library_match_the_library(expression: str, body: Any) -> None:
    assert reader(expression, "x")(body) == jmespath.search(expression, body)


@pytest.mark.parametrize(
    ("expression", "found"),
    [
        ("done == `true` && (error && 'failed' || 'done') || 'running'", "failed"),
        ("steps[?bad].name | [0]", "second"),
        ('"odd-name"', 1),
        ("steps[].name", ["first", "second"]),
    ],
)
def test_anything_else_is_jmespath(expression: str, found: Any) -> None:
    steps = [{"name": "first"}, {"name": "second", "bad": True}]
    assert reader(expression, "x")({"done": True, "error": {"code": 1}, "odd-name": 1, "steps": steps}) == found


@pytest.mark.parametrize(
    "expression", ["a.", "a[", "|| a", "a b", "unknown(", "'", "a || ", "", "(" * 9999, "[?" * 9999]
)
def test_invalid_jmespath_is_named(expression: str) -> None:
    with pytest.raises(InputError) as caught:
        reader(expression, "definition.state")
    assert caught.value.message.startswith("definition.state is not JMESPath: ")
    assert "\n" not in caught.value.message


@pytest.mark.parametrize(
    "expression", ["length(a)", "unknown(a)", "to_number(a).b || sum(a)", "max(@)", " || ".join(["b[0]"] * 9000)]
)
def test_an_unreadable_value_is_a_protocol_error(expression: str) -> None:
    with pytest.raises(ProtocolError, match=r"definition\.state cannot be read from the API's answer"):
        reader(expression, "definition.state")({"a": 7})


def test_a_missing_library_is_named_with_the_option_that_needs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without(name: str, *args: Any, **kwargs: Any) -> Any:
        if name == "jmespath":
            raise ImportError(name)
        return real(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", without)
    assert reader("a.b || 'c'", "x")({}) == "c", "names with dots need no library"
    with pytest.raises(LibraryMissing, match=r"jmespath is needed to read definition\.state"):
        reader("a[0]", "definition.state")


@pytest.mark.parametrize(
    ("template", "values", "expected"),
    [
        ("operations/{operation_id}", {"operation_id": "7"}, (("operations", "7"), ())),
        ("/v1/{operation_id}", {"operation_id": "operations/7"}, (("v1", "operations", "7"), ())),
        ("jobs?id={operation_id}", {"operation_id": "a&b"}, (("jobs",), (("id", "a&b"),))),
        ("jobs?id={operation_id}&x=1", {}, (("jobs",), (("x", "1"),))),
        ("op-{operation_id}.json", {"operation_id": "7"}, (("op-7.json",), ())),
        ("a?api-version=2024-07-01&b=", {}, (("a",), (("api-version", "2024-07-01"), ("b", "")))),
    ],
)
def test_a_template_is_filled_in(template: str, values: Dict[str, str], expected: Tuple[Any, Any]) -> None:
    assert fill(template, values) == expected


def test_a_path_needs_its_names() -> None:
    with pytest.raises(InputError, match="resource_id is missing"):
        fill("servers/{resource_id}/operations", {"resource_id": None})


@pytest.mark.parametrize(
    ("template", "words"),
    [
        ("https://evil.example.net/{operation_id}", "must be a path below endpoint"),
        ("//evil.example.net/{operation_id}", "must be a path below endpoint"),
        ("/a#{operation_id}", "must be a path below endpoint"),
        (" /a", "must be a path below endpoint"),
        ("/a/../{operation_id}", "must not contain . or .."),
        ("/a/{server_id}", "has the unknown placeholder {server_id}. Known are {operation_id}"),
        ("/a/{operation_id", "an unmatched brace"),
        ("/a/{operation_id.__class__}", "an unmatched brace"),
        ("/a/{}", "has the unknown placeholder {}"),
    ],
)
def test_a_template_that_could_lead_elsewhere_is_refused(template: str, words: str) -> None:
    with pytest.raises(InputError) as caught:
        check_template(template, "definition.show", ("operation_id",))
    assert words in caught.value.message
