# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from textwrap import indent

from ansible_collections.cloudgate.operations.plugins.doc_fragments.connection import ModuleDocFragment as Connection

_OPERATIONS = """\
type: list
elements: dict
suboptions:
  operation_id:
    description:
      - The operation. For the instance actions of a server this is the request id, V(req-...).
    type: str
    aliases: [request_id, action_id]
  resource_id:
    description:
      - What the operation works on, for example a server. All providers but V(ecl_vna) need it.
    type: str
    aliases: [server_id]
  latest:
    description:
      - Wait for the latest operation of the resource, where no id is at hand.
    type: bool
    default: false
  action:
    description:
      - With C(latest), the latest of this type, for example V(reboot).
    type: str
  since:
    description:
      - With C(latest), only one that changed at this time or later. ISO 8601; a time without a zone is UTC. Without it,
        an old operation can be taken for the one that has just been started.
    type: str
  verify:
    description:
      - Status that the server must have, too, for example V(ACTIVE), once the operation has succeeded; otherwise it
        counts as failed.
    type: str
"""
_PROVIDER = """\
provider:
  description:
    - The API to ask.
    - V(openstack), V(otc_ecs), V(huaweicloud_ecs), V(fujitsu_k5) and V(ecl_compute) serve the instance actions of a
      server, V(huaweicloud_modelarts) the operations of a ModelArts Lite Server, V(ecl_vna) those of virtual network
      appliances.
  type: str
  choices: [ecl_compute, ecl_vna, fujitsu_k5, huaweicloud_ecs, huaweicloud_modelarts, openstack, otc_ecs]
"""
_CONNECTION = Connection.DOCUMENTATION.split("\noptions:\n", 1)[1].split("  raw:\n")[0]


class ModuleDocFragment:
    # What to wait for: operations of one provider, or groups that each have the options of a connection of their own
    DOCUMENTATION = f"""
options:
{indent(_PROVIDER, "  ")}
  operations:
    description:
      - The operations to wait for. Give either this, or O(operation_id) for a single one, or O(groups).
{indent(_OPERATIONS, "    ")}
  groups:
    description:
      - Operations of several clouds, all waited for at the same time and under one deadline.
      - Each group has its own provider and connection, with the options that the task has for a single one. Those of
        the task are not used for groups.
    type: list
    elements: dict
    suboptions:
{indent(_PROVIDER, "      ")}
        required: true
      operations:
        description:
          - The operations of this group.
        required: true
{indent(_OPERATIONS, "        ")}
{indent(_CONNECTION, "    ")}
"""
