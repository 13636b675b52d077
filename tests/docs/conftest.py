# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Let Ansible load the collection first: Ansible does not know a collection that other code imported before."""

from __future__ import annotations

from ansible.plugins.loader import init_plugin_loader
from docs.pages import COLLECTION

init_plugin_loader([str(COLLECTION.parents[2])])
