# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: operation_report
short_description: Write a report of operations to a file
description:
  - Writes what became of operations to an HTML page or to Markdown, as P(cloudgate.operations.report#filter) makes it.
  - The file is on the machine that runs Ansible, whatever the host of the task is. No cloud is asked.
author:
  - cloudgate contributors (@cloudgate)
attributes:
  platform:
    support: full
    platforms: posix
    description: Target OS or family of systems.
  check_mode:
    support: full
    description: Checks that the report can be written, and writes nothing.
  diff_mode:
    support: none
    description: A report has no diff.
  idempotent:
    support: none
    description: A report says when it was made.
  async:
    support: none
    description: It takes less than a second.
options:
  operations:
    description:
      - What M(cloudgate.operations.wait_for_operation) or another module of this collection returned, also in a loop.
      - Or a list of operations, or of such results.
    type: raw
    required: true
  path:
    description:
      - The file. An HTML page if it ends in C(.html), Markdown if it ends in C(.md). Its folder must exist.
      - A new file is private (mode 0600); the mode of a file that you own is kept. The report is written to a new file
        that then gets this name, so a link of this name is replaced and not followed.
      - A folder is refused if a link that another user made leads to it.
    type: str
    required: true
  title:
    description: The first line.
    type: str
    default: Operations
seealso:
  - plugin: cloudgate.operations.report
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Wait for the reboot, and go on
  cloudgate.operations.wait_for_operation:
    provider: openstack
    cloud: production
    operations: "{{ reboot | cloudgate.operations.references }}"
    on_failure: report
  register: waited

- name: Write a page
  cloudgate.operations.operation_report:
    operations: "{{ waited }}"
    path: /tmp/reboots.html
    title: Reboots of tonight
"""

RETURN = r"""
path:
  description: The file.
  returned: success
  type: str
  sample: /tmp/reboots.html
"""
