# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ready-made definitions, on answers in the form of the vendors' documents and SDKs, with the traps of each."""

from __future__ import annotations

from typing import Any, Callable, Dict, Tuple

import pytest
from ansible_collections.cloudgate.operations.plugins.module_utils._http.client import Reply
from ansible_collections.cloudgate.operations.plugins.module_utils._model.errors import GateError, InputError
from ansible_collections.cloudgate.operations.plugins.module_utils._model.reference import Query, Reference
from ansible_collections.cloudgate.operations.plugins.module_utils._module.definitions import with_named_definitions
from ansible_collections.cloudgate.operations.plugins.module_utils._providers.described.custom import description_of
from ansible_collections.cloudgate.operations.plugins.module_utils._providers.described.definitions.ready import READY
from ansible_collections.cloudgate.operations.plugins.module_utils._providers.naming import check_reference
from ansible_collections.cloudgate.operations.plugins.module_utils._providers.registry import info_for
from ansible_collections.cloudgate.operations.tests.unit.vendor_answers import ANSWERS, ENDPOINT, LISTS

ROWS = [(name, number) for name, rows in ANSWERS.items() for number in range(len(rows))]


def make(scripted: Callable[..., Any], definition: Any, answers: Dict[str, Any]) -> Any:
    return scripted("custom", answers, ENDPOINT, definition=definition)


def test_every_definition_has_answers() -> None:
    assert set(ANSWERS) == set(READY)
    assert len(READY) >= 20


@pytest.mark.parametrize("name", sorted(READY))
def test_a_definition_is_valid(name: str) -> None:
    assert info_for({"provider": "custom", "endpoint": ENDPOINT, "definition": {"name": name}}).description


@pytest.mark.parametrize("name", sorted(READY))
def test_the_answers_show_a_success_a_failure_and_neither(name: str) -> None:
    assert {"succeeded", "failed"} < {row[2] for row in ANSWERS[name]}


@pytest.mark.parametrize(("name", "number"), ROWS)
def test_an_answer_has_its_state(scripted: Callable[..., Any], name: str, number: int) -> None:
    reference, answers, state, fields = ANSWERS[name][number]
    if state == "error":
        with pytest.raises(GateError):
            make(scripted, {"name": name}, answers).show(reference)
        return
    found = make(scripted, {"name": name}, answers).show(reference)
    assert (found.state, found.reason != "") == (state, True)
    shown = found.as_dict()
    assert {field: shown.get(field) for field in fields} == fields


@pytest.mark.parametrize("name", sorted(LISTS))
def test_a_list_has_the_latest_operation(scripted: Callable[..., Any], name: str) -> None:
    resource_id, path, page, latest = LISTS[name]
    provider = make(scripted, {"name": name}, {path: [page] if isinstance(page, list) else page})
    found = provider.list(Query(resource_id=resource_id))
    assert [each.operation_id for each in found[:1]] == [latest]
    assert all(each.state != "unknown" for each in found)


def test_hetzner_reads_many_actions_in_one_request(scripted: Callable[..., Any]) -> None:
    listed = [{"id": number, "status": "success", "command": "reboot"} for number in (1, 2)]
    provider = make(scripted, {"name": "hetzner"}, {"actions": {"actions": listed}})
    found = provider.poll_many([Reference("1"), Reference("2")])
    assert [each.state for each in found] == ["succeeded", "succeeded"]
    assert provider.client.asked == [("actions", (("id", "1"), ("id", "2"), ("per_page", "50")), {})]


def test_a_url_names_an_operation_without_its_resource() -> None:
    info = info_for({"provider": "custom", "endpoint": ENDPOINT, "definition": {"name": "google_compute"}})
    url = Reference(f"{ENDPOINT}/projects/p/zones/z/operations/operation-1-a")
    assert check_reference(info, url) == url
    with pytest.raises(InputError, match="resource_id is missing"):
        check_reference(info, Reference("operation-1-a"))


def test_a_key_of_the_task_changes_only_that_key() -> None:
    ready = description_of({"name": "jenkins_build"})
    mine = description_of({"name": "jenkins_build", "states": {"succeeded": ["SUCCESS", "UNSTABLE"]}, "type": "number"})
    assert (ready.states["unstable"][0], mine.states["unstable"][0]) == ("failed", "succeeded")
    assert (mine.states["failure"][0], mine.type, mine.show_path) == ("failed", "number", ready.show_path)
    inner = {"definition": {"states": {"succeeded": ["SUCCESS", "UNSTABLE"]}}}
    follow = description_of({"name": "jenkins", "follow": inner}).follow
    assert follow is not None
    assert (follow.description.states["unstable"][0], follow.link) == ("succeeded", "executable.url")


def test_a_name_stands_for_its_definition() -> None:
    options = {"definition": "hetzner", "groups": [{"definition": "awx_job"}, 7], "provider": "custom"}
    assert with_named_definitions(options) == {
        "definition": {"name": "hetzner"},
        "groups": [{"definition": {"name": "awx_job"}}, 7],
        "provider": "custom",
    }
    assert with_named_definitions({"definition": "show=/a state=b"}) == {"definition": "show=/a state=b"}


def test_an_unknown_name_is_refused_with_the_known_ones() -> None:
    with pytest.raises(InputError, match=r"definition\.name must be one of .*hetzner"):
        description_of({"name": "hetzer"})


def test_replies_are_of_the_client() -> None:
    rows: Tuple[Any, ...] = ANSWERS["azure_location"][0]
    assert isinstance(next(iter(rows[1].values())), Reply)
