# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The kinds of things in AWX that the simulated one knows, and where its API has them."""

from __future__ import annotations

from typing import Any

ROOT = "/api/v2"
Item = dict[str, Any]
# The names of the links of each kind.
KINDS: dict[str, tuple[str, ...]] = {
    "organizations": (),
    "credential_types": (),
    "credentials": (),
    "execution_environments": (),
    "inventories": (),
    "projects": (),
    "project_updates": (),
    "job_templates": ("credentials",),
    "workflow_job_templates": (),
    "workflow_job_template_nodes": ("success_nodes", "failure_nodes", "always_nodes"),
}
