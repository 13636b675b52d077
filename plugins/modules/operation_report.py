# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: operation_report
short_description: Write a report of operations to a file
description:
  - Write a report of operations as HTML or Markdown, in the formats of P(cloudgate.operations.report#filter).
  - The file is always on the Ansible controller. The module sends no requests.
author:
  - cloudgate contributors (@cloudgate)
attributes:
  platform:
    support: full
    platforms: posix
    description: Target OS or family of systems.
  check_mode:
    support: full
    description: The module checks that the report can be written, but writes nothing.
  diff_mode:
    support: none
    description: A report has no diff.
  idempotent:
    support: none
    description: A report contains the time when it was written.
  async:
    support: none
    description: The module takes less than a second.
options:
  operations:
    description:
      - Registered result of M(cloudgate.operations.wait_for_operation) or another module of this collection, or of a
        loop.
      - A list of operations or of such results is accepted as well.
    type: raw
    required: true
  path:
    description:
      - Path of the file. The suffix C(.html) or C(.md) selects HTML or Markdown. The folder must exist.
      - A new file has mode 0600. The mode of a file that you own is kept. A symbolic link of this name is replaced, not
        followed.
      - The module refuses a folder that is reached through a symbolic link of another user.
    type: str
    required: true
  title:
    description: Title of the report.
    type: str
    default: Operations
seealso:
  - plugin: cloudgate.operations.report
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Wait for the reboot, and continue after a failure
  cloudgate.operations.wait_for_operation:
    provider: openstack
    cloud: production
    operations: "{{ reboot | cloudgate.operations.references }}"
    on_failure: report
  register: waited

- name: Write an HTML report
  cloudgate.operations.operation_report:
    operations: "{{ waited }}"
    path: /tmp/reboots.html
    title: Reboots of tonight
"""

RETURN = r"""
path:
  description: Path of the file.
  returned: success
  type: str
  sample: /tmp/reboots.html
"""
