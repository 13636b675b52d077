# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An event of the event source: one operation whose state has changed.

Private to this collection.
"""

from __future__ import annotations

import dataclasses
import uuid
from typing import Any, Dict, Optional

from ansible_collections.cloudgate.operations.plugins.module_utils._model.operation import Operation

_NAMESPACE = uuid.UUID("6f1a2f0e-3f0c-5c0b-9d5c-7a1d4f0a7b55")  # of our event IDs, chosen at random


@dataclasses.dataclass(frozen=True)
class Change:
    """A change of an operation's state. changes: their number, with this one. given: as in OperationState."""

    operation: Operation
    previous: Optional[str]
    key: str
    changes: int
    given: Optional[str]

    def event(self) -> Dict[str, Any]:
        """Return the event payload. Redelivery after a crash keeps C(meta.uuid)."""
        name = f"{self.key} {self.changes} {self.operation.state}"
        return {
            "operation": self.operation.as_dict(),
            "previous_state": self.previous,
            "meta": {"uuid": str(uuid.uuid5(_NAMESPACE, name))},
        }
