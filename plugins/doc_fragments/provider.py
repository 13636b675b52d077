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
      - U(https://github.com/cloudgate/operations/blob/main/docs/providers.md) describes each of them.
    type: str
    required: true
    choices:
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
"""
