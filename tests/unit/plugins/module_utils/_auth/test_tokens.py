# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tokens: each is masked, counted and checked, and renewed by its lifetime, whatever the clock of this machine says."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, Callable, Dict, List

import pytest
from ansible_collections.cloudgate.operations.plugins.module_utils._auth import tokens as tokens_module
from ansible_collections.cloudgate.operations.plugins.module_utils._auth.tokens import Tokens
from ansible_collections.cloudgate.operations.plugins.module_utils._model.errors import ProtocolError
from keystoneauth1 import token_endpoint
from keystoneauth1.access import AccessInfoV3
from keystoneauth1.identity import v3

Clock = Callable[[float], None]


def access(auth_token: str, **token: Any) -> AccessInfoV3:
    """Return Keystone's answer to a login as keystoneauth1 has it."""
    return AccessInfoV3(
        {"token": {"expires_at": "2030-01-01T00:00:00Z", "catalog": [], **token}}, auth_token=auth_token
    )


def plugin_of(*given: AccessInfoV3) -> Any:
    """Return a plugin that gets these tokens, one each time."""
    plugin = v3.Password("https://keystone.example.com/v3", username="u", password="pw")
    left = iter(given)
    plugin.get_auth_ref = lambda _session, **_more: next(left)
    return plugin


def of(*given: AccessInfoV3, mask: Callable[[str], None] = lambda _secret: None) -> Tokens:
    return Tokens(plugin_of(*given), None, mask)


def header(token: str) -> Dict[str, str]:
    return {"X-Auth-Token": token}


@pytest.fixture
def wait(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Return a function that lets seconds pass."""
    now = [1000.0]
    monkeypatch.setattr(tokens_module, "time", SimpleNamespace(monotonic=lambda: now[0]))

    def passed(seconds: float) -> None:
        now[0] += seconds

    return passed


def test_each_token_is_masked_and_counted() -> None:
    masked: List[str] = []
    tokens = of(access("first"), access("second"), mask=masked.append)
    assert (tokens.logins, masked) == (0, [])
    tokens.access()
    assert (tokens.logins, masked) == (1, ["first"])
    assert tokens.headers() == header("first")
    assert tokens.renew(header("first"))
    assert tokens.headers() == header("second")
    assert (tokens.logins, masked) == (2, ["first", "second"])


def test_a_token_that_another_thread_has_renewed_stays() -> None:
    tokens = of(access("second"))
    assert tokens.renew(header("first"))
    assert (tokens.headers(), tokens.logins) == (header("second"), 1)


@pytest.mark.parametrize(
    "token",
    [
        {"expires_at": "0001-01-01T00:00:00+05:00"},
        {"expires_at": "soon"},
        {"expires_at": 7},
        {"catalog": [{"type": "compute", "endpoints": 7}]},
    ],
)
def test_a_token_with_an_unexpected_structure_is_reported_at_the_login(token: Dict[str, Any]) -> None:
    tokens = of(access("odd", **token), access("good"))
    with pytest.raises(ProtocolError, match="Keystone's answer to the login has an unexpected structure"):
        tokens.headers()
    assert tokens.headers() == header("good")


@pytest.mark.parametrize("year", ["2001", "2999"])
@pytest.mark.parametrize(("expires", "renewed_after"), [("02:00:00", 3600 - 120), ("01:01:00", 30)])
def test_a_token_is_renewed_by_its_lifetime(wait: Clock, year: str, expires: str, renewed_after: float) -> None:
    day = f"{year}-01-01T"
    tokens = of(access("first", issued_at=f"{day}01:00:00Z", expires_at=f"{day}{expires}Z"), access("second"))
    assert tokens.headers() == header("first")
    wait(renewed_after - 1)
    assert tokens.headers() == header("first")
    wait(2)
    assert tokens.headers() == header("second")


def test_a_token_without_a_lifetime_is_renewed_when_it_is_refused(wait: Clock) -> None:
    tokens = of(access("first", expires_at="2001-01-01T00:00:00Z"), access("second"))
    tokens.access()
    wait(1e9)
    assert tokens.headers() == header("first")
    assert tokens.renew(header("first"))
    assert tokens.headers() == header("second")


def test_a_plugin_without_keystone_has_no_access_and_no_other_token() -> None:
    tokens = Tokens(token_endpoint.Token("https://api.example.com", "given"), None, lambda _secret: None)
    assert (tokens.access(), tokens.headers(), tokens.logins) == (None, header("given"), 0)
    assert not tokens.renew(header("given"))


def test_without_a_plugin_there_is_no_token() -> None:
    tokens = Tokens(None, None, lambda _secret: None)
    assert (tokens.access(), tokens.headers(), tokens.renew({})) == (None, {}, False)
