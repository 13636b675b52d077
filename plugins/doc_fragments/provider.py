# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    # The API to poll, for the modules that support all providers
    DOCUMENTATION = r"""
options:
  provider:
    description:
      - The API to poll.
      - V(openstack), V(otc_ecs), V(huaweicloud_ecs), V(fujitsu_k5) and V(ecl_compute) read the instance actions of a
        server.
      - V(openstack_stack) reads the actions of a stack of OpenStack Heat.
      - V(openstack_volume) and V(openstack_baremetal) read volumes and snapshots of OpenStack Cinder, and nodes of
        Ironic. These have no operations, so each entry needs C(expect). V(openstack_loadbalancer) does the same for
        load balancers of Octavia.
      - V(openstack_image) reads the tasks and imports of OpenStack Glance.
      - V(huaweicloud_modelarts) reads the operations of a ModelArts Lite Server.
      - V(huaweicloud_job) and V(otc_job) read the jobs of Huawei Cloud and Open Telekom Cloud.
      - V(ecl_vna) reads the operations of virtual network appliances, V(ecl_mlb) those of managed load balancers.
      - V(custom) reads any other API that you describe in O(definition).
      - U(https://github.com/cloudgate/operations/blob/main/docs/providers.md) describes each provider.
    type: str
    required: true
    choices:
      - custom
      - ecl_compute
      - ecl_mlb
      - ecl_vna
      - fujitsu_k5
      - huaweicloud_ecs
      - huaweicloud_job
      - huaweicloud_modelarts
      - openstack
      - openstack_baremetal
      - openstack_image
      - openstack_loadbalancer
      - openstack_stack
      - openstack_volume
      - otc_ecs
      - otc_job
  service:
    description:
      - The service that runs the job, V(ecs) by default. Providers V(huaweicloud_job) and V(otc_job) only.
      - One of V(bms), V(cce), V(cph), V(dcs), V(ddm), V(dds), V(deh), V(dws), V(ecs), V(eip), V(elb), V(evs),
        V(gaussdb), V(gaussdb-mysql), V(gaussdb-nosql), V(gaussdb-opengauss), V(gaussdbformysql), V(ims), V(rds),
        V(sdrs), V(sfs-turbo), V(sfsturbo), V(vbs) and V(vpc).
    type: str
  definition:
    description:
      - How to read the API. Required for provider V(custom), together with O(endpoint).
      - Fields are JMESPath expressions for the JSON of an operation. Names with dots, such as V(error.message), need no
        C(jmespath) library.
      - U(https://github.com/cloudgate/operations/blob/main/docs/providers/custom.md) has two complete examples.
    type: dict
    suboptions:
      show:
        description:
          - Path below O(endpoint) that shows an operation, with V({operation_id}) and, if needed, V({resource_id}).
          - Without it, C(operation_id) must be the full URL of the operation.
        type: str
      list:
        description:
          - Path that lists operations, with V({resource_id}) if the API filters by it. Only the first page is read.
          - Requires O(definition.items) and O(definition.started_at), and O(definition.resource_id) if the API does not
            filter.
        type: str
      find:
        description: Path that lists the operation of a request, with V({client_request_id}).
        type: str
      items:
        description: JMESPath of the operations in a list.
        type: str
      headers:
        description: Headers to send. Logs show them, so do not put secrets here.
        type: dict
      missing_codes:
        description: Error codes for an operation that does not exist, with any HTTP status.
        type: list
        elements: str
      id:
        description:
          - JMESPath of the operation ID. If you set it, a response without an ID cannot finish the operation, because
            it may describe another one. By default, each response counts for the requested operation.
        type: str
      resource_id:
        description: JMESPath of the resource ID.
        type: str
      type:
        description: JMESPath of the operation type.
        type: str
      state:
        description: JMESPath of the status value. V(true) and V(false) are valid status values.
        type: str
        required: true
      states:
        description:
          - Status values of each state, in upper or lower case. All other values mean V(unknown), which does not open
            the gate.
          - A succeeded operation with an error or a failed step counts as failed.
        type: dict
        required: true
        suboptions:
          pending:
            description: Status values that mean not started.
            type: list
            elements: str
          running:
            description: Status values that mean running.
            type: list
            elements: str
          succeeded:
            description: Status values that mean success.
            type: list
            elements: str
            required: true
          failed:
            description: Status values that mean failure.
            type: list
            elements: str
      error_message:
        description: JMESPath of the error message. It must be empty if the operation succeeded.
        type: str
      error_code:
        description: JMESPath of the error code. It must be empty if the operation succeeded.
        type: str
      detail:
        description: JMESPath of a text about the state that is not an error by itself.
        type: str
      warning:
        description: JMESPath of a warning.
        type: str
      started_at:
        description: JMESPath of the start time, which is ISO 8601, or seconds or milliseconds since 1970.
        type: str
      updated_at:
        description: JMESPath of the time of the last change.
        type: str
      finished_at:
        description: JMESPath of the end time.
        type: str
      steps:
        description: JMESPath of the steps, and of the fields in each step.
        type: dict
        suboptions:
          items:
            description: JMESPath of the list of steps.
            type: str
            required: true
          name:
            description: JMESPath of the name, in a step.
            type: str
            required: true
          state:
            description: JMESPath of the status value, in a step. O(definition.states) applies.
            type: str
            required: true
          error:
            description: JMESPath of the error message, in a step.
            type: str
          started_at:
            description: JMESPath of the start time, in a step.
            type: str
          finished_at:
            description: JMESPath of the end time, in a step.
            type: str
requirements:
  - jmespath (for fields of O(definition) other than names with dots)
"""
