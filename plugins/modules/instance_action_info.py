#!/usr/bin/python

# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: instance_action_info
short_description: Read the instance actions of a server
description:
  - Read one instance action of a server, or list all, with their events and states.
  - The module supports OpenStack Nova and clouds with the same API. It polls once and does not wait.
  - Nova does not show whether an action is finished. The module derives
    RV(cloudgate.operations.operation_info#module:operations[].state) from the events and, if needed, from the server.
extends_documentation_fragment:
  - cloudgate.operations.connection
  - cloudgate.operations.server
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
      - ID of the server. Required unless O(server) is given.
    type: str
    aliases: [server_id]
  operation_id:
    description:
      - Request ID of the action to read, V(req-...). Nova returns it in the header C(X-Compute-Request-Id) when it
        accepts the action. Without it, the module lists the actions of the server.
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
      - List only actions that changed at this time or later. ISO 8601. A time without a zone is UTC.
    type: str
  changes_before:
    description:
      - List only actions that changed at this time or before.
    type: str
  details:
    description:
      - Read each listed action with its events, with one request each. Without it,
        RV(cloudgate.operations.operation_info#module:operations[].state) is V(unknown), because Nova's list has no
        events.
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
    - The actions, newest first. M(cloudgate.operations.operation_info) describes the keys.
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
  description: Whether all actions are finished.
  returned: always
  type: bool
  sample: true
succeeded:
  description: Whether all actions succeeded.
  returned: always
  type: bool
  sample: true
failed_operations:
  description: The failed actions, with fewer keys.
  returned: always
  type: list
  elements: dict
  sample: []
pending_operations:
  description: The unfinished actions, with fewer keys.
  returned: always
  type: list
  elements: dict
  sample: []
mark:
  description:
    - Which actions the server has so far, by the API's times. Pass the registered result to
      O(cloudgate.operations.wait_for_operation#module:after) to wait for newer actions.
  returned: if all actions of a server are listed
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
  sample: 2
reauthentications:
  description: Number of token renewals.
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
  description: The failure.
  returned: on failure
  type: str
  sample: "api_version of provider fujitsu_k5 must be v2, not v2.1."
"""

from ansible_collections.cloudgate.operations.plugins.module_utils._module.argspec import (
    NOVA_PROVIDERS,
    OPERATION_SPEC,
)
from ansible_collections.cloudgate.operations.plugins.module_utils._module.base import GateModule


def main() -> None:
    argument_spec = {
        **OPERATION_SPEC,
        "action": {"type": "str"},
        "limit": {"type": "int"},
        "changes_since": {"type": "str"},
        "changes_before": {"type": "str"},
        "details": {"type": "bool", "default": True},
    }
    module = GateModule(argument_spec, providers=NOVA_PROVIDERS, required_one_of=[("resource_id", "server")])
    module.run(GateModule.read)


if __name__ == "__main__":
    main()
