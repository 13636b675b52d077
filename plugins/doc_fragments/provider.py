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
      - V(openstack_stack) reads the actions of stacks of OpenStack Heat, V(openstack_image) the tasks of Glance.
      - V(openstack_volume), V(openstack_baremetal) and V(openstack_loadbalancer) read what Cinder, Ironic and Octavia
        manage. These APIs have no operations, so each entry needs C(expect).
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
"""
