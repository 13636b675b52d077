# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The table of services with jobs, for docs/providers/jobs.md."""

from __future__ import annotations

from ansible_collections.cloudgate.operations.plugins.module_utils._providers.described.job_services import (
    SERVICES,
    JobService,
)

HEAD = ["| `service` | URL of a job | other versions |", "|---|---|---|"]


def table() -> str:
    """Return a row for each path, with the services that have it."""
    rows: dict[str, list[str]] = {}
    for name, service in SERVICES.items():
        rows.setdefault(_cells(service), []).append(f"`{name}`")
    return "\n".join([*HEAD, *(f"| {', '.join(names)} | {cells} |" for cells, names in rows.items())])


def _cells(service: JobService) -> str:
    path = f"/{service.base}/{service.description.show_path}".replace("{version}", service.versions[0])
    others = ", ".join(f"`{version}`" for version in service.versions[1:])
    return f"`GET {path.replace('{operation_id}', '{job_id}')}` | {others}"
