# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The plan of an operation: the X-Simulate header."""

from __future__ import annotations

from dataclasses import dataclass

HEADER = "X-Simulate"
DEFAULT_DURATION = 1.0
FAILURES = ("error", "stuck", "unpaid", "canceled", "part")


@dataclass(frozen=True)
class Plan:
    """`duration` None: one second, or a recording's own pace."""

    duration: float | None = None
    fail: str = ""  # "" or one of FAILURES
    replay: str = ""

    @property
    def seconds(self) -> float:
        return DEFAULT_DURATION if self.duration is None else self.duration


def parse_plan(text: str) -> Plan:
    """ "duration=3, fail=stuck, replay=NAME"; ValueError for anything else."""
    duration: float | None = None
    fail = replay = ""
    for part in filter(None, (part.strip() for part in text.split(","))):
        key, _sign, value = part.partition("=")
        if key == "duration":
            duration = float(value)
        elif key == "fail" and value in ("", *FAILURES):
            fail = value or "error"
        elif key == "replay" and value:
            replay = value
        else:
            raise ValueError(f"{HEADER}: {part!r} is not understood")
    return Plan(duration, fail, replay)
