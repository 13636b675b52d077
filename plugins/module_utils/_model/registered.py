# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Recognize a registered result that was given instead of an operation, and say what to give. Pure.

Private to this collection. Only keys are checked, because a value may be a secret.
"""

from __future__ import annotations

from typing import Any, Mapping, NamedTuple, Optional, Tuple

_OF_ANY_TASK = {"changed", "failed", "invocation", "skipped", "unreachable", "ansible_job_id", "results"}
_FILTER = "pass it through the filter cloudgate.operations.references"
_BY_ID = "give operation_id, or resource_id and latest: true with since, a time before that task"


class Recognized(NamedTuple):
    """A kind of result, and what to do instead; both are parts of an error message."""

    what: str
    remedy: str


_JOB = "register ansible.builtin.async_status, and pass that through the filter cloudgate.operations.references"
_WAITED = "pass the registered result of the task that started the operation"
_WHOLE = "pass the whole result of the task, not its json, through the filter cloudgate.operations.references"
# Keys that identify a kind of result; the first match counts.
_KNOWN: Tuple[Tuple[Tuple[str, ...], Recognized], ...] = (
    (("ansible_job_id", "started"), Recognized("the result of a task with async", _JOB)),
    (("failed_operations",), Recognized("the result of a module of cloudgate.operations", _WAITED)),
    (("results",), Recognized("the result of a loop", _FILTER)),
    (("skipped",), Recognized("the result of a task that was skipped", _FILTER)),
    (("url", "status"), Recognized("the result of ansible.builtin.uri", _FILTER)),
    (("rc", "stdout"), Recognized("the result of ansible.builtin.command or ansible.builtin.shell", _BY_ID)),
    (("ansible_facts",), Recognized("the result of a task that sets facts", _BY_ID)),
    (("server", "changed"), Recognized("the result of openstack.cloud.server", _FILTER)),
    (("volume", "changed"), Recognized("the result of openstack.cloud.volume", _BY_ID)),
    (("server",), Recognized("a response of Nova", _WHOLE)),
)
_OTHER = Recognized("the result of a task", f"{_FILTER}, or {_BY_ID}")


def recognized(value: Any) -> Optional[Recognized]:
    """Return the kind of a registered result; None for any other value."""
    if not isinstance(value, Mapping):
        return None
    for keys, found in _KNOWN:
        if all(key in value for key in keys):
            return found
    return _OTHER if _OF_ANY_TASK & set(value) else None


def advice_on(who: str, value: Any) -> Optional[str]:
    """Return the error message for a registered result; None for any other value. who: names the value."""
    found = recognized(value)
    return found and f"{who} seems to be {found.what}, not an operation. Instead, {found.remedy}."
