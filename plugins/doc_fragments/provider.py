# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    # The API to ask, for the modules that know all of them
    DOCUMENTATION = r"""
options:
  provider:
    description:
      - The API to ask.
      - V(openstack), V(otc_ecs), V(huaweicloud_ecs), V(fujitsu_k5) and V(ecl_compute) serve the instance actions of a
        server.
      - V(huaweicloud_modelarts) serves the operations of a ModelArts Lite Server.
      - V(huaweicloud_job) and V(otc_job) serve the jobs of Huawei Cloud and Open Telekom Cloud.
      - V(ecl_vna) serves the operations of virtual network appliances, V(ecl_mlb) those of managed load balancers.
      - V(custom) reads any other API, as O(definition) describes it.
      - U(https://github.com/cloudgate/operations/blob/main/docs/providers.md) describes each of them.
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
      - otc_ecs
      - otc_job
  service:
    description:
      - The service whose jobs are asked, as it begins the name of its host; V(ecs) by default. Providers
        V(huaweicloud_job) and V(otc_job) only.
      - V(rds), V(dds), V(gaussdb), V(gaussdb-nosql) and V(gaussdb-opengauss) have the jobs of databases, V(cce) has
        those of clusters. Any other, such as V(evs), V(ims), V(bms) or V(sdrs), has the same path as V(ecs).
    type: str
  definition:
    description:
      - How to read the API, for provider V(custom), which needs it and O(endpoint).
      - Fields are JMESPath. Names with dots, such as V(error.message), are read without the library C(jmespath).
      - U(https://github.com/cloudgate/operations/blob/main/docs/providers/custom.md) shows two APIs wholly.
    type: dict
    suboptions:
      show:
        description:
          - Path below O(endpoint) that shows an operation, with V({operation_id}) and, if need be, V({resource_id}).
          - Without it, the operation must be named by its whole URL.
        type: str
      list:
        description:
          - Path that lists operations, with V({resource_id}) if the API filters by it. Pages are not followed.
          - It needs O(definition.items) and O(definition.started_at), and O(definition.resource_id) where the API does
            not filter.
        type: str
      find:
        description: Path that lists the operation of a request, with V({client_request_id}).
        type: str
      items:
        description: Where the operations of a list are.
        type: str
      headers:
        description: Headers to send. They are shown in logs, so they must not hold secrets.
        type: dict
      missing_codes:
        description: Error codes that mean that there is no such operation, whatever the HTTP status.
        type: list
        elements: str
      id:
        description:
          - Where the operation's id is. If you give it, an answer without an id proves no end of the operation, as it
            may be about another one. By default the answer is taken for the operation that was asked for.
        type: str
      resource_id:
        description: Where the id of the resource is.
        type: str
      type:
        description: Where the kind of the operation is.
        type: str
      state:
        description: Where the word is that tells the state. V(true) and V(false) are words, too.
        type: str
        required: true
      states:
        description:
          - Which words mean which state, in any case. A word that is not listed is V(unknown), which opens no gate.
          - What succeeded, but has an error or a step that failed, counts as failed.
        type: dict
        required: true
        suboptions:
          pending:
            description: Words of what has not begun.
            type: list
            elements: str
          running:
            description: Words of what is at work.
            type: list
            elements: str
          succeeded:
            description: Words of what is over and good.
            type: list
            elements: str
            required: true
          failed:
            description: Words of what is over and is not good.
            type: list
            elements: str
      error_message:
        description: Where the text of the error is. There must be none where the operation has succeeded.
        type: str
      error_code:
        description: Where the code of the error is. There must be none where the operation has succeeded.
        type: str
      detail:
        description: Where a text about the state is, which is no error by itself.
        type: str
      warning:
        description: Where the API's warning is.
        type: str
      started_at:
        description: Where the time of the start is, in ISO 8601 or as a number of seconds or milliseconds since 1970.
        type: str
      updated_at:
        description: Where the time of the last change is.
        type: str
      finished_at:
        description: Where the time of the end is.
        type: str
      steps:
        description: Where the parts of an operation are, and what is where in each.
        type: dict
        suboptions:
          items:
            description: Where their list is.
            type: str
            required: true
          name:
            description: Where the name of each is.
            type: str
            required: true
          state:
            description: Where its state is, in the words of O(definition.states).
            type: str
            required: true
          error:
            description: Where its error is.
            type: str
          started_at:
            description: Where the time of its start is.
            type: str
          finished_at:
            description: Where the time of its end is.
            type: str
requirements:
  - jmespath (for fields of O(definition) that are more than names with dots)
"""
