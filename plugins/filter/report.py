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
short_description: A report of operations, as an HTML page or as Markdown
description:
  - Says what became of operations. First comes how many succeeded, failed and are not over, and whether the gate is
    open; then each operation with the timeline of its steps, its retries and its failures.
  - The HTML page needs nothing else. It has no script and asks for no other file, and can be read in the dark and in
    print.
  - Values from clouds are escaped.
author:
  - cloudgate contributors (@cloudgate)
options:
  _input:
    description:
      - What M(cloudgate.operations.wait_for_operation) or another module of this collection returned, also in a loop.
      - Or a list of operations, or of such results.
    type: raw
    required: true
  format:
    description: V(html) for a page, V(markdown) for text that is aligned, to be read in a job's output, too.
    type: str
    choices: [html, markdown]
    default: html
  title:
    description: The first line.
    type: str
    default: Operations
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

- name: Show it in the job's output
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
    """Run the filter. Raises AnsibleFilterError with one sentence."""
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
