# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""URLs: which are valid, and how messages show them."""

from __future__ import annotations

import pytest
from ansible_collections.cloudgate.operations.plugins.module_utils._http.urls import is_url, shown_url, with_scheme
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    "url",
    [
        "https://api.example.com",
        "http://127.0.0.1:8774/v2.1",
        "http://[::1]:80",
        "https://example.com.",
        "https://b\u00fccher.example",
    ],
)
def test_urls(url: str) -> None:
    assert is_url(url)


@pytest.mark.parametrize(
    "url",
    ["", "api.example.com", "ftp://h", "http://", "http://h:99999", "http://h:x", "http://h:0", "http://[x", "http://a..b",
     "http://.x", "http://a b", "http://h\x00h", f"http://{'a' * 64}.example", "//h"],
)  # fmt: skip
def test_texts_that_are_no_url(url: str) -> None:
    assert not is_url(url)


@given(st.text())
def test_any_text_is_a_url_or_not(text: str) -> None:
    assert is_url(text) in (True, False)
    assert is_url("http://" + text) in (True, False)


@pytest.mark.parametrize(
    ("proxy", "complete"),
    [
        ("http://proxy:3128", "http://proxy:3128"),
        ("HTTPS://proxy", "HTTPS://proxy"),
        ("socks5h://u:p@proxy:1080", "socks5h://u:p@proxy:1080"),
        ("proxy", "http://proxy"),
        ("proxy:3128", "http://proxy:3128"),
        ("proxy.example.com:3128", "http://proxy.example.com:3128"),
        ("127.0.0.1:3128/", "http://127.0.0.1:3128/"),
        ("[::1]:3128", "http://[::1]:3128"),
        ("u:p@proxy:3128", "http://u:p@proxy:3128"),
        ("//proxy:3128", "http://proxy:3128"),
    ],
)
def test_a_proxy_has_the_scheme_http_if_it_names_none(proxy: str, complete: str) -> None:
    assert with_scheme(proxy) == complete
    assert is_url(with_scheme(proxy).lower(), ("http", "https", "socks5h"))


@pytest.mark.parametrize("proxy", ["http:/proxy:3128", "http:\\\\proxy", "://", "http://", "ftp:/proxy", "http:proxy"])
def test_a_proxy_with_half_a_scheme_stays_invalid(proxy: str) -> None:
    assert not is_url(with_scheme(proxy))


_written = st.text(st.sampled_from("@/?#:%\\.a1 \n") | st.characters())


@given(_written, _written, st.sampled_from(["https://", "HTTP://", ""]), st.just("") | _written.map("?".__add__))
def test_no_part_of_a_password_or_a_query_is_shown(user: str, password: str, scheme: str, query: str) -> None:
    url = f"{scheme}{user}:{password}@h.example/x{query}"
    assert shown_url(url) in {f"{scheme}h.example/x", f"{scheme}...@h.example/x", f"{scheme}..."}


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://h.example:8774/v2.1?token=x#y", "https://h.example:8774/v2.1"),
        ("https://u:p@h.example/x?token=y", "https://h.example/x"),
        ("https://u:p@q@h.example/x", "https://h.example/x"),
        ("https://u:p/q@h.example/x", "https://...@h.example/x"),
        ("https://h.example/users/me@x", "https://h.example/users/me@x"),
        ("https://h.example:8774/users/me@x", "https://...@x"),
        ("https://h.example/users?name=me@x", "https://h.example/users"),
        ("https://token?more@h.example/x", "https://..."),
        ("https://u:p?q@h.example/x", "https://..."),
        ("https://u:p://q@h.example/x", "https://...@h.example/x"),
        ("u:p://q@h.example/x", "...@h.example/x"),
        ("ftp://h.example", "ftp://h.example"),
        ("no url", "no url"),
    ],
)
def test_how_a_url_is_shown(url: str, shown: str) -> None:
    assert shown_url(url) == shown
