# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The action plugin of instance_action_info: the same as that of operation_info."""

from __future__ import annotations

from ansible_collections.cloudgate.operations.plugins.action.operation_info import ActionModule as _ActionModule


class ActionModule(_ActionModule):
    """Run the module once."""
