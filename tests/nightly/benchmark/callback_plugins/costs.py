# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes what each task cost, as one JSON line a task, to the file that TASK_COSTS names."""

from __future__ import annotations

import json
import multiprocessing
import os
import resource
import time
from typing import Any

from ansible.plugins.callback import CallbackBase

DOCUMENTATION = r"""
name: costs
type: aggregate
short_description: Write what each task cost
description:
  - One JSON line a task, with its name, its seconds, and the processor's seconds of all processes. The latter count
    to the start of the next task, as the process of a task ends after its result.
requirements: []
"""
SECONDS = 10  # that the process of a task has to end


class CallbackModule(CallbackBase):
    """Times a task from its start on the controller to its result, and its processes to the start of the next."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "aggregate"
    CALLBACK_NAME = "costs"
    CALLBACK_NEEDS_ENABLED = True

    def __init__(self) -> None:
        super().__init__()
        self._name = ""
        self._started = self._seconds = self._cpu = 0.0

    def v2_playbook_on_task_start(self, task: Any, is_conditional: bool) -> None:
        """Write the task before, and begin with this one."""
        self._write()
        self._name, self._started, self._cpu = task.get_name(), time.perf_counter(), _processor_time()

    def v2_runner_on_ok(self, result: Any) -> None:
        """Note when a task went well."""
        self._seconds = time.perf_counter() - self._started

    def v2_runner_on_failed(self, result: Any, ignore_errors: bool = False) -> None:
        """Note when a task failed."""
        self._seconds = time.perf_counter() - self._started

    def v2_playbook_on_stats(self, stats: Any) -> None:
        """Write the last task."""
        self._write()

    def _write(self) -> None:
        if self._name:
            line = {"name": self._name, "seconds": self._seconds, "cpu": _processor_time() - self._cpu}
            with open(os.environ["TASK_COSTS"], "a", encoding="utf-8") as file:
                file.write(json.dumps(line) + "\n")


def _processor_time() -> float:
    """Return the processor's seconds of this process and of all that it has started, once these have ended."""
    for worker in multiprocessing.active_children():
        worker.join(SECONDS)
    used = [resource.getrusage(each) for each in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)
