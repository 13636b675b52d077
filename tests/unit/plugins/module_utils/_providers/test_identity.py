# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An answer for another operation opens no gate: it is an error that names both."""

from __future__ import annotations

from typing import Any, Callable, Dict

import pytest
from ansible_collections.cloudgate.operations.plugins.module_utils._model.errors import ProtocolError
from ansible_collections.cloudgate.operations.plugins.module_utils._model.reference import Reference

ACTION = {"action": "reboot", "request_id": "req-1", "instance_uuid": "s1", "events": [], "message": None}
HEAT = {"stacks": {"stacks": [{"id": "s1", "stack_name": "n"}]}, "stacks/n/s1/events": {"events": [
    {"id": "e1", "resource_status": "UPDATE_IN_PROGRESS", "physical_resource_id": "s1"}]}}  # fmt: skip
DONE = {"show": "operations/{operation_id}", "id": "name", "state": "done", "states": {"succeeded": ["true"]}}

RUNS = {**DONE, "states": {"succeeded": ["true"], "running": ["false"]}}


def nova(**changes: Any) -> Dict[str, Any]:
    return {"servers/s1/os-instance-actions/req-1": {"instanceAction": {**ACTION, **changes}}}


# provider, reference, the right answer, the answer for another operation, words of the sentence
ANSWERS = [
    ("openstack", Reference("req-1", "s1"), nova(), nova(request_id="req-2"), "req-2 instead of req-1"),
    ("openstack", Reference("req-1", "s1"), nova(), nova(instance_uuid="s2"), "wrong server: s2 instead of s1"),
    ("openstack_stack", Reference("e1", "s1"),
     {**HEAT, "stacks/n/s1": {"stack": {"id": "s1", "stack_status": "UPDATE_IN_PROGRESS"}}},
     {**HEAT, "stacks/n/s1": {"stack": {"id": "s2", "stack_status": "UPDATE_COMPLETE"}}}, "wrong stack: s2 instead"),
    ("openstack_volume", Reference(resource_id="v1", expect="available"),
     {"volumes/v1": {"volume": {"id": "v1", "status": "available"}}},
     {"volumes/v1": {"volume": {"id": "v2", "status": "available"}}}, "wrong volume: v2 instead of v1"),
    ("openstack_loadbalancer", Reference(resource_id="b1", expect="active"),
     {"lbaas/loadbalancers/b1/status": {"statuses": {"loadbalancer": {"id": "b1", "provisioning_status": "ACTIVE"}}}},
     {"lbaas/loadbalancers/b1/status": {"statuses": {"loadbalancer": {"id": "b2", "provisioning_status": "ACTIVE"}}}},
     "wrong load balancer: b2 instead of b1"),
    ("openstack_image", Reference("t1"), {"tasks/t1": {"id": "t1", "status": "success"}},
     {"tasks/t1": {"id": "t2", "status": "success"}}, "t2 instead of t1"),
    ("openstack_image", Reference(resource_id="i1", expect="active"), {"images/i1": {"id": "i1", "status": "active"}},
     {"images/i1": {"id": "i2", "status": "active"}}, "wrong image: i2 instead of i1"),
    ("openstack_baremetal", Reference(resource_id="n1", expect="active"),
     {"nodes/n1": {"uuid": "n1", "provision_state": "active"}},
     {"nodes/n1": {"uuid": "n2", "provision_state": "active"}}, "wrong node: n2 instead of n1"),
    ("ecl_vna", Reference("o1"), {"operations/o1": {"operation": {"id": "o1", "status": "COMPLETE"}}},
     {"operations/o1": {"operation": {"id": "o2", "status": "COMPLETE"}}}, "o2 instead of o1"),
    ("ecl_mlb", Reference("o1"), {"operations/o1": {"operation": {"id": "o1", "status": "COMPLETE"}}},
     {"operations/o1": {"operation": {"id": "o2", "status": "COMPLETE"}}}, "o2 instead of o1"),
    ("huaweicloud_job", Reference("j1"), {"jobs/j1": {"job_id": "J1", "status": "SUCCESS"}},
     {"jobs/j1": {"job_id": "j2", "status": "SUCCESS"}}, "j2 instead of j1"),
    ("huaweicloud_modelarts", Reference("o1", "l1"),
     {"dev-servers/l1/operation/o1": {"operation_id": "o1", "operation_status": "success"}},
     {"dev-servers/l1/operation/o1": {"operation_id": "o2", "operation_status": "success"}}, "o2 instead of o1"),
    ("huaweicloud_modelarts", Reference(resource_id="l1", expect="STOPPED"),
     {"dev-servers/l1": {"id": "l1", "status": "STOPPED"}}, {"dev-servers/l1": {"id": "l2", "status": "STOPPED"}},
     "wrong server: l2 instead of l1"),
    ("custom", Reference("7"), {"operations/7": {"name": "projects/p/operations/7", "done": True}},
     {"operations/7": {"name": "projects/p/operations/8", "done": True}}, "8 instead of 7"),
    ("custom", Reference("https://api.example.com/v2.1/operations/7?v=1"),
     {"operations/7": {"name": "7", "done": True}}, {"operations/7": {"name": "8", "done": True}}, "8 instead of 7"),
]  # fmt: skip


@pytest.mark.parametrize(("provider", "reference", "right", "wrong", "said"), ANSWERS)
def test_an_answer_for_another_operation_is_refused(
    scripted: Callable[..., Any], provider: str, reference: Reference, right: Any, wrong: Any, said: str
) -> None:
    options = {"definition": DONE} if provider == "custom" else {}
    assert scripted(provider, right, **options).read(reference) is not None
    with pytest.raises(ProtocolError, match=said) as caught:
        scripted(provider, wrong, **options).read(reference)
    assert not caught.value.transient


# provider, reference, an answer without its operation, words of the sentence
NAMELESS = [
    ("ecl_vna", Reference("o1"), {"operations/o1": {"operation": {"status": "COMPLETE"}}}, "o1 has no id"),
    ("ecl_mlb", Reference("o1"), {"operations/o1": {"operation": {"id": "", "status": "COMPLETE"}}},
     "o1 has no id"),
    ("ecl_vna", Reference(resource_id="s1", latest=True),
     {"operations": {"operations": [{"resource_id": "s1", "status": "COMPLETE"}]}},
     "The API listed an operation without id"),
    ("ecl_vna", Reference(client_request_id="r1"), {"operations": {"operations": [{"status": "COMPLETE"}]}},
     "r1 has no id"),
    ("huaweicloud_job", Reference("j1"), {"jobs/j1": {"status": "SUCCESS"}}, "j1 has no job_id"),
    ("huaweicloud_modelarts", Reference("o1", "l1"), {"dev-servers/l1/operation/o1": {"operation_status": "success"}},
     "o1 has no operation_id"),
    ("huaweicloud_modelarts", Reference(resource_id="l1", expect="STOPPED"), {"dev-servers/l1": {"status": "STOPPED"}},
     "server l1 has no id"),
    *(("custom", Reference("7"), {"operations/7": {"done": True, **more}}, "7 has no definition.id (name)")
      for more in ({}, {"name": None}, {"name": ""}, {"name": []}, {"name": {"id": "7"}}, {"Name": "7"})),
]  # fmt: skip


@pytest.mark.parametrize(("provider", "reference", "answer", "named"), NAMELESS)
def test_an_answer_that_names_no_operation_is_refused(
    scripted: Callable[..., Any], provider: str, reference: Reference, answer: Any, named: str
) -> None:
    """An answer without an ID may belong to any operation, so it proves nothing about this one."""
    options = {"definition": DONE} if provider == "custom" else {}
    with pytest.raises(ProtocolError) as caught:
        scripted(provider, answer, **options).read(reference)
    assert str(caught.value).startswith(named if named.startswith("The API") else f"The API's answer for {named}")
    assert not caught.value.transient


def test_an_answer_without_an_operation_id_may_be_running(scripted: Callable[..., Any]) -> None:
    """Some APIs name an operation only when it has finished."""
    provider = scripted("custom", {"operations/7": [{"done": False}, {"done": True}]}, definition=RUNS)
    assert provider.read(Reference("7")).state == "running"
    with pytest.raises(ProtocolError, match=r"has no definition\.id"):
        provider.read(Reference("7"))


def test_a_definition_without_id_trusts_its_url(scripted: Callable[..., Any]) -> None:
    definition = {name: value for name, value in DONE.items() if name != "id"}
    provider = scripted("custom", {"operations/7": {"done": True}}, definition=definition)
    assert provider.read(Reference("7")).state == "succeeded"


def test_a_list_with_a_nameless_operation_is_refused_whole(scripted: Callable[..., Any]) -> None:
    """The operation without an ID may be the newest. Without it, an older one could count as the latest."""
    nameless = {"status": "PROCESSING", "reception_datetime": "2026-11-21T09:00:00Z", "resource_id": "s1"}
    older = {"id": "o1", "status": "COMPLETE", "reception_datetime": "2026-11-21T08:00:00Z", "resource_id": "s1"}
    items = [nameless, older]
    provider = scripted("ecl_vna", {"operations": {"operations": items}})
    with pytest.raises(ProtocolError, match=r"listed an operation without id: it may be the latest one\."):
        provider.read(Reference(resource_id="s1", latest=True))


def test_a_list_with_an_action_of_another_server_is_refused(scripted: Callable[..., Any]) -> None:
    provider = scripted("openstack", {"servers/s2/os-instance-actions": {"instanceActions": [ACTION]}})
    with pytest.raises(ProtocolError, match="s1 instead of s2"):
        provider.read(Reference(resource_id="s2", latest=True))


def test_another_server_does_not_decide(scripted: Callable[..., Any]) -> None:
    event = {"event": "compute_reboot_instance", "result": "Success", "start_time": "2026-11-21T08:00:00",
             "finish_time": "2026-11-21T08:00:09"}  # fmt: skip
    answers = dict(nova(events=[event]), **{"servers/s1": {"server": {"id": "s2", "status": "ACTIVE"}}})
    with pytest.raises(ProtocolError, match=r"wrong server: s2 instead of s1"):
        scripted("openstack", answers).read(Reference("req-1", "s1"))


@pytest.mark.parametrize(("listed", "found"), [("r1", "o1"), ("r2", None)])
def test_another_request_than_the_requested_one_is_not_found(
    scripted: Callable[..., Any], listed: str, found: Any
) -> None:
    operations = [{"id": "o1", "request_id": listed, "status": "COMPLETE"}]
    provider = scripted("ecl_vna", {"operations": {"operations": operations}})
    seen = provider.read(Reference(client_request_id="r1"))
    assert (seen.operation_id if seen else None) == found
