# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Secrets are found by the names of credentials, wherever they are, and in URLs."""

from __future__ import annotations

import json
import re
from typing import Any, Dict, List, Set

import pytest
from ansible_collections.cloudgate.operations.plugins.module_utils._auth.secret_values import (
    HARMLESS_IN_AUTH,
    is_credential,
    secrets_in,
    secrets_in_environment,
    secrets_in_text,
    secrets_in_url,
    without_userinfo,
)
from ansible_collections.cloudgate.operations.plugins.module_utils._module.argspec import AUTH_SPEC
from hypothesis import given
from hypothesis import strategies as st
from keystoneauth1 import loading

SECRET = "Hunter-22"
CREDENTIALS = """
password PASSWORD OS_PASSWORD adminPass admin_pass token auth-token X-Auth-Token OS_TOKEN access_token refresh_token
id_token security_token sessionToken secret client_secret clientSecret CLIENT-SECRET oauth2_client_secret
application_credential_secret access_secret consumer_secret secret_key secretKey sk HUAWEICLOUD_SDK_SK passcode
passphrase passwd pwd api_key apikey api-key X-Api-Key private_key PRIVATE-TOKEN secret_access_key authorization
Authorization proxy-authorization cookie Set-Cookie password2 passwords adminpassword otp
""".split()
HARMLESS = """
username auth_url client_id token_url token_endpoint access_token_endpoint access_token_type secret_id_name client_key
application_credential_id application_credential_name access_key ak key cert operation_id request_id password_file
missing_codes compass disk bypass tasks state states broken raw
""".split()
PLUGINS = loading.get_available_plugin_loaders().values()
names = st.sampled_from(["groups", "operations", "definition", "auth", "auht", "x", "endpoint", "headers"])


@pytest.mark.parametrize("name", CREDENTIALS)
def test_the_name_of_a_credential(name: str) -> None:
    assert is_credential(name)


@pytest.mark.parametrize("name", HARMLESS)
def test_a_name_of_something_harmless(name: str) -> None:
    assert not is_credential(name)


@pytest.mark.parametrize(
    "name", sorted({option.dest for plugin in PLUGINS for option in plugin.get_options() if option.secret})
)
def test_each_secret_of_keystoneauth_is_found_in_auth(name: str) -> None:
    assert SECRET in set(secrets_in({"auth": {name: SECRET}}))
    assert SECRET in set(secrets_in({"auth": {name.replace("_", "-"): SECRET}}))


@pytest.mark.parametrize(
    "name", sorted({option.dest for plugin in PLUGINS for option in plugin.get_options() if not option.secret})
)
def test_nothing_else_of_keystoneauth_is_a_secret(name: str) -> None:
    assert set(secrets_in({"auth": {name: SECRET}})) == set()


@pytest.mark.parametrize("option", sorted(AUTH_SPEC))
def test_the_option_auth_agrees(option: str) -> None:
    for name in [option, *AUTH_SPEC[option].get("aliases", [])]:
        assert AUTH_SPEC[option]["no_log"] == is_credential(name)
        assert AUTH_SPEC[option]["no_log"] == (name not in HARMLESS_IN_AUTH)


@given(st.lists(names | st.none(), max_size=6), st.sampled_from(CREDENTIALS), st.integers(0, 3))
def test_a_credential_is_found_at_any_depth(path: List[Any], name: str, kind: int) -> None:
    data: Any = {name: [SECRET, [SECRET], {"any": SECRET}, {SECRET: SECRET}][kind]}
    for each in path:
        data = [data] if each is None else {each: data, "other": 1}
    assert SECRET in set(secrets_in(data))


def test_all_of_auth_is_secret_that_is_not_known_to_be_harmless() -> None:
    auth = {"pasword": SECRET, "username": "alice", "nested": {"auth_url": "https://k/v3", "x": 12345}}
    assert set(secrets_in({"groups": [{"auth": auth}]})) == {SECRET, "12345", "https://k/v3"}


def test_a_user_with_a_password_is_found_as_http_sends_it() -> None:
    assert "alice:Hunter-22" in set(secrets_in({"auth": {"username": "alice", "password": SECRET}}))
    assert "app:Hunter-22" in set(secrets_in({"auth": {"client_id": "app", "client_secret": SECRET}}))


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("https://cloud.example.com:8774/v2.1/a@b", set()),
        ("https://cloud.example.com/v1/users/me@example.com", set()),
        ("/operations/a@b", set()),
        ("https://alice@h/", set()),
        ("https://me:Hunter-22@h/v3", {"Hunter-22", "me:Hunter-22"}),
        ("https://me:1234567@h", {"1234567", "me:1234567"}),
        ("http://:Hunter-22@h", {"Hunter-22"}),
        ("http://me:Hunter%2F22@h", {"Hunter%2F22", "Hunter/22", "me:Hunter/22"}),
        ("http://me:Hunter/22@h", {"Hunter/22", "me:Hunter/22"}),
        ("http://me:Hunter@22@h", {"Hunter@22", "me:Hunter@22"}),
        ("http://me:Hunter#22?@h", {"Hunter#22?"}),
        ("https://Hunter-22-as-a-token@h", {"Hunter-22-as-a-token"}),
        ("https://h/op?id=1&access_token=Hunter-22#x", {"Hunter-22"}),
        ("https://h/op?page=Hunter-22", set()),
        ("cannot reach http://me:Hunter-22@proxy:3128 now", {"Hunter-22"}),
        ("https://me:Hunter 22@h/v3", {"Hunter 22"}),
        ("https://m e:Hunter\n22@h/v3", {"Hunter\n22"}),
    ],
)
def test_a_password_in_a_url(url: str, found: Set[str]) -> None:
    assert (found <= set(secrets_in_url(url))) if found else not set(secrets_in_url(url))
    shown = without_userinfo(url, "HIDDEN")
    assert (shown == url) == (not found and not re.search(":.*:.*@|//[^/]*@", url))
    assert not any(each in shown for each in found)


_written = st.text(st.sampled_from("@/?#:%\\.a1 \n") | st.characters())


@given(_written, _written, st.sampled_from(["https://", "HTTP://", ""]))
def test_no_part_of_a_password_is_shown(user: str, password: str, scheme: str) -> None:
    shown = without_userinfo(f"{scheme}{user}:{password}@h.example/x?page=1", "HIDDEN")
    assert shown in {f"{scheme}HIDDEN@h.example/x?page=1", f"{scheme}HIDDEN@"}


@pytest.mark.parametrize(
    "text",
    [
        '{"username": "me", "password": "Hunter-22"}',
        '[{"auth": {"password": "Hunter-22"}}]',
        "{'password': 'Hunter-22'}",
        '{"password": "Hunter-22"',
        "username=me password=Hunter-22 x",
        "username: me\npassword: Hunter-22\n",
        "password:Hunter-22",
        "client-secret = 'Hunter-22'",
    ],
)
def test_a_secret_in_a_text_instead_of_a_dict(text: str) -> None:
    assert SECRET in set(secrets_in_text(text))


def test_a_long_text_is_read_in_no_time() -> None:
    for text in ("a" * 200_000, "a=" * 100_000, "//a:" * 50_000 + "@", "_" * 200_000):
        assert set(secrets_in_text(text)) is not None
        assert not is_credential(text[:100_000])


@pytest.mark.parametrize(
    ("environ", "found"),
    [
        ({"OS_PASSWORD": SECRET, "OS_USERNAME": "me"}, {SECRET, "me:Hunter-22"}),
        ({"OS_CLIENT_SECRET": SECRET}, {SECRET}),
        ({"OS_ACCESS_TOKEN": SECRET}, {SECRET}),
        ({"OS_PASSCODE": SECRET}, {SECRET}),
        ({"HW_SECRET_KEY": SECRET}, {SECRET}),
        ({"HUAWEICLOUD_SDK_SK": SECRET}, {SECRET}),
        ({"OS_AUTH_URL": "https://me:Hunter-22@k/v3"}, {SECRET, "me:Hunter-22"}),
        ({"HTTPS_PROXY": "http://me:Hunter-22@proxy:3128"}, {SECRET, "me:Hunter-22"}),
        ({"all_proxy": "me:Hunter-22@proxy:3128"}, {SECRET, "me:Hunter-22"}),
        ({"NO_PROXY": "*", "HTTP_PROXY": "http://proxy:3128", "OS_CLOUD": "production", "SHELL_TOKEN": SECRET}, set()),
    ],
)
def test_secrets_in_the_environment(environ: Dict[str, str], found: Set[str]) -> None:
    assert set(secrets_in_environment(environ)) == found


def test_json_is_read_as_data() -> None:
    text = json.dumps({"auth": {"pasword": 'a "quoted" one'}})
    assert set(secrets_in_text(text)) == {'a "quoted" one'}
