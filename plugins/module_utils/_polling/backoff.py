# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The pause of a group after errors. A value: it is handed from one run to the next. No I/O.

Private to this collection.
"""

from __future__ import annotations

import dataclasses
from typing import Any, Dict, Mapping


@dataclasses.dataclass
class Backoff:
    """When a group may poll again after errors. Moments are seconds since the wait began.

    until: the moment before which nothing is polled. fraction: the current pause as a fraction of the poll interval of
    one operation, 0 after a success. probing: send one poll at a time until one succeeds.
    """

    until: float = 0.0
    fraction: float = 0.0
    probing: bool = True

    def failed(self, began: float, now: float, latest: float, share: float, retry_after: float) -> None:
        """Pause after a poll that failed: first for this share of the poll interval, then twice as long each time.

        began: when the poll started. latest: when the same operation is due again, which limits the pause. So a cloud
        that is down is polled as rarely as for one operation, and single errors do not slow down a crowd.
        """
        self.probing = True
        if began >= self.until:  # polls that were in flight together count as one failure
            self.fraction = min(1.0, 2 * self.fraction or share)
        pause = max(self.fraction * (latest - now), retry_after)
        self.until = max(self.until, min(now + pause, latest))

    def succeeded(self) -> None:
        """Poll at the normal rate again."""
        self.probing, self.fraction = False, 0.0

    def to_dict(self) -> Dict[str, Any]:
        """Return plain data for another run. That one probes first, since a new process has to log in."""
        return {"until": round(self.until, 3), "fraction": self.fraction}

    @classmethod
    def from_dict(cls, state: Mapping[str, Any]) -> Backoff:
        """Go on where another run stopped."""
        return cls(state["until"], state["fraction"])
