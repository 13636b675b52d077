# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The backoff of a group after errors, as a value that one run passes to the next. No I/O.

Private to this collection.
"""

from __future__ import annotations

import dataclasses
from typing import Any, Dict, Mapping


@dataclasses.dataclass
class Backoff:
    """The backoff of a group. Times are seconds since the wait began.

    until: when the group may send requests again. fraction: current backoff as a fraction of the poll interval, 0 after
    a success. probing: send one request at a time until one succeeds.
    """

    until: float = 0.0
    fraction: float = 0.0
    probing: bool = True

    def failed(self, began: float, now: float, latest: float, share: float, retry_after: float) -> None:
        """Back off after a failed request: first for this share of the poll interval, then twice as long each time.

        began: when the request started. latest: when the same operation is due again, which limits the backoff. So
        requests decrease to the rate of a single operation, and single errors do not delay many operations.
        """
        self.probing = True
        if began >= self.until:  # requests in flight at the same time count as one failure
            self.fraction = min(1.0, 2 * self.fraction or share)
        pause = max(self.fraction * (latest - now), retry_after)
        self.until = max(self.until, min(now + pause, latest))

    def succeeded(self) -> None:
        """End the backoff."""
        self.probing, self.fraction = False, 0.0

    def to_dict(self) -> Dict[str, Any]:
        """Return plain data for another run, which begins with a probe because a new process has to log in."""
        return {"until": round(self.until, 3), "fraction": self.fraction}

    @classmethod
    def from_dict(cls, state: Mapping[str, Any]) -> Backoff:
        """Return the backoff of another run."""
        return cls(state["until"], state["fraction"])
