# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The action plugin of operation_info: it passes to the module which environment variables the task sets."""

from __future__ import annotations

import os
from typing import Any, Dict, Mapping, Optional

from ansible.plugins.action import ActionBase
from ansible_collections.cloudgate.operations.plugins.module_utils._model.errors import InputError
from ansible_collections.cloudgate.operations.plugins.module_utils._polling.outcome import summary
from ansible_collections.cloudgate.operations.plugins.plugin_utils.gate_request import marking_arguments
from ansible_collections.cloudgate.operations.plugins.plugin_utils.task_environment import arguments_of, refuse_private


class ActionModule(ActionBase):
    """Run the module once."""

    _supports_async = True

    def run(self, tmp: Any = None, task_vars: Optional[Dict[str, Any]] = None) -> Dict[str, Any]:
        """Run the task."""
        super().run(tmp, task_vars)
        try:
            arguments = self._arguments()
        except InputError as exc:
            result = dict(summary([], raw=False), requests=0, reauthentications=0)
            failure = dict(exc.as_dict(), operation=None)
            return dict(result, finished=False, succeeded=False, failure=failure, failed=True, msg=exc.message)
        return self._execute_module(module_args=arguments, task_vars=task_vars, wrap_async=self._task.async_val)

    def _arguments(self) -> Dict[str, Any]:
        """Return the arguments of the module. Raises InputError for private options and wrong variables of the role."""
        refuse_private(self._task.args)
        arguments = arguments_of(self, os.environ)
        request = arguments.pop("_gate", None)
        return marking_arguments(request, arguments) if isinstance(request, Mapping) else arguments
