# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    # The option server
    DOCUMENTATION = r"""
options:
  server:
    description:
      - Name or ID of a server, instead of O(resource_id). The module searches for the name once, and fails if several
        servers have it.
      - For clouds with a Nova API only.
    type: str
"""
