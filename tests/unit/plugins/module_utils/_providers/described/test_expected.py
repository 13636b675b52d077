# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A resource of an API without operations: a wait succeeds only on a status that is newer than the request."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any, Callable, Dict, List, Optional, Tuple

import pytest
from ansible_collections.cloudgate.operations.plugins.module_utils._http.client import Reply
from ansible_collections.cloudgate.operations.plugins.module_utils._model.errors import InputError, MissingError
from ansible_collections.cloudgate.operations.plugins.module_utils._model.operation import Operation, State
from ansible_collections.cloudgate.operations.plugins.module_utils._model.reference import Reference
from ansible_collections.cloudgate.operations.plugins.module_utils._module.base import reference_from
from ansible_collections.cloudgate.operations.plugins.module_utils._providers.described.custom import description_of
from ansible_collections.cloudgate.operations.plugins.module_utils._providers.described.expected import expected
from ansible_collections.cloudgate.operations.plugins.module_utils._providers.registry import info_for
from hypothesis import given
from hypothesis import strategies as st

SERVER = {
    "show": "/v1/servers/{resource_id}",
    "root": "server",
    "id": "id",
    "state": "state",
    "states": {
        "running": ["starting", "stopping"],
        "succeeded": ["running", "stopped", "*_paused", "HTTP 404"],
        "failed": ["error"],
    },
    "error_message": "fault",
    "updated_at": "changed",
}
GONE = Reply(None, 404)
EARLY, REQUEST, LATE = ("2026-11-21T08:00:00Z", "2026-11-21T09:00:00Z", "2026-11-21T10:00:00Z")
SINCE = datetime(2026, 11, 21, 9, tzinfo=timezone.utc)
Scripted = Callable[..., Any]


def answer(word: Optional[str], changed: Optional[str] = None, **more: Any) -> Dict[str, Any]:
    return {"server": {"id": "s1", "state": word, "changed": changed, **more}}


def provider_of(scripted: Scripted, answers: List[Any], **more: Any) -> Any:
    return scripted("custom", {"v1/servers/s1": answers}, definition={**SERVER, **more})


def states(provider: Any, reference: Reference, count: int) -> List[str]:
    return [provider.read(reference).state for _number in range(count)]


def expecting(word: str, **more: Any) -> Reference:
    return Reference(resource_id="s1", expect=word, **more)


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (["running"], ["running"]),  # as before a reboot
        (["running", "stopping", "running"], ["running", "running", "succeeded"]),
        (["stopped", "running"], ["running", "succeeded"]),
        (["error", "running"], ["failed", "succeeded"]),
        (["a new word", "running"], ["unknown", "succeeded"]),
    ],
)
def test_a_status_counts_only_after_another_one(scripted: Scripted, words: List[str], found: List[str]) -> None:
    assert states(provider_of(scripted, [answer(each) for each in words]), expecting("running"), len(words)) == found


@pytest.mark.parametrize(
    ("word", "changed", "found"),
    [
        ("running", EARLY, "running"),
        ("running", LATE, "running"),  # the request, or another user, may have set the time
        ("stopped", LATE, "running"),
        ("error", REQUEST, "running"),
        ("error", EARLY, "running"),
        ("error", LATE, "failed"),
        ("error", None, "failed"),
    ],
)
def test_an_old_error_is_no_failure_and_a_new_time_no_success(
    scripted: Scripted, word: str, changed: Optional[str], found: str
) -> None:
    provider = provider_of(scripted, [answer(word, changed)])
    assert states(provider, expecting("running", since=SINCE), 1) == [found]


@pytest.mark.parametrize(
    ("word", "found"), [("running", "succeeded"), ("stopped", "failed"), ("starting", "running"), ("other", "unknown")]
)
def test_the_first_poll_counts_if_the_api_changes_the_status_at_once(scripted: Scripted, word: str, found: str) -> None:
    assert states(provider_of(scripted, [answer(word)], changes_at_once=True), expecting("running"), 1) == [found]


def test_the_change_has_the_form_of_the_built_in_providers(scripted: Scripted) -> None:
    found = provider_of(scripted, [answer("error", fault="no host")]).read(expecting("running", operation_id="req-1"))
    assert (found.operation_id, found.resource_id, found.type, found.request_id) == ("req-1", "s1", "running", "req-1")
    assert (found.raw_status, found.error["message"]) == ("error", "no host")
    assert found.reason == "the API says error: no host"


def test_a_deletion_counts_only_for_a_resource_that_was_seen(scripted: Scripted) -> None:
    seen = provider_of(scripted, [answer("running"), GONE])
    assert states(seen, expecting("HTTP 404"), 2) == ["running", "succeeded"]
    with pytest.raises(MissingError, match="may never have existed"):
        provider_of(scripted, [GONE], changes_at_once=True).read(expecting("HTTP 404"))
    assert states(provider_of(scripted, [GONE]), expecting("HTTP 404", operation_id="req-1"), 1) == ["succeeded"]


def test_a_resource_that_disappears_did_not_become_running(scripted: Scripted) -> None:
    provider = provider_of(scripted, [answer("starting"), GONE])
    provider.read(expecting("running"))
    with pytest.raises(MissingError):
        provider.read(expecting("running"))


def test_another_process_continues_with_what_one_saw(scripted: Scripted) -> None:
    reference = expecting("running")
    first = provider_of(scripted, [answer("stopping")])
    seen = first.read(reference)
    later = provider_of(scripted, [answer("running")])
    assert first.exports_state(seen)
    later.import_state(reference, Operation.from_dict(seen.as_dict()))
    assert states(later, reference, 1) == ["succeeded"]
    unmoved = provider_of(scripted, [answer("running")])
    unmoved.import_state(
        reference, first.read(reference) and provider_of(scripted, [answer("RUNNING")]).read(reference)
    )
    assert states(unmoved, reference, 1) == ["running"]


def test_an_answer_about_another_resource_is_refused(scripted: Scripted) -> None:
    with pytest.raises(Exception, match="wrong operation: s2 instead of s1"):
        provider_of(scripted, [{"server": {"id": "s2", "state": "running"}}]).read(expecting("running"))


@given(
    st.lists(st.sampled_from(["running", "stopped", "starting", "error", "other"]), min_size=1, max_size=6),
    st.sampled_from(["running", "stopped"]),
    st.sampled_from([None, EARLY, LATE]),
    st.booleans(),
)
def test_a_success_always_has_a_proof(
    scripted: Scripted, words: List[str], wanted: str, changed: Optional[str], at_once: bool
) -> None:
    provider = provider_of(scripted, [answer(each, changed) for each in words], changes_at_once=at_once)
    found = states(provider, expecting(wanted, since=SINCE), len(words))
    for number, state in enumerate(found):
        if state == State.SUCCEEDED:
            proved = at_once or any(each != wanted for each in words[:number])
            assert words[number] == wanted and proved


@given(st.sampled_from(sorted({State.PENDING, State.RUNNING, State.FAILED, State.UNKNOWN})), st.booleans())
def test_no_other_state_becomes_a_success(state: str, moved: bool) -> None:
    found = Operation("custom", "s1", "s1", state, reason="the API says running", raw_status="running")
    assert expected(found, expecting("running"), moved, at_once=True).state != State.SUCCEEDED


def references(**options: Any) -> Reference:
    info = info_for({"provider": "custom", "endpoint": "https://api.example.com", "definition": SERVER})
    return reference_from(info, options)


@pytest.mark.parametrize("word", ["running", "Stopped", "disk_paused", "http 404"])
def test_a_task_may_expect_each_idle_status(word: str) -> None:
    assert str(references(resource_id="s1", expect=word).expect).lower() == word.lower()


CASES: List[Tuple[Dict[str, Any], str]] = [
    ({"resource_id": "s1"}, "expect is missing: provider custom needs what the resource must become: running or stop"),
    ({"operation_id": "o1"}, "expect is missing"),
    ({"expect": "running"}, "resource_id is missing"),
    ({"resource_id": "s1", "expect": "starting"}, "expect must be running or stopped or *_paused or HTTP 404"),
    ({"resource_id": "s1", "expect": "running", "latest": True}, "latest and expect exclude each other"),
    ({"resource_id": "s1", "expect": "running", "operation_id": "https://x/y"}, "operation_id must be an id"),
]


@pytest.mark.parametrize(("options", "said"), CASES)
def test_a_reference_that_cannot_work_is_refused(options: Dict[str, Any], said: str) -> None:
    with pytest.raises(InputError) as caught:
        references(**options)
    assert said in caught.value.message


def test_a_definition_of_operations_expects_nothing() -> None:
    info = info_for({"provider": "custom", "endpoint": "https://api.example.com", "definition": {"name": "hetzner"}})
    with pytest.raises(InputError, match="expect cannot be used with provider custom"):
        reference_from(info, {"resource_id": "s1", "expect": "running"})


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (
            {"show": "/v1/servers"},
            "definition.show must contain the placeholder {operation_id}, or {resource_id} for a",
        ),
        ({"state": None, "states": {"succeeded": [200]}}, "definition.state is missing"),
        ({"states": {"absent": "succeeded", "running": ["busy"]}}, "definition.states.succeeded is missing"),
        ({"moved_to": "header:Location"}, "{operation_id}: definition.moved_to needs it"),
        ({"list": "/v1/{resource_id}", "items": "a", "started_at": "b"}, "{operation_id}: definition.list needs it"),
        (
            {"show": "/v1/{operation_id}", "changes_at_once": True},
            "definition.changes_at_once needs a definition.show without",
        ),
    ],
)
def test_a_definition_of_a_resource_that_cannot_work_is_refused(more: Dict[str, Any], said: str) -> None:
    with pytest.raises(InputError) as caught:
        description_of({**SERVER, **more})
    assert said in caught.value.message


def test_a_resource_of_azure_can_be_expected(scripted: Scripted) -> None:
    definition = {"name": "azure_resource", "show": "/{resource_id}?api-version=2024-07-01"}
    vm = "subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/virtualMachines/vm1"
    words = ["Succeeded", "Updating", "Succeeded"]
    answers = [{"id": f"/{vm}", "properties": {"provisioningState": each}} for each in words]
    provider = scripted("custom", {vm: answers}, "https://management.azure.com", definition=definition)
    info = provider.info
    reference = reference_from(info, {"resource_id": f"/{vm}", "expect": "Succeeded"})
    assert states(provider, reference, 3) == ["running", "running", "succeeded"]
