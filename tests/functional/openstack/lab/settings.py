# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Folders and ports of one run of the lab: lab.sh passes them in the environment."""

from __future__ import annotations

import os
from pathlib import Path

STATE = Path(os.environ["LAB_STATE"])
KEYSTONE_PORT = int(os.environ["LAB_KEYSTONE_PORT"])
NOVA_PORT = int(os.environ["LAB_NOVA_PORT"])
PLACEMENT_PORT = int(os.environ["LAB_PLACEMENT_PORT"])
GLANCE_PORT = int(os.environ["LAB_GLANCE_PORT"])
CONTROL_PORT = int(os.environ["LAB_CONTROL_PORT"])
COMPUTES = dict(item.split("=") for item in os.environ["LAB_COMPUTES"].split(","))
