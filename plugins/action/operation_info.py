# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the module of the same name, and tells it what of its environment comes from the task."""

from __future__ import annotations

import os
from typing import Any, Dict, Optional

from ansible.plugins.action import ActionBase
from ansible_collections.cloudgate.operations.plugins.module_utils._model.errors import InputError
from ansible_collections.cloudgate.operations.plugins.module_utils._polling.outcome import summary
from ansible_collections.cloudgate.operations.plugins.plugin_utils.task_environment import arguments_of, refuse_private


class ActionModule(ActionBase):
    """Runs the module once."""

    _supports_async = True

    def run(self, tmp: Any = None, task_vars: Optional[Dict[str, Any]] = None) -> Dict[str, Any]:
        """Run the task."""
        super().run(tmp, task_vars)
        try:
            refuse_private(self._task.args)
        except InputError as exc:
            result = dict(summary([], raw=False), requests=0, reauthentications=0)
            failure = dict(exc.as_dict(), operation=None)
            return dict(result, finished=False, succeeded=False, failure=failure, failed=True, msg=exc.message)
        arguments = arguments_of(self, os.environ)
        return self._execute_module(module_args=arguments, task_vars=task_vars, wrap_async=self._task.async_val)
