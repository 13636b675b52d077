# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filter that turns registered results of several clouds into groups to wait for."""

from __future__ import annotations

from typing import Any, Callable, Dict, List, Optional

from ansible.errors import AnsibleFilterError
from ansible_collections.cloudgate.operations.plugins.module_utils._model.errors import InputError
from ansible_collections.cloudgate.operations.plugins.plugin_utils._references.bounds import Bounds
from ansible_collections.cloudgate.operations.plugins.plugin_utils._references.groups import groups_from

DOCUMENTATION = r"""
name: groups
short_description: Turn registered results of several clouds into groups to wait for
description:
  - Return the O(cloudgate.operations.wait_for_operation#module:groups) of the module. The filter finds the operations
    of each group in the same way as P(cloudgate.operations.references#filter).
  - M(cloudgate.operations.wait_for_operation) and the role C(operation_gate) do the same with their arguments. You need
    the filter only to check or change the groups before.
  - C(empty) of a group, V(fail) or V(pass), decides whether the group may have no operations.
author:
  - cloudgate contributors (@cloudgate)
options:
  _input:
    description:
      - A list of dictionaries with C(provider) and C(operations), and optionally C(empty).
      - Give the connection options in the dictionary itself, or in its C(connection).
    type: list
    elements: dict
    required: true
  after:
    description: Same as for P(cloudgate.operations.references#filter). Each group uses the marks of its own provider.
    type: raw
  action:
    description: Same as for P(cloudgate.operations.references#filter).
    type: str
  since:
    description: Same as for P(cloudgate.operations.references#filter).
    type: str
  verify:
    description: Same as for P(cloudgate.operations.references#filter).
    type: str
"""

EXAMPLES = r"""
- name: Wait for servers of two clouds
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


def groups(
    value: Any, after: Any = None, action: Optional[str] = None, since: Any = None, verify: Optional[str] = None
) -> List[Dict[str, Any]]:
    """Return the groups. Raises AnsibleFilterError."""
    try:
        return groups_from(value, Bounds.of({"after": after, "action": action, "since": since, "verify": verify}))
    except InputError as exc:
        raise AnsibleFilterError(exc.message) from exc


class FilterModule:
    """The class that Ansible loads."""

    def filters(self) -> Dict[str, Callable[[Any], List[Dict[str, Any]]]]:
        """Return the filters by name."""
        return {"groups": groups}
