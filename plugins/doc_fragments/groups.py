# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from textwrap import indent

from ansible_collections.cloudgate.operations.plugins.doc_fragments.connection import ModuleDocFragment as Connection
from ansible_collections.cloudgate.operations.plugins.doc_fragments.provider import ModuleDocFragment as Provider

_OPERATIONS = """\
type: list
elements: dict
suboptions:
  operation_id:
    description:
      - The operation. For the instance actions of a server this is the request id, V(req-...).
      - Provider V(custom) takes what its API gives, such as V(operations/7), or the whole URL of the operation.
    type: str
    aliases: [request_id, action_id]
  resource_id:
    description:
      - What the operation works on, for example a server. Needed where an id alone names no operation.
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
      - With an operation id of a server, V(delete) or V(create) says what the request was. Nova does not record each of
        these; the server decides then. P(cloudgate.operations.references#filter) sets it where it knows.
    type: str
  since:
    description:
      - With C(latest), only one that began at this time or later. ISO 8601; a time without a zone is UTC. Without it,
        an old operation can be taken for the one that has just been started.
      - With C(expect), only a status that is newer than this time is believed.
    type: str
  client_request_id:
    description:
      - The id that your own request carried, in the header C(X-VNA-Request-Id) or C(X-MVNA-Request-Id). It names the
        operation that this request has started, where the answer named none.
      - Providers V(ecl_vna) and V(ecl_mlb) only.
    type: str
  reservation_id:
    description:
      - The reservation of one request for several servers, V(r-...), as Nova answers with C(return_reservation_id). All
        its servers are waited for. Each has a result of its own, in the place of this one.
      - With C(operation_id), the request id, only creations by this request count. Without it, the only creation of
        each server does.
      - Provider V(openstack) only.
    type: str
  min_count:
    description:
      - With C(reservation_id), how many servers there are at the least, as in the request. While Nova shows fewer, the
        reservation counts as missing.
    type: int
  expect:
    description:
      - Status that the resource shall come to, where the API gives no operation id. Provider V(huaweicloud_modelarts)
        only, V(RUNNING) or V(STOPPED), for start, stop, reboot and a change of the operating system. A status that
        tells of a failure fails.
      - For a moment after the request the server shows its old status still. V(RUNNING) is therefore believed only when
        another status was seen in the same wait, or when the server changed after C(since).
      - If the change may be over before the first look, give C(since), the C(update_at) that the server had before the
        request. Otherwise such a wait ends with a time-out.
    type: str
  verify:
    description:
      - Status that the server must have, too, for example V(ACTIVE), once the operation has succeeded; otherwise it
        counts as failed.
    type: str
"""


def _options(fragment: str) -> str:
    return fragment.split("\noptions:\n", 1)[1].split("requirements:\n")[0]


_PROVIDER = _options(Provider.DOCUMENTATION)
_CONNECTION = _options(Connection.DOCUMENTATION).split("  raw:\n")[0]


class ModuleDocFragment:
    # What to wait for: operations of one provider, or groups that each have the options of a connection of their own
    # (annotated, as yamllint of ansible-test reads only what is spelt out, and stumbles over the rest)
    DOCUMENTATION: str = f"""
options:
{_PROVIDER.replace("    required: true", "    required: false", 1)}
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
{indent(_PROVIDER, "    ")}
      operations:
        description:
          - The operations of this group.
        required: true
{indent(_OPERATIONS, "        ")}
      empty:
        description:
          - Whether a group without operations fails or passes, if that differs from the task's option of the same name.
        type: str
        choices: [fail, pass]
{indent(_CONNECTION, "    ")}
"""
