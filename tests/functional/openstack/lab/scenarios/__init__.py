# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every scenario of the lab, by name."""

from __future__ import annotations

from lab.scenarios import attach, cell, create, delete, deleted, kill, later, live_migrate, power, resize, shelve

SCENARIOS = {
    scenario.name: scenario
    for family in (create, power, resize, live_migrate, shelve, attach, delete, deleted, cell, later, kill)
    for scenario in family.SCENARIOS
}
