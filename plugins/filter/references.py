# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filter that turns what tasks registered into operations to wait for."""

from __future__ import annotations

from typing import Any, Callable, Dict, List

from ansible.errors import AnsibleFilterError
from ansible_collections.cloudgate.operations.plugins.module_utils._model.errors import InputError
from ansible_collections.cloudgate.operations.plugins.plugin_utils._references.registered import references_from

DOCUMENTATION = r"""
name: references
short_description: From what a task registered to the operations to wait for
description:
  - Finds the operations in what M(ansible.builtin.uri) registered for the requests that started them. The request id is
    taken from the answer's headers or its body, the resource from the URL or the body.
  - Dicts that name an operation pass through, results of a loop are flattened, skipped ones are left out. If all
    were skipped, the list is empty, and M(cloudgate.operations.wait_for_operation) refuses it unless
    O(cloudgate.operations.wait_for_operation#module:empty=pass).
  - A result is refused if its task failed or could not reach its host, if its answer is no success, if it is an
    Ansible job that was not collected yet, and if it names no operation and no resource.
  - Where an answer names a resource and no operation, the latest operation of the resource is meant. It must be no
    older than the answer, so C(since) is taken from its C(Date) header, less the time that the request took and
    five seconds for whole seconds and the clocks of several hosts. C(action) is V(create) for a new server and
    V(delete) for a 204, and otherwise unknown. Without a C(Date) the result is refused.
  - A header that came twice with the same value counts once; with different values the result is refused. An ID in
    the body wins over one in a header, and C(X-Compute-Request-Id) over C(X-Openstack-Request-Id), which a gateway
    may add.
  - Where one request created several servers and the answer has a C(reservation_id), the module waits for each of
    them. Ask for it with C(return_reservation_id) beside C(min_count). Without it the answer names the first server
    only, and the module finds the others by their names. C(min_count) is taken from requests in a loop; Ansible does
    not register other requests.
author:
  - cloudgate contributors (@cloudgate)
options:
  _input:
    description: One result, or a list of results and of dicts that name an operation.
    type: raw
    required: true
"""

EXAMPLES = r"""
- name: Wait for all reboots of a loop
  cloudgate.operations.wait_for_operation:
    provider: openstack
    cloud: production
    operations: "{{ reboots | cloudgate.operations.references }}"
"""

RETURN = r"""
_value:
  description: The O(cloudgate.operations.wait_for_operation#module:operations) of the module.
  type: list
  elements: dict
"""


def references(value: Any) -> List[Dict[str, Any]]:
    """Run the filter. Raises AnsibleFilterError with one sentence."""
    try:
        return references_from(value)
    except InputError as exc:
        raise AnsibleFilterError(exc.message) from exc


class FilterModule:
    """The class that Ansible loads."""

    def filters(self) -> Dict[str, Callable[[Any], List[Dict[str, Any]]]]:
        """Return the filters by name."""
        return {"references": references}
