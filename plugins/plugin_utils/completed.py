# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Add the documented keys to failed results of C(wait_for_operation). Pure.

Private to this collection.
"""

from __future__ import annotations

from typing import Any, Dict, Mapping

from ansible_collections.cloudgate.operations.plugins.module_utils._model.errors import (
    GateError,
    InputError,
    TransportError,
)
from ansible_collections.cloudgate.operations.plugins.module_utils._polling.outcome import Outcome, WaitOptions

_KILLED = {*range(-64, 0), *range(129, 193)}  # exit statuses after a signal, of the module and of a shell


def completed(result: Mapping[str, Any]) -> Dict[str, Any]:
    """Return the result with all keys, even if Ansible refused the options or the module could not run."""
    if not result.get("failed") or "failure" in result:
        return dict(result)
    why: GateError = InputError(str(result.get("msg") or "The module ended without a result."))
    if result.get("rc") in _KILLED:
        why = TransportError(
            f"The module was killed before it returned a result (exit status {result['rc']}). "
            "Its operations may still be running. Run the task again."
        )
        result = dict(result, msg=why.message)
    known = Outcome([]).as_result(WaitOptions(), raw=False)
    return {**known, "failure": dict(why.as_dict(), operation=None), "finished": False, **result}
