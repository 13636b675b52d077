# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Provision and power states of nodes of OpenStack Ironic.

Private to this collection.
"""

from __future__ import annotations

from typing import Any, Mapping

from ..._model.errors import MissingError
from ..._model.operation import Operation
from ..._model.reference import Reference
from ..._model.times import any_time
from ..base import Capabilities, same_as_asked, word_in
from ..expecting import ExpectingProvider
from ..paths import text
from .verdict import EXPECTS, POWER, verdict

# The server's newest version: the oldest one, the default, has other names of states.
_HEADERS = {"X-OpenStack-Ironic-API-Version": "latest"}
_FIELDS = (
    "uuid,name,provision_state,target_provision_state,power_state,target_power_state,last_error,reservation"
    ",maintenance,fault,provision_updated_at"  # fields= refuses updated_at
)


class IronicProvider(ExpectingProvider):
    """Reads nodes, by their UUID or name."""

    capabilities = Capabilities(lists=False, expects=EXPECTS, only_expects=True)

    def judged(self, reference: Reference) -> Operation:
        """Read the node."""
        node_id, expect = str(reference.resource_id), str(reference.expect)
        try:
            node = self.client.get(("nodes", node_id), (("fields", _FIELDS),), _HEADERS)
        except MissingError as exc:
            exc.what = "resource"
            raise
        uuid = word_in(node, "uuid")
        if node_id != text(node, "name"):
            same_as_asked("node", node_id, uuid)
        word_in(node, "provision_state")
        field = "power_state" if expect in POWER else "provision_state"
        found = self.change(reference, "node", verdict(expect, node), node, raw_status=text(node, field))
        found.updated_at = any_time(node.get("provision_updated_at"))
        found.warning = _maintenance(node) if node.get("maintenance") is True else None
        return found


def _maintenance(node: Mapping[str, Any]) -> str:
    fault = text(node, "fault")
    return "the node is in maintenance" + (f": {fault}" if fault else "")
