# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filter that turns what tasks registered into operations to wait for."""

from __future__ import annotations

from typing import Any, Callable, Dict, List

from ansible.errors import AnsibleFilterError
from ansible_collections.cloudgate.operations.plugins.module_utils.errors import InputError
from ansible_collections.cloudgate.operations.plugins.module_utils.references import references_from

DOCUMENTATION = r"""
name: references
short_description: From what a task registered to the operations to wait for
description:
  - Finds the operations in what M(ansible.builtin.uri) registered for the requests that started them. The request id is
    taken from the answer's headers or its body, the resource from the URL or the body.
  - Dicts that name an operation pass through, results of a loop are flattened, skipped ones are left out.
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
    """The filter. Raises AnsibleFilterError with one sentence."""
    try:
        return references_from(value)
    except InputError as exc:
        raise AnsibleFilterError(exc.message) from exc


class FilterModule:
    """What Ansible looks for."""

    def filters(self) -> Dict[str, Callable[[Any], List[Dict[str, Any]]]]:
        """Name the filters."""
        return {"references": references}
