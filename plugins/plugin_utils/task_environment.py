# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pass to a module which environment variables the task sets, and the controller's trusted hosts.

Private to this collection. A module cannot see who set a variable, and a task may set it from a playbook variable.
"""

from __future__ import annotations

from typing import Any, Dict, Mapping

from ansible.plugins.action import ActionBase
from ansible_collections.cloudgate.operations.plugins.module_utils._auth.trust import TRUSTED_HOSTS
from ansible_collections.cloudgate.operations.plugins.module_utils._model.errors import InputError

_ENVIRONMENT, SLICE, PROGRESS = "_environment", "_slice", "_progress"  # module options for the action plugins only


def refuse_private(arguments: Mapping[str, Any]) -> None:
    """Raise InputError if a task gives an option that only the action plugins may set."""
    for name in (_ENVIRONMENT, SLICE, PROGRESS):
        if name in arguments:
            raise InputError(f"{name} is an unsupported option: remove it from the task or module_defaults.")


def arguments_of(action: ActionBase, environ: Mapping[str, str]) -> Dict[str, Any]:
    """Return the task's arguments, with C(_environment) if the task sets variables or the controller trusts hosts.

    environ: of the controller. A variable that the task sets to the controller's value does not count as set.
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
