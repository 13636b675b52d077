# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Shared by the providers: ids, base URLs, references, and the reading of answers."""

from __future__ import annotations

from typing import Any, Optional
from urllib.parse import quote, unquote, urlsplit

import pytest
import requests
from ansible_collections.cloudgate.operations.plugins.module_utils._model.errors import InputError, ProtocolError
from ansible_collections.cloudgate.operations.plugins.module_utils._providers.base import (
    check_id,
    error_or_none,
    section,
)
from ansible_collections.cloudgate.operations.plugins.module_utils._providers.paths import text
from hypothesis import given
from hypothesis import strategies as st

BAD_IDS = (
    "", "/", "a/b", "..", "a..b", "../etc", ".", ".a", "-a", "?", "a?b", "#", "a#b", " ", "a b", " a", "a ", "a\n",
    "\x00", "a\x7f", "a%2Fb", "a\\b", "a;b", "a&b", "é", "\uff11", "a" * 256, "<a>", "{{ a }}", "a,b", "a'", 'a"',
)  # fmt: skip
GOOD_IDS = (
    "a", "7", "req-6526fc56-b172-4f48-ae81-0cad0c60c82b", "e39b684e-7da7-461e-8d21-37670b472b17", "UUID", "a.b",
    "13572f6f42a74d2b82f7099f78d0393a", "eu-de_sub+project@x:1=~", "a" * 255,
)  # fmt: skip


@pytest.mark.parametrize("value", BAD_IDS)
def test_an_id_that_could_lead_elsewhere_is_refused(value: str) -> None:
    with pytest.raises(InputError, match="operation_id must be an id of letters"):
        check_id("operation_id", value)


@pytest.mark.parametrize("value", GOOD_IDS)
def test_ids_of_all_the_clouds_pass(value: str) -> None:
    assert check_id("operation_id", value) == value


@given(st.text() | st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._:~@+=-]{0,20}", fullmatch=True) | st.sampled_from(BAD_IDS))
def test_an_id_that_passes_stays_in_its_segment_of_the_url(value: str) -> None:
    try:
        check_id("operation_id", value)
    except InputError:
        return
    url = f"https://api.example.com/v1/{quote(value, safe='')}/end"
    sent = requests.Request("GET", url).prepare()
    path = urlsplit(str(sent.url)).path
    assert [unquote(part) for part in path.split("/")] == ["", "v1", value, "end"]
    assert (urlsplit(str(sent.url)).hostname, urlsplit(str(sent.url)).query) == ("api.example.com", "")


@pytest.mark.parametrize(
    ("body", "kind", "said"),
    [
        ({}, dict, "part is not an object"),
        ({"part": []}, dict, "part is not an object"),
        ({"part": None}, list, "part is not a list of objects"),
        ({"part": ["text"]}, list, "part is not a list of objects"),
    ],
)
def test_a_part_of_another_shape_is_named(body: Any, kind: type, said: str) -> None:
    with pytest.raises(ProtocolError, match=said):
        section(body, "part", kind)


@pytest.mark.parametrize(
    ("value", "expected"), [("a", "a"), (7, "7"), ("", None), (None, None), ({}, None), ([1], None), (False, "False")]
)
def test_empty_values_of_each_api_become_the_same(value: Any, expected: Optional[str]) -> None:
    assert text({"field": value}, "field") == expected


def test_an_error_needs_a_message_or_a_code() -> None:
    assert error_or_none(None, None) is None
    assert error_or_none("why") == {"code": None, "message": "why"}
    assert error_or_none(None, "E1") == {"code": "E1", "message": None}
