#!/usr/bin/python

# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: operation_info
short_description: Read asynchronous operations of a cloud
description:
  - Reads one operation, or lists the operations of a resource, and says in one form for all clouds what became of
    them. It looks once and does not wait; M(cloudgate.operations.wait_for_operation) waits.
  - An operation that does not exist is a failure with RV(failure.kind) V(missing).
extends_documentation_fragment:
  - cloudgate.operations.provider
  - cloudgate.operations.connection
  - cloudgate.operations.attributes
  - cloudgate.operations.attributes.info
author:
  - cloudgate contributors (@cloudgate)
options:
  operation_id:
    description:
      - The operation to read. For the instance actions of a server this is the request id, V(req-...).
      - Provider V(custom) takes what its API gives, such as V(operations/7), or the whole URL of the operation.
      - Without it, the operations of O(resource_id) are listed.
    type: str
    aliases: [request_id, action_id]
  resource_id:
    description:
      - What the operation works on, for example a server. Needed where an id alone names no operation.
    type: str
    aliases: [server_id]
  limit:
    description:
      - List at most this many operations, the newest first.
    type: int
  changes_since:
    description:
      - List only operations that changed at this time or later. ISO 8601; a time without a zone is UTC.
    type: str
  changes_before:
    description:
      - List only operations that changed at this time or before.
    type: str
  details:
    description:
      - Read each listed operation wholly, one request each. Without it, a cloud that lists instance actions does not
        say what became of them, and their RV(operations[].state) is V(unknown).
    type: bool
    default: true
  filters:
    description:
      - What else a listed operation must match. Providers V(ecl_vna) and V(ecl_mlb) only; the API does the filtering.
    type: dict
    suboptions:
      request_id:
        description: The request's own id, as it was sent in C(X-VNA-Request-Id) or C(X-MVNA-Request-Id).
        type: str
      request_type:
        description: Kind of request, V(Create), V(Update), V(Delete) or V(Action).
        type: str
      resource_type:
        description: Type of the resource, for example V(ECL::VirtualNetworkAppliance::VSRX).
        type: str
      status:
        description: The API's own status, V(PROCESSING), V(COMPLETE), V(ERROR) or V(STUCK).
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

- name: Show what became of it
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
      description: The provider that was asked.
      returned: always
      type: str
      sample: openstack
    operation_id:
      description: The operation's id; the request id of an instance action.
      returned: always
      type: str
      sample: req-695e2d33-988f-4ba1-b02d-1f92ea95fba4
    resource_id:
      description: What it works on.
      returned: always
      type: str
      sample: fee86478-a120-488f-8359-97d200564b90
    resource_type:
      description: What kind of resource that is.
      returned: always
      type: str
      sample: server
    type:
      description: What is done, in the API's own word.
      returned: always
      type: str
      sample: resize
    state:
      description:
        - V(pending), V(running), V(succeeded), V(failed), or V(unknown) for what cannot be known.
        - Only V(succeeded) opens a gate.
      returned: always
      type: str
      sample: succeeded
    reason:
      description: Why that is the state, for a person.
      returned: always
      type: str
      sample: compute_finish_resize succeeded
    raw_status:
      description: The API's own status; the C(message) of an instance action, which is null or V(Error).
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
      description: When it last changed, where the API says so.
      returned: always
      type: str
      sample: "2016-12-02T05:55:28Z"
    finished_at:
      description: When it was over; null as long as it is not, and where the API does not say.
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
      description: The id of the request that started it.
      returned: always
      type: str
      sample: req-695e2d33-988f-4ba1-b02d-1f92ea95fba4
    retries:
      description: How many of its steps are repetitions of an earlier one.
      returned: always
      type: int
      sample: 0
    steps:
      description: The parts of it that the API shows, oldest first.
      returned: always
      type: list
      elements: dict
      contains:
        name:
          description: The API's name of the step.
          returned: always
          type: str
          sample: compute_finish_resize
        state:
          description: V(running), V(succeeded), V(failed) or V(unknown).
          returned: always
          type: str
          sample: succeeded
        result:
          description: The API's own word for that.
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
          description: Seconds between the two.
          returned: always
          type: float
          sample: 11.0
        error:
          description: What went wrong, as far as the cloud shows it to this user.
          returned: always
          type: str
          sample: null
        host:
          description: Where it ran; for administrators.
          returned: always
          type: str
          sample: null
        host_id:
          description: The opaque id of where it ran.
          returned: always
          type: str
          sample: null
    raw:
      description: The API's own answer. It can hold what should not be seen, such as a request's body.
      returned: when O(raw=true)
      type: dict
      sample: {}
finished:
  description: Whether all of them are over.
  returned: always
  type: bool
  sample: true
succeeded:
  description: Whether all of them succeeded.
  returned: always
  type: bool
  sample: true
failed_operations:
  description: Those that failed, in brief.
  returned: always
  type: list
  elements: dict
  sample: []
pending_operations:
  description: Those that are not over, in brief.
  returned: always
  type: list
  elements: dict
  sample: []
requests:
  description: How many requests were sent to the API, logins aside.
  returned: always
  type: int
  sample: 1
reauthentications:
  description: How often the token was renewed.
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
      description: The same sentence as RV(msg).
      returned: on failure
      type: str
      sample: "GET https://nova.example.com/v2.1/servers/1/os-instance-actions/req-2 answered 404: Action not found"
    code:
      description: The API's own code, or the HTTP status.
      returned: on failure
      type: str
      sample: "404"
    request_id:
      description: The id to give to the provider's support.
      returned: on failure
      type: str
      sample: req-4d1c3e55-9ee9-4a3f-b6a5-11f3c6a1c3c2
    operation:
      description: Always null here.
      returned: on failure
      type: dict
      sample: null
msg:
  description: What went wrong, in one sentence.
  returned: on failure
  type: str
  sample: "resource_id is missing: provider openstack finds an operation by its resource."
"""

from ansible_collections.cloudgate.operations.plugins.module_utils._module.argspec import OPERATION_SPEC, PROVIDER_SPEC
from ansible_collections.cloudgate.operations.plugins.module_utils._module.base import GateModule


def main() -> None:
    argument_spec = dict(
        OPERATION_SPEC,
        **PROVIDER_SPEC,
        limit={"type": "int"},
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
    module = GateModule(argument_spec, required_one_of=[("operation_id", "resource_id", "filters")])
    module.run(GateModule.read)


if __name__ == "__main__":
    main()
