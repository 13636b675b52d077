# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filter that turns registered results into operations to wait for."""

from __future__ import annotations

from typing import Any, Callable, Dict, List

from ansible.errors import AnsibleFilterError
from ansible_collections.cloudgate.operations.plugins.module_utils._model.errors import InputError
from ansible_collections.cloudgate.operations.plugins.plugin_utils._references.bounds import Bounds
from ansible_collections.cloudgate.operations.plugins.plugin_utils._references.registered import references_from

DOCUMENTATION = r"""
name: references
short_description: Turn registered results into operations to wait for
description:
  - Find the operations in the registered results of M(ansible.builtin.uri) tasks that started them. The filter takes
    the request ID from the headers or the body of the response, and the resource from the URL or the body.
  - M(cloudgate.operations.wait_for_operation) and the role C(operation_gate) do the same with their arguments. You need
    the filter only to check or change the operations before.
  - Results of C(openstack.cloud.server), C(openstack.cloud.server_info), and of C(openstack server … -f json) run by
    M(ansible.builtin.command) name a server but no request. They stand for the latest operation of the server, and
    need O(after) or O(since), so that no earlier operation matches. A server that is being created needs neither.
  - C(openstack.cloud.server_action) registers a server only in a loop that names the server by its UUID. Otherwise,
    give only O(cloudgate.operations.wait_for_operation#module:after).
  - The filter returns IDs and dictionaries that name an operation unchanged. It flattens the results of loops and drops
    skipped results. If all results were skipped, the list is empty, and M(cloudgate.operations.wait_for_operation)
    fails unless O(cloudgate.operations.wait_for_operation#module:empty=pass).
  - The filter fails for a result whose task failed or did not reach its host, for a response with an error status, for
    an unfinished asynchronous job of Ansible, and for a result that names neither an operation nor a resource.
  - A response that names a resource but no operation stands for the latest operation of the resource. C(since) is then
    its C(Date) header, minus the duration of the request, and minus five seconds for rounding and for differing clocks.
    C(action) is V(create) for a new server, V(delete) for a 204, and otherwise not set. Without C(Date), the filter
    fails.
  - For provider V(custom), the filter also finds the IDs in the answers of Hetzner Cloud, DigitalOcean, Google Compute,
    Proxmox VE, AWX, GitLab, vCenter, ONTAP and Catalyst Center. One answer can name several operations. If an answer
    201 or 202 names nothing else, its header C(Location) or C(Opc-Work-Request-Id) names the operation.
  - A repeated header with one value counts once. With different values, the filter fails. An ID in the body overrides
    an ID in a header. C(X-Compute-Request-Id) overrides C(X-Openstack-Request-Id), which a gateway may add.
  - If one request created several servers and the response has a C(reservation_id), the module waits for each server.
    Set C(return_reservation_id) together with C(min_count) in the request to get it. Otherwise, the response names only
    the first server, and the module finds the others by their names. The filter reads C(min_count) only from loops,
    because Ansible does not register other requests.
author:
  - cloudgate contributors (@cloudgate)
options:
  _input:
    description:
      - One result, or a list of results, of dictionaries that name an operation, and of IDs.
      - In a dictionary, C(operation_id) may be a list.
    type: raw
    required: true
  after:
    description:
      - Registered result of M(cloudgate.operations.operation_info) for the resources, from before the work started.
        Only operations that started since then match.
    type: raw
  action:
    description: Type of the operations that are given without an operation ID, such as V(reboot).
    type: str
  since:
    description: A time before the work started. Only operations that started at this time or later match. ISO 8601.
    type: str
  verify:
    description: Status that each server must have after its operation succeeded, such as V(ACTIVE).
    type: str
  resource_id:
    description: Resource of the entries that give only an operation ID.
    type: str
"""

EXAMPLES = r"""
- name: Wait for all reboots of a loop
  cloudgate.operations.wait_for_operation:
    provider: openstack
    cloud: production
    operations: "{{ reboots | cloudgate.operations.references }}"

- name: Show the operation of a server whose earlier operations were recorded
  ansible.builtin.debug:
    msg: "{{ rebuilt | cloudgate.operations.references(after=before, action='rebuild') }}"
"""

RETURN = r"""
_value:
  description: The O(cloudgate.operations.wait_for_operation#module:operations) of the module.
  type: list
  elements: dict
"""


def references(value: Any, after: Any = None, **given: Any) -> List[Dict[str, Any]]:
    """Return the operations. given: action, since, verify, resource_id. Raises AnsibleFilterError."""
    unknown = set(given) - {"action", "since", "verify", "resource_id"}
    if unknown:
        raise AnsibleFilterError(f"references has unknown options: {', '.join(sorted(unknown))}.")
    try:
        return references_from(value, Bounds.of({"after": after, **given}))
    except InputError as exc:
        raise AnsibleFilterError(exc.message) from exc


class FilterModule:
    """The class that Ansible loads."""

    def filters(self) -> Dict[str, Callable[[Any], List[Dict[str, Any]]]]:
        """Return the filters by name."""
        return {"references": references}
