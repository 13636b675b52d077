# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What providers share: ids, base URLs, references, and the reading of answers."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any, Optional
from urllib.parse import quote, unquote, urlsplit

import pytest
import requests
from ansible_collections.cloudgate.operations.plugins.module_utils._model.errors import InputError, ProtocolError
from ansible_collections.cloudgate.operations.plugins.module_utils._providers.base import (
    Reference,
    check_id,
    error_or_none,
    parse_endpoint,
    section,
)
from ansible_collections.cloudgate.operations.plugins.module_utils._providers.naming import check_reference
from ansible_collections.cloudgate.operations.plugins.module_utils._providers.paths import text
from ansible_collections.cloudgate.operations.plugins.module_utils._providers.registry import PROVIDERS
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


@pytest.mark.parametrize(
    ("provider", "reference"),
    [
        ("openstack", Reference("req-1", "s1")),
        ("openstack", Reference(resource_id="s1", latest=True, action="resize")),
        ("ecl_vna", Reference("o1")),
        ("ecl_vna", Reference("o1", "a1")),
        ("ecl_vna", Reference(resource_id="a1", latest=True)),
        ("huaweicloud_modelarts", Reference("o1", "l1")),
    ],
)
def test_references_that_name_an_operation(provider: str, reference: Reference) -> None:
    assert check_reference(PROVIDERS[provider].adapter, provider, reference) is reference


@pytest.mark.parametrize(
    ("provider", "reference", "words"),
    [
        ("openstack", Reference("req-1"), "resource_id is missing"),
        ("openstack", Reference(resource_id="s1"), "operation_id is missing: give it, or resource_id and latest"),
        ("openstack", Reference("req-1", "s1", latest=True), "latest and operation_id exclude"),
        ("openstack", Reference(latest=True), "resource_id is missing"),
        ("openstack", Reference("", "s1"), "operation_id must be an id"),
        ("openstack", Reference("req-1", "../s1"), "resource_id must be an id"),
        ("ecl_vna", Reference(latest=True), "resource_id is missing"),
        ("ecl_vna", Reference(), "operation_id is missing"),
        ("huaweicloud_modelarts", Reference("o1"), "resource_id is missing"),
        ("huaweicloud_modelarts", Reference(resource_id="l1", latest=True), "latest cannot be used"),
        ("huaweicloud_modelarts", Reference(resource_id="l1"), "give it, or resource_id and expect."),
        ("openstack", Reference("req-1", "s1", action="reboot"), "action"),
        ("openstack", Reference("req-1", "s1", since=datetime(2026, 11, 21, tzinfo=timezone.utc)), "since"),
    ],
)
def test_references_that_cannot_name_one(provider: str, reference: Reference, words: str) -> None:
    with pytest.raises(InputError) as caught:
        check_reference(PROVIDERS[provider].adapter, provider, reference)
    assert words in caught.value.message


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
def test_each_apis_way_to_say_nothing_looks_alike(value: Any, expected: Optional[str]) -> None:
    assert text({"field": value}, "field") == expected


def test_an_error_needs_a_message_or_a_code() -> None:
    assert error_or_none(None, None) is None
    assert error_or_none("why") == {"code": None, "message": "why"}
    assert error_or_none(None, "E1") == {"code": "E1", "message": None}
