# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the wait, once on the controller itself and in slices on other hosts, and shows on the screen how it goes."""

from __future__ import annotations

import contextlib
import math
import multiprocessing
import os
import signal
import threading
import time
from typing import Any, Dict, List, Mapping, Optional

from ansible import constants
from ansible.errors import AnsibleError
from ansible.plugins.action import ActionBase
from ansible.utils.display import Display
from ansible_collections.cloudgate.operations.plugins.module_utils._model.errors import InputError, TransportError
from ansible_collections.cloudgate.operations.plugins.module_utils._model.operation import Operation
from ansible_collections.cloudgate.operations.plugins.module_utils._polling.emptiness import NOTHING
from ansible_collections.cloudgate.operations.plugins.module_utils._polling.threads import start_daemon
from ansible_collections.cloudgate.operations.plugins.plugin_utils import gate_request
from ansible_collections.cloudgate.operations.plugins.plugin_utils._wait.progress import Progress
from ansible_collections.cloudgate.operations.plugins.plugin_utils._wait.progress_follower import followed
from ansible_collections.cloudgate.operations.plugins.plugin_utils._wait.slices import MANY, SlicedWait
from ansible_collections.cloudgate.operations.plugins.plugin_utils.completed import completed
from ansible_collections.cloudgate.operations.plugins.plugin_utils.task_environment import (
    PROGRESS,
    SLICE,
    arguments_of,
    refuse_private,
)

_INTERVAL = 30.0  # the default of the option progress_interval
_CONTROLLER_CHECK = 2.0  # seconds

display = Display()


class ActionModule(ActionBase):
    """Runs the module of the same name, on other hosts again and again, until the wait is over."""

    _supports_async = True

    def run(self, tmp: Any = None, task_vars: Optional[Dict[str, Any]] = None) -> Dict[str, Any]:
        """Run the task. With async, and in check mode, the module runs once and as a whole."""
        super().run(tmp, task_vars)
        try:
            arguments = self._arguments()
        except InputError as exc:
            return completed({"failed": True, "changed": False, "msg": exc.message})
        if self._task.async_val or self._task.check_mode:
            result = self._execute_module(module_args=arguments, task_vars=task_vars, wrap_async=self._task.async_val)
        elif self._on_controller():
            result = self._in_one_run(arguments, task_vars)
        else:
            result = self._in_slices(arguments, task_vars)
        if result.get("operations") == [] and "failure" not in result and self._shows(arguments):
            _show([f"WAITING: [{_host(task_vars)}]: {NOTHING}"])
        return completed(result)

    def _on_controller(self) -> bool:
        """Return whether the module runs here and as this user, so that it can write into a private file."""
        return self._connection.transport == "local" and not self._connection.become

    def _shows(self, arguments: Mapping[str, Any]) -> bool:
        """Whether the screen may show how the wait goes on."""
        return not self._task.no_log and arguments.get("progress") != "never"

    def _arguments(self) -> Dict[str, Any]:
        """Return the arguments of the module. Raises InputError for those that no task may give, and of the role."""
        refuse_private(self._task.args)
        arguments = arguments_of(self, os.environ)
        request = arguments.pop("_gate", None)
        if isinstance(request, Mapping):
            arguments = gate_request.arguments(request, arguments, bool(self._task.check_mode))
        return arguments

    def _in_one_run(self, arguments: Dict[str, Any], task_vars: Optional[Dict[str, Any]]) -> Dict[str, Any]:
        _end_with_controller()
        progress = Progress(_host(task_vars), _interval(arguments))
        shown = self._shows(arguments)
        following = followed(constants.DEFAULT_LOCAL_TMP, progress, _show) if shown else contextlib.nullcontext()
        with following as path:
            return self._execute_module(module_args=dict(arguments, **{PROGRESS: path}), task_vars=task_vars)

    def _in_slices(self, arguments: Dict[str, Any], task_vars: Optional[Dict[str, Any]]) -> Dict[str, Any]:
        _end_with_controller()

        def run_slice(part: Dict[str, Any]) -> Dict[str, Any]:
            return self._execute_module(module_args=dict(arguments, **{SLICE: part}), task_vars=task_vars)

        def show(operations: List[Operation], elapsed: float, error: Optional[str]) -> None:
            _show(progress.lines(operations, elapsed, error) if shown else [])

        shown = self._shows(arguments)
        progress = Progress(_host(task_vars), _interval(arguments))
        count = _count(arguments)
        _show(progress.begun(count) if shown and count > MANY else [])
        return SlicedWait(run_slice, show, time.monotonic, time.sleep, count).run()


def _host(task_vars: Optional[Mapping[str, Any]]) -> str:
    return str((task_vars or {}).get("inventory_hostname", "localhost"))


def _interval(arguments: Mapping[str, Any]) -> float:
    """Return the option progress_interval, or its default for a value that the module is going to refuse."""
    try:
        interval = float(arguments.get("progress_interval", _INTERVAL))
    except (OverflowError, TypeError, ValueError):
        return _INTERVAL
    return interval if math.isfinite(interval) else _INTERVAL


def _show(lines: List[str]) -> None:
    """Show lines at once, through a pipe, too: Ansible leaves it to the system when to write its standard output."""
    for line in lines:
        display.display(line, color=constants.COLOR_DEBUG, stderr=True)


def _count(arguments: Mapping[str, Any]) -> int:
    """How many operations a task names, in options that the module has not checked yet."""
    groups = arguments.get("groups")
    lists = [arguments.get("operations")]
    lists += [each.get("operations") for each in groups if isinstance(each, dict)] if isinstance(groups, list) else []
    return sum(len(each) for each in lists if isinstance(each, list))


def _end_with_controller() -> None:
    """End this task, in one of Ansible's workers, when Ansible itself was killed: it would wait on unseen."""
    controller, main = multiprocessing.parent_process(), threading.main_thread().ident
    if controller is None or main is None:
        return
    pid = controller.pid

    def watch() -> None:
        while os.getppid() == pid:
            time.sleep(_CONTROLLER_CHECK)
        signal.pthread_kill(main, signal.SIGUSR1)

    def end(_signal: int, _frame: Any) -> None:
        raise AnsibleError("Ansible was killed.")  # on its way up, Ansible removes the files that it made on the host

    signal.signal(signal.SIGUSR1, end)
    with contextlib.suppress(TransportError):  # without a thread the task merely waits until its own limit
        start_daemon(watch)
