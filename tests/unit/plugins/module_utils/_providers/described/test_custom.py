# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""APIs that a user describes: definitions that are refused before any request, and the values that are read."""

from __future__ import annotations

from typing import Any, Callable, Dict

import pytest
from ansible_collections.cloudgate.operations.plugins.module_utils._model.errors import InputError, ProtocolError
from ansible_collections.cloudgate.operations.plugins.module_utils._model.reference import Query, Reference
from ansible_collections.cloudgate.operations.plugins.module_utils._model.times import format_time
from ansible_collections.cloudgate.operations.plugins.module_utils._providers.described.custom import (
    below,
    description_of,
)
from ansible_collections.cloudgate.operations.plugins.module_utils._providers.naming import check_reference
from ansible_collections.cloudgate.operations.plugins.module_utils._providers.registry import info_for
from hypothesis import given
from hypothesis import strategies as st

ENDPOINT = "https://api.example.com/base"
STATES = {"running": ["busy"], "succeeded": ["ok", "true"], "failed": ["bad"]}
SIMPLE = {"show": "/v1/operations/{operation_id}", "state": "status", "states": STATES}


def definition(**more: Any) -> Dict[str, Any]:
    return {**SIMPLE, **more}


def options(**more: Any) -> Dict[str, Any]:
    return {"provider": "custom", "endpoint": ENDPOINT, "definition": definition(**more)}


@pytest.mark.parametrize(
    ("given_options", "words"),
    [
        ({"endpoint": ENDPOINT}, "definition is required"),
        ({"definition": SIMPLE}, "endpoint is required"),
        (options(show="/v1/operations"), "definition.show must contain the placeholder {operation_id}"),
        (options(show="https://other/{operation_id}"), "definition.show must be a path below endpoint"),
        (options(list="/v1/operations"), "definition.items is missing: definition.list needs it"),
        (options(list="/v1/{resource_id}", items="a"), "definition.started_at is missing"),
        (options(list="/v1", items="a", started_at="at"), "definition.resource_id is missing"),
        (options(find="/v1/operations", items="a"), "definition.find must contain the placeholder {client_request_id}"),
        (options(list="/v1/{tenant}", items="a"), "definition.list has the unknown placeholder {tenant}"),
        (options(state=""), "definition.state is missing"),
        (options(state="status["), "definition.state is not JMESPath"),
        (options(id="a.["), "definition.id is not JMESPath"),
        (options(error_message="a.["), "definition.error_message is not JMESPath"),
        (options(error_code="a.["), "definition.error_code is not JMESPath"),
        (options(find="/v1?r={client_request_id}", items="a.["), "definition.items is not JMESPath"),
        (options(steps={"items": "a", "name": "b.[", "state": "c"}), "definition.steps.name is not JMESPath"),
        (options(states={"succeeded": []}), "definition.states.succeeded is missing"),
        (options(states={"succeeded": ["ok"], "failed": ["OK"]}), "has 'OK' for succeeded and for failed"),
        (options(states={"succeeded": ["ok", ""]}), "has an empty value for succeeded"),
        (
            options(headers={"Authorization": "Bearer x"}),
            "must not contain Authorization, because its value is a secret",
        ),
        (
            options(headers={"PRIVATE-TOKEN": "x"}),
            "Set auth_type to header, auth.header to PRIVATE-TOKEN, and auth.token",
        ),
        (options(headers={"X-Api-Key": "x"}), "must not contain X-Api-Key"),
        (options(query={"api_key": "x"}), "definition.query must not contain api_key, because logs show URLs"),
        (options(show="/v1/{operation_id}?access-token=x"), "definition.show must not contain access-token"),
        (options(login={"path": "/x?apikey=y"}), "definition.login.path must not contain apikey"),
        (
            options(login={"path": "/x", "json": {"users": [{"password": "x"}]}}),
            "definition.login.json.password must be {password} or {username}",
        ),
        (options(login={"path": "/x", "form": {"tokens": ["x"]}}), "definition.login.form.tokens must be {password}"),
        (options(headers={"X-A": "b\r\nX-C: d"}), "X-A is not a valid header"),
        (options(headers={"X A": "b"}), "NO_LOG_PARAMETER is not a valid header"),
    ],
)
def test_a_definition_that_cannot_work_is_refused_with_its_key(given_options: Dict[str, Any], words: str) -> None:
    with pytest.raises(InputError) as caught:
        info_for({"provider": "custom", **given_options})
    assert words in caught.value.message


ALL = definition(
    id="name", resource_id="target.id", type="kind", error_message="error.message", error_code="error.code",
    detail="note", warning="hints", started_at="times.begun", updated_at="times.seen", finished_at="times.over",
    steps={"items": "parts", "name": "what", "state": "how", "error": "why", "started_at": "at", "finished_at": "to"},
    headers={"X-Api-Version": 7}, missing_codes=["E404"],
)  # fmt: skip
BODY = {
    "name": "operations/7", "target": {"id": "r1"}, "kind": "resize", "status": "Busy", "note": "half",
    "hints": ["slow", "dear"], "times": {"begun": 1789000000, "seen": "1789000060000", "over": "2026-09-10T00:28:40Z"},
    "parts": [{"what": "one", "how": True, "at": 1789000001}, {"what": "two", "how": "bad", "why": "no room"}],
}  # fmt: skip


def test_every_field_is_read(scripted: Callable[..., Any]) -> None:
    provider = scripted("custom", {"v1/operations/7": BODY}, definition=ALL)
    found = provider.show(Reference("7"))
    assert (found.operation_id, found.resource_id, found.type) == ("operations/7", "r1", "resize")
    assert (found.state, found.raw_status, found.warning) == ("running", "Busy", "slow, dear")
    assert found.reason == "the API says Busy: two is bad (no room); half"
    times = [format_time(each) for each in (found.started_at, found.updated_at, found.finished_at)]
    assert times == ["2026-09-10T00:26:40Z", "2026-09-10T00:27:40Z", "2026-09-10T00:28:40Z"]
    assert [(step.name, step.state, step.error) for step in found.steps] == [
        ("two", "failed", "no room"), ("one", "succeeded", None),
    ]  # fmt: skip
    assert provider.client.asked[0][2] == {"X-Api-Version": "7"}


@pytest.mark.parametrize(
    ("body", "state", "reason"),
    [
        ({"status": "OK"}, "succeeded", "the API says OK"),
        ({"status": True}, "succeeded", "the API says true"),
        ({"status": "bad", "error": {"code": 3, "message": "no room"}}, "failed", "the API says bad: 3 no room"),
        ({"status": "bad", "note": "gave up"}, "failed", "the API says bad: gave up"),
        ({"status": "new word"}, "unknown", "the API says new word, which definition.states does not list"),
        (
            {"status": "ok", "error": {"code": 3}},
            "failed",
            "the API says ok: 3; so it did not succeed. Use definition.detail for a text that is always present",
        ),
        (
            {"status": "ok", "parts": [{"what": "one", "how": "bad"}]},
            "failed",
            "the API says ok: one is bad; so it did not succeed",
        ),
        ({"status": "ok", "parts": [{"what": "one", "how": "busy"}]}, "succeeded", "the API says ok"),
        ({"status": "ok", "parts": "none", "error": "none"}, "succeeded", "the API says ok"),
    ],
)
def test_a_reported_success_with_an_error_or_a_failed_step_is_no_success(
    scripted: Callable[..., Any], body: Dict[str, Any], state: str, reason: str
) -> None:
    found = scripted("custom", {"v1/operations/o1": {"name": "o1", **body}}, definition=ALL).show(Reference("o1"))
    assert (found.state, found.reason) == (state, reason)


@pytest.mark.parametrize("body", [{}, {"status": None}, {"status": {"ok": 1}}, {"status": ["ok"]}, {"status": ""}])
def test_an_answer_without_a_state_is_a_protocol_error(scripted: Callable[..., Any], body: Dict[str, Any]) -> None:
    with pytest.raises(ProtocolError, match="status is missing"):
        scripted("custom", {"v1/operations/o1": body}, definition=SIMPLE).show(Reference("o1"))


def test_lists_and_requests(scripted: Callable[..., Any]) -> None:
    listing = definition(
        list="/v1/operations?of={resource_id}", find="/v1/operations?request={client_request_id}", items="all.found",
        id="id", started_at="at",
    )  # fmt: skip
    answers = {"v1/operations": {"all": {"found": [{"id": 1, "status": "ok", "at": 5}, {"id": 2, "status": "busy",
               "at": 7}]}}}  # fmt: skip
    provider = scripted("custom", answers, definition=listing)
    assert [each.operation_id for each in provider.list(Query(resource_id="r1"))] == ["2", "1"]
    assert provider.read(Reference(client_request_id="q1")).operation_id == "2"
    assert [query for _path, query, _headers in provider.client.asked] == [(("of", "r1"),), (("request", "q1"),)]
    with pytest.raises(ProtocolError, match=r"all\.found is not a list of objects"):
        scripted("custom", {"v1/operations": {"all": []}}, definition=listing).list(Query())


def test_the_latest_is_of_the_resource_that_is_meant(scripted: Callable[..., Any]) -> None:
    listing = definition(list="/v1/operations", items="found", id="id", started_at="at", resource_id="of")
    found = [{"id": at, "of": of, "at": at, "status": "ok"} for at, of in ((1, "r1"), (3, "r2"), (2, "r1"))]
    provider = scripted("custom", {"v1/operations": {"found": found}}, definition=listing)
    assert provider.read(Reference(resource_id="r1", latest=True)).operation_id == "2"
    assert provider.read(Reference(resource_id="r3", latest=True)) is None


@pytest.mark.parametrize(
    ("operation_id", "path"),
    [
        ("o1", "v1/operations/o1"),
        ("operations/7", "v1/operations/operations/7"),
        (ENDPOINT + "/x/y?api-version=1&t=a%2Fb", "x/y"),
        ("https://API.example.com:443/base/x", "x"),
    ],
)
def test_a_name_or_a_url_is_accepted_as_an_id(scripted: Callable[..., Any], operation_id: str, path: str) -> None:
    info = info_for(options())
    check_reference(info, Reference(operation_id))
    provider = scripted("custom", {path: {"status": "ok"}}, ENDPOINT, definition=SIMPLE)
    assert provider.show(Reference(operation_id)).state == "succeeded"
    assert provider.client.paths == [path]


def test_the_query_of_a_url_is_kept() -> None:
    assert below(ENDPOINT, ENDPOINT + "/x?api-version=1&t=a%2Fb&c=") == (
        ("x",), (("api-version", "1"), ("t", "a/b"), ("c", "")),
    )  # fmt: skip


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example.net/base/x",
        "http://api.example.com/base/x",
        "https://api.example.com:8443/base/x",
        "https://api.example.com/other/x",
        "https://api.example.com/base",
        "https://api.example.com/base/../x",
        "https://api.example.com/base/%2e%2e/x",
        "https://api.example.com/base//x",
        "https://user@api.example.com/base/x",
        "https://api.example.com@evil.example.net/base/x",
        "https://api.example.com/base/x#y",
        "https://api.example.com:port/base/x",
        "https://[/base/x",
        "://",
    ],
)
def test_a_url_elsewhere_gets_no_credentials(url: str) -> None:
    with pytest.raises(InputError, match="not below endpoint"):
        check_reference(info_for(options()), Reference(url))


def test_a_password_in_the_endpoint_is_not_shown() -> None:
    with pytest.raises(InputError, match=r"not below endpoint https://api\.example\.com/base, so it gets no cred"):
        below("https://me:hush@api.example.com/base", "https://evil.example.net/base/x")


@given(st.text() | st.text().map("https://api.example.com/base/".__add__))
def test_any_url_stays_below_the_endpoint_or_is_refused(url: str) -> None:
    try:
        segments, _query = below(ENDPOINT, url)
    except InputError:
        return
    assert segments
    assert not {"", ".", ".."} & set(segments)


def test_without_show_only_a_url_names_an_operation() -> None:
    info = info_for(options(show=None))
    check_reference(info, Reference(ENDPOINT + "/x"))
    with pytest.raises(InputError, match=r"definition\.show is missing"):
        check_reference(info, Reference("o1"))


def test_a_definition_has_the_form_of_the_built_in_providers() -> None:
    api = description_of(ALL)
    assert api.states["ok"] == ("succeeded", "")
    assert (api.show_path, api.error_message, api.missing_codes) == (ALL["show"], "error.message", ("E404",))
