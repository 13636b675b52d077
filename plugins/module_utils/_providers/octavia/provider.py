# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Load balancers of OpenStack Octavia, and the objects below them.

Private to this collection.
"""

from __future__ import annotations

from ..._model.errors import MissingError
from ..._model.operation import Operation, State
from ..._model.reference import Reference
from ..base import Capabilities, same_as_asked, section, word_in
from ..expecting import ExpectingProvider, Verdict
from .verdict import DELETED, EXPECTS, object_of, status_of, verdict

_KIND = "loadbalancer"


class OctaviaProvider(ExpectingProvider):
    """Reads the status tree of a load balancer."""

    capabilities = Capabilities(lists=False, expects=EXPECTS, only_expects=True)

    def judged(self, reference: Reference) -> Operation:
        """Read the status tree."""
        balancer_id, expect = str(reference.resource_id), str(reference.expect)
        try:
            body = self.client.get(("lbaas", "loadbalancers", balancer_id, "status"))
        except MissingError as exc:
            if expect != DELETED:
                exc.what = "resource"
                raise
            gone = Verdict(State.SUCCEEDED, "the load balancer does not exist")
            return self.change(reference, _KIND, gone, {})
        balancer = section(section(body, "statuses", dict), _KIND, dict)
        same_as_asked("load balancer", balancer_id, word_in(balancer, "id"))
        word_in(balancer, "provisioning_status")
        meant = object_of(expect, balancer)
        status = None if meant is None else status_of(meant)
        return self.change(reference, _KIND, verdict(expect, balancer), balancer, raw_status=status)
