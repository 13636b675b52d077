# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Our JSON parser reads what the standard library reads, and refuses values that other parsers refuse."""

from __future__ import annotations

import json
from typing import Any

import pytest
from ansible_collections.cloudgate.operations.plugins.module_utils._http.json import DEEPEST, parse
from ansible_collections.cloudgate.operations.plugins.module_utils._model.text import MAX_TEXT_LENGTH, printable
from hypothesis import given
from hypothesis import strategies as st

SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4), max_leaves=12
)


@given(VALUES, st.booleans())
def test_written_json_is_read(value: Any, ascii_only: bool) -> None:
    assert parse(json.dumps(value, ensure_ascii=ascii_only)) == value


@pytest.mark.parametrize(
    "text",
    [
        "", "{", "[1,]", "NaN", "[Infinity]", "[-Infinity]", "1e999", "[-1e999]", "9" * 301, "-" + "9" * 5000,
        "[" * (DEEPEST + 1) + "]" * (DEEPEST + 1), '{"a":' * 100000, "[" * 100000 + "]" * 100000,
        '{"status": "ERROR", "status": "COMPLETE"}', '[{"a": {"b": 1, "b": 2}}]',
    ],
)  # fmt: skip
def test_invalid_json_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse(text)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (r'"\ud800"', "\ufffd"),
        (r'"\udc00a\ud83d"', "\ufffda\ufffd"),
        (r'"\ud83d\ude00"', "\U0001f600"),
        (r'"\\ud800"', r"\ud800"),
        (r'"\\\ud800"', "\\\ufffd"),
        ('{"a": 1, "a": 1}', {"a": 1}),
        ("9" * 300, int("9" * 300)),
    ],
)
def test_valid_json_is_read(text: str, value: Any) -> None:
    assert parse(text) == value


def test_as_deep_as_is_allowed() -> None:
    value: Any = "deep"
    for _level in range(DEEPEST - 1):
        value = [value]
    value = [value, {}, "[" * (DEEPEST + 1)]
    assert parse(json.dumps(value)) == value
    assert parse(json.dumps(value[-1])) == value[-1]


@given(st.lists(st.sampled_from(["\\", "u", "d83d", "de00", "D800", "ud8", '\\"', "x"]), max_size=20))
def test_whatever_is_read_can_be_written_as_utf_8(parts: Any) -> None:
    text = '"' + "".join(parts) + '"'
    try:
        value = parse(text)
    except ValueError:
        return
    assert value.encode("utf-8").decode("utf-8") == value
    assert value == json.loads(text).encode("utf-16", "surrogatepass").decode("utf-16", "replace")


@given(st.text())
def test_shown_text_is_one_line_without_control_characters(text: str) -> None:
    shown = printable(text)
    assert shown.isprintable()
    assert len(shown) == len(text)
    assert all(a == b for a, b in zip(shown, text) if b.isprintable())


def test_shown_text_has_a_limit() -> None:
    assert printable("x" * MAX_TEXT_LENGTH) == "x" * MAX_TEXT_LENGTH
    assert printable("x" * (MAX_TEXT_LENGTH + 1)) == "x" * MAX_TEXT_LENGTH + "..."
    assert printable("a\u3000b\x1b[31m\u202e\n") == "a b?[31m? "
