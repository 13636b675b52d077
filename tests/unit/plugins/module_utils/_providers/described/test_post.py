# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""APIs that are read by POST: only paths of the definition, with the IDs in the body, and no secret."""

from __future__ import annotations

import datetime
import json
from typing import Any, Callable, Dict

import pytest
from ansible_collections.cloudgate.operations.plugins.module_utils._model.errors import InputError
from ansible_collections.cloudgate.operations.plugins.module_utils._model.reference import Query, Reference
from ansible_collections.cloudgate.operations.plugins.module_utils._providers.described.custom import description_of
from ansible_collections.cloudgate.operations.plugins.module_utils._providers.described.user_api import body_of
from ansible_collections.cloudgate.operations.plugins.module_utils._providers.registry import info_for
from hypothesis import given
from hypothesis import strategies as st

ENDPOINT = "https://api.example.com"
JOB: Dict[str, Any] = {
    "show": "/", "id": "id", "state": "status", "states": {"running": ["busy"], "succeeded": ["ok"], "failed": ["bad"]},
    "post": {"show": {"RequestToken": "{operation_id}", "of": ["{resource_id}", 7]}},
}  # fmt: skip
LIST = {"list": "/find", "items": "jobs", "started_at": "at", "post": {"list": {"filter": {"of": "{resource_id}"}}}}
OPERATIONS = {**JOB, "show": "/jobs/{operation_id}", **LIST}
Scripted = Callable[..., Any]


def test_the_ids_are_in_the_body(scripted: Scripted) -> None:
    provider = scripted("custom", {"/": {"id": "7", "status": "ok"}}, ENDPOINT, definition=JOB)
    assert provider.read(Reference("7", "r1")).state == "succeeded"
    assert provider.client.bodies == [{"RequestToken": "7", "of": ["r1", 7]}]
    assert provider.info.capabilities.needs_resource and not provider.info.capabilities.only_expects


def test_only_the_own_path_of_a_definition_is_sent_by_post(scripted: Scripted) -> None:
    answers = {"jobs/7": {"id": "7", "status": "busy"}, "find": {"jobs": [{"id": 7, "status": "ok", "at": 5}]}}
    definition = {**OPERATIONS, "post": {**LIST["post"], "show": {}}}  # type: ignore[dict-item]
    provider = scripted("custom", answers, ENDPOINT, definition=definition)
    provider.read(Reference("7"))
    provider.read(Reference(f"{ENDPOINT}/jobs/7"))
    provider.read(Reference("/jobs/7"))
    provider.list(Query("r1"))
    assert provider.client.bodies == [{}, None, None, {"filter": {"of": "r1"}}]


def test_each_page_of_a_list_is_sent_by_post(scripted: Scripted) -> None:
    pages = [{"jobs": [{"id": 7, "status": "ok", "at": 5}], "more": "t1"}, {"jobs": [], "more": None}]
    definition = {**OPERATIONS, "next": "more", "next_parameter": "token"}
    provider = scripted("custom", {"find": pages}, ENDPOINT, definition=definition)
    assert len(provider.list(Query("r1"))) == 1
    assert provider.client.bodies == [{"filter": {"of": "r1"}}] * 2
    assert [query for _path, query, _headers in provider.client.asked] == [(), (("token", "t1"),)]


def test_a_resource_may_be_in_the_body(scripted: Scripted) -> None:
    definition = {**JOB, "post": {"show": {"of": "{resource_id}"}}}
    provider = scripted("custom", {"/": {"id": "r1", "status": "busy"}}, ENDPOINT, definition=definition)
    assert provider.read(Reference(resource_id="r1", expect="ok")).state == "running"
    assert provider.client.bodies == [{"of": "r1"}]


def test_an_id_that_is_missing_is_named() -> None:
    with pytest.raises(InputError, match=r"resource_id is missing: it is part of definition\.post\."):
        body_of({"of": "{resource_id}"}, {"resource_id": None})


@given(st.text(), st.recursive(st.none() | st.booleans() | st.integers() | st.just("{operation_id}") | st.text(),
       lambda each: st.lists(each, max_size=3) | st.dictionaries(st.text(max_size=5), each, max_size=3)))  # fmt: skip
def test_a_value_never_changes_the_form_of_a_body(operation_id: str, value: Any) -> None:
    found = body_of({"value": value}, {"operation_id": operation_id or "7"})

    def form(each: Any) -> Any:
        if isinstance(each, dict):
            return {name: form(inner) for name, inner in each.items()}
        return [form(inner) for inner in each] if isinstance(each, list) else type(each)

    assert found is not None
    assert form(found) == form({"value": value})
    assert "{operation_id}" not in json.dumps(found) or "{operation_id}" in operation_id


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"show": None, "post": {"show": {}}}, "definition.show is missing: definition.post.show needs it."),
        ({"post": {"list": {}}}, "definition.list is missing: definition.post.list needs it."),
        (
            {"post": {"show": {"token": "abc"}}},
            "definition.post.show must not contain token, because logs show definition. Give the secret in auth.",
        ),
        ({"post": {"show": {"a": [{"apiKey": "abc"}]}}}, "definition.post.show must not contain apiKey"),
        ({"post": {"show": {"when": datetime.date(2026, 11, 21)}}}, "definition.post.show cannot be sent as JSON"),
        ({"post": {"show": {"n": float("nan")}}}, "definition.post.show cannot be sent as JSON"),
        ({"post": {"show": {"id": "{operation_ids}"}}}, "definition.post.show has the unknown placeholder"),
        (
            {**LIST, "resource_id": "of", "post": {"list": {"id": "{operation_id}"}}},
            "definition.post.list has the unknown placeholder",
        ),
        ({**LIST, "next": "next"}, "definition.next_parameter is missing: a URL in an answer is never read by POST."),
        (
            {
                "follow": {
                    "link": "a",
                    "definition": {"state": "b", "states": {"succeeded": ["c"]}, "post": {"show": {}}},
                }
            },
            "definition.follow.definition must not contain post",
        ),
    ],
)
def test_a_mistake_is_one_sentence(more: Dict[str, Any], said: str) -> None:
    with pytest.raises(InputError) as caught:
        description_of({**JOB, "show": "/jobs/{operation_id}", **more})
    assert said in caught.value.message
    assert "abc" not in caught.value.message


def test_a_list_that_filters_in_the_body_needs_no_resource_in_its_answer() -> None:
    info = info_for({"provider": "custom", "endpoint": ENDPOINT, "definition": OPERATIONS})
    assert info.capabilities.lists
