# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lists of APIs that a user describes: pages of each kind, their limits, and several operations in one request."""

from __future__ import annotations

from typing import Any, Callable, Dict, List, Tuple

import pytest
from ansible_collections.cloudgate.operations.plugins.module_utils._http.client import Reply
from ansible_collections.cloudgate.operations.plugins.module_utils._model.errors import (
    ForbiddenError,
    InputError,
    MissingError,
    ProtocolError,
)
from ansible_collections.cloudgate.operations.plugins.module_utils._model.reference import Query, Reference
from ansible_collections.cloudgate.operations.plugins.module_utils._providers.described.custom import description_of
from ansible_collections.cloudgate.operations.plugins.module_utils._providers.described.links import next_page
from ansible_collections.cloudgate.operations.plugins.module_utils._providers.described.lists import batches
from hypothesis import given
from hypothesis import strategies as st

ENDPOINT = "https://api.example.com/v2.1"
BASE = {
    "show": "/ops/{operation_id}", "list": "/ops?of={resource_id}", "items": "ops", "id": "id", "started_at": "at",
    "state": "s", "states": {"running": ["busy"], "succeeded": ["ok"], "failed": ["bad"]},
}  # fmt: skip


def op(number: int, state: str = "ok") -> Dict[str, Any]:
    return {"id": number, "s": state, "at": number}


def page(*numbers: int, **more: Any) -> Dict[str, Any]:
    return {"ops": [op(each) for each in numbers], **more}


@pytest.mark.parametrize(
    ("more", "answers"),
    [
        ({"next": "links.next"}, [page(1, links={"next": f"{ENDPOINT}/ops?of=r1&page=2"}), page(2, links={})]),
        ({"next": "next"}, [page(1, next="/v2.1/ops?of=r1&page=2"), page(2, next=None)]),
        ({"next": "next"}, [page(1, next="?of=r1&page=2"), page(2)]),
        ({"next": "meta.next_page", "next_parameter": "page"}, [page(1, meta={"next_page": 2}), page(2)]),
        ({"next": "token", "next_parameter": "page"}, [page(1, token="2"), page(2, token="")]),
        ({"next": "header:Link"}, [Reply(page(1), 200, {"Link": f'<{ENDPOINT}/ops?of=r1&page=2>; rel="next"'}),
                                   Reply(page(2), 200, {"Link": f'<{ENDPOINT}/ops>; rel="first"'})]),
        ({"next": "header:opc-next-page", "next_parameter": "page"}, [Reply(page(1), 200, {"opc-next-page": "2"}),
                                                                      page(2)]),
        ({"items": "@", "next": "header:Link"}, [Reply([op(1)], 200, {"Link": "</v2.1/ops?of=r1&page=2>;rel=next"}),
                                                 Reply([op(2)])]),
    ],
)  # fmt: skip
def test_all_pages_are_read(scripted: Callable[..., Any], more: Dict[str, Any], answers: List[Any]) -> None:
    provider = scripted("custom", {"ops": answers}, definition={**BASE, **more})
    assert [each.operation_id for each in provider.list(Query(resource_id="r1"))] == ["2", "1"]
    assert [query for _path, query, _headers in provider.client.asked] == [
        (("of", "r1"),),
        (("of", "r1"), ("page", "2")),
    ]


@pytest.mark.parametrize(
    ("following", "said"),
    [
        ("https://evil.example/ops?page=2", "cannot be followed: definition.next is a URL that is not below endpoint"),
        ("//evil.example/v2.1/ops", "cannot be followed"),
        ("https://api.example.com/other/ops", "cannot be followed"),
        ("http://[", "cannot be followed"),
        (f"{ENDPOINT}/ops?of=r1", "its pages repeat"),
    ],
)
def test_a_page_elsewhere_or_again_is_not_read(scripted: Callable[..., Any], following: str, said: str) -> None:
    provider = scripted("custom", {"ops": page(1, next=following)}, definition=dict(BASE, next="next"))
    with pytest.raises(ProtocolError) as caught:
        provider.list(Query(resource_id="r1"))
    assert said in caught.value.message
    assert len(provider.client.asked) <= 2


@pytest.mark.parametrize(
    "answer",
    [
        lambda number: Reply(page(number, next=number), 200, {}),
        lambda number: Reply(page(*range(600), next=number), 200, {}),
        lambda number: Reply(page(number, next=number), 200, {}, None, 3 * 1024 * 1024),
    ],
)
def test_a_list_without_an_end_ends_with_an_error(scripted: Callable[..., Any], answer: Callable[[int], Reply]) -> None:
    answers = [answer(number) for number in range(1, 200)]
    provider = scripted("custom", {"ops": answers}, definition=dict(BASE, next="next", next_parameter="page"))
    with pytest.raises(ProtocolError, match="The list has more than 100 pages, 10000 operations or 20 MiB"):
        provider.list(Query(resource_id="r1"))
    assert len(provider.client.asked) <= 101


@given(st.none() | st.booleans() | st.integers() | st.text() | st.lists(st.text()), st.sampled_from(["", "page"]))
def test_any_value_names_a_page_below_the_endpoint_or_none(value: Any, parameter: str) -> None:
    try:
        found = next_page(ENDPOINT, (("ops",), ()), value, parameter)
    except ProtocolError:
        return
    assert found is None or (found[0] and ".." not in found[0])


BATCH = dict(BASE, batch="/ops?id={operation_id}&sort=id")


@pytest.mark.parametrize(
    ("template", "first"),
    [
        ("/ops?id={operation_id}&sort=id", (("ops",), (("id", "1"), ("id", "2"), ("sort", "id")))),
        ("/ops/?id__in={operation_ids}", (("ops", ""), (("id__in", "1,2"),))),
        ("/task/{operation_ids}", (("task", "1,2"), ())),
    ],
)
def test_ids_are_sent_together(template: str, first: Tuple[Any, Any]) -> None:
    assert list(batches(template, ["1", "2"])) == [first]


def test_a_batch_has_at_most_fifty_ids() -> None:
    counts = [len(query) - 1 for _path, query in batches("/ops?id={operation_id}&a=b", [str(n) for n in range(120)])]
    assert counts == [50, 50, 20]


def test_one_request_reads_many_and_what_is_absent_is_missing(scripted: Callable[..., Any]) -> None:
    provider = scripted("custom", {"ops": {"ops": [op(2, "busy"), op(1)]}}, definition=BATCH)
    found = provider.poll_many([Reference("1"), Reference("2"), Reference("3")])
    assert [getattr(each, "state", None) for each in found] == ["succeeded", "running", None]
    assert isinstance(found[2], MissingError)
    assert "definition.batch lacks 3" in found[2].message
    assert len(provider.client.asked) == 1


@pytest.mark.parametrize("error", [MissingError("no"), ForbiddenError("no"), ProtocolError("no")])
def test_a_refused_batch_is_read_one_by_one(scripted: Callable[..., Any], error: Exception) -> None:
    answers = {"ops": error, "ops/1": op(1), "ops/2": op(2, "busy")}
    provider = scripted("custom", answers, definition=BATCH)
    for _poll in range(2):
        found = provider.poll_many([Reference("1"), Reference("2")])
        assert [each.state for each in found] == ["succeeded", "running"]
    assert provider.client.paths == ["ops", "ops/1", "ops/2", "ops/1", "ops/2"]


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"batch": "/ops?id={operation_id}", "id": None}, "definition.id is missing: definition.batch needs it"),
        ({"batch": "/ops/{operation_id}"}, "definition.batch must contain {operation_ids}"),
        ({"batch": "/ops?id={operation_id}", "items": None, "list": None}, "definition.items is missing"),
        ({"next": "a == true"}, "definition.next has true without backticks"),
    ],
)
def test_a_list_that_cannot_work_is_refused(more: Dict[str, Any], said: str) -> None:
    with pytest.raises(InputError) as caught:
        description_of({**BASE, **more})
    assert said in caught.value.message


def test_parameters_and_filters_in_headers_are_sent(scripted: Callable[..., Any]) -> None:
    headers = {"X-Filter": '{"entity.id": {resource_id}}', "X-Version": 2}
    definition = dict(BASE, list="/ops", resource_id="of", query={"api-version": "1"}, headers=headers)
    provider = scripted("custom", {"ops": page(), "ops/1": op(1)}, definition=definition)
    provider.list(Query(resource_id="7"))
    provider.show(Reference("1"))
    provider.show(Reference(f"{ENDPOINT}/ops/1?api-version=9"))
    assert provider.client.asked == [
        ("ops", (("api-version", "1"),), {"X-Filter": '{"entity.id": 7}', "X-Version": "2"}),
        ("ops/1", (("api-version", "1"),), {"X-Version": "2"}),
        ("ops/1", (("api-version", "9"),), {"X-Version": "2"}),
    ]
    with pytest.raises(InputError, match="must not contain quotes"):
        provider.list(Query(resource_id='7"'))
