# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Mistakes in the options that select operations."""

from __future__ import annotations

from simulated.helpers import add
from simulated.mistakes.kinds import (
    ACTION,
    ID,
    OTHER,
    SERVER,
    URI,
    WAIT,
    Mistake,
    filter_mistake,
    role_mistake,
    wait_mistake,
)

AS_ID = "not an operation. Instead, pass it through the filter cloudgate.operations.references."
OPERATIONS: list[Mistake] = [
    wait_mistake(
        "an unknown provider",
        {"provider": "opnstack", **ACTION},
        "value of provider must be one of: …",
        "provider",
        "must be one of",
    ),
    wait_mistake(
        "no provider",
        {"provider": None, **ACTION},
        "provider is required, for example openstack.",
        "provider",
        "for example openstack",
    ),
    wait_mistake(
        "a service whose jobs cannot be read",
        {"provider": "otc_job", "service": "obs", "operation_id": "9a175ac692fa"},
        "service must be one of …, not 'obs'. For a service with another API of jobs, use provider custom.",
        "service",
        "use provider custom",
    ),
    wait_mistake(
        "`operations` is empty",
        {"operations": []},
        "operations is empty: there is nothing to wait for. Check its filter or condition, "
        "or set empty: pass if it may be empty.",
        "operations",
        "Check its filter or condition",
    ),
    wait_mistake(
        "no server beside the request id",
        {"request_id": ID},
        "resource_id is missing: provider openstack finds an operation by its resource. Give its id.",
        "resource_id",
        "Give its id",
    ),
    wait_mistake(
        "the server's id in place of the request id",
        {"request_id": SERVER, "server_id": SERVER},
        "request_id and server_id are the same id: request_id names the operation, not the resource. Give "
        "the id from the "
        "answer to the request, such as req-7f3e.",
        "request_id",
        "Give the id from the answer",
    ),
    wait_mistake(
        "the server's name in place of its id",
        {"request_id": ID, "server_id": "web 1"},
        "server_id must be an id of letters, digits and …, not 'web 1'.",
        "server_id",
        "must be an id",
    ),
    wait_mistake(
        "a name that is no server's",
        {"request_id": ID, "server_id": "web-1", "missing": "fail"},
        "1 of 1 operation failed. … answered 404: … There is no such server in this project. "
        "resource_id is the id of a server; give its name as server.",
        "resource_id",
        "give its name as server",
    ),
    wait_mistake(
        "a mistake in the second of two operations",
        {"operations": [ACTION, {**OTHER, "server_id": "a/b"}]},
        "operation 2 of 2: server_id must be an id of letters, digits and …, not 'a/b'.",
        "server_id",
        "must be an id",
        "operation 2 of 2",
    ),
    wait_mistake(
        "a misspelled option in `operations`",
        {"operations": [ACTION, {"requst_id": ID, "server_id": SERVER}]},
        "operation 2 of 2: requst_id is not an option of operations. Perhaps you meant request_id. "
        "Known options are ….",
        "requst_id",
        "Perhaps you meant request_id.",
        "operation 2 of 2",
    ),
    Mistake(
        "a misspelled option in `groups`",
        WAIT,
        lambda scene: {"groups": [{"provider": "openstack", "operations": [ACTION], "colud": "production"}]},
        "group 1: colud is not an option of groups. Perhaps you meant cloud. Known options are ….",
        "colud",
        "Perhaps you meant cloud.",
        "group 1",
    ),
    Mistake(
        "both `groups` and `operations`",
        WAIT,
        lambda scene: {"groups": [{"provider": "openstack", "operations": [ACTION]}], "operations": [ACTION]},
        "parameters are mutually exclusive: operations|operation_id|groups|after",
        "groups",
        "mutually exclusive",
    ),
    wait_mistake(
        "`latest` and an operation id",
        {"operations": [{**ACTION, "latest": True}]},
        "latest and operation_id exclude each other: give one of them.",
        "latest",
        "give one of them",
    ),
    wait_mistake(
        "`since` in words",
        {"operations": [{"server_id": SERVER, "latest": True, "since": "yesterday"}]},
        "since must be a time such as 2026-11-21T08:30:00Z.",
        "since",
        "a time such as",
    ),
    Mistake(
        "`since` in the future, as local time without its zone",
        WAIT,
        lambda scene: {
            "provider": "openstack",
            **scene.login,
            "missing": "fail",
            "operations": [
                {"server_id": add(scene.sim, "openstack").resource_id, "latest": True, "since": "2999-01-01T12:00:00"}
            ],
        },
        "1 of 1 operation failed. … since (2999-01-01 12:00:00 UTC) is in the future: give it in UTC.",
        "since",
        "give it in UTC",
    ),
    wait_mistake(
        "what `uri` registered, without the filter",
        {"operations": [{**URI, "status": 202}]},
        f"operations seems to be the result of ansible.builtin.uri, {AS_ID}",
        "operations",
        "through the filter",
    ),
    wait_mistake(
        "a registered result in place of its request id",
        {"request_id": {**URI, "status": 202}, "server_id": SERVER},
        f"request_id must be text, not a dictionary. It seems to be the result of ansible.builtin.uri, {AS_ID}",
        "request_id",
        "through the filter",
    ),
    wait_mistake(
        "what a command registered",
        {"operations": [{"cmd": "openstack server reboot", "rc": 0, "stdout": ""}]},
        "operations seems to be the result of ansible.builtin.command or ansible.builtin.shell, not an operation. "
        "Instead, give operation_id, or resource_id and latest: true with since, a time before that task.",
        "operations",
        "give operation_id",
    ),
]

REGISTERED: list[Mistake] = [
    filter_mistake(
        "the text of a variable in place of the variable",
        "reboot",
        "operations must be a list, not text.",
        "operations",
        "must be a list",
    ),
    filter_mistake(
        "a request that failed",
        [{**URI, "status": 409}],
        "operation 1: https://… answered 409, so no operation was started.",
        "operation 1",
        "no operation was started",
        "operation 1",
    ),
    filter_mistake(
        "a task that failed",
        [{"failed": True, "changed": False}],
        "operation 1: its task failed, so it does not count as started. Fix that task, or leave it out.",
        "its task",
        "Fix that task",
        "operation 1",
    ),
    filter_mistake(
        "an asynchronous job without its result",
        [{**OTHER}, {"ansible_job_id": "j1", "started": 1, "finished": 0, "changed": True}],
        "operation 2 is an asynchronous job of Ansible without its result. Register "
        "ansible.builtin.async_status, and pass its result.",
        "operation 2",
        "ansible.builtin.async_status",
        "operation 2",
    ),
    filter_mistake(
        "a result that names no request",
        [{"changed": True}],
        "operation 1 names no request and no server ID, as results of openstack.cloud.server_action do. Run "
        "operation_info for the server before that task, and give its result as after.",
        "operation 1",
        "give its result as after",
        "operation 1",
    ),
    role_mistake(
        "only a task that was skipped",
        {"operations": {"changed": False, "skipped": True}},
        "operation_gate_operations has 1 result, which was skipped: there is nothing to wait for. Check its "
        "filter or condition, or set operation_gate_empty: pass if it may be empty.",
        "operation_gate_operations",
        "Check its filter or condition",
    ),
    role_mistake(
        "`latest` without `since` in the role",
        {"operations": [{"server_id": SERVER, "latest": True}]},
        "latest of … needs since, as an older operation could match. Give a time before the request, such as "
        "2026-11-21T08:30:00Z.",
        "latest",
        "Give a time before the request",
    ),
    role_mistake(
        "neither operations nor groups in the role",
        {},
        "Nothing to wait for: give operation_gate_provider and operation_gate_operations, or operation_gate_groups.",
        "operation_gate_operations",
        "give operation_gate_provider",
    ),
    role_mistake(
        "both operations and groups in the role",
        {"operations": [OTHER], "groups": []},
        "operation_gate_groups and operation_gate_operations exclude each other: give one of them.",
        "operation_gate_groups",
        "give one of them",
    ),
]
