# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Evidence of an action, as the tests of the verdict write it."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from ansible_collections.cloudgate.operations.plugins.module_utils._model.operation import State, Step
from ansible_collections.cloudgate.operations.plugins.module_utils._providers.nova.actions import (
    REST,
)
from ansible_collections.cloudgate.operations.plugins.module_utils._providers.nova.evidence import (
    Evidence,
    Later,
    Server,
)
from ansible_collections.cloudgate.operations.plugins.module_utils._providers.nova.verdict import verdict

START = datetime(2026, 11, 21, 8, 0, 0, tzinfo=timezone.utc)
IDLE = Server(status="ACTIVE")
WORDS = {None: State.RUNNING, "Success": State.SUCCEEDED, "Error": State.FAILED, "Odd": State.UNKNOWN}


def at(seconds):
    return None if seconds is None else START + timedelta(seconds=seconds)


def step(name, start=0.0, finish=None, result=None, error=None):
    """Return a step by the seconds of its start and finish."""
    return Step(name, WORDS[result], result, at(start), at(finish), error)


def judge(action, steps, server=None, message=None, **more):
    """Return the verdict; by default, the rest was read and shows nothing."""
    known = {"later": Later(), "deleted": Server("gone"), "image": "unreadable", **more}
    return verdict(Evidence(action, steps, message, server=server, **known))


BUILD = "compute__do_build_and_run_instance"


REBOOTED = Later((("reboot", at(100)),))
BUSY = Server("read", "REBOOT", "rebooting")
BROKEN = Server("read", "ERROR", None, "a later fault")
LONG = REST + 1
