# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The login before anything is sent: missing libraries and files, masks, and the count of logins."""

from __future__ import annotations

import sys
from typing import Any, Dict, List, Optional

import pytest
from ansible_collections.cloudgate.operations.plugins.module_utils.auth import Login, log_in
from ansible_collections.cloudgate.operations.plugins.module_utils.credentials import Credentials
from ansible_collections.cloudgate.operations.plugins.module_utils.errors import InputError, LibraryMissing
from keystoneauth1.access import AccessInfoV3

PASSWORD = {"auth_url": "https://keystone.example.com/v3", "username": "u", "password": "pw", "project_id": "p"}
KEY = {"access_key": "AK", "secret_key": "SK", "security_token": "ST"}


@pytest.mark.parametrize(
    ("module", "credentials", "library"),
    [
        ("keystoneauth1", Credentials("password", PASSWORD), "keystoneauth1"),
        ("keystoneauth1.identity", Credentials("password", PASSWORD), "keystoneauth1"),
        ("openstack", Credentials("cloud", {}, cloud="one"), "openstacksdk"),
        ("huaweicloudsdkcore.sdk_request", Credentials("aksk", KEY), "huaweicloudsdkcore"),
    ],
)
def test_a_missing_library_is_named(
    monkeypatch: pytest.MonkeyPatch, module: str, credentials: Credentials, library: str
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(LibraryMissing, match=f"The Python library {library} is needed") as caught:
        log_in(credentials, mask=lambda _secret: None)
    assert (caught.value.library, caught.value.kind, caught.value.transient) == (library, "input", False)


@pytest.mark.parametrize(
    "settings",
    [{"verify": "/nonexistent.pem"}, {"cert": "/nonexistent.pem"}, {"cert": ("/nonexistent.pem", "/other.pem")}],
)
def test_a_certificate_file_that_is_not_there_is_named(settings: Dict[str, Any]) -> None:
    with pytest.raises(InputError, match=r"/nonexistent\.pem does not exist"):
        log_in(Credentials("password", PASSWORD, **settings), mask=lambda _secret: None)


def test_secrets_are_masked_before_anything_is_sent() -> None:
    masked: List[str] = []
    log_in(Credentials("password", PASSWORD), masked.append)
    assert masked == ["pw"]


def access(auth_token: str) -> AccessInfoV3:
    """What Keystone's answer to a login becomes."""
    return AccessInfoV3({"token": {"expires_at": "2030-01-01T00:00:00Z", "catalog": []}}, auth_token=auth_token)


class Plugin:
    """Gives out tokens; the last is refused."""

    def __init__(self) -> None:
        self.tokens: List[Optional[AccessInfoV3]] = [None, access("second"), access("first")]

    def get_auth_ref(self, _session: Any) -> Optional[AccessInfoV3]:
        return self.tokens.pop()


def test_each_token_is_masked_and_counted() -> None:
    masked: List[str] = []
    plugin = Plugin()
    login = Login(Credentials("password", PASSWORD), plugin, masked.append)
    assert login.reauthentications == 0
    for expected in (0, 1, 2):
        plugin.get_auth_ref(None)
        assert login.reauthentications == expected
    assert masked == ["first", "second"]


def test_a_login_without_a_catalog_has_no_endpoint_and_no_project() -> None:
    login = Login(Credentials("aksk", KEY), None, lambda _secret: None)
    assert login.endpoint(("compute",)) is None
    assert login.project_id is None
