# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Operations that name another URL or another operation; percentages, and times in local zones."""

from __future__ import annotations

from typing import Any, Callable, Dict, List, Optional

import pytest
from ansible_collections.cloudgate.operations.plugins.module_utils._http.client import Reply
from ansible_collections.cloudgate.operations.plugins.module_utils._model.errors import (
    InputError,
    MissingError,
    ProtocolError,
)
from ansible_collections.cloudgate.operations.plugins.module_utils._model.operation import Operation
from ansible_collections.cloudgate.operations.plugins.module_utils._model.reference import Reference
from ansible_collections.cloudgate.operations.plugins.module_utils._model.times import format_time
from ansible_collections.cloudgate.operations.plugins.module_utils._providers.described.custom import description_of
from hypothesis import given
from hypothesis import strategies as st

ENDPOINT = "https://api.example.com"
AZURE = {"moved_to": "header:Location", "states": {"running": [202], "succeeded": [200, 204]}}
JENKINS: Dict[str, Any] = {
    "state": "cancelled && 'cancelled' || why && 'waiting' || 'left'",
    "states": {"pending": ["waiting", "left"], "succeeded": ["never"], "failed": ["cancelled"]},
    "show": "/queue/item/{operation_id}/api/json",
    "follow": {
        "link": "executable.url",
        "path": "api/json",
        "definition": {
            "state": "building && 'building' || result",
            "states": {"running": ["building"], "succeeded": ["SUCCESS"], "failed": ["FAILURE", "UNSTABLE"]},
            "started_at": "timestamp",
        },
    },
}
WAITING = {"why": "no executor", "executable": None}
LEFT = {"why": None, "executable": {"number": 7, "url": f"{ENDPOINT}/job/a/7/"}}


def make(scripted: Callable[..., Any], definition: Dict[str, Any], answers: Dict[str, Any]) -> Any:
    return scripted("custom", answers, ENDPOINT, definition=definition)


def test_the_next_poll_is_at_the_url_of_the_last_answer(scripted: Callable[..., Any]) -> None:
    answers = {
        "a/1": Reply(None, 202, {"Location": f"{ENDPOINT}/a/2?t=x%2Fy"}),
        "a/2": [Reply(None, 202, {"Location": "/a/3"}), Reply(None, 204)],
        "a/3": [Reply(None, 202, {"Location": "3"}), Reply(None, 204)],
    }
    provider = make(scripted, AZURE, answers)
    reference = Reference(f"{ENDPOINT}/a/1")
    found = [provider.show(reference) for _poll in range(4)]
    assert [each.state for each in found] == ["running", "running", "running", "succeeded"]
    assert provider.client.paths == ["a/1", "a/2", "a/3", "a/3"]
    assert [each.operation_id for each in found] == [
        f"{ENDPOINT}/a/2?t=x%2Fy", f"{ENDPOINT}/a/3", f"{ENDPOINT}/a/3", f"{ENDPOINT}/a/3",
    ], "another process must know the URL from the last operation"  # fmt: skip


def test_another_process_continues_at_the_url(scripted: Callable[..., Any]) -> None:
    provider = make(scripted, AZURE, {"a/2": Reply(None, 204)})
    reference = Reference(f"{ENDPOINT}/a/1")
    provider.import_state(reference, Operation("custom", f"{ENDPOINT}/a/2", None, "running", raw_status="HTTP 202"))
    assert provider.show(reference).state == "succeeded"


@pytest.mark.parametrize(
    ("queue", "build", "states"),
    [
        ([WAITING, LEFT], [{"building": True, "result": None}, {"building": False, "result": "SUCCESS"}],
         ["pending", "running", "succeeded"]),
        ([LEFT], [{"building": False, "result": "UNSTABLE"}], ["failed"]),
        ([{"why": None, "executable": None}], [], ["pending"]),
        ([{"cancelled": True}], [], ["failed"]),
    ],
)  # fmt: skip
def test_a_build_continues_its_queue_item(
    scripted: Callable[..., Any], queue: List[Any], build: List[Any], states: List[str]
) -> None:
    provider = make(scripted, JENKINS, {"queue/item/25/api/json": queue, "job/a/7/api/json": build})
    assert [provider.show(Reference("25")).state for _poll in states] == states
    assert provider.client.paths.count("queue/item/25/api/json") == len(queue), "it disappears"


def test_the_first_operation_does_not_succeed_without_the_second(scripted: Callable[..., Any]) -> None:
    definition = dict(JENKINS, states={"succeeded": ["left", "waiting"]})
    found = make(scripted, definition, {"queue/item/25/api/json": WAITING}).show(Reference("25"))
    said = "the API says waiting; the operation at definition.follow.link decides"
    assert (found.state, found.reason) == ("running", said)


@pytest.mark.parametrize("several", [True, False])
def test_a_list_does_not_decide_before_the_second_operation(scripted: Callable[..., Any], several: bool) -> None:
    rows = {"rows": [{"id": number, **LEFT} for number in ("25", "26")]}
    more = {"list": "/queue", "batch": "/queue?id={operation_id}", "items": "rows", "id": "id", "started_at": "at"}
    definition = {**JENKINS, **more, "resource_id": "r", "states": {"succeeded": ["left"]}}
    queue = {f"queue/item/{number}/api/json": {"id": number, **LEFT} for number in ("25", "26")}
    provider = make(scripted, definition, {"queue": rows, **queue, "job/a/7/api/json": {"building": True}})
    named = [Reference("25"), Reference("26")] if several else [Reference(resource_id="a", latest=True)]
    assert {each.state for each in provider.poll_many(named)} == {"running"}


def test_the_url_of_the_first_operation_is_not_that_of_the_second_in_another_process(
    scripted: Callable[..., Any],
) -> None:
    item = {**WAITING, "self": f"{ENDPOINT}/queue/item/25", "building": False, "result": "SUCCESS"}
    answers = {"queue/item/25/api/json": item, "queue/item/25": item}
    definition = {**JENKINS, "id": "self"}
    first = make(scripted, definition, answers).show(Reference("25"))
    other = make(scripted, definition, answers)
    other.import_state(Reference("25"), first)
    assert (first.operation_id, other.show(Reference("25")).state) == ("25", "pending")


def test_a_second_operation_that_was_never_there_is_no_success(scripted: Callable[..., Any]) -> None:
    """Its 404 means success only after an answer, also in another process."""
    follow = {"link": "executable.url", "definition": {"states": {"running": [200], "succeeded": [404]}}}
    definition, gone = {**JENKINS, "follow": follow}, Reply(None, 404)
    answers = {"queue/item/25/api/json": LEFT, "job/a/7/": [gone, gone, Reply({}, 200), gone]}
    provider = make(scripted, definition, answers)
    for _poll in range(2):
        with pytest.raises(MissingError):
            provider.show(Reference("25"))
    found = provider.show(Reference("25"))
    other = make(scripted, definition, {"job/a/7/": gone})
    other.import_state(Reference("25"), found)
    assert [found.state, provider.show(Reference("25")).state, other.show(Reference("25")).state] == [
        "running", "succeeded", "succeeded",
    ]  # fmt: skip


@pytest.mark.parametrize("url", ["https://jenkins.internal/job/a/7/", "//evil.example/x", "http://api.example.com/x"])
def test_a_link_to_another_host_is_refused(scripted: Callable[..., Any], url: str) -> None:
    provider = make(scripted, JENKINS, {"queue/item/25/api/json": {"executable": {"url": url}}})
    with pytest.raises(ProtocolError, match=r"definition\.follow\.link is a URL that is not below endpoint"):
        provider.show(Reference("25"))
    assert len(provider.client.asked) == 1


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (
            {"follow": dict(JENKINS["follow"], definition={"state": "a"})},
            "definition.follow: definition.states.succeeded",
        ),
        ({"follow": dict(JENKINS["follow"], definition={"stat": "a"})}, "definition.follow.definition cannot be read"),
        ({"follow": dict(JENKINS["follow"], definition={"list": "/a"})}, "must not contain list"),
        ({"follow": dict(JENKINS["follow"], link="a == true")}, "definition.follow.link has true"),
        ({"moved_to": "header:Location"}, "exclude each other"),
        ({"utc_offset": "CET"}, "definition.utc_offset must be the offset"),
    ],
)
def test_a_definition_that_cannot_be_followed_is_refused(more: Dict[str, Any], said: str) -> None:
    with pytest.raises(InputError) as caught:
        description_of({**JENKINS, **more})
    assert said in caught.value.message


@pytest.mark.parametrize(
    ("asked", "answered", "same"),
    [
        ("9c1d", "urn:vcloud:task:9c1d", True),
        ("urn:vcloud:task:9c1d", "9C1D", True),
        ("https://api.example.com/tasks/9c1d", "urn:vcloud:task:9c1d", True),
        ("9c1d", "urn:vcloud:task:19c1d", False),
        ("c1d", "urn:vcloud:task:9c1d", False),
        ("9c1d", "urn:9c1d:task:8b00", False),
        ("9c1d", "urn:vcloud:task:", False),
        ("urn:a:9c1d", "urn:b:9c1d", False),
        ("task:9c1d", "urn:vcloud:task:9c1d", False),
        ("UPID:pve:01:root@pam:", "UPID:pve:02:root@pam:", False),
    ],
)
def test_the_last_part_after_a_colon_is_the_id(
    scripted: Callable[..., Any], asked: str, answered: str, same: bool
) -> None:
    definition = {"show": "/tasks/{operation_id}", "id": "id", "state": "s", "states": {"succeeded": ["ok"]}}
    answer = {"id": answered, "s": "ok"}
    provider = make(scripted, definition, {f"tasks/{asked.rpartition('/')[2]}": answer})
    if same:
        assert provider.show(Reference(asked)).state == "succeeded"
    else:
        with pytest.raises(ProtocolError, match="wrong operation"):
            provider.show(Reference(asked))


PLAIN = {
    "show": "/{operation_id}", "state": "s", "states": {"running": ["busy"], "succeeded": ["ok"]}, "percent": "p",
    "started_at": "at",
}  # fmt: skip


@pytest.mark.parametrize(
    ("percent", "shown"),
    [(40, 40.0), ("55%", 55.0), ("55 %", 55.0), (33.333, 33.3), ([1, 4], 25.0), ([0, 0], None), (None, None),
     (True, None), (101, None), (-1, None), ("half", None), ([1], None), ({}, None), ("1e400", None)],
)  # fmt: skip
def test_percent(scripted: Callable[..., Any], percent: Any, shown: Optional[float]) -> None:
    found = make(scripted, PLAIN, {"o1": {"s": "busy", "p": percent}}).show(Reference("o1"))
    assert (found.percent, found.as_dict().get("percent")) == (shown, shown)
    assert Operation.from_dict(found.as_dict()).percent == shown


@given(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.lists(st.integers() | st.text(), max_size=3)
)
def test_any_percent_is_in_range_or_none(value: Any) -> None:
    from ansible_collections.cloudgate.operations.plugins.module_utils._providers.described.reading import as_percent

    found = as_percent(value)
    assert found is None or 0 <= found <= 100


@pytest.mark.parametrize(
    ("time", "shown"),
    [
        ("2026-11-21T08:30:00", "2026-11-21T06:30:00Z"),
        ("2026-11-21T08:30:00Z", "2026-11-21T08:30:00Z"),
        ("2026-11-21T08:30:00.1234567-07:00", "2026-11-21T15:30:00.123456Z"),
        (1789000000, "2026-09-10T00:26:40Z"),
    ],
)
def test_only_a_time_without_a_zone_is_local(scripted: Callable[..., Any], time: Any, shown: str) -> None:
    answers = {"o1": {"s": "busy", "at": time}}
    found = make(scripted, dict(PLAIN, utc_offset="+02:00"), answers).show(Reference("o1"))
    assert format_time(found.started_at) == shown
