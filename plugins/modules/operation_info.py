#!/usr/bin/python

# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: operation_info
short_description: Read asynchronous operations of a cloud
description:
  - Read one operation, or list the operations of a resource. The result has the same keys for all clouds.
  - The module polls once. Use M(cloudgate.operations.wait_for_operation) to wait.
  - If the operation does not exist, the task fails and RV(failure.kind) is V(missing).
extends_documentation_fragment:
  - cloudgate.operations.provider
  - cloudgate.operations.definition
  - cloudgate.operations.connection
  - cloudgate.operations.server
  - cloudgate.operations.attributes
  - cloudgate.operations.attributes.info
author:
  - cloudgate contributors (@cloudgate)
options:
  operation_id:
    description:
      - ID of the operation to read. For the instance actions of a server, this is the request ID, V(req-...).
      - Provider V(custom) accepts the ID from the API, such as V(operations/7), or the full URL of the operation.
      - Without it, the module lists the operations of O(resource_id).
    type: str
    aliases: [request_id, action_id]
  resource_id:
    description:
      - ID of the resource that the operation works on, for example a server. Required by most providers.
    type: str
    aliases: [server_id]
  expect:
    description:
      - Status or value that the resource must have, for the providers and definitions whose API has no operations. The
        values are those of C(operations[].expect) of M(cloudgate.operations.wait_for_operation).
      - The module judges the resource as the first poll of a wait does. A status that the resource may have had before
        the request is V(running), so use M(cloudgate.operations.wait_for_operation) to wait for a change.
      - With O(answers), these are the polls of one wait.
    type: str
  resources:
    description:
      - Record which operations each of these resources has so far, with one request each. Nothing else is read.
      - A list of IDs. For clouds with a Nova API, IDs or names of servers.
    type: list
    elements: str
  answers:
    description:
      - Read these saved answers instead of the API, to try O(definition) or a change of it. No request is sent, and
        neither a login nor O(endpoint) is needed.
      - Each is the JSON of an answer, or the registered result of an M(ansible.builtin.uri) task, which also has the
        HTTP status and the headers. A dictionary with C(json) and an HTTP C(status) counts as such a result.
      - The module judges each answer as a poll of a wait does. An answer that a wait reports as an error is V(unknown),
        and RV(operations[].reason) tells what the wait does.
      - With O(operation_id), the module compares the ID in each answer, except in lists.
      - A warning names the parts of O(definition) that are empty in all answers.
    type: list
    elements: raw
  limit:
    description:
      - List at most this many operations, the newest first.
    type: int
  changes_since:
    description:
      - List only operations that changed at this time or later. ISO 8601. A time without a zone is UTC.
    type: str
  changes_before:
    description:
      - List only operations that changed at this time or before.
    type: str
  details:
    description:
      - Read each listed operation completely, with one request each. Without it, the RV(operations[].state) of instance
        actions is V(unknown), because Nova's list has no events.
    type: bool
    default: true
  filters:
    description:
      - Filters of the API for the list. Providers V(ecl_vna) and V(ecl_mlb) only.
    type: dict
    suboptions:
      request_id:
        description: Request ID that the client sent in C(X-VNA-Request-Id) or C(X-MVNA-Request-Id).
        type: str
      request_type:
        description: Type of the request, V(Create), V(Update), V(Delete) or V(Action).
        type: str
      resource_type:
        description: Type of the resource, for example V(ECL::VirtualNetworkAppliance::VSRX).
        type: str
      status:
        description: Status in the API, V(PROCESSING), V(COMPLETE), V(ERROR) or V(STUCK).
        type: str
      tenant_id:
        description: The tenant that owns the operation.
        type: str
      no_deleted:
        description: Leave out the operations of deleted resources.
        type: bool
      latest:
        description: Only the latest operation of each resource.
        type: bool
seealso:
  - module: cloudgate.operations.wait_for_operation
  - module: cloudgate.operations.instance_action_info
"""

EXAMPLES = r"""
- name: Try a definition on a saved answer, without a request
  cloudgate.operations.operation_info:
    provider: custom
    definition:
      show: /v1/jobs/{operation_id}
      id: id
      state: status
      states:
        running: [queued, running]
        succeeded: [done]
        failed: [failed]
    answers:
      - id: 7
        status: done

- name: Read one operation of a virtual network appliance
  cloudgate.operations.operation_info:
    provider: ecl_vna
    auth:
      auth_url: https://keystone-jp5-ecl.api.ntt.com/v3
      username: "{{ ecl_api_key }}"
      password: "{{ ecl_api_secret }}"
      user_domain_id: default
      project_id: "{{ ecl_tenant_id }}"
    region_name: jp5
    operation_id: 75aab8db-8632-42b4-af2f-06b5820798ef
  register: result

- name: Show its state
  ansible.builtin.debug:
    msg: "{{ result.operations[0].state }}: {{ result.operations[0].reason }}"

- name: Read an operation of a Lite Server, with an access key from the environment
  cloudgate.operations.operation_info:
    provider: huaweicloud_modelarts
    region_name: cn-north-4
    resource_id: "{{ lite_server_id }}"
    operation_id: "{{ attached.json.operation_id }}"

- name: List what was done to a server since yesterday noon
  cloudgate.operations.operation_info:
    provider: openstack
    cloud: production
    resource_id: "{{ server_id }}"
    changes_since: "2026-11-20T12:00:00Z"
    limit: 20
"""

RETURN = r"""
operations:
  description:
    - The operations, newest first.
  returned: always
  type: list
  elements: dict
  contains:
    provider:
      description: The provider.
      returned: always
      type: str
      sample: openstack
    operation_id:
      description: ID of the operation. For an instance action, the request ID.
      returned: always
      type: str
      sample: req-695e2d33-988f-4ba1-b02d-1f92ea95fba4
    resource_id:
      description: ID of the resource that the operation works on.
      returned: always
      type: str
      sample: fee86478-a120-488f-8359-97d200564b90
    resource_type:
      description: Type of the resource.
      returned: always
      type: str
      sample: server
    type:
      description: Type of the operation, as the API names it.
      returned: always
      type: str
      sample: resize
    state:
      description:
        - V(pending), V(running), V(succeeded), V(failed), or V(unknown) if the API does not show the state.
        - Only V(succeeded) opens a gate.
      returned: always
      type: str
      sample: succeeded
    reason:
      description: Explanation of the state, for people.
      returned: always
      type: str
      sample: compute_finish_resize succeeded
    raw_status:
      description: Status in the API. For an instance action, its C(message), which is null or V(Error).
      returned: always
      type: str
      sample: COMPLETE
    error:
      description: Message and code of the failure; null if there is none.
      returned: always
      type: dict
      sample: {"code": "ModelArts.7000", "message": "The volume is in use."}
    warning:
      description: The API's warning; null if there is none.
      returned: always
      type: str
      sample: null
    started_at:
      description: When it started. ISO 8601, UTC.
      returned: always
      type: str
      sample: "2016-12-02T05:55:06Z"
    updated_at:
      description: When it last changed, if the API shows that.
      returned: always
      type: str
      sample: "2016-12-02T05:55:28Z"
    finished_at:
      description: When it finished; null if it is unfinished or the API does not show the time.
      returned: always
      type: str
      sample: "2016-12-02T05:55:28Z"
    duration:
      description: Seconds from start to finish.
      returned: always
      type: float
      sample: 22.0
    project_id:
      description: The project or tenant that owns it.
      returned: always
      type: str
      sample: bb46ff7286ed4e418958c2a5e06cd4a2
    user_id:
      description: The user who started it.
      returned: always
      type: str
      sample: 1f708e1376784e529a7b09eb5ff1a5fc
    request_id:
      description: ID of the request that started it.
      returned: always
      type: str
      sample: req-695e2d33-988f-4ba1-b02d-1f92ea95fba4
    retries:
      description: Number of steps that repeat an earlier step.
      returned: always
      type: int
      sample: 0
    unlisted:
      description:
        - Status values that O(definition.states) does not list, of all polls of a wait, at most 10.
      returned: if there are any
      type: list
      elements: str
      sample: [paused]
    percent:
      description: How much is done, from 0 to 100.
      returned: if the API shows it
      type: float
      sample: 40.0
    steps:
      description: The steps that the API shows, oldest first.
      returned: always
      type: list
      elements: dict
      contains:
        name:
          description: Name of the step in the API.
          returned: always
          type: str
          sample: compute_finish_resize
        state:
          description: V(running), V(succeeded), V(failed) or V(unknown).
          returned: always
          type: str
          sample: succeeded
        result:
          description: Result of the step in the API.
          returned: always
          type: str
          sample: Success
        started_at:
          description: When the step started.
          returned: always
          type: str
          sample: "2016-12-02T05:55:17Z"
        finished_at:
          description: When it finished.
          returned: always
          type: str
          sample: "2016-12-02T05:55:28Z"
        duration:
          description: Seconds from start to finish.
          returned: always
          type: float
          sample: 11.0
        error:
          description: Error message, if the cloud shows it to this user.
          returned: always
          type: str
          sample: null
        host:
          description: Host of the step. Only administrators see it.
          returned: always
          type: str
          sample: null
        host_id:
          description: Opaque ID of the host.
          returned: always
          type: str
          sample: null
    raw:
      description: The API's response. It may contain confidential data, such as a request body.
      returned: when O(raw=true)
      type: dict
      sample: {}
finished:
  description: Whether all operations are finished.
  returned: always
  type: bool
  sample: true
succeeded:
  description: Whether all operations succeeded.
  returned: always
  type: bool
  sample: true
failed_operations:
  description: The failed operations, with fewer keys.
  returned: always
  type: list
  elements: dict
  sample: []
pending_operations:
  description: The unfinished operations, with fewer keys.
  returned: always
  type: list
  elements: dict
  sample: []
marks:
  description:
    - A RV(mark) for each of O(resources). Pass the registered result to
      O(cloudgate.operations.wait_for_operation#module:after).
  returned: with O(resources)
  type: list
  elements: dict
  sample:
    - provider: openstack
      resource_id: e39b684e-7da7-461e-8d21-37670b472b17
      server: web-1
      since: "2016-11-30T01:09:52Z"
      known: [req-6526fc56-b172-4f48-ae81-0cad0c60c82b]
mark:
  description:
    - Which operations the resource has so far, by the API's times. Pass the registered result to
      O(cloudgate.operations.wait_for_operation#module:after) to wait for newer operations.
  returned: if all operations of a resource are listed
  type: dict
  sample:
    provider: openstack
    resource_id: e39b684e-7da7-461e-8d21-37670b472b17
    server: null
    since: "2016-11-30T01:09:52Z"
    known: [req-6526fc56-b172-4f48-ae81-0cad0c60c82b]
requests:
  description: Number of requests to the API, without logins.
  returned: always
  type: int
  sample: 1
reauthentications:
  description: Number of token renewals.
  returned: always
  type: int
  sample: 0
failure:
  description: Why the task failed.
  returned: on failure
  type: dict
  contains:
    kind:
      description:
        - V(input), V(auth), V(forbidden), V(missing), V(throttled), V(transport) or V(protocol).
      returned: on failure
      type: str
      sample: missing
    message:
      description: The same text as RV(msg).
      returned: on failure
      type: str
      sample: "GET https://nova.example.com/v2.1/servers/1/os-instance-actions/req-2 answered 404: Action not found"
    code:
      description: The API's error code, or the HTTP status.
      returned: on failure
      type: str
      sample: "404"
    request_id:
      description: The request ID to give to the provider's support.
      returned: on failure
      type: str
      sample: req-4d1c3e55-9ee9-4a3f-b6a5-11f3c6a1c3c2
    operation:
      description: Always null.
      returned: on failure
      type: dict
      sample: null
msg:
  description: The failure.
  returned: on failure
  type: str
  sample: "resource_id is missing: provider openstack finds an operation by its resource. Give its id."
"""

from ansible_collections.cloudgate.operations.plugins.module_utils._module.argspec import OPERATION_SPEC, PROVIDER_SPEC
from ansible_collections.cloudgate.operations.plugins.module_utils._module.base import GateModule
from ansible_collections.cloudgate.operations.plugins.module_utils._module.trial import tried


def main() -> None:
    argument_spec = dict(
        OPERATION_SPEC,
        **PROVIDER_SPEC,
        limit={"type": "int"},
        resources={"type": "list", "elements": "str"},
        expect={"type": "str"},
        answers={"type": "list", "elements": "raw"},
        changes_since={"type": "str"},
        changes_before={"type": "str"},
        details={"type": "bool", "default": True},
        filters={
            "type": "dict",
            "options": {
                "request_id": {"type": "str"},
                "request_type": {"type": "str"},
                "resource_type": {"type": "str"},
                "status": {"type": "str"},
                "tenant_id": {"type": "str"},
                "no_deleted": {"type": "bool"},
                "latest": {"type": "bool"},
            },
        },
    )
    named = ("operation_id", "resource_id", "server", "filters")
    module = GateModule(
        argument_spec,
        required_one_of=[(*named, "resources", "answers")],
        mutually_exclusive=[
            (name, "resources") for name in (*named, "expect", "limit", "changes_since", "changes_before")
        ],
    )
    work = GateModule.read if module.params["resources"] is None else GateModule.note
    module.run(work if module.params["answers"] is None else tried)


if __name__ == "__main__":
    main()
