# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ids with anything in them: a request stays on its host and below its endpoint, or is not sent."""

from __future__ import annotations

import contextlib
import json
from typing import Any, Dict, List, Tuple
from urllib.parse import parse_qsl, unquote, urlsplit

import pytest
import requests
from ansible_collections.cloudgate.operations.plugins.module_utils._http.client import ApiClient
from ansible_collections.cloudgate.operations.plugins.module_utils._model.errors import GateError, InputError
from ansible_collections.cloudgate.operations.plugins.module_utils._model.reference import Query, Reference
from ansible_collections.cloudgate.operations.plugins.module_utils._providers.base import check_id
from ansible_collections.cloudgate.operations.plugins.module_utils._providers.paths import fill
from ansible_collections.cloudgate.operations.plugins.module_utils._providers.registry import info_for
from hypothesis import given
from hypothesis import strategies as st

ENDPOINT = "https://api.example.test/v2.1/p1"
BAD = ["/", "//evil.test", "?", "#", "..", ".", "%2e%2e", "%2F", "\\", "@evil.test", ":80", ";", "&a=b"]
BAD += [" ", "\r\n", "\x00"]
IDS = st.text(max_size=8) | st.lists(st.sampled_from(BAD) | st.text(max_size=2), max_size=4).map("".join)


class Login:
    """Keeps the URLs of what was sent, as requests would send them, and answers with the same for each."""

    def __init__(self, body: Any = None) -> None:
        self.sent: List[str] = []
        self.body = {} if body is None else body

    def send(self, url: str, headers: Dict[str, str], body: Any = None) -> requests.Response:
        self.sent.append(str(requests.Request("GET", url).prepare().url))
        answer = requests.Response()
        answer.status_code, answer.url, answer._content = 200, url, json.dumps(self.body).encode()
        return answer


def where(url: str) -> Tuple[List[str], List[Tuple[str, str]]]:
    """Return the segments below the endpoint and the query, as a server reads them; they must be below it."""
    parts, base = urlsplit(url), urlsplit(ENDPOINT)
    assert (parts.scheme, parts.netloc, parts.fragment) == (base.scheme, base.netloc, "")
    assert parts.path.startswith(base.path + "/")
    return [unquote(part) for part in parts.path[len(base.path) + 1 :].split("/")], parse_qsl(parts.query, True)


@given(IDS, IDS)
def test_an_id_arrives_as_it_is_or_not_at_all(first: str, second: str) -> None:
    login: Any = Login()
    try:
        ApiClient(login, ENDPOINT).get(("servers", first, "os-instance-actions", second), (("name", second),))
    except GateError:
        assert login.sent == []
        return
    segments, query = where(login.sent[0])
    assert segments == ["servers", first, "os-instance-actions", second]
    assert query == [("name", second)]


@given(IDS)
def test_an_id_that_a_list_gave_leads_nowhere_else(request_id: str) -> None:
    body = {
        "instanceActions": [{"action": "reboot", "request_id": request_id, "instance_uuid": "s1"}],
        "instanceAction": {"action": "reboot", "request_id": request_id, "instance_uuid": "s1", "events": []},
        "server": {"id": "s1", "status": "ACTIVE", "OS-EXT-STS:task_state": None},
    }
    login: Any = Login(body)
    info = info_for({"provider": "openstack"})
    provider = info.provider_class(ApiClient(login, ENDPOINT), info, {})
    for ask in (lambda: provider.read(Reference(resource_id="s1", latest=True)), lambda: provider.list(Query("s1"))):
        with contextlib.suppress(GateError):
            ask()
    for url in login.sent:
        segments, _query = where(url)
        assert segments[:2] == ["servers", "s1"]
        assert segments[2:] in ([], ["os-instance-actions"], ["os-instance-actions", request_id])


@given(IDS)
def test_an_option_that_could_lead_elsewhere_is_refused(value: str) -> None:
    try:
        check_id("operation_id", value)
    except InputError:
        return
    login: Any = Login()
    ApiClient(login, ENDPOINT).get(*fill("/v1/{operation_id}?id={operation_id}", {"operation_id": value}))
    assert where(login.sent[0]) == (["v1", value], [("id", value)])


@pytest.mark.parametrize(
    "value", ["", ".", "..", "a/b", "a?b", "a#b", "a%2fb", "a b", "\ud800", "a" * 300, "a..b", "-a"]
)
def test_invalid_ids(value: str) -> None:
    with pytest.raises(InputError):
        check_id("operation_id", value)
