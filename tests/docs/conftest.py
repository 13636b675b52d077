# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lets Ansible load the collection before anything else does: what it has not loaded itself, it does not know."""

from __future__ import annotations

from ansible.plugins.loader import init_plugin_loader
from docs.pages import COLLECTION

init_plugin_loader([str(COLLECTION.parents[2])])
