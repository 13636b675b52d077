# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes how long each task took, as one JSON line a task, to the file that TASK_DURATIONS names."""

from __future__ import annotations

import json
import os
import time
from typing import Any

from ansible.plugins.callback import CallbackBase

DOCUMENTATION = r"""
name: durations
type: aggregate
short_description: Write how long each task took
description:
  - One JSON line a task, with its name, its seconds and whether it failed.
requirements: []
"""


class CallbackModule(CallbackBase):
    """Times a task from its start on the controller to its result."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "aggregate"
    CALLBACK_NAME = "durations"
    CALLBACK_NEEDS_ENABLED = True

    def __init__(self) -> None:
        super().__init__()
        self._started = 0.0

    def v2_playbook_on_task_start(self, task: Any, is_conditional: bool) -> None:
        """Note the time."""
        self._started = time.perf_counter()

    def v2_runner_on_ok(self, result: Any) -> None:
        """Write a task that went well."""
        self._write(result, failed=False)

    def v2_runner_on_failed(self, result: Any, ignore_errors: bool = False) -> None:
        """Write a task that failed."""
        self._write(result, failed=True)

    def _write(self, result: Any, failed: bool) -> None:
        line = {"name": result._task.get_name(), "seconds": time.perf_counter() - self._started, "failed": failed}
        with open(os.environ["TASK_DURATIONS"], "a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")
