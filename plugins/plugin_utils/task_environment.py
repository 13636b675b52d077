# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tell a module which variables of its environment the task has set, and what the controller's environment trusts.

Private to this collection. A module cannot tell the two apart, and what a task sets may come from a playbook variable.
"""

from __future__ import annotations

from typing import Any, Dict, Mapping

from ansible.plugins.action import ActionBase
from ansible_collections.cloudgate.operations.plugins.module_utils._auth.trust import TRUSTED_HOSTS
from ansible_collections.cloudgate.operations.plugins.module_utils._model.errors import InputError

_ENVIRONMENT, SLICE, PROGRESS = "_environment", "_slice", "_progress"  # of the modules, for their action plugins only


def refuse_private(arguments: Mapping[str, Any]) -> None:
    """Raise InputError for a task that gives an option of the action plugins itself."""
    for name in (_ENVIRONMENT, SLICE, PROGRESS):
        if name in arguments:
            raise InputError(f"{name} is an unsupported option: remove it from the task or module_defaults.")


def arguments_of(action: ActionBase, environ: Mapping[str, str]) -> Dict[str, Any]:
    """Return the task's arguments, with C(_environment) where there is something to tell.

    environ: of the controller. A variable that the task sets to the controller's own value does not count as set.
    """
    arguments = dict(action._task.args)
    given: Dict[str, Any] = {}
    if action._task.environment:
        action._compute_environment_string(given)
    set_by_task = sorted(name for name, value in given.items() if environ.get(name) != str(value))
    trusted = environ.get(TRUSTED_HOSTS, "")
    if set_by_task or trusted:
        arguments[_ENVIRONMENT] = {"set_by_task": set_by_task, "trusted_hosts": trusted}
    return arguments
