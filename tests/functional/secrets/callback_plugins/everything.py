# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes every result that callbacks get, whole, as one JSON line, to the file that SECRETS_RESULTS names."""

from __future__ import annotations

import json
import os
from typing import Any

from ansible.plugins.callback import CallbackBase

DOCUMENTATION = r"""
name: everything
type: aggregate
short_description: Write every result whole
description:
  - One JSON line a result, with all that a callback gets to see.
requirements: []
"""


class CallbackModule(CallbackBase):
    """Keeps what any other callback plugin could keep."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "aggregate"
    CALLBACK_NAME = "everything"
    CALLBACK_NEEDS_ENABLED = True

    def _write(self, result: Any, *_more: Any, **_options: Any) -> None:
        line = {"host": result._host.get_name(), "task": result._task.get_name(), "result": result._result}
        with open(os.environ["SECRETS_RESULTS"], "a", encoding="utf-8") as file:
            file.write(json.dumps(line, default=repr, ensure_ascii=False) + "\n")

    v2_runner_on_ok = v2_runner_on_failed = v2_runner_on_unreachable = _write
    v2_runner_item_on_ok = v2_runner_item_on_failed = v2_runner_retry = _write
    v2_runner_on_async_poll = v2_runner_on_async_ok = v2_runner_on_async_failed = _write
