# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from textwrap import indent

from ansible_collections.cloudgate.operations.plugins.doc_fragments.connection import ModuleDocFragment as Connection
from ansible_collections.cloudgate.operations.plugins.doc_fragments.definition import ModuleDocFragment as Definition
from ansible_collections.cloudgate.operations.plugins.doc_fragments.provider import ModuleDocFragment as Provider

_OPERATIONS = """\
type: list
elements: dict
suboptions:
  operation_id:
    description:
      - ID of the operation. For the instance actions of a server, this is the request ID, V(req-...).
      - Provider V(custom) accepts the ID from the API, such as V(operations/7), or the full URL of the operation.
    type: str
    aliases: [request_id, action_id]
  resource_id:
    description:
      - ID of the resource that the operation works on, for example a server. Required by most providers.
    type: str
    aliases: [server_id]
  server:
    description:
      - Name or ID of a server, instead of C(resource_id). The module searches for the name once, and fails if several
        servers have it. For clouds with a Nova API only.
    type: str
  latest:
    description:
      - Wait for the latest operation of the resource, if you have no operation ID.
    type: bool
    default: false
  action:
    description:
      - With C(latest), the type of the operation, for example V(reboot).
      - With an operation ID of a server, the type of the request, V(delete) or V(create). Nova does not record all of
        these. The module then decides from the server. P(cloudgate.operations.references#filter) sets it if it can.
    type: str
  since:
    description:
      - With C(latest), only operations that started at this time or later match. ISO 8601. A time without a zone is
        UTC. Without C(since), an earlier operation may match.
      - With C(expect), only a status that is newer than this time counts.
    type: str
  known:
    description:
      - With C(latest), IDs of earlier operations. The module waits for all others.
        P(cloudgate.operations.references#filter) copies the IDs from a C(mark).
    type: list
    elements: str
  client_request_id:
    description:
      - Request ID that you sent in the header C(X-VNA-Request-Id) or C(X-MVNA-Request-Id). Use it if the response
        contained no operation ID.
      - Providers V(ecl_vna) and V(ecl_mlb) only.
    type: str
  reservation_id:
    description:
      - Reservation ID of one request for several servers, V(r-...). Nova returns it if the request sets
        C(return_reservation_id). The module waits for all these servers and returns one result for each.
      - With C(operation_id), the request ID, only creations by this request match. Otherwise the creation of each
        server matches.
      - Provider V(openstack) only.
    type: str
  min_count:
    description:
      - With C(reservation_id), the minimum number of servers, as in the request. While Nova shows fewer, the
        reservation counts as missing.
    type: int
  expect:
    description:
      - Status or value that the resource must have. Required by providers V(openstack_volume), for example V(available)
        or V(size=20), V(openstack_baremetal), for example V(active), and V(openstack_loadbalancer). C(operation_id) is
        then the ID of the request. Provider V(openstack_image) accepts V(active).
      - Required as well by provider V(custom) if O(definition.show) has no V({operation_id}). It is then one of the
        values in O(definition.states.succeeded), and V(HTTP 404) stands for a deletion.
      - With provider V(huaweicloud_modelarts), the status V(RUNNING) or V(STOPPED), with O(hyperinstance) also
        V(ACTIVE). Use it for start, stop, reboot and a change of the operating system, which have no operation ID in
        this API. If the resource gets a failure status, the operation counts as failed.
      - Shortly after the request, a Lite Server still shows its old status. So V(RUNNING) counts only if the same wait
        has seen another status, or if the server changed after C(since).
      - If the change may finish before the first poll, set C(since) to the C(update_at) that the server had before the
        request. Otherwise such a wait ends with a timeout.
    type: str
  verify:
    description:
      - Status that the server must have after the operation succeeded, for example V(ACTIVE). With any other status,
        the operation counts as failed.
    type: str
"""


def _options(fragment: str) -> str:
    return fragment.split("\noptions:\n", 1)[1].split("requirements:\n")[0]


_PROVIDER = _options(Provider.DOCUMENTATION) + _options(Definition.DOCUMENTATION)
_CONNECTION = _options(Connection.DOCUMENTATION).split("  raw:\n")[0]


class ModuleDocFragment:
    # Operations of one provider, or groups with connection options of their own.
    # The annotation makes ansible-test's yamllint skip this f-string, which it cannot parse.
    DOCUMENTATION: str = f"""
options:
{_PROVIDER.replace("    required: true", "    required: false", 1)}
  operations:
    description:
      - The operations to wait for. Give either this, or O(operation_id) for a single one, or O(groups).
      - Instead of each entry, or of the list, you can pass the registered result of M(ansible.builtin.uri), of a module
        of C(openstack.cloud), or of a loop. P(cloudgate.operations.references#filter) describes these results. With
        O(resource_id), a list of operation IDs is enough. The list can also be text in JSON, YAML or Python syntax.
{indent(_OPERATIONS, "    ")}
  groups:
    description:
      - Operations of several clouds. The module waits for all groups at the same time, with one timeout.
      - Each group has its own provider and connection options. The connection options of the task do not apply to
        groups.
      - Give the connection options in the group itself, or in its dictionary C(connection).
    type: list
    elements: dict
    suboptions:
{indent(_PROVIDER, "    ")}
      operations:
        description:
          - The operations of this group.
        required: true
{indent(_OPERATIONS, "        ")}
      empty:
        description:
          - Whether a group without operations fails or passes. By default, the value of the task.
        type: str
        choices: [fail, pass]
{indent(_CONNECTION, "    ")}
"""
