# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filter that writes a report of operations."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any, Callable, Dict

from ansible.errors import AnsibleFilterError
from ansible_collections.cloudgate.operations.plugins.module_utils._model.errors import InputError
from ansible_collections.cloudgate.operations.plugins.plugin_utils._report.html import html
from ansible_collections.cloudgate.operations.plugins.plugin_utils._report.markdown import markdown
from ansible_collections.cloudgate.operations.plugins.plugin_utils._report.model import report_from

DOCUMENTATION = r"""
name: report
short_description: Create a report of operations as HTML or Markdown
description:
  - The report begins with the number of succeeded, failed and unfinished operations, and with the result of the gate.
    Then it shows each operation with a timeline of its steps, its retries and its errors.
  - The HTML page is self-contained. It has no script, loads no other file, and supports dark mode and printing.
  - The filter escapes all values from clouds.
author:
  - cloudgate contributors (@cloudgate)
options:
  _input:
    description:
      - Registered result of M(cloudgate.operations.wait_for_operation) or another module of this collection, or of a
        loop.
      - A list of operations or of such results is accepted as well.
    type: raw
    required: true
  format:
    description: V(html) for a page, V(markdown) for aligned text that is readable in a job's output.
    type: str
    choices: [html, markdown]
    default: html
  title:
    description: Title of the report.
    type: str
    default: Operations
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

- name: Show the report in the job's output
  ansible.builtin.debug:
    msg: "{{ (waited | cloudgate.operations.report(format='markdown')).splitlines() }}"
"""

RETURN = r"""
_value:
  description: The report.
  type: str
"""

_FORMATS = {"html": html, "markdown": markdown}


def report(value: Any, format: str = "html", title: str = "Operations") -> str:
    """Return the report. Raises AnsibleFilterError."""
    if format not in _FORMATS:
        raise AnsibleFilterError(f"format must be html or markdown, not {format}.")
    try:
        return _FORMATS[format](report_from(value, datetime.now(timezone.utc), title))
    except InputError as exc:
        raise AnsibleFilterError(exc.message) from exc


class FilterModule:
    """The class that Ansible loads."""

    def filters(self) -> Dict[str, Callable[..., str]]:
        """Return the filters by name."""
        return {"report": report}
