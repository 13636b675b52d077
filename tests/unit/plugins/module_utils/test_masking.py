# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A secret is hidden however others write it, and a short one does not hide harmless text."""

from __future__ import annotations

import base64
import json
from typing import Any, Dict
from urllib.parse import quote, quote_plus

import pytest
from ansible.module_utils import basic
from ansible_collections.cloudgate.operations.plugins.module_utils import credentials
from ansible_collections.cloudgate.operations.plugins.module_utils.errors import InputError
from ansible_collections.cloudgate.operations.plugins.module_utils.masking import forms
from ansible_collections.cloudgate.operations.plugins.module_utils.module import GateModule, hidden

SECRET = "Pa ss\"é/+%'\\<1"


@pytest.mark.parametrize("written", [
    SECRET, json.dumps(SECRET)[1:-1], json.dumps(SECRET, ensure_ascii=False)[1:-1], repr(SECRET)[1:-1],
    repr(json.dumps({"password": SECRET}).encode())[16:-3],
    quote(SECRET, safe=""), quote_plus(SECRET), base64.b64encode(SECRET.encode()).decode(),
])
def test_each_way_to_write_a_secret_is_known(written: str) -> None:
    assert written in forms(SECRET)


def test_a_line_break_at_its_end_hides_no_secret() -> None:
    assert "a-token" in forms("a-token\n")


@pytest.mark.parametrize("short", ["", "a", "abc", " a \n"])
def test_a_short_secret_has_no_forms(short: str) -> None:
    assert forms(short) == frozenset()


def test_a_lone_surrogate_is_no_obstacle() -> None:
    assert "secret\udc80" in forms("secret\udc80")


def test_urls_and_headers_are_shown_without_what_logs_in() -> None:
    shown = hidden({
        "endpoint": "https://me:hush@cloud.example.com/v2.1", "groups": [{"endpoint": "http://hush@h/"}],
        "definition": {"headers": {"X-Api-Key": "hush"}, "show": "/a@b"}, "auth": {"auth_url": "http://u:hush@k/v3"},
    })
    assert "hush" not in json.dumps(shown)
    assert shown["endpoint"].endswith("@cloud.example.com/v2.1") and shown["definition"]["show"] == "/a@b"


@pytest.mark.parametrize("token", ["line\n", "tok€n", "to\x1bken"])
def test_a_token_that_fits_in_no_header_is_refused_unseen(token: str) -> None:
    params: Dict[str, Any] = {"auth_type": "bearer", "auth": {"token": token}}
    with pytest.raises(InputError, match=r"auth\.token must be one line of ASCII") as error:
        credentials.resolve(params, {}, aksk=False)
    assert token not in str(error.value)


@pytest.mark.parametrize("kind", [credentials.BASIC, credentials.PASSWORD])
def test_a_password_that_is_no_text_is_refused_unseen(kind: str) -> None:
    """As Python reads a variable of the environment that is in Latin-1."""
    password = b"h\xefdden".decode("utf-8", "surrogateescape")
    auth = {"username": "me", "auth_url": "https://k/v3", "user_domain_id": "d", "project_id": "p"}
    with pytest.raises(InputError, match=r"auth\.password must be text in UTF-8") as error:
        credentials.resolve({"auth_type": kind, "auth": {**auth, "password": password}}, {}, aksk=False)
    assert password not in str(error.value)


def test_a_defect_is_told_without_the_secret(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    options = {"provider": "openstack", "auth": {"password": SECRET}, "_ansible_no_log": True}
    monkeypatch.setattr(basic, "_ANSIBLE_ARGS", json.dumps({"ANSIBLE_MODULE_ARGS": options}).encode())
    monkeypatch.setattr(basic, "_ANSIBLE_PROFILE", "legacy", raising=False)

    def work(module: GateModule) -> Dict[str, Any]:
        raise RuntimeError(json.dumps({"password": module.params["auth"]["password"]}))

    with pytest.raises(SystemExit):
        GateModule({}).run(work)
    result = json.loads(capsys.readouterr().out)
    assert result["failed"] and "defect of the collection: RuntimeError" in result["msg"]
    assert "Pa ss" not in json.dumps(result)


def test_the_syslog_is_told_the_names_of_options_only(monkeypatch: pytest.MonkeyPatch) -> None:
    told = []
    monkeypatch.setattr(basic.AnsibleModule, "log", lambda _self, msg, **_more: told.append(msg))
    options = {"provider": "openstack", "auth": {"password": SECRET, "username": "me"}}
    monkeypatch.setattr(basic, "_ANSIBLE_ARGS", json.dumps({"ANSIBLE_MODULE_ARGS": options}).encode())
    monkeypatch.setattr(basic, "_ANSIBLE_PROFILE", "legacy", raising=False)
    GateModule({})
    assert told == ["Invoked with the options auth, hyperinstance, provider, raw"]
