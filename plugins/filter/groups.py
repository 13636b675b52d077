# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filter that turns what tasks registered at several clouds into groups to wait for."""

from __future__ import annotations

from typing import Any, Callable, Dict, List

from ansible.errors import AnsibleFilterError
from ansible_collections.cloudgate.operations.plugins.module_utils._model.errors import InputError
from ansible_collections.cloudgate.operations.plugins.plugin_utils._references.registered import groups_from

DOCUMENTATION = r"""
name: groups
short_description: From what tasks registered at several clouds to the groups to wait for
description:
  - Makes the O(cloudgate.operations.wait_for_operation#module:groups) of the module. The operations of each group are
    found as by P(cloudgate.operations.references#filter).
  - C(empty) of a group, V(fail) or V(pass), says whether it may have no operations.
author:
  - cloudgate contributors (@cloudgate)
options:
  _input:
    description: A list of dicts with C(provider) and C(operations), and optionally C(connection) and C(empty).
    type: list
    elements: dict
    required: true
"""

EXAMPLES = r"""
- name: Wait for servers of two clouds at once
  cloudgate.operations.wait_for_operation:
    groups: "{{ started | cloudgate.operations.groups }}"
  vars:
    started:
      - provider: openstack
        connection:
          cloud: production
        operations: "{{ reboots }}"
      - provider: ecl_compute
        connection:
          cloud: ecl
        operations: "{{ ecl_reboots }}"
"""

RETURN = r"""
_value:
  description: The O(cloudgate.operations.wait_for_operation#module:groups) of the module.
  type: list
  elements: dict
"""


def groups(value: Any) -> List[Dict[str, Any]]:
    """Run the filter. Raises AnsibleFilterError with one sentence."""
    try:
        return groups_from(value)
    except InputError as exc:
        raise AnsibleFilterError(exc.message) from exc


class FilterModule:
    """The class that Ansible loads."""

    def filters(self) -> Dict[str, Callable[[Any], List[Dict[str, Any]]]]:
        """Return the filters by name."""
        return {"groups": groups}
