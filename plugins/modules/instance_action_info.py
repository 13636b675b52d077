#!/usr/bin/python

# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: instance_action_info
short_description: Read the instance actions of a server
description:
  - Reads one instance action of a server, or lists them, with the events of each and the verdict on it.
  - For plain OpenStack Nova and for the clouds that serve the same API. It looks once and does not wait.
  - Nova says of no action that it is finished; RV(cloudgate.operations.operation_info#module:operations[].state) is
    derived from its events and, where only that can tell, from the server.
extends_documentation_fragment:
  - cloudgate.operations.connection
  - cloudgate.operations.attributes
  - cloudgate.operations.attributes.info
author:
  - cloudgate contributors (@cloudgate)
options:
  provider:
    description:
      - The cloud's compute API.
    type: str
    required: true
    choices: [ecl_compute, fujitsu_k5, huaweicloud_ecs, openstack, otc_ecs]
  resource_id:
    description:
      - The server.
    type: str
    required: true
    aliases: [server_id]
  operation_id:
    description:
      - The request id of the action to read, V(req-...). It came as the header C(X-Compute-Request-Id) of the answer
        that accepted the action. Without it, the actions of the server are listed.
    type: str
    aliases: [request_id, action_id]
  action:
    description:
      - List only actions of this name, for example V(reboot), V(resize), V(live-migration).
    type: str
  limit:
    description:
      - List at most this many actions, the newest first.
    type: int
  changes_since:
    description:
      - List only actions that changed at this time or later. ISO 8601; a time without a zone is UTC.
    type: str
  changes_before:
    description:
      - List only actions that changed at this time or before.
    type: str
  details:
    description:
      - Read each listed action with its events, one request each. Without it, their
        RV(cloudgate.operations.operation_info#module:operations[].state) is V(unknown), as Nova's list has no events.
    type: bool
    default: true
seealso:
  - module: cloudgate.operations.wait_for_operation
  - module: cloudgate.operations.operation_info
"""

EXAMPLES = r"""
- name: Read a reboot
  cloudgate.operations.instance_action_info:
    provider: otc_ecs
    auth:
      auth_url: https://iam.eu-de.otc.t-systems.com/v3
      username: "{{ otc_username }}"
      password: "{{ otc_password }}"
      user_domain_name: "{{ otc_domain }}"
      project_name: eu-de
    region_name: eu-de
    server_id: "{{ server_id }}"
    request_id: "{{ reboot.x_compute_request_id }}"

- name: List the last three resizes of a server
  cloudgate.operations.instance_action_info:
    provider: openstack
    cloud: production
    server_id: "{{ server_id }}"
    action: resize
    limit: 3
"""

RETURN = r"""
operations:
  description:
    - The actions, newest first, in the form that M(cloudgate.operations.operation_info) describes.
  returned: always
  type: list
  elements: dict
  sample:
    - provider: openstack
      operation_id: req-6526fc56-b172-4f48-ae81-0cad0c60c82b
      resource_id: e39b684e-7da7-461e-8d21-37670b472b17
      resource_type: server
      type: reboot
      state: succeeded
      reason: compute_reboot_instance succeeded
      raw_status: null
      error: null
      warning: null
      started_at: "2016-11-30T01:14:52Z"
      updated_at: "2016-11-30T01:15:02Z"
      finished_at: "2016-11-30T01:15:02Z"
      duration: 10.0
      project_id: bb46ff7286ed4e418958c2a5e06cd4a2
      user_id: 1f708e1376784e529a7b09eb5ff1a5fc
      request_id: req-6526fc56-b172-4f48-ae81-0cad0c60c82b
      retries: 0
      steps:
        - name: compute_reboot_instance
          state: succeeded
          result: Success
          started_at: "2016-11-30T01:14:53Z"
          finished_at: "2016-11-30T01:15:02Z"
          duration: 9.0
          error: null
          host: null
          host_id: null
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
  sample: 2
reauthentications:
  description: How often the token was renewed.
  returned: always
  type: int
  sample: 0
failure:
  description: Why the task failed, as M(cloudgate.operations.operation_info) describes it.
  returned: on failure
  type: dict
  sample:
    kind: missing
    message: "GET https://nova.example.com/v2.1/servers/1/os-instance-actions/req-2 answered 404: Action not found"
    code: "404"
    request_id: req-4d1c3e55-9ee9-4a3f-b6a5-11f3c6a1c3c2
    operation: null
msg:
  description: What went wrong, in one sentence.
  returned: on failure
  type: str
  sample: "api_version of provider fujitsu_k5 must be v2, not v2.1."
"""

from ansible_collections.cloudgate.operations.plugins.module_utils._module.argspec import NOVA_PROVIDERS
from ansible_collections.cloudgate.operations.plugins.module_utils._module.base import GateModule


def main() -> None:
    argument_spec = {
        "resource_id": {"type": "str", "required": True, "aliases": ["server_id"]},
        "operation_id": {"type": "str", "aliases": ["request_id", "action_id"]},
        "action": {"type": "str"},
        "limit": {"type": "int"},
        "changes_since": {"type": "str"},
        "changes_before": {"type": "str"},
        "details": {"type": "bool", "default": True},
    }
    module = GateModule(argument_spec, providers=NOVA_PROVIDERS)
    module.run(GateModule.read)


if __name__ == "__main__":
    main()
