# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The action plugin of wait_for_operation: one module run on the controller, slices on other hosts, and progress."""

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
from ansible_collections.cloudgate.operations.plugins.module_utils._model.durations import seconds_in
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
    """Run the module until the wait ends: once on the controller, in slices on other hosts."""

    _supports_async = True

    def run(self, tmp: Any = None, task_vars: Optional[Dict[str, Any]] = None) -> Dict[str, Any]:
        """Run the task. With async and in check mode, the module runs once."""
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
        return completed(self._in_variables(result))

    def _in_variables(self, result: Dict[str, Any]) -> Dict[str, Any]:
        """Replace option names in the error by the role's variables, if the role runs this task."""
        if not result.get("failed") or "_gate" not in self._task.args or "msg" not in result:
            return result
        if result.get("failure"):
            if result["failure"]["kind"] != "input":
                return result
            result["failure"]["message"] = gate_request.in_variables(str(result["failure"]["message"]))
        return dict(result, msg=gate_request.in_variables(str(result["msg"])))

    def _on_controller(self) -> bool:
        """Return whether the module runs on this host as this user, so that it can write to a private file."""
        return self._connection.transport == "local" and not self._connection.become

    def _shows(self, arguments: Mapping[str, Any]) -> bool:
        """Return whether to show progress."""
        return not self._task.no_log and arguments.get("progress") != "never"

    def _arguments(self) -> Dict[str, Any]:
        """Return the arguments of the module. Raises InputError for private options and for missing operations."""
        refuse_private(self._task.args)
        arguments = arguments_of(self, os.environ)
        request = arguments.pop("_gate", None)
        check_mode = bool(self._task.check_mode)
        if isinstance(request, Mapping):
            return gate_request.arguments(request, arguments, check_mode)
        return gate_request.of_task(arguments, check_mode)

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
    """Return progress_interval in seconds, or its default for an invalid value, which the module will refuse."""
    interval = seconds_in(arguments.get("progress_interval", _INTERVAL))
    return _INTERVAL if interval is None or not math.isfinite(interval) else interval


def _show(lines: List[str]) -> None:
    """Show lines at once. They go to stderr, because Ansible does not flush stdout into a pipe."""
    for line in lines:
        display.display(line, color=constants.COLOR_DEBUG, stderr=True)


def _count(arguments: Mapping[str, Any]) -> int:
    """Return the number of operations in options that are not validated yet."""
    groups = arguments.get("groups")
    lists = [arguments.get("operations")]
    lists += [each.get("operations") for each in groups if isinstance(each, dict)] if isinstance(groups, list) else []
    return sum(len(each) for each in lists if isinstance(each, list))


def _end_with_controller() -> None:
    """End this worker process when Ansible's main process is killed. Otherwise it would keep waiting unseen."""
    controller, main = multiprocessing.parent_process(), threading.main_thread().ident
    if controller is None or main is None:
        return
    pid = controller.pid

    def watch() -> None:
        while os.getppid() == pid:
            time.sleep(_CONTROLLER_CHECK)
        signal.pthread_kill(main, signal.SIGUSR1)

    def end(_signal: int, _frame: Any) -> None:
        raise AnsibleError("Ansible was killed.")  # as an exception, so that Ansible removes its files on the host

    signal.signal(signal.SIGUSR1, end)
    with contextlib.suppress(TransportError):  # without a thread, the task waits until its own timeout
        start_daemon(watch)
