# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From registered results to references, with results of ansible.builtin.uri."""

from __future__ import annotations

from typing import Any, Dict, List

import pytest
from ansible_collections.cloudgate.operations.plugins.module_utils._model.errors import InputError
from ansible_collections.cloudgate.operations.plugins.module_utils._model.times import any_time
from ansible_collections.cloudgate.operations.plugins.plugin_utils._references.registered import (
    find,
    references_from,
)
from hypothesis import given
from hypothesis import strategies as st

NOVA = "https://nova.example.com/v2.1/p1/servers"
DATE = "Sat, 28 Nov 2026 05:00:10 GMT"
SINCE = "2026-11-28T05:00:05Z"  # five seconds earlier
UNNAMED = {"url": f"{NOVA}/s1/action", "status": 202, "date": DATE}
REBOOT = {"url": f"{NOVA}/s1/action", "status": 202, "x_compute_request_id": "req-1"}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"operation_id": "req-1", "resource_id": "s1"}, [{"operation_id": "req-1", "resource_id": "s1"}]),
        ({"request_id": "req-1", "server_id": "s1"}, [{"request_id": "req-1", "server_id": "s1"}]),
        (
            {"resource_id": "s1", "latest": True, "action": "resize", "since": None},
            [{"resource_id": "s1", "latest": True, "action": "resize"}],
        ),
        (REBOOT, [{"operation_id": "req-1", "resource_id": "s1"}]),
        (
            {**REBOOT, "x_compute_request_id": "", "x_openstack_request_id": "req-2"},
            [{"operation_id": "req-2", "resource_id": "s1"}],
        ),
        (
            {"url": NOVA, "status": 202, "x_compute_request_id": "req-3", "json": {"server": {"id": "new"}}},
            [{"operation_id": "req-3", "resource_id": "new", "action": "create"}],
        ),
        (
            {"url": NOVA, "status": 202, "x_compute_request_id": "req-3", "json": {"reservation_id": "r-7f3k2m9q"}},
            [{"reservation_id": "r-7f3k2m9q", "operation_id": "req-3", "action": "create"}],
        ),
        (
            {"url": NOVA, "status": 202, "json": {"reservation_id": "r-7f3k2m9q"}},
            [{"reservation_id": "r-7f3k2m9q", "action": "create"}],
        ),
        (
            {
                "url": NOVA,
                "status": 202,
                "json": {"reservation_id": "r-7f3k2m9q"},
                "invocation": {"module_args": {"body": {"server": {"min_count": 3}}}},
            },
            [{"reservation_id": "r-7f3k2m9q", "min_count": 3, "action": "create"}],
        ),
        (
            {**REBOOT, "status": 204, "invocation": {"module_args": {"body": {"forceDelete": None}}}},
            [{"operation_id": "req-1", "resource_id": "s1", "action": "delete"}],
        ),
        (
            {**REBOOT, "invocation": {"module_args": {"body": '{"reboot": {}}'}}},
            [{"operation_id": "req-1", "resource_id": "s1"}],
        ),
        ({"reservation_id": "r-7f3k2m9q", "min_count": 3}, [{"reservation_id": "r-7f3k2m9q", "min_count": 3}]),
        (
            {**REBOOT, "url": f"{NOVA}/s1", "status": 204},
            [{"operation_id": "req-1", "resource_id": "s1", "action": "delete"}],
        ),
        (
            {**REBOOT, "url": f"{NOVA}/s1", "status": 204, "json": {"job_id": "j1"}},
            [{"operation_id": "j1", "resource_id": "s1"}],
        ),
        (
            {
                "url": "https://modelarts.example.com/v1/p/dev-servers/l1/attachvolume",
                "status": 200,
                "json": {"operation_id": "o1"},
            },
            [{"operation_id": "o1", "resource_id": "l1"}],
        ),
        (
            {
                "url": "https://modelarts.example.com/v1/p/dev-servers/hyperinstance/h1/attachvolume",
                "status": 200,
                "json": {"operation_id": "o1"},
            },
            [{"operation_id": "o1", "resource_id": "h1"}],
        ),
        (
            {
                "url": "https://vna.example.com/v1.0/virtual_network_appliances/a1/action",
                "status": 200,
                "json": None,
                "date": DATE,
            },
            [{"resource_id": "a1", "latest": True, "since": SINCE}],
        ),
        (
            {
                "url": "https://vna.example.com/v1.0/virtual_network_appliances",
                "status": 200,
                "json": {"virtual_network_appliance": {"id": 7}},
                "date": DATE,
            },
            [{"resource_id": "7", "latest": True, "since": SINCE}],
        ),
        (
            {"url": "https://mlb.example.com/v1.0/load_balancers/b1/action", "status": 200, "json": {}, "date": DATE},
            [{"resource_id": "b1", "latest": True, "since": SINCE}],
        ),
        (UNNAMED, [{"resource_id": "s1", "latest": True, "since": SINCE}]),
        ({**UNNAMED, "elapsed": 60}, [{"resource_id": "s1", "latest": True, "since": "2026-11-28T04:59:05Z"}]),
        ({**UNNAMED, "date": f"{DATE}, {DATE}"}, [{"resource_id": "s1", "latest": True, "since": SINCE}]),
        (
            {**UNNAMED, "url": f"{NOVA}", "json": {"server": {"id": "new"}}},
            [{"resource_id": "new", "latest": True, "since": SINCE, "action": "create"}],
        ),
        (
            {**UNNAMED, "url": f"{NOVA}/s1", "status": 204},
            [{"resource_id": "s1", "latest": True, "since": SINCE, "action": "delete"}],
        ),
        ({**REBOOT, "x_compute_request_id": "req-1, req-1"}, [{"operation_id": "req-1", "resource_id": "s1"}]),
        ({**REBOOT, "x_openstack_request_id": "req-of-a-gateway"}, [{"operation_id": "req-1", "resource_id": "s1"}]),
        ({**REBOOT, "json": {"job_id": "j1"}}, [{"operation_id": "j1", "resource_id": "s1"}]),
        (
            {**REBOOT, "ansible_job_id": "j1.2", "finished": 1, "started": 1, "failed": False, "changed": False},
            [{"operation_id": "req-1", "resource_id": "s1"}],
        ),
        (
            {
                "url": "https://a.example.com/vm/one/restart",
                "status": 202,
                "azure_asyncoperation": "https://a.example.com/7?x=1,2, https://a.example.com/7?x=1,2",
            },
            [{"operation_id": "https://a.example.com/7?x=1,2", "resource_id": None}],
        ),
        ({"results": [], "skipped": True, "changed": False}, []),
        (
            {"url": "https://ecs.example.com/v1/p/cloudservers", "status": 200, "json": {"job_id": "j1"}},
            [{"operation_id": "j1", "resource_id": None}],
        ),
        (
            {
                "url": "https://cce.example.com/api/v3/projects/p/clusters/c1/rotatecredentials",
                "status": 201,
                "json": {"jobid": "j1"},
            },
            [{"operation_id": "j1", "resource_id": None}],
        ),
        *(
            (
                {
                    "url": "https://cce.example.com/api/v3/projects/p/clusters",
                    "status": 201,
                    "json": {"kind": "Cluster", "metadata": {"uid": "c1"}, "status": {"phase": "Creating", name: "j1"}},
                },
                [{"operation_id": "j1", "resource_id": None}],
            )
            for name in ("jobID", "jobId")
        ),
        (
            {
                "url": "https://sfs.example.com/v1/p/sfs-turbo/shares",
                "status": 202,
                "json": {"jobId": "j1", "status": 1},
            },
            [{"operation_id": "j1", "resource_id": None}],
        ),
        (
            {"url": "https://g.example.com/v1/instances/one:restart", "status": 200, "json": {"name": "operations/7"}},
            [{"operation_id": "operations/7", "resource_id": None}],
        ),
        (
            {
                "url": "https://a.example.com/vm/one/restart",
                "status": 202,
                "azure_asyncoperation": "https://a.example.com/7",
            },
            [{"operation_id": "https://a.example.com/7", "resource_id": None}],
        ),
        ({"resource_id": "l1", "expect": "RUNNING"}, [{"resource_id": "l1", "expect": "RUNNING"}]),
        (
            {"results": [REBOOT, {"skipped": True}, {**REBOOT, "x_compute_request_id": "req-4"}]},
            [{"operation_id": "req-1", "resource_id": "s1"}, {"operation_id": "req-4", "resource_id": "s1"}],
        ),
        ([REBOOT, {"results": []}], [{"operation_id": "req-1", "resource_id": "s1"}]),
        ({"skipped": True}, []),
        ([], []),
        (["req-1", "job/7"], [{"operation_id": "req-1"}, {"operation_id": "job/7"}]),
        (
            {"request_id": ["req-1", 7], "server_id": "s1"},
            [{"request_id": "req-1", "server_id": "s1"}, {"request_id": 7, "server_id": "s1"}],
        ),
        (
            {"resource_id": "s1", "latest": True, "known": ["req-1"]},
            [{"resource_id": "s1", "latest": True, "known": ["req-1"]}],
        ),
    ],
)
def test_registered_results_name_their_operations(value: Any, expected: List[Dict[str, Any]]) -> None:
    assert references_from(value) == expected


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("req-1", "must be a list, not text"),
        (None, "must be a list, not nothing"),
        ([["req-1"]], "operation 1 must be a dictionary, an id, or a registered result, not a list"),
        (["{'operation_id': 'hush'}"], "operation 1 must be a dictionary, an id, or a registered result, not text"),
        (["operation_id=req-1"], "operation 1 must be a dictionary, an id, or a registered result"),
        ([""], "operation 1 must be a dictionary"),
        ([True], "operation 1 must be a dictionary"),
        ([REBOOT, {"operation": "req-1", "vm": 1}], "operation 2 has unknown keys: operation, vm"),
        ({**REBOOT, "status": 409}, "answered 409, so no operation was started"),
        ({**REBOOT, "status": -1}, "answered -1"),
        ({**REBOOT, "status": None}, "answered None"),
        ({"url": "https://nova.example.com/", "status": 200}, "names neither an operation nor a resource"),
        ({**UNNAMED, "json": {"server": {"id": None}}, "url": NOVA}, "names neither an operation nor a resource"),
        ({**REBOOT, "failed": True}, "operation 1: its task failed"),
        ({**REBOOT, "unreachable": True}, "operation 1: its task could not reach the host"),
        ({"failed": True, "msg": "no", "changed": False}, "operation 1: its task failed"),
        (
            {"results": [REBOOT, {**REBOOT, "failed": True, "item": "db-1", "ansible_loop_var": "item"}]},
            "operation 2 (item db-1): its task failed",
        ),
        ({"results": [{**REBOOT, "failed": True, "server": "db-1", "ansible_loop_var": "server"}]}, "(item db-1)"),
        ({"results": [REBOOT], "failed": True}, "operation 1: its task failed"),
        ([REBOOT, {"results": [{**REBOOT, "status": 500}]}], "operation 2, result 1: "),
        ({**UNNAMED, "date": None}, "names no operation and has no usable Date"),
        ({**UNNAMED, "date": "yesterday"}, "has no usable Date"),
        ({**UNNAMED, "date": "Thu, 01 Jan 1970 00:00:10 GMT"}, "has no usable Date"),
        ({**UNNAMED, "date": "Sat, 99 Nov 2026 05:00:10 GMT"}, "has no usable Date"),
        ({**UNNAMED, "date": f"{DATE}, {DATE.replace('10 GMT', '11 GMT')}"}, "has no usable Date"),
        ({**UNNAMED, "age": "3600"}, "has no usable Date"),
        ({**REBOOT, "x_compute_request_id": "req-1, req-2"}, "different values of x_compute_request_id: req-1, req-2"),
        (
            {"url": "https://a.example.com/", "status": 202, "operation_location": "https://a/1, https://a/2"},
            "different values of operation_location",
        ),
        ({"ansible_job_id": "j1.2", "failed": 0, "finished": 0, "started": 1}, "ansible.builtin.async_status"),
        ({"ansible_job_id": "j1.2", "failed": 0, "finished": 1}, "names no request"),
        ({"changed": True, "failed": False}, "names no request and no server ID"),
        ({"changed": True, "server": None}, "names no request and no server ID"),
        ({"server": {"id": "s1"}}, "seems to be a response of Nova"),
        ({"operation_id": [["req-1"]]}, "operation_id must be a single value"),
        ({"resource_id": ["s1"]}, "resource_id must be a single value"),
    ],
)
def test_a_result_that_names_no_operation_is_refused_in_one_sentence(value: Any, words: str) -> None:
    with pytest.raises(InputError) as caught:
        references_from(value)
    assert words in caught.value.message


_registered = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.sampled_from([NOVA, 200, 202]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "url",
                    "status",
                    "json",
                    "results",
                    "skipped",
                    "server",
                    "id",
                    "x_compute_request_id",
                    "date",
                    "failed",
                    "unreachable",
                    "ansible_job_id",
                    "finished",
                    "age",
                    "elapsed",
                    "latest",
                    "resource_id",
                    "operation_id",
                ]
            )
            | st.text(max_size=3),
            inner,
            max_size=4,
        )
    ),
    max_leaves=10,
)


@given(_registered)
def test_anything_else_gives_references_or_an_input_error(value: Any) -> None:
    try:
        found = references_from(value)
    except InputError:
        return
    assert all(isinstance(item, dict) for item in found)


@pytest.mark.parametrize("password", ["hush", "hush@hush", "@hush", "1/hush", "hush hush"])
@pytest.mark.parametrize(
    "answer",
    [
        {**UNNAMED, "status": 409},
        {**UNNAMED, "url": f"{NOVA}/s1/action", "date": None},
        {**UNNAMED, "url": f"{NOVA}/s1/action", "x_compute_request_id": "req-1, req-2"},
        {**UNNAMED, "url": "https://nova.example.com/v2.1/p1/other"},
    ],
)
def test_no_secret_of_a_url_is_shown(password: str, answer: Dict[str, Any]) -> None:
    url = answer["url"].replace("//", f"//me:{password}@") + "?token=hush"
    with pytest.raises(InputError) as caught:
        references_from({**answer, "url": url})
    assert "hush" not in caught.value.message and "nova.example.com/v2.1/p1/" in caught.value.message


def test_no_signature_of_an_operations_url_is_shown() -> None:
    urls = "https://a.example.com/1?sig=hush-1, https://me:hush-2@a.example.com/2#hush-3"
    with pytest.raises(InputError, match=r": https://a.example.com/1, https://a.example.com/2\. Give") as caught:
        references_from({"url": "https://a.example.com/vm", "status": 202, "azure_asyncoperation": urls})
    assert "hush" not in caught.value.message


@pytest.mark.parametrize("item", [{"password": "hush"}, "hush hush", "hush" * 20, ["hush"], None])
def test_only_a_short_name_of_an_item_is_shown(item: Any) -> None:
    result = {**REBOOT, "failed": True, "item": item, "ansible_loop_var": "item"}
    with pytest.raises(InputError) as caught:
        references_from({"results": [result]})
    assert "hush" not in caught.value.message


_answers = st.fixed_dictionaries(
    {
        "url": st.sampled_from([NOVA, f"{NOVA}/s1", f"{NOVA}/s1/action", "https://nova.example.com/"]),
        "status": st.sampled_from([200, 202, 204, 301, 409, -1, None]),
    },
    optional={
        "failed": st.booleans(),
        "unreachable": st.booleans(),
        "skipped": st.booleans(),
        "changed": st.booleans(),
        "x_compute_request_id": st.sampled_from(["", "req-1", "req-1, req-1", "req-1, req-2"]),
        "x_openstack_request_id": st.sampled_from(["", "req-1", "req-3"]),
        "date": st.sampled_from(["", DATE, f"{DATE}, {DATE}", "Thu, 01 Jan 1970 00:00:10 GMT"]),
        "age": st.sampled_from(["0", "1"]),
        "elapsed": st.integers(-1, 10**9),
        "json": st.sampled_from([None, {}, {"server": {"id": "s2"}}, {"job_id": "j1"}]),
    },
)


@given(st.lists(_answers, max_size=3))
def test_only_what_was_started_is_waited_for_and_never_an_older_one(answers: List[Dict[str, Any]]) -> None:
    counted = [each for each in answers if not each.get("skipped")]
    try:
        found = find({"results": answers, "changed": True})
    except InputError:
        assert counted
        return
    assert len(found.references) == len(counted)
    assert found.skipped == len(answers) - len(counted)
    for answer, reference in zip(counted, found.references):
        assert not answer.get("failed") and not answer.get("unreachable") and 200 <= answer["status"] < 300
        if "operation_id" in reference:
            assert "," not in reference["operation_id"] and "latest" not in reference
        else:
            since, answered = any_time(reference["since"]), any_time("2026-11-28T05:00:10Z")
            assert since and answered and 5 <= (answered - since).total_seconds() <= 3605


@pytest.mark.parametrize(
    ("value", "why"),
    [
        ([], "is empty"),
        ({"skipped": True}, "has 1 result, which was skipped"),
        ({"results": [{"skipped": True}] * 3}, "has 3 results, all skipped"),
        ([{"skipped": True}, {"results": [{"skipped": True}] * 2}], "has 3 results, all skipped"),
        ({"results": [], "skipped": True}, "has the result of a loop without items"),
    ],
)
def test_an_empty_list_has_a_reason(value: Any, why: str) -> None:
    found = find(value)
    assert (found.references, found.why_empty) == ([], why)


def test_a_server_may_be_given_by_its_name() -> None:
    latest = {"server": "web-1", "latest": True, "since": "2026-11-21T08:30:00Z"}
    assert references_from(latest) == [latest]
