# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The action plugin of operation_report: it writes the report on the controller."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any, Dict, Optional

from ansible.plugins.action import ActionBase
from ansible_collections.cloudgate.operations.plugins.module_utils._model.errors import InputError
from ansible_collections.cloudgate.operations.plugins.plugin_utils._report.file import target, write
from ansible_collections.cloudgate.operations.plugins.plugin_utils._report.html import html
from ansible_collections.cloudgate.operations.plugins.plugin_utils._report.markdown import markdown
from ansible_collections.cloudgate.operations.plugins.plugin_utils._report.model import report_from

_WRITERS = {"html": html, "markdown": markdown}
_SPEC = {
    "operations": {"type": "raw", "required": True},
    "path": {"type": "str", "required": True},
    "title": {"type": "str", "default": "Operations"},
}


class ActionModule(ActionBase):
    """Run on the controller only; the module has no code."""

    _requires_connection = False

    def run(self, tmp: Any = None, task_vars: Optional[Dict[str, Any]] = None) -> Dict[str, Any]:
        """Write the report. In check mode, only check the path."""
        super().run(tmp, task_vars)
        _validation, given = self.validate_argument_spec(argument_spec=_SPEC)
        try:
            where = target(given["path"])
            result = {"changed": False, "path": str(where.folder / where.name)}
            if not self._task.check_mode:
                report = report_from(given["operations"], datetime.now(timezone.utc), given["title"])
                result["changed"] = write(where, _WRITERS[where.format](report))
        except InputError as exc:
            return {"failed": True, "changed": False, "msg": exc.message}
        return result
